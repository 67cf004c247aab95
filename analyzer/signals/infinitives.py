"""The infinitive that an auxiliary governs, wherever the sentence puts it."""

from __future__ import annotations

from analyzer.signals.clauses import REACH, Clauses, Verb, auxiliaries, clause_words, is_finite
from analyzer.signals.lexicon import load_lexicon
from analyzer.signals.verbs import INFINITIVES, VerbReading, guess_infinitive, read_verb
from analyzer.signals.words import Words


def find_infinitive(words: Words, start: int, end: int, clauses: Clauses) -> Verb | None:
    """The verb that the auxiliary before word `start` governs: the first infinitive in reach that no "att" marks and
    no subordinate clause holds; failing the lexicon, the first word that looks like one."""
    return (
        _find_infinitive(words, start, end, clauses)
        or _find_behind_comma(words, start, end, clauses)
        or _find_unmarked(words, start, end, clauses)
    )


def _find_unmarked(words: Words, start: int, end: int, clauses: Clauses) -> Verb | None:
    """Failing all else, the first infinitive that no "att" and no other auxiliary governs, in whatever clause."""
    governed = False
    for at in range(start, min(end, start + REACH)):
        word = words.lower[at]
        readings = [reading for reading in read_verb(word) if reading.form in INFINITIVES]
        if word == "att" or word in auxiliaries():
            governed = True
        elif readings and not is_finite(word) and governed:
            governed = False
        elif readings and not is_finite(word):
            return _settle(words, Verb(at, readings[0]), end, clauses)
    return None


def _find_behind_comma(words: Words, start: int, end: int, clauses: Clauses) -> Verb | None:
    """The infinitive after an insertion whose end was not seen: "ska, så snart det går och senast i maj, lämna"."""
    sets = clause_words()
    for at in range(start + 1, min(end, start + REACH)):
        if words.lower[at] != ",":
            continue
        place = at + 1
        while place < end and words.lower[place] in sets["adverbs"]:
            place += 1
        readings = [r for r in read_verb(words.lower[place]) if r.form in INFINITIVES] if place < end else []
        if readings:
            return _settle(words, Verb(place, readings[0]), end, clauses)
    return None


def _find_infinitive(words: Words, start: int, end: int, clauses: Clauses) -> Verb | None:
    sets = clause_words()
    stop = min(end, start + REACH)
    guess: Verb | None = None
    ambiguous: Verb | None = None
    after_att = False
    for at in range(start, stop):
        word = words.lower[at]
        if clauses.subordinate[at]:
            continue
        if word == "att":
            after_att = True
            continue
        readings = [reading for reading in read_verb(word) if reading.form in INFINITIVES]
        if readings and after_att:
            after_att = False
        elif readings and word in sets["adjective_verbs"] and not _takes_object(words, at, end):
            ambiguous = ambiguous or Verb(at, readings[0])
        elif readings:
            return _settle(words, Verb(at, readings[0]), end, clauses)
        elif guess is None and not after_att and not words.is_capital(at):
            guessed = guess_infinitive(word)
            guess = Verb(at, guessed) if guessed else None
    return ambiguous or guess


def _takes_object(words: Words, at: int, end: int) -> bool:
    """Whether the word after `at` starts a noun phrase, so that word `at` is a verb rather than an adjective."""
    return at + 1 < end and words.lower[at + 1] in (
        "en",
        "ett",
        "den",
        "det",
        "de",
        "sin",
        "sina",
        "sitt",
        "alla",
        "upp",
    )


def _settle(words: Words, verb: Verb, end: int, clauses: Clauses) -> Verb:
    """Steps from a helping verb to the one it helps ("kunna använda", "vara inlämnade") and finds the particle."""
    sets = clause_words()
    if verb.reading.lemma in sets["helpers"]:
        for at in range(verb.start + 1, min(end, verb.start + 9)):
            readings = [reading for reading in read_verb(words.lower[at]) if reading.form in INFINITIVES]
            if readings and not clauses.subordinate[at] and words.lower[at - 1] != "att":
                return add_particle(words, Verb(at, readings[0]), end)
    if verb.reading.lemma == "ha":
        done = _find_supine(words, verb.start + 1, min(end, verb.start + 4))
        if done:
            return add_particle(words, done, end)
    if verb.reading.lemma in sets["copulas"]:
        for at in range(verb.start + 1, min(end, verb.start + 4)):
            lemma = _read_participle(words.lower[at])
            if lemma:
                return Verb(at, VerbReading(lemma, "passive infinitive"))
            if words.lower[at] not in sets["adverbs"]:
                break
    return add_particle(words, verb, end)


def _find_supine(words: Words, start: int, end: int) -> Verb | None:
    """ "ska ha utsett", "ska ha redovisats": the verb of a perfect infinitive, behind adverbs alone."""
    for at in range(start, end):
        word = words.lower[at]
        readings = [*read_verb(word), *read_verb(word.removesuffix("s"))]
        supine = next((reading for reading in readings if reading.form == "supine"), None)
        if supine:
            return Verb(at, VerbReading(supine.lemma, "passive infinitive" if word.endswith("s") else "infinitive"))
        if word not in clause_words()["adverbs"]:
            return None
    return None


def _read_participle(word: str) -> str | None:
    """The infinitive of a participle whose verb the lexicon holds."""
    for ending, replacement in sorted(clause_words()["participles"].items(), key=lambda pair: -len(pair[0])):
        if word.endswith(ending):
            lemma = word.removesuffix(ending) + replacement
            if any(reading.form == "infinitive" for reading in read_verb(lemma)):
                return lemma
    return None


def add_particle(words: Words, verb: Verb, end: int) -> Verb:
    """The verb with its particle, where one follows within reach: "ta … fram"."""
    particles = load_lexicon("verbs")["particles"].get(verb.reading.lemma)
    if not particles:
        return verb
    for at in range(verb.start + 1, min(end, verb.start + 4)):
        word = words.lower[at]
        if word in particles:
            return Verb(verb.start, VerbReading(f"{verb.reading.lemma} {word}", verb.reading.form), at)
        if word not in clause_words()["adverbs"] and word not in clause_words()["pronouns"]:
            break
    return verb
