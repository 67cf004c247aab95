"""The changes that make a partner from an anchor. The rules decide the label; a change only proposes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models.train.grammar_recipes import Maker, Meaning, Pair, Recipe


def again(make: Maker, one: Meaning) -> Pair:
    """The same demand, in other words."""
    return one, make.vary(one)


def flipped(make: Maker, one: Meaning) -> Pair:
    return one, make.vary(make.flip(one))


def flipped_part(make: Maker, one: Meaning) -> Pair:
    """The opposite for one circumstance, which the rule does not except."""
    return one, replace(make.vary(make.flip(one)), when=make.circumstance(one, one.exception), exception=None)


def flipped_excepted(make: Maker, one: Meaning) -> Pair:
    """The opposite beside an exception of something else."""
    when = make.circumstance(one)
    one = replace(one, when=None, exception=when)
    return one, replace(make.vary(make.flip(one)), exception=None, when=make.circumstance(one, when))


def carved_out(make: Maker, one: Meaning) -> Pair:
    """The opposite for just what the rule excepts."""
    when = make.circumstance(one)
    one = replace(one, when=None, exception=when)
    return one, replace(make.vary(make.flip(one)), exception=None, when=when)


def flipped_replaced(make: Maker, one: Meaning) -> Pair:
    return one, replace(make.vary(make.flip(one)), replaces=True)


def near_task(make: Maker, one: Meaning) -> Pair:
    force = make.chooser.choices(("duty", "ban", "may", "advice"), (45, 35, 10, 10))[0]
    return one, replace(make.vary(one), way="near", force=force, exception=None)


def other_task(make: Maker, one: Meaning) -> Pair:
    """Another act of the field, whatever is said of it."""
    fresh = make.anchor("act")
    other = replace(fresh, subject=make.other_act(one), unit=one.unit, when=None, exception=None)
    return one, replace(make.vary(other), way=fresh.way)


def elsewhere(proposal: Recipe) -> Recipe:
    """The same change, for a unit that has nothing to do with it."""

    def change(make: Maker, one: Meaning) -> Pair:
        a, b = proposal(make, one)
        unit = make.stranger(one)
        return a, b if unit is None else replace(b, unit=unit)

    return change


def apart(proposal: Recipe) -> Recipe:
    """The same change, at a time that does not meet the anchor's."""

    def change(make: Maker, one: Meaning) -> Pair:
        a, b = proposal(make, one)
        for _ in range(9):
            first, second = make.times_apart()
            if a.time is None or first == a.time or make.chance(0.2):
                break
        keep = a.time if a.time is not None and (a.time[1] < second[0] or second[1] < a.time[0]) else first
        return replace(a, time=keep), replace(b, time=second)

    return change


def turned(make: Maker, one: Meaning) -> Pair:
    return one, replace(make.vary(one), way="undo" if one.way == "do" else "do")


def other_measure(make: Maker, one: Meaning) -> Pair:
    """Another indicator of the same or a near trade, with its own value or direction."""
    field = make.field(one)
    names = [name for name, found in make.lexicon.indicators.items() if found.field == field and name != one.subject]
    if not names:
        return again(make, one)
    fresh = replace(make.anchor(one.form), subject=make.chooser.choice(names), unit=one.unit)
    drawn = getattr(make, f"_draw_{one.form}", lambda same: same)(fresh)
    return one, replace(drawn, way=make.chooser.choice(("do", "undo")), time=make.vary(one).time)


def redrawn(make: Maker, one: Meaning) -> Pair:
    """The same thing with values drawn anew: two minima, a value that fits, or a clash."""
    drawn = getattr(make, f"_draw_{one.form}")(one)
    return one, replace(make.vary(one), value=drawn.value, comparator=drawn.comparator)


def same_kind(make: Maker, one: Meaning) -> Pair:
    """Another value with the same comparator: a clash for levels, none for limits of one kind."""
    drawn = getattr(make, f"_draw_{one.form}")(one)
    return one, replace(make.vary(one), value=drawn.value)


def other_limit(make: Maker, one: Meaning) -> Pair:
    names = [name for name in make.lexicon.limits if name != one.subject]
    return one, replace(redrawn(make, one)[1], subject=make.chooser.choice(names))


def moved_date(make: Maker, one: Meaning) -> Pair:
    step = make.chooser.choice((-9, -6, -4, -3, -2, -1, 1, 2, 3, 4, 6, 9, 12))
    return one, replace(one, value=one.value + step)


def other_product(make: Maker, one: Meaning) -> Pair:
    """Another deliverable of the same task, by another (or the same) date."""
    drawn = make._draw_due(one)
    if one.stage in ("progress", "final"):
        drawn = replace(drawn, stage="final" if one.stage == "progress" else "progress")
    return one, replace(moved_date(make, one)[1], stage=drawn.stage, value=moved_date(make, one)[1].value)


def other_report(make: Maker, one: Meaning) -> Pair:
    drawn = make._draw_frequency(one)
    return one, replace(make.vary(one), stage=drawn.stage, value=drawn.value)


def other_subject(proposal: Recipe) -> Recipe:
    def change(make: Maker, one: Meaning) -> Pair:
        a, b = proposal(make, one)
        return a, replace(b, subject=make.other_act(one))

    return change


