"""Cutting one sentence into its signals: coordinated verbs with an object each, repeated auxiliaries, whole clauses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from analyzer.signals.clauses import auxiliaries, is_finite, is_infinitive, opens_infinitive
from analyzer.signals.lexicon import load_lexicon
from analyzer.signals.predicates import Predicate
from analyzer.signals.subjects import find_subject
from analyzer.signals.verbs import INFINITIVES, read_verb
from analyzer.signals.words import Words

#: Words between a conjunction and the verb it adds, at most.
REACH = 14
#: Before a conjunction they wait for a complement that both verbs share: "tala med och höra på lotsarna".
_PREPOSITIONS = frozenset(("med", "från", "till", "på", "av", "för", "om", "mot", "i"))
_CONJUNCTIONS = frozenset(("och", "samt"))


@dataclass(frozen=True, slots=True)
class Part:
    """A signal in a sentence: `words[start:end]`, read after `words[:lead_end]` when that is not 0."""

    start: int
    end: int
    lead_end: int = 0


@cache
def _report_verbs() -> frozenset[str]:
    lemmas = load_lexicon("detection")["sentences"]["report_verbs"].split()
    return frozenset(lemma.split("_")[0] for lemma in lemmas)


@cache
def _adverbs() -> frozenset[str]:
    return frozenset(load_lexicon("clauses")["adverbs"])


def split_sentence(words: Words, predicate: Predicate) -> list[Part]:
    """The parts of the sentence that `predicate` governs, in order; a sentence with one signal is one part."""
    verb = predicate.verb
    if verb is None:
        return [Part(predicate.start, predicate.end)]
    cuts: list[Part] = []
    begin, current, nested = predicate.start, (verb.particle or verb.start), ""
    lead = 0
    at = current + 1
    while at < predicate.end:
        word = words.lower[at]
        if word == "att" and opens_infinitive(words, at) and words.lower[at - 1] not in _CONJUNCTIONS:
            nested = "purpose" if words.lower[at - 1] in ("för", "syfte", "genom") else nested or "complement"
        if word in _CONJUNCTIONS or word in (",", ";", "utan"):
            found = _read_addition(words, predicate, at, current, nested)
            if found:
                lead_end, next_verb = found
                cuts.append(Part(begin, at if words.lower[at - 1] != "," else at - 1, lead))
                begin, lead, current, nested = at + 1, lead_end, next_verb, ""
                at = next_verb
        at += 1
    return [*cuts, Part(begin, predicate.end, lead)]


def _read_addition(words: Words, predicate: Predicate, at: int, current: int, nested: str) -> tuple[int, int] | None:
    """What the conjunction at `at` adds: (end of its lead-in, place of its verb), or None when it adds no signal."""
    following = at + 1
    if following < predicate.end and words.lower[at] == "," and words.lower[following] in _CONJUNCTIONS:
        return None
    # "hot- och riskbedömning": the conjunction stands inside a word.
    if following >= predicate.end or words.lower[at - 1].endswith("-"):
        return None
    for read in (_add_auxiliary, _add_marked_infinitive, _add_infinitive, _add_clause):
        found = read(words, predicate, at, current, nested)
        if found:
            return found
    return None


def _add_auxiliary(words: Words, predicate: Predicate, at: int, current: int, nested: str) -> tuple[int, int] | None:
    """ "Plattformen bör … och ska innehålla": a second auxiliary under the same subject."""
    row = auxiliaries().get(words.lower[at + 1])
    if words.lower[at] == "," or not row or not row["governs"] or at + 1 not in predicate.clauses.finite:
        return None
    return (predicate.at if predicate.kind == "auxiliary" else 0), at + 1


def _add_marked_infinitive(
    words: Words, predicate: Predicate, at: int, current: int, nested: str
) -> tuple[int, int] | None:
    """ "I uppdraget ingår att A samt att B": only where the first verb hangs on an "att" as well."""
    verb = predicate.verb
    marker = _find_marker(words, predicate)
    if verb is None or marker is None or nested == "purpose" or words.lower[at] not in _CONJUNCTIONS:
        return None
    if words.lower[at + 1] != "att" or not opens_infinitive(words, at + 1):
        return None
    place = next((p for p in range(at + 2, min(predicate.end, at + 10)) if is_infinitive(words.lower[p])), None)
    return (marker, place) if place else None


def _find_marker(words: Words, predicate: Predicate) -> int | None:
    """The "att" that the governing verb hangs on, if any."""
    if predicate.verb is None:
        return None
    for place in range(predicate.verb.start - 1, max(predicate.start, predicate.at) - 1, -1):
        if words.lower[place] == "att":
            return place
    return None


def _add_infinitive(words: Words, predicate: Predicate, at: int, current: int, nested: str) -> tuple[int, int] | None:
    """ "analysera konsekvenser och identifiera behov": a second infinitive with an object of its own."""
    verb = predicate.verb
    if verb is None or verb.reading.form not in INFINITIVES | {"imperative"} or words.lower[at] in (";", "utan"):
        return None
    place = _next_infinitive(words, predicate, at)
    if place is None or (words.lower[at] == "," and place != at + 1) or words.is_capital(place):
        return None
    if place == at + 1 and (is_infinitive(words.lower[at - 1]) or words.lower[at - 1] in _PREPOSITIONS):
        return None
    lemma = next(reading.lemma for reading in read_verb(words.lower[place]) if reading.form in INFINITIVES)
    if _is_one_act(words, predicate, at, place):
        return None
    if nested == "purpose" and lemma not in _report_verbs():
        return None
    if nested == "complement" and words.lower[at] != "samt" and lemma not in _report_verbs():
        return None
    if not _has_object(words, current, at, place):
        return None
    return _end_of_lead(words, predicate), place


def _is_one_act(words: Words, predicate: Predicate, at: int, place: int) -> bool:
    """Passives that share their subject ("ska sammanställas och publiceras"), and results to be reached together ("ska
    vittnen ha hörts och telefoner ha gåtts igenom"), are one act; a date of its own sets the second apart."""
    if words.lower[place] == "ha":
        return True
    passive = any(reading.form == "passive infinitive" for reading in read_verb(words.lower[place]))
    shared = passive and predicate.verb is not None and predicate.verb.passive and place == at + 1
    return shared and "senast" not in words.lower[at : predicate.end]


def _end_of_lead(words: Words, predicate: Predicate) -> int:
    """Where the words end that a second verb shares with the first: after the "att" or the auxiliary and its subject.
    What stands between them and the first verb ("senast den 1 mars") is the first verb's own."""
    marker = _find_marker(words, predicate)
    if predicate.kind == "assignment" or marker is not None:
        return marker + 1 if marker is not None else predicate.verb.start if predicate.verb else predicate.start
    if predicate.kind != "auxiliary":
        return predicate.verb.start if predicate.verb else predicate.start
    end = max(predicate.at + 1, find_subject(words, predicate)[1])
    while predicate.verb and end < predicate.verb.start and words.lower[end] in ("också", "även", "dessutom", "inte"):
        end += 1
    return end


def _next_infinitive(words: Words, predicate: Predicate, at: int) -> int | None:
    for place in range(at + 1, min(predicate.end, at + REACH)):
        word = words.lower[place]
        if word in ("att", ",", ";", "som", "och", "samt", ":") or predicate.clauses.subordinate[place]:
            return None
        if is_infinitive(word):
            return place if word not in load_lexicon("clauses")["adjective_verbs"] or place == at + 1 else None
        if place in predicate.clauses.finite or is_finite(word):
            return None
    return None


def _has_object(words: Words, current: int, at: int, place: int) -> bool:
    """Whether the verb at `current` has words of its own before the conjunction at `at`; a date before the second
    verb sets it apart as well."""
    empty = _adverbs() | frozenset(load_lexicon("clauses")["prepositions"])
    own = [word for word in words.lower[current + 1 : at] if word not in empty and word.isalnum()]
    return bool(own) or "senast" in words.lower[at + 1 : place]


def _add_clause(words: Words, predicate: Predicate, at: int, current: int, nested: str) -> tuple[int, int] | None:
    """ "A ansvarar för X och B ansvarar för Y": a clause with a subject and a finite verb of its own."""
    if words.lower[at] == "utan":
        return None
    for place in range(at + 1, min(predicate.end, at + REACH)):
        word = words.lower[place]
        if predicate.clauses.subordinate[place] or word in (",", ";", ":", "att"):
            return None
        if place in predicate.clauses.finite and place > at + 1:
            row = auxiliaries().get(word)
            governs = row is not None and row["governs"]
            same = predicate.kind in ("present", "phrase") and any(r.form != "past" for r in read_verb(word))
            return (0, place) if governs or same else None
    return None
