"""The governing predicate of a sentence: which verb, with what force, charged on whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from analyzer.records import Modality
from analyzer.signals.actors import lexicon as actor_lexicon
from analyzer.signals.clauses import (
    Clauses,
    Verb,
    auxiliaries,
    is_finite,
    read_clauses,
)
from analyzer.signals.infinitives import add_particle, find_infinitive
from analyzer.signals.lexicon import PhraseTable, load_lexicon
from analyzer.signals.verbs import FINITE, INFINITIVES, VerbReading, read_verb
from analyzer.signals.words import Words

Kind = Literal["assignment", "auxiliary", "phrase", "present", "imperative", "bare"]


@dataclass(frozen=True, slots=True)
class Predicate:
    """What governs `words[start:end]`. `at` is the auxiliary, cue or finite verb; `verb` carries the act."""

    kind: Kind
    start: int
    end: int
    at: int
    modality: Modality
    verb: Verb | None
    clauses: Clauses
    negated: bool = False


@cache
def _phrases() -> PhraseTable[Modality]:
    table: dict[Modality, list[str]] = load_lexicon("modality")["phrases"]
    return PhraseTable((phrase, modality) for modality, phrases in table.items() for phrase in phrases)


@cache
def _assignments() -> PhraseTable[None]:
    return PhraseTable((cue, None) for cue in actor_lexicon()["assignment"]["cues"])


@cache
def _negations() -> tuple[frozenset[str], PhraseTable[None]]:
    table = load_lexicon("modality")["negation"]
    return frozenset(table["words"]), PhraseTable((phrase, None) for phrase in table["harmless"])


def is_negated(words: Words, start: int, end: int, clauses: Clauses) -> bool:
    """Whether a negation that forbids stands in the main clause between words `start` and `end`."""
    negations, harmless = _negations()
    spared = {
        place
        for match in harmless.find(words.lower, start=start, end=min(len(words), end + 4))
        for place in range(match.start, match.end)
    }
    return any(
        words.lower[place] in negations and place not in spared and not clauses.subordinate[place]
        for place in range(start, end)
    )


def read_predicate(words: Words, start: int, end: int) -> Predicate:
    """The predicate that governs `words[start:end]`, the strongest reading first. Always gives one: a text without any
    verb is "bare", with the force of an order."""
    clauses = read_clauses(words, start, end)
    return (
        _read_assignment(words, start, end, clauses)
        or _read_decision(words, start, end, clauses)
        or _read_cleft(words, start, end, clauses)
        or _read_auxiliary(words, start, end, clauses)
        or _read_phrase(words, start, end, clauses)
        or _read_present(words, start, end, clauses)
        or _read_imperative(words, start, end, clauses)
        or _read_phrase(words, start, end, clauses, anywhere=True)
        or _read_auxiliary(words, start, end, clauses, anywhere=True)
        or _guess_present(words, start, end, clauses)
        or Predicate("bare", start, end, start, "obligation", None, clauses)
    )


def _read_assignment(words: Words, start: int, end: int, clauses: Clauses) -> Predicate | None:
    """ "Regeringen ger A i uppdrag att …", "A åläggs att …": the act follows the "att"."""
    verbs = actor_lexicon()["assignment"]["verbs"]
    head = next((place for place in clauses.finite if words.lower[place] in verbs), None)
    if head is None:
        return None
    limit = next((place for place in clauses.finite if place > head and words.lower[place] in auxiliaries()), end)
    for cue in _assignments().find(words.lower, start=start, end=min(limit, head + 120)):
        for place in range(cue.end - 1, min(end, cue.end + 90)):
            if words.lower[place] == "att" and not clauses.subordinate[place]:
                verb = find_infinitive(words, place + 1, end, clauses)
                if verb:
                    return Predicate("assignment", start, end, cue.start, "obligation", verb, clauses)
            if words.lower[place] == ":" or words.lower[place] == "…":
                verb = find_infinitive(words, place + 1, end, clauses)
                return Predicate("assignment", start, end, cue.start, "obligation", verb, clauses)
    return None


def _read_decision(words: Words, start: int, end: int, clauses: Clauses) -> Predicate | None:
    """ "Regeringen beslutar att A ska …": what is decided governs, though its clause is subordinate."""
    head = next(iter(clauses.finite), None)
    if head is None or not _decides(words, head, start):
        return None
    for at in range(head + 1, min(end, head + 14)):
        if words.lower[at] == "att" and clauses.subordinate[at]:
            inner = read_clauses(words, at + 1, end)
            found = _read_auxiliary(words, at + 1, end, inner) or _read_phrase(words, at + 1, end, inner)
            return replace(found, start=start) if found else None
    return None


def _decides(words: Words, head: int, start: int) -> bool:
    """Whether the "att" clause of the verb at `head` is what is decided: "Regeringen beslutar att", "Uppdraget innebär
    att"."""
    lemmas = {reading.lemma for reading in read_verb(words.lower[head])}
    return "besluta" in lemmas or (
        "innebära" in lemmas and words.lower[start] in load_lexicon("detection")["words"]["meaning_subjects"]
    )


