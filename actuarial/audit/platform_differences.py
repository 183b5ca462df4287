"""Whether a run can be made again to the byte here: software and machine of then against those of now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_SAME_CODE: Final = ("version", "code_sha256", "lock_sha256")
_SHOWN: Final = 12


@dataclass(frozen=True)
class Differences:
    """Sentences on what differs; none of them: the same bytes are due. ``same_code``: by hash, whatever commit it came from.

    ``contradictions``: what cannot be: one commit, nothing modified on either side, and yet another hash of the code.
    """

    said: tuple[str, ...]
    same_code: bool
    contradictions: tuple[str, ...] = ()


def differences(then: Mapping[str, Any], code: Mapping[str, Any], environment: Mapping[str, Any]) -> Differences:
    """What differs between the manifest of a run and the ``code`` and ``environment`` of now."""
    was, platform = _mapping(then.get("code")), _mapping(then.get("environment"))
    same_code = was.get("code_sha256") is not None and all(was.get(name) == code.get(name) for name in _SAME_CODE)
    said = []
    if not same_code:
        said.append(f"the code is another: {_code(was)} then, {_code(code)} now")
    for name, word in (("system", "system"), ("machine", "machine"), ("implementation", "Python"), ("python", "Python")):
        if platform.get(name) != environment.get(name):
            said.append(f"another {word}: {platform.get(name)} then, {environment.get(name)} now")
    packages = _packages(_mapping(platform.get("packages")), _mapping(environment.get("packages")))
    if packages:
        more = f" and {len(packages) - _SHOWN} more" if len(packages) > _SHOWN else ""
        said.append(f"other packages: {', '.join(packages[:_SHOWN])}{more}")
    return Differences(tuple(said), same_code, _contradictions(was, code))


def _contradictions(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    one_commit = was.get("commit") is not None and was.get("commit") == now.get("commit")
    if not one_commit or was.get("modified") is not False or now.get("modified") is not False:
        return ()
    return tuple(
        f"commit {str(now['commit'])[:12]}, unmodified then and now, cannot have two hashes of the {word}: "
        f"{str(was[name])[:12]} stated by the run, {str(now[name])[:12]} found here"
        for name, word in (("code_sha256", "code"), ("lock_sha256", "lock"))
        if was.get(name) is not None and now.get(name) is not None and was[name] != now[name]
    )


def _packages(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [
        f"{name} {then.get(name, 'absent')} then, {now.get(name, 'absent')} now" for name in sorted({*then, *now}) if then.get(name) != now.get(name)
    ]


def _code(code: Mapping[str, Any]) -> str:
    commit = str(code.get("commit") or "no commit known")[:12]
    return f"{commit}{', modified' if code.get('modified') else ''} (code {str(code.get('code_sha256'))[:12]})"


def _mapping(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}
