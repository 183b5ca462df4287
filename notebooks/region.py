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
# This notebook reads the results of a study, makes the regional report, shows the schemes side by side, and writes it as `report.html`,
# `report.pdf` and `report.docx`, in the language asked for. Every step calls a function of the package `actuarial`; change the parameters below and
# run all cells.

# %%
from pathlib import Path

from IPython.display import display

from actuarial.feasibility.result import read_study
from actuarial.reporting import findings, frames
from actuarial.reporting.blocks import plain
from actuarial.reporting.change_record import read_change
from actuarial.reporting.docx_file import write_docx
from actuarial.reporting.html_page import write_html
from actuarial.reporting.language import set_language
from actuarial.reporting.notebook_parameters import check_parameters
from actuarial.reporting.provenance import read_provenance
from actuarial.reporting.region_findings import verdict
from actuarial.reporting.region_report import region_report
from actuarial.reporting.typst_pdf import write_pdf
from actuarial.reporting.uncertainty import read_uncertainty

# %% tags=["parameters"]
results_dir: str = "../reports/latest/results"  # folder that holds study.json
out_dir: str = "../reports/latest"  # folder that receives report.html, report.pdf and report.docx
language: str = "en"  # language of the report: en, fr or sw

# %%
check_parameters(results_dir, out_dir, language)
set_language(language)
study = read_study(Path(results_dir))
made_from = read_provenance(Path(results_dir))  # which inputs: the report and all its files say so
report = region_report(study, read_uncertainty(Path(results_dir)), made_from, read_change(Path(results_dir)))

# %% [markdown]
# ## In brief

# %%
print(plain(verdict(study)))

# %% [markdown]
# ## Schemes side by side
#
# Charts are those of the report; one for which a study has no figures is left out. `report.figures()` gives all of them.

# %%
display(*report.figures("fig-cost", "fig-gains"))

# %% [markdown]
# ## Who pays whom, and where people move

# %%
display(*report.figures("fig-transfers", "fig-movers"))

# %%
display(*report.figures("fig-transfer-values"))

# %%
display(frames.transfers(study, findings.YEAR, "with", "pensions"))

# %% [markdown]
# ## How sure the results are
#
# Shown when the run was given results of `actuarial sensitivity` and `actuarial ensemble`.

# %%
display(*report.figures("fig-tornado", "fig-fan-net-cost-usd"))

# %% [markdown]
# ## Checks the engine made

# %%
display(study.checks)

# %% [markdown]
# ## The report

# %%
write_html(report, Path(out_dir) / "report.html", made_from)
write_pdf(report, Path(out_dir) / "report.pdf", made_from)
write_docx(report, Path(out_dir) / "report.docx", made_from)
