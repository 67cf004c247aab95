"""Sentence boundaries that layout and punctuation settle; what they leave open the parser decides.

The component runs in front of the parser, which keeps to every boundary set here: a start stays a start, and a
token marked as no start is never made one. The lexicon is `pipeline_sentences.toml`; a trained pipeline carries
its own copy, so that a later change of the file cannot change shipped results unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import srsly
from spacy.language import Language
from spacy.tokens import Doc, Token

LEXICON = Path(__file__).with_name("pipeline_sentences.toml")

#: A line that is this much shorter than the longest line of its text was ended by its author, not by the margin.
SHORT_LINE = 0.6

_NUMBERING = re.compile(r"(\d{1,3}|[a-zåäö]|[ivx]{1,5})", re.IGNORECASE)
_INITIAL = re.compile(r"[A-ZÅÄÖ]\.")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")

START, INSIDE, OPEN = True, False, None


@Language.factory(
    "sentence_rules", assigns=["token.is_sent_start"], default_config={"lexicon": {}}, retokenizes=False
)
def make_sentence_rules(nlp: Language, name: str, lexicon: dict[str, list[str]]) -> SentenceRules:
    """Make the component; `lexicon` holds the lists of `pipeline_sentences.toml`."""
    return SentenceRules(lexicon)


class SentenceRules:
    """Marks sure sentence starts and sure non-starts on a `Doc`, in place."""

    def __init__(self, lexicon: dict[str, list[str]]) -> None:
        self._set_lexicon(lexicon)

    def _set_lexicon(self, lexicon: dict[str, list[str]]) -> None:
        self.lexicon = {name: list(words) for name, words in lexicon.items()}
        words = {name: frozenset(values) for name, values in self.lexicon.items()}
        empty: frozenset[str] = frozenset()
        self._inside = words.get("inside", empty)
        self._closing = words.get("closing", empty)
        self._openers = words.get("openers", empty)
        self._stops = words.get("stops", empty)
        self._closers = words.get("closers", empty)
        self._bullets = words.get("bullets", empty)

    def __call__(self, doc: Doc) -> Doc:
        tokens = [token for token in doc if not token.is_space]
        for token in doc:
            if token.is_space and token.i:
                token.is_sent_start = False
        if tokens:
            tokens[0].is_sent_start = True
        lines = _Lines(doc.text)
        texts = [token.text for token in tokens]
        starts: list[bool | None] = [True] * bool(tokens)
        for i in range(1, len(tokens)):
            start = OPEN
            before = tokens[i - 1]
            end = before.idx + len(before)
            if tokens[i].idx > end + 1 or not before.whitespace_:
                gap = doc.text[end : tokens[i].idx]
                if "\n" in gap:
                    start = self._after_line_break(texts, starts, i, gap, lines, end, tokens[i])
            if start is OPEN:
                start = self._in_line(texts, starts, i, tokens[i])
            starts.append(start)
            if start is not OPEN:
                tokens[i].is_sent_start = start
        return doc

    def _after_line_break(
        self, texts: list[str], starts: list[bool | None], i: int, gap: str, lines: _Lines, end: int, token: Token
    ) -> bool | None:
        if _BLANK_LINE.search(gap):
            # A list marker alone on its line belongs to what follows it.
            return INSIDE if self._is_marker(texts, starts, i - 1) else START
        if texts[i] in self._bullets:
            return START
        if i + 1 < len(texts) and _NUMBERING.fullmatch(texts[i]) and texts[i + 1] in {".", ")"}:
            return START
        if lines.is_heading(end) and token.text[0].isupper() and texts[i - 1] not in {",", "och", "eller"}:
            return START
        return OPEN

    def _in_line(self, texts: list[str], starts: list[bool | None], i: int, token: Token) -> bool | None:
        text, before = texts[i], texts[i - 1]
        capital = text[0].isupper()
        if before.lower() in self._inside or before == "§" or _INITIAL.fullmatch(before):
            return INSIDE
        if before.lower() in self._closing:
            return START if capital else INSIDE
        if self._is_marker(texts, starts, i - 1):
            return INSIDE
        stop = i - 1
        while stop > 0 and texts[stop] in self._closers:
            stop -= 1
        if texts[stop] in self._stops:
            if stop == i - 1:
                spaced = token.nbor(-1).whitespace_ or token.nbor(-1).is_space
                return START if spaced and (capital or text[0].isdigit() or text in self._openers) else INSIDE
            return START if capital else INSIDE
        if text[0].islower() or (not text[0].isalnum() and text not in self._openers):
            return INSIDE
        return OPEN

    def _is_marker(self, texts: list[str], starts: list[bool | None], last: int) -> bool:
        """Whether the words up to `last` are a list marker or section number: "1.", "a)", "-", "2 §"."""
        if last >= 0 and starts[last] and texts[last] in self._bullets:
            return True
        return (
            last >= 1
            and texts[last] in {".", ")"}
            and starts[last - 1] is True
            and _NUMBERING.fullmatch(texts[last - 1]) is not None
        )

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The lexicon as msgpack."""
        return srsly.msgpack_dumps(self.lexicon)

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> SentenceRules:
        """Read what `to_bytes` wrote."""
        self._set_lexicon(srsly.msgpack_loads(data))
        return self

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the lexicon to `path`/lexicon.json."""
        path.mkdir(parents=True, exist_ok=True)
        srsly.write_json(path / "lexicon.json", self.lexicon)

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> SentenceRules:
        """Read what `to_disk` wrote."""
        lexicon: Any = srsly.read_json(path / "lexicon.json")
        self._set_lexicon(lexicon)
        return self


class _Lines:
    """Which lines of a text look like headings: ended well before the margin, without a closing sign."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._margin = max((len(line) for line in text.split("\n")), default=0)

    def is_heading(self, end: int) -> bool:
        """Whether the line that ends at offset `end` is marked as a heading or is short and has no closing comma."""
        start = self._text.rfind("\n", 0, end) + 1
        line = self._text[start:end].strip()
        return line.startswith("#") or len(line) < SHORT_LINE * self._margin
