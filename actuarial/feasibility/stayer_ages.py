"""What those who never moved pay and receive, by sex and age: the basis on which a path changes mortality, and on which leavers are missed.

1. Old-age pensions begin at one age, so age and year say when a pension was awarded; those of the valuation date's stock are kept apart.
2. Leavers are as those they leave behind: of each flow at an age they would have had their share of the people of that age.
3. Survivors' and invalidity pensions are not kept by age; leavers' share in them is that of old-age pensions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import AGE_COUNT, FIRST_YEAR, HORIZON, WORK_AGE_FIRST, Array, year_index
from actuarial.feasibility.cashflow import stayer_flows, stock_flows
from actuarial.feasibility.corridor import unclaimed_balances
from actuarial.feasibility.engine import PreparedRegion, RegionRun, indexation
from actuarial.finance.pensions import run_off

START = year_index(FIRST_YEAR)


@dataclass(frozen=True)
class StayerAges:
    """One scheme; arrays [sex, age, year] of the projection unless said otherwise, age at 1 January.

    people          stayers, all ages and whether insured or not
    earnings        insurable earnings
    new_pensions    old-age pensions awarded within the projection;  awarded [sex, year] of them in the year;  stock: those of the valuation date
    other_new, other_stock   [year] invalidity and survivors' pensions beginning in the projection; of the stock and left by it
    sums            [sex, year] lump sums and sums with pensions, counted at the age of award
    other_sums      [year] death grants and sums in lieu of survivors' pensions
    account         everything paid from accounts;  balances [year + 1] of stayers
    award_age       [sex] age at 1 January of the year of award
    """

    people: Array
    earnings: Array
    new_pensions: Array
    awarded: Array
    stock: Array
    other_new: Array
    other_stock: Array
    sums: Array
    other_sums: Array
    account: Array
    balances: Array
    award_age: tuple[int, int]

    def of(self, leavers: Array) -> Array:
        """What ``leavers`` [..., sex, age, date] would have had: (earnings, pensions, sums, account) [4, ..., year]."""
        share = np.divide(leavers[..., :-1], self.people, out=np.zeros_like(leavers[..., :-1]), where=self.people > 0.0)
        old_age = self.new_pensions + self.stock
        paid = old_age.sum(axis=(0, 1))
        other = np.divide(self.other_new + self.other_stock, paid, out=np.zeros(HORIZON), where=paid > 0.0)
        at_award = np.stack([share[..., sex, age, :] for sex, age in enumerate(self.award_age)], axis=-2)
        return np.stack(
            [
                _sum(share * self.earnings),
                _sum(share * old_age) * (1.0 + other),
                (at_award * self.sums).sum(axis=-2),
                _sum(share * self.account),
            ]
        )


def _sum(values: Array) -> Array:
    total: Array = values.sum(axis=(-3, -2))
    return total


def stayer_ages(prepared: PreparedRegion, c: int) -> StayerAges:
    """Stayers of country ``c``, which collects contributions."""
    country = prepared.countries[c]
    shape = (2, AGE_COUNT, HORIZON)
    earnings, new, account, stock = (np.zeros(shape) for _ in range(4))
    awarded, sums = np.zeros((2, HORIZON)), np.zeros((2, HORIZON))
    ages = tuple(country.law.pension_age[sex] - 1 for sex in (0, 1))
    totals, at_date = stayer_flows(_as_run(prepared), c), stock_flows(_as_run(prepared), c)
    for sex in (0, 1):
        exposed = country.exposure(sex)[START:]
        rows = exposed.shape[1]
        earnings[sex, WORK_AGE_FIRST : WORK_AGE_FIRST + rows] = (exposed * country.insurable[sex, START:, :rows]).T
        if country.law.kind == "account":
            account[sex] = _account_by_age(prepared, c, sex)
        else:
            awards, insured, kept = prepared.awards[c], prepared.insured[c], prepared.stocks[c]
            assert awards is not None and insured is not None and kept is not None
            awarded[sex] = awards[sex].pension[0, START:]
            paid = insured[sex].factors.old_age.paid[0, 0, START:, START:] * awarded[sex][:, None]
            for t in range(HORIZON):
                for u in range(t, HORIZON):
                    new[sex, min(ages[sex] + u - t, AGE_COUNT - 1), u] += paid[t, u]
            sums[sex] = kept.settlement_claims * awards[sex].lump_sum[0, START:] + awards[sex].cash[0, START:]
    if (held := prepared.stocks[c]) is not None:
        stock = _stock_by_age(prepared, c, held.people, held.amount)
    old_age, of_stock = new.sum(axis=(0, 1)), stock.sum(axis=(0, 1))
    other_stock = at_date.pensions + at_date.invalidity_pensions + at_date.survivors_pensions - of_stock
    everything = totals.pensions + totals.invalidity_pensions + totals.survivors_pensions
    paid_out = account.sum(axis=(0, 1))
    whole = _account_total(prepared, c)
    scale = np.divide(whole, paid_out, out=np.ones(HORIZON), where=paid_out > 0.0)
    return StayerAges(
        people=country.inputs.residents[..., START:-1],
        earnings=earnings,
        new_pensions=new,
        awarded=awarded,
        stock=stock,
        other_new=everything - old_age - of_stock - other_stock,
        other_stock=other_stock,
        sums=sums,
        other_sums=totals.lump_sums - sums.sum(axis=0),
        account=account * scale,
        balances=totals.balances,
        award_age=(ages[0], ages[1]),
    )


def _as_run(prepared: PreparedRegion) -> RegionRun:
    """The flows of stayers read nothing of a run but what was prepared."""
    return prepared  # type: ignore[return-value]


def _stock_by_age(prepared: PreparedRegion, c: int, people: Array, amount: Array) -> Array:
    """Old-age pensions in payment at the valuation date, paid in each year by age."""
    survival, increase = prepared.demography.survival[c, :, :, START:], indexation(prepared.countries[c])
    lost = run_off(people, amount, survival, increase).lost
    paid = np.zeros_like(lost)
    held = amount.astype(float).copy()
    for t in range(HORIZON):
        held = held * (1.0 + increase[t])
        paid[..., t] = held - 0.5 * lost[..., t]
        left = held - lost[..., t]
        held = np.zeros_like(left)
        held[:, 1:] = left[:, :-1]
        held[:, -1] += left[:, -1]
    return paid


def _account_total(prepared: PreparedRegion, c: int) -> Array:
    """Everything paid to stayers from accounts [year], what is paid late included."""
    flows = stayer_flows(_as_run(prepared), c)
    if prepared.countries[c].law.kind != "account":
        return np.zeros(HORIZON)
    late: Array = flows.payouts + flows.refunds + flows.withdrawals + unclaimed_balances(prepared.countries[c], flows.unclaimed)[1]
    return late


def _account_by_age(prepared: PreparedRegion, c: int, sex: int) -> Array:
    """Payments at the age of award, and the rest as balances are spread over ages [age, year]."""
    country = prepared.countries[c]
    out = country.stayers[sex]
    result = np.zeros((AGE_COUNT, HORIZON))
    half = np.sqrt(1.0 + country.crediting[START:])
    held = out.amount[START:-1].sum(axis=(2, 3)).T
    rows = held.shape[0]
    before = country.claim_share * (out.death_amount[START:] + out.invalidity_amount[START:]) + out.residual_amount[START:] / half
    before = before + country.calibration.withdrawal * half * held.sum(axis=0)
    total = held.sum(axis=0)
    ages = slice(WORK_AGE_FIRST, WORK_AGE_FIRST + rows)
    result[ages] = np.divide(before * held, total, out=np.zeros_like(held), where=total > 0.0)
    result[country.law.pension_age[sex] - 1] += country.claim_share * out.award_amount[START:].sum(axis=1)
    return result
