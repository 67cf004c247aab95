"""Lexicons: TOML files beside the modules that read them, and phrase tables that look them up in linear time."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Generic, TypeVar

T = TypeVar("T")

#: Words that "…" in a phrase may stand for, at most.
GAP = 7
#: Letters of a "prefix*" word that index it; a shorter prefix is refused.
STEM = 3
#: Words that a table remembers, at most.
MEMORY = 20_000


@cache
def load_lexicon(name: str) -> dict[str, Any]:
    """The lexicon `name`.toml of this package. Shared and cached: never change what it returns."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """A phrase found in words: `words[start:end]` is the phrase, `value` what the table holds for it."""

    start: int
    end: int
    value: T
    phrase: str


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T]):
    """A phrase of a table: the letters of its first word that are compared, and its other words."""

    stem: str
    rest: tuple[str, ...]
    value: T
    phrase: str

    def match(self, words: Sequence[str], at: int, end: int) -> Iterator[Match[T]]:
        """The match at `words[at]`, whose word is known to fit the first of the phrase."""
        stop = _match_phrase(self.rest, words, at + 1, end) if self.rest else at + 1
        if stop:
            yield Match(at, stop, self.value, self.phrase)


class PhraseTable(Generic[T]):
    """Phrases over lower-case words. `*` ends a word that matches by prefix, starts one that matches by suffix,
    and `…` between two words stands for up to `GAP` words. Finding is linear in the words: each position looks up
    only the phrases that start with its word."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._exact: dict[str, list[_Entry[T]]] = {}
        self._prefix: dict[str, list[_Entry[T]]] = {}
        self._suffix: dict[str, list[_Entry[T]]] = {}
        self._seen: dict[str, tuple[_Entry[T], ...]] = {}
        for phrase, value in entries:
            first, *rest = phrase.lower().split()
            stem = first.strip("*")
            if first != stem and len(stem) < STEM:
                raise ValueError(f"the phrase {phrase!r} starts with fewer than {STEM} letters beside its *")
            entry = _Entry(stem, tuple(rest), value, phrase)
            if first.endswith("*"):
                self._prefix.setdefault(stem[:STEM], []).append(entry)
            elif first.startswith("*"):
                self._suffix.setdefault(stem[-STEM:], []).append(entry)
            else:
                self._exact.setdefault(stem, []).append(entry)
        for table in (self._exact, self._prefix, self._suffix):
            for found in table.values():
                found.sort(key=lambda entry: -len(entry.rest))

    def find(self, words: Sequence[str], *, start: int = 0, end: int | None = None) -> Iterator[Match[T]]:
        """Every phrase in `words[start:end]`, in order of its first word; at one word the longer phrase first."""
        end = len(words) if end is None else end
        for at in range(start, end):
            word = words[at]
            entries = self._seen.get(word)
            for entry in self._look_up(word) if entries is None else entries:
                yield from entry.match(words, at, end)

    def _look_up(self, word: str) -> tuple[_Entry[T], ...]:
        """The phrases whose first word `word` is; remembered, since the same words come back."""
        entries = (
            *self._exact.get(word, ()),
            *(entry for entry in self._prefix.get(word[:STEM], ()) if word.startswith(entry.stem)),
            *(entry for entry in self._suffix.get(word[-STEM:], ()) if word.endswith(entry.stem)),
        )
        if len(self._seen) >= MEMORY:
            self._seen.clear()
        self._seen[word] = entries
        return entries

    def find_longest(self, words: Sequence[str], *, start: int = 0, end: int | None = None) -> list[Match[T]]:
        """As `find`, but without overlaps: leftmost first, then longest."""
        chosen: list[Match[T]] = []
        for match in sorted(self.find(words, start=start, end=end), key=lambda m: (m.start, -m.end)):
            if not chosen or match.start >= chosen[-1].end:
                chosen.append(match)
        return chosen


def match_word(pattern: str, word: str) -> bool:
    """Whether a word of a phrase ("prioriter*", "*enheten", "förtur") matches a lower-case word."""
    if pattern.endswith("*"):
        return word.startswith(pattern[:-1])
    if pattern.startswith("*"):
        return word.endswith(pattern[1:])
    return pattern == word


def _match_phrase(phrase: tuple[str, ...], words: Sequence[str], at: int, end: int) -> int:
    """End of the phrase whose first word should be at `words[at]`, or 0."""
    position, gap = at, 0
    for pattern in phrase:
        if pattern == "…":
            gap = GAP
            continue
        for candidate in range(position, min(end, position + gap + 1)):
            if match_word(pattern, words[candidate]):
                position = candidate + 1
                break
        else:
            return 0
        gap = 0
    return position
