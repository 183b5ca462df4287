"""Microsimulation of 10^6 persons over 50 years, against neworder on the same transitions.

The task: persons of ages 0 to 99 start at home. Every year each dies with the probability of the age; survivors aged 15-59 move between three places by
one matrix; a year is counted abroad for those of them who are then not at home. Answers are deaths by year, people by place at the end and years
abroad. Both simulations are held against the expected values, which a chain of numbers gives exactly.

The toolkit's own simulation (``actuarial/feasibility/microsimulation_kernel.py``) keeps two sets of books along each career and cannot be made to do
less; so this is a kernel for the peer's task, with the same generator: Philox-4x32-10, key (seed, stream), counter (person, 0, pair of years, 0). Its four
words are those of two years: word 2k decides on death, word 2k + 1 on the move in year k of the pair. A number depends on person and year alone. Words
of a block of persons are made in one loop without branches, which the compiler turns into vector code.

``actuarial bench microsimulation``
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT)]

import numba
import numpy as np
import timing

from actuarial.feasibility.microsimulation_kernel import HALF_WORD, MASK, MULTIPLY_0, MULTIPLY_1, ROUNDS, WEYL_0, WEYL_1, philox

TITLE = "microsimulation, 1,000,000 persons x 50 years"
PERSONS, YEARS = 1_000_000, 50
WORKING = (15, 59)
DEATH = np.minimum(4e-4 * 1.09 ** np.arange(160), 1.0)
MOVES = np.array([[0.97, 0.02, 0.01], [0.15, 0.83, 0.02], [0.10, 0.05, 0.85]])
BLOCK = 512
ERRORS = 6.0
"""Standard errors by which a simulation may miss the expected value."""

Answer = tuple[timing.Array, timing.Array, float]


def ages(persons: int) -> np.ndarray:
    """Ages at the start, younger ones more often."""
    return np.minimum(np.arange(persons) % 100, (np.arange(persons) * 7) % 100).astype(np.int64)


@numba.njit(cache=True, nogil=True)
def _words(first, pair, k0, k1, c):
    """Random words [4, person] of a block: a round of the generator at a time for all of them, which is what compilers make vector code of.

    Same numbers as ``philox`` of the package, which is one person at a time.
    """
    for i in range(c.shape[1]):
        c[0, i], c[1, i], c[2, i], c[3, i] = np.uint64(first) + np.uint64(i), np.uint64(0), np.uint64(pair), np.uint64(0)
    for _ in range(ROUNDS):
        for i in range(c.shape[1]):
            p0, p1 = MULTIPLY_0 * (c[0, i] & MASK), MULTIPLY_1 * (c[2, i] & MASK)
            c0, c2 = (p1 >> HALF_WORD) ^ c[1, i] ^ k0, (p0 >> HALF_WORD) ^ c[3, i] ^ k1
            c[0, i], c[1, i], c[2, i], c[3, i] = c0, p1 & MASK, c2, p0 & MASK
        k0, k1 = (k0 + WEYL_0) & MASK, (k1 + WEYL_1) & MASK


@numba.njit(cache=True, nogil=True)
def _year(u, v, death, moves, now, place, count, alive, first_age, last_age):
    """One year of a block, without branches; returns the number of deaths."""
    died = np.uint64(0)
    one = np.uint64(1)
    for i in range(u.size):
        x = now[i]
        lives = alive[i] & np.uint64(u[i] >= death[x])
        died += alive[i] - lives
        row = np.uint64(6) * x + np.uint64(2) * place[i]
        to = np.uint64(v[i] >= moves[row]) + np.uint64(v[i] >= moves[row + one])
        place[i] = to
        count[i] += lives & np.uint64(x >= first_age) & np.uint64(x <= last_age) & np.uint64(to > np.uint64(0))
        alive[i] = lives
        now[i] = x + one
    return died


@numba.njit(cache=True, nogil=True)
def _lives(first, stop, seed, age, death, moves, years, working, deaths, places, abroad):
    """Blocks ``first`` to ``stop``. ``death`` [age] and ``moves`` [(age, place, bound)] are bounds of 32-bit words."""
    k0, k1 = np.uint64(seed), np.uint64(0)
    low, high = np.uint64(working[0]), np.uint64(working[1])
    words = np.zeros((4, BLOCK), np.uint64)
    state = np.zeros((4, BLOCK), np.uint64)
    for block in range(first, stop):
        begin = block * BLOCK
        size = min(BLOCK, age.size - begin)
        now, place, count, alive = state[0, :size], state[1, :size], state[2, :size], state[3, :size]
        for i in range(size):
            now[i], place[i], count[i], alive[i] = age[begin + i], 0, 0, 1
        for t in range(years):
            w = 2 * (t % 2)
            if w == 0:
                _words(begin, t // 2, k0, k1, words[:, :size])
            deaths[block, t] = _year(words[w, :size], words[w + 1, :size], death, moves, now, place, count, alive, low, high)
        for i in range(size):
            places[block, place[i]] += alive[i]
            abroad[block] += count[i]


def bounds() -> tuple[np.ndarray, np.ndarray]:
    """Probabilities as bounds of 32-bit words: of death [age], and of the move [3 x age + place, 2] (outside working ages everybody stays)."""
    death = np.round(DEATH * 2.0**32).astype(np.uint64)
    moves = np.zeros((3 * DEATH.size, 2), np.uint64)
    cumulative = np.round(np.cumsum(MOVES, axis=1)[:, :2] * 2.0**32).astype(np.uint64)
    top = np.uint64(2**32)
    for x in range(DEATH.size):
        works = WORKING[0] <= x <= WORKING[1]
        for s in range(3):
            moves[3 * x + s] = cumulative[s] if works else (top if s <= 0 else 0, top if s <= 1 else 0)
    return death, moves


def simulate(persons: int = PERSONS, years: int = YEARS, workers: int = 2, seed: int = 2026) -> Answer:
    """Deaths by year, people by place at the end, years abroad; the answer does not depend on ``workers``."""
    blocks = -(-persons // BLOCK)
    deaths, places, abroad = np.zeros((blocks, years)), np.zeros((blocks, 3)), np.zeros(blocks)
    age = ages(persons)
    death, moves = bounds()
    cuts = np.linspace(0, blocks, workers + 1).astype(int)
    with ThreadPoolExecutor(workers) as pool:
        rest = (seed, age, death, moves.ravel(), years, WORKING, deaths, places, abroad)
        list(pool.map(lambda part: _lives(*part, *rest), pairwise(cuts)))
    return deaths.sum(axis=0), places.sum(axis=0), float(abroad.sum())


def plain(persons: int = PERSONS, years: int = YEARS, seed: int = 2026) -> Answer:
    """The same lives in NumPy, all persons at once, Philox included; equal to the kernel's number for number."""
    who = np.arange(persons, dtype=np.uint64)
    age, place, count, alive = ages(persons), np.zeros(persons, np.int64), np.zeros(persons, np.int64), np.ones(persons, bool)
    death, moves = bounds()
    deaths = np.zeros(years)
    words: tuple[np.ndarray, ...] = ()
    with np.errstate(over="ignore"):
        for t in range(years):
            if t % 2 == 0:
                zero = np.zeros_like(who)
                words = philox.py_func(who, zero, zero + np.uint64(t // 2), zero, np.uint64(seed), np.uint64(0))
            lives = alive & (words[2 * (t % 2)] >= death[age])
            deaths[t] = (alive & ~lives).sum()
            u = words[2 * (t % 2) + 1]
            row = 3 * age + place
            place = (u >= moves[row, 0]).astype(np.int64) + (u >= moves[row, 1])
            count += lives & (age >= WORKING[0]) & (age <= WORKING[1]) & (place > 0)
            alive, age = lives, age + 1
    return deaths, np.bincount(place[alive], minlength=3).astype(np.float64), float(count.sum())


def expected(persons: int = PERSONS, years: int = YEARS) -> Answer:
    """Expected values by a chain of numbers of people [age, place]."""
    people = np.zeros((DEATH.size, 3))
    people[:, 0] = np.bincount(ages(persons), minlength=DEATH.size)
    deaths, abroad = np.zeros(years), 0.0
    for t in range(years):
        deaths[t] = (people * DEATH[:, np.newaxis]).sum()
        people = people * (1.0 - DEATH[:, np.newaxis])
        works = slice(WORKING[0], WORKING[1] + 1)
        people[works] = people[works] @ MOVES
        abroad += people[works, 1:].sum()
        people[1:], people[0] = people[:-1].copy(), 0.0
    return deaths, people.sum(axis=0), abroad


def errors(found: object, persons: int = PERSONS) -> float:
    """Largest miss of the expected values in standard errors; years abroad vary by at most 20 times their mean from person to person."""
    wanted = expected(persons)
    assert isinstance(found, tuple)
    deaths, places, abroad = found
    misses = [np.abs(deaths - wanted[0]) / np.sqrt(np.maximum(wanted[0], 1.0)), np.abs(places - wanted[1]) / np.sqrt(np.maximum(wanted[1], 1.0))]
    return max(*(float(m.max()) for m in misses), abs(abroad - wanted[2]) / np.sqrt(20.0 * wanted[2]))


def compare(rounds: int = 3) -> timing.Comparison:
    """Kernel on two threads and on one, NumPy, and the peer; the answer is within chance of the expected values."""
    contenders: dict[str, Callable[[], object]] = {
        "toolkit, kernel, 2 threads": simulate,
        "toolkit, kernel, 1 thread": lambda: simulate(workers=1),
        "toolkit, NumPy": plain,
    }
    wanted = {}
    if timing.installed("neworder"):
        from peers_neworder import make

        name = timing.version("neworder")
        contenders[name], wanted[name] = make(ages(PERSONS), DEATH, MOVES, YEARS, WORKING), 25.0
    absent = () if wanted else ("neworder",)
    measure = "standard errors from the expected values"
    return timing.compare(
        TITLE, contenders, rounds, tolerance=ERRORS, wanted=wanted, absent=absent, difference=lambda found, _: errors(found), measure=measure
    )


if __name__ == "__main__":
    timing.say(timing.table(compare()))
