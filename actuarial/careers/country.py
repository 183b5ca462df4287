"""The insured of one country who never moved, with the law and earnings they live under.

Everything a country needs before movers: its law by year, earnings, coverage, and the stayers' careers for both sexes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from actuarial.basis.dimensions import (
    FIRST_YEAR,
    HISTORY_FIRST_YEAR,
    HORIZON,
    VALUATION_YEAR,
    WORK_AGE_COUNT,
    YEAR_COUNT,
    Array,
    year_index,
)
from actuarial.basis.scheme import Scheme
from actuarial.basis.scheme_law import Indices, SchemeLaw
from actuarial.careers.coverage import WORK_AGES, Coverage
from actuarial.careers.earnings import award_row, insurable_earnings, months_per_credit, reference_earnings, side_rates
from actuarial.careers.lattice import SideRates
from actuarial.careers.movers import CountryCover
from actuarial.careers.stayers import StayerInputs, StayerOutput, run_stayers
from actuarial.demography.decrements import dependent_probabilities
from actuarial.provisions.account import crediting_rate

DEFAULT_ROWS = 45
"""Rows (ages 15-59) of a country without a collecting scheme."""


@dataclass(frozen=True)
class CountryInputs:
    """What the careers of one country are computed from.

    survival         [sex, age, year]
    insurable_population  [sex, age, year + 1] everybody who lives in the country at 1 January, except refugees
    residents        [sex, age, year + 1] those who live in the country and are not movers, refugees included
    insured_share    [sex, age, year + 1] share of residents who are not refugees: only they can be covered
    first_movers     [sex, age, year] who leave along corridors
    relative_pay     [sex, age] mean earnings relative to the average wage
    average_wage     [year] national currency per year
    wage_growth, inflation, investment_return  [year]
    exit_rate        [row]
    invalidity       [sex, row] yearly probability that somebody covered becomes invalid, independent of death; ``None``: nobody does
    new_movers       [sex, age, year] residents who are counted among movers from the end of the year on without moving; ``None``: nobody
    density          [year] share of the year paid by somebody insured;  compliance  [year] share of contributions due that is collected
    """

    scheme: Scheme
    survival: Array
    insurable_population: Array
    residents: Array
    first_movers: Array
    coverage: Coverage
    insured_share: Array
    relative_pay: Array
    earnings_cv: float
    average_wage: Array
    wage_growth: Array
    inflation: Array
    investment_return: Array
    exit_rate: Array
    emigrant_cover: float = 1.0
    new_movers: Array | None = None
    invalidity: Array | None = None
    density: Array = field(default_factory=lambda: np.ones(YEAR_COUNT))
    compliance: Array = field(default_factory=lambda: np.ones(YEAR_COUNT))


@dataclass(frozen=True)
class AccountCalibration:
    """Calibration of balances.

    balance_factor  on balances at the valuation date
    withdrawal      share paid out each year for causes not modelled one by one
    claimed         share of balances due at payout age or death that is claimed in the base year; it rises to 1 over
                    ``settle_years``; what is not claimed stays in the fund with interest and is paid out at ``backlog_share`` a year
    """

    balance_factor: float = 1.0
    withdrawal: float = 0.0
    claimed: float = 1.0
    settle_years: float = 1.0
    backlog_share: float = 0.0


@dataclass(frozen=True)
class CountryCareers:
    """Law, earnings and stayers of one country.

    laws         one per year of the axis
    insurable    [sex, year, row] insurable earnings of somebody insured throughout the year, for the part of it that is paid
    crediting    [year] interest on accounts
    stayers      one run per sex
    """

    inputs: CountryInputs
    indices: Indices
    laws: tuple[SchemeLaw, ...]
    insurable: Array
    crediting: Array
    calibration: AccountCalibration
    stayers: tuple[StayerOutput, StayerOutput]

    @property
    def law(self) -> SchemeLaw:
        """The law at the valuation date."""
        return self.laws[year_index(VALUATION_YEAR)]

    @property
    def claim_share(self) -> Array:
        """Share of balances due that is claimed, by year of the projection."""
        progress = np.minimum((np.arange(HORIZON) + 1.0) / self.calibration.settle_years, 1.0)
        share: Array = self.calibration.claimed + (1.0 - self.calibration.claimed) * progress
        return share

    @property
    def density(self) -> Array:
        """Share of the year paid by somebody insured throughout it [year]."""
        return self.inputs.density

    @property
    def compliance(self) -> Array:
        """Contributions collected over contributions due [year]."""
        return self.inputs.compliance

    def months_per_credit(self, sex: int) -> Array:
        """Months of insurance that a half-year of credit counts at the pension age, by year of the award [year]; 0 where nobody is insured."""
        if not self.law.collecting:
            return np.zeros(YEAR_COUNT)
        return months_per_credit(self.inputs.density, award_row(self.law, sex))

    def service_size(self, sex: int) -> int:
        """Number of half-year values of credited service."""
        return 2 * (award_row(self.law, sex) + 1) if self.law.collecting else 1

    def side(self, sex: int, rows: int, refund_until: int, nationals: bool) -> SideRates:
        """Rates on amounts for people of one sex, refunds open from the start of history until the year index given."""
        return _side(self, sex, rows, refund_until, nationals)

    def invalidity(self, sex: int) -> Array:
        """Dependent probability that somebody covered becomes invalid [year, row], 0 from the row in which the old-age pension is awarded on."""
        return _invalidity(self.inputs, self.law, sex)

    def cover(self, sex: int) -> CountryCover:
        """Cover transitions and service distribution, as the movers' lattice needs them."""
        run = self.stayers[sex]
        return CountryCover(
            survival=self.inputs.survival[sex, WORK_AGES].T,
            exit=run.exit,
            entry=run.entry,
            target=self.inputs.coverage.share[sex].T,
            people=run.people,
            amount=run.amount,
        )

    def exposure(self, sex: int) -> Array:
        """Person-years insured of stayers [year, row]: half a year for the cover at each end of the year."""
        return exposure(self.stayers[sex].people[:, :, 0].sum(axis=2))


