"""The answer to "whose law applies" as text for a caseworker, and as JSON for programs."""

from __future__ import annotations

import json
import textwrap
from typing import Any, Final

from actuarial.feasibility.case_legislation import LegislationAnswer, results

_WIDTH: Final = 110


def legislation_json(answer: LegislationAnswer) -> str:
    """The answer as a JSON document."""
    return json.dumps(legislation_dict(answer), indent=2, ensure_ascii=False)


def legislation_dict(answer: LegislationAnswer) -> dict[str, Any]:
    """The answer as plain values; ``state`` is ``null`` where each state levies by its national law."""
    case, instrument = answer.loaded.case, answer.loaded.instrument
    return {
        "title": case.title,
        "contingency": case.contingency,
        "from": case.start.isoformat(),
        "until": case.until.isoformat(),
        "instrument": None if instrument is None else instrument.id,
        "currency": case.currency,
        "legislation": [
            {
                "state": spell.state or None,
                "rule": spell.rule,
                "from": spell.start.isoformat(),
                "until": spell.end.isoformat(),
                "explanation": list(spell.explanation),
            }
            for spell in answer.spells
        ],
        "contributions": {
            s.scheme: {
                "state": s.state,
                "without": {"worker": s.without.worker, "employer": s.without.employer, "months": float(s.months_without)},
                "with": {"worker": s.with_instrument.worker, "employer": s.with_instrument.employer, "months": float(s.months_with)},
            }
            for s in answer.effect.schemes
        },
        "total": results(answer),
        "explanation": [{"text": step.text, "rule": step.rule} for step in answer.general],
        "disagreements": list(answer.disagreements),
    }


def legislation_text(answer: LegislationAnswer) -> str:
    """The answer as tables and the reasoning."""
    case, total = answer.loaded.case, results(answer)
    lines = [case.title, "=" * len(case.title), ""]
    if case.note:
        lines += [*textwrap.wrap(" ".join(case.note.split()), _WIDTH), ""]
    lines += ["Applicable legislation", "----------------------"]
    for spell in answer.spells:
        state = spell.state or "each state by its national law"
        lines.append(f"{spell.start} to {spell.end}  {state}  ({spell.rule.replace('_', ' ')})")
    lines += ["", f"Contributions, {case.currency}", "-" * (15 + len(case.currency))]
    head = ("levy", "worker without", "employer without", "worker with", "employer with", "months without", "months with")
    rows = [head]
    for s in answer.effect.schemes:
        amounts = (s.without.worker, s.without.employer, s.with_instrument.worker, s.with_instrument.employer)
        rows.append((s.scheme, *(f"{a:,.2f}" for a in amounts), f"{float(s.months_without):g}", f"{float(s.months_with):g}"))  # type: ignore[arg-type]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    for row in rows:
        lines.append("  ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))))
    saved = answer.effect.saved
    lines.append(f"Saved by the instrument: worker {saved.worker:,.2f}, employer {saved.employer:,.2f}, together {saved.total:,.2f} {case.currency}.")
    lines.append(f"Months with double contributions without it: {total['double_months']}.")
    if total["uninsured_months_without"] or total["uninsured_months_with"]:
        lines.append(f"Months of work insured nowhere: {total['uninsured_months_without']} without it, {total['uninsured_months_with']} with it.")
    lines += ["", "Step by step", "------------"]
    lines += _steps("The case", [f"{step.text} [{step.rule}]" for step in answer.general])
    for spell in answer.spells:
        lines += _steps(f"From {spell.start}", list(spell.explanation))
    if answer.disagreements:
        lines += ["", "The case expects something else:", *(f"  {line}" for line in answer.disagreements)]
    return "\n".join(lines) + "\n"


def _steps(title: str, texts: list[str]) -> list[str]:
    lines = [f"{title}:"]
    for number, text in enumerate(texts, 1):
        lines += textwrap.wrap(text, _WIDTH, initial_indent=f"  {number}. ", subsequent_indent="     ")
    return lines