def _read_cleft(words: Words, start: int, end: int, clauses: Clauses) -> Predicate | None:
    """ "Det är chefen som beslutar", "vid brand är det chefen som ska ringa", "rån är det som gruppen ska ta": what the
    relative clause says is charged on whoever is singled out or acts in it."""
    for head in clauses.finite:
        if words.lower[head] != "är":
            continue
        opener = find_cleft(words, head, start, end)
        if opener is None:
            return None
        inner = read_clauses(words, opener + 1, end)
        found = (
            _read_auxiliary(words, opener + 1, end, inner)
            or _read_phrase(words, opener + 1, end, inner)
            or _read_present(words, opener + 1, end, inner)
        )
        if found is None:
            return None
        return Predicate("phrase", start, end, opener, found.modality, found.verb, inner, found.negated)
    return None


def find_cleft(words: Words, head: int, start: int, end: int) -> int | None:
    """The "som" of the cleft sentence whose "är" is word `head`."""
    lexicon = load_lexicon("clauses")["clefts"]
    near = words.lower[max(start, head - 1) : head + 2]
    for at in range(head + 2, min(end, head + lexicon["reach"])):
        if words.lower[at] == "som":
            single = any(word in lexicon["singled"] for word in words.lower[max(head, at - 3) : at])
            return at if "det" in near or single else None
    return None


def _guess_present(words: Words, start: int, end: int, clauses: Clauses) -> Predicate | None:
    """A present outside the lexicon, right after somebody who can act: "Samordnaren ringer"."""
    endings = actor_lexicon()["endings"]
    for at in range(start + 1, min(end, start + 8)):
        word = words.lower[at]
        if words.lower[at - 1].endswith(endings) and word.endswith(("ar", "er")) and word.isalpha():
            verb = Verb(at, VerbReading(word[:-1] if word.endswith("ar") else word[:-2] + "a", "present"))
            return Predicate("present", start, end, at, "obligation", verb, clauses)
    return None


def _read_auxiliary(
    words: Words, start: int, end: int, clauses: Clauses, *, anywhere: bool = False
) -> Predicate | None:
    places = range(start, end) if anywhere else clauses.finite
    for at in places:
        row = auxiliaries().get(words.lower[at])
        if row is None or not (row["governs"] or (row.get("helps") and _helps_actor(words, at, start))):
            continue
        verb = find_infinitive(words, at + 1, end, clauses) or _read_bare_particle(words, at, end, clauses)
        if verb is None and words.lower[at] in ("får", "behöver", "kan"):
            continue
        stop = verb.start if verb else min(end, at + 6)
        negated = is_negated(words, at + 1, stop, clauses) or _negated_before(words, at, start, clauses)
        modality = _weigh_auxiliary(words, at, verb, negated, start)
        return Predicate("auxiliary", start, end, at, modality, verb, clauses, negated)
    return None


def _read_bare_particle(words: Words, at: int, end: int, clauses: Clauses) -> Verb | None:
    """ "ska ned med tio procent", "ska bort": a particle does for the verb of motion."""
    particles = load_lexicon("modality")["bare_particles"]
    for place in range(at + 1, min(end, at + 8)):
        if words.lower[place] in particles and not clauses.subordinate[place]:
            return Verb(place, VerbReading(particles[words.lower[place]], "infinitive"))
    return None


def _negated_before(words: Words, at: int, start: int, clauses: Clauses) -> bool:
    """ "Ingen … får", "inte längre ska": a negation in the subject or right before the auxiliary."""
    if any(words.lower[place] in ("inte", "aldrig") for place in range(max(start, at - 2), at)):
        return not clauses.subordinate[at - 1] or words.lower[at - 1] == "längre"
    return words.lower[start] in ("ingen", "inga", "inget") or (
        any(
            words.lower[place] in ("ingen", "inga", "inget")
            for place in range(start, at)
            if not clauses.subordinate[place]
        )
    )


def _helps_actor(words: Words, at: int, start: int) -> bool:
    """Whether "kan" or "behöver" stands beside somebody charged: "kan myndigheten lämna"."""
    ends = actor_lexicon()["endings"]
    beside = [words.lower[place] for place in (at - 1, at + 1) if start <= place < len(words)]
    vague = actor_lexicon()["vague"]
    return any(word.endswith(ends) or word in actor_lexicon()["references"] for word in beside if word not in vague)


