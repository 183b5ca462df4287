"""Benefits that turn on an event, not on a career, for one person: the law's small functions with the facts of the event.

1. Earnings are the last year's insurable ones; a month is a twelfth of them, a day (employment injury) a 365th.
2. Employment injury, by the facts given: ``days`` off work (one sum), ``degree`` of disablement (pension per year from the threshold on, one sum
   below it), ``fatal`` (survivors' pensions per year). Where the law has no insured branch, the employer's liability.
3. Unemployment: months spent seeking work in another state are paid up to the instrument's months of export, none without it (assumed).
4. Family: per year. An instrument with a provision on family benefits lifts conditions of residence. Health: average cost of care for person-months.
5. A fact that is needed and not given is refused by name when it is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeVar

from actuarial.basis.case import EventPart
from actuarial.basis.scheme_branch_law import QualifyingRule
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.provisions import employment_injury, family, health, sickness, unemployment
from actuarial.provisions.survivors import Family

EventBranch = Literal["employment_injury", "sickness", "unemployment", "family", "health"]
T = TypeVar("T")


@dataclass(frozen=True)
class EventFormula:
    """A branch by a scheme's law, for one event.

    earnings  per year, the last (``None``: not given);  needed  qualifying months;  survivors  of a fatal injury (``None``: not given)
    barred    why the person has no claim whatever the months (nationality, age, resignation); empty: nothing bars
    export_months  for which an unemployment benefit is paid in another state;  all_abroad  the person lives in another state
    resident  the worker lives in the state, or that does not matter;  lifted  children abroad count as those here
    """

    law: SchemeLaw
    branch: EventBranch
    state: str
    event: EventPart
    earnings: float | None = None
    needed: int = 0
    survivors: Family | None = None
    barred: str = ""
    export_months: int = 0
    all_abroad: bool = False
    resident: bool = True
    lifted: bool = False

    @property
    def longest(self) -> Fraction | None:
        """No benefit here rises with the length of a career."""
        return None

    @property
    def floor(self) -> float:
        """Minimums are inside the amounts."""
        return 0.0

    def theoretical(self, months: Fraction, *, minimum: bool) -> float:
        """The same as by national law: months elsewhere open the right, they do not change the amount."""
        return self.independent(months)

    def settlement(self, months: Fraction) -> float:
        """What goes back to somebody insured too short for unemployment benefit; else nothing."""
        rule = self.law.unemployment
        if self.branch != "unemployment" or rule is None or self.barred or months == 0 or rule.refund_share_below == 0.0:
            return 0.0
        paid = self._fact(self.event.contributions, "contributions", "sum of contributions of which a part goes back")
        return float(unemployment.refund(self.law, float(months), paid))

    def independent(self, months: Fraction) -> float:
        """Benefit by national law for somebody who qualifies; per year for pensions and allowances, else one sum."""
        return self._amount()[0]

    @property
    def once(self) -> bool:
        """Whether the amount settles a lasting loss by a single payment."""
        return self.branch == "employment_injury" and self.event.days is None and self._amount()[1] == "sum"

    def words(self) -> str:
        """How the amount came about."""
        return self._amount()[2]

    def _amount(self) -> tuple[float, Literal["sum", "yearly"], str]:
        if self.branch == "employment_injury":
            return self._injury()
        if self.branch == "sickness":
            days, monthly = self._fact(self.event.days, "days", "days off work"), self._earnings() / 12.0
            payer = "" if sickness.sickness_law(self.law).paid_by_scheme else " The employer owes it."
            return float(sickness.cash_benefit(self.law, monthly, days)), "sum", f"Sickness of {days} days, one sum.{payer}"
        if self.branch == "unemployment":
            return self._unemployment()
        if self.branch == "family":
            children = self._fact(self.event.children, "children", "children by state of residence")
            here, abroad = children.get(self.state, 0), sum(n for state, n in children.items() if state != self.state)
            here, abroad = (here + abroad, 0) if self.lifted else (here, abroad)
            counted = float(family.children_counted(self.law, here, abroad)) if self.resident or self.lifted else 0.0
            return float(family.allowance(self.law, counted)), "yearly", f"Allowance per year for {counted:g} children who count."
        care = self._fact(self.event.person_months, "person_months", "persons times months of care")
        return float(health.cost_by_person_months(self.law, care)), "sum", f"Average cost of {care:g} person-months of care."

    def _unemployment(self) -> tuple[float, Literal["sum"], str]:
        out = self._fact(self.event.months_out_of_work, "months_out_of_work", "months out of work")
        away = out if self.all_abroad else self.event.months_abroad
        if away > out:
            raise ValueError(f"event.months_abroad is {away:g}, more than months_out_of_work {out:g}")
        months = unemployment.months_payable(out, away, self.export_months)
        text = f"{out:g} months out of work, {away:g} of them in another state, where {self.export_months} months are paid"
        most = unemployment.unemployment_law(self.law).maximum_months
        amount = float(unemployment.benefit(self.law, self._earnings() / 12.0, months))
        return amount, "sum", f"{text}: {min(months, most):g} monthly benefits (at most {most}), one sum."

    def _injury(self) -> tuple[float, Literal["sum", "yearly"], str]:
        law, event, pay = self.law, self.event, self._earnings()
        insured = law.employment_injury is not None
        owed = "" if insured else " The employer owes it; no scheme insures."
        kinds = [name for name, given in (("days", event.days is not None), ("degree", event.degree is not None), ("fatal", event.fatal)) if given]
        if len(kinds) != 1:
            raise ValueError(f"event.degree: give one of days, degree or fatal; found {', '.join(kinds) or 'none'}")
        if event.days is not None:
            paid = float(employment_injury.temporary_benefit(law, pay / 365.0, event.days, in_hospital=event.in_hospital))
            return paid, "sum", f"Temporary incapacity, {float(employment_injury.days_paid(law, event.days)):g} days paid, one sum.{owed}"
        if event.fatal and not insured:
            return float(employment_injury.liability_death(law, pay / 12.0)), "sum", f"Fatal injury, one sum.{owed}"
        if event.fatal:
            if self.survivors is None:
                raise ValueError("person.family is missing; pensions after a fatal injury need the survivors by kind")
            total = float(employment_injury.survivors_pension(law, pay, self.survivors).total)
            return total, "yearly", "Survivors' pensions after a fatal injury, per year, all together."
        degree = self._fact(event.degree, "degree", "degree of disablement")
        if not insured:
            amount = float(employment_injury.liability_permanent(law, pay / 12.0, degree))
            amount += float(employment_injury.liability_attendance(law, amount)) if event.attendance else 0.0
            return amount, "sum", f"Disablement of {100 * degree:g} %, one sum.{owed}"
        if not employment_injury.pensionable(law, degree):
            text = f"Disablement of {100 * degree:g} % is below the threshold of a pension: one sum."
            return float(employment_injury.permanent_lump_sum(law, pay, degree)), "sum", text
        pension = float(employment_injury.permanent_pension(law, pay, degree))
        pension += float(employment_injury.constant_attendance(law, pension)) if event.attendance else 0.0
        return pension, "yearly", f"Pension per year for disablement of {100 * degree:g} %."

    def _earnings(self) -> float:
        if self.earnings is None:
            raise ValueError(f"states.{self.state}.earnings is missing; the benefit of {self.law.scheme_id} needs earnings")
        return self.earnings

    def _fact(self, value: T | None, name: str, what: str) -> T:
        if value is None:
            raise ValueError(f"event.{name} is missing; {self.law.scheme_id} needs the {what}")
        return value


def qualifying_rules(law: SchemeLaw, branch: EventBranch) -> tuple[QualifyingRule, ...]:
    """Rules of which one opens the right; none for employment injury and health. Raises ``ValueError`` where the law has no rules of the branch."""
    if branch == "employment_injury":
        employment_injury.temporary_law(law)
        return ()
    if branch == "sickness":
        return sickness.sickness_law(law).qualifying
    if branch == "unemployment":
        return (unemployment.unemployment_law(law).qualifying,)
    if branch == "family":
        return (family.family_law(law).qualifying,)
    health.health_law(law)
    return ()
