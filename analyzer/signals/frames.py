"""From a predicate to a frame: the slots of the annotation guidelines, section 1."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from analyzer.records import Frame, Level, Quantity
from analyzer.signals.actors import is_reference, lexicon, names_actor, nominative, read_actors
from analyzer.signals.clauses import is_finite_at, is_infinitive
from analyzer.signals.dates import find_date_ranges, read_timing
from analyzer.signals.goals import read_goals
from analyzer.signals.lexicon import load_lexicon
from analyzer.signals.predicates import Predicate
from analyzer.signals.quantities import find_quantities
from analyzer.signals.slots import read_condition, read_direction, read_priority, read_resources
from analyzer.signals.words import Words

_LEAD = re.compile(r"^(?:[-–—*•\s\"”]|\d+[.)]\s)+")


@dataclass(frozen=True, slots=True)
class Context:
    """What a signal inherits where its own words are silent."""

    addressee: tuple[str, ...] = ()
    level: Level | None = None
    #: Whoever was charged by name last, for "han" and "hon".
    last: tuple[str, ...] = ()
    #: Deadline that "vid samma tidpunkt" points at.
    previous_deadline: str | None = None


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
        goals=read_goals(words.lower[start:end], forbidden=predicate.modality == "prohibition", direction=direction),
    )


@cache
def _payments() -> frozenset[str]:
    return frozenset(lemma.replace("_", " ") for lemma in load_lexicon("detection")["payers"]["verbs"].split())


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


def find_subject(words: Words, predicate: Predicate) -> tuple[int, int]:
    """Words of the subject: before the finite verb, or between it and the verb where another part comes first."""
    at, verb = predicate.at, predicate.verb
    if predicate.kind in ("imperative", "bare", "assignment"):
        return (predicate.start, predicate.start)
    if predicate.kind == "phrase":
        inner = _subject_of_clause(words, predicate)
        if inner:
            return inner
    first = predicate.start
    if predicate.kind == "phrase" and words.lower[at] == "som":
        return _subject_of_cleft(words, predicate)
    while first < at and words.text[words.starts[first] : words.ends[first]] in '-–—*•§"”1234567890.)':
        first += 1
    stop = verb.start if verb and verb.start > at else min(predicate.end, at + 12)
    inverted = _inverted_subject(words, predicate, at + 1, stop)
    if inverted and (first == at or not _starts_with_subject(words, predicate, first, at)):
        return inverted
    if first < at:
        return (first, at)
    return inverted or (first, first)


def _subject_of_cleft(words: Words, predicate: Predicate) -> tuple[int, int]:
    """Who acts inside the "som" clause, else what "det är … som" singles out."""
    inner = next(iter(predicate.clauses.finite), predicate.at + 1)
    if inner > predicate.at + 1 and words.lower[predicate.at + 1] not in load_lexicon("clauses")["adverbs"]:
        return (predicate.at + 1, inner)
    head = next((at for at in range(predicate.at, predicate.start, -1) if words.lower[at] == "är"), predicate.start)
    first = head + 2 if words.lower[head + 1] == "det" else head + 1
    return (first, predicate.at)


def _negates_noun(words: Words, at: int) -> bool:
    """ "Ej förbrukade medel": the negation belongs to the noun phrase."""
    return words.lower[at] in ("ej", "inte") and at + 1 < len(words) and not is_finite_at(words, at + 1)


def _subject_of_clause(words: Words, predicate: Predicate) -> tuple[int, int] | None:
    """ "Målet är att tryggheten ska öka": the subject of the clause that a phrase leads to."""
    for at in range(predicate.at, min(predicate.end, predicate.at + 12)):
        if words.lower[at] == "att" and predicate.clauses.subordinate[at]:
            stop = next((p for p in range(at + 1, predicate.end) if is_finite_at(words, p)), at + 1)
            return (at + 1, stop) if stop > at + 1 else None
    return None


def _starts_with_subject(words: Words, predicate: Predicate, first: int, at: int) -> bool:
    word = words.lower[first]
    if word in load_lexicon("clauses")["adverbs"] and not _negates_noun(words, first):
        return False
    if word in _FRONTED or predicate.clauses.subordinate[first]:
        return False
    return not re.match(r"\d", word)


_FRONTED = frozenset(
    [
        "i",
        "på",
        "vid",
        "under",
        "för",
        "av",
        "från",
        "till",
        "med",
        "inom",
        "utifrån",
        "enligt",
        "genom",
        "efter",
        "före",
        "senast",
        "mot",
        "om",
        "när",
        "inför",
        "utöver",
        "mellan",
        "som",
        "därigenom",
        "därutöver",
        "vidare",
        "utan",
        "trots",
        "där",
        "då",
        "åt",
        "hos",
        "över",
        "fram",
        "bland",
    ]
)


def _inverted_subject(words: Words, predicate: Predicate, start: int, stop: int) -> tuple[int, int] | None:
    """The noun phrase right after the finite verb, up to an adverb, a comma or the verb."""
    adverbs = frozenset(load_lexicon("clauses")["adverbs"])
    while start < stop and words.lower[start] in adverbs and not words.is_capital(start):
        start += 1
    end = start
    while (
        end < stop
        and words.lower[end] not in (",", ";", ":", ".", "att", "senast")
        and not predicate.clauses.subordinate[end]
    ):
        if end > start and words.lower[end] in adverbs - {"i"} and words.lower[end] not in ("bland",):
            break
        end += 1
    return (start, end) if end > start else None


def find_addressee(words: Words, predicate: Predicate, subject: tuple[int, int], context: Context) -> tuple[str, ...]:
    """Who must act: those charged in an assignment, an actor as subject or as agent, else the context's."""
    if predicate.kind == "assignment":
        charged = _charged(words, predicate)
        if charged:
            return charged
    agent = find_agent(words, predicate)
    if agent:
        return agent
    passive = predicate.verb is not None and predicate.verb.passive
    name = words.slice_text(*subject).strip(" …,:")
    if name and not is_reference(name) and not passive:
        names = tuple(nominative(part) for part in read_actors(name))
        if names and names_actor(names[0]) and names[0].lower() not in lexicon()["givers"]:
            return tuple(part for part in names if names_actor(part))
    if predicate.verb and predicate.verb.reading.lemma in _payments():
        payers = [payer for payer in load_lexicon("detection")["payers"]["names"] if payer.lower() in words.lower]
        if payers and context.addressee != (payers[0],) and "till" in words.lower:
            return (payers[0],)
    if name.lower() in ("han", "hon", "hen") and context.last:
        return context.last
    return context.addressee


