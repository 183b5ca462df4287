"""Cases of ``cases.yaml`` by the functions that compute them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Final

from actuarial.validation import finance, life, people, series, worked
from actuarial.validation.case import Case, Check, Figure, judged, load_cases, timed

MODULES: Final[dict[str, Sequence[ModuleType]]] = {
    "life": (life,),
    "demography": (people,),
    "finance": (finance,),
    "coordination": (worked, series),
    "series": (series,),
}
"""Where the functions of a subject stand."""


def published(case_id: str) -> Case:
    """A case by its id. Raises ``KeyError``."""
    return load_cases()[case_id]


def cases_of(subject: str) -> list[Case]:
    """Cases of a subject."""
    return [case for case in load_cases().values() if case.subject == subject]


def calculator(case: Case) -> Callable[..., dict[str, Figure]]:
    """The function that computes a case. Raises ``ValueError`` when the modules of its subject have none of that name."""
    for module in MODULES.get(case.subject, ()):
        if hasattr(module, case.function):
            found: Callable[..., dict[str, Figure]] = getattr(module, case.function)
            return found
    raise ValueError(f"{case.id}: no function '{case.function}' for cases of '{case.subject}'")


def run_case(case: Case) -> list[Check]:
    """Checks of one case."""
    return timed(lambda: judged(case, calculator(case)(**case.given)))
