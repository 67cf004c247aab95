"""What two steering signals say, and the label that follows from it by the annotation guidelines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from models.train.grammar_lexicon import load_lexicon

#: Months since the year 0; the end of an open period.
OPEN = 10**6
OPPOSED = {"duty": 1, "advice": 1, "may": 1, "ban": -1, "advice_ban": -1}
HEDGED = frozenset({"advice", "advice_ban"})


class Label(NamedTuple):
    type: str
    grade: int


NONE = Label("none", 0)
DUPLICATE = Label("duplicate", 0)


@dataclass(frozen=True, slots=True)
class Meaning:
    """One signal. `form` says which of the other slots count; `subject` is an act, an indicator or a case with a limit.

    `time` is (first month, last month), `value` a number in the indicator's unit, times a year, or the month due;
    `amount` is (taken, of how many).
    """

    form: str
    unit: str
    subject: str
    way: str = "do"
    force: str = "duty"
    time: tuple[int, int] | None = None
    when: str | None = None
    exception: str | None = None
    staff: int | None = None
    thing: str | None = None
    amount: tuple[int, int] | None = None
    party: str | None = None
    area: str | None = None
    comparator: str = "exact"
    value: int = 0
    stage: str = ""
    pole: str = ""
    #: A goal said as a whole, not by one means to it.
    general: bool = False
    weak: bool = False
    #: The act that comes before this one, where the text says so.
    after: str | None = None
    replaces: bool = False


def label(a: Meaning, b: Meaning) -> Label | None:
    """The label of the two, None where careful readers could differ."""
    if a.form > b.form:
        a, b = b, a
    if not load_lexicon().nested(a.unit, b.unit) or not times_meet(a, b):
        return NONE
    rule = RULES.get((a.form, b.form))
    if rule is None:
        return NONE
    found = rule(a, b)
    if found is None or found == NONE:
        return found
    if a.replaces or b.replaces or carved(a, b) or carved(b, a):
        return NONE
    if a.when and b.when and a.when != b.when:
        return None
    if found == DUPLICATE:
        same = (a.when, a.exception) == (b.when, b.exception) and (a.time == b.time or None in (a.time, b.time))
        return found if same else None
    hedged = bool({a.force, b.force} & HEDGED)
    return Label(found.type, max(1, found.grade - hedged))


def times_meet(a: Meaning, b: Meaning) -> bool:
    """A signal without a time holds until it is replaced."""
    return a.time is None or b.time is None or (a.time[0] <= b.time[1] and b.time[0] <= a.time[1])


def carved(rule: Meaning, case: Meaning) -> bool:
    """Whether the rule's exception is just what the other signal is about."""
    return rule.exception is not None and rule.exception == case.when


def _same_unit(a: Meaning, b: Meaning, found: Label) -> Label | None:
    """Sums and levels of a part say little about those of the whole."""
    return found if a.unit == b.unit else None


def _acts(a: Meaning, b: Meaning) -> Label | None:
    if a.subject != b.subject:
        return NONE
    if "near" in (a.way, b.way):
        return None if a.way == b.way else NONE
    signs = [OPPOSED[side.force] * (1 if side.way == "do" else -1) for side in (a, b)]
    if signs[0] != signs[1]:
        # "May" against "must do the opposite" is a mandate beside a duty, which readers take differently.
        return None if a.way != b.way and "may" in (a.force, b.force) else Label("contradiction", 2)
    return DUPLICATE if (a.way, a.force) == (b.way, b.force) else None


def _ban_of_work(a: Meaning, b: Meaning) -> Label | None:
    """An act, or the ban of it, against people or money that are set to do something."""
    if a.subject != b.subject or a.way == "near":
        return NONE
    against = OPPOSED[a.force] * (1 if a.way == "do" else -1) < 0
    return Label("contradiction", 2) if against else None


def _trends(a: Meaning, b: Meaning) -> Label | None:
    if a.subject != b.subject:
        return NONE
    return _same_unit(a, b, DUPLICATE if a.way == b.way else Label("contradiction", 2))


def _span(meaning: Meaning) -> tuple[int, int]:
    low = 0 if meaning.comparator in ("most", "within") else meaning.value
    return low, OPEN if meaning.comparator in ("least", "not_before") else meaning.value


def _values(a: Meaning, b: Meaning) -> Label | None:
    if (a.comparator, a.value) == (b.comparator, b.value):
        return DUPLICATE
    one, other = _span(a), _span(b)
    if one[0] > other[1] or other[0] > one[1]:
        return Label("target", 2)
    return None if a.value == b.value else NONE


def _measures(a: Meaning, b: Meaning) -> Label | None:
    if (a.subject, a.stage) != (b.subject, b.stage):
        return NONE
    found = _values(a, b)
    return found if found is None else _same_unit(a, b, found)