def other_party(make: Maker, one: Meaning) -> Pair:
    parties = [party for party in make.lexicon.texts["parties"] if party != one.party]
    return one, replace(make.vary(one), party=make.chooser.choice(parties))


def own_areas(make: Maker, one: Meaning) -> Pair:
    first, second = make.chooser.choice(make.lexicon.texts["areas"]).split("|")
    a, b = other_party(make, one)
    return replace(a, area=first), replace(b, area=second)


def other_role(make: Maker, one: Meaning) -> Pair:
    a, b = other_party(make, one)
    return a, replace(b, way="lead" if one.way == "assist" else "assist")


def other_first(make: Maker, one: Meaning) -> Pair:
    """Another act first for the same people, now and then with the weaker word."""
    return one, replace(make.vary(one), subject=make.other_act(one), weak=make.chance(0.15))


def other_staff(proposal: Recipe) -> Recipe:
    def change(make: Maker, one: Meaning) -> Pair:
        a, b = proposal(make, one)
        if b.staff is None:
            return a, b
        groups = [group for group in range(len(make.lexicon.fields[make.field(one)].staff)) if group != one.staff]
        return a, replace(b, staff=make.chooser.choice(groups))

    return change


def as_form(form: str, proposal: Recipe, **slots: Any) -> Recipe:
    """The partner as a signal of another form."""

    def change(make: Maker, one: Meaning) -> Pair:
        a, b = proposal(make, one)
        if one.staff is None:
            return a, b
        return a, replace(b, form=form, weak=False, amount=None, value=0, comparator="exact", **slots)

    return change


def yields(make: Maker, one: Meaning) -> Pair:
    """A task that says itself that it comes after the anchor's."""
    a, b = other_first(make, one)
    return a, replace(b, form="task", weak=False, amount=None, after=one.subject)


def replaced(proposal: Recipe) -> Recipe:
    """The same change by a decision that takes the place of what was."""

    def change(make: Maker, one: Meaning) -> Pair:
        a, b = proposal(make, one)
        return a, replace(b, replaces=True)

    return change


def excepted(proposal: Recipe, met: bool) -> Recipe:
    """The same change in one circumstance: the one that the anchor excepts (`met`), or another."""

    def change(make: Maker, one: Meaning) -> Pair:
        when = make.circumstance(one)
        a, b = proposal(make, replace(one, exception=when))
        return a, replace(b, exception=None, when=when if met else make.circumstance(one, when))

    return change


def beside(make: Maker, one: Meaning) -> Pair:
    """A signal of another form about the same thing, which goes well with doing it."""
    other = make.anchor(make.chooser.choice([form for form in FRIENDLY if form != one.form]))
    other = replace(other, subject=one.subject, unit=one.unit, time=one.time if other.form != "due" else None)
    if other.form == "act":
        other = replace(other, way="do", force="duty", when=None, exception=None)
    return one, make.vary(other) if other.form == "act" else other


def toward(make: Maker, one: Meaning) -> Pair:
    """The aim that the anchor is a means to."""
    if one.form == "act" and (one.way != "do" or one.force not in ("duty", "advice")):
        one = replace(one, way="do", force="duty", exception=None)
    return one, replace(make.vary(one), form="aim", force="duty", staff=None, thing=None, when=None, exception=None)


#: Forms that say nothing against an act being done.
FRIENDLY = ("act", "due", "frequency", "lead")


def banned(make: Maker, one: Meaning) -> Pair:
    return one, replace(make.vary(one), form="act", force="ban", staff=None, thing=None, amount=None, weak=False)


def banned_near(make: Maker, one: Meaning) -> Pair:
    return one, replace(banned(make, one)[1], way="near")


def other_bind(make: Maker, one: Meaning) -> Pair:
    """The same people, premises or money, for another act; of a counted group, another part."""
    b = replace(make.vary(one), subject=make.other_act(one))
    if one.amount:
        b = replace(b, unit=one.unit, amount=(make.chooser.randint(2, one.amount[1] - 1), one.amount[1]))
    return one, b


def other_thing(make: Maker, one: Meaning) -> Pair:
    a, b = other_bind(make, one)
    if not one.thing:
        return other_staff(other_bind)(make, one)
    texts = make.lexicon.texts
    kind = texts["premises"] if one.thing in texts["premises"] else texts["funds"]
    return a, replace(b, thing=make.chooser.choice([thing for thing in kind if thing != one.thing]))


def grown(make: Maker, one: Meaning) -> Pair:
    """More of a task for people who are cut."""
    return one, replace(make.vary(one), form="grow", value=0)


def pulled(make: Maker, one: Meaning) -> Pair:
    """A goal in the same matter that pulls the other way."""
    against = sorted(pole for pair in make.lexicon.tensions if one.pole in pair for pole in pair if pole != one.pole)
    return one, replace(make.vary(one), pole=make.chooser.choice(against), general=False)


def other_pole(make: Maker, one: Meaning) -> Pair:
    """A goal in the same matter that does not pull the other way."""
    return one, replace(make.vary(one), pole=make.chooser.choice(make.lexicon.compatible[one.pole]), general=False)


def same_goal(make: Maker, one: Meaning) -> Pair:
    """The whole goal twice."""
    if not make.lexicon.general[one.pole]:
        return again(make, replace(one, general=False))
    one = replace(one, general=True)
    return again(make, one)
