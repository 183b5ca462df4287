"""A reproduction in words: what differs of the software first, then figures, then bytes, then the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from actuarial.audit.reproduce import MAY_DIFFER, Reproduction
from actuarial.basis.errors import shown
from actuarial.reporting.roll_forward import TOLERANCE

_SHOWN: Final = 20


def as_text(run: Path, found: Reproduction) -> str:
    """Text for people; ends with a line break."""
    lines = [f"{shown(run)} made again from the inputs that it keeps"]
    if found.changed:
        lines += [f"The run is not as it was written ({len(found.changed)}; `verify` says more):", *_listed(found.changed)]
    if found.software.said:
        lines += ["Other software or machine than then, so that only figures decide:", *_listed(found.software.said)]
    else:
        lines.append("Software and machine: the same as then.")
    if found.software.contradictions:
        lines += ["What the run says of its software cannot be:", *_listed(found.software.contradictions)]
    lines += [*_figures(found), *_bytes(found), "Verdict: " + _verdict(found)]
    return "\n".join(lines) + "\n"


def _figures(found: Reproduction) -> list[str]:
    figures = found.figures
    lines = [f"Figures: {figures.figures} in {figures.tables} tables; {len(figures.gaps)} not identical, {len(figures.beyond)} beyond {TOLERANCE:g}."]
    if figures.largest is not None:
        lines.append(f"  largest difference: {figures.largest}")
    return [*lines, *_listed(figures.shapes), *_listed([str(gap) for gap in figures.beyond])]


def _bytes(found: Reproduction) -> list[str]:
    due = "" if found.bytes_due else " (not due to be the same)"
    lines = [f"Bytes: {found.same} files the same, {len(found.differing)} not{due}; not compared: {' and '.join(MAY_DIFFER)} (times)."]
    for names, what in ((found.differing, "other bytes"), (found.missing, "not made again"), (found.new, "not in the run")):
        lines += _listed([f"{name}: {what}" for name in names])
    if found.cells:
        lines += [f"Workbooks: {len(found.cells)} figures or formulas differ:", *_listed(found.cells)]
    if found.manifest:
        lines.append(f"  {MAY_DIFFER[0]} differs in {', '.join(found.manifest)}")
    return lines


def _verdict(found: Reproduction) -> str:
    if not found.figures.equal:
        return "NOT reproduced: figures differ."
    if found.software.contradictions:
        return "NOT reproduced: figures of the tables are, but what the run says of its software cannot be."
    if found.cells:
        return "NOT reproduced: figures of the tables are, figures inside workbooks differ."
    if not found.bytes_due:
        return f"figures of the tables reproduced{_workbooks(found)}; figures printed in reports were NOT compared byte for byte."
    return "reproduced, figures and bytes." if found.bytes_equal else "figures reproduced, bytes NOT."


def _workbooks(found: Reproduction) -> str:
    again = any(name.endswith("/report.xlsx") for name in found.differing)
    return " and held against those inside workbooks" if again else ""


def _listed(lines: Sequence[str]) -> list[str]:
    more = [f"  and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return [*(f"  {line}" for line in lines[:_SHOWN]), *more]
