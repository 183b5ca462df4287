"""Texts of data files that reports show, for the catalogues of translations.

1. They are gathered by showing them: the register of inputs of every country and scheme is put into words as the reports do it, for every scenario
   and instrument that is shipped, and what passes through :func:`~actuarial.reporting.language.data_text` is the catalogue.
2. To these come names and titles, and the few texts that the engine itself writes into the tables of a study.
3. Citations are not translated: the field ``source``, and values of inputs that are citations of laws. What holds no word, and codes, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

from actuarial.reporting.branches_view import NAMES
from actuarial.reporting.language import data_path, data_text, hearing
from actuarial.reporting.register_words import calibration_note, input_name, input_value, period, reason_words, source_words, unit_words

if TYPE_CHECKING:
    from actuarial.basis.instrument import Instrument
    from actuarial.basis.scheme_branches import Branch
    from actuarial.feasibility.inputs import StudyBasis

ROOT: Final = Path(__file__).resolve().parents[2]
UNITS: Final = ("share of insurable earnings", "share of gross domestic product", "share", "years of expenditure", "years", "year")
"""Units of indicators."""
CHECKS: Final = (
    "movers of every corridor agree with the demographic projection",
    "covered stayers agree with the coverage target",
    "stayers and movers add up to the population aged 15 and over, below pension age",
    "moves between member states sum to zero",
    "reserve: change = income - outgo + investment income",
    "account balances: closing = opening with interest + contributions - payments",
    "amounts by residence sum to benefits",
    "the rungs of the ladder sum to with minus without",
    "Shapley values sum to with minus without",
)
"""Names of the identities that the engine checks."""
MISSING: Final = "the law has no rules of this branch"
"""Why a branch without a reason of its own in the scheme file is not computed."""
_WORD: Final = re.compile(r"[^\W\d_]")
_CODE: Final = re.compile(r"[A-Z]{2,4}(-[a-z0-9-]+)?")


def data_messages(root: Path = ROOT) -> Any:
    """A Babel catalogue of every text of data files, and of the tables that the engine makes, that reports and workbooks show.

    ``root`` is the folder that holds ``data`` and ``scenarios``. Raises :class:`InputError` for files that cannot be used.
    """
    from babel.messages.catalog import Catalog

    catalogue = Catalog(project="portable-social-security", charset="utf-8", fuzzy=False)
    for text in sorted(data_texts(root)):
        catalogue.add(text)
    return catalogue


def data_texts(root: Path = ROOT) -> set[str]:
    """The same as a set of texts."""
    with hearing() as texts:
        for _shown in _everything(root):
            pass
    return {text for text in texts if _WORD.search(re.sub(r"\{\w+\}", "", text)) and not _CODE.fullmatch(text)}


def _everything(root: Path) -> Iterator[str]:
    """Everything that is shown of data files, one text after the other."""
    yield from _engine()
    yield from _studies(root)
    yield from _scheme_files(root / "data" / "schemes")
    yield from _sensitivities(root / "data")


def _engine() -> Iterator[str]:
    """What the engine writes into tables."""
    from actuarial.feasibility.cohort_value import NO_ROOT, SEVERAL_ROOTS
    from actuarial.feasibility.ladder import LADDER

    texts = (*UNITS, *CHECKS, MISSING, NO_ROOT, SEVERAL_ROOTS, *(rung.title for rung in LADDER))
    yield from (data_text(text) for text in texts)


def _studies(root: Path) -> Iterator[str]:
    """Every shipped scenario and instrument, the countries, and their registers of inputs and calibrations."""
    from actuarial.basis.instrument import load_instrument
    from actuarial.basis.scenario import load_scenario
    from actuarial.feasibility.inputs import load_basis

    scenarios = [load_scenario(path.stem, root / "scenarios") for path in sorted((root / "scenarios").glob("*.yaml"))]
    instruments = [
        load_instrument(path.parent.name, root / "scenarios") for path in sorted((root / "scenarios").glob("instruments/*/instrument.yaml"))
    ]
    titles = [text for s in scenarios for text in (s.title, s.description)] + [text for i in instruments for text in (i.title, i.note)]
    yield from (data_text(text.strip()) for text in titles)
    basis = load_basis(root / "data", scenarios[0])
    yield from (data_text(name) for name in (basis.region.name, *basis.region.names))
    yield from _register(basis, instruments)


def _register(basis: StudyBasis, instruments: Sequence[Instrument]) -> Iterator[str]:
    """The inputs of every country as its report shows them under the first instrument, and the parameters of the others."""
    from actuarial.basis.register import from_figure, register
    from actuarial.feasibility.engine import RegionRun
    from actuarial.feasibility.register import assumption_table

    run = cast(RegionRun, SimpleNamespace(basis=basis, instrument=instruments[0]))  # the register reads nothing else of a run
    tables = [assumption_table(run, country) for country in range(len(basis.countries))]
    tables.append(register(from_figure(f"instrument: {name}", figure, "") for other in instruments[1:] for name, figure in other.figures))
    for table in tables:
        for line in table.to_dict("records"):
            yield from _line({str(k): str(v) for k, v in line.items()})


def _line(line: dict[str, str]) -> Iterator[str]:
    """One line of the register in words."""
    yield input_name(line["name"])
    yield input_value(line["value"], line["unit"], line["name"])
    yield unit_words(line["unit"])  # workbooks show it in a cell of its own
    yield reason_words(line["reason"])
    yield source_words(line["source"])
    yield period(line["year"])


def _scheme_files(folder: Path) -> Iterator[str]:
    """Every scheme folder, those of scenarios included."""
    from actuarial.basis.scheme import load_scheme

    for path in sorted(folder.glob("*/params.yaml")):
        scheme = load_scheme(path.parent)
        yield data_text(scheme.title)
        for name, figure in scheme.figures():
            value = ("yes" if figure.value else "no") if isinstance(figure.value, bool) else str(figure.value)
            yield from _line(
                {
                    "name": name,
                    "value": value,
                    "unit": figure.unit or "",
                    "reason": figure.reason or "",
                    "source": figure.source,
                    "year": str(figure.year),
                }
            )
        for item, target in scheme.calibration.items():
            yield data_path(item)
            yield unit_words(target.unit)
            yield period(str(target.date))
            yield source_words(scheme.sources(target.source))
            yield calibration_note(target.method)
        yield from (data_text(branch.summary) for name, branch in scheme.branches.items() if name in NAMES and not _computed(branch))


def _computed(branch: Branch) -> bool:
    return any(getattr(branch, part, None) is not None for part in ("rules", "liability"))


def _sensitivities(data: Path) -> Iterator[str]:
    """Rows of the table of sensitivities and their settings in words."""
    from actuarial.basis.sensitivities import load_sensitivities, setting_label
    from actuarial.reporting.tornado import setting_text

    listed = load_sensitivities(data)
    yield from (data_text(text) for text in (listed.combined.title, listed.combined.group))
    for row in listed.rows:
        yield from (data_text(row.title), data_text(row.group))
        yield from (setting_text(setting_label(row.unit, setting)) for setting in row.settings.values())
