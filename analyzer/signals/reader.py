"""The reader: a spaCy pipeline behind three calls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from analyzer.records import Document, Frame, Level, Quantity, Signal
from analyzer.signals.actors import own_name, read_actors
from analyzer.signals.components import set_blocks
from analyzer.signals.frames import build_frame
from analyzer.signals.passages import Block, split_blocks
from analyzer.signals.predicates import read_predicate
from analyzer.signals.rows import build_row_frame, find_goal
from analyzer.signals.subjects import Context
from analyzer.signals.words import clean_text, read_words

_OVERLONG = re.compile(r"\S{200,}")
#: The components of the reader, in order.
COMPONENTS = ("styrsignal_passages", "styrsignal_sentences", "styrsignal_signals", "styrsignal_frames")


class SignalReader:
    """Finds signals in documents and reads frames. Deterministic; holds no state between calls."""

    def __init__(self, nlp: Language) -> None:
        """`nlp` is a pipeline that ends in the four components of `COMPONENTS`."""
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
        """The frame of `text` that is one whole signal, perhaps as "lead-in … item" or several sentences.

        `addressee` is who the signal is known to charge, and wins over what the text says; without it `issuer` stands
        in where the text is silent. `document` and `date` are taken so that a labelled side can be passed whole.
        """
        words = read_words(self.nlp.make_doc(clean_text(text)[0]))
        known = read_actors(addressee) if addressee else ()
        fallback = (issuer,) if issuer and not known else known
        context = Context(addressee=fallback, level=level)
        if find_goal(words.text):
            frame = build_row_frame(words, context)
        else:
            frame = build_frame(words, read_predicate(words, 0, len(words)), context)
        named = known or tuple(dict.fromkeys(own_name(name, issuer) for name in frame.addressee))
        return replace(frame, addressee=named)

    def read(self, document: Document) -> tuple[Signal, ...]:
        """The signals of a document in order, each with its frame."""
        return next(self.read_many((document,)))

    def read_many(self, documents: Iterable[Document]) -> Iterator[tuple[Signal, ...]]:
        """The signals of each document, in order; streams."""
        for document in documents:
            text, places = clean_text(document.text)
            yield _make_signals(document, self.nlp(self._make_doc(document, text, places)), places)

    def _make_doc(self, document: Document, text: str, places: Sequence[int]) -> Doc:
        doc = self.nlp.make_doc(text)
        metadata = document.metadata
        doc._.facts = {
            "title": metadata.title,
            "document_type": metadata.document_type,
            "level": metadata.level,
            "issuer": metadata.issuer,
            "addressees": list(metadata.addressees),
        }
        shrunk = _invert(places, len(document.text))
        blocks = [Block(p.start, p.end, p.kind, p.depth, p.heading_path) for p in document.passages if p.start < p.end]
        set_blocks(
            doc,
            [
                replace(block, start=shrunk[block.start], end=shrunk[block.end])
                for block in (blocks or split_blocks(document.text))
            ],
        )
        return doc


def _invert(places: Sequence[int], length: int) -> Sequence[int]:
    """For each place of the original text (and its end) the place in the cleaned text."""
    if isinstance(places, range):
        return places
    inverse, clean = [], 0
    for place in range(length + 1):
        inverse.append(clean)
        if clean < len(places) - 1 and places[clean] == place:
            clean += 1
    return inverse


def _make_signals(document: Document, doc: Doc, places: Sequence[int]) -> tuple[Signal, ...]:
    kept = [passage for passage in document.passages if passage.start < passage.end]
    return tuple(
        _make_signal(ordinal, span, document, places, kept) for ordinal, span in enumerate(doc.spans["signals"])
    )


def _make_signal(ordinal: int, span: Span, document: Document, places: Sequence[int], kept: Sequence[Any]) -> Signal:
    start, end = places[span.start_char], places[span.end_char - 1] + 1
    lead_start = lead_end = None
    if span._.lead_in:
        lead_start, lead_end = places[span._.lead_in[0]], places[span._.lead_in[1] - 1] + 1
    passage = kept[span._.passage] if kept else None
    return Signal(
        ordinal=ordinal,
        quote=document.text[start:end],
        start=start,
        end=end,
        frame=parse_frame(span._.frame),
        lead_in=document.text[lead_start:lead_end] if lead_start is not None else None,
        lead_in_start=lead_start,
        lead_in_end=lead_end,
        passage=passage.ordinal if passage else 0,
        page=passage.page if passage else None,
        heading=passage.heading_path if passage else (),
    )


def parse_frame(data: dict[str, Any]) -> Frame:
    """A frame from the plain data of `Frame.as_json`."""
    lists = {name: tuple(data[name]) for name in ("addressee", "resource", "goals")}
    period = tuple(data["period"]) if data["period"] else None
    return Frame(**{**data, **lists, "quantity": tuple(Quantity(**row) for row in data["quantity"]), "period": period})


@cache
def load_reader() -> SignalReader:
    """The reader on the light pipeline. Cached: every caller shares one."""
    return build_reader()


def build_reader(*, trained: bool = True) -> SignalReader:
    """A reader of its own, with or without what was trained."""
    nlp = spacy.blank("sv")
    for name in COMPONENTS:
        nlp.add_pipe(name, config={"trained": trained} if name == "styrsignal_signals" else {})
    nlp.max_length = 100_000_000
    # spaCy peels a run of brackets off one by one, each time over the whole rest: an overlong run stays one token.
    setattr(nlp.tokenizer, "token_match", _OVERLONG.match)  # noqa: B010
    return SignalReader(nlp)
