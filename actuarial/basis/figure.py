"""A figure with its provenance: ``{value, unit, source, year, confidence, reason}``.

1. Files that hold law or assumptions write every figure so; the engine works with the plain values.
2. :func:`take_figures` separates the two: it returns the document with plain values and the figures by their dotted
   path, which is what the assumption register of the reports prints.
3. Whatever was not read in a source (anything but ``verified``) must say in ``reason`` how the figure came about.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import model_validator

from actuarial.basis.errors import Problem
from actuarial.basis.yaml_file import KeyPath, StrictModel, YamlDocument, check, dotted

Confidence = Literal["verified", "partial", "recalled", "derived", "assumed"]
CONFIDENCES: Final[tuple[Confidence, ...]] = ("verified", "partial", "recalled", "derived", "assumed")


class Figure(StrictModel):
    """One figure and where it comes from."""

    value: Any
    unit: str | None = None
    """Unit in words, e.g. ``months`` or ``USD per year``; ``None`` for a plain yes or no."""
    source: str
    year: int | None = None
    """Year the figure refers to or was published in; ``None`` where it has no date (an assumption)."""
    confidence: Confidence
    reason: str | None = None

    @model_validator(mode="after")
    def _explained(self) -> Figure:
        if not self.source.strip():
            raise ValueError("'source' is empty; name the source, or write 'own assumption'")
        if self.confidence != "verified" and not (self.reason or "").strip():
            raise ValueError(f"a figure marked '{self.confidence}' must give its 'reason'")
        return self


def take_figures(
    document: YamlDocument, required_below: tuple[str, ...] = ()
) -> tuple[YamlDocument, dict[KeyPath, Figure], list[Problem]]:
    """Replace every figure of a document by its plain value.

    A mapping with a key ``value`` is a figure. Below the top-level keys ``required_below`` every value must be one: a
    bare value there is a problem. Returns the plain document (origins kept), the figures by key path, and the problems.
    """
    figures: dict[KeyPath, Figure] = {}
    problems: list[Problem] = []
    origins = dict(document.origins)

    def strip(node: Any, at: KeyPath) -> Any:
        if isinstance(node, dict) and "value" in node:
            below = {k[len(at) :]: o for k, o in document.origins.items() if k[: len(at)] == at}
            inner = {(): document.where(at)} | below
            figure, found = check(YamlDocument(document.path, node, inner), Figure)
            prefix = dotted(at)
            problems.extend(Problem(p.file, p.line, f"{prefix}.{p.field}".rstrip("."), p.text) for p in found)
            if figure is not None:
                figures[at] = figure
            for key in [k for k in origins if k[: len(at) + 1] == (*at, "value")]:
                origins[(*at, *key[len(at) + 1 :])] = origins[key]
            return node["value"]
        if isinstance(node, dict):
            return {key: strip(value, (*at, key)) for key, value in node.items()}
        if at and at[0] in required_below:
            wanted = "{value, unit, source, year, confidence, reason}"
            problems.append(document.problem(at, f"found the bare value {node!r}; write it as {wanted}"))
        return node

    return YamlDocument(document.path, strip(document.data, ()), origins), figures, problems
