"""What a person wrote into the parameter cell of a report notebook, checked in the cell after it.

A mistake is told as everywhere: all of them in one message, what was found, what is allowed, the nearest name; no lines of the program
(:class:`~actuarial.basis.errors.InputError` shows itself so in a notebook), and no file is written.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from actuarial.basis.errors import Gathered, InputError, shown, unknown_name
from actuarial.basis.plain_files import LARGEST_RECORD, is_file, read_plain_text
from actuarial.reporting.language import check_language

STUDY = "study.json"
COMPARISON = "comparison.json"


def check_parameters(results_dir: str, out_dir: str, language: str, countries: Sequence[str] = (), *, record: str = STUDY) -> None:
    """Refuse a folder without results (``record`` is what it must hold), a place to write to that is none, unknown countries and languages.

    Raises one :class:`InputError` with all of them.
    """
    gathered = Gathered()
    members = gathered.read(_members, Path(results_dir), record)
    if not Path(out_dir).is_dir():
        gathered.refuse(f"out_dir: there is no folder {shown(Path(out_dir))}; make it, or name another one")
    gathered.read(check_language, language)
    for country in countries:
        if members and country not in members:
            gathered.refuse(unknown_name("country", country, members))
    gathered.check()


def _members(folder: Path, record: str) -> list[str]:
    """Countries of the results in a folder."""
    if not is_file(folder / record):
        raise InputError(f"results_dir: {shown(folder)} holds no {record}; name the folder results/ of a run of `actuarial reports` or `compare`")
    try:
        head: dict[str, Any] = json.loads(read_plain_text(folder / record, LARGEST_RECORD))
        if record == COMPARISON:
            head = json.loads(read_plain_text(folder / head["combinations"][0]["folder"] / STUDY, LARGEST_RECORD))
        return [country for country in head["meta"]["members"] if country in head["schemes"]]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(f"results_dir: {shown(folder / record)} is not what a run wrote ({type(error).__name__}: {error})") from None
