"""Tables that many chapters ask for, made once for each study.

1. What is remembered lives with the result it was made from and goes with it; a result changed with ``dataclasses.replace`` remembers nothing.
2. Every call gives a table of its own, which the caller may change.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import pandas as pd

R = TypeVar("R")
P = ParamSpec("P")
_PLACE = "_remembered"


def remembered(function: Callable[Concatenate[R, P], pd.DataFrame]) -> Callable[Concatenate[R, P], pd.DataFrame]:
    """Keep what ``function(result, ...)`` returned for each set of arguments (hashable, as they are given) on ``result``, a frozen dataclass."""

    @wraps(function)
    def kept(result: R, /, *args: P.args, **kwargs: P.kwargs) -> pd.DataFrame:
        tables: dict[Hashable, pd.DataFrame] = vars(result).setdefault(_PLACE, {})
        key = (function.__module__, function.__qualname__, args, tuple(sorted(kwargs.items())))
        if key not in tables:
            tables[key] = function(result, *args, **kwargs)
        return tables[key].copy(deep=False)  # written to, a shallow copy becomes a copy (pandas 3)

    return kept
