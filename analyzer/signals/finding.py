"""Finding the signals of a document: sentence by sentence, list items with their lead-in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from spacy.tokens import Doc, Span

from analyzer.signals.actors import names_actor, read_actors
from analyzer.signals.clauses import auxiliaries
from analyzer.signals.coordination import Part, split_sentence
from analyzer.signals.detection import Genre, Setting, is_background, is_idle, is_steering, judge_section
from analyzer.signals.lexicon import PhraseTable, load_lexicon
from analyzer.signals.passages import Block
from analyzer.signals.predicates import Predicate, read_predicate
from analyzer.signals.rows import find_goal, reports_outcome
from analyzer.signals.words import Words, join_words, read_words

_GOVERNING = ("assignment", "auxiliary", "phrase", "imperative")
#: Characters of a lead-in that are read; a longer one is cut at its start.
LONGEST_LEAD = 1500
#: A heading of more words is a title: it says what the document is about, not what kind of lines follow.
LONGEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A signal as character ranges of the cleaned text, and the block that holds it."""

    start: int
    end: int
    block: int
    lead_start: int | None = None
    lead_end: int | None = None


@dataclass(frozen=True, slots=True)
class LeadIn:
    """A sentence that the items below complete. `governs`: what completes it steers."""

    start: int
    end: int
    words: Words
    governs: bool
    measures: bool
    background: bool = False