def _limits(a: Meaning, b: Meaning) -> Label | None:
    return NONE if a.subject != b.subject else _values(a, b)


def _due(a: Meaning, b: Meaning) -> Label | None:
    if (a.subject, a.stage) != (b.subject, b.stage):
        return NONE
    apart = abs(a.value - b.value)
    return _same_unit(a, b, Label("target", 2 if apart >= 3 else 1) if apart else DUPLICATE)


def _leads(a: Meaning, b: Meaning) -> Label | None:
    if a.subject != b.subject or (a.area and b.area and a.area != b.area):
        return NONE
    if (a.way, a.party, a.area) == (b.way, b.party, b.area):
        return _same_unit(a, b, DUPLICATE)
    if a.way != b.way or a.way == "assist":
        return NONE
    return None if a.party == b.party else _same_unit(a, b, Label("responsibility", 2))


def _ranks(a: Meaning, b: Meaning) -> Label | None:
    if _field(a) != _field(b) or a.staff != b.staff:
        return NONE
    if a.subject == b.subject:
        return DUPLICATE if a.weak == b.weak else None
    return None if a.weak and b.weak else Label("priority", 1 if a.weak or b.weak else 2)


def _field(meaning: Meaning) -> str:
    return load_lexicon().acts[meaning.subject].field


def _binds(a: Meaning, b: Meaning) -> Label | None:
    if (a.thing or "", a.staff) != (b.thing or "", b.staff) or (not a.thing and _field(a) != _field(b)):
        return NONE
    if a.subject == b.subject:
        return _same_unit(a, b, DUPLICATE) if a.amount == b.amount else None
    if a.amount and b.amount:
        return _same_unit(a, b, Label("resource", 2) if a.amount[0] + b.amount[0] > a.amount[1] else NONE)
    # All of a part may be lent out although some of the whole are needed elsewhere: a conflict for that part.
    return None if a.amount or b.amount else Label("resource", 2)


def _bound_task(a: Meaning, b: Meaning) -> Label | None:
    """All hands bound to one task, and another task for the same hands."""
    if a.thing or _field(a) != _field(b) or a.staff != b.staff or b.after:
        return NONE
    if a.amount:
        return NONE if 2 * a.amount[0] < a.amount[1] else None
    return None if a.subject == b.subject else Label("resource", 2)


def _teams(a: Meaning, b: Meaning) -> Label | None:
    return _measures(a, b) if a.staff == b.staff else NONE


def _cuts(a: Meaning, b: Meaning) -> Label | None:
    if a.subject.split("-")[0] != b.subject.split("-")[0] or a.staff != b.staff:
        return NONE
    return _same_unit(a, b, DUPLICATE) if a.value == b.value else None


def _cut_grow(a: Meaning, b: Meaning) -> Label | None:
    if _field(a) != _field(b) or a.staff != b.staff:
        return NONE
    return Label("resource", 2 if a.unit == b.unit and a.value >= 15 else 1)


def _grows(a: Meaning, b: Meaning) -> Label | None:
    return (DUPLICATE if a.staff == b.staff else None) if a.subject == b.subject else NONE


def _ranked_task(a: Meaning, b: Meaning) -> Label | None:
    """A task without a claim to come first, or with one to come after, yields to the ranked one."""
    return None if a.subject == b.subject else NONE


def _poles(a: Meaning, b: Meaning) -> Label | None:
    if a.subject != b.subject:
        return NONE
    if a.pole == b.pole:
        return DUPLICATE if a.general and b.general else None
    return Label("goal_tension", 1) if frozenset((a.pole, b.pole)) in load_lexicon().tensions else NONE


#: By the forms of both sides in alphabetical order; forms that are not here have nothing to do with each other.
RULES: dict[tuple[str, str], Callable[[Meaning, Meaning], Label | None]] = {
    ("act", "act"): _acts,
    ("act", "bind"): _ban_of_work,
    ("act", "rank"): _ban_of_work,
    ("act", "grow"): _ban_of_work,
    ("bind", "bind"): _binds,
    ("bind", "task"): _bound_task,
    ("cut", "cut"): _cuts,
    ("cut", "grow"): _cut_grow,
    ("due", "due"): _due,
    ("frequency", "frequency"): _measures,
    ("grow", "grow"): _grows,
    ("lead", "lead"): _leads,
    ("level", "level"): _measures,
    ("limit", "limit"): _limits,
    ("pole", "pole"): _poles,
    ("rank", "rank"): _ranks,
    ("rank", "task"): _ranked_task,
    ("sum", "sum"): _measures,
    ("team", "team"): _teams,
    ("trend", "trend"): _trends,
}
