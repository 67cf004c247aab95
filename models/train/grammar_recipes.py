"""Draws meanings, and partners that differ from an anchor in one thing that matters."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from models.train.grammar_lexicon import load_lexicon
from models.train.grammar_rules import OPEN, OPPOSED, Meaning

YEARS = range(2023, 2032)
TIMED, HEDGE, NEST, COMMON_WHEN, COMMON_EXCEPTION = 0.68, 0.12, 0.35, 0.12, 0.1
#: Forms whose two sides may stand at different levels of one organisation.
NESTING = frozenset({"act", "limit", "rank", "bind", "pole", "task"})
Pair = tuple[Meaning, Meaning]
Recipe = Callable[["Maker", Meaning], Pair]


class Maker:
    """Draws from `chooser`; every method that ends a recipe gives both sides, the anchor changed only where it must."""

    def __init__(self, chooser: random.Random) -> None:
        self.chooser = chooser
        self.lexicon = load_lexicon()

    # --- drawing -----------------------------------------------------------------------------------------------
    def anchor(self, form: str) -> Meaning:
        """Any signal of the form."""
        pick = self.chooser.choice
        lexicon = self.lexicon
        if form in ("level", "trend"):
            subject = pick(list(lexicon.indicators))
            field = lexicon.indicators[subject].field
        else:
            subject = pick(list(lexicon.acts))
            field = lexicon.acts[subject].field
        unit = pick(lexicon.able[field])
        meaning = Meaning(form, unit, pick(list(lexicon.limits)) if form == "limit" else subject)
        meaning = replace(meaning, time=self.time() if self.chance(TIMED) and form != "due" else None)
        return getattr(self, f"_draw_{form}", lambda one: one)(meaning)

    def chance(self, share: float) -> bool:
        return self.chooser.random() < share

    def time(self) -> tuple[int, int]:
        year = self.chooser.choice(YEARS)
        draw = self.chooser.random()
        if draw < 0.6:
            return year * 12, year * 12 + 11
        if draw < 0.75:
            return year * 12, (year + self.chooser.randint(1, 3)) * 12 + 11
        if draw < 0.85:
            return (year * 12, OPEN) if self.chance(0.6) else (0, year * 12 + 11)
        first = self.chooser.randint(0, 9)
        return year * 12 + first, year * 12 + min(11, first + self.chooser.randint(1, 5))

    def _draw_act(self, one: Meaning) -> Meaning:
        way = "undo" if self.chance(0.15) else "do"
        force = self.chooser.choices(("duty", "ban", "may", "advice", "advice_ban"), (42, 34, 9, 8, 7))[0]
        if way == "undo":
            force = "advice" if self.chance(HEDGE) else "duty"
        when = self.circumstance(one) if self.chance(COMMON_WHEN) else None
        exception = self.circumstance(one) if not when and self.chance(COMMON_EXCEPTION) else None
        return replace(one, way=way, force=force, when=when, exception=exception)

    def _draw_level(self, one: Meaning) -> Meaning:
        comparator = self.chooser.choices(("least", "most", "exact"), (35, 35, 30))[0]
        measure = self.lexicon.indicators[one.subject]
        return replace(one, comparator=comparator, value=self.between(measure.low, measure.high))

    def _draw_limit(self, one: Meaning) -> Meaning:
        comparator = "within" if self.chance(0.65) else "not_before"
        return replace(one, comparator=comparator, value=self.chooser.choice((7, 10, 14, 20, 21, 28, 30, 35, 42, 60)))

    def _draw_due(self, one: Meaning) -> Meaning:
        month = self.chooser.choice(YEARS) * 12 + self.chooser.choice((1, 2, 3, 4, 5, 5, 7, 8, 9, 10, 11, 11))
        return replace(one, stage=self.chooser.choice(("0", "1", "2", "3", "4", "5", "progress", "final")), value=month)

    def _draw_frequency(self, one: Meaning) -> Meaning:
        comparator = self.chooser.choices(("exact", "least", "most"), (60, 25, 15))[0]
        stage = str(self.chooser.randrange(len(self.lexicon.texts["reports"])))
        return replace(one, stage=stage, comparator=comparator, value=self.chooser.choice((1, 2, 3, 4, 12, 52)))

    def _draw_lead(self, one: Meaning) -> Meaning:
        area = self.chooser.choice(self.lexicon.texts["areas"]).split("|")[0] if self.chance(0.1) else None
        way = "assist" if self.chance(0.2) else "lead"
        return replace(one, way=way, party=self.chooser.choice(self.lexicon.texts["parties"]), area=area)

    def _draw_rank(self, one: Meaning) -> Meaning:
        return replace(one, staff=self.crew(one), weak=self.chance(0.12))

    def _draw_bind(self, one: Meaning) -> Meaning:
        if self.chance(0.4):
            kind = "premises" if self.chance(0.6) else "funds"
            return replace(one, thing=self.chooser.choice(self.lexicon.texts[kind]))
        of = self.chooser.randint(8, 30)
        amount = (self.chooser.randint(2, of - 2), of) if self.chance(0.5) else None
        return replace(one, staff=self.crew(one), amount=amount)

    def _draw_cut(self, one: Meaning) -> Meaning:
        return replace(one, staff=self.crew(one), value=self.chooser.choice((5, 8, 10, 15, 20, 25, 30, 40)))

    def _draw_grow(self, one: Meaning) -> Meaning:
        return replace(one, staff=self.crew(one))

    def _draw_sum(self, one: Meaning) -> Meaning:
        comparator = self.chooser.choices(("least", "most", "exact"), (30, 35, 35))[0]
        return replace(
            one, comparator=comparator, value=self.chooser.choice((1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 40))
        )

    def _draw_team(self, one: Meaning) -> Meaning:
        comparator = self.chooser.choices(("least", "most", "exact"), (30, 30, 40))[0]
        value = self.chooser.choice((4, 6, 8, 9, 10, 12, 14, 15, 16, 18, 20, 21, 24, 28, 30, 32))
        return replace(one, staff=self.crew(one), comparator=comparator, value=value)

    def _draw_pole(self, one: Meaning) -> Meaning:
        pole = self.chooser.choice(list(self.lexicon.poles))
        general = bool(self.lexicon.general[pole]) and self.chance(0.4)
        return replace(one, pole=pole, general=general, force="advice" if self.chance(HEDGE) else "duty")

    def crew(self, one: Meaning) -> int:
        return self.chooser.randrange(len(self.lexicon.fields[self.field(one)].staff))

    def field(self, one: Meaning) -> str:
        if one.subject in self.lexicon.indicators:
            return self.lexicon.indicators[one.subject].field
        return self.lexicon.acts[one.subject].field if one.subject in self.lexicon.acts else ""

    def between(self, low: int, high: int) -> int:
        value = self.chooser.randint(low, high)
        return value if high <= 100 else max(low, round(value, -1 if high <= 1000 else -2))

    def circumstance(self, one: Meaning, but: str | None = None) -> str:
        return self.chooser.choice([when for when in self.lexicon.fields[self.field(one)].when if when != but])

    # --- changes of one side -----------------------------------------------------------------------------------
    def vary(self, one: Meaning) -> Meaning:
        """What does not matter: a time within the time or none, a unit below or above, a hedge."""
        if one.form in NESTING and self.chance(NEST):
            kin = [unit for unit in self.able(one) if unit != one.unit and self.lexicon.nested(unit, one.unit)]
            one = replace(one, unit=self.chooser.choice(kin)) if kin else one
        if one.time is not None and self.chance(0.12):
            one = replace(one, time=None)
        elif one.time is None and self.chance(0.45) and one.form != "due":
            one = replace(one, time=self.time())
        return one

    def able(self, one: Meaning) -> tuple[str, ...]:
        field = self.field(one)
        return self.lexicon.able[field] if field else tuple(self.lexicon.parents)

    def stranger(self, one: Meaning) -> str | None:
        """A unit that has nothing to do with this one; mostly one near it in the same organisation."""
        far = [unit for unit in self.able(one) if not self.lexicon.nested(unit, one.unit)]
        near = [unit for unit in far if self.lexicon.root(unit) == self.lexicon.root(one.unit)]
        return self.chooser.choice(near if near and self.chance(0.6) else far) if far else None

    def times_apart(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Two periods that do not meet, in either order."""
        while True:
            one, other = self.time(), self.time()
            if one[1] < other[0] or other[1] < one[0]:
                return one, other

    def other_act(self, one: Meaning) -> str:
        acts = self.lexicon.fields[self.field(one)].acts
        return self.chooser.choice([act for act in acts if act != one.subject])

    def flip(self, one: Meaning) -> Meaning:
        """The opposite of an act: banned, or the contrary done."""
        positive = OPPOSED[one.force] * (1 if one.way == "do" else -1) > 0
        if not positive:
            force = self.chooser.choices(("duty", "may", "advice"), (75, 13, 12))[0]
            return replace(one, way="do", force="duty" if one.way == "undo" else force)
        if self.lexicon.acts[one.subject].ways["undo"] and self.chance(0.35) and one.force != "may":
            return replace(one, way="undo", force="duty")
        return replace(one, way="do", force="advice_ban" if self.chance(HEDGE) else "ban")
