"""Projects what a regional social security coordination instrument costs: the same people with and without it.

Floors, each importing only from those before it: execution, basis, demography, provisions, careers, finance, feasibility, reporting, input_workbook,
lab, commands and cli. The first imports none of the others and is imported by whoever has much to compute.

By hand, five lines::

    from actuarial import study

    base = study(scenario="base", instrument="eac-directive")
    base.yearly("KEN")
    base.ladder("RWA")

The names of :data:`__all__` are imported when they are first asked for, so that ``import actuarial`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from actuarial.lab.api import Study, countries, instruments, load_run, scenarios, study
    from actuarial.lab.explorer import Answer, Explorer
    from actuarial.lab.setting import Setting

__all__ = ["Answer", "Explorer", "Setting", "Study", "countries", "instruments", "load_run", "scenarios", "study"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'actuarial' has no attribute {name!r}")
    place = {"Setting": "setting", "Answer": "explorer", "Explorer": "explorer"}.get(name, "api")
    return getattr(import_module(f"actuarial.lab.{place}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
