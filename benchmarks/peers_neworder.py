"""The migration chain as a neworder model: hazards by age from its random stream, the chain by its compiled ``df.transition``.

People are a frame; those at the ages of the chain are taken out of it every year, moved by ``transition`` and put back. The dead leave the frame.
"""

from __future__ import annotations

from collections.abc import Callable

import neworder
import numpy as np
import pandas as pd

from actuarial.basis.dimensions import Array, IntArray


class Lives(neworder.Model):
    """People, their place and their years abroad."""

    def __init__(self, age: IntArray, death: Array, moves: Array, years: int, working: tuple[int, int], seed: int) -> None:
        super().__init__(neworder.LinearTimeline(0, years, years), lambda: seed)
        self.death, self.moves, self.working, self.total = death, moves, working, years
        self.states = np.arange(len(moves))
        self.people = pd.DataFrame({"age": age, "place": np.zeros(age.size, np.int64), "abroad": np.zeros(age.size, np.int64)})
        self.gone: list[Array] = []
        self.deaths = np.zeros(years)

    def step(self) -> None:
        """One year: death, moves at working ages, a year abroad for those who are there, age."""
        people = self.people
        dead = self.mc.hazard(self.death[people["age"].to_numpy()]) == 1.0
        self.deaths[self.timeline.index] = dead.sum()
        self.gone.append(people["abroad"].to_numpy()[dead])
        people = people[~dead].copy()
        of_age = people["age"].between(*self.working)
        movers = people.loc[of_age, ["place"]].copy()
        neworder.df.transition(self, self.states, self.moves, movers, "place")
        people.loc[of_age, "place"] = movers["place"]
        people["abroad"] += (of_age & (people["place"] > 0)).astype(np.int64)
        people["age"] += 1
        self.people = people

    def finalise(self) -> None:
        """Nothing to close."""


def make(age: IntArray, death: Array, moves: Array, years: int, working: tuple[int, int]) -> Callable[[], tuple[Array, Array, Array]]:
    """The work of one run: (deaths by year, people by place at the end, years abroad by person, in no order)."""

    def run() -> tuple[Array, Array, Array]:
        model = Lives(age, death, moves, years, working, 19937)
        neworder.run(model)
        places = np.bincount(model.people["place"].to_numpy(), minlength=len(moves)).astype(np.float64)
        return model.deaths, places, np.concatenate([model.people["abroad"].to_numpy(), *model.gone])

    return run
