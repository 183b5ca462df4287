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
# This notebook reads the results of a study, shows the main charts and tables of one country, and writes its report as
# `report.html` and `report.pdf`. Every step calls a function of the package `actuarial`; change the parameters below and run all cells.

# %%
# %matplotlib inline
from pathlib import Path

from IPython.display import display

from actuarial.feasibility.result import read_study
from actuarial.reporting import adequacy_view, causes_view, charts, findings, frames, steps_view
from actuarial.reporting.blocks import plain
from actuarial.reporting.country_report import country_report
from actuarial.reporting.html_page import write_html
from actuarial.reporting.typst_pdf import write_pdf

# %% tags=["parameters"]
results_dir: str = "../reports/latest/results"  # folder that holds study.json
country: str = "RWA"  # ISO 3166 code of a country of the study
out_dir: str = "../reports/latest"  # folder that receives report.html and report.pdf

# %%
study = read_study(Path(results_dir))
scheme = study.schemes[country]
pays_pensions = scheme.kind == frames.DEFINED_BENEFIT
keeps_accounts = scheme.kind == frames.ACCOUNT

# %% [markdown]
# ## In brief

# %%
print(plain(findings.verdict(study, scheme)))
for sentence in findings.sentences(study, scheme):
    print("-", plain(sentence))

# %%
if pays_pensions:
    display(scheme.indicators)

# %% [markdown]
# ## Population and members

# %%
display(charts.population_pyramids(scheme))
if pays_pensions:
    display(charts.contributors_and_pensioners(scheme))
elif keeps_accounts:
    display(charts.contributors(scheme))

# %% [markdown]
# ## Income, expenditure and reserve; balances and payouts

# %%
if pays_pensions:
    display(charts.income_and_outgo(scheme), charts.reserve(scheme), charts.cost_rate(scheme))
elif keeps_accounts:
    display(charts.accounts(scheme))

# %% [markdown]
# ## What the legal steps cost, and the people who move

# %%
if pays_pensions and not scheme.ladder.empty:
    display(steps_view.waterfall(scheme))
if pays_pensions and not scheme.causes.empty:
    display(causes_view.net_cost_chart(scheme))
if not study.adequacy.empty:
    display(adequacy_view.replacement_chart(study, scheme.country))

# %%
display(scheme.ladder)

# %% [markdown]
# ## Who gains, and where people move

# %%
if (gains := charts.who_gains(scheme)) is not None:
    display(gains)
if not scheme.corridors.empty:
    display(charts.corridors(scheme))

# %%
display(frames.corridors(scheme))

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
report = country_report(study, country)
write_html(report, Path(out_dir) / "report.html")
write_pdf(report, Path(out_dir) / "report.pdf")
