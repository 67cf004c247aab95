"""From a predicate to a frame: the slots of the annotation guidelines, section 1."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from analyzer.records import Frame, Polarity, Quantity
from analyzer.signals.clauses import is_infinitive
from analyzer.signals.dates import find_date_ranges, read_timing
from analyzer.signals.goals import judge_goals
from analyzer.signals.lexicon import PhraseTable, load_lexicon
from analyzer.signals.predicates import Predicate
from analyzer.signals.quantities import find_quantities
from analyzer.signals.slots import read_condition, read_direction, read_priority, read_resources
from analyzer.signals.subjects import Context, find_addressee, find_subject
from analyzer.signals.words import Words

_LEAD = re.compile(r"^(?:[-–—*•\s\"”]|\d+[.)]\s)+")


def build_frame(words: Words, predicate: Predicate, context: Context) -> Frame:
    """The frame of the signal that `predicate` governs. Never raises on text: slots it cannot fill stay empty."""
    start, end = predicate.start, predicate.end
    text = words.text
    verb = predicate.verb
    subject = find_subject(words, predicate)
    lemma = verb.reading.lemma if verb else None
    delivers = lemma is not None and lemma.split()[0] in _delivery()
    usable = _usable_ranges(words, predicate)
    timing = read_timing(
        text[: words.ends[end - 1]] if end else "", words.lower[start:end], delivers=delivers, usable=usable
    )
    deadline = timing.deadline or _pointed_deadline(words, start, end, context)
    direction = read_direction(words, verb, start, end)
    begin, stop = (words.starts[start], words.ends[end - 1]) if end > start else (0, 0)
    dates = find_date_ranges(text[begin:stop])
    return Frame(
        addressee=find_addressee(words, predicate, subject, context),
        modality=predicate.modality,
        action=lemma,
        direction="stop" if lemma in ("upphöra", "avstå") else direction,
        object=find_object(words, predicate, subject),
        quantity=_settle_quantities(find_quantities(text[begin:stop], dates), predicate, lemma),
        deadline=deadline,
        period=timing.period,
        recurrence=timing.recurrence,
        priority=read_priority(words, start, end, predicate.clauses.subordinate),
        resource=read_resources(words, verb, start, end, predicate.clauses.subordinate),
        condition=read_condition(words, start, end),
        level=context.level,
        polarity=read_polarity(words, predicate, lemma),
        goals=judge_goals(words.lower[start:end], forbidden=predicate.modality == "prohibition", direction=direction),
    )


def read_polarity(words: Words, predicate: Predicate, lemma: str | None) -> Polarity:
    """Whether the act is to be done, left undone ("bör inte", "avstå", "upphör") or done in the named case alone."""
    lexicon = load_lexicon("modality")
    undoes = lemma in lexicon["verbs"]["prohibition"] or (predicate.modality == "prohibition" and not predicate.negated)
    if predicate.negated != undoes:
        return "against"
    if undoes:
        return "for"
    for match in _exclusives().find(words.lower, start=predicate.start, end=predicate.end):
        if not predicate.clauses.subordinate[match.start] and words.lower[match.start - 1] not in ("inte", "ej"):
            return "only"
    return "for"


@cache
def _exclusives() -> PhraseTable[None]:
    return PhraseTable((word, None) for word in load_lexicon("modality")["exclusive"]["words"])


@cache
def _delivery() -> frozenset[str]:
    return frozenset(load_lexicon("dates")["delivery"]["verbs"].split())


def _settle_quantities(
    quantities: tuple[Quantity, ...], predicate: Predicate, lemma: str | None
) -> tuple[Quantity, ...]:
    """A permission to use a sum is a permission up to it; a verb such as "halvera" is a number in itself."""
    if predicate.modality == "permission" and lemma in ("använda", "disponera", "förbruka"):
        quantities = tuple(replace(q, comparator="max") if q.unit == "kronor" else q for q in quantities)
    numeral = load_lexicon("quantities")["verbs"].get(lemma or "")
    return (*quantities, Quantity(text=lemma or "", **numeral)) if numeral and not quantities else quantities


def _usable_ranges(words: Words, predicate: Predicate) -> tuple[tuple[int, int], ...]:
    """Character ranges of the main clause: a date in a subordinate clause is not the signal's own."""
    ranges: list[tuple[int, int]] = []
    for at in range(predicate.start, predicate.end):
        if not predicate.clauses.subordinate[at]:
            if ranges and ranges[-1][1] >= words.starts[at] - 1:
                ranges[-1] = (ranges[-1][0], words.ends[at])
            else:
                ranges.append((words.starts[at], words.ends[at]))
    return tuple(ranges)


