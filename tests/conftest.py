"""Settings of the whole test suite.

Property tests draw the same examples on every run, so that a change is not blamed for a case found by chance; ``--hypothesis-profile=explore``
draws new ones. No test depends on time, so examples have no deadline.

Nothing may leave the machine while tests run, neither from here nor from a Python started by a test (``tests/no_network``).
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

NO_NETWORK = Path(__file__).parent / "no_network"
if os.environ.get("PYTHONPATH", "").split(os.pathsep)[0] != str(NO_NETWORK):
    os.environ["PYTHONPATH"] = os.pathsep.join([str(NO_NETWORK), *filter(None, [os.environ.get("PYTHONPATH")])])
if "NetworkUsed" not in vars(sys.modules.get("sitecustomize", object)):  # parallel workers have read it when they started
    runpy.run_path(str(NO_NETWORK / "sitecustomize.py"), run_name="sitecustomize")

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
