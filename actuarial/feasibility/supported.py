"""What of an instrument this version projects for a region; the check needs the instrument alone, so that a refusal comes at once."""

from __future__ import annotations

from actuarial.basis.errors import InputError
from actuarial.basis.instrument import Instrument
from actuarial.provisions.coordination import SCHEME_BY_SCHEME


def supported(instrument: Instrument) -> None:
    """Refuse provisions that this version does not project, instead of ignoring them: one message that lists all of them.

    One person's case (:mod:`actuarial.feasibility.entitlement`) knows every provision.
    """
    p, scope = instrument.provisions, instrument.scope
    entry, old_age = instrument.entry_into_force, scope.branches.get("old_age")
    covered = entry if not scope.branches else None if old_age is None else old_age.from_year
    limits: tuple[tuple[str, object, bool, str], ...] = (
        ("retroactive_periods", p.retroactive_periods, p.retroactive_periods or not p.totalisation.enabled, "true"),
        ("retroactive_claims", p.retroactive_claims, not p.retroactive_claims, "false"),
        ("amount.method", p.amount.method, p.amount.method in SCHEME_BY_SCHEME, ", ".join(SCHEME_BY_SCHEME)),
        ("amount.earnings_basis", p.amount.earnings_basis, p.amount.earnings_basis == "own_average", "own_average"),
        ("totalisation.all_short", p.totalisation.all_short, p.totalisation.all_short == "nobody", "nobody"),
        ("totalisation.structure", p.totalisation.structure, p.totalisation.structure == "multilateral", "multilateral"),
        ("totalisation.third_states", p.totalisation.third_states, not p.totalisation.third_states, "false"),
        ("account_schemes.policy", p.account_schemes.policy, p.account_schemes.policy in ("cash", "count", "balance"), "cash, count, balance"),
        ("refunds.policy", p.refunds.policy, p.refunds.policy != "repay_to_restore", "none, allowed, blocked"),
        ("minimum_pension.top_up", p.minimum_pension.top_up, p.minimum_pension.top_up != "residence_state", "nobody, paying_state"),
        ("invalidity.type", "A", p.invalidity is None or p.invalidity.type == "B", "B"),
        ("totalisation.foreign_facts", False, p.totalisation.foreign_facts or not p.totalisation.enabled, "true"),
        ("survivors.on_deceased_periods", False, p.survivors is None or p.survivors.on_deceased_periods, "true"),
        ("scope.persons", scope.persons, scope.persons == "all_insured", "all_insured"),
        ("scope.branches.old_age.from_year", covered, covered == entry, f"{entry}, the year of entry into force"),
        ("scope.branches.old_age.totalisation", False, old_age is None or old_age.totalisation, "true (or switch totalisation off)"),
        ("scope.branches.old_age.export", False, old_age is None or old_age.export, "true (or switch export off)"),
    )
    refused = [
        f"  {name if name.startswith('scope') else f'provisions.{name}'} is {_written(found)}; this version projects: {allowed}"
        for name, found, fits, allowed in limits
        if not fits
    ]
    if refused:
        head = f"instrument {instrument.id} cannot be projected for a region (one person's case can: actuarial entitlement)"
        raise InputError("\n".join([head, *refused]))


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "not covered" if value is None else str(value)
