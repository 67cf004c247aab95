"""The lexicon of composed pairs: units, fields of acts, indicators, ways to say things, read from `grammar*.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do: `ways` by what they mean ("do", "undo", "near"), and definite names of doing it."""

    field: str
    ways: dict[str, tuple[str, ...]]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """Acts of one trade. `staff` are definite and indefinite plurals; `when` are circumstances."""

    kinds: frozenset[str]
    staff: tuple[tuple[str, str], ...]
    when: tuple[str, ...]
    acts: tuple[str, ...]
    #: What the acts are means to, each said in two ways, as a clause after "att".
    aims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    field: str
    unit: str
    low: int
    high: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`parents` leads from each unit to what it stands under; `able` lists the units that do each field."""

    parents: dict[str, str | None]
    able: dict[str, tuple[str, ...]]
    fields: dict[str, Field]
    acts: dict[str, Act]
    indicators: dict[str, Indicator]
    limits: dict[str, tuple[str, ...]]
    present: dict[str, str]
    active: frozenset[str]
    poles: dict[str, tuple[str, ...]]
    general: dict[str, tuple[str, ...]]
    tensions: frozenset[frozenset[str]]
    compatible: dict[str, list[str]]
    texts: dict[str, Any]

    def line(self, unit: str) -> list[str]:
        """The unit and all above it, lowest first."""
        found = [unit]
        while (parent := self.parents[found[-1]]) is not None:
            found.append(parent)
        return found

    def root(self, unit: str) -> str:
        return self.line(unit)[-1]

    def nested(self, a: str, b: str) -> bool:
        """Whether one of the units is, or stands under, the other."""
        return a in self.line(b) or b in self.line(a)


def _parts(text: str, separator: str = ";") -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def _acts(fields: dict[str, Any]) -> dict[str, Act]:
    acts = {}
    for field, data in fields.items():
        for number, line in enumerate(data["acts"]):
            do, names, undo, near = (_parts(part) for part in line.split(" # "))
            acts[f"{field}-{number}"] = Act(field, {"do": do, "undo": undo, "near": near}, names)
    return acts


def _able(units: dict[str, frozenset[str]], fields: dict[str, Field]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(unit for unit, kinds in units.items() if not field.kinds or kinds & (field.kinds | {name}))
        for name, field in fields.items()
    }


def _indicators(lines: list[str]) -> dict[str, Indicator]:
    found = {}
    for number, line in enumerate(lines):
        field, unit, span, names = _parts(line, "|")
        low, high = (int(end) for end in span.split("-"))
        found[f"i{number}"] = Indicator(field, unit, low, high, _parts(names))
    return found


@cache
def load_lexicon() -> Lexicon:
    """The whole lexicon, read once."""
    texts, fields, goals = _read("grammar.toml"), _read("grammar_acts.toml"), _read("grammar_goals.toml")
    acts = _acts(fields)
    read = {
        name: Field(
            frozenset(data["kinds"]),
            tuple((group.split("/")[0], group.split("/")[1]) for group in data["staff"]),
            tuple(data["when"]),
            tuple(act for act in acts if acts[act].field == name),
            _parts(texts["aims"][name]),
        )
        for name, data in fields.items()
    }
    rows = [[part.strip() for part in line.split("|")] for line in texts["units"]]
    verbs = [pair.split() for pair in texts["verbs"]["irregular"].split(",")]
    return Lexicon(
        parents={name: parent or None for name, parent, _ in rows},
        able=_able({name: frozenset(kinds.split()) for name, _, kinds in rows}, read),
        fields=read,
        acts=acts,
        indicators=_indicators(texts["indicators"]),
        limits={f"l{number}": _parts(line) for number, line in enumerate(texts["limits"]["ways"])},
        present={pair[0]: pair[1] for pair in verbs},
        active=frozenset(texts["verbs"]["active"].split()),
        poles={name: tuple(way.removeprefix("= ") for way in ways) for name, ways in goals["poles"].items()},
        general={
            name: tuple(way.removeprefix("= ") for way in ways if way.startswith("= "))
            for name, ways in goals["poles"].items()
        },
        tensions=frozenset(frozenset(pair) for pair in goals["tensions"]),
        compatible=goals["compatible"],
        texts=texts,
    )
