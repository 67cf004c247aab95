"""Who is who and who lies in whom, from organisation.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from analyzer.signals.lexicon import PhraseTable, load_lexicon

ScopeRelation = Literal["same", "nested", "sibling", "disjoint", "unknown"]
_TOKEN = re.compile(r"[\w:-]+")


@dataclass(frozen=True, slots=True)
class Unit:
    """One node of the tree. A plural unit stands for every unit of a kind below its parent."""

    name: str
    parent: str | None
    kind: str
    plural: bool
    #: The kind of unit in each of which a plural unit exists ("Utredningssektionerna" in each polisområde).
    each: str | None


@cache
def load_units() -> dict[str, Unit]:
    """Canonical name → unit."""
    rows = {name: row for name, row in load_lexicon("organisation").items() if name != "kinds"}
    return {
        name: Unit(name, row.get("parent"), row.get("kind", ""), row.get("plural", False), row.get("each"))
        for name, row in rows.items()
    }


@cache
def load_aliases() -> dict[str, str]:
    """Every way to write a name, lower-case → canonical name."""
    aliases: dict[str, str] = {}
    for name, row in load_lexicon("organisation").items():
        if name != "kinds":
            for alias in (name, *row.get("also", ())):
                aliases.setdefault(alias.lower(), name)
    return aliases


def _simplify(name: str) -> str:
    return " ".join(re.sub(r"\([^()]*\)|[,.;:]+$", " ", name).split())


@cache
def canonical(name: str) -> str:
    """The name under which the tree knows `name`; a name it does not know comes back tidied but otherwise as it is."""
    aliases = load_aliases()
    tidy = _simplify(name)
    for form in (name.strip(), tidy, tidy.removesuffix("s")):
        found = aliases.get(form.lower())
        if found:
            return found
    return _canonical_kind(tidy) or tidy


def _canonical_kind(name: str) -> str | None:
    """ "LPO Storstad" → "Lokalpolisområde Storstad", for places that the tree does not list."""
    kinds = load_lexicon("organisation")["kinds"]
    first, _, rest = name.partition(" ")
    kind = kinds["prefixes"].get(first.lower())
    return f"{kind.capitalize()} {rest.strip()}" if kind and rest.strip() else None


@cache
def ancestors(name: str) -> tuple[str, ...]:
    """Units above `name`, nearest first. Empty for a name outside the tree."""
    unit_name = canonical(name)
    units = load_units()
    chain: list[str] = []
    if unit_name not in units:
        parents = _read_parents(unit_name)
        if not parents:
            return ()
        chain.append(parents)
        unit_name = parents
    unit = units[unit_name]
    while unit.parent is not None:
        chain.append(unit.parent)
        unit = units[unit.parent]
    return tuple(chain)


def _read_parents(name: str) -> str | None:
    """Parent of a name outside the tree: the last unit it names ("Spanarna i polisregion Mitt"), or its kind's."""
    named = find_units(name)
    if named:
        return named[-1]
    kinds = load_lexicon("organisation")["kinds"]
    kind = kinds["prefixes"].get(name.partition(" ")[0].lower())
    return kinds["homes"][kind] if kind else None


@cache
def _names() -> PhraseTable[str]:
    return PhraseTable((" ".join(_TOKEN.findall(alias)), name) for alias, name in load_aliases().items())


@cache
def find_units(text: str) -> tuple[str, ...]:
    """Canonical names of the units that `text` names, in order and once each."""
    words = [word.lower() for word in _TOKEN.findall(text)]
    return tuple(dict.fromkeys(match.value for match in _names().find_longest(words)))


def _lineage(name: str) -> tuple[str, ...]:
    return (canonical(name), *ancestors(name))


def _relate(a: str, b: str) -> ScopeRelation:
    line_a, line_b = _lineage(a), _lineage(b)
    if line_a[0] == line_b[0]:
        return "same"
    if line_a[0] in line_b or line_b[0] in line_a:
        return "nested"
    units = load_units()
    for one, line, other in ((a, line_a, line_b), (b, line_b, line_a)):
        if _covers(line[0], other, units) or _covers(line[0], other[1:], units):
            return "nested"
        del one
    if len(line_a) == 1 or len(line_b) == 1:
        return "unknown"
    return "sibling" if line_a[1] == line_b[1] else "disjoint"


def _covers(name: str, line: Sequence[str], units: dict[str, Unit]) -> bool:
    """Whether a plural unit has a part in the units of `line`: "lokalpolisområdena" lies in each region."""
    unit = units.get(name)
    if unit is None or not unit.plural:
        return False
    levels = [place for place in (unit.each, unit.parent) if place]
    for member in line:
        kind = units[member].kind if member in units else member.partition(" ")[0].lower()
        if kind in levels or _is_below(kind, unit):
            return True
    return False


def _is_below(kind: str, unit: Unit) -> bool:
    """Whether a unit of `kind` holds, or is held by, one of each of the plural `unit`."""
    order = ("polisregion", "polisområde", "lokalpolisområde")
    if kind not in order or unit.each not in order:
        return False
    return order.index(kind) <= order.index(unit.each)


def scope_relation(a: Sequence[str], b: Sequence[str]) -> ScopeRelation:
    """The closest relation between any addressee of `a` and any of `b`; "unknown" where a side names nobody known."""
    found = {_relate(one, other) for one in _flatten(a) for other in _flatten(b)}
    for relation in ("same", "nested", "unknown", "sibling", "disjoint"):
        if relation in found:
            return relation
    return "unknown"


def _flatten(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name.strip())