def find_agent(words: Words, predicate: Predicate) -> tuple[str, ...]:
    """ "… beslutas av regionpolischefen": the agent of a passive."""
    verb = predicate.verb
    if verb is None or not verb.passive:
        return ()
    for at in range(predicate.start, predicate.end - 1):
        if predicate.clauses.subordinate[at]:
            continue
        if words.lower[at] == "av" and at > verb.start and words.lower[at - 1] not in lexicon()["not_agents_after"]:
            stop = at + 1
            while (
                stop < predicate.end
                and stop < at + 8
                and words.lower[stop]
                not in (
                    ",",
                    ".",
                    ";",
                    "till",
                    "senast",
                    "i",
                    "som",
                    "vid",
                    "på",
                    "efter",
                    "före",
                    "inom",
                    "enligt",
                    "för",
                    "innan",
                    "med",
                )
            ):
                stop += 1
            names = tuple(nominative(part) for part in read_actors(words.slice_text(at + 1, stop)))
            if names and all(names_actor(part) for part in names):
                return names
    return ()


def _charged(words: Words, predicate: Predicate) -> tuple[str, ...]:
    """The names in "ger A, B och C i uppdrag att", "uppdrar åt A att", "A får i uppdrag att"."""
    stop = predicate.verb.start if predicate.verb else predicate.end
    text = words.slice_text(predicate.start, stop)
    for pattern in _charge_patterns():
        match = pattern.search(text)
        if match:
            names = tuple(nominative(part) for part in read_actors(match.group(1)))
            names = tuple(name for name in names if name and name.lower() not in lexicon()["givers"])
            if names:
                return names
    return ()


@cache
def _charge_patterns() -> tuple[re.Pattern[str], ...]:
    openers = sorted(lexicon()["assignment"]["openers"], key=len, reverse=True)
    closers = sorted(lexicon()["assignment"]["closers"], key=len, reverse=True)
    return (
        re.compile(rf"\b(?:{'|'.join(openers)})\s(.{{3,1200}}?)\s(?:{'|'.join(closers)})\b", re.I | re.S),
        re.compile(r"^\W*(.{3,600}?)\s(?:har|får|fick|ges|tilldelas|åläggs)\b", re.I | re.S),
    )


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
