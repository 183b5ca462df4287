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
# # One country: what would coordination cost?
#
# This notebook reads the results of a study, makes the report of one country, shows its main charts and tables, and writes it as `report.html`,
# `report.pdf` and `report.docx`, in the language asked for. Every step calls a function of the package `actuarial`; change the parameters below and
# run all cells.

# %%
from pathlib import Path

from IPython.display import display

from actuarial.feasibility.result import read_study
from actuarial.reporting import findings, frames
from actuarial.reporting.blocks import plain
from actuarial.reporting.change_record import read_change
from actuarial.reporting.country_report import country_report
from actuarial.reporting.docx_file import write_docx
from actuarial.reporting.html_page import write_html
from actuarial.reporting.language import set_language
from actuarial.reporting.notebook_parameters import check_parameters
from actuarial.reporting.provenance import read_provenance
from actuarial.reporting.typst_pdf import write_pdf
from actuarial.reporting.uncertainty import read_uncertainty

# %% tags=["parameters"]
results_dir: str = "../reports/latest/results"  # folder that holds study.json
country: str = "RWA"  # ISO 3166 code of a country of the study
out_dir: str = "../reports/latest"  # folder that receives report.html, report.pdf and report.docx
language: str = "en"  # language of the report: en, fr or sw

# %%
check_parameters(results_dir, out_dir, language, [country])
set_language(language)
study = read_study(Path(results_dir))
scheme = study.schemes[country]
made_from = read_provenance(Path(results_dir))  # which inputs: the report and all its files say so
report = country_report(study, country, read_uncertainty(Path(results_dir)), made_from, read_change(Path(results_dir)))

# %% [markdown]
# ## In brief

# %%
print(plain(findings.verdict(study, scheme)))
for sentence in findings.sentences(study, scheme):
    print("-", plain(sentence))

# %%
if scheme.kind == frames.DEFINED_BENEFIT:
    display(scheme.indicators)

# %% [markdown]
# ## Population and members
#
# Charts are those of the report; one that a kind of scheme does not have is left out. `report.figures()` gives all of them.

# %%
display(*report.figures("fig-pyramids", "fig-members"))

# %% [markdown]
# ## Income, expenditure and reserve; balances and payouts

# %%
display(*report.figures("fig-outgo", "fig-reserve", "fig-payg", "fig-accounts"))

# %% [markdown]
# ## What the legal steps cost, and the people who move

# %%
display(*report.figures("fig-steps", "fig-causes", "fig-adequacy"))

# %%
display(scheme.ladder)

# %% [markdown]
# ## Who gains, and where people move

# %%
display(*report.figures("fig-gains", "fig-corridors"))

# %%
display(frames.corridors(scheme))

# %% [markdown]
# ## How sure the results are
#
# Shown when the run was given results of `actuarial sensitivity` and `actuarial ensemble`.

# %%
display(*report.figures("fig-tornado", "fig-fan-payg", "fig-fan-reserve-ratio", "fig-fan-net-cost-share", "fig-exhaustion"))

# %% [markdown]
# ## Calibration, and inputs that are assumed or recalled

# %%
display(scheme.calibration)

# %%
read = frames.used(scheme.assumptions)
display(read[read["confidence"].isin(frames.UNSURE)])

# %% [markdown]
# ## The report

# %%
write_html(report, Path(out_dir) / "report.html", made_from)
write_pdf(report, Path(out_dir) / "report.pdf", made_from)
write_docx(report, Path(out_dir) / "report.docx", made_from)
