"""Joint service in two schemes after a career in a chain with constant rates: the lattice's idea in its smallest form.

Three states: covered at home, covered abroad, not covered. The exact distribution of (home, host) service answers what a rule of crediting does
to rights, and checks the lattice, which uses ``half``:

| credit | service of a step |
|---|---|
| ``start`` | the whole step to the state at its start |
| ``half``  | half a step to the state at each end |
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from actuarial.basis.dimensions import Array

HOME, HOST, OUT = range(3)


def service_distribution(transition: Array, steps: int, credit: Literal["start", "half"], start: int = HOME) -> Array:
    """Probabilities [home, host] of service, in half-steps, after ``steps`` steps from ``start``.

    ``transition`` [3, 3] holds the yearly (or monthly) probabilities from row to column. Raises ``ValueError`` when a row does not sum to one.
    """
    p = np.asarray(transition, float)
    if p.shape != (3, 3) or (p < 0).any() or not np.allclose(p.sum(axis=1), 1.0, rtol=0.0, atol=1e-12):
        raise ValueError("transition needs three rows of probabilities, each summing to one")
    size = 2 * steps + 1
    cells = np.zeros((3, size, size))
    cells[start, 0, 0] = 1.0
    for _ in range(steps):
        after = np.zeros_like(cells)
        for source in range(3):
            for to in range(3):
                ends = (source, source) if credit == "start" else (source, to)
                h, k = ends.count(HOME), ends.count(HOST)
                after[to, h:, k:] += p[source, to] * cells[source, : size - h, : size - k]
        cells = after
    result: Array = cells.sum(axis=0)
    return result
