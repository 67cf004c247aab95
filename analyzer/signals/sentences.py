"""Sentence boundaries in Swedish official prose: abbreviations and list marks do not end a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from spacy.attrs import SENT_START
from spacy.tokens import Doc

from analyzer.signals.lexicon import load_lexicon

_ENDS = frozenset(".!?")
_CLOSERS = frozenset('"”’)]»')


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(load_lexicon("detection")["sentences"]["abbreviations"])


def is_sentence_end(tokens: Sequence[str], at: int) -> bool:
    """Whether a sentence ends with token `at`, given the tokens' texts."""
    token = tokens[at]
    if not token or token[-1] not in _ENDS:
        return False
    if at + 1 >= len(tokens):
        return True
    previous = tokens[at - 1].lower() if at else ""
    if token == "." and (previous in _abbreviations() or previous + "." in _abbreviations()):
        return False
    if len(token) > 1 and token[-1] == "." and token.lower() in _abbreviations():
        return False
    if token[-1] == "." and (previous if token == "." else token[:-1]).isdigit() and at < 2:
        return False
    following = next((word for word in tokens[at + 1 : at + 3] if not word.isspace()), "")
    return following[:1].isupper() or following[:1].isdigit() or following[:1] in _CLOSERS or following[:1] in '–-•*§"”'


def mark_sentences(doc: Doc, starts: frozenset[int]) -> None:
    """Sets the sentence starts of `doc`; a token whose place is in `starts` begins one whatever precedes it.

    All starts are set at once: setting them token by token costs spaCy a walk over the Doc each time. A Doc that is
    parsed keeps the sentences of its parse.
    """
    if doc.has_annotation("DEP"):
        return
    texts = [token.text for token in doc]
    marks = np.full(len(texts), -1, dtype=np.int64)
    ended = True
    for at, text in enumerate(texts):
        if text.isspace():
            ended = ended or at + 1 in starts
        elif at in starts or (ended and (at == 0 or text[0] not in _CLOSERS)):
            marks[at] = 1
            ended = is_sentence_end(texts, at)
        elif not ended:
            ended = is_sentence_end(texts, at)
    doc.from_array([SENT_START], marks.astype(np.uint64).reshape(-1, 1))  # type: ignore[arg-type]
