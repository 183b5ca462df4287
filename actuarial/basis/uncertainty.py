"""Parameters of the random processes around the base, read from ``data/uncertainty``.

1. One file for each process; every value is a figure with source, confidence and reason (:mod:`actuarial.basis.figure`).
2. Parameters say how far paths spread and how long deviations last. The centre of every process is the base projection and stands in no file here.
3. What is drawn with them, and by which formulas, is said where it is drawn (``actuarial.feasibility.processes``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field

from actuarial.basis.errors import Problem, raise_problems
from actuarial.basis.figure import Figure, take_figures
from actuarial.basis.yaml_file import StrictModel, check, dotted, read_yaml

FOLDER: Final = "uncertainty"

Persistence = Annotated[float, Field(gt=0.0, le=0.995)]
"""First-order autocorrelation of a stationary series."""
Spread = Annotated[float, Field(ge=0.0, le=2.0)]
"""Standard deviation on the log or logit scale; 0 = no uncertainty."""
Correlation = Annotated[float, Field(ge=0.0, le=1.0)]


class FlowParameters(StrictModel):
    """Out-flow rate of origins and destinations of those who leave (``flows.yaml``)."""

    persistence: Persistence
    persistence_sd: Spread
    volatility: Spread
    volatility_sd: Spread
    regional_correlation: Correlation
    level_sd: Spread
    destination_concentration: Annotated[float, Field(ge=1.0, le=1e12)]
    concentration_sd: Spread
    destination_persistence: Annotated[float, Field(ge=0.0, le=1.0)]


class StockParameters(StrictModel):
    """People who moved before the valuation date (``stock.yaml``)."""

    spread: Spread
    level_correlation: Correlation


@dataclass(frozen=True)
class UncertaintyBasis:
    """Parameters of all processes for the states named in ``countries``."""

    countries: tuple[str, ...]
    flows: FlowParameters
    stock: StockParameters
    figures: tuple[tuple[str, Figure], ...]
    """Provenance of every value by ``file: field``."""


_FILES: Final[Mapping[str, type[BaseModel]]] = {"flows": FlowParameters, "stock": StockParameters}


def load_uncertainty(data_dir: Path, countries: Sequence[str]) -> UncertaintyBasis:
    """Read ``data_dir``/uncertainty for the ``countries`` (ISO 3166 alpha-3, in the order of the country axis).

    Raises :class:`InputError` listing every problem of every file; for an unknown key it names the nearest allowed one.
    """
    read: dict[str, Any] = {}
    figures: list[tuple[str, Figure]] = []
    problems: list[Problem] = []
    for name, model in _FILES.items():
        document, found, wrong = take_figures(read_yaml(data_dir / FOLDER / f"{name}.yaml"), tuple(model.model_fields))
        read[name], more = check(document, model)
        problems += [*wrong, *more]
        figures += [(f"{name}: {dotted(at)}", figure) for at, figure in found.items()]
    raise_problems(problems)
    return UncertaintyBasis(tuple(countries), read["flows"], read["stock"], tuple(figures))
