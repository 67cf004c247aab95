"""The words of one sentence or signal, with their places in the text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span

SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True, slots=True)
class Words:
    """Lower-case words beside where they stand in `text`; n words give three lists of length n."""

    text: str
    lower: list[str]
    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.lower)

    def slice_text(self, start: int, end: int) -> str:
        """The text from word `start` to the end of word `end - 1`; "" for an empty range."""
        return self.text[self.starts[start] : self.ends[end - 1]] if start < end else ""

    def is_capital(self, at: int) -> bool:
        """Whether word `at` begins with a capital letter."""
        return self.text[self.starts[at]].isupper()


def read_words(tokens: Doc | Span) -> Words:
    """The words of a Doc or Span, spaces left out. Offsets are into the text of `tokens`."""
    offset = tokens.start_char if isinstance(tokens, Span) else 0
    kept = [token for token in tokens if not token.is_space]
    return Words(
        text=tokens.text,
        lower=[token.lower_ for token in kept],
        starts=[token.idx - offset for token in kept],
        ends=[token.idx - offset + len(token) for token in kept],
    )


@dataclass(frozen=True, slots=True)
class TokenPlaces:
    """Where the tokens of a Doc begin, so that a character range becomes a Span without a walk over the Doc."""

    doc: Doc
    starts: list[int]

    def cut(self, start: int, end: int, label: str = "") -> Span:
        """The Span of all tokens that touch `doc.text[start:end]`."""
        first = max(0, bisect_right(self.starts, start) - 1)
        return Span(self.doc, first, max(first, bisect_left(self.starts, end)), label=label)


def place_tokens(doc: Doc) -> TokenPlaces:
    """The token places of a Doc; one pass."""
    return TokenPlaces(doc, doc.to_array("IDX").tolist())


def join_words(first: Words, second: Words, link: str = " … ") -> Words:
    """The words of `first.text + link + second.text`, the link itself a word."""
    shift = len(first.text) + len(link)
    sign = len(first.text) + 1
    return Words(
        text=first.text + link + second.text,
        lower=[*first.lower, "…", *second.lower],
        starts=[*first.starts, sign, *(start + shift for start in second.starts)],
        ends=[*first.ends, sign + 1, *(end + shift for end in second.ends)],
    )


def cut_words(words: Words, start: int, end: int) -> Words:
    """The words `start` to `end` alone, with their own text."""
    offset = words.starts[start] if start < end else 0
    return Words(
        text=words.slice_text(start, end),
        lower=words.lower[start:end],
        starts=[place - offset for place in words.starts[start:end]],
        ends=[place - offset for place in words.ends[start:end]],
    )


def clean_text(text: str) -> tuple[str, Sequence[int]]:
    """`text` with soft hyphens gone and every white space a plain space, and for each of its characters (and its end)
    the place in `text`. Length never grows; without soft hyphens the places are `range(len(text) + 1)`."""
    plain = "".join(" " if letter.isspace() else letter for letter in text)
    if SOFT_HYPHEN not in text:
        return plain, range(len(text) + 1)
    places = [place for place, letter in enumerate(text) if letter != SOFT_HYPHEN]
    return plain.replace(SOFT_HYPHEN, ""), [*places, len(text)]
