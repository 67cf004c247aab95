"""Sentence boundaries that layout and punctuation settle; what they leave open the parser decides.

The component runs in front of the parser, which keeps to every boundary set here: a start stays a start, and a
token marked as no start is never made one. The lexicon is `pipeline_sentences.toml`; a trained pipeline carries
its own copy in its config, so that a later change of the file cannot change shipped results unnoticed.
"""

from __future__ import annotations

import re
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Token

LEXICON = Path(__file__).with_name("pipeline_sentences.toml")

#: A line that is this much shorter than the longest line of its text was ended by its author, not by the margin.
SHORT_LINE = 0.6

_NUMBERING = re.compile(r"(\d{1,3}|[a-zåäö]|[ivx]{1,5})", re.IGNORECASE)
_INITIAL = re.compile(r"[A-ZÅÄÖ]\.")
_LIST_ITEM = re.compile(r"\s|[^\w\s\"”(]|\w{1,3}[.)]\s")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")

START, INSIDE, OPEN = True, False, None


@Language.factory(
    "sentence_rules",
    assigns=["token.is_sent_start"],
    default_config={"lexicon": {}, "inline_headings": False},
)
def make_sentence_rules(
    nlp: Language, name: str, lexicon: dict[str, list[str]], inline_headings: bool
) -> SentenceRules:
    """Make the component; `lexicon` holds the lists of `pipeline_sentences.toml`."""
    return SentenceRules(lexicon, inline_headings)


class SentenceRules:
    """Marks sure sentence starts and sure non-starts on a `Doc`, in place.

    With `inline_headings` a capital in the middle of a line may open a sentence, as in treebanks that join headings
    and text by a space. In documents, where layout tells headings apart, such a capital is nearly always a name.
    """

    def __init__(self, lexicon: dict[str, list[str]], inline_headings: bool = False) -> None:
        self._inline_headings = inline_headings
        words = {name: frozenset(values) for name, values in lexicon.items()}
        empty: frozenset[str] = frozenset()
        self._inside = words.get("inside", empty)
        self._closing = words.get("closing", empty)
        self._openers = words.get("openers", empty)
        self._stops = words.get("stops", empty)
        self._closers = words.get("closers", empty)
        self._bullets = words.get("bullets", empty)
        self._continuing = words.get("continuing", empty)

    def __call__(self, doc: Doc) -> Doc:
        """Set `is_sent_start` on the tokens of `doc` that the rules are sure of."""
        tokens = [token for token in doc if not token.is_space]
        for token in doc:
            if token.is_space and token.i:
                token.is_sent_start = False
        if tokens:
            tokens[0].is_sent_start = True
        text = doc.text
        lines = _Lines(text)
        texts = [token.text for token in tokens]
        starts: list[bool | None] = [True] * bool(tokens)
        for i in range(1, len(tokens)):
            start = OPEN
            before = tokens[i - 1]
            end = before.idx + len(before)
            if tokens[i].idx > end + 1 or not before.whitespace_:
                gap = text[end : tokens[i].idx]
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
        if texts[i - 1] in self._continuing:
            return INSIDE
        return START if token.text[0].isupper() and lines.is_heading(end) else OPEN

    def _in_line(self, texts: list[str], starts: list[bool | None], i: int, token: Token) -> bool | None:
        text, before = texts[i], texts[i - 1]
        capital = text[0].isupper()
        # "7 kap . 13 §": a stop set apart from its abbreviation is still no end.
        last = texts[i - 2] + before if before == "." and i > 1 else before
        if last.lower() in self._inside or before in {"§", "§§"} or _INITIAL.fullmatch(before):
            return INSIDE
        if before.lower() in self._closing:
            return START if capital else INSIDE
        opened = starts[i - 1] is True and before in self._openers
        if opened or before == "#" or self._is_marker(texts, starts, i - 1):
            return INSIDE
        stop = i - 1
        while stop > 0 and texts[stop] in self._closers:
            stop -= 1
        if texts[stop] in self._stops:
            if stop == i - 1:
                spaced = token.nbor(-1).whitespace_ or token.nbor(-1).is_space
                return START if spaced and (capital or text[0].isdigit() or text in self._openers) else INSIDE
            return START if capital else INSIDE
        may_open = self._inline_headings or before == ":"
        return OPEN if may_open and (capital or text in self._openers) else INSIDE

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


class _Lines:
    """Which lines of a text look like headings: ended well before the margin, without a closing sign."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._margin = max((len(line) for line in text.split("\n")), default=0)

    def is_heading(self, end: int) -> bool:
        """Whether the line that ends at offset `end` is marked as a heading, or is short and no list item."""
        start = self._text.rfind("\n", 0, end) + 1
        line = self._text[start:end]
        if line.startswith("#"):
            return True
        return len(line) < SHORT_LINE * self._margin and _LIST_ITEM.match(line) is None
