"""Parameters of the random processes around the base, read from ``data/uncertainty``.

1. One file for each process; every value is a figure with source, confidence and reason (:mod:`actuarial.basis.figure`).
2. Parameters say how far paths spread and how long deviations last. The centre of every process is the base projection and stands in no file here.
3. What is drawn with them, and by which formulas, is said where it is drawn (``actuarial.feasibility.processes``).
4. ``*_sd`` of a parameter is the parameter uncertainty: the standard deviation between paths, on the log or logit scale unless its unit says
   otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import numpy as np
from pydantic import BaseModel, Field, model_validator

from actuarial.basis.dimensions import AGE_COUNT, HISTORY_FIRST_YEAR, VALUATION_YEAR, Array
from actuarial.basis.errors import Gathered, Problem, unknown_name
from actuarial.basis.figure import Figure, take_figures
from actuarial.basis.quantities import Multiplier, Share
from actuarial.basis.wide_table import read_wide
from actuarial.basis.yaml_file import StrictModel, YamlDocument, check, dotted, read_yaml

FOLDER: Final = "uncertainty"
PATTERN_FILE: Final = f"{FOLDER}/mortality_pattern.csv"

Persistence = Annotated[float, Field(gt=0.0, le=0.995)]
"""First-order autocorrelation of a stationary series."""
Spread = Annotated[float, Field(ge=0.0, le=2.0)]
"""Standard deviation on the log or logit scale; 0 = no uncertainty."""
RateSpread = Annotated[float, Field(ge=0.0, le=0.5)]
"""Standard deviation of a yearly rate, a fraction."""
Correlation = Annotated[float, Field(ge=0.0, le=1.0)]
SignedCorrelation = Annotated[float, Field(ge=-1.0, le=1.0)]
Years = Annotated[float, Field(gt=0.0, le=100.0)]
Rate = Annotated[float, Field(ge=0.0, le=1.0)]
"""Events a year."""


class FlowParameters(StrictModel):
    """Out-flow rate of origins and destinations of those who leave (``flows.yaml``)."""

    persistence: Persistence
    persistence_sd: Spread
    volatility: Spread
    volatility_sd: Spread
    regional_correlation: Correlation
    level_sd: Spread
    level_regional_correlation: Correlation
    destinations: Literal["drawn", "fixed"]
    destination_concentration: Annotated[float, Field(ge=1.0, le=1e6)]
    concentration_sd: Spread
    destination_persistence: Share

    def scaled(self, by: float) -> FlowParameters:
        """Every standard deviation times ``by``; the concentration of destinations divided by its square."""
        return self.model_copy(
            update={
                "volatility": by * self.volatility,
                "level_sd": by * self.level_sd,
                "destinations": self.destinations if by > 0.0 else "fixed",
                "destination_concentration": self.destination_concentration / by**2 if by > 0.0 else self.destination_concentration,
            }
        )


class StockParameters(StrictModel):
    """People who moved before the valuation date (``stock.yaml``)."""

    spread: Spread
    level_correlation: Correlation
    level_regional_correlation: Correlation

    def scaled(self, by: float) -> StockParameters:
        """Every standard deviation times ``by``."""
        return self.model_copy(update={"spread": by * self.spread})


class MortalityParameters(StrictModel):
    """Index of mortality common to all states, and own to each (``mortality.yaml``)."""

    last_observed_year: Annotated[int, Field(ge=HISTORY_FIRST_YEAR, le=VALUATION_YEAR)]
    history_years: Annotated[int, Field(ge=3, le=300)]
    common_sd: Annotated[float, Field(ge=0.0, le=20.0)]
    country_sd: Annotated[float, Field(ge=0.0, le=100.0)]
    country_persistence: Persistence
    spread_sd: Spread
    persistence_sd: Spread

    def scaled(self, by: float) -> MortalityParameters:
        """Every standard deviation times ``by``; the error of the drift follows the common one."""
        return self.model_copy(update={"common_sd": by * self.common_sd, "country_sd": by * self.country_sd})


class _RateSpreads(StrictModel):
    inflation: RateSpread
    real_wage: RateSpread
    real_return: RateSpread

    @property
    def values(self) -> tuple[float, float, float]:
        return self.inflation, self.real_wage, self.real_return

    def scaled(self, by: float) -> _RateSpreads:
        return _RateSpreads.model_construct(**{name: by * value for name, value in self})


class _LargestDeviations(StrictModel):
    inflation: Annotated[float, Field(gt=0.0, le=0.9)]
    real_wage: Annotated[float, Field(gt=0.0, le=0.9)]
    real_return: Annotated[float, Field(gt=0.0, le=0.9)]

    @property
    def values(self) -> tuple[float, float, float]:
        return self.inflation, self.real_wage, self.real_return


class _Correlations(StrictModel):
    inflation_real_wage: SignedCorrelation
    inflation_real_return: SignedCorrelation
    real_wage_real_return: SignedCorrelation


_Row = tuple[float, float, float]


class EconomyParameters(StrictModel):
    """Vector autoregression on inflation, real wage growth and real return (``economy.yaml``)."""

    persistence: tuple[_Row, _Row, _Row]
    persistence_sd: Spread
    innovation_sd: _RateSpreads
    innovation_correlation: _Correlations
    volatility_sd: Spread
    regional_correlation: Correlation
    country_scale: dict[str, Multiplier]
    tails: Literal["normal", "student"]
    degrees_of_freedom: Annotated[float, Field(gt=2.0, le=1000.0)]
    largest_deviation: _LargestDeviations
    level_sd: _RateSpreads

    @model_validator(mode="after")
    def _possible(self) -> EconomyParameters:
        radius = float(np.abs(np.linalg.eigvals(np.array(self.persistence))).max())
        if radius > 0.995:
            raise ValueError(f"persistence: its largest absolute eigenvalue is {radius:.4g}; above 0.995 the series would not settle")
        if float(np.linalg.eigvalsh(self.correlation_matrix).min()) < 1e-9:
            raise ValueError("innovation_correlation: no three series can have these correlations (the matrix is not positive definite)")
        return self

    @property
    def correlation_matrix(self) -> Array:
        """Correlations of the innovations [variable, variable]."""
        c = self.innovation_correlation
        a, b, d = c.inflation_real_wage, c.inflation_real_return, c.real_wage_real_return
        return np.array([[1.0, a, b], [a, 1.0, d], [b, d, 1.0]])

    @property
    def innovation_sds(self) -> Array:
        """Standard deviations of the innovations [variable]."""
        return np.array(self.innovation_sd.values)

    @property
    def level_sds(self) -> Array:
        """Standard deviations of the long-run levels [variable]."""
        return np.array(self.level_sd.values)

    @property
    def largest_deviations(self) -> Array:
        """Bounds of the deviations on either side [variable]."""
        return np.array(self.largest_deviation.values)

    @property
    def country_scales(self) -> Array:
        """Factor on the standard deviations of each state [country]; after reading, in the order of the country axis."""
        return np.array(list(self.country_scale.values()))

    def scaled(self, by: float) -> EconomyParameters:
        """Every standard deviation times ``by``."""
        return self.model_copy(update={"innovation_sd": self.innovation_sd.scaled(by), "level_sd": self.level_sd.scaled(by)})


class WalkParameters(StrictModel):
    """A random walk between bounds, as a factor around the base."""

    yearly_spread: Spread
    lower: Annotated[float, Field(ge=0.0, lt=1.0)]
    upper: Annotated[float, Field(gt=1.0, le=20.0)]
    growth_correlation: SignedCorrelation


class MembershipParameters(StrictModel):
    """Coverage, density, compliance and take-up (``membership.yaml``)."""

    coverage: WalkParameters
    density: WalkParameters
    compliance: WalkParameters
    take_up: WalkParameters
    regional_correlation: Correlation
    spread_sd: Spread

    def scaled(self, by: float) -> MembershipParameters:
        """Every yearly spread times ``by``; the bounds stay."""
        walks = {name: getattr(self, name) for name in ("coverage", "density", "compliance", "take_up")}
        return self.model_copy(update={name: w.model_copy(update={"yearly_spread": by * w.yearly_spread}) for name, w in walks.items()})


class ShockParameters(StrictModel):
    """Displacement and closed borders (``shocks.yaml``)."""

    displacement_rate: Rate
    displacement_size: Annotated[float, Field(ge=0.0, le=20.0)]
    displacement_size_sd: Spread
    displacement_recovery: Years
    closure_rate: Rate
    closure_least: Share
    closure_most: Share
    closure_recovery: Years
    rate_sd: Spread

    @model_validator(mode="after")
    def _ordered(self) -> ShockParameters:
        if self.closure_least > self.closure_most:
            raise ValueError(f"closure_least {self.closure_least:g} is above closure_most {self.closure_most:g}")
        return self

    def scaled(self, by: float) -> ShockParameters:
        """Every arrival rate times ``by``; an event stays what it is."""
        return self.model_copy(update={"displacement_rate": by * self.displacement_rate, "closure_rate": by * self.closure_rate})


@dataclass(frozen=True)
class UncertaintyBasis:
    """Parameters of all processes for the states named in ``countries``."""

    countries: tuple[str, ...]
    flows: FlowParameters
    stock: StockParameters
    mortality: MortalityParameters
    economy: EconomyParameters
    membership: MembershipParameters
    shocks: ShockParameters
    mortality_pattern: Array
    """b [age 0..100], sum 1: a deviation k of the index changes log death rates by b k."""
    figures: tuple[tuple[str, Figure], ...]
    """Provenance of every value by ``file: field``."""

    def scaled(self, by: float) -> UncertaintyBasis:
        """The same processes with every standard deviation times ``by`` (arrival rates of shocks too); 0 leaves the base alone."""
        parts = {name: getattr(self, name).scaled(by) for name in _FILES}
        return replace(self, **parts)


_FILES: Final[Mapping[str, type[BaseModel]]] = {
    "flows": FlowParameters,
    "stock": StockParameters,
    "mortality": MortalityParameters,
    "economy": EconomyParameters,
    "membership": MembershipParameters,
    "shocks": ShockParameters,
}


def load_uncertainty(data_dir: Path, countries: Sequence[str]) -> UncertaintyBasis:
    """Read ``data_dir``/uncertainty for the ``countries`` (ISO 3166 alpha-3, in the order of the country axis).

    Raises :class:`InputError` listing every problem of every file; for an unknown key it names the nearest allowed one.
    """
    read: dict[str, Any] = {}
    figures: list[tuple[str, Figure]] = []
    gathered = Gathered()
    for name, model in _FILES.items():
        document = gathered.read(read_yaml, data_dir / FOLDER / f"{name}.yaml")
        if document is None:
            continue
        document, found, wrong = take_figures(document, tuple(model.model_fields))
        read[name], more = check(document, model)
        gathered.add([*wrong, *more])
        figures += [(f"{name}: {dotted(at)}", figure) for at, figure in found.items()]
        if name == "economy":
            gathered.add(_wrong_countries(document, countries))
            if read[name] is not None:
                scale = read[name].country_scale
                read[name] = read[name].model_copy(update={"country_scale": {c: scale[c] for c in countries if c in scale}})
    pattern = gathered.read(_pattern, data_dir / PATTERN_FILE)
    gathered.check()
    return UncertaintyBasis(tuple(countries), **read, mortality_pattern=pattern, figures=tuple(figures))


def _wrong_countries(document: YamlDocument, countries: Sequence[str]) -> list[Problem]:
    """What is wrong with the names of the states that have a scale, whatever else is wrong with the file."""
    scale = document.data.get("country_scale")
    if not isinstance(scale, dict):
        return []
    problems = [document.problem(("country_scale", name), unknown_name("country", str(name), countries)) for name in scale if name not in countries]
    return problems + [document.problem(("country_scale",), f"no value for {country}") for country in countries if country not in scale]


def _pattern(path: Path) -> Array:
    """Age pattern of the index [101]. Raises :class:`InputError` for missing ages, negative values and a sum that is not 1."""

    def sums(shares: Array) -> Iterator[tuple[tuple[int, ...], str]]:
        if abs(shares.sum() - 1.0) > 1e-4:
            yield (0, 0), f"the column adds up to {shares.sum():g}, needed 1"

    axes = {"age": [str(age) for age in range(AGE_COUNT)]}
    pattern = read_wide(path, ["age"], ["pattern"]).spread(axes, sums)[:, 0]
    return np.asarray(pattern / pattern.sum())
