"""One small run that all tests of this folder look at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audit.small_run import answer, small_repository, small_run


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """A repository and a run of it, not to be changed."""
    place = tmp_path_factory.mktemp("audited")
    with pytest.MonkeyPatch.context() as patch:
        answer(patch)
        root = small_repository(place / "clone")
        yield root, small_run(root, place / "made")
