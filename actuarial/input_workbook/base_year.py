"""Whether the figures of the base year go together, and which cells an error of the projection's start is about.

1. Contributions = contributors x average insured pay x contribution rate x 12 x share collected, each of the base year. The data files meet it up to
   what ceilings and rounding do; changed figures may be off by at most :data:`PLAUSIBLE_FACTOR` from where the data files are. More is a slip of
   units (thousands, millions), which the projection would find only when it has begun.
2. Any other figure of the scheme that changes by more than :data:`REMARKED_FACTOR` is remarked on: it may be right, but should be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import CodeType
from typing import Final

from actuarial.basis.dimensions import VALUATION_YEAR
from actuarial.basis.errors import InputError
from actuarial.basis.plausible_scheme import PLAUSIBLE_FACTOR, expected_contributions, parts_of
from actuarial.basis.scheme import Scheme, load_scheme
from actuarial.input_workbook.complaints import address
from actuarial.input_workbook.model import Shown, Target
from actuarial.input_workbook.read import Filled

REMARKED_FACTOR: Final = 3.0
_SOURCES: Final = ("country.py", "coverage.py", "calibration.py")
"""Modules that bring the model to the figures of the base year: errors of others are no matter of a workbook."""


def params_file(filled: Filled) -> str:
    """The scheme's file below ``data/``; empty where the workbook has nothing of it."""
    files = (c.target.file for s in filled.template.sheets for _r, _c, c in s.inputs())
    return next((file for file in files if file.endswith(".yaml")), "")


def base_scheme(filled: Filled, data: Path) -> Scheme | None:
    """The scheme of the workbook if it has figures of the base year to be compared and can be read."""
    file = params_file(filled)
    try:
        scheme = load_scheme((data / file).parent, compare=False) if file else None
    except InputError:
        return None
    if scheme is None:
        return None
    return scheme if scheme.collecting and scheme.starts is None else None


def check_contributions(filled: Filled, before: Scheme | None, after: Scheme | None) -> None:
    """Complain where contributions and what they follow from have moved apart by more than :data:`PLAUSIBLE_FACTOR`."""
    if before is None or after is None:
        return
    expected, usual = _expected(after), before.calibration["contributions"].value / _expected(before)
    found = after.calibration["contributions"].value
    if expected > 0.0 and 1.0 / PLAUSIBLE_FACTOR <= found / (expected * usual) <= PLAUSIBLE_FACTOR:
        return
    targets = _targets(filled, after)
    changed = [change for change in filled.changes if change.input.target in targets.values()]
    if not changed:
        return
    place = next((c for c in changed if c.input.target == targets["contributions"]), changed[0])
    cells = {name: _cell(filled, target) for name, target in targets.items()}
    rates = " and ".join(cells[name] for name in ("employee", "employer"))
    calibration = after.calibration
    text = (
        f"contributions of {found:,.15g} a year ({cells['contributions']}) do not go with the rest: "
        f"{calibration['active_contributors'].value:,.15g} contributors ({cells['active_contributors']}), average insured pay of "
        f"{calibration['average_insurable_earnings'].value:,.15g} a month ({cells['average_insurable_earnings']}), the contribution rates ({rates}) "
        f"and the shares collected ({cells['density']} and {cells['compliance']}) give {expected * usual:,.0f}; allowed is a factor of "
        f"{PLAUSIBLE_FACTOR:g} between them. Are all amounts in units of the currency, not in thousands or millions?"
    )
    filled.findings.add(text, place.tab, place.row, place.column)


def _expected(scheme: Scheme) -> float:
    return expected_contributions(parts_of({}, scheme.file))


def _targets(filled: Filled, scheme: Scheme) -> dict[str, Target]:
    """Places of the figures of the formula, by name; of dated rates the value of the base year."""
    file = params_file(filled)
    figures = ("contributions", "active_contributors", "average_insurable_earnings")
    found = {name: Target(file, ("calibration", name), "value") for name in figures}
    parts = (("contributions", "employee"), ("contributions", "employer"), ("collection", "density"), ("collection", "compliance"))
    for part, name in parts:
        series = getattr(getattr(scheme.file, part), name)
        past = [i for i, item in enumerate(series.values) if item.start <= date(VALUATION_YEAR, 7, 1)]
        dated = Target(file, (part, name, "values", past[-1] if past else 0), "value")
        found[name] = dated if dated in filled.cells else Target(file, (part, name), "value")
    return found