def exposure(covered: Array) -> Array:
    """Person-years insured [year, row of 1 January] from people covered at 1 January [year + 1, row].

    Person-years of age x = (covered at its start + covered a year older at its end) / 2; insurable earnings of a scheme = sum of person-years x
    insurable earnings of sex and age, and of posted workers.
    """
    result = 0.5 * covered[:-1]
    result[:, :-1] += 0.5 * covered[1:, 1:]
    return result


def scale_of_earnings(inputs: CountryInputs, target: float) -> float:
    """Factor on mean earnings that gives the contributions of the base year.

    Insurable earnings = density x expected part of pay between floor and ceiling; mean pay = factor x average wage of the year x relative pay of sex
    and age.

    Contributions = rate x sum of person-years x expected insurable earnings x density x compliance. The factor is found by bisection on its
    logarithm.

    Raises ``ValueError`` when no factor between 0.001 and 1000 reaches the target (a ceiling below it, for instance).
    """
    year = year_index(VALUATION_YEAR)
    indices = Indices.from_growth(inputs.wage_growth, inputs.inflation)
    law = inputs.scheme.law(VALUATION_YEAR, indices)
    people = inputs.insurable_population[:, WORK_AGES] * inputs.coverage.share
    insured = np.stack([exposure(people[sex].T)[year] for sex in (0, 1)])

    def contributions(scale: float) -> float:
        mean = scale * inputs.average_wage[year] * inputs.relative_pay[:, WORK_AGES]
        pay = np.stack([insurable_earnings([law], mean[sex][None, :], inputs.earnings_cv)[0] for sex in (0, 1)])
        return float(law.contribution_rate * (insured * pay).sum() * inputs.density[year] * inputs.compliance[year])

    low, high = np.log(1e-3), np.log(1e3)
    if not contributions(np.exp(low)) <= target <= contributions(np.exp(high)):
        raise ValueError(f"{inputs.scheme.id}: no level of earnings gives contributions of {target:,.0f}")
    for _ in range(80):
        middle = 0.5 * (low + high)
        if contributions(np.exp(middle)) < target:
            low = middle
        else:
            high = middle
    return float(np.exp(0.5 * (low + high)))


def with_relative_pay(country: CountryCareers, scale: float, relative: float) -> CountryCareers:
    """The country as people see it who are paid ``relative`` times what others are, from the first projection year on.

    ``scale`` is the factor on the average wage that the country was run with. Ceilings and floors cut their pay as everybody's; stayers and law are
    the same objects. 1 gives the country itself.
    """
    if relative == 1.0 or not country.law.collecting:
        return country
    inputs, start = country.inputs, year_index(FIRST_YEAR)
    mean = scale * relative * inputs.average_wage[start:, None] * np.ones(WORK_AGE_COUNT)
    insurable = country.insurable.copy()
    for sex in (0, 1):
        pay = insurable_earnings(country.laws[start:], mean * inputs.relative_pay[sex, WORK_AGES], inputs.earnings_cv)
        insurable[sex, start:] = pay * inputs.density[start:, None]
    return replace(country, insurable=insurable)


