"""CSV files for people, whose spreadsheets take a text that begins with ``= + - @`` or a control character for a formula.

Such a text gets an apostrophe before it; numbers, and texts that are numbers, stay as they are.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

LIVE: Final = ("=", "+", "-", "@", "\t", "\r")


def neutral(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula.

    >>> neutral("=1+1"), neutral("-3.5"), neutral(-3.5), neutral("Export")
    ("'=1+1", '-3.5', -3.5, 'Export')
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(LIVE) and not _is_number(value) else value


def neutral_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every text neutral (:func:`neutral`); columns of numbers are not touched."""
    texts = [c for c in frame.columns if not pd.api.types.is_numeric_dtype(frame[c]) and not pd.api.types.is_bool_dtype(frame[c])]
    return frame.assign(**{str(c): [neutral(v) for v in frame[c]] for c in texts})


def _is_number(text: str) -> bool:
    if text != text.strip():
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True
