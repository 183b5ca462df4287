"""The region: its member states in the order of every country axis, their currencies and their schemes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from actuarial.basis.errors import InputError, Problem, raise_problems, unknown_name
from actuarial.basis.plain_text import short
from actuarial.basis.yaml_file import StrictModel, YamlDocument, check, read_yaml

CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


@dataclass(frozen=True)
class Region:
    """Member states; every tuple is in the order of ``members``, which is the order of the country axis."""

    id: str
    name: str
    members: tuple[str, ...]
    """ISO 3166 alpha-3 codes."""
    names: tuple[str, ...]
    currencies: tuple[str, ...]
    """ISO 4217 codes of the currency every amount of the country is in."""
    scheme_ids: tuple[str, ...]
    """Folders below ``data/schemes``."""

    @property
    def corridors(self) -> tuple[tuple[str, str], ...]:
        """All ordered pairs (origin, host), origin by origin in member order."""
        return tuple((o, h) for o in self.members for h in self.members if o != h)

    def index(self, country: str) -> int:
        """Position on the country axis. Raises :class:`InputError` with the nearest member for an unknown code."""
        if country not in self.members:
            raise InputError(unknown_name("country", country, self.members))
        return self.members.index(country)

    def name_of(self, country: str) -> str:
        """Return the English name of a member."""
        return self.names[self.index(country)]

    def select(self, countries: Sequence[str]) -> tuple[str, ...]:
        """Return the named members in member order. Raises :class:`InputError` for an unknown code."""
        unknown = [country for country in dict.fromkeys(countries) if country not in self.members]
        if unknown:
            raise InputError("\n".join(unknown_name("country", country, self.members) for country in unknown))
        wanted = {self.index(c) for c in countries}
        return tuple(m for i, m in enumerate(self.members) if i in wanted)


class _Member(StrictModel):
    iso3: CountryCode
    name: Annotated[str, Field(min_length=1)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    scheme: Annotated[str, Field(pattern=r"^[A-Z]{3}-[a-z0-9]+$")]


class _RegionFile(StrictModel):
    id: str
    name: str
    members: Annotated[tuple[_Member, ...], Field(min_length=2)]


def load_region(data_dir: Path) -> Region:
    """Read ``region.yaml`` in the data folder. Raises :class:`InputError` for anything wrong in it."""
    document = read_yaml(data_dir / "region.yaml")
    found, problems = check(document, _RegionFile)
    problems += _members_apart(document)
    raise_problems(problems)
    assert found is not None
    return Region(
        id=found.id,
        name=found.name,
        members=tuple(m.iso3 for m in found.members),
        names=tuple(m.name for m in found.members),
        currencies=tuple(m.currency for m in found.members),
        scheme_ids=tuple(m.scheme for m in found.members),
    )


def _members_apart(document: YamlDocument) -> list[Problem]:
    """What members say of each other, whatever else is wrong with them: codes given twice, a scheme of another country."""
    members = document.data.get("members")
    problems: list[Problem] = []
    seen: set[str] = set()
    for i, member in enumerate(members if isinstance(members, tuple) else ()):
        code, scheme = (member.get(key) if isinstance(member, dict) else None for key in ("iso3", "scheme"))
        if not isinstance(code, str):
            continue
        if code in seen:
            problems.append(document.problem(("members", i, "iso3"), f"{short(code)} is listed twice"))
        seen.add(code)
        if isinstance(scheme, str) and not scheme.startswith(f"{code}-"):
            problems.append(document.problem(("members", i, "scheme"), f"'{short(scheme)}' must start with '{short(code)}-'"))
    return problems
