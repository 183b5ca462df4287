"""Settings of the whole test suite.

Property tests draw the same examples on every run, so that a change is not blamed for a case found by chance; ``--hypothesis-profile=explore``
draws new ones. No test depends on time, so examples have no deadline.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", settings.get_profile("explore"), derandomize=True)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--every-scenario``: hold every shipped scenario against its expected results, a minute each."""
    parser.addoption("--every-scenario", action="store_true", help="run every shipped scenario against its expected results")
