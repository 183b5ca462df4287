"""Input workbooks: a country's basis as a workbook that a ministry fills in, and the basis that a filled one asks for."""