def _weigh_auxiliary(words: Words, at: int, verb: Verb | None, negated: bool, start: int) -> Modality:
    lexicon = load_lexicon("modality")
    auxiliary = words.lower[at]
    modality: Modality = lexicon["negated"][auxiliary] if negated else auxiliaries()[auxiliary]["modality"]
    if negated or verb is None:
        return modality
    lemma, stop = verb.reading.lemma, min(len(words), verb.start + 6)
    after = words.lower[verb.start + 1 : stop]
    spelled = (" ".join([lemma, *after]), " ".join([words.lower[verb.start], *after]))
    if modality == "recommendation":
        return modality
    for name, verbs in lexicon["verbs"].items():
        if any(phrase == entry or phrase.startswith(entry + " ") for entry in verbs for phrase in spelled):
            if name == "permission" and modality != "obligation":
                continue
            return name
    if modality == "obligation" and words.lower[start] in lexicon["goal_subjects"]["words"]:
        return "goal"
    return modality


def _read_phrase(words: Words, start: int, end: int, clauses: Clauses, *, anywhere: bool = False) -> Predicate | None:
    """A cue of its own: "ansvarar för", "har rätt att", "målet är", "är inte tillåtet"."""
    for match in _phrases().find_longest(words.lower, start=start, end=end):
        if clauses.subordinate[match.start] and not anywhere:
            continue
        verb = _verb_at_phrase(words, match.start, match.end, end, clauses)
        negated = match.value == "prohibition" or any(
            word in _negations()[0] for word in words.lower[match.start : match.end]
        )
        return Predicate("phrase", start, end, match.start, match.value, verb, clauses, negated)
    return None


def _verb_at_phrase(words: Words, start: int, stop: int, end: int, clauses: Clauses) -> Verb | None:
    """The verb the phrase leads to ("har rätt att besluta", "ingår även att A ska utreda"), else the one in the phrase
    itself ("ansvarar för")."""
    marker = next((place for place in range(stop - 1, min(end, stop + 3)) if words.lower[place] == "att"), None)
    if marker is not None:
        if clauses.subordinate[marker]:
            inner = read_predicate(words, marker + 1, end)
            return inner.verb
        verb = find_infinitive(words, marker + 1, end, clauses)
        if verb:
            return verb
    if any(words.lower[place] in auxiliaries() for place in range(start, stop)):
        verb = find_infinitive(words, stop, end, clauses)
        if verb:
            return verb
    for place in range(start, stop):
        for reading in read_verb(words.lower[place]):
            if reading.form in FINITE:
                return Verb(place, reading)
    return None


def _read_present(words: Words, start: int, end: int, clauses: Clauses) -> Predicate | None:
    """A present-tense order: "redovisas senast", "Enhetschefen beslutar"."""
    for at in clauses.finite:
        readings = [r for r in read_verb(words.lower[at]) if r.form in ("present", "passive present")]
        allowed = find_infinitive(words, at + 1, end, clauses) if words.lower[at] == "kan" else None
        if allowed and (allowed.passive or "få" in words.lower[at + 1 : allowed.start + 1]):
            return Predicate("present", start, end, at, "permission", allowed, clauses)
        if readings:
            verb = add_particle(words, Verb(at, readings[0]), end)
            negated = is_negated(words, at + 1, min(end, at + 4), clauses) or words.lower[start] in (
                "ingen",
                "inga",
                "inget",
            )
            modality: Modality = "prohibition" if negated else "obligation"
            if readings[0].lemma in load_lexicon("modality")["verbs"]["prohibition"]:
                modality = "prohibition"
            return Predicate("present", start, end, at, modality, verb, clauses, negated)
    return None


def _read_imperative(words: Words, start: int, end: int, clauses: Clauses) -> Predicate | None:
    """An item or line that opens with its verb: "Låna ut sex patruller", "redovisa kostnaderna"."""
    forms = INFINITIVES | {"imperative"}
    for at in range(start, min(end, start + 12)):
        if clauses.subordinate[at] or (at > start and words.lower[at - 1] == "att" and at - 1 > start):
            continue
        if at > start and words.lower[at] in load_lexicon("clauses")["adjective_verbs"]:
            continue
        readings = [r for r in read_verb(words.lower[at]) if r.form in forms]
        if readings and (at == start or readings[0].form != "imperative"):
            negated = is_negated(words, start, min(end, at + 3), clauses)
            verb = add_particle(words, Verb(at, readings[0]), end)
            return Predicate(
                "imperative", start, end, at, "prohibition" if negated else "obligation", verb, clauses, negated
            )
    return None


def has_finite(words: Words, start: int, end: int) -> bool:
    """Whether any word may be a finite verb."""
    return any(is_finite(words.lower[place]) for place in range(start, end))
