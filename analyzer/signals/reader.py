"""The reader: a spaCy pipeline behind three calls."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import spacy
from spacy.language import Language

from analyzer.records import Frame, Level
from analyzer.signals.actors import read_actors
from analyzer.signals.frames import Context, build_frame
from analyzer.signals.predicates import read_predicate
from analyzer.signals.words import clean_text, read_words


class SignalReader:
    """Finds signals in documents and reads frames. Deterministic; holds no state between calls."""

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp

    def frame(
        self,
        text: str,
        *,
        level: Level | None = None,
        addressee: str | None = None,
        issuer: str | None = None,
        document: str | None = None,
        date: str | None = None,
    ) -> Frame:
        """The frame of `text` that is one whole signal. `addressee` is who it is known to charge."""
        del issuer, document, date
        words = read_words(self.nlp.make_doc(clean_text(text)[0]))
        known = read_actors(addressee) if addressee else ()
        frame = build_frame(words, read_predicate(words, 0, len(words)), Context(addressee=known, level=level))
        return replace(frame, addressee=known) if known else frame


@cache
def load_reader() -> SignalReader:
    """The reader on the light pipeline. Cached: every caller shares one."""
    return SignalReader(spacy.blank("sv"))
