"""Adequacy of an instrument for cohorts of movers as tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import SEXES, Array
from actuarial.feasibility.cohort import CorridorAdequacy
from actuarial.feasibility.cohort_rights import RightsKept
from actuarial.feasibility.cohort_value import Value
from actuarial.feasibility.engine import PreparedRegion


def adequacy_table(prepared: PreparedRegion, results: Sequence[CorridorAdequacy]) -> pd.DataFrame:
    """One row per corridor, sex and person: ``mover``, ``stayer_origin``, ``stayer_host``.

    Columns: ``people``; per head in US dollars of the valuation date ``pv_contributions``, ``pv_benefits_without``, ``pv_benefits_with``;
    ``irr_without``, ``irr_with`` real yearly rates, empty where there is none, and ``irr_note_*`` that says why; ``replacement_without``,
    ``replacement_with``.
    """
    rows = []
    for result in results:
        for person, found in (("mover", result.movers), ("stayer_origin", result.stayers[0]), ("stayer_host", result.stayers[1])):
            if found is not None:
                rows.append(_names(prepared, result) | {"person": person} | _figures(found))
    return pd.DataFrame(rows)


def _names(prepared: PreparedRegion, result: CorridorAdequacy) -> dict[str, object]:
    codes = prepared.basis.countries
    return {"origin": codes[result.origin], "host": codes[result.host], "sex": SEXES[result.sex]}


def _figures(found: Value) -> dict[str, object]:
    figures: dict[str, object] = {"people": found.people, "pv_contributions": found.contributions / found.people}
    for n, case in enumerate(("without", "with")):
        rate = found.rate[n]
        figures[f"pv_benefits_{case}"] = found.benefits[n] / found.people
        figures[f"irr_{case}"] = np.nan if rate is None else rate
        figures[f"irr_note_{case}"] = found.note[n]
        figures[f"replacement_{case}"] = found.replacement[n]
    return figures


def rights_table(prepared: PreparedRegion, results: Sequence[CorridorAdequacy]) -> pd.DataFrame:
    """One row per corridor, sex and scheme: the cohort's rights at pension age, all years together; amounts in its currency at the award.

    Columns: ``role`` of the scheme, its ``kind``, ``own`` people with own periods, ``payable_*`` and ``suspended_*`` in both cases, ``opened_with``,
    ``lost_without``, ``lost_with``, ``kept``, ``kept_amount`` (pensions a year; accounts: balances).
    """
    rows = []
    for result in results:
        for role, c, kept in zip(("origin", "host"), (result.origin, result.host), result.rights, strict=True):
            if kept is not None:
                kind = prepared.countries[c].law.kind
                rows.append(_names(prepared, result) | {"role": role, "kind": kind} | {n: float(v.sum()) for n, v in rights_columns(kept).items()})
    return pd.DataFrame(rows)


def rights_columns(kept: RightsKept) -> dict[str, Array]:
    """Columns of :func:`rights_table` by year of reaching pension age."""
    one, two = kept.without, kept.with_instrument
    return {
        "own": kept.own, "payable_without": one.payable, "payable_with": two.payable, "suspended_without": one.suspended,
        "suspended_with": two.suspended, "opened_with": two.opened, "lost_without": kept.lost_without, "lost_with": kept.lost_with,
        "kept": kept.kept, "payable_amount_without": one.payable_amount, "payable_amount_with": two.payable_amount,
        "kept_amount": kept.kept_amount,
    }  # fmt: skip
