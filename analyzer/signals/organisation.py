"""Who is who and who lies in whom, from organisation.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from analyzer.signals.lexicon import PhraseTable, load_lexicon

#: Names of those charged, and of the regions, districts or municipalities where they work.
Party = tuple[tuple[str, ...], tuple[str, ...]]
ScopeRelation = Literal["same", "nested", "sibling", "disjoint", "unknown"]
_TOKEN = re.compile(r"[\w:-]+")
#: Kinds of police units that are places, the larger first.
GEOGRAPHY = ("polisregion", "polisområde", "lokalpolisområde")


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
    if len(line_a) == 1 or len(line_b) == 1 or _may_hold(line_a, line_b) or _may_hold(line_b, line_a):
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


def _kind(name: str) -> str:
    """Kind of a unit, by the tree or by how its name begins."""
    units = load_units()
    return units[name].kind if name in units else name.partition(" ")[0].lower()


def _may_hold(outer: Sequence[str], inner: Sequence[str]) -> bool:
    """Whether a place that the tree does not list ("Lokalpolisområde Storstad") may lie in a larger one it could."""
    units = load_units()
    if inner[0] in units or inner[1] not in units or not units[inner[1]].plural:
        return False
    large, small = _kind(outer[0]), _kind(inner[0])
    return large in GEOGRAPHY and small in GEOGRAPHY and GEOGRAPHY.index(large) < GEOGRAPHY.index(small)


def _is_below(kind: str, unit: Unit) -> bool:
    """Whether a unit of `kind` holds, or is held by, one of each of the plural `unit`."""
    if kind not in GEOGRAPHY or unit.each not in GEOGRAPHY:
        return False
    return GEOGRAPHY.index(kind) <= GEOGRAPHY.index(unit.each)


def scope_relation(a: Sequence[str], b: Sequence[str]) -> ScopeRelation:
    """The closest relation between any addressee of `a` and any of `b`; "unknown" where a side names nobody known."""
    found = {_relate(one, other) for one in _flatten(a) for other in _flatten(b)}
    for relation in ("same", "nested", "unknown", "sibling", "disjoint"):
        if relation in found:
            return relation
    return "unknown"


def find_places(names: Iterable[str], issuer: str | None) -> tuple[str, ...]:
    """Where those who are charged work: the region, district or municipality that they or, when they name none
    ("områdespoliserna"), the issuer of the document are or lie in. Empty where that is not known."""
    named = tuple(dict.fromkeys(place for name in names for place in _places(name)))
    return named or (_places(issuer) if issuer else ())


@cache
def _places(name: str) -> tuple[str, ...]:
    # "Region Värmland, akutdivisionen" works in the region; "Region Kronoberg och Växjö kommun" work in both.
    head = name.partition(",")[0].strip()
    own = (canonical(head),) if canonical(head) in load_units() else map(canonical, head.split(" och "))
    return tuple(unit for unit in dict.fromkeys((*own, *find_units(name))) if is_place(unit))


def is_place(name: str) -> bool:
    """Whether a canonical name is one region, district or municipality."""
    unit = load_units().get(name)
    if unit is not None and unit.plural:
        return False
    first, _, rest = name.partition(" ")
    return (_kind(name) in GEOGRAPHY and bool(rest)) or (first == "Region" and bool(rest)) or rest == "kommun"


def places_apart(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether all places of one side are known to be others than those of the other: two regions, two municipalities,
    or a district outside the region."""
    return bool(a) and bool(b) and all(_apart(one, other) for one in a for other in b)


def _apart(a: str, b: str) -> bool:
    # "Region Gävleborgs akutmottagningar" are a part of "Region Gävleborg".
    if a.casefold().startswith(b.casefold()) or b.casefold().startswith(a.casefold()):
        return False
    if all(_kind(name) in GEOGRAPHY for name in (a, b)):
        return _relate(a, b) in ("sibling", "disjoint")
    return all(name.startswith("Region ") for name in (a, b)) or all(name.endswith(" kommun") for name in (a, b))


def _flatten(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name.strip())
