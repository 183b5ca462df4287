"""The public interface: studies by name as tidy tables, runs read back, and what there is to choose from.

1. A study is computed once (one to two minutes) and kept in the user's cache, as `actuarial reports` does; the next call takes a second.
2. Tables are ordinary data frames. Long ones have the columns country, case, year, variable, value; columns of the wide ones are described at
   :class:`actuarial.feasibility.result.SchemeResult`.
3. Differences are with minus without the instrument; amounts are nominal national currency unless a name ends in ``_usd``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from actuarial.basis.errors import InputError, shown, unknown_name
from actuarial.basis.instrument import instrument_names
from actuarial.basis.region import load_region
from actuarial.basis.scenario import scenario_names
from actuarial.feasibility.result import SchemeResult, StudyResult, read_study
from actuarial.lab.kept import Inputs, kept_model, kept_study
from actuarial.lab.shown_progress import shown as shown_progress

if TYPE_CHECKING:
    from actuarial.lab.explorer import Explorer

ROOT: Final = Path(__file__).resolve().parents[2]
"""The repository: the package is used from its folder, with data and scenarios beside it."""
Countries = str | Sequence[str] | None


@dataclass(frozen=True)
class Study:
    """A finished study; :func:`study` and :func:`load_run` make one.

    result   all tables of the engine;  inputs  what it was computed from, ``None`` for a run read back
    """

    result: StudyResult
    inputs: Inputs | None = None

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries of the region."""
        return tuple(self.result.schemes)

    @property
    def about(self) -> dict[str, Any]:
        """Scenario, instrument, valuation date and so on."""
        return dict(self.result.meta)

    def scheme(self, country: str) -> SchemeResult:
        """All tables of one country. Raises :class:`~actuarial.basis.errors.InputError` for an unknown one."""
        if country not in self.result.schemes:
            raise InputError(unknown_name("country", country, self.countries))
        return self.result.schemes[country]

    def yearly(self, country: Countries = None, *, wide: bool = False) -> pd.DataFrame:
        """Yearly results of one country, several or all: country, case, year, variable, value.

        Cases are ``without`` and ``with`` the instrument; variables among others ``contributors``, ``pensioners``, ``contributions``, ``benefits``,
        ``administration``, ``reserve``, ``payg_cost_rate`` (all at :class:`~actuarial.feasibility.result.SchemeResult`). ``wide``: a column for each.
        """
        table = self._joined("yearly", country)
        return table if wide else table.melt(["country", "case", "year"], var_name="variable", value_name="value")

    def ladder(self, country: Countries = None) -> pd.DataFrame:
        """Price of every legal step: country, rung, title, pv, share_of_earnings, payg_2026 ... payg_2100, shapley_pv, shapley_share."""
        return self._joined("ladder", country)

    def indicators(self, country: Countries = None) -> pd.DataFrame:
        """Indicators of sustainability and cost: country, indicator, unit, without, with, difference, definition."""
        return self._joined("indicators", country)

    def corridors(self, country: Countries = None) -> pd.DataFrame:
        """What each corridor and sex does to a scheme: country, origin, host, role, sex, movers and costs (wide)."""
        return self._joined("corridors", country)

    def assumptions(self, country: Countries = None) -> pd.DataFrame:
        """Every input with its source: country, name, value, unit, source, year, confidence, reason, file, used."""
        return self._joined("assumptions", country)

    def calibration(self, country: Countries = None) -> pd.DataFrame:
        """What was published and what the model starts from: country, item, unit, published, date, target, modelled, ratio, source and so on."""
        return self._joined("calibration", country)

    def transfers(self) -> pd.DataFrame:
        """Who pays whom: payer, residence, case, year, amount_usd, pensions_usd."""
        return self.result.transfers.copy()

    def checks(self) -> pd.DataFrame:
        """Identities that the engine asserted: name, value, tolerance, passed."""
        return self.result.checks.copy()

    def explorer(self, *, progress: Callable[[str, float], None] | bool = True) -> Explorer:
        """The same study with levers (:class:`~actuarial.lab.explorer.Explorer`): prepared in about a minute the first time, then kept.

        Raises :class:`~actuarial.basis.errors.InputError` for a run read back: it holds results, not what they were computed from.
        """
        from actuarial.lab.explorer import Explorer

        if self.inputs is None:
            raise InputError("a run read back holds results only; study(scenario, instrument) computes what an explorer needs")
        with shown_progress(progress) as tell:
            return Explorer(kept_model(self.inputs, tell), self.inputs)

    def _joined(self, table: str, country: Countries) -> pd.DataFrame:
        codes = self.countries if country is None else (country,) if isinstance(country, str) else tuple(country)
        parts = []
        for code in codes:
            part = getattr(self.scheme(code), table).copy()
            if len(part):
                part.insert(0, "country", code)
                parts.append(part)
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def study(
    scenario: str = "base", instrument: str = "eac-directive", *, progress: Callable[[str, float], None] | bool = True, root: Path = ROOT
) -> Study:
    """The study of a scenario and an instrument, by names (:func:`scenarios`, :func:`instruments`) or paths of their files.

    ``progress``: a bar where there is something to wait for; ``False`` none; or a function told what is done and which share of it.

    Example::

        study(scenario="high-mobility").indicators(country)

    Raises :class:`~actuarial.basis.errors.InputError` that says which name, file and value is wrong.
    """
    inputs = Inputs.read(root, scenario, instrument)
    with shown_progress(progress) as tell:
        return Study(kept_study(inputs, tell), inputs)


def load_run(folder: str | Path) -> Study:
    """The study in the folder of a run of `actuarial reports`. Raises :class:`~actuarial.basis.errors.InputError` where there is none."""
    place = Path(folder)
    results = place / "results" if (place / "results").is_dir() else place
    if not (results / "study.json").is_file():
        raise InputError(f"{shown(place)} is no run: it has no results/study.json")
    return Study(read_study(results))


def scenarios(root: Path = ROOT) -> tuple[str, ...]:
    """Names of the scenarios in the folder ``scenarios``."""
    return scenario_names(root / "scenarios")


def instruments(root: Path = ROOT) -> tuple[str, ...]:
    """Names of the instruments in the folder ``scenarios/instruments``."""
    return instrument_names(root / "scenarios")


def countries(root: Path = ROOT) -> tuple[str, ...]:
    """Codes of the countries of the region."""
    return load_region(root / "data").members
