"""The words of one sentence or signal, with their places in the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span

SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True, slots=True)
class Words:
    """Lower-case words beside where they stand in `text`; n words give three lists of length n."""

    text: str
    lower: list[str]
    starts: list[int]
    ends: list[int]
    #: Lemmas, parts of speech and heads from the base pipeline; empty strings where it has none.
    lemmas: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

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
        lemmas=[token.lemma_ for token in kept],
        tags=[token.pos_ for token in kept],
    )


def clean_text(text: str) -> tuple[str, Sequence[int]]:
    """`text` with soft hyphens gone and every white space a plain space, and for each of its characters (and its end)
    the place in `text`. Length never grows; without soft hyphens the places are `range(len(text) + 1)`."""
    plain = "".join(" " if letter.isspace() else letter for letter in text)
    if SOFT_HYPHEN not in text:
        return plain, range(len(text) + 1)
    places = [place for place, letter in enumerate(text) if letter != SOFT_HYPHEN]
    return plain.replace(SOFT_HYPHEN, ""), [*places, len(text)]
