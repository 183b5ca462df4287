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
# # Three people: what each scheme owes, with and without an instrument
#
# Each case is a file in `scenarios/cases/`; the same answer comes from `actuarial entitlement CASE.yaml`. Change a file, or point `cases_dir` at a folder
# of your own, and run all cells. The instrument is assumed (the text under negotiation is not public); careers and pay are invented.

# %%
from pathlib import Path

from IPython.display import display

from actuarial.feasibility.entitlement import compare_instruments, entitlement
from actuarial.reporting.entitlement_view import as_frame, as_text, comparison_frame

# %% tags=["parameters"]
root_dir: str = ".."  # folder that holds data and scenarios
cases_dir: str = "../scenarios/cases"  # folder of the cases

# %%
root, cases = Path(root_dir), Path(cases_dir)

# %% [markdown]
# ## 1. Five years each in three states
#
# No scheme pays a pension for five years; each asks for fifteen. Without an instrument the person gets three single payments. With it, the periods are added up
# (**totalisation**), each scheme computes the pension for all fifteen years by its own law and on its own earnings (**theoretical amount**), and pays the third
# that its own years are (**pro rata**).

# %%
first = entitlement(cases / "five-five-five.yaml", root)
print(as_text(first))

# %% [markdown]
# ## 2. An account scheme and a pension scheme
#
# Nine years in an account scheme and nine in a pension scheme. The account pays its balance whatever happens: periods play no part in it, so nothing is pro-rated.
# But its months **count** for the right in the other state, which pays for its own nine years. The scheme that promises pensions pays more; the
# account pays what it would have paid anyway. That asymmetry is a question for negotiators, and this is what it looks like for one person.

# %%
second = entitlement(cases / "uganda-tanzania.yaml", root)
display(as_frame(second)[["own_months", "total_months", "ratio", "independent", "pro_rata", "payable", "lump_sum"]])
for step in second.of("TZA").steps:
    print("-", step.text)

# %% [markdown]
# ## 3. A minimum pension, and what comparing two amounts is worth
#
# Seventeen years at low pay in one state give its minimum pension by national law alone, but that law does not pay it to somebody who went home. The instrument lets it
# be **exported**, and leaves its amount alone, because it pays **the higher** of the independent amount and the pro rata.

# %%
third = entitlement(cases / "low-pay-and-the-minimum.yaml", root)
display(as_frame(third)[["independent", "theoretical", "ratio", "pro_rata", "payable", "reason"]])

# %% [markdown]
# The same person under other amount rules (pension a year, national currencies). Without the comparison the pension would be **cut**: the theoretical amount is
# the same minimum, and only a part of it is paid.

# %%
names = ["eac-directive", "pro-rata-only", "direct-method"]
display(comparison_frame(compare_instruments(cases / "low-pay-and-the-minimum.yaml", names, root)).round(0))
