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
# # Explore: what if?
#
# Run all cells (menu *Run, Run All Cells*), then use the controls. Switch **legal steps** on and off, move a **lever**, and the charts redraw when you let it go.
# Choosing another scenario or instrument prepares it first: about a minute, then it is kept.
#
# Nothing is projected anew while you move things: every scheme's flows are taken apart once (by legal step, take-up, corridor, and movers of the past or to come) and
# put together again. What stands beside each lever says how exact that is.

# %%
from actuarial.lab.panel import Panel

# %% tags=["parameters"]
scenario: str = "base"  # a file in scenarios/
instrument: str = "eac-directive"  # a folder in scenarios/instruments/
country: str = "RWA"  # the scheme to look at first

# %%
panel = Panel(scenario, instrument, country)
panel.show()

# %% [markdown]
# ## The same by hand
#
# Where the controls stand is a `Setting`; what they show is an `Answer` with tables. Run these cells again after moving something.

# %%
print(panel.setting)

# %%
panel.answer.ladder(panel.country.value)[["title", "on", "pv", "share_of_earnings"]]

# %%
panel.answer.indicators(panel.country.value)

# %% [markdown]
# Any setting can be asked for without the controls: half the take-up and no export, for all schemes.

# %%
other = panel.explorer.at(take_up=0.5, off=["export"])
other.indicators().query("variable == 'pv_net_cost_share_of_earnings'")