def _cell(filled: Filled, target: Target) -> str:
    """Sheet and cell of an input; its name where the sheet has no such cell."""
    if target not in filled.cells:
        return str(target)
    tab, row, column = filled.cells[target]
    return f"{tab}!{address(row, column)}"


def remark_far_changes(filled: Filled) -> None:
    """Remark on numbers of the lists of the scheme that changed by more than :data:`REMARKED_FACTOR`, or to nothing, or their sign."""
    for sheet in filled.template.sheets:
        if sheet.key not in ("base", "rules", "branches"):
            continue
        rows = {cell.target: sheet.rows[r - sheet.first_row] for r, _c, cell in sheet.inputs()}
        for change in filled.changes:
            old, new = change.input.value, change.new
            if change.input.target not in rows or not isinstance(old, float) or not isinstance(new, float):
                continue
            if _far(old, new):
                name, unit = (str(cell.value) if isinstance(cell, Shown) else "" for cell in rows[change.input.target].cells[:4:3])
                text = f"{name}: {new:,.15g} in place of {old:,.15g} ({unit}), more than a factor of {REMARKED_FACTOR:g}; is it meant so?"
                filled.findings.remark(text, change.tab, change.row, change.column)


def _far(old: float, new: float) -> bool:
    """Whether ``new`` is further from ``old`` than the factor; nothing is far from zero.

    >>> _far(180.0, 15.0), _far(180.0, 120.0), _far(0.1, 0.0), _far(0.0, 5.0), _far(0.02, -0.02)
    (True, False, True, False, True)
    """
    return old != 0.0 and not 1.0 / REMARKED_FACTOR <= new / old <= REMARKED_FACTOR


def about_the_start(error: Exception) -> bool:
    """Whether an error was raised where the model is brought to the figures of the base year; any other is none of a workbook's."""
    codes = _codes(error)
    return bool(codes) and Path(codes[-1].co_filename).name in _SOURCES


def start_error(error: Exception, workbooks: Sequence[Filled]) -> InputError:
    """The error in terms of the workbooks with changes: file, the cells that it is about, and what was found."""
    changed = [filled for filled in workbooks if filled.changes]
    own = [filled for filled in changed if str(error).startswith(f"{Path(params_file(filled)).parent.name}:")]
    told = []
    for filled in own or changed:
        known = {str(t.row[-1]): t for t in filled.cells if t.part == "value" and t.row[0] == "calibration"}
        names = [name for name in _figures_of(_codes(error)) if name in known] or list(known)
        cells = ", ".join(f"{_cell(filled, known[name])} ({name.replace('_', ' ')})" for name in names)
        told.append(f"{filled.findings.file}{f', see {cells}' if cells else ''}")
    return InputError(f"{'; '.join(told)}: the projection cannot start from the changed figures: {_text(error)}")


def _text(error: Exception) -> str:
    """What an error says; an arithmetic error of numbers that do not go together says nothing that helps."""
    return "they lead to a division by zero" if isinstance(error, ZeroDivisionError) else str(error)


def _figures_of(codes: Sequence[CodeType]) -> tuple[str, ...]:
    """Names of the figures of the base year that the function uses which failed."""
    from actuarial.careers.country import scale_of_earnings
    from actuarial.careers.coverage import coverage
    from actuarial.feasibility.calibration import account_calibration, pension_stock

    uses = {
        scale_of_earnings.__code__: ("contributions", "active_contributors"),
        coverage.__code__: ("active_contributors",),
        pension_stock.__code__: ("benefits", "pension_payroll", "pensioners", "contributions"),
        account_calibration.__code__: ("reserve", "member_balances", "benefits"),
    }
    return next((uses[code] for code in reversed(codes) if code in uses), ())


def _codes(error: Exception) -> list[CodeType]:
    """Functions that an error passed through, the one that raised it last."""
    trace, found = error.__traceback__, []
    while trace is not None:
        found.append(trace.tb_frame.f_code)
        trace = trace.tb_next
    return found
