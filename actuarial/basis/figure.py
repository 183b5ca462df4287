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
from actuarial.basis.plain_text import short
from actuarial.basis.yaml_file import KeyPath, Origin, StrictModel, YamlDocument, check, dotted

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
    below = _below_figures(document)

    def strip(node: Any, at: KeyPath) -> Any:
        if at and isinstance(node, dict) and "value" in node:
            inner = {(): document.where(at)} | {k[len(at) :]: o for k, o in below.get(at, ())}
            figure, found = check(YamlDocument(document.path, node, inner), Figure)
            prefix = dotted(at)
            problems.extend(Problem(p.file, p.line, f"{prefix}.{p.field}".rstrip("."), p.text) for p in found)
            if figure is not None:
                figures[at] = figure
            for key, origin in below.get(at, ()):
                if key[len(at) : len(at) + 1] == ("value",):
                    origins[(*at, *key[len(at) + 1 :])] = origin
            return node["value"]
        if isinstance(node, dict):
            return {key: strip(value, (*at, key)) for key, value in node.items()}
        if at and at[0] in required_below:
            wanted = "{value, unit, source, year, confidence, reason}"
            problems.append(document.problem(at, f"found the bare value {short(repr(node))}; write it as {wanted}"))
        return node

    return YamlDocument(document.path, strip(document.data, ()), origins), figures, problems


def _below_figures(document: YamlDocument) -> dict[KeyPath, list[tuple[KeyPath, Origin]]]:
    """Key paths and places of every figure itself and of what stands below it, by the key path of the figure; one walk over the document."""
    figures: dict[KeyPath, list[tuple[KeyPath, Origin]]] = {at[:-1]: [] for at in document.origins if at and at[-1] == "value"}
    for key, origin in document.origins.items():
        for n in range(len(key) + 1):
            if key[:n] in figures:
                figures[key[:n]].append((key, origin))
    return figures
