"""Who a sentence is about and whom it charges: subject, agent, addressee."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from analyzer.records import Level
from analyzer.signals.actors import is_reference, lexicon, names_actor, nominative, read_actors
from analyzer.signals.clauses import is_finite_at
from analyzer.signals.lexicon import load_lexicon
from analyzer.signals.predicates import Predicate
from analyzer.signals.words import Words


@dataclass(frozen=True, slots=True)
class Context:
    """What a signal inherits where its own words are silent."""

    addressee: tuple[str, ...] = ()
    level: Level | None = None
    #: Whoever was charged by name last, for "han" and "hon".
    last: tuple[str, ...] = ()
    #: Deadline that "vid samma tidpunkt" points at.
    previous_deadline: str | None = None


@cache
def _payments() -> frozenset[str]:
    return frozenset(lemma.replace("_", " ") for lemma in load_lexicon("detection")["payers"]["verbs"].split())


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
    if word in load_lexicon("clauses")["fronted"] or predicate.clauses.subordinate[first]:
        return False
    return not re.match(r"\d", word)


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
            while stop < min(predicate.end, at + 8) and words.lower[stop] not in lexicon()["after_agents"]:
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
