"""Says a meaning in Swedish: one of many ways each time, with the span that carries it."""

from __future__ import annotations

import random
from typing import Any

from models.train.grammar_lexicon import load_lexicon
from models.train.grammar_rules import OPEN, Meaning

NUMBERS = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
FRACTIONS = {20: "en femtedel", 25: "en fjärdedel", 50: "hälften", 75: "tre fjärdedelar"}
#: How often a text has a lead-in and an added sentence.
LEAD, TAIL, LINK, PURPOSE, EXTRA = 0.2, 0.35, 0.12, 0.12, 0.15


class Voice:
    """Draws ways of saying things from `chooser`."""

    def __init__(self, chooser: random.Random) -> None:
        self.chooser = chooser
        self.lexicon = load_lexicon()

    def pick(self, options: Any) -> Any:
        return self.chooser.choice(list(options))

    def say(self, meaning: Meaning, named: bool = True) -> tuple[str, str]:
        """The text, and the part of it that carries what is demanded; the unit's kind alone where it is not `named`."""
        say = self.lexicon.texts["say"]
        slots = self._slots(meaning)
        if not named:
            unit = self._generic(meaning.unit)
            slots |= {"u": unit, "us": unit + "s", "pu": at(unit)}
        ways = [way for way in say[self._key(meaning)] if self._fits(way, slots)]
        marked = self.pick(ways).format_map(slots)
        core = " ".join(marked.split()).rstrip(".") + "."
        core = self._wrap(core, meaning)
        before, _, rest = core.partition("⟦")
        evidence, _, after = rest.partition("⟧")
        if not before:
            evidence = capital(evidence)
        before = capital(before)
        return before + evidence + after, evidence

    def _generic(self, unit: str) -> str:
        return next(kind for part, kind in self.lexicon.texts["generic"].items() if part in unit)

    def _key(self, meaning: Meaning) -> str:
        if meaning.form in ("act", "pole"):
            return meaning.force
        if meaning.form == "trend":
            return "trend_up" if meaning.way == "do" else "trend_down"
        if meaning.form == "bind":
            return "bind_staff" if meaning.thing is None else self._thing_key(meaning.thing)
        if meaning.form == "rank":
            return "rank_weak" if meaning.weak else "rank"
        if meaning.form == "lead":
            return "assist" if meaning.way == "assist" else "lead"
        return "after" if meaning.form == "task" and meaning.after else meaning.form

    def _thing_key(self, thing: str) -> str:
        return "bind_fund" if thing in self.lexicon.texts["funds"] else "bind_thing"

    def _fits(self, way: str, slots: dict[str, str]) -> bool:
        """Whether the slots that the way needs can be filled, and no time is left out."""
        if "{T}" in way and not slots["T"]:
            return False
        if slots["t"] and "{t}" not in way and "{T}" not in way:
            return False
        if (slots["x"] and "{x}" not in way) or (slots["a"] and "{a}" not in way):
            return False
        return all(slots.get(name) for name in ("n", "pas", "pasp", "inf") if "{" + name + "}" in way)

    def _slots(self, meaning: Meaning) -> dict[str, str]:
        unit = meaning.unit
        when = self._when(meaning)
        slots = {
            "u": unit,
            "us": unit if unit[-1] in "sxz" else unit + "s",
            "pu": at(unit),
            "t": f" {when}" if when else "",
            "T": when,
            "x": self._exception(meaning.exception),
            "a": f" {meaning.area}" if meaning.area else "",
            "party": meaning.party or "",
        }
        if meaning.form in ("level", "trend"):
            slots["i"] = self.pick(self.lexicon.indicators[meaning.subject].names)
        elif meaning.form == "limit":
            slots |= self._phrase(self.pick(self.lexicon.limits[meaning.subject]))
        elif meaning.form != "cut":
            slots |= self._deed(meaning)
        return slots | self._measure(meaning) | self._means(meaning)

    def _deed(self, meaning: Meaning) -> dict[str, str]:
        """The act (or the pole of a goal in it) as phrase, and its name where the name says the same."""
        act = self.lexicon.acts[meaning.subject]
        name = self.pick(act.names)
        if meaning.form == "pole":
            ways = self.lexicon.general[meaning.pole] if meaning.general else self.lexicon.poles[meaning.pole]
            return self._phrase(self.pick(ways).format(n=name)) | {"pas": "", "pasp": ""}
        slots = self._phrase(self.pick(act.ways[meaning.way if meaning.form == "act" else "do"]))
        if meaning.form != "act" or meaning.way == "do":
            slots["n"] = name
        slots["aim"] = self.pick(self.lexicon.fields[act.field].aims)
        if meaning.after:
            slots["n2"] = self.pick(self.lexicon.acts[meaning.after].names)
        return slots

    def _phrase(self, phrase: str) -> dict[str, str]:
        """Forms of an infinitive phrase; the passive is empty where the verb has none."""
        verb, _, rest = phrase.lstrip("~").partition(" ")
        present = self.lexicon.present.get(verb, verb + "r")
        slots = {
            "inf": f"{verb} {rest}",
            "pres": f"{present} {rest}",
            "v": present,
            "rest": rest,
            "pas": "",
            "pasp": "",
        }
        if not phrase.startswith("~") and verb not in self.lexicon.active and " sig " not in f" {rest} ":
            slots |= {"pas": f"{verb}s {rest}", "pasp": f"{passive(verb, present)} {rest}"}
        return slots

    def _when(self, meaning: Meaning) -> str:
        parts = [meaning.when] if meaning.when else []
        if meaning.time and meaning.form != "due":
            parts.append(self._time(*meaning.time))
        self.chooser.shuffle(parts)
        return " ".join(parts)

    def _time(self, first: int, last: int) -> str:
        year, month = divmod(first, 12)
        if last == OPEN:
            return str(
                self.pick([f"från och med {year}", f"från den 1 januari {year}", f"från och med januari {year}"])
            )
        end, months = last // 12, self.lexicon.texts["months"]
        if first == 0:
            return str(
                self.pick([f"till och med {end}", f"fram till utgången av {end}", f"längst till slutet av {end}"])
            )
        if end > year:
            ways = [f"under {year}–{end}", f"under åren {year}–{end}", f"från {year} till och med {end}"]
        elif last - first == 11:
            ways = [f"under {year}", str(year), f"under budgetåret {year}", f"under år {year}", f"hela {year}"]
        else:
            to = months[last % 12]
            ways = [f"under {months[month]}–{to} {year}", f"från den 1 {months[month]} till utgången av {to} {year}"]
        return str(self.pick(ways))

    def _exception(self, when: str | None) -> str:
        if when is None:
            return ""
        return str(self.pick(self.lexicon.texts["wrap"]["exception"])).format(w=when)

    def _measure(self, meaning: Meaning) -> dict[str, str]:
        """The value with its comparator, and what is handed in."""
        texts = self.lexicon.texts
        if meaning.form in ("sum", "team"):
            value = self._value(meaning.value, "kronor") if meaning.form == "sum" else self._strength(meaning.value)
            return {"c": self.pick(texts["comparators"][meaning.comparator]).format(v=value)}
        if meaning.form in ("level", "limit"):
            unit = "dagar" if meaning.form == "limit" else self.lexicon.indicators[meaning.subject].unit
            way = self.pick(texts["comparators"][meaning.comparator])
            return {"c": way.format(v=self._value(meaning.value, unit))}
        if meaning.form == "cut":
            return {"v": self._value(meaning.value, "procent")}
        if meaning.form not in ("due", "frequency"):
            return {}
        name = self.pick(self.lexicon.acts[meaning.subject].names)
        if meaning.form == "due":
            return {"d": self._product(meaning.stage, name), "c": f"⟦{self._date(meaning.value)}⟧"}
        often = self.pick(texts["frequency"][str(meaning.value)])
        prefix = {"least": "minst ", "most": "högst "}.get(meaning.comparator, "")
        return {"d": f"{texts['reports'][int(meaning.stage)]} {name}", "c": f"⟦{prefix}{often}⟧"}

    def _product(self, stage: str, name: str) -> str:
        if stage == "progress":
            return str(self.pick(["delredovisningen av", "en delrapport om", "en första lägesrapport om"])) + f" {name}"
        if stage == "final":
            return (
                str(self.pick(["slutredovisningen av", "slutrapporten om", "den slutliga rapporten om"])) + f" {name}"
            )
        return str(self.pick(self.lexicon.texts["products"][int(stage)].split("|"))) + f" {name}"

    def _date(self, month: int) -> str:
        year, at_month = divmod(month, 12)
        name, day = self.lexicon.texts["months"][at_month], self.lexicon.texts["last_days"][at_month]
        ways = [
            f"senast den {day} {name} {year}",
            f"före utgången av {name} {year}",
            f"senast {year}-{at_month + 1:02d}-{day}",
            f"senast sista dagen i {name} {year}",
        ]
        if at_month in (5, 11):
            ways.append(f"före halvårsskiftet {year}" if at_month == 5 else f"före årsskiftet {year}/{year + 1}")
        return str(self.pick(ways))

    def _value(self, value: int, unit: str) -> str:
        plain = NUMBERS[value] if 1 < value <= 12 and self.chooser.random() < 0.5 else f"{value:,}".replace(",", " ")
        ways = [plain if unit == "antal" else f"{plain} {unit}"]
        if unit == "procent":
            ways += [f"{value} %", FRACTIONS.get(value, f"{value} %")]
        elif unit == "kronor":
            many = "en miljon" if value == 1 else f"{plain} miljoner"
            ways = [f"{many} kronor", f"{value} 000 000 kronor", f"{value} mnkr"]
        elif unit == "dagar" and value % 7 == 0 and value > 7:
            ways += [f"{value // 7} veckor", f"{NUMBERS[value // 7] if value < 85 else value // 7} veckor"]
        elif unit == "minuter" and value == 60:
            ways.append("en timme")
        elif unit == "timmar" and value % 24 == 0:
            ways.append("ett dygn" if value == 24 else f"{value // 24} dygn")
        elif unit == "timmar" and value == 1:
            ways = ["en timme"]
        return str(self.pick(ways))

    def _strength(self, value: int) -> str:
        """A number of people, now and then as so many teams of so many."""
        sizes = [size for size in range(3, 9) if value % size == 0 and 2 <= value // size <= 8]
        if sizes and self.chooser.random() < 0.4:
            size = self.pick(sizes)
            return f"{NUMBERS[value // size]} grupper om {self.pick([NUMBERS[size], size])}"
        return self._value(value, "antal")

    def _means(self, meaning: Meaning) -> dict[str, str]:
        if meaning.thing:
            return {"r": meaning.thing}
        if meaning.staff is None:
            return {}
        some, bare = self.lexicon.fields[meaning.subject.split("-")[0]].staff[meaning.staff]
        everyone = self.pick([f"samtliga {bare}", f"alla {bare}", f"hela gruppen {bare}"])
        if meaning.amount:
            taken, of = meaning.amount
            number = NUMBERS[taken] if taken <= 12 and self.chooser.random() < 0.5 else str(taken)
            everyone = f"{number} av de {of} {some}"
        return {"s": some, "si": bare, "all": everyone}

    def _wrap(self, core: str, meaning: Meaning) -> str:
        wrap = self.lexicon.texts["wrap"]
        act = self.lexicon.acts.get(meaning.subject)
        if meaning.replaces and act:
            core += " " + self.pick(wrap["replace"]).format(n=self.pick(act.names)) + "."
        elif act and meaning.form in ("act", "lead", "bind") and self.chooser.random() < LINK:
            core += " " + self.pick(wrap["link"]).format(n=self.pick(act.names)) + "."
        if self.chooser.random() < EXTRA:
            core += " " + self.pick(wrap["extra"]).format(inf=self._small_task(act.field if act else "")) + "."
        if act and meaning.form != "aim" and self.chooser.random() < PURPOSE:
            core += " " + self.pick(wrap["purpose"]).format(aim=self.pick(self.lexicon.fields[act.field].aims)) + "."
        if self.chooser.random() < LEAD:
            core = f"{self.pick(wrap['lead'])}: {core}"
        if self.chooser.random() < TAIL:
            core += f" {self.pick(wrap['tail'])}."
        return core

    def _small_task(self, field: str) -> str:
        """A near task of a trade that any unit has and the meaning has not: it meets nothing in the partner."""
        common = [name for name, found in self.lexicon.fields.items() if not found.kinds and name != field]
        act = self.pick(self.lexicon.fields[self.pick(common)].acts)
        return str(self.pick(self.lexicon.acts[act].ways["near"])).lstrip("~")


def passive(verb: str, present: str) -> str:
    """Present passive: kontrollerar → kontrolleras, bedriver → bedrivs, läser → läses, avslår → avslås."""
    if present.endswith(("ar", "år")) or (present.endswith("er") and verb.endswith("e")):
        return present[:-1] + "s"
    if present.endswith("er"):
        stem = present[:-2]
        return stem + ("es" if stem.endswith("s") else "s")
    return present + "s"


def at(unit: str) -> str:
    """The unit with its preposition."""
    within = "region" in unit.lower().split(" i ")[0] or "polisområde" in unit or unit.endswith("s kommun")
    within = within or (unit.endswith((" kommun", "kommunen")) and " i " not in unit)
    return f"{'i' if within else 'vid'} {unit}"


def capital(text: str) -> str:
    """The first letter large, past a bullet."""
    for at_letter, letter in enumerate(text):
        if letter.isalpha():
            return text[:at_letter] + letter.upper() + text[at_letter + 1 :]
        if letter.isdigit():
            break
    return text
