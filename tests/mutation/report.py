"""What a run of mutants comes to, in words."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import yaml

from tests.mutation.killing import HUNG, KILLED
from tests.mutation.session import Found

EQUIVALENT: Final = Path(__file__).with_name("equivalent.yaml")


def equivalents() -> Callable[[str], bool]:
    """Whether a mutant of that name changes nothing anyone could see; the file says why."""
    groups = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8"))
    names = {name for group in groups for name in group.get("mutants", ())}
    patterns = [re.compile(pattern) for group in groups for pattern in group.get("patterns", ())]
    return lambda name: name in names or any(pattern.fullmatch(name) for pattern in patterns)


def interval(killed: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    z = 1.959964
    share = killed / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return middle - half, middle + half


def summary(found: Sequence[Found], every: int, equivalent: int) -> tuple[str, dict[str, float]]:
    """Text with every survivor, and the score of each package."""
    by_package: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        by_package[one.mutant.module.split(".")[1]][one.verdict] += 1
    lines, scores = [], {}
    for verdict_found in sorted((f for f in found if f.verdict not in (KILLED, HUNG)), key=lambda f: (f.mutant.module, f.mutant.line)):
        lines.append(f"{verdict_found.verdict}: line {verdict_found.mutant.line}: {verdict_found.mutant.name}")
    whole = len(found) == every - equivalent
    lines.append(f"{every} mutants, {equivalent} of them equivalent; {len(found)} run{'' if whole else ' (a random sample)'}")
    for name, counts in sorted(by_package.items()):
        total = counts.total()
        killed = counts[KILLED] + counts[HUNG]
        scores[name] = killed / total
        low, high = interval(killed, total)
        between = "" if whole else f" (95 %: {low:.1%} to {high:.1%})"
        parts = ", ".join(f"{number} {verdict}" for verdict, number in counts.most_common())
        lines.append(f"{name}: {killed / total:.1%}{between} of {total}: {parts}")
    return "\n".join(lines) + "\n", scores
