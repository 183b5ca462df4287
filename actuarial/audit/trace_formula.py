"""Formulas as the code prints them: taken from the docstring of the function that computes a figure, never typed again."""

from __future__ import annotations

import importlib
import inspect
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_APART: Final = re.compile(r"(?:``Raises|Raises|Case [A-Z]|Cases [A-Z])\b.*", re.DOTALL)


@dataclass(frozen=True)
class Formula:
    """Words of a docstring, and where they stand (``actuarial/finance/indicators.py:48``)."""

    name: str
    text: str
    place: str


@cache
def formula_of(reference: str) -> Formula:
    """Formula of ``module:function`` (or of a whole module): the first paragraph of its docstring and those that hold an equation.

    Raises ``ValueError`` for a reference that is not there or has no docstring.
    """
    module_name, _, inner = reference.partition(":")
    try:
        found: object = importlib.import_module(module_name)
        for part in inner.split(".") if inner else ():
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise ValueError(f"no such formula: {reference} ({error})") from None
    if isinstance(found, property):
        found = found.fget
    said = inspect.getdoc(found)
    if not said:
        raise ValueError(f"{reference} has no docstring")
    place = Path(inspect.getsourcefile(found) or "").resolve()  # type: ignore[arg-type]
    line = 1 if isinstance(found, ModuleType) else inspect.getsourcelines(found)[1]  # type: ignore[arg-type]
    return Formula(reference, _formula_in(said), f"{place.relative_to(_PACKAGE.parent).as_posix()}:{line}")


def _formula_in(docstring: str) -> str:
    """First paragraph, and each paragraph or numbered convention with an equation; without errors raised and cases."""
    parts = [p.strip() for block in docstring.split("\n\n") for p in re.split(r"\n(?=\d+\. )", block)]
    wanted = [part for n, part in enumerate(parts) if n == 0 or (" = " in part and not part.startswith("|"))]
    plain = (_APART.sub("", " ".join(part.split())).strip() for part in wanted)
    return " ".join(re.sub(r":[a-z]+:`[~]?([^`]+)`", r"\1", part).replace("``", "") for part in plain if part)
