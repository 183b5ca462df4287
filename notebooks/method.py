# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The method, small enough to follow
#
# From a life table to the cost of coordination in seven steps. Each step calls the functions that the projection uses, on inputs small enough to check by hand, and
# holds the result against its closed form. An `assert` that fails stops the notebook.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from actuarial.basis.scheme_law import SchemeLaw
from actuarial.careers.service_chain import service_distribution
from actuarial.demography.annuity import annuity_due
from actuarial.demography.life_table import single_age_life_table
from actuarial.finance.indicators import general_average_premium, payg_cost_rate, present_value
from actuarial.finance.reserve import roll_forward
from actuarial.provisions.coordination import AwardRules, award

# %% [markdown]
# ## 1. Life table
#
# A constant force of mortality $\mu$ from age 1 on: $q = 1 - e^{-\mu}$, and $l_{x+t} = l_x e^{-\mu t}$.

# %%
mu = 0.02
table = single_age_life_table(np.full(101, mu), sex=0)
assert np.allclose(table.q[1:100], 1 - np.exp(-mu))
assert np.isclose(table.l[60] / table.l[20], np.exp(-40 * mu))
print(f"of 1000 people aged 20, {1000 * table.l[60] / table.l[20]:.0f} reach 60")

# %% [markdown]
# ## 2. Careers in two states
#
# Each year somebody insured at home moves with probability $p$ and never returns. The years at home are geometric: $P(\text{home} = k) = p (1-p)^{k-1}$ for a career of
# $n$ years and $k < n$. The projection keeps such a distribution of (home, host) service for every age, sex and corridor.

# %%
move, years = 0.05, 30
chain = np.array([[1 - move, move, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])  # home, host, not insured
cells = service_distribution(chain, years, credit="start")[::2, ::2]  # [years at home, years abroad]
at_home = cells.sum(axis=1)
k = np.arange(1, years)
assert np.allclose(at_home[1:years], move * (1 - move) ** (k - 1))
assert np.isclose(at_home.sum(), 1.0)

# %% [markdown]
# ## 3. Rights: alone, by totalisation, or none
#
# The law asks for 15 years. With totalisation, years abroad count for the right: who has 15 years **together** gets a pension from both states.

# %%
law = SchemeLaw("example", 2026, "defined_benefit", qualifying_months=180, accrual_per_month=0.02 / 12, maximum_share=1.0, lump_sum_months_per_year=1.0)
national = AwardRules()
coordinated = AwardRules(totalise=True, min_own_months=12, method="pro_rata", export=True, equal_treatment=True)
home, host = np.meshgrid(12.0 * np.arange(years + 1), 12.0 * np.arange(years + 1), indexing="ij")
alone = award(law, home, host, np.full(home.shape, 1000.0), cv=0.0, rules=national)
together = award(law, home, host, np.full(home.shape, 1000.0), cv=0.0, rules=coordinated)
print(f"with a pension from home: {(cells * alone.entitled).sum():.1%} alone, {(cells * together.entitled).sum():.1%} with totalisation")
assert np.isclose((cells * alone.entitled).sum(), at_home[15:].sum())
assert np.isclose((cells * together.entitled).sum(), 1.0)  # everybody has 30 years together and at least one at home

# %% [markdown]
# ## 4. Amounts: theoretical, then pro rata
#
# Ten years here and twenty there. The theoretical amount is the pension for thirty years on own earnings, $0.02 \cdot 30 \cdot R$; the share owed is $10/30$. For a
# formula in proportion to service that is the pension for the ten years themselves.

# %%
one = award(law, np.array(120.0), np.array(240.0), np.array(1000.0), cv=0.0, rules=coordinated)
theoretical = 0.02 * 30 * 1000.0
assert np.isclose(one.pension, theoretical * 10 / 30)
assert np.isclose(one.pension, 0.02 * 10 * 1000.0)
without = award(law, np.array(120.0), np.array(240.0), np.array(1000.0), cv=0.0, rules=national)
print(f"without: no pension, a lump sum of {float(without.lump_sum):.0f}; with: a pension of {float(one.pension):.0f} a year")

# %% [markdown]
# ## 5. What a pension is worth
#
# Paid at the beginning of each year for life at interest $i$: $\ddot a = \sum_t v^t\, {}_tp = 1 / (1 - v e^{-\mu})$ under a constant force.

# %%
interest = 0.04
value = annuity_due(np.full(61, 1 - np.exp(-mu)), interest)[0]
assert np.isclose(value, 1 / (1 - np.exp(-mu) / (1 + interest)))
print(f"a pension of 1 a year is worth {value:.2f} at award")

# %% [markdown]
# ## 6. The fund, cost rates and premiums
#
# The reserve rolls forward with flows at mid-year: $V_t = V_{t-1}(1+j) + (C_t - X_t)(1+j)^{1/2}$. The **PAYG cost rate** is $X_t / S_t$; the **general average premium**
# (GAP) is the level rate that, with the reserve, pays for everything: $(\sum v_t X_t - V_0) / \sum v_t S_t$. At that rate the fund ends at nothing.

# %%
horizon = np.arange(75)
returns = np.full(75, interest)
earnings = 1000.0 * 1.03**horizon
outgo = 60.0 * 1.035**horizon
gap = general_average_premium(outgo, earnings, 500.0, returns)
fund = roll_forward(500.0, gap * earnings, outgo, returns)
assert np.allclose(payg_cost_rate(outgo, earnings), 0.06 * (1.035 / 1.03) ** horizon)
assert abs(fund.closing[-1]) < 1e-6 * np.abs(fund.closing).max()
ratio = 1.03 / (1 + interest)
assert np.isclose(present_value(earnings, returns), 1000.0 * (1 + interest) ** -0.5 * (1 - ratio**75) / (1 - ratio))
print(f"GAP {gap:.2%}; PAYG from {payg_cost_rate(outgo, earnings)[0]:.1%} to {payg_cost_rate(outgo, earnings)[-1]:.1%}")

# %% [markdown]
# ## 7. With minus without
#
# The cost of the instrument is the same people priced twice. Here one cohort of 1000 people from step 2 retires at once: value of pensions and lump sums of the home
# scheme, with minus without. Closed form: who gains has $k < 15$ years at home; each gets a pension of $0.02\,k R$ worth $\ddot a$, and no lump sum of $kR/12$.

# %%
people = 1000.0
cost = [people * (cells * (a.pension * value + a.lump_sum)).sum() for a in (alone, together)]
short = np.arange(1, 15)
closed = people * (at_home[short] * (0.02 * short * 1000.0 * value - short * 1000.0 / 12)).sum()
assert np.isclose(cost[1] - cost[0], closed)
print(f"without {cost[0]:,.0f}, with {cost[1]:,.0f}: the instrument costs {cost[1] - cost[0]:,.0f}, or {cost[1] / cost[0] - 1:.1%}")

# %% [markdown]
# The same by years at home: whom the instrument pays.

# %%
by_years = pd.Series((cells * (together.pension - alone.pension)).sum(axis=1) * people, name="more pensions a year")
drawing, axes = plt.subplots(figsize=(7, 2.6))
axes.bar(by_years.index, by_years)
axes.set(title="The instrument pays careers below 15 years at home", xlabel="years insured at home", ylabel="more pensions a year")
plt.show()

# %% [markdown]
# The projection does this for every sex, age, year and corridor, with mortality, wages, indexation and the law of each year. Where it stands in the code:
# `demography` (1), `careers` (2), `provisions` (3, 4), `finance` (5, 6), `feasibility` (7).
