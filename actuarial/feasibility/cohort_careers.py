"""Replacement rates of standard careers split between two countries, without and with an instrument.

1. The person is insured every month: first at home, then in the host country up to pension age, and claims from both schemes there. A career in one
   country alone is that of :mod:`actuarial.finance.replacement`.
2. Earnings are the average insured wage of each country and grow with its wages; floor, ceiling and minimum of the laws are of the award year and
   moved with wages in the past. Reference earnings at home are revalued from the move to the award as the law says.
3. The person lives in the host country, takes no refund, and claims whatever the instrument gives. Lump sums are not pensions; they are shown apart.
4. Accounts earn the credited interest until the award, then become a pension at the annuity price given.
5. Replacement rate: pensions of both schemes in US dollars over the mean of career earnings, each year's at the wage level of the award year in US
   dollars. It does not move with relative wages of the countries where both formulas are the same straight line.

Benchmark: ILO Convention No. 102, 40 % for the standard old-age beneficiary after 30 years (recalled; :mod:`actuarial.finance.replacement`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.feasibility.awards import rules_of
from actuarial.feasibility.cohort_past import annuity_prices
from actuarial.feasibility.engine import PreparedRegion, instrument_of_corridor
from actuarial.finance.replacement import C102_SHARE, C102_YEARS, STANDARD_CAREERS
from actuarial.provisions.account import accumulate
from actuarial.provisions.coordination import NATIONAL_LAW, AwardRules, award
from actuarial.provisions.earnings import insurable, reference_earnings

START = year_index(FIRST_YEAR)
STEP = 5
"""Years between the splits of a career."""


@dataclass(frozen=True)
class CareerScheme:
    """One scheme of a split career; rates per year.

    law            of the award year;  country  its code
    last_earnings  gross earnings of the award year, national currency;  usd_rate  national currency per US dollar
    credited       interest on accounts;  annuity_price  of 1 a year for life, needed for accounts
    """

    country: str
    law: SchemeLaw
    last_earnings: float
    usd_rate: float
    wage_growth: float
    inflation: float
    credited: float = 0.0
    annuity_price: float | None = None


@dataclass(frozen=True)
class SplitCareer:
    """What a split career pays; pairs are (home, host) scheme.

    pension      first pension a year before commutation, US dollars;  lump_sum  paid instead of it, US dollars
    replacement  of career earnings (rule 5);  of_last_earnings  of earnings in the last country
    """

    pension: tuple[float, float]
    lump_sum: tuple[float, float]
    replacement: float
    of_last_earnings: float


def split_career(
    home: CareerScheme, host: CareerScheme, home_years: int, host_years: int, rules: AwardRules = NATIONAL_LAW, *, count_accounts: bool = True
) -> SplitCareer:
    """Pensions after ``home_years`` at home and then ``host_years`` in the host country.

    ``rules`` without coordination is the case without an instrument; ``count_accounts`` says whether periods in account schemes count for the other.
    Raises ``ValueError`` without any year, for negative years, a scheme that insures nobody, or an account without annuity price.
    """
    if min(home_years, host_years) < 0 or home_years + host_years < 1:
        raise ValueError(f"a career has at least one year; found {home_years} at home and {host_years} in the host country")
    years = (home_years, host_years)
    pensions, sums, earned = [], [], 0.0
    for i, scheme in enumerate((home, host)):
        other = (host, home)[i]
        counted = 12.0 * years[1 - i] if other.law.kind == "defined_benefit" or count_accounts else 0.0
        since = host_years if i == 0 else 0
        pension, single = _benefit(scheme, years[i], since, counted, rules, i == 0 and host_years > 0, i == 1 and home_years > 0, other.country)
        pensions.append(pension / scheme.usd_rate)
        sums.append(single / scheme.usd_rate)
        earned += years[i] * scheme.last_earnings / scheme.usd_rate
    last = host if host_years > 0 else home
    total = sum(pensions)
    return SplitCareer(
        (pensions[0], pensions[1]), (sums[0], sums[1]), total * sum(years) / earned, total * last.usd_rate / last.last_earnings
    )


def _benefit(
    scheme: CareerScheme, years: int, since: int, other_months: float, rules: AwardRules, abroad: bool, foreigner: bool, partner: str
) -> tuple[float, float]:
    """(pension a year, lump sum) of one scheme for ``years`` of insurance that ended ``since`` years before the award."""
    law = scheme.law
    if not law.collecting:
        raise ValueError(f"{law.scheme_id} {law.year}: nobody is insured, so that a career has no benefit")
    if years == 0:
        return 0.0, 0.0
    back = (1.0 + scheme.wage_growth) ** (np.arange(years) - (years - 1.0) - since)
    record = insurable(scheme.last_earnings * back, law.floor * back, law.ceiling * back)
    if law.kind == "account":
        if scheme.annuity_price is None or scheme.annuity_price <= 0.0:
            raise ValueError(f"{law.scheme_id} {law.year}: an account needs the price of an annuity; found {scheme.annuity_price}")
        return _balance(scheme, record, since) / scheme.annuity_price, 0.0
    growth = {"wages": scheme.wage_growth, "prices": scheme.inflation, "none": 0.0}[law.reference_revaluation]
    reference = reference_earnings(law.reference_periods, record) * (1.0 + growth) ** since
    found = award(
        law, np.asarray(12.0 * years), np.asarray(other_months), reference, cv=0.0, rules=rules, abroad=abroad, foreigner=foreigner, partner=partner
    )
    return float(found.pension), float(found.lump_sum)


def _balance(scheme: CareerScheme, record: Array, since: int) -> float:
    balance: Array = np.zeros(())
    for amount in record:
        balance = accumulate(balance, scheme.law.contribution_rate * amount, scheme.credited)
    return float(balance) * (1.0 + scheme.credited) ** since


def career_scheme(prepared: PreparedRegion, c: int, sex: int) -> CareerScheme:
    """Scheme of country ``c`` in the first projection year: its law, average insured wage, exchange rate and annuity price.

    Growth of wages and prices and credited interest are those of the last projection year, which are the long-run rates.
    """
    country = prepared.countries[c]
    inputs = country.inputs
    return CareerScheme(
        country=prepared.basis.countries[c],
        law=country.laws[START],
        last_earnings=prepared.scale[c] * float(inputs.average_wage[START]),
        usd_rate=float(prepared.basis.economy.exchange_rate[c, START]),
        wage_growth=float(inputs.wage_growth[-1]),
        inflation=float(inputs.inflation[-1]),
        credited=float(country.crediting[-1]),
        annuity_price=float(annuity_prices(country, sex)[0]) if country.law.kind == "account" else None,
    )


def split_careers_table(
    prepared: PreparedRegion, instrument: Instrument, sex: int = 0, careers: Sequence[int] = STANDARD_CAREERS, corridors: Sequence[int] | None = None
) -> pd.DataFrame:
    """All splits in steps of :data:`STEP` years of standard careers along corridors between two collecting schemes.

    Columns: ``origin``, ``host``, ``years``, ``home_years``; in both cases (``_without``, ``_with``) ``replacement``, ``of_last_earnings``, the parts
    ``home`` and ``host`` of the replacement rate; ``c102_*`` whether the benchmark is reached, empty below 30 years.
    ``sex`` matters for the price of annuities alone.
    """
    wanted = range(len(prepared.demography.corridors)) if corridors is None else corridors
    rows = []
    for k in wanted:
        pair = [int(c) for c in prepared.demography.corridors[k]]
        if not all(prepared.countries[c].law.collecting for c in pair):
            continue
        home, host = (career_scheme(prepared, c, sex) for c in pair)
        applied = instrument_of_corridor(prepared, instrument, k)
        cases = (("without", NATIONAL_LAW), ("with", rules_of(applied)))
        for years in careers:
            for first in range(0, years + 1, STEP):
                row: dict[str, object] = {"origin": home.country, "host": host.country, "years": years, "home_years": first}
                for name, rules in cases:
                    found = split_career(home, host, first, years - first, rules, count_accounts=applied.provisions.account_schemes.count_periods)
                    row |= _columns(found, name, years)
                rows.append(row)
    return pd.DataFrame(rows)


def _columns(found: SplitCareer, case: str, years: int) -> dict[str, object]:
    total = sum(found.pension)
    base = total / found.replacement if total > 0.0 else np.nan
    return {
        f"replacement_{case}": found.replacement,
        f"of_last_earnings_{case}": found.of_last_earnings,
        f"home_{case}": found.pension[0] / base if total > 0.0 else 0.0,
        f"host_{case}": found.pension[1] / base if total > 0.0 else 0.0,
        f"c102_{case}": found.replacement >= C102_SHARE if years >= C102_YEARS else None,
    }
