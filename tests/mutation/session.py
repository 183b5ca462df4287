"""The warm test session in which mutants live: a pytest plugin that maps lines to tests, then kills mutants instead of running tests.

1. A first pass runs each test once under coverage with the test's name as context: which lines it reaches, and how long it takes. Lines
   reached while fixtures are set up belong to all tests of the file, for a fixture serves them all.
2. The pass of a test file is kept in ``.mutation/`` below the repository and used again as long as the package and the file are unchanged.
3. Before the first mutant one test of each file runs, so that what is loaded late is loaded once and not in each child.
4. Examples of hypothesis are drawn but not shrunk: a failure suffices.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import coverage
import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from tests.mutation.killing import verdicts
from tests.mutation.mutants import Mutant

ROOT: Final = Path(__file__).parents[2]
KEPT: Final = ROOT / ".mutation"
PROFILE: Final = "mutation"


@dataclass(eq=False)
class Found:
    """Verdict of one mutant and the test that spoke last."""

    mutant: Mutant
    verdict: str
    test: str


@dataclass(eq=False)
class Session:
    """The plugin. ``results`` holds the verdicts once pytest has returned.

    Attributes:
        mutants: What is to be killed.
        budget: Processor seconds of tests for one mutant.
        jobs: Mutants alive at a time.
        minutes: After which no further mutant is begun.
        tell: Called with the number of verdicts so far.
    """

    mutants: Sequence[Mutant]
    budget: float
    jobs: int
    minutes: float
    tell: Callable[[int], None]
    results: list[Found] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile(PROFILE, deadline=None, derandomize=True, database=None, phases=phases, report_multiple_bugs=False)
        self._coverage = coverage.Coverage(data_file=None, config_file=False, source=[str(ROOT / "actuarial")])
        self._coverage.set_option("run:disable_warnings", ["no-data-collected", "module-not-imported", "module-not-measured"])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Lines of fixtures count for the file, not for the first test that asks for them."""
        self._enter(f"{_file(item)}|setup")
        try:
            return (yield)
        finally:
            self._enter(item.nodeid)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In the place of pytest's own loop."""
        reach, usual = self._passes(session.items)
        if self.failed:
            return True
        items = {item.nodeid: item for item in session.items}
        for name in sorted({_file(item) for item in session.items}):
            runtestprotocol(items[min((n for n in usual if n.startswith(f"{name}::")), key=lambda n: usual[n])], log=False, nextitem=None)
        work = []
        for mutant in self.mutants:
            file = mutant.module.replace(".", "/") + ".py"
            names = set().union(*(reach[file][line] for line in range(mutant.lines[0], mutant.lines[1] + 1)))
            work.append((mutant, [(items[n], usual[n]) for n in sorted(names & set(items), key=lambda n: usual[n])]))
        for mutant, verdict, test in verdicts(work, self.budget, self.jobs, self.tell, self.minutes):
            self.results.append(Found(mutant, verdict, test))
        return True

    def _enter(self, context: str) -> None:
        if self._measured:
            self._coverage.switch_context(context)

    _measured: bool = False

    def _passes(self, items: Sequence[pytest.Item]) -> tuple[dict[str, dict[int, set[str]]], dict[str, float]]:
        """Tests by file and line, and seconds by test."""
        KEPT.mkdir(exist_ok=True)
        (KEPT / ".gitignore").write_text("*\n", encoding="utf-8")
        code = _hash(sorted((ROOT / "actuarial").rglob("*.py")))
        reach: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        usual: dict[str, float] = {}
        files: dict[str, list[pytest.Item]] = defaultdict(list)
        for item in items:
            files[_file(item)].append(item)
        for name, own in files.items():
            kept = KEPT / f"{name.replace('/', '.')}.json"
            key = code + _hash([ROOT / name])
            answer = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
            if answer.get("key") != key:
                answer = {"key": key, **self._pass(own)}
                if not self.failed:
                    kept.write_text(json.dumps(answer), encoding="utf-8")
            usual.update(answer["seconds"])
            for file, lines in answer["lines"].items():
                for line, contexts in lines.items():
                    for context in contexts:
                        reach[file][int(line)] |= {i.nodeid for i in own} if context.endswith("|setup") else {context}
        return reach, usual

    def _pass(self, items: Sequence[pytest.Item]) -> dict[str, Any]:
        seconds: dict[str, float] = {}
        self._coverage.erase()
        self._coverage.start()
        self._measured = True
        for number, item in enumerate(items):
            begun = time.process_time()
            following = items[number + 1] if number + 1 < len(items) else None
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
                self.failed.append(item.nodeid)
            seconds[item.nodeid] = time.process_time() - begun
        self._measured = False
        self._coverage.stop()
        data = self._coverage.get_data()
        lines = {}
        for path in data.measured_files():
            by_line = {line: [c for c in contexts if c] for line, contexts in data.contexts_by_lineno(path).items()}
            lines[Path(path).relative_to(ROOT).as_posix()] = {line: found for line, found in by_line.items() if found}
        return {"seconds": seconds, "lines": lines}


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _hash(paths: Sequence[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()
