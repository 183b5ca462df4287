"""Projects what a regional social security coordination instrument costs: the same people with and without it.

Floors, each importing only from those before it: execution, basis, demography, provisions, careers, finance, feasibility, reporting, commands
and cli. The first imports none of the others and is imported by whoever has much to compute.
"""
