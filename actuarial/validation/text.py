"""The answer of the command ``validate`` as text, and the table of cases of ``docs/validation-cases.md``."""

from __future__ import annotations

from collections.abc import Sequence

from actuarial.reporting.validation_record import SUBJECTS
from actuarial.validation.case import Case, Check, load_cases
from actuarial.validation.plan import Run
from actuarial.validation.published import calculator


def as_text(run: Run, *, every: bool = False) -> str:
    """One line for each subject, every figure if asked for, what failed, and what was not run."""
    lines = [f"{'subject':<84}{'cases':>6}{'figures':>9}{'passed':>8}{'nearest to its tolerance':>26}{'seconds':>9}"]
    for subject, title in SUBJECTS.items():
        if own := run.of(subject):
            lines.append(_subject(title, own))
        lines += [f"{title:<84} not run: {missing.reason}" for missing in run.not_run if missing.subject == subject]
    if every:
        lines += ["", *(_figure(check) for check in run.checks)]
    failed = [check for check in run.checks if not check.passed]
    lines += ["", *(f"FAILED {_figure(check)}\n       {check.what}; {check.reason}" for check in failed)]
    lines.append(f"{len(run.checks)} figures, {len(failed)} failed; {run.seconds:.0f} seconds")
    return "\n".join(lines) + "\n"


def _subject(title: str, checks: Sequence[Check]) -> str:
    passed = sum(check.passed for check in checks)
    worst = max(checks, key=lambda check: check.strain)
    nearest = f"{abs(worst.difference):.2g} of {worst.tolerance:.2g}"
    seconds = sum(check.seconds for check in checks)
    return f"{title:<84}{len({check.case for check in checks}):>6}{len(checks):>9}{passed:>8}{nearest:>26}{seconds:>9.1f}"


def _figure(check: Check) -> str:
    gap = f"difference {check.difference:.2g} ({check.measure}), allowed {check.tolerance:.2g}"
    return f"{check.id}: expected {check.expected:.10g}, found {check.found:.10g}, {gap}"


def case_rows() -> list[str]:
    """Rows of the table of cases, in Markdown: case, what, kind and evidence, figures, and the function that computes it."""
    return [_case_row(case) for case in load_cases().values()]


def _case_row(case: Case) -> str:
    function = calculator(case)
    return f"| {case.id} | {case.what} | {case.kind}, {case.evidence} | {len(case.expected)} | `{function.__module__}.{function.__name__}` |"