def run_country(inputs: CountryInputs, scale: float, calibration: AccountCalibration) -> CountryCareers:
    """Stayers of both sexes under the country's law. ``scale`` multiplies the average wage."""
    indices = Indices.from_growth(inputs.wage_growth, inputs.inflation)
    laws = tuple(inputs.scheme.law(HISTORY_FIRST_YEAR + t, indices) for t in range(YEAR_COUNT))
    _assert_constant_ages(laws)
    pay = scale * inputs.average_wage[:, None] * np.ones(WORK_AGE_COUNT)
    insurable = np.stack([insurable_earnings(laws, pay * inputs.relative_pay[sex, WORK_AGES], inputs.earnings_cv) for sex in (0, 1)])
    laws = _lump_sum_average(laws, insurable)
    insurable = insurable * inputs.density[:, None]
    crediting = np.array([float(crediting_rate(law, j)) for law, j in zip(laws, inputs.investment_return, strict=True)])
    draft = CountryCareers(inputs, indices, laws, insurable, crediting, calibration, stayers=())  # type: ignore[arg-type]
    runs = tuple(_stayers(draft, sex) for sex in (0, 1))
    return CountryCareers(inputs, indices, laws, insurable, crediting, calibration, runs)  # type: ignore[arg-type]


def _stayers(country: CountryCareers, sex: int) -> StayerOutput:
    inputs = country.inputs
    rows = award_row(country.law, sex) + 1 if country.law.collecting else DEFAULT_ROWS
    side = country.side(sex, rows, YEAR_COUNT, nationals=True)
    factor = np.ones(YEAR_COUNT)
    factor[year_index(FIRST_YEAR)] = country.calibration.balance_factor
    return run_stayers(
        StayerInputs(
            total=inputs.residents[sex, WORK_AGES].T[:, :rows],
            survival=inputs.survival[sex, WORK_AGES].T[:, :rows],
            first_movers=inputs.first_movers[sex, WORK_AGES].T[:, :rows],
            cover_target=(inputs.coverage.share[sex] * inputs.insured_share[sex, WORK_AGES]).T[:, :rows],
            exit_rate=inputs.exit_rate[:rows],
            side=side,
            service_size=country.service_size(sex),
            amount_factor=factor,
            emigrant_cover=inputs.emigrant_cover,
            invalidity=country.invalidity(sex)[:, :rows],
            leavers=None if inputs.new_movers is None else inputs.new_movers[sex, WORK_AGES].T[:, :rows],
        )
    )


def _invalidity(inputs: CountryInputs, law: SchemeLaw, sex: int) -> Array:
    """Rates of the table of invalidity alone, combined with the country's mortality of each year."""
    q = 1.0 - inputs.survival[sex, WORK_AGES].T
    rates = np.zeros_like(q)
    if inputs.invalidity is not None and law.collecting:
        rates[:] = inputs.invalidity[sex]
        rates[:, award_row(law, sex) :] = 0.0
    result: Array = dependent_probabilities(np.stack([q, rates], axis=-1))[..., 1]
    return result


def _side(country: CountryCareers, sex: int, rows: int, refund_until: int, nationals: bool) -> SideRates:
    withdrawal = np.zeros(YEAR_COUNT)
    withdrawal[year_index(FIRST_YEAR) :] = country.calibration.withdrawal
    return side_rates(
        country.laws, country.insurable[sex], country.crediting, country.indices, sex=sex, rows=rows, withdrawal=withdrawal,
        refund_from=0, refund_until=refund_until, service_size=country.service_size(sex), nationals=nationals,
        density=country.density, compliance=country.compliance,
    )  # fmt: skip


def _lump_sum_average(laws: tuple[SchemeLaw, ...], insurable: Array) -> tuple[SchemeLaw, ...]:
    """Laws whose lump sums can be applied to the pension's reference earnings.

    Where lump sums rest on another averaging period, their months of pay are multiplied by the ratio of the two averages in the row before the
    pension age, mean of the sexes.
    """
    base = laws[year_index(VALUATION_YEAR)]
    if base.kind != "defined_benefit" or base.lump_sum_reference_months == base.reference_months:
        return laws
    ratios = []
    for sex in (0, 1):
        row = award_row(base, sex)
        averages = [reference_earnings(insurable[sex], months)[:, row] for months in (base.lump_sum_reference_months, base.reference_months)]
        ratios.append(averages[0] / averages[1])
    ratio = 0.5 * (ratios[0] + ratios[1])
    return tuple(replace(law, lump_sum_months_per_year=law.lump_sum_months_per_year * float(r)) for law, r in zip(laws, ratio, strict=True))


def _assert_constant_ages(laws: Sequence[SchemeLaw]) -> None:
    ages = {law.pension_age for law in laws[year_index(VALUATION_YEAR) :] if law.collecting}
    if len(ages) > 1:
        raise ValueError(f"{laws[0].scheme_id}: pension ages that change after the valuation date are not projected yet, found {sorted(ages)}")
