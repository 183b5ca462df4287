"""Command lines with hostile values, and folders of runs that were tampered with."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.fuzz import file_tricks, hostile, text_mutations, workbook_mutations
from tests.fuzz.place import ROOT, SCENARIOS, Place

LINES: Final = (
    ("reports", "--country", "RWA", "--scenario", "base", "--instrument", "eac-directive", "--language", "en", "--jobs", "2", "--out", "OUT"),
    ("reports", "--sensitivity", "SENSITIVITY"),
    ("reports", "--ensemble", "ENSEMBLE", "--no-cache"),
    ("reports", "--sensitivity", "SENSITIVITY", "--ensemble", "ENSEMBLE"),
    ("template", "SOM", "--out", "new.xlsx", "--language", "fr"),
    ("compare", "--scenario", "base", "--scenario", "high-mobility", "--country", "KEN", "--out", "OUT"),
    ("entitlement", "kenya-rwanda", "--json"),
    ("price", "--scenario", "base", "--country", "UGA", "--csv", "tables", "--compare"),
    ("microsimulate", "--corridor", "UGA-KEN", "--persons", "1e4", "--seed", "7", "--third-factor", "1.5", "--csv", "tables"),
    ("microsimulate", "--third-states", "UGA", "--third-factor", "1.5"),
    ("sensitivity", "--only", "combined", "--country", "RWA", "--workers", "1", "--checkpoint", "kept", "--out", "OUT"),
    ("ensemble", "--paths", "200", "--seed", "3", "--only", "flows", "--check", "0", "--shocks", "--out", "OUT"),
    ("bench", "annuity"),
    ("advisories", "ADVISORIES"),
    ("trace", "KEN", "payg_cost_rate", "2050", "--case", "with", "--depth", "2", "--run", "RUN"),
    ("diff", "EARLIER", "RUN", "--country", "KEN", "--csv", "tables"),
    ("reproduce", "RUN", "--jobs", "1", "--out", "again"),
    ("reports", "--previous", "EARLIER"),
    ("trace", "--input", "KEN:density", "--by", "0.01", "--run", "RUN"),
    ("check",),
    ("verify", "RUN"),
    ("verify", "RUN"),
    ("verify", "RUN"),
)
"""Commands as they should be; words in capitals stand for folders that are made for each."""


def command(rng: Random, place: Place, *, damaged: bool = True) -> tuple[list[str], str]:
    """Words of a command line after the program's name, and what was done to them."""
    words = list(rng.choice(LINES))
    folders: dict[str, Callable[[], Path]] = {
        "OUT": lambda: place.out,
        "ADVISORIES": lambda: advisories_file(rng, place, damaged=damaged),
        "RUN": lambda: run_folder(rng, place.work / "run", damaged=damaged),
        "EARLIER": lambda: run_folder(rng, place.work / "earlier", damaged=damaged),
        "SENSITIVITY": lambda: results_folder(rng, place, "sensitivity", damaged=damaged),
        "ENSEMBLE": lambda: results_folder(rng, place, "ensemble", damaged=damaged),
    }
    tampered = [word for word in words if word in folders and word != "OUT"]
    words = [str(folders[word]()) if word in folders else word for word in words]
    if damaged and not (tampered and rng.random() < 0.8):
        _spoil(rng, words)
    return words, repr(" ".join(words)[:200])


def _spoil(rng: Random, words: list[str]) -> None:
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.randrange(len(words))
        match rng.randrange(8):
            case 0:
                words[at : at + 1] = []
            case 1:
                words.insert(at, words[at])
            case 2:
                words[at] = hostile.lookalike(rng, words[at])
            case 3:
                words.insert(at, rng.choice(("--", "-", "--zzz", "-h1", "--country=", "--out=", "--json=1", "@/etc/passwd", "--no-cache")))
            case _:
                new = rng.choice((hostile.number(rng), hostile.text(rng)[:3_000], rng.choice(file_tricks.NAMES)))
                words[at if at or rng.random() < 0.2 else -1] = new.replace("\0", "") if rng.random() < 0.5 else new
        if not words:
            words.append("")
    if words[0] in ("test", "lab"):
        words[0] = "check"


