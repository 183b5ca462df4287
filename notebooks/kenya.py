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
# # Kenya: from published figures to the verdict
#
# Each step shows the figures, where they come from, and what the model makes of them. The study is computed the first time (one to two minutes), then read from the
# cache. Change `country` to walk through another one.

# %%
import pandas as pd
from IPython.display import display

from actuarial import study
from actuarial.reporting import findings
from actuarial.reporting.blocks import plain

pd.set_option("display.max_colwidth", 90)

# %% tags=["parameters"]
country: str = "KEN"
scenario: str = "base"
instrument: str = "eac-directive"

# %%
base = study(scenario, instrument)
scheme = base.scheme(country)
print(f"{scheme.scheme_title}: {scheme.kind.replace('_', ' ')} scheme, amounts in {scheme.currency}")

# %% [markdown]
# ## 1. What is published
#
# Contributors, contributions, benefits and reserve of the scheme, each with its source and date. `target` is the figure brought to the base year.

# %%
calibration = base.calibration(country)
calibration[["item", "unit", "published", "date", "target", "source", "confidence"]]

# %% [markdown]
# ## 2. What the model starts from
#
# The base year has to reproduce these figures: `ratio` is modelled over target, `factor` what had to be scaled for it.

# %%
display(calibration[["item", "target", "modelled", "ratio", "factor", "note"]])
assert calibration["ratio"].dropna().between(0.95, 1.05).all()

# %% [markdown]
# ## 3. The law
#
# Every rule that the projection reads, with source, year and confidence. What is `assumed` is an assumption, not a fact.

# %%
inputs = base.assumptions(country)
law = inputs[inputs["file"].str.contains("schemes") & (inputs["used"] == "yes")]
law[["name", "value", "unit", "source", "year", "confidence"]].head(30)

# %%
inputs[inputs["used"] == "yes"].groupby("confidence").size().rename("inputs read").to_frame()

# %% [markdown]
# ## 4. Who moves
#
# Corridors of the country, by movers of 2026. `confidence` is that of the flows: migration is the weakest input of all.

# %%
corridors = base.corridors(country)
sexes = corridors.groupby(["origin", "host", "role", "confidence"], as_index=False)[["movers_2026", "flow_2026", "covered_2026", "pv_net_cost"]].sum()
sexes.sort_values("movers_2026", ascending=False).head(8).round(0)

# %% [markdown]
# ## 5. Thirty and seventy-five years on
#
# Both cases: without and with the instrument.

# %%
yearly = base.yearly(country)
wanted = ["contributors", "pensioners", "contributions", "benefits", "reserve", "payg_cost_rate"]
chosen = yearly[yearly["variable"].isin(wanted) & yearly["year"].isin([2026, 2050, 2075, 2100])]
chosen.pivot_table(index=["variable", "year"], columns="case", values="value")[["without", "with"]]

# %% [markdown]
# The reserve of a year follows from the year before: opening reserve, contributions, investment income, less what is paid.

# %%
with_ = base.yearly(country, wide=True).query("case == 'with'").set_index("year")
rolled = with_["reserve"].shift() + with_["contributions"] + with_["investment_income"] - with_["benefits"] - with_["administration"]
assert (rolled / with_["reserve"] - 1).dropna().abs().max() < 1e-9

# %% [markdown]
# ## 6. What the instrument costs, step by step
#
# Present values over 75 years. A negative figure is money paid later or not at all: for accounts, refunds that stay in the account.

# %%
ladder = base.ladder(country)
display(ladder[["title", "pv", "share_of_earnings"]])
indicators = base.indicators(country).set_index("indicator")
print(f"net cost of pensions: {indicators.loc['pv_net_cost', 'difference']:,.0f} {scheme.currency}")
assert abs(ladder["pv"].sum() - ladder.set_index("rung").loc["short_term", "pv"] - indicators.loc["pv_net_cost", "difference"]) < 1e-6 * ladder["pv"].abs().max()

# %% [markdown]
# ## 7. The verdict, as the report words it

# %%
print(plain(findings.verdict(base.result, scheme)))

# %% [markdown]
# ## 8. How much hangs on what is assumed
#
# Half of the take-up, half as many movers again, a point less return: [explore.ipynb](explore.ipynb) moves these and more. The full uncertainty is the subject of
# `actuarial sensitivity` and `actuarial ensemble`.
