"""The words of a command line, looked at before anything is done with them.

A word that holds a control character, or is longer than the name of a file can be, is neither a name nor a number: it is refused at once, and a
message never repeats such a character to the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actuarial.basis.errors import InputError
from actuarial.basis.plain_text import control_in, short, visible

LONGEST_WORD: Final = 4_000
"""Characters; Linux allows 4,096 bytes in the path of a file."""
LONGEST_NAME: Final = 255
"""Bytes of one name in a path: what the usual file systems allow."""


def check_words(words: Sequence[str]) -> None:
    """Raise :class:`InputError` with everything that is wrong with the words of a command line."""
    problems = []
    for number, word in enumerate(words, 1):
        named = f"word {number} of the command, '{short(visible(word, one_line=True), 80)}'"
        if control := control_in(word) or next((f"U+{ord(sign):04X}" for sign in "\r\n\x85" if sign in word), ""):
            problems.append(f"{named}: holds the control character {control}; allowed are letters, digits and signs")
        elif len(word) > LONGEST_WORD or any(len(name.encode("utf-8", "replace")) > LONGEST_NAME for name in re.split(r"[/\\]", word)):
            problems.append(f"{named}: longer than a name can be; allowed are {LONGEST_NAME} bytes for each name of a path, {LONGEST_WORD:,} in all")
    if problems:
        raise InputError("\n".join(problems))
