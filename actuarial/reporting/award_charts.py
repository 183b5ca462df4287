"""Why new pensions are awarded to people who moved: periods here alone, paid abroad or kept, periods added; and what is paid as one sum instead."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.chart_parts import from_zero, legend_below, people_a_year_unit, with_and_without
from actuarial.reporting.language import _, phrase
from actuarial.reporting.style import TINTS, WITHOUT, area, chart_style, figure, set_message, set_unit

SPOKEN: Final = 2050
"""Year of which the message speaks."""


def reasons(scheme: SchemeResult) -> pd.DataFrame:
    """Old-age pensions awarded to movers with the instrument in force by reason, persons; years by ``alone``, ``kept`` and ``added``.

    ``alone`` would be awarded without the instrument, ``kept`` is paid abroad or rests on months that were not refunded, ``added`` needs the months
    of several states; together they are all awards to movers with the instrument.
    """
    extra = scheme.gains.groupby("year")[["extra_new_pensions", "new_by_totalisation"]].sum()
    return pd.DataFrame(
        {
            "alone": frames.case(scheme, "without")["new_pensions_movers"],
            "kept": (extra["extra_new_pensions"] - extra["new_by_totalisation"]).clip(lower=0.0),
            "added": extra["new_by_totalisation"],
        }
    )


def awards_by_reason(scheme: SchemeResult) -> Figure:
    """Awards to movers by reason, and lump sums and refunds, without and with the instrument, for a scheme that pays pensions."""
    table = reasons(scheme)
    sums = [100 * (frames.share(f, "lump_sums") + frames.share(f, "refunds")) for f in (frames.case(scheme, c) for c in ("without", "with"))]
    with chart_style():
        drawing = figure(3.0)
        left, right = drawing.subplots(1, 2)
        unit, scale = people_a_year_unit(float(table.sum(axis=1).max()))
        looks = zip(table.columns, (_("periods here alone"), _("paid abroad or kept"), _("added periods")),
                    (("#BDBDBD", ""), (TINTS[1], "...."), (TINTS[2], "")), strict=True)  # fmt: skip
        lower = np.zeros(len(table))
        for name, label, (colour, hatch) in looks:
            upper = lower + table[name].to_numpy() / scale
            left.fill_between(table.index, lower, upper, **area(colour, hatch), label=label)
            lower = upper
        left.plot(table.index, lower, color=WITHOUT, lw=0.8)
        from_zero(left)
        legend_below(left, 3)
        set_unit(left, _("Old-age pensions awarded to movers, with the instrument"), unit)
        with_and_without(right, *sums, legend=False)
        from_zero(right)
        legend_below(right, 2)
        set_unit(right, _("Lump sums and refunds"), _("% of insurable earnings"))
        set_message(drawing, _message(table))
    return drawing


def _message(table: pd.DataFrame) -> str:
    year = SPOKEN if SPOKEN in table.index else int(table.index[-1])
    row = table.loc[year]
    total, added = frames.number(row.sum()), frames.number(row["added"])
    if total == 0.0:
        return phrase("No mover is awarded an old-age pension in {year}", year=numbers.year(year))
    if added == 0.0:
        return phrase(
            "None of the {total} old-age pensions awarded to movers in {year} needs added periods",
            total=numbers.persons(total), year=numbers.year(year),
        )  # fmt: skip
    return phrase(
        "Old-age pensions awarded to movers in {year}: {total}, of which {added} by added periods and {kept} paid abroad or on months kept",
        total=numbers.persons(total), year=numbers.year(year), added=numbers.persons(added), kept=numbers.persons(frames.number(row["kept"])),
    )  # fmt: skip
