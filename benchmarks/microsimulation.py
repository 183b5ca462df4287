"""Microsimulation of 10^6 persons over 50 years, against neworder on the same transitions.

The task: persons of ages 0 to 99 start at home. Every year each dies with the probability of the age; survivors aged 15-59 move between three places
by one matrix; a year is counted abroad for those of them who are then not at home. Answers are deaths by year, people by place at the end and years
abroad by person. Both simulations are held against the expected values, which a chain of numbers gives exactly.

The toolkit's own simulation (``actuarial/feasibility/microsimulation_kernel.py``) keeps two sets of books along each career and cannot be made to do
less; so this is a kernel for the peer's task, with the same generator: Philox-4x32-10, key (seed, stream), counter (person, 0, pair of years, 0). Its
four words are those of two years: word 2k decides on death, word 2k + 1 on the move in year k of the pair. A number depends on person and year alone.
So persons may be worked off in any order: those of one age together, which makes the bounds of a year constants and its loops vector code.

``actuarial bench microsimulation``
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

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
"""Persons worked off together: their words and states stay in the first cache."""
REST = 8
"""Years after which the dead are left out (even)."""
ERRORS = 6.0
"""Standard errors by which a simulation may miss the expected value."""

Answer = tuple[timing.Array, timing.Array, np.ndarray]


def ages(persons: int) -> np.ndarray:
    """Ages at the start, younger ones more often."""
    return np.minimum(np.arange(persons) % 100, (np.arange(persons) * 7) % 100).astype(np.int64)


@numba.njit(cache=True, nogil=True)
def _words(persons, pair, k0, k1, c):
    """Random words [4, person]: a round of the generator at a time for all of them, which is what compilers make vector code of.

    Same numbers as ``philox`` of the package, which is one person at a time.
    """
    for i in range(persons.size):
        c[0, i], c[1, i], c[2, i], c[3, i] = persons[i], np.uint64(0), np.uint64(pair), np.uint64(0)
    for _ in range(ROUNDS):
        for i in range(persons.size):
            p0, p1 = MULTIPLY_0 * (c[0, i] & MASK), MULTIPLY_1 * (c[2, i] & MASK)
            c0, c2 = (p1 >> HALF_WORD) ^ c[1, i] ^ k0, (p0 >> HALF_WORD) ^ c[3, i] ^ k1
            c[0, i], c[1, i], c[2, i], c[3, i] = c0, p1 & MASK, c2, p0 & MASK
        k0, k1 = (k0 + WEYL_0) & MASK, (k1 + WEYL_1) & MASK


@numba.njit(cache=True, nogil=True)
def _die(u, bound, alive):
    """Deaths of one year among persons of one age."""
    died = np.uint64(0)
    for i in range(alive.size):
        lives = alive[i] if u[i] >= bound else np.uint64(0)
        died += alive[i] - lives
        alive[i] = lives
    return died


@numba.njit(cache=True, nogil=True)
def _move(v, moves, place, count, alive):
    """Moves of one year among persons of one working age, and the year abroad of those who are then away."""
    a0, a1, b0, b1, c0, c1 = moves[0], moves[1], moves[2], moves[3], moves[4], moves[5]
    none, one, two = np.uint64(0), np.uint64(1), np.uint64(2)
    for i in range(alive.size):
        low = a0 if place[i] == none else (b0 if place[i] == one else c0)
        high = a1 if place[i] == none else (b1 if place[i] == one else c1)
        to = none if v[i] < low else (one if v[i] < high else two)
        place[i] = to
        count[i] += none if to == none else alive[i]


@numba.njit(cache=True, nogil=True)
def _lives(first, stop, seed, order, cuts, age, death, moves, years, working, deaths, places, abroad):
    """Blocks ``first`` to ``stop`` of persons of one age, ``order[cuts[block] : cuts[block + 1]]``; the dead leave the block now and then."""
    k0, k1 = np.uint64(seed), np.uint64(0)
    words = np.zeros((4, BLOCK), np.uint64)
    who, place, count, alive = (np.zeros(BLOCK, np.uint64), np.zeros(BLOCK, np.uint64), np.zeros(BLOCK, np.uint64), np.zeros(BLOCK, np.uint64))
    for block in range(first, stop):
        n = cuts[block + 1] - cuts[block]
        begin = age[order[cuts[block]]]
        for i in range(n):
            who[i], place[i], count[i], alive[i] = order[cuts[block] + i], 0, 0, 1
        for t in range(years):
            w = 2 * (t % 2)
            if w == 0:
                if t % REST == 0:
                    left = 0
                    for i in range(n):
                        person, to, years_away, lives = who[i], place[i], count[i], alive[i]
                        abroad[person] = years_away
                        who[left], place[left], count[left], alive[left] = person, to, years_away, lives
                        left += np.int64(lives)
                    n = left
                if n == 0:
                    break
                _words(who[:n], t // 2, k0, k1, words)
            x = begin + t
            deaths[block, t] = _die(words[w, :n], death[x], alive[:n])
            if working[0] <= x <= working[1]:
                _move(words[w + 1, :n], moves, place[:n], count[:n], alive[:n])
        for i in range(n):
            places[block, place[i]] += alive[i]
            abroad[who[i]] = count[i]


def bounds() -> tuple[np.ndarray, np.ndarray]:
    """Probabilities as bounds of 32-bit words: of death [age], and of the place after a move [place x 2]."""
    death = np.round(DEATH * 2.0**32).astype(np.uint64)
    return death, np.round(np.cumsum(MOVES, axis=1)[:, :2] * 2.0**32).astype(np.uint64).ravel()


def simulate(persons: int = PERSONS, years: int = YEARS, workers: int = 2, seed: int = 2026) -> Answer:
    """Deaths by year, people by place at the end, years abroad by person; the answer does not depend on ``workers``."""
    age = ages(persons)
    order = np.argsort(age.astype(np.uint8), kind="stable")
    begins = np.append(np.flatnonzero(np.diff(age[order], prepend=-1)), persons)
    cuts = np.append(np.concatenate([np.arange(a, b, BLOCK) for a, b in pairwise(begins)]), persons)
    blocks = cuts.size - 1
    deaths, places, abroad = np.zeros((blocks, years)), np.zeros((blocks, 3)), np.zeros(persons, np.int16)
    death, moves = bounds()
    rest = (seed, order, cuts, age, death, moves, years, WORKING, deaths, places, abroad)
    shares = np.linspace(0, blocks, 8 * workers + 1).astype(int)  # small shares: old people's blocks end early
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda part: _lives(*part, *rest), pairwise(shares)))
    return deaths.sum(axis=0), places.sum(axis=0), abroad


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
            u, works = words[2 * (t % 2) + 1], (age >= WORKING[0]) & (age <= WORKING[1])
            to = (u >= moves[2 * place]).astype(np.int64) + (u >= moves[2 * place + 1])
            place = np.where(works, to, place)
            count += lives & works & (place > 0)
            alive, age = lives, age + 1
    return deaths, np.bincount(place[alive], minlength=3).astype(np.float64), count


def expected(persons: int = PERSONS, years: int = YEARS) -> tuple[timing.Array, timing.Array, float]:
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
    deaths, places, abroad = found[0], found[1], float(np.sum(found[2]))
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
