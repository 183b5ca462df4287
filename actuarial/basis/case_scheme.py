"""A scheme written into a case: the schema of ``data/schemes``, shorter.

1. Every part has the shape it has in ``params.yaml`` (:class:`actuarial.basis.scheme_file.SchemeFile`), and the same checks.
2. A bare value may stand where a figure with its evidence stands there: the case is the source. A bare amount is per year.
3. A part that is not written does not exist: no contributions, no single payment, no minimum, full rights for foreigners, pensions paid anywhere.
   A case gives reference earnings and the day of the claim itself, so pension age and averaging rule may be left out too.
"""

from __future__ import annotations

import typing
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, create_model

from actuarial.basis.errors import Problem
from actuarial.basis.scheme import Scheme
from actuarial.basis.scheme_file import SchemeFile
from actuarial.basis.scheme_values import Amount, Evidence, Figure, NoAmount, Series
from actuarial.basis.yaml_file import KeyPath, YamlDocument, check

_EVIDENCE: Final = {"year": "case", "confidence": "assumed", "reason": "as the case says"}
_OPTIONAL: Final = ("id", "country", "title", "sources", "identity", "branches")
"""Parts a case need not write."""
_SKELETON: Final[dict[str, dict[str, Any]]] = {
    "contributions": {"employee": 0.0, "employer": 0.0, "ceiling": "none", "floor": "none", "minimum_wage": "none"},
    "lump_sum": {"basis": "earnings", "minimum_months": 0, "averaging_months": 12, "per_year": 0.0},
    "pensions_in_payment": {"price_share": 0.0, "wage_share": 0.0},
    "leaving": {
        "export_without_instrument": True, "refund": False, "refund_take_up": 0.0, "refund_bars_if_instrument": False,
        "foreigners_rights_share": 1.0,
    },
    "old_age": {
        "pension_age": {"male": 60, "female": 60},
        "reference_earnings": {"rules": ({"take": "last", "months": 12},), "revaluation": "none"},
        "rounding": {"mode": "none"},
    },
    "account": {
        "crediting_spread": 0.0, "payout_age": {"male": 60, "female": 60}, "early_age": 60, "payout": "lump_sum", "cash_share": 1.0,
        "preservation": True,
    },
}  # fmt: skip
_PARTS_OF_KIND: Final = {
    "defined_benefit": ("contributions", "lump_sum", "pensions_in_payment", "leaving", "old_age"),
    "account": ("contributions", "leaving", "account"),
}


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


def _model() -> type[BaseModel]:
    fields: dict[str, Any] = {
        name: (field.annotation if name not in _OPTIONAL else field.annotation | None, None if name in _OPTIONAL else field)  # type: ignore[operator]
        for name, field in SchemeFile.model_fields.items()
    }
    return create_model("OwnScheme", __base__=_Written, **fields)


_OwnScheme: Final = _model()


def scheme_of_case(document: YamlDocument, state: str, given: dict[str, Any]) -> tuple[Scheme | None, list[Problem]]:
    """The scheme written at ``states.<state>.own_scheme`` of a case, or the problems of what is written."""
    at: KeyPath = ("states", state, "own_scheme")
    currency, kind = str(given.get("currency", "")), str(given.get("kind", ""))
    parts: dict[str, Any] = dict(given)
    for name in _PARTS_OF_KIND.get(kind, ()):
        below = given.get(name, {})
        parts[name] = {**_SKELETON[name], **below} if isinstance(below, dict) else below
    data = _explained(_OwnScheme, parts, currency)
    holder = create_model("Holder", __base__=_Written, own_scheme=(_OwnScheme, ...))
    wrapped = create_model("States", __base__=_Written, **{state: (holder, ...)})  # type: ignore[call-overload]
    case = create_model("Case", __base__=_Written, states=(wrapped, ...))
    found, problems = check(YamlDocument(document.path, {"states": {state: {"own_scheme": data}}}, document.origins), case)
    if found is None:
        return None, problems
    own = getattr(getattr(found, "states"), state).own_scheme  # noqa: B009
    values = {name: getattr(own, name) for name in SchemeFile.model_fields if getattr(own, name) is not None}
    filled = {"id": f"{state}-case", "country": state, "title": f"Scheme of {state} as the case writes it", "sources": {}, "identity": {},
              "branches": {}, **values}  # fmt: skip
    if kind in _PARTS_OF_KIND and "old_age" in _PARTS_OF_KIND[kind] and "formula" not in given.get("old_age", {}):
        problems.append(document.problem(at, "old_age.formula is missing; a defined-benefit scheme needs it"))
        return None, problems
    return Scheme(SchemeFile.model_construct(**filled), Path(state)), problems


def _explained(annotation: Any, value: Any, currency: str) -> Any:
    """``value`` with evidence where the model of ``annotation`` asks for it and none is written."""
    models = [m for m in _parts(annotation) if isinstance(m, type) and issubclass(m, BaseModel)]
    if not models:
        inner = next((a for o, *a in [(typing.get_origin(p), *typing.get_args(p)) for p in _parts(annotation)] if o is tuple and a), None)
        return tuple(_explained(inner[0], v, currency) for v in value) if inner and isinstance(value, tuple) else value
    if NoAmount in models and value == "none":
        return {"none": True, **_EVIDENCE}
    model = models[0]
    if issubclass(model, Amount) and not isinstance(value, dict):
        index = {"indexation": "none", "indexed_after": 2100, "indexation_reason": _EVIDENCE["reason"]}
        return {"unit": f"{currency} per year", "value": value, **index, **_EVIDENCE}
    if issubclass(model, Series | Figure) and not isinstance(value, dict):
        return {"unit": "as in the case", "value": value, **_EVIDENCE}
    if not isinstance(value, dict):
        return value
    if issubclass(model, Series):
        values = value.get("values")
        dated = tuple({**_EVIDENCE, **v} if isinstance(v, dict) else v for v in values) if isinstance(values, tuple) else None
        return {"unit": "as in the case", **value, "values": dated} if dated is not None else {"unit": "as in the case", **_EVIDENCE, **value}
    evidence = _EVIDENCE if issubclass(model, Evidence) else {}
    known = {(field.alias or name): field.annotation for name, field in model.model_fields.items()}
    return {**evidence, **{k: _explained(known[k], v, currency) if k in known else v for k, v in value.items()}}


def _parts(annotation: Any) -> list[Any]:
    """Alternatives of a type: itself, or the members of a union (annotations peeled off)."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _parts(typing.get_args(annotation)[0])
    if origin is typing.Union or str(origin) == "<class 'types.UnionType'>":
        return [p for a in typing.get_args(annotation) for p in _parts(a)]
    return [annotation]
