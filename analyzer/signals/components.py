"""The spaCy components: passages, sentences, signals, frames. Importing this module registers their factories.

A document's blocks and facts come in through `doc._.blocks` and `doc._.facts`; what is found goes out through
`doc.spans["signals"]`, each span with `span._.lead_in` (character range or None), `span._.passage` (its block) and
`span._.frame` (the frame as plain data, so that a Doc can be saved).
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Span

from analyzer.signals.detection import judge_genre, tells_news
from analyzer.signals.detector import decide_trained
from analyzer.signals.finding import Decision, Found, find_signals, trust_rules
from analyzer.signals.framing import read_frames
from analyzer.signals.passages import Block, split_blocks
from analyzer.signals.sentences import mark_sentences
from analyzer.signals.words import place_tokens

for name, default in (("blocks", None), ("facts", None)):
    Doc.set_extension(name, default=default, force=True)
for name in ("lead_in", "passage", "frame"):
    Span.set_extension(name, default=None, force=True)


def set_blocks(doc: Doc, blocks: list[Block]) -> None:
    """Stores blocks on a Doc as plain data."""
    doc._.blocks = [[block.start, block.end, block.kind, block.depth, list(block.headings)] for block in blocks]


def get_blocks(doc: Doc) -> list[Block]:
    """The blocks of a Doc; none were set means none found."""
    return [Block(start, end, kind, depth, tuple(heads)) for start, end, kind, depth, heads in doc._.blocks or []]


@Language.factory("styrsignal_passages", assigns=["doc._.blocks"])
class PassageComponent:
    """Cuts a plain text into blocks, unless its reader already did."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        if doc._.blocks is None:
            set_blocks(doc, split_blocks(doc.text))
        return doc


@Language.factory("styrsignal_sentences", assigns=["token.is_sent_start"], requires=["doc._.blocks"])
class SentenceComponent:
    """Marks sentence starts by the rules of sentences.py; each block starts one."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        begins = {block.start for block in get_blocks(doc)}
        mark_sentences(doc, frozenset(token.i for token in doc if token.idx in begins))
        return doc


@Language.factory(
    "styrsignal_signals",
    assigns=["doc.spans", "span._.lead_in", "span._.passage"],
    requires=["doc._.blocks", "token.is_sent_start"],
    default_config={"spans_key": "signals", "trained": True},
)
class SignalComponent:
    """Finds signals and leaves them in `doc.spans[spans_key]`. `trained` lets the shipped detector overrule the rules
    on doubtful sentences; `decide` may be set to any other decision."""

    def __init__(self, nlp: Language, name: str, spans_key: str, trained: bool) -> None:
        self.name = name
        self.spans_key = spans_key
        self.decide: Decision = decide_trained if trained else trust_rules

    def __call__(self, doc: Doc) -> Doc:
        facts = doc._.facts or {}
        genre = judge_genre(facts.get("title"), facts.get("document_type"), facts.get("level"))
        lower = [token.lower_ for token in doc if not token.is_space]
        if tells_news(lower, facts.get("title"), facts.get("document_type"), facts.get("level")):
            genre = "telling"
        spans, places = [], place_tokens(doc)
        for found in find_signals(doc, get_blocks(doc), genre=genre, decide=self.decide):
            span = places.cut(found.start, found.end, label="SIGNAL")
            span._.lead_in = [found.lead_start, found.lead_end] if found.lead_start is not None else None
            span._.passage = found.block
            spans.append(span)
        doc.spans[self.spans_key] = spans
        return doc


@Language.factory(
    "styrsignal_frames",
    assigns=["span._.frame"],
    requires=["doc.spans"],
    default_config={"spans_key": "signals"},
)
class FrameComponent:
    """Reads the frame of every signal, in order, so that what a signal leaves out is inherited."""

    def __init__(self, nlp: Language, name: str, spans_key: str) -> None:
        self.name = name
        self.spans_key = spans_key

    def __call__(self, doc: Doc) -> Doc:
        spans = list(doc.spans[self.spans_key])
        found = [
            Found(span.start_char, span.end_char, span._.passage, *(span._.lead_in or (None, None))) for span in spans
        ]
        for span, frame in zip(spans, read_frames(doc, found, get_blocks(doc), doc._.facts or {}), strict=True):
            span._.frame = frame.as_json()
        return doc
