"""Projects what a regional social security coordination instrument costs: the same people with and without it.

Floors, each importing only from those before it: basis, demography, provisions, careers, finance, feasibility, reporting, cli.
"""
