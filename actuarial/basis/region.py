"""The region: its member states in the order of every country axis, their currencies and their schemes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from actuarial.basis.errors import InputError, raise_problems, unknown_name
from actuarial.basis.yaml_file import StrictModel, check, read_yaml

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
    if found is not None:
        for i, member in enumerate(found.members):
            if member.iso3 in [m.iso3 for m in found.members[:i]]:
                problems.append(document.problem(("members", i, "iso3"), f"{member.iso3} is listed twice"))
            if not member.scheme.startswith(f"{member.iso3}-"):
                text = f"'{member.scheme}' must start with '{member.iso3}-'"
                problems.append(document.problem(("members", i, "scheme"), text))
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
