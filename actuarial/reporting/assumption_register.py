"""The assumptions register as a document: every input with value, unit, source, year, confidence and reason.

``python -m actuarial.reporting.assumption_register`` writes ``docs/assumptions.md`` from the data anew; ``--check`` only says whether it is what the
data give. The figures are those of the base scenario and the region's own instrument, read and not run.

1. What holds for the whole region stands once, what belongs to a scheme under its state, migration under its corridor.
2. Figures that the projection does not read (single cases do, or nothing does) stand apart under *on record*.
3. Parameters of the random paths and the list of sensitivities have sections of their own: they move no base result.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from actuarial.basis.instrument import load_instrument
from actuarial.basis.register import from_figure, register
from actuarial.basis.scenario import load_scenario
from actuarial.basis.sensitivities import SIDES, load_sensitivities
from actuarial.basis.uncertainty import load_uncertainty
from actuarial.feasibility.inputs import load_basis
from actuarial.feasibility.register import assumptions_of
from actuarial.reporting.frames import CONFIDENCE_ORDER, UNSURE

ROOT: Final = Path(__file__).resolve().parents[2]
DOCUMENT: Final = "docs/assumptions.md"
COMMAND: Final = "python -m actuarial.reporting.assumption_register"
SCENARIO: Final = "base"
INSTRUMENT: Final = "eac-directive"
_HEADS: Final = ("Input", "Value", "Unit", "Source", "Year", "Confidence", "Reason", "Used")
_FIELDS: Final = ("name", "value", "unit", "source", "year", "confidence", "reason", "used")
_CORRIDORS: Final = "data/migration/corridors.csv"
_SCHEMES: Final = "data/schemes/"


def gathered(root: Path = ROOT) -> pd.DataFrame:
    """Every input once: the columns of the register, ``used``, and ``place`` (region, corridors or a country's code)."""
    basis = load_basis(root / "data", load_scenario(SCENARIO, root / "scenarios"))
    agreement = load_instrument(INSTRUMENT, root / "scenarios", basis.countries)
    tables = [assumptions_of(basis, agreement, c).assign(place=country) for c, country in enumerate(basis.countries)]
    table = pd.concat(tables, ignore_index=True)
    table["year"] = table["year"].astype(str)
    own = [c for c in table.columns if c != "place"]
    everywhere = table.groupby(own, dropna=False, sort=False)["place"].transform("nunique") == len(basis.countries)
    table.loc[everywhere & ~table["file"].str.startswith(_SCHEMES), "place"] = "region"
    table.loc[table["file"] == _CORRIDORS, "place"] = "corridors"
    return table.drop_duplicates(ignore_index=True)


def uncertainty_table(root: Path = ROOT) -> pd.DataFrame:
    """Parameters of the random paths, in the shape of the register."""
    basis = load_basis(root / "data", load_scenario(SCENARIO, root / "scenarios"))
    lines = [
        from_figure(name, figure, f"data/uncertainty/{name.partition(':')[0]}.yaml")
        for name, figure in load_uncertainty(root / "data", basis.countries).figures
    ]
    return register(lines).assign(used="by actuarial ensemble")


def document(root: Path = ROOT) -> str:
    """The document in Markdown."""
    table = gathered(root)
    names = dict(zip(*_members(root), strict=True))
    parts = [_head(table), _section("The whole region", table[table["place"] == "region"])]
    for code, name in names.items():
        parts.append(_section(f"{name} ({code})", table[table["place"] == code]))
    corridors = table[table["place"] == "corridors"]
    parts.append(_section("Migration between the states", corridors))
    parts.append(_uncertainty(uncertainty_table(root)))
    parts.append(_sensitivities(root))
    return "\n\n".join(parts) + "\n"


def _members(root: Path) -> tuple[Sequence[str], Sequence[str]]:
    from actuarial.basis.region import load_region

    region = load_region(root / "data")
    return region.members, region.names


def _head(table: pd.DataFrame) -> str:
    used = table[table["used"] == "yes"]
    counts = used["confidence"].value_counts()
    lines = [f"| {mark} | {int(counts.get(mark, 0))} |" for mark in CONFIDENCE_ORDER]
    share = float(used["confidence"].isin(UNSURE).mean())
    return "\n".join(
        [
            "# Assumptions register",
            "",
            f"Made by `{COMMAND}` from the files below `data/` and `scenarios/`; edit those, not this. It lists what the base scenario with the",
            f"instrument `{INSTRUMENT}` reads. A figure marked *assumed* or *recalled* has no published source at hand and says why it is what it",
            f"is; by count these are {share:.0%} of the {len(used)} inputs that the projection reads. Counting gives every input the same weight;",
            "what the largest are worth is in [uncertainty.md](uncertainty.md).",
            "",
            "| Confidence | Inputs that the projection reads |",
            "|---|---|",
            *lines,
            "",
            "Columns: *Used* says whether the projection reads the input (yes) or it stands on record (no). Rates and shares are fractions unless",
            "the unit says otherwise; years are those the figure refers to or was published in.",
        ]
    )


def _section(title: str, table: pd.DataFrame) -> str:
    parts = [f"## {title}"]
    for file, rows in table.groupby("file", sort=False):
        read, kept = rows[rows["used"] == "yes"], rows[rows["used"] == "no"]
        parts.append(f"### `{file}`")
        parts += [_table(read)] if len(read) else []
        parts += ["On record, not read by the projection:", _table(kept)] if len(kept) else []
    return "\n\n".join(parts)


def _uncertainty(table: pd.DataFrame) -> str:
    text = (
        "Parameters of the random processes of `actuarial ensemble`: how far paths spread around the base and how long deviations last. "
        "The centre of every process is the base projection. [uncertainty.md](uncertainty.md) says what is drawn with them."
    )
    parts = ["## Uncertainty parameters", text]
    for file, rows in table.groupby("file", sort=False):
        parts += [f"### `{file}`", _table(rows.assign(name=rows["name"].str.partition(": ")[2]))]
    return "\n\n".join(parts)


def _sensitivities(root: Path) -> str:
    listed = load_sensitivities(root / "data")
    heads = ("Key", "What is changed", "Low", "Middle", "High", "Unit", "Source", "Confidence", "Reason")
    rows = []
    for row in listed.rows:
        settings = [_shown(row.settings.get(side)) for side in SIDES]
        rows.append((row.key, row.title, *settings, row.unit, row.source, row.confidence, row.reason))
    text = "Settings of `actuarial sensitivity`: one assumption at a time, in all states at once. They are customary sizes, no confidence limits."
    return "\n\n".join(["## Sensitivities", text, "### `data/uncertainty/sensitivities.yaml`", _lines(heads, rows)])


def _shown(setting: float | str | None) -> str:
    return "–" if setting is None else str(setting)


def _table(rows: pd.DataFrame) -> str:
    return _lines(_HEADS, ([str(record[field]) for field in _FIELDS] for record in rows.to_dict("records")))


def _lines(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    lines += [f"| {' | '.join(_cell(text, name=i == 0) for i, text in enumerate(row))} |" for row in rows]
    return "\n".join(lines)


def _cell(text: str, *, name: bool) -> str:
    """A text that cannot end its cell, start a line or become markup."""
    plain = " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
    if name:
        return f"`{plain}`" if plain else ""
    for mark in "*_<>`[]":
        plain = plain.replace(mark, f"\\{mark}")
    return plain


def main(arguments: Sequence[str]) -> int:
    """Write the document, or with ``--check`` say whether it is up to date (exit code 1 if not)."""
    path, text = ROOT / DOCUMENT, document()
    if "--check" in arguments:
        same = path.is_file() and path.read_text(encoding="utf-8") == text
        sys.stdout.write(f"{DOCUMENT} is {'what the data give' if same else 'out of date: run ' + COMMAND}\n")
        return int(not same)
    path.write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(f"{DOCUMENT}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