@cache
def _lead_tables() -> tuple[tuple[str, ...], PhraseTable[None], PhraseTable[None], PhraseTable[None]]:
    table = load_lexicon("detection")["lead_ins"]
    tables = [PhraseTable((cue, None) for cue in table[key]) for key in ("with_items", "measures", "participants")]
    return tuple(table["endings"]), tables[0], tables[1], tables[2]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may steer, as `doc.text[start:end]`, and what the rules say of it (`verdict`)."""

    start: int
    end: int
    words: Words
    predicate: Predicate
    setting: Setting
    #: What stands before the list that it is an item of: "governs", "background" or "plain"; empty outside lists.
    lead: str
    verdict: bool


#: Takes a candidate and says whether it is a signal.
Decision = Callable[[Candidate], bool]


def trust_rules(candidate: Candidate) -> bool:
    """The decision that leaves every candidate to the rules."""
    return candidate.verdict


def find_signals(doc: Doc, blocks: list[Block], *, genre: Genre, decide: Decision = trust_rules) -> Iterator[Found]:
    """The signals of a Doc with sentence starts, in order of their quotes. `genre` says what the document's present
    tense does; `decide` has the last word on every sentence with a verb or a value."""
    text = doc.text
    sentences = _sentences_by_block(doc, blocks)
    leads: dict[int, LeadIn] = {}
    skip_until = 0
    for place, block in enumerate(blocks):
        if place < skip_until:
            continue
        if block.kind == "heading":
            leads = _read_heading(sentences[place], _items_below(blocks, place))
            continue
        if block.kind != "list_item":
            leads.clear()
        lead = leads.get(block.depth - 1) if block.kind == "list_item" else None
        setting = Setting(judge_section(genre, block.headings), block.kind, _announces_measures(block, lead))
        if block.kind == "table_row":
            goal = find_goal(text[block.start : block.end])
            if goal:
                yield Found(block.start + goal[0], block.start + goal[1], place)
            if goal or reports_outcome(text[block.start : block.end]):
                continue
        spans = sentences[place]
        items = _items_below(blocks, place)
        closing = _read_lead_in(spans[-1]) if spans and items else None
        if closing:
            leads[block.depth] = closing
            participants = _participants(text, blocks, items, closing)
            if participants:
                skip_until = items[-1] + 1
                yield Found(closing.start, _trim(text, closing.start, blocks[items[-1]].end), place)
        for number, span in enumerate(spans):
            is_lead = closing is not None and number == len(spans) - 1 and not span.text.rstrip().endswith(".")
            if is_lead:
                continue
            yield from _read_sentence(span, place, lead if number == 0 else None, setting, decide)


def _sentences_by_block(doc: Doc, blocks: list[Block]) -> list[list[Span]]:
    starts = [block.start for block in blocks]
    groups: list[list[Span]] = [[] for _ in blocks]
    for sentence in doc.sents:
        place = bisect_left(starts, sentence.start_char + 1) - 1
        if place >= 0 and sentence.start_char < blocks[place].end and sentence.text.strip():
            groups[place].append(_clip(sentence, blocks[place].end))
    return groups


def _clip(sentence: Span, end: int) -> Span:
    """The sentence without what follows its block: blank lines and the mark of the next list item."""
    stop = sentence.end
    while stop > sentence.start + 1 and sentence.doc[stop - 1].idx >= end:
        stop -= 1
    return sentence.doc[sentence.start : stop]


def _announces_measures(block: Block, lead: LeadIn | None) -> bool:
    measures = _lead_tables()[2]
    heading = block.headings[-1].lower().split() if block.headings else []
    heading = heading if len(heading) <= LONGEST_HEADING else []
    return (lead is not None and lead.measures) or next(measures.find(heading), None) is not None


def _items_below(blocks: list[Block], place: int) -> list[int]:
    """Places of the list items that follow a block directly, one level below it."""
    depth = blocks[place].depth if blocks[place].kind == "list_item" else 0
    items = []
    for at in range(place + 1, len(blocks)):
        if blocks[at].kind != "list_item" or blocks[at].depth <= depth:
            break
        items.append(at)
    return items


def _read_lead_in(sentence: Span) -> LeadIn | None:
    """The lead-in that a sentence before a list is, or None when it stands by itself."""
    words = read_words(sentence)
    if not words.lower:
        return None
    endings, with_items, measures, _ = _lead_tables()
    last = words.lower[-1]
    opens = last in endings or last not in (".", "!", "?") or next(with_items.find(words.lower), None) is not None
    if not opens:
        return None
    predicate = read_predicate(words, 0, len(words))
    background = is_background(words, 0, len(words)) or is_idle(words, 0, len(words))
    governs = predicate.kind in _GOVERNING and not background and _is_order(words, predicate)
    announced = predicate.kind in ("bare", "present") and next(measures.find(words.lower), None) is not None
    start = sentence.start_char
    end = start + _trim(words.text, 0, len(words.text), ends="")
    return LeadIn(start, end, words, governs, announced and not background, background)


def _read_heading(sentences: list[Span], items: list[int]) -> dict[int, LeadIn]:
    """A heading that the items right below complete ("Polismyndigheten ska"), as leads by depth."""
    if not (sentences and items):
        return {}
    words = read_words(sentences[-1])
    lead = _read_lead_in(sentences[-1]) if words.lower[-1:] and words.lower[-1] in auxiliaries() else None
    return {0: lead} if lead and lead.governs else {}


def _is_order(words: Words, predicate: Predicate) -> bool:
    return predicate.kind != "auxiliary" or predicate.at in predicate.clauses.finite


def _participants(text: str, blocks: list[Block], items: list[int], lead: LeadIn) -> bool:
    """Whether the items only name those who take part: then lead-in and items are one signal."""
    if next(_lead_tables()[3].find(lead.words.lower), None) is None:
        return False
    for item in items:
        name = text[blocks[item].start : blocks[item].end].strip(" ,.;").removesuffix(" och")
        names = () if auxiliaries().keys() & set(name.lower().split()) else read_actors(name)
        if not names or not all(names_actor(part) or part[0].isupper() for part in names) or len(name) > 120:
            return False
    return True


def _read_sentence(span: Span, place: int, lead: LeadIn | None, setting: Setting, decide: Decision) -> Iterator[Found]:
    """The signals of one sentence, read after its lead-in where it has one."""
    words = read_words(span)
    if not words.lower:
        return
    if _is_decision(words):
        setting = replace(setting, genre="governing")
    own = read_predicate(words, 0, len(words))
    whole = own.kind in ("assignment", "auxiliary") and is_steering(words, own, setting)
    completes = not whole and lead is not None and lead.governs and not _gives_reasons(words, own)
    verdict = whole or completes or (not (lead and lead.background) and is_steering(words, own, setting))
    if not verdict and (own.kind == "bare" or setting.genre == "telling"):
        return
    name = "" if lead is None else "governs" if lead.governs else "background" if lead.background else "plain"
    candidate = Candidate(span.start_char, span.end_char, words, own, setting, name, verdict)
    if not decide(candidate):
        return
    if completes and lead is not None:
        yield from _complete_lead_in(span, words, place, lead)
    else:
        governing = lead if whole and lead and lead.governs else None
        yield from _place_parts(span, words, split_sentence(words, own), place, governing)


def _is_decision(words: Words) -> bool:
    """ "Beslut: …" decides, wherever in the minutes it stands."""
    decided = load_lexicon("detection")["genres"]["decision_labels"]
    return words.lower[1:2] == [":"] and words.lower[0] in decided


def _gives_reasons(words: Words, own: Predicate) -> bool:
    return own.kind == "present" and is_background(words, 0, len(words))


def _complete_lead_in(span: Span, words: Words, place: int, lead: LeadIn) -> Iterator[Found]:
    joined = join_words(lead.words, words)
    predicate = read_predicate(joined, 0, len(joined))
    skipped = len(lead.words) + 1
    parts = split_sentence(joined, predicate)
    own = [Part(max(part.start, skipped) - skipped, part.end - skipped) for part in parts if part.end > skipped]
    yield from _place_parts(span, words, own, place, lead)


def _place_parts(span: Span, words: Words, parts: list[Part], place: int, lead: LeadIn | None) -> Iterator[Found]:
    """Parts as ranges of the document's text; a list's lead-in goes before the sentence's own."""
    text, offset = words.text, span.start_char
    for part in parts:
        if part.start >= part.end:
            continue
        start, end = words.starts[part.start], words.ends[part.end - 1]
        end = offset + _trim(text, start, end, ends=" ,;" if part.end == len(words) else " ,;:")
        start += offset
        if lead is not None:
            yield Found(start, end, place, lead.start, lead.end)
        elif part.lead_end:
            yield Found(start, end, place, offset + words.starts[0], offset + words.ends[part.lead_end - 1])
        else:
            yield Found(start, end, place)


def _trim(text: str, start: int, end: int, ends: str = " ,;") -> int:
    """`end` moved back over closing marks and spaces, and over a trailing "och" of a list item."""
    while end > start and (text[end - 1].isspace() or text[end - 1] in ends):
        end -= 1
    for word in (" och", " samt"):
        if ends and text[start:end].endswith(word):
            return _trim(text, start, end - len(word), ends)
    return end
