"""The judge's lexicons (cues.toml, opposites.toml) as classes that a token belongs to.

An entry is one word or a phrase; `x*` stands for any word that begins with x, `*x` for any that ends with x.
Looking a token up costs a few dictionary reads and is remembered, so the lexicons may grow freely.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
#: Cues of rank, modality, limit and order; their words name no object.
ACTS = (
    *("duty", "ban", "negation", "permission", "advice", "hedge", "only", "also", "all", "exception", "replaces"),
    *("sequence", "top", "high", "limit", "minimum", "maximum", "full"),
)


@dataclass(slots=True)
class PhraseIndex:
    """Entries by their first word; `find` gives every (start, end, class) of a token sequence."""

    exact: dict[str, list[tuple[tuple[str, ...], int]]] = field(default_factory=lambda: defaultdict(list))
    prefix: dict[str, list[tuple[tuple[str, ...], int]]] = field(default_factory=lambda: defaultdict(list))
    suffix: dict[str, list[tuple[tuple[str, ...], int]]] = field(default_factory=lambda: defaultdict(list))
    seen: dict[str, list[tuple[tuple[str, ...], int]]] = field(default_factory=dict)

    def add(self, entry: str, number: int) -> None:
        first, *rest = entry.lower().split()
        if first.startswith("*"):
            self.suffix[first[1:]].append((tuple(rest), number))
        elif first.endswith("*"):
            self.prefix[first[:-1]].append((tuple(rest), number))
        else:
            self.exact[first].append((tuple(rest), number))

    def starting(self, word: str) -> list[tuple[tuple[str, ...], int]]:
        """The entries whose first word matches; what must follow, and the class."""
        found = self.seen.get(word)
        if found is None:
            found = list(self.exact.get(word, ()))
            for cut in range(1, len(word) + 1):
                found += self.prefix.get(word[:cut], ())
                found += self.suffix.get(word[-cut:], ())
            self.seen[word] = found
        return found

    def find(self, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        for start, word in enumerate(words):
            for rest, number in self.starting(word):
                end = start + 1 + len(rest)
                if end <= len(words) and all(map(matches, rest, words[start + 1 : end])):
                    yield start, end, number


def matches(pattern: str, word: str) -> bool:
    """Whether one word of a phrase fits: exact, or by the part before or after its asterisk."""
    if pattern.endswith("*"):
        return word.startswith(pattern[:-1])
    return word.endswith(pattern[1:]) if pattern.startswith("*") else word == pattern


@dataclass(frozen=True)
class Lexicon:
    """All classes in one index. Class numbers: the cues first, then plus and minus of each opposition in turn."""

    index: PhraseIndex
    cues: tuple[str, ...]
    oppositions: tuple[str, ...]
    groups: tuple[str, ...]
    #: Words that name nothing and are no content.
    function: frozenset[str]

    @cached_property
    def size(self) -> int:
        return len(self.cues) + 2 * len(self.oppositions)

    @property
    def acts(self) -> frozenset[int]:
        """Classes whose words say what is done to a thing rather than name it."""
        pairs = [number for number, group in enumerate(self.groups) if group in ("change", "state", "order")]
        poles = [len(self.cues) + 2 * number + pole for number in pairs for pole in (0, 1)]
        return frozenset([*poles, *(self.cue(name) for name in ACTS)])

    def cue(self, name: str) -> int:
        return self.cues.index(name)


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    index = PhraseIndex()
    cues: list[str] = []
    sections = tomllib.loads((FOLDER / "cues.toml").read_text(encoding="utf-8"))
    function = frozenset(sections.pop("function")["words"])
    for section, classes in sections.items():
        for name, entries in classes.items():
            for entry in entries:
                index.add(entry, len(cues))
            cues.append(section if name == "kind" else name)
    pairs = tomllib.loads((FOLDER / "opposites.toml").read_text(encoding="utf-8"))["pair"]
    for number, pair in enumerate(pairs):
        for offset, pole in enumerate(("plus", "minus")):
            for entry in pair[pole]:
                index.add(entry, len(cues) + 2 * number + offset)
    return Lexicon(index, tuple(cues), tuple(p["name"] for p in pairs), tuple(p["group"] for p in pairs), function)
