"""What an instrument file cannot say though each of its figures is of the right kind.

1. Rules look at the plain document (figures already replaced by their values) and leave alone what has not the right form: that is told elsewhere.
2. They hold for files of instruments. An instrument written into one person's case, and one a study changes for a comparison, may be any.

| rule | why |
|---|---|
| entry into force within the first thirty years of the projection | later nobody now insured is left to price; 2099 is a slip |
| take-up does not fall over the years since entry | a right once known stays known; a falling curve is written backwards |
| fixed administration at most 1e9 USD a year and scheme | no social security administration of the region costs as much |
| handling at most half of the coordinated benefits | nobody would coordinate; 0.99 is a slip |
| not every member suspended | the instrument would have nobody |
| at least one branch, where branches are written | the instrument would cover nothing; left out, it covers old age |
| survivors only with old age | survivors' pensions are derived from the pension of the deceased |
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from actuarial.basis.dimensions import FIRST_YEAR
from actuarial.basis.errors import Problem
from actuarial.basis.yaml_file import YamlDocument

LATEST_ENTRY: Final = FIRST_YEAR + 29
HIGHEST_FIXED: Final = 1e9
"""USD a year and scheme."""
HIGHEST_HANDLING: Final = 0.5


def senseless(document: YamlDocument) -> Iterator[Problem]:
    """Problems of an instrument file that no single figure shows."""
    entry = document.data.get("entry_into_force")
    if isinstance(entry, int) and LATEST_ENTRY < entry <= FIRST_YEAR + 74:
        text = f"found {entry}; allowed {FIRST_YEAR} to {LATEST_ENTRY}, the first thirty years of the projection"
        yield document.problem(("entry_into_force",), text)
    yield from _take_up(document)
    costs = _mapping(document.data.get("administration"))
    limits = (("fixed_usd_per_year_per_scheme", HIGHEST_FIXED, " USD a year"), ("share_of_coordinated_benefits", HIGHEST_HANDLING, ""))
    for name, most, unit in limits:
        found: Any = costs.get(name)
        if _number(found) and found > most and (unit or found <= 1.0):
            yield document.problem(("administration", name), f"found {found:,.15g}; allowed is 0 to {most:,.15g}{unit}")
    yield from _scope(document)


def _take_up(document: YamlDocument) -> Iterator[Problem]:
    curve = document.data.get("take_up")
    points: list[Any] = [_mapping(point).get("share") for point in curve] if isinstance(curve, tuple | list) else []
    if not all(_number(share) and 0 <= share <= 1 for share in points):
        return
    for i, (before, share) in enumerate(zip(points, points[1:], strict=False), start=1):
        if share < before:
            text = f"found {share:g} after {before:g} at the point before; take-up does not fall over the years"
            yield document.problem(("take_up", i, "share"), text)


def _scope(document: YamlDocument) -> Iterator[Problem]:
    scope = _mapping(document.data.get("scope"))
    members, suspended, branches = document.data.get("members"), scope.get("suspended"), scope.get("branches")
    if isinstance(members, tuple | list) and isinstance(suspended, tuple | list) and members and set(map(str, members)) <= set(map(str, suspended)):
        yield document.problem(("scope", "suspended"), f"found all {len(members)} members; at least one must take part")
    if isinstance(branches, dict) and not branches:
        yield document.problem(("scope", "branches"), "no branch is covered; name at least one, or leave 'branches' out for old age alone")
    if isinstance(branches, dict) and "survivors" in branches and "old_age" not in branches:
        text = "found survivors without old_age; survivors' pensions are derived from the pension of the deceased"
        yield document.problem(("scope", "branches", "survivors"), text)


def _mapping(found: Any) -> dict[Any, Any]:
    return found if isinstance(found, dict) else {}


def _number(found: Any) -> bool:
    return isinstance(found, int | float) and not isinstance(found, bool)
