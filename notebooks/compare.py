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
# # Scenarios and instruments side by side
#
# This notebook reads several studies, shows what differs between their instruments and scenarios and what that costs whom, and writes the comparison
# report. Every step calls a function of the package `actuarial`; change the parameters below and run all cells.

# %%
from pathlib import Path

import pandas as pd
from IPython.display import display

from actuarial.reporting.blocks import Paragraph, plain
from actuarial.reporting.compare_figures import checks, figures, parts_of, tidy
from actuarial.reporting.compare_report import comparison_report
from actuarial.reporting.compare_set import read_comparison, short
from actuarial.reporting.docx_file import write_docx
from actuarial.reporting.html_page import write_html
from actuarial.reporting.language import set_language
from actuarial.reporting.notebook_parameters import check_parameters
from actuarial.reporting.provenance import read_provenance
from actuarial.reporting.typst_pdf import write_pdf

# %% tags=["parameters"]
results_dir: str = "../reports/latest/results"  # folder that holds comparison.json
out_dir: str = "../reports/latest"  # folder that receives the report
countries: str = ""  # codes of the states to write a section on, with blanks between; all when empty
language: str = "en"  # language of the report

# %%
check_parameters(results_dir, out_dir, language, countries.split(), record="comparison.json")
set_language(language)
comparison = read_comparison(Path(results_dir))
made_from = read_provenance(Path(results_dir))  # which inputs: the report and all its files say so
report = comparison_report(comparison, countries.split())

# %% [markdown]
# ## In brief

# %%
for combination in comparison.combinations:
    print(short(combination))
print()
print(next(plain(block.text) for block in report.blocks if isinstance(block, Paragraph)))

# %% [markdown]
# ## All figures
#
# With minus without the instrument; US dollars at present value, rates as fractions of insurable earnings.

# %%
display(tidy(figures(comparison)))

# %% [markdown]
# ## Why: the parts of the net cost
#
# US dollars at present value; savings are negative. The parts sum to the net cost.

# %%
for country, parts in parts_of(comparison).items():
    display(pd.DataFrame.from_dict(parts, orient="index").rename_axis(country))

# %% [markdown]
# ## Charts

# %%
display(*report.figures())

# %% [markdown]
# ## What must hold

# %%
display(pd.DataFrame(checks(comparison)))

# %% [markdown]
# ## The report

# %%
write_html(report, Path(out_dir) / "report.html", made_from)
write_pdf(report, Path(out_dir) / "report.pdf", made_from)
write_docx(report, Path(out_dir) / "report.docx", made_from)