def run_folder(rng: Random, folder: Path, *, damaged: bool) -> Path:
    """A run with its kept inputs and the head of its tables, tampered with."""
    from actuarial.reporting.kept_inputs import keep_inputs
    from actuarial.reporting.manifest import hash_file, write_manifest

    (folder / "KEN").mkdir(parents=True)
    (folder / "results").mkdir()
    for name in ("KEN/report.html", "KEN/report.pdf", "notes.txt"):
        (folder / name).write_bytes(rng.randbytes(50))
    study = json.dumps({"meta": {"members": ["KEN", "UGA"], "scenario": "base", "instrument": "eac-directive"}, "schemes": {"KEN": {}}}).encode()
    files = {"data/region.yaml": ROOT / "data" / "region.yaml", "scenarios/base.yaml": SCENARIOS / "base.yaml"}
    hashes = {name: hash_file(path) for name, path in files.items()}
    keep_inputs(folder, files, hashes)
    head: dict[str, Any] = {
        "identity": "x",
        "parts": ["KEN"],
        "inputs": hashes,
        "parameters": {"scenario": "base", "instrument": "eac-directive", "countries": []},
    }
    trick = rng.randrange(11) if damaged else 99
    spoilt: dict[int, Path] = {4: folder / "results" / "study.json", 5: folder / "inputs.zip"}
    (folder / "results" / "study.json").write_bytes(study)
    if trick in spoilt:  # before the sums are written: whoever tampers can write them too
        path = spoilt[trick]
        path.write_bytes(
            text_mutations.mutated(rng, path.read_bytes())[0] if rng.random() < 0.5 else workbook_mutations.archive(rng, path.read_bytes())
        )
    if trick == 6:
        head[rng.choice(sorted(head))] = hostile.value(rng)
    try:
        write_manifest(folder, head)
    except ValueError:  # a value that JSON does not hold
        write_manifest(folder, {"identity": "x"})
    sums, manifest = folder / "SHA256SUMS", folder / "manifest.json"
    match trick:
        case 0 | 1:
            sums.write_bytes(text_mutations.mutated(rng, sums.read_bytes())[0])
        case 2:
            name = rng.choice(("../../../etc/passwd", "/etc/passwd", "a\x1b[31m", "x\u202ey", "C:\\x", "", "KEN", ".", "con"))
            sums.write_text(sums.read_text(encoding="utf-8") + f"{'0' * 64}  {name}\n", encoding="utf-8")
        case 3:
            file_tricks.replace(
                rng, rng.choice((folder / "KEN" / "report.pdf", sums, manifest, folder / "inputs.zip", folder / "results" / "study.json"))
            )
        case 7:
            _odd_file(rng, folder)
        case 8 | 9:
            manifest.write_bytes(text_mutations.mutated(rng, manifest.read_bytes())[0])
        case 10:
            manifest.write_text(
                rng.choice(("[" * 100_000, "[]", "null", "9" * 5_000, '{"inputs": [], "parameters": {}}', '"\\ud800"')), encoding="utf-8"
            )
    return folder


def _odd_file(rng: Random, folder: Path) -> None:
    """A file whose name is not one a person would give."""
    try:
        (folder / rng.choice(("a\nb", "a\x1b[2Jb", "a\u202eb", "x" * 250, "\udcff", "'; rm -rf", "=1+1"))).write_bytes(b"x")
    except (OSError, UnicodeEncodeError):  # this system does not allow the name
        (folder / "odd").mkdir()


@cache
def _record(kind: str) -> dict[str, Any]:
    from actuarial.basis.instrument import load_instrument
    from actuarial.basis.scenario import load_scenario
    from actuarial.reporting.manifest import hash_tree

    return {
        "kind": kind,
        "scenario": load_scenario("base", SCENARIOS).model_dump(mode="json"),
        "instrument": load_instrument("eac-directive", SCENARIOS).model_dump(mode="json", exclude={"figures"}),
        "inputs": hash_tree(ROOT / "data", ROOT),
        "run": {"seed": 1, "paths": 100},
    }


def results_folder(rng: Random, place: Place, kind: str, *, damaged: bool) -> Path:
    """A folder as ``actuarial sensitivity`` or ``ensemble`` writes it, with tables of one row, tampered with."""
    import pandas as pd

    from actuarial.reporting.manifest import hash_file
    from actuarial.reporting.uncertainty import TABLES

    folder = place.work / kind
    folder.mkdir()
    for name in TABLES[kind]:
        pd.DataFrame({"country": ["KEN"], "value": [1.0]}).to_parquet(folder / f"{name}.parquet", index=False)
    spoilt = folder / f"{TABLES[kind][0]}.parquet"
    trick = rng.randrange(5) if damaged else 9
    if trick == 0:  # whoever can write the table can write its hash too
        spoilt.write_bytes(text_mutations.mutated(rng, spoilt.read_bytes())[0])
    record = _record(kind) | {"outputs": {path.name: hash_file(path) for path in sorted(folder.iterdir())}}
    if trick == 1:
        record = {**record, rng.choice(sorted(record)): hostile.value(rng)}
    text = json.dumps(record)
    if trick == 2:
        text = rng.choice(
            ("[" * 100_000, '{"a":' * 100_000, "1" * 10_000, '{"outputs": ' + "9" * 5_000 + "}", "NaN", '"\\ud800"', "[]", "null", text[:-1])
        )
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    if trick == 3:
        file_tricks.replace(rng, rng.choice((spoilt, folder / "manifest.json")))
    if trick == 4:
        manifest = folder / "manifest.json"
        manifest.write_bytes(text_mutations.mutated(rng, manifest.read_bytes())[0])
    return folder


def advisories_file(rng: Random, place: Place, *, damaged: bool) -> Path:
    """An archive with one advisory, tampered with."""
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}]
    document: dict[str, Any] = {
        "id": "PYSEC-1",
        "summary": hostile.text(rng) if damaged else "x",
        "affected": [{"package": {"ecosystem": "PyPI", "name": "numpy"}, "ranges": ranges, "versions": ["1.0"]}],
    }
    trick = rng.randrange(6) if damaged else 9
    if trick == 0:
        document[rng.choice(sorted(document))] = hostile.value(rng)
    if trick == 1:
        ranges[0]["events"] = hostile.value(rng)
    text = json.dumps(document).encode()
    if trick == 2:
        text = rng.choice((text_mutations.mutated(rng, text)[0], b"[" * 200_000, b"0" * 5_000_000))
    data = workbook_mutations.packed({"PYSEC-1.json": text})
    if trick == 3:
        data = rng.choice((workbook_mutations.archive(rng, data), text_mutations.mutated(rng, data)[0]))
    path = place.work / "all.zip"
    path.write_bytes(data)
    if trick == 4:
        file_tricks.replace(rng, path)
    return path
