"""The answer to one person's case as text for a caseworker, and as JSON for programs.

1. JSON holds the keys of :data:`KEYS` for every state and for the total, with and without the instrument. Months are numbers; a ratio is a
   fraction in text (``"1/3"``), so that nothing is lost; ``null`` says that a quantity does not arise.
2. The text shows the same figures, then the reasoning step by step, each step with the rule it rests on.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import pandas as pd

from actuarial.feasibility.entitlement import Entitlement, Total
from actuarial.provisions.claim import StateAmount, Step

KEYS: Final = (
    "own_months", "total_months", "eligible_alone", "eligible_by_totalisation", "independent", "theoretical", "ratio", "pro_rata", "payable",
    "lump_sum", "reason",
)  # fmt: skip
_WIDTH: Final = 110


def as_json(answer: Entitlement) -> str:
    """The answer as a JSON document."""
    return json.dumps(as_dict(answer), indent=2, ensure_ascii=False)


def as_dict(answer: Entitlement) -> dict[str, Any]:
    """The answer as plain values."""
    case, instrument = answer.loaded.case, answer.loaded.instrument
    return {
        "title": case.title,
        "contingency": case.contingency,
        "date": case.date.isoformat(),
        "amounts_per": case.amounts_per,
        "instrument": None if instrument is None else instrument.id,
        "states": {a.state: _part(a) for a in answer.with_instrument},
        "total": _part(answer.total_with),
        "without_instrument": {
            "states": {a.state: _part(a) for a in answer.without_instrument},
            "total": _part(answer.total_without),
        },
        "explanation": {
            "case": [_step(step) for step in answer.general],
            **{a.state: [_step(step) for step in a.steps] for a in answer.with_instrument},
        },
        "disagreements": list(answer.disagreements),
    }


def _part(part: StateAmount | Total) -> dict[str, Any]:
    values = {key: _plain(key, getattr(part, key)) for key in KEYS}
    first = {"currency": part.currency} if isinstance(part, Total) else {"scheme": part.scheme, "currency": part.currency}
    shared = {"borne": part.borne} if isinstance(part, StateAmount) and abs(part.borne - part.payable - part.lump_sum) > 1e-9 else {}
    return {**first, **values, **shared}


def _plain(key: str, value: object) -> object:
    if not isinstance(value, Fraction):
        return value
    if key == "ratio":
        return f"{value.numerator}/{value.denominator}"
    return value.numerator if value.denominator == 1 else float(value)


def _step(step: Step) -> dict[str, str]:
    return {"text": step.text, "rule": step.rule}


def as_frame(answer: Entitlement) -> pd.DataFrame:
    """With and without the instrument as one table, a row for each case and state and for the totals."""
    rows = []
    for name, amounts, total in (
        ("with", answer.with_instrument, answer.total_with),
        ("without", answer.without_instrument, answer.total_without),
    ):
        named: list[tuple[str, StateAmount | Total]] = [*((a.state, a) for a in amounts), ("total", total)]
        for state, part in named:
            values = {key: _plain(key, getattr(part, key)) for key in KEYS}
            rows.append({"case": name, "state": state, "currency": part.currency, **values})
    return pd.DataFrame(rows).set_index(["case", "state"])


def comparison_frame(answers: Mapping[str, Entitlement]) -> pd.DataFrame:
    """Pension payable by state under each instrument, and without one; a row for each, amounts in the schemes' currencies."""
    rows = {name: {f"{a.state} ({a.currency})": a.payable for a in answer.with_instrument} for name, answer in answers.items()}
    if answers:
        last = list(answers.values())[-1]
        rows["without any instrument"] = {f"{a.state} ({a.currency})": a.payable for a in last.without_instrument}
    return pd.DataFrame.from_dict(rows, orient="index")


def as_text(answer: Entitlement) -> str:
    """The answer as a table, the comparison, and the reasoning."""
    case, instrument = answer.loaded.case, answer.loaded.instrument
    lines = [case.title, "=" * len(case.title), ""]
    if case.note:
        lines += [*textwrap.wrap(" ".join(case.note.split()), _WIDTH), ""]
    name = "none" if instrument is None else instrument.title
    lines += [f"Contingency {case.contingency.replace('_', ' ')}, {case.date}. Amounts per {case.amounts_per}. Instrument: {name}.", ""]
    lines += _table("With the instrument", answer.with_instrument, answer.total_with)
    lines += _table("Without the instrument", answer.without_instrument, answer.total_without)
    lines += ["Step by step", "------------"]
    lines += _steps("The case", answer.general)
    for amount in answer.with_instrument:
        lines += _steps(f"{amount.state} ({amount.scheme})", amount.steps or (Step(amount.reason),))
    if answer.disagreements:
        lines += ["", "The case expects something else:", *(f"  {line}" for line in answer.disagreements)]
    return "\n".join(lines) + "\n"


def _table(title: str, amounts: tuple[StateAmount, ...], total: Total) -> list[str]:
    head = ("state", "currency", "own months", "all months", "right", "independent", "theoretical", "ratio", "pro rata", "payable", "lump sum")
    rows = [_row(a.state, a) for a in amounts] + [_row("total", total)]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(row: tuple[str, ...]) -> str:
        return "  ".join(cell.ljust(w) if i in (0, 1, 4) else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))).rstrip()

    return [title, "-" * len(title), line(head), *(line(row) for row in rows), *([total.reason] if total.reason else []), ""]


def _row(name: str, part: StateAmount | Total) -> tuple[str, ...]:
    right = "own" if part.eligible_alone else "together" if part.eligible_by_totalisation else "none"
    return (
        name, part.currency, _months(part.own_months), _months(part.total_months), right, _money(part.independent), _money(part.theoretical),
        "-" if part.ratio is None else f"{float(part.ratio):.4f}", _money(part.pro_rata), _money(part.payable), _money(part.lump_sum),
    )  # fmt: skip


def _months(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.2f}"


def _money(value: float | None) -> str:
    return "-" if value is None else f"{value:,.2f}"


def _steps(title: str, steps: tuple[Step, ...]) -> list[str]:
    lines = [f"{title}:"]
    for number, step in enumerate(steps, 1):
        text = f"{step.text} [{step.rule}]" if step.rule else step.text
        lines += textwrap.wrap(text, _WIDTH, initial_indent=f"  {number}. ", subsequent_indent="     ")
    return lines
