"""Settings of the whole test suite.

Property tests draw new examples on every run at a desk and the same ones in CI, so that a change is not blamed for a case found by chance. No
test depends on time, so examples have no deadline.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--every-scenario``: hold every shipped scenario against its expected results, a minute each."""
    parser.addoption("--every-scenario", action="store_true", help="run every shipped scenario against its expected results")
