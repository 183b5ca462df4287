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
# # Does the toolkit compute what it says?
#
# Every figure that the toolkit is held against: published tables and textbook examples, closed forms, identities, second programs. The checks are those of
# `python run.py validate`; each figure, its source and its tolerance stand in `actuarial/validation`. An `assert` at the end stops the notebook when one fails.

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import display

from actuarial.reporting.validation_record import SUBJECTS, code_hash, read_record
from actuarial.validation import pictures, plan
from actuarial.validation.region import Region

# %% tags=["parameters"]
root: str = ".."  # folder of the repository
full: bool = False  # all corridors, a million persons, every workbook: some minutes instead of one

# %%
region = Region(Path(root).resolve(), full)
run = plan.run(region.root, full=full, region=region)
figures = pictures.figures(run)
print(f"{len(figures)} figures, {(~figures['passed']).sum()} failed; {run.seconds:.0f} seconds; code {code_hash()[:16]}")

# %% [markdown]
# ## By subject

# %%
display(pictures.subjects(run).assign(what=pd.Series(SUBJECTS)))
for missing in run.not_run:
    print(f"not run: {missing.what} ({missing.reason})")

# %% [markdown]
# ## How near
#
# One dot for each figure: its difference against its tolerance. What lies on or below the line passes. Figures that must agree exactly are not drawn.

# %%
drawing, axes = plt.subplots(figsize=(8, 5))
pictures.draw_gaps(axes, run)
plt.show()

# %% [markdown]
# The ten figures nearest to their tolerance:

# %%
nearest = figures.assign(share=figures["difference"].abs() / figures["tolerance"].where(figures["tolerance"] > 0))
display(nearest.nlargest(10, "share")[["id", "expected", "found", "difference", "tolerance", "share", "reason", "source"]])

# %% [markdown]
# ## Population against World Population Prospects 2024
#
# The largest gap of each state, over every fifth year from 2030 to 2100, in per cent. Nothing is scaled to fit.

# %%
display(pictures.population_gaps(run).round(2))

# %%
drawing, axes = plt.subplots(figsize=(9, 3.5))
pictures.draw_population(axes, run)
plt.show()

# %% [markdown]
# ## Expected numbers against simulated persons
#
# If the expected numbers are right, their distances from the simulated ones in standard errors follow the normal curve.

# %%
drawing, axes = plt.subplots(figsize=(7, 3))
pictures.draw_z(axes, region.simulated)
axes.set_title(f"{region.simulated.persons:,} persons in {', '.join(region.simulated.corridors)}")
plt.show()

# %% [markdown]
# ## The record that reports show

# %%
path = Path(root) / "docs" / "validation.csv"
if path.is_file():
    head = read_record(path).head
    print(f"validated on {head['date']} ({head['extent']}), code {head['code'][:16]}, {head['system']}, Python {head['python']}")
    print("the code is the same" if head["code"] == code_hash() else "the code that computes has changed since")

# %% [markdown]
# ## Every figure

# %%
with pd.option_context("display.max_rows", None):
    display(figures[["id", "expected", "found", "difference", "tolerance", "measure", "passed", "date"]])
assert run.passed, figures[~figures["passed"]]["id"].tolist()
