"""Countries and currencies of the region, read from ``data/region.yaml``."""

from __future__ import annotations

from pathlib import Path

from actuarial.basis.region import load_region

REGION = load_region(Path(__file__).resolve().parents[1])
CURRENCY = dict(zip(REGION.members, REGION.currencies, strict=True))
