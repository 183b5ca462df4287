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
# # The region: what would coordination cost, and who pays whom?
#
# This notebook reads the results of a study, shows the schemes side by side, and writes the regional report as `report.html` and `report.pdf`.
# Every step calls a function of the package `actuarial`; change the parameters below and run all cells.

# %%
# %matplotlib inline
from pathlib import Path

from IPython.display import display

from actuarial.feasibility.result import read_study
from actuarial.reporting import findings, frames, region_charts
from actuarial.reporting.blocks import plain
from actuarial.reporting.html_page import write_html
from actuarial.reporting.region_report import region_report
from actuarial.reporting.region_summary import verdict
from actuarial.reporting.typst_pdf import write_pdf

# %% tags=["parameters"]
results_dir: str = "../reports/latest/results"  # folder that holds study.json
out_dir: str = "../reports/latest"  # folder that receives report.html and report.pdf

# %%
study = read_study(Path(results_dir))

# %% [markdown]
# ## In brief

# %%
print(plain(verdict(study)))

# %% [markdown]
# ## Schemes side by side

# %%
if any(scheme.kind == frames.DEFINED_BENEFIT for scheme in study.schemes.values()):
    display(region_charts.cost_by_scheme(study))
if (gains := region_charts.extra_pensioners(study)) is not None:
    display(gains)

# %% [markdown]
# ## Who pays whom, and where people move

# %%
display(region_charts.transfer_matrix(study, findings.YEAR), region_charts.mover_matrix(study))

# %%
if not study.transfers_pv.empty:
    display(region_charts.transfer_value_matrix(study))

# %%
display(frames.transfers(study, findings.YEAR, "with", "pensions"))

# %%
display(study.checks)

# %% [markdown]
# ## The report

# %%
report = region_report(study)
write_html(report, Path(out_dir) / "report.html")
write_pdf(report, Path(out_dir) / "report.pdf")
