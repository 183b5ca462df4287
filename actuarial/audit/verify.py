"""Is a run as it was written? Every file is hashed again, and every report is asked what it was made from.

1. Held against each other: the files, ``SHA256SUMS``, the outputs and inputs that ``manifest.json`` states, the kept inputs in ``inputs.zip``, the
   record ``results/made_from.json`` (whose identity must be that of its entries), records of attached results, the identity that every PDF, HTML,
   DOCX and XLSX carries inside itself, and what the manifest says in several places (:mod:`actuarial.audit.stated`).
2. Whoever changes one file is found out, and so is whoever also writes the sums, or sums and manifest, anew around it, as long as the identities in
   the other files disagree. Who remakes everything consistently is found out by :mod:`actuarial.audit.reproduce`, or by a seal (the SHA-256 of
   ``SHA256SUMS``) noted elsewhere when the run was made.
3. How the kept inputs differ from the project's files of now is told beside it: that is no fault of the run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from actuarial.audit.carried import REPORTS, Unreadable, attached_record, carried_identity
from actuarial.audit.stated import contradictions
from actuarial.basis.errors import InputError, shown
from actuarial.reporting.kept_inputs import INPUTS, check_kept, input_files, read_manifest
from actuarial.reporting.manifest import SUMS, hash_file, read_sums
from actuarial.reporting.manifest import verify as changed_files
from actuarial.reporting.provenance import RECORD, read_provenance
from actuarial.reporting.run_folder import MANIFEST

_RECORDED: Final = ("inputs", "study", "uncertainty", "code", "environment", "settings", "validation", "workbooks")
"""Entries that the record and the manifest share."""
_SHOWN: Final = 25
_OF_THE_PROJECT: Final = ("data/", "scenarios/", "notebooks/")


@dataclass(frozen=True)
class Verification:
    """What was found. ``problems``: one sentence for each thing that is not as the run wrote it, each beginning with its file.

    files    number of files hashed;  carrying  number of reports that carry the run's identity
    seal     SHA-256 of SHA256SUMS, which stands for the whole run
    inputs   number of kept inputs, ``None`` for a run that keeps none
    sealed   whether it was held against a seal
    moved    inputs of the run that differ from the project's files of now, and files that only one of them has
    """

    problems: tuple[str, ...]
    files: int
    carrying: int
    seal: str
    inputs: int | None
    moved: tuple[str, ...]
    sealed: bool


def verify_run(run: Path, project: Path, seal: str | None = None) -> Verification:
    """Verify a run of ``reports`` or ``compare``, or a folder of ``sensitivity`` or ``ensemble``; ``project`` is the repository of now.

    ``seal``: the SHA-256 that SHA256SUMS had, noted elsewhere. Raises :class:`InputError` when the folder is no finished run.
    """
    stated = read_sums(run)
    problems = list(changed_files(run))
    found = hash_file(run / SUMS)
    if seal is not None and found != seal.lower():
        problems.append(f"{SUMS}: its SHA-256 is {found}, not the seal given")
    try:
        manifest = read_manifest(run)
    except InputError as error:
        return Verification((*problems, f"{MANIFEST}: {error}"), len(stated), 0, found, None, (), seal is not None)
    problems += _against_manifest(stated, manifest)
    carrying = 0
    if (run / "results" / RECORD).is_file() or "identity" in manifest:
        problems += _record(run, manifest) + _attached(run, manifest)
        carrying, wrong = _carried(run, manifest)
        problems += wrong + _not_told_yet(problems, contradictions(run, manifest))
    keeps = INPUTS in stated or (run / INPUTS).exists()
    if keeps:
        problems += [f"{INPUTS}: {line}" for line in check_kept(run)]
    inputs = _mapping(manifest, "inputs")
    kept = len(inputs) if keeps else None
    return Verification(tuple(dict.fromkeys(problems)), len(stated), carrying, found, kept, _moved(inputs, project), seal is not None)


def _against_manifest(stated: Mapping[str, str], manifest: Mapping[str, Any]) -> list[str]:
    """Where the manifest's outputs are not those of the sums."""
    outputs = {name: entry.get("sha256") if isinstance(entry, dict) else entry for name, entry in _mapping(manifest, "outputs").items()}
    sums = {name: digest for name, digest in stated.items() if name != MANIFEST}
    problems = [f"{name}: {SUMS} and {MANIFEST} state different hashes" for name in sorted({*sums} & {*outputs}) if sums[name] != outputs[name]]
    problems += [f"{name}: in {SUMS}, but not in {MANIFEST}" for name in sorted({*sums} - {*outputs})]
    return problems + [f"{name}: in {MANIFEST}, but not in {SUMS}" for name in sorted({*outputs} - {*sums})]


