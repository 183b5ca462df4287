"""Compiled functions as the plain Python they are written in: slow, but seen by whoever measures which lines a test reaches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest


@contextmanager
def plain(*modules: ModuleType) -> Iterator[None]:
    """Within, the compiled functions that these modules hold are plain ones."""
    with pytest.MonkeyPatch.context() as patch:
        for module in modules:
            for name, found in list(vars(module).items()):
                if hasattr(found, "py_func"):
                    patch.setattr(module, name, found.py_func)
        yield
