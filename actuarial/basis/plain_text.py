r"""What text from a file may hold, and how text that may hold anything is shown.

1. Text of an input holds letters, signs, blanks, tabs and ends of lines. Other control characters, and the marks that change the direction of what
   follows (Unicode bidirectional embeddings, overrides and isolates), are refused where it is read: on a terminal they are commands, in a report they
   make one text look like another, and no document format of the outputs may hold most of them.
2. A message shows such characters as escapes, ``\x1b`` or ``\u202e``, and is cut where it would fill a screen many times over.

Ranges: C0 and C1 controls, Unicode 16.0 §23.1; directional formatting, UAX #9 §2; noncharacters and surrogates, §23.6-23.7.
"""

from __future__ import annotations

import re
from typing import Final

_CONTROLS: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
_REFUSED: Final = re.compile(f"[{_CONTROLS}]")
_HIDDEN: Final = re.compile(f"[{_CONTROLS}\r\x85]")
_HIDDEN_OR_BREAK: Final = re.compile(f"[{_CONTROLS}\r\n\t\x85]")
LONGEST_SHOWN_LINE: Final = 4_000
"""Characters of one line of a message; the longest list of allowed names has fewer than half of them."""
MOST_SHOWN_LINES: Final = 400
"""Lines of a message; more problems than that are one mistake."""


def control_in(text: str) -> str:
    r"""Name of the first character that no input may hold, or an empty text.

    >>> control_in("Kenya\tNSSF"), control_in("a\x1b[31m"), control_in("a\u202eb")
    ('', 'U+001B', 'U+202E')
    """
    found = _REFUSED.search(text)
    return f"U+{ord(found.group()):04X}" if found else ""


def visible(text: str, *, one_line: bool = False) -> str:
    r"""Text with every control character as an escape; ends of lines and tabs too where it must stay on one line.

    >>> visible("a\x1b[31m\n"), visible("a\nb", one_line=True)
    ('a\\x1b[31m\n', 'a\\nb')
    """
    pattern = _HIDDEN_OR_BREAK if one_line else _HIDDEN
    return pattern.sub(lambda found: found.group().encode("unicode_escape", "surrogatepass").decode("ascii"), text)


def message(text: str) -> str:
    """Text of a message: control characters visible, very long lines and very many lines cut."""
    lines = visible(text).split("\n")
    if len(lines) > MOST_SHOWN_LINES:
        lines = [*lines[:MOST_SHOWN_LINES], f"  and {len(lines) - MOST_SHOWN_LINES:,} more lines"]
    return "\n".join(f"{s[:LONGEST_SHOWN_LINE]} … ({len(s):,} characters)" if len(s) > LONGEST_SHOWN_LINE else s for s in lines)


def short(text: str, most: int = 120) -> str:
    """A found value as messages quote it.

    >>> short("abcdef", 4)
    'abcd… (6 characters)'
    """
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


_LIVE_CELL: Final = re.compile(r"'*[=+\-@\t\r]")
_QUOTED_CELL: Final = re.compile(r"'+[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?|[-+]?(?:inf|nan)")


def quoted_cell(text: str) -> str:
    """A text as a table keeps it that people open in a spreadsheet too: no formula there, and the same text again by :func:`unquoted_cell`.

    >>> quoted_cell("=1+1"), quoted_cell("-3.5"), quoted_cell("'=1"), quoted_cell("Export")
    ("'=1+1", '-3.5', "''=1", 'Export')
    """
    return f"'{text}" if _LIVE_CELL.match(text) and not _NUMBER.fullmatch(text) else text


def unquoted_cell(cell: str) -> str:
    """The text that :func:`quoted_cell` was given."""
    return cell[1:] if _QUOTED_CELL.match(cell) else cell
