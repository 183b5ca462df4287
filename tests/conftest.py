"""Settings of the whole test suite.

Property tests draw the same examples on every run, so that a change is not blamed for a case found by chance; ``--hypothesis-profile=explore``
draws new ones. No test depends on time, so examples have no deadline.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", settings.get_profile("explore"), derandomize=True)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--every-scenario``: hold every shipped scenario against its expected results, a minute each."""
    parser.addoption("--every-scenario", action="store_true", help="run every shipped scenario against its expected results")


@pytest.fixture(scope="session", autouse=True)
def study_cache_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Studies computed by one test are read by others of the session, and by nothing else on the machine."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACTUARIAL_CACHE", str(shared / "studies"))
        yield