def _pointed_deadline(words: Words, start: int, end: int, context: Context) -> str | None:
    text = " ".join(words.lower[start:end])
    pointers = load_lexicon("dates")["pointers"]
    if context.previous_deadline and any(text.startswith(cue) or f" {cue}" in text for cue in pointers["same"][:1]):
        return context.previous_deadline
    return None


def find_object(words: Words, predicate: Predicate, subject: tuple[int, int]) -> str | None:
    """What is acted on: the subject of a passive, else the noun phrase after the verb."""
    verb = predicate.verb
    if verb is None:
        text = _LEAD.sub("", words.slice_text(predicate.start, predicate.end))
        return text.rstrip(" .") or None
    if subject[0] < subject[1] and (verb.passive or _acts_on_subject(words, verb.start, verb.reading.lemma)):
        return _tidy_object(words.slice_text(*subject))
    begin = (verb.particle if verb.particle is not None else verb.start) + 1
    while begin < predicate.end and (
        words.lower[begin]
        in ("…", ":", "-", "–", "*", "av", "för", "med", "mot", "om", "på", "till", "i", "inte", "också", "även")
        or _is_shared(words, begin, predicate.end)
    ):
        begin += 1
    if begin < predicate.end and words.lower[begin] == "följande" and "…" in words.lower[begin : predicate.end]:
        begin = words.lower.index("…", begin) + 1
    stop = begin
    while stop < predicate.end and not _ends_object(words, predicate, stop, begin):
        stop += 1
    return _tidy_object(words.slice_text(begin, stop)) or (
        _tidy_object(words.slice_text(*subject)) if subject[0] < subject[1] else None
    )


def _acts_on_subject(words: Words, at: int, lemma: str) -> bool:
    """Whether what is governed is the subject: "kostnaderna ska minska med", "passen får vara högst"."""
    lexicon = load_lexicon("clauses")
    following = words.lower[at + 1] if at + 1 < len(words) else "."
    return lemma in lexicon["intransitives"] or (lemma in lexicon["changes"] and following in lexicon["after_change"])


def _is_shared(words: Words, at: int, end: int) -> bool:
    """ "kartlägga och redovisa X": the second verb between the first and their common object."""
    following = words.lower[at + 1] if at + 1 < end else ""
    return (words.lower[at] in ("och", "samt") and is_infinitive(following)) or (
        words.lower[at - 1] in ("och", "samt") and is_infinitive(words.lower[at])
    )


def _ends_object(words: Words, predicate: Predicate, at: int, begin: int) -> bool:
    word = words.lower[at]
    if at == begin:
        return word in ".;"
    if word in (";", ".", "senast", "enligt", "…"):
        return True
    if (
        word == ","
        and at + 1 < predicate.end
        and words.lower[at + 1] in ("som", "vilket", "vilka", "och", "varav", "dock", "inklusive", "så", "utan")
    ):
        return True
    return word in ("för", "så") and at + 1 < predicate.end and words.lower[at + 1] == "att"


def _tidy_object(text: str) -> str | None:
    return _LEAD.sub("", text).strip(" .,;:") or None