def _not_told_yet(problems: list[str], more: list[str]) -> list[str]:
    """Without what is missing by the sums already."""
    return [line for line in more if f"{line.split(': missing')[0]}: missing" not in problems]


def _record(run: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Where the record of what the run was made from is not that of the manifest."""
    place = f"results/{RECORD}"
    try:
        record = read_provenance(run / "results")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return [f"{place}: {' '.join(str(error).split())[:200]}"]
    if record is None:
        return [f"{place}: missing"]
    said = json.loads(record.record)
    problems = [] if record.identity == manifest.get("identity") else [f"{place}: its identity is not that of {MANIFEST}"]
    differing = [name for name in _RECORDED if said.get(name) != manifest.get(name)]
    return problems + [f"{place}: states other {' and '.join(differing)} than {MANIFEST}"] if differing else problems


def _attached(run: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Where attached sensitivities or paths are not those that the run was made with."""
    problems = []
    for kind, digest in _mapping(manifest, "uncertainty").items():
        name = f"results/{kind}/record.json"
        path = run / "results" / str(kind) / "record.json"
        if not path.is_file() or hash_file(path) != digest:
            problems.append(f"{name}: is not the record of the {kind} that the run was made with")
    return problems


def _carried(run: Path, manifest: Mapping[str, Any]) -> tuple[int, list[str]]:
    """How many reports carry the identity of the manifest, and what is wrong with the others."""
    carrying, problems = 0, []
    identity, record = manifest.get("identity"), run / "results" / RECORD
    for path in sorted(path for name in REPORTS for path in run.glob(f"*/{name}") if path.is_file()):
        name = path.relative_to(run).as_posix()
        try:
            own = carried_identity(path)
            text = attached_record(path) if path.suffix == ".pdf" else None
        except (Unreadable, OSError) as error:
            problems.append(f"{name}: {error}")
            continue
        if own is None:
            problems.append(f"{name}: does not say what it was made from")
        elif own != identity:
            problems.append(f"{name}: was made from other inputs ({own[:16]}...), not those of this run ({str(identity)[:16]}...)")
        elif text is not None and record.is_file() and text.encode("utf-8") != record.read_bytes():
            problems.append(f"{name}: the record attached to it is not results/{RECORD}")
        else:
            carrying += 1
    return carrying, problems


def _moved(inputs: Mapping[str, Any], project: Path) -> tuple[str, ...]:
    """What became of the inputs of a run in the project: changed, gone, new."""
    templates = [name.removeprefix("notebooks/") for name in inputs if name.startswith("notebooks/")]
    now = {name: path for name, path in input_files(project, (), (), templates=templates).items() if name.startswith(_OF_THE_PROJECT)}
    then = {name: digest for name, digest in inputs.items() if name.startswith(_OF_THE_PROJECT)}
    if not then:
        return ()
    lines = {name: "differs now" for name in {*then} & {*now} if hash_file(now[name]) != then[name]}
    lines |= dict.fromkeys({*then} - {*now}, "is no longer there") | dict.fromkeys({*now} - {*then}, "was not there yet")
    return tuple(f"{name}: {what}" for name, what in sorted(lines.items()))


def _mapping(manifest: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = manifest.get(name)
    return dict(found) if isinstance(found, dict) else {}


def _conclusion(found: Verification) -> str:
    if found.problems:
        return f"{len(found.problems)} things do not agree"
    return "every file is as it was when the seal was noted" if found.sealed else f"consistent with its own sums (seal {found.seal[:16]}...)"


def told(run: Path, found: Verification) -> tuple[list[str], list[str]]:
    """The verification as lines of text: problems, and what is to be known beside them."""
    problems = [f"{shown(run)}/{line}" for line in found.problems]
    beside = [f"{shown(run)}: {_conclusion(found)}"]
    beside.append(f"  {found.files} files hashed, {found.carrying} reports carry the run's identity, {found.inputs or 'no'} inputs kept")
    if not problems and not found.sealed:
        beside.append("  without a seal kept elsewhere (--seal) this does not prove who wrote it, nor that it was not written anew")
    beside.append(f"  seal (SHA-256 of {SUMS}): {found.seal}")
    if found.moved:
        beside.append(f"  {len(found.moved)} inputs of the run are not the project's of now (no fault of the run; `reproduce` uses those kept):")
        beside += [f"    {line}" for line in found.moved[:_SHOWN]]
        beside += [f"    and {len(found.moved) - _SHOWN} more"] if len(found.moved) > _SHOWN else []
    elif found.inputs:
        beside.append("  the project's inputs of now are the same")
    return problems, beside
