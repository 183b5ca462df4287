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
# # Start here
#
# This toolkit answers one question: what does it cost the social security schemes of a region to coordinate, so that people who move keep their rights? It projects
# the same people twice, without and with an instrument, and compares. The notebooks of this lab are in English; reports can be made in other languages.
#
# **Run a cell** with Shift+Enter, or everything with the menu *Run, Run All Cells*. Nothing you do here changes the data.
#
# | notebook | what it is for |
# |---|---|
# | [explore.ipynb](explore.ipynb) | Switch legal steps on and off, move take-up, flows, wages and returns, and watch cost and reserve change. No code needed. |
# | [kenya.ipynb](kenya.ipynb) | One country from its published figures to the verdict. |
# | [method.ipynb](method.ipynb) | The formulas, each beside the function that computes it and checked against its closed form. |
# | [cases.ipynb](cases.ipynb) | Three people: what each scheme owes them, step by step. |
# | [country.ipynb](country.ipynb), [region.ipynb](region.ipynb) | What the reports run; change their parameters and make your own. |
#
# ## Three first steps
#
# 1. Open [explore.ipynb](explore.ipynb) and run all cells. The first time takes about a minute; then a slider answers at once.
# 2. Run the cells below: a study in five lines.
# 3. Make the reports of a country, in a terminal: `python run.py reports --country RWA`.

# %% [markdown]
# ## A study in five lines
#
# The first time it is computed, which takes one to two minutes; after that it is read from the cache.

# %%
from actuarial import countries, instruments, scenarios, study

base = study(scenario="base", instrument="eac-directive")
base.yearly("RWA").query("variable == 'reserve' and year in (2026, 2050, 2100)")

# %% [markdown]
# The price of every legal step for one scheme, and the checks that the engine made:

# %%
base.ladder("RWA")[["title", "pv", "share_of_earnings"]]

# %%
base.checks()["passed"].all()

# %% [markdown]
# What there is to choose from:

# %%
print("scenarios:  ", *scenarios())
print("instruments:", *instruments())
print("countries:  ", *countries())
