"""Figures, reasons and steps of many claims are those that were approved (see ``answers.py``)."""

import pytest

from tests.provisions import answers

APPROVED = dict(reversed(line.split(" ", 1)) for line in answers.APPROVED.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("group", answers.GROUPS)
def test_answers_are_the_approved_ones(group: str) -> None:
    kept = {title: digest for title, digest in APPROVED.items() if title.startswith(f"{group}: ")}
    found = answers.answers(group)
    assert kept and set(kept) <= set(found)
    changed = [f"{title}\n{found[title]}" for title, digest in kept.items() if answers.digest(found[title]) != digest]
    assert not changed, f"{len(changed)} answers changed; the first:\n{changed[0]}"
