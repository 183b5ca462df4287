"""What a manifest says of its run in several places: options, parts and settings, held against the study and the reports that lie there.

A run of ``reports`` names scenario and instrument as they were asked for, in the settings that were read, and in the study; the countries asked for
lead to the parts; every part has every file of a report, and notebook and page name the language. Other folders state less and are held to less.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from actuarial.audit.carried import REPORTS
from actuarial.reporting.produce import REGION, RESULTS
from actuarial.reporting.run_folder import MANIFEST

FILES: Final = (*REPORTS, "report.ipynb")
"""Files of every part of a run."""
_LANGUAGE: Final = re.compile(rb'<html lang="([^"]*)"')
_HEAD: Final = 4096


def contradictions(run: Path, manifest: Mapping[str, Any]) -> list[str]:
    """One sentence for each place where a manifest contradicts itself, the study or the reports; empty for what is no run of ``reports``."""
    asked, study, parts = (manifest.get(name) for name in ("parameters", "study", "parts"))
    if "kind" in manifest:
        return []
    if not isinstance(asked, dict) or not isinstance(study, dict) or not isinstance(parts, list):
        return [f"{MANIFEST}: parameters, study or parts are missing"]
    if strange := [part for part in parts if not isinstance(part, str) or not part.isalnum()]:
        return [f"{MANIFEST}: {strange[0]!r} is no part of a run"]
    return [*_names(asked, study, manifest), *_study(run, study), *_parts(asked, study, parts), *_files(run, parts), *_language(run, asked, parts)]


def _names(asked: Mapping[str, Any], study: Mapping[str, Any], manifest: Mapping[str, Any]) -> list[str]:
    settings = manifest.get("settings")
    problems = []
    for what, key in (("scenario", "name"), ("instrument", "id")):
        named = _name(str(asked.get(what)))
        if named != study.get(what):
            problems.append(f"{MANIFEST}: the {what} of parameters is {named}, that of the study {study.get(what)}")
        own = settings.get(what) if isinstance(settings, dict) else None
        if settings is not None and (not isinstance(own, dict) or own.get(key) != study.get(what)):
            problems.append(f"{MANIFEST}: the {what} of settings is not that of the study, {study.get(what)}")
    return problems


def _name(asked: str) -> str:
    """Name of a scenario or instrument that was asked for by name or by path; a file is named like its scenario, a folder like its instrument."""
    path = PurePosixPath(asked)
    return path.parent.name if path.name == "instrument.yaml" else path.name.removesuffix(".yaml").removesuffix(".yml")


def _study(run: Path, study: Mapping[str, Any]) -> list[str]:
    """Where the study that lies there says other than the manifest."""
    try:
        meta = json.loads((run / RESULTS / "study.json").read_text(encoding="utf-8"))["meta"]
        own = {name: value for name, value in meta.items() if name != "inputs"}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [f"{RESULTS}/study.json: cannot be read as what a study says of itself"]
    differing = [name for name in sorted({*own, *study}) if own.get(name) != study.get(name)]
    return [f"{RESULTS}/study.json: states other {', '.join(differing)} than {MANIFEST}"] if differing else []


def _parts(asked: Mapping[str, Any], study: Mapping[str, Any], parts: list[Any]) -> list[str]:
    countries, members = asked.get("countries"), study.get("members")
    if not isinstance(countries, list) or not isinstance(members, list):
        return [f"{MANIFEST}: does not say which countries were asked for"]
    wanted = {str(country) for country in countries or members}
    due = {*wanted, REGION} if wanted == {str(member) for member in members} else wanted
    return [] if {str(part) for part in parts} == due else [f"{MANIFEST}: its parts are not those of the countries asked for"]


def _files(run: Path, parts: list[Any]) -> list[str]:
    return [f"{part}/{name}: missing, and every part of a run has one" for part in parts for name in FILES if not (run / str(part) / name).is_file()]


def _language(run: Path, asked: Mapping[str, Any], parts: list[Any]) -> list[str]:
    """Where notebook or page of a part are in another language than was asked for; what does not say is passed over."""
    problems = []
    for part in parts:
        for name, found in (("report.html", _of_page(run / str(part))), ("report.ipynb", _of_notebook(run / str(part)))):
            if found is not None and found != asked.get("language"):
                problems.append(f"{part}/{name}: is in the language {found}; {MANIFEST} says {asked.get('language')}")
    return problems


def _of_page(part: Path) -> str | None:
    try:
        with (part / "report.html").open("rb") as file:
            hit = _LANGUAGE.search(file.read(_HEAD))
    except OSError:
        return None
    return hit[1].decode("utf-8", errors="replace") if hit else None


def _of_notebook(part: Path) -> str | None:
    try:
        cells = json.loads((part / "report.ipynb").read_text(encoding="utf-8"))["cells"]
        source = "".join("".join(c["source"]) for c in cells if "injected-parameters" in c["metadata"].get("tags", []))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    hit = re.search(r'(?m)^language = "([^"]*)"$', source)
    return hit[1] if hit else None
