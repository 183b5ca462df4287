"""Worked examples of coordination (whole cases and single steps) and worked cases of national law, each held to the figures it prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from actuarial.basis.scheme import load_scheme
from actuarial.basis.yaml_file import read_yaml
from actuarial.feasibility.entitlement import entitlement
from actuarial.validation.case import Check, Figure, Kind, timed
from actuarial.validation.scheme_cases import FLAT, differing
from actuarial.validation.worked_rows import EXAMPLES, rows
from actuarial.validation.worked_rows import differing as differing_row

ROOT: Final = Path(__file__).resolve().parents[2]
"""The repository: data and scenarios stand beside the package."""
TO_THE_CENT: Final = "each figure as the example prints it, amounts to the cent"


def examples() -> list[Path]:
    """Files of the worked examples."""
    return sorted(EXAMPLES.glob("*.yaml"))


def worked_example(file: str) -> dict[str, Figure]:
    """How many figures of a worked example differ from what it prints."""
    return {"figures that differ": float(len(entitlement(EXAMPLES / file, ROOT).disagreements))}


def example_checks() -> list[tuple[str, Callable[[], list[Check]]]]:
    """Every worked example and every row, by name."""
    jobs = [(f"worked example {path.stem}", _example(path)) for path in examples()]
    by_id: dict[str, list[dict[str, Any]]] = {}
    for row in rows()["rows"]:
        by_id.setdefault(row["id"], []).append(row)
    return jobs + [(f"steps of example {name}", _steps(name, of)) for name, of in by_id.items()]


def _example(path: Path) -> Callable[[], list[Check]]:
    def compute() -> list[Check]:
        case = entitlement(path, ROOT).loaded.case
        found = worked_example(path.name)["figures that differ"]
        assert isinstance(found, float)
        return [_counted(f"EXAMPLE-{path.stem}/figures that differ", "coordination", str(case.title), str(case.source), found)]

    return lambda: timed(compute)


def _steps(name: str, of: list[dict[str, Any]]) -> Callable[[], list[Check]]:
    def compute() -> list[Check]:
        wrong = sum(len(differing_row(row)) for row in of)
        what = "steps: " + ", ".join(dict.fromkeys(str(row["function"]).replace("_", " ") for row in of))
        return [_counted(f"STEP-{name}/figures that differ", "coordination", what, str(of[0]["source"]), float(wrong))]

    return lambda: timed(compute)


def scheme_checks(data: Path) -> list[tuple[str, Callable[[], list[Check]]]]:
    """The worked cases of every scheme below ``data``, by name."""
    folders = sorted(path for path in (data / "schemes").iterdir() if path.is_dir())
    return [(f"cases of {folder.name}", _scheme(folder)) for folder in folders]


def _scheme(folder: Path) -> Callable[[], list[Check]]:
    def compute() -> list[Check]:
        scheme, cases = load_scheme(folder), read_yaml(folder / "cases.yaml").data["cases"]
        wrong = sum(len(differing(scheme.law(case["year"], FLAT), case)) for case in cases)
        figures = sum(len(case["expected"]) for case in cases)
        what = f"{figures} figures of {len(cases)} worked cases of {folder.name}"
        return [_counted(f"LAW-{folder.name}/figures that differ", "national law", what, f"data/schemes/{folder.name}/cases.yaml", float(wrong))]

    return lambda: timed(compute)


def _counted(check_id: str, subject: str, what: str, source: str, wrong: float) -> Check:
    kind: Kind = "derived" if subject == "national law" else "published"
    return Check(check_id, subject, what, kind, "derived", source, 0.0, wrong, wrong, "absolute", 0.0, TO_THE_CENT)
