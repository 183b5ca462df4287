"""What a verb was asked for, checked before anything heavy is imported: a complaint comes at once."""

from __future__ import annotations

import argparse
from pathlib import Path


def check_request(root: Path, options: argparse.Namespace) -> None:
    """Read scenario and instrument and look up the countries that ``options`` name. Raises :class:`InputError` for what cannot be used.

    To be called first by a verb with ``--scenario`` and ``--instrument`` (and perhaps ``--country``). It takes some hundredths of a second; the
    verb reads both again where it needs them.
    """
    from actuarial.basis.instrument import load_instrument
    from actuarial.basis.region import load_region
    from actuarial.basis.scenario import load_scenario

    region = load_region(root / "data")
    region.select(getattr(options, "country", ()))
    load_scenario(options.scenario, root / "scenarios", region.members)
    instrument = load_instrument(options.instrument, root / "scenarios", region.members)
    from actuarial.feasibility.supported import supported

    supported(instrument)
