"""Surroundings a command must not depend on: time zone, language, seeds of hashes, rights of new files, the year that builds are told."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from dataclasses import dataclass

ZONES = ("UTC", "Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu")
LANGUAGES: tuple[Mapping[str, str], ...] = (
    {"LC_ALL": "C.UTF-8"},
    {"LC_ALL": "C", "PYTHONUTF8": "0"},
    {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    {"LC_NUMERIC": "fr_FR.UTF-8", "LANG": "fr_FR.UTF-8", "PYTHONUTF8": "1"},
)
BUILD_DATES = ("", "0", "2147483648", "4102444800")
"""Seconds since 1970: unset, 1970, 2038, 2100."""
UMASKS = (0o022, 0o077, 0o002)


@dataclass(frozen=True)
class Surroundings:
    """What one start of a command finds around it."""

    changed: Mapping[str, str]
    umask: int = 0o022

    def environment(self) -> dict[str, str]:
        """Variables of the process; empty ones are taken away."""
        return {name: value for name, value in {**os.environ, **self.changed}.items() if value}

    def __str__(self) -> str:
        said = " ".join(f"{name}={value}" for name, value in sorted(self.changed.items()) if value)
        return f"{said} umask={self.umask:03o}"


def drawn(luck: random.Random) -> Surroundings:
    """Any of them, together."""
    own = {"LC_ALL": "", "LC_NUMERIC": "", "LANG": "", "PYTHONUTF8": "", **luck.choice(LANGUAGES)}
    own |= {"TZ": luck.choice(ZONES), "PYTHONHASHSEED": str(luck.randrange(1000)), "SOURCE_DATE_EPOCH": luck.choice(BUILD_DATES)}
    return Surroundings(own, luck.choice(UMASKS))
