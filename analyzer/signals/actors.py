"""Who a stretch of text names: offices of the tree, and names and roles outside it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from analyzer.signals.lexicon import load_lexicon
from analyzer.signals.organisation import canonical, load_aliases

_TOKEN = re.compile(r"[\w:-]+")
_SPLIT = re.compile(r"\s*,\s*(?:och\s+|samt\s+)?|\s+(?:och|samt|respektive|eller)\s+|\s*/\s*")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_CLAUSES = frozenset(("som", "när", "där", "vars", "hos", "inom", "under", "utan", "enligt"))
#: A name longer than this is a description.
LONGEST = 90


@cache
def lexicon() -> dict[str, Any]:
    """The actors lexicon with its lists as tuples, which `str.endswith` takes."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in load_lexicon("actors").items()}


@cache
def _longest_alias() -> int:
    return max(len(_TOKEN.findall(alias)) for alias in load_aliases())


def _find_known(text: str) -> list[tuple[int, int]]:
    """Character ranges of names that the tree knows, leftmost and longest first."""
    words = list(_TOKEN.finditer(text))
    aliases, found, at = load_aliases(), [], 0
    while at < len(words):
        for size in range(min(_longest_alias(), len(words) - at), 0, -1):
            start, end = words[at].start(), words[at + size - 1].end()
            name = text[start:end].lower()
            if name in aliases or (size == 1 and name.endswith("s") and name[:-1] in aliases and text[start].isupper()):
                found.append((start, end))
                at += size - 1
                break
        at += 1
    return found


def names_actor(name: str) -> bool:
    """Whether a noun phrase names somebody who can act: known to the tree, an office by its ending, or a role."""
    lower = name.lower().strip()
    if not lower or len(lower) > LONGEST:
        return False
    if lower in load_aliases() or canonical(name) in load_aliases().values():
        return True
    first = lower.split()[0]
    if first in lexicon()["nobody"] or lower in lexicon()["nobody"]:
        return False
    return lower.startswith(lexicon()["heads"]) or _find_head(lower).endswith(lexicon()["endings"])


def _find_head(name: str) -> str:
    """The noun that a lower-case noun phrase is about: the last word before its first preposition or clause."""
    words = name.split()
    prepositions = frozenset(load_lexicon("clauses")["prepositions"])
    stop = next((at for at, word in enumerate(words) if at and (word in prepositions or word in _CLAUSES)), len(words))
    return words[stop - 1].strip(" ,.;:")


def is_reference(name: str) -> bool:
    """Whether the phrase only points back ("myndigheten", "han")."""
    return name.lower().strip() in lexicon()["references"]


def own_name(name: str, issuer: str | None) -> str:
    """The issuer's name for a word that points at it ("Regionen" in the plan of Polisregion Syd), else the name."""
    kinds = lexicon()["own"].get(name.lower().strip(), ())
    known = canonical(issuer) if issuer else ""
    return known if any(known.startswith(kind) or known.endswith(kind) for kind in kinds) else name


def read_actors(text: str) -> tuple[str, ...]:
    """The names in a list such as "A, B (C) och D", as written, without brackets."""
    plain = " ".join(_BRACKETS.sub("", text).split()).strip(" ,:;.–-…")
    known = _find_known(plain)
    masked = list(plain)
    for start, end in known:
        masked[start:end] = "\x00" * (end - start)
    names: list[str] = []
    at = 0
    hidden = "".join(masked)
    for part in [*_SPLIT.finditer(hidden), None]:
        end = part.start() if part else len(plain)
        name = _tidy(plain[at:end])
        if name:
            names.append(name)
        at = part.end() if part else end
    return tuple(dict.fromkeys(names))


def _tidy(name: str) -> str:
    """A name without adverbs before it, a heading glued to it, or "i uppdrag" after it."""
    name = name.strip(" ,:;.…•*–-")
    for trail in lexicon()["trailing"]:
        name = name.removesuffix(f" {trail}")
    first, _, rest = name.partition(" ")
    if first.lower() in lexicon()["glued"] and rest[:1].isupper():
        name = rest
    return re.sub(
        r"^(?:både|såväl|dels|bl\.a\.|bland annat|också|även|dock|därför|då|alltid|vidare)\s+",
        "",
        name.strip(" ,:;."),
        flags=re.I,
    )


def nominative(name: str) -> str:
    """A genitive of a known name without its -s: "Polismyndighetens" → "Polismyndigheten"."""
    aliases = load_aliases()
    if name.lower() in aliases or not name.endswith("s"):
        return name
    last = name[:-1].split()[-1]
    return name[:-1] if name[:-1].lower() in aliases or last.lower() in aliases or names_actor(last) else name
