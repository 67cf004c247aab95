"""The smaller slots of a frame: priority, resources, direction and condition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from analyzer.records import Direction, Priority
from analyzer.signals.clauses import Verb, is_finite, is_finite_at, opens_clause
from analyzer.signals.lexicon import PhraseTable, load_lexicon
from analyzer.signals.verbs import INFINITIVES, read_verb
from analyzer.signals.words import Words

_STOPS = frozenset(".;:()")
_QUESTIONS = frozenset(("hur", "var", "vem", "vilka", "vad", "om"))


def _table(lexicon: str, section: str) -> PhraseTable[str]:
    table: dict[str, list[str]] = load_lexicon(lexicon)[section]
    return PhraseTable((cue, name) for name, cues in table.items() for cue in cues)


@cache
def _priorities() -> PhraseTable[str]:
    return _table("slots", "priority")


@cache
def _resources() -> PhraseTable[str]:
    return _table("slots", "resource")


@cache
def _direction_words() -> PhraseTable[str]:
    return _table("direction", "words")


@cache
def _conditions() -> PhraseTable[None]:
    return PhraseTable((cue, None) for cue in load_lexicon("slots")["condition"]["openers"])


@cache
def _verb_directions() -> dict[str, Direction]:
    verbs: dict[Direction, str] = load_lexicon("direction")["verbs"]
    return {lemma.replace("_", " "): direction for direction, lemmas in verbs.items() for lemma in lemmas.split()}


@cache
def _carriers() -> tuple[frozenset[str], PhraseTable[None]]:
    carriers = load_lexicon("direction")["carriers"]
    verbs = frozenset(lemma.replace("_", " ") for lemma in carriers["verbs"].split())
    return verbs, PhraseTable((link, None) for link in carriers["links"])


def read_priority(words: Words, start: int, end: int, subordinate: Sequence[bool] = ()) -> Priority:
    """The strongest rank that `words[start:end]` gives; words marked `subordinate` rank nothing."""
    matches = _priorities().find_longest(words.lower, start=start, end=end)
    found = {match.value for match in matches if not (subordinate and subordinate[match.start])}
    return "absolute" if "absolute" in found else "high" if "high" in found else "none"


def read_resources(
    words: Words, verb: Verb | None, start: int, end: int, subordinate: Sequence[bool] = ()
) -> tuple[str, ...]:
    """What `words[start:end]` draws on, in the lexicon's order. An act that only speaks of something draws on nothing
    but the frame of money that is set for it."""
    found_anywhere = _resources().find(words.lower, start=start, end=end)
    matches = [match for match in found_anywhere if not (subordinate and subordinate[match.start])]
    silent = load_lexicon("slots")["resource_frame"]["silent_verbs"]
    if verb and (_verb_directions().get(verb.reading.lemma) == "none" or verb.reading.lemma in silent):
        framed = set(load_lexicon("slots")["resource_frame"]["phrases"])
        matches = [match for match in matches if match.phrase in framed]
    found = {match.value for match in matches if not words.lower[match.start].endswith("departementet")}
    return tuple(name for name in load_lexicon("slots")["resource"] if name in found)


def read_direction(words: Words, verb: Verb | None, start: int, end: int) -> Direction:
    """What the governing act does: the verb's own direction, else that of the act it is done for, else what the nouns
    and comparatives before the next clause say."""
    if verb is None:
        return _direction_of_words(words, start, end)
    lemma = verb.reading.lemma
    own = _verb_directions().get(lemma) or _verb_directions().get(lemma.split()[0])
    strengthened = _strengthened(words, verb, end)
    if own == "none":
        return "none"
    if own == "maintain" and words.lower[verb.start + 1 : verb.start + 2] == ["att"]:
        return "none"
    if own:
        return strengthened or own if own == "maintain" else own
    carriers, links = _carriers()
    if lemma in carriers or lemma.split()[0] in carriers:
        for match in links.find(words.lower, start=verb.start + 1, end=min(end, verb.start + 16)):
            for at in range(match.end, min(end, match.end + 4)):
                for reading in read_verb(words.lower[at]):
                    found = _verb_directions().get(reading.lemma)
                    if reading.form in INFINITIVES and found and found != "none":
                        return found
        return _direction_of_words(words, start, min(end, verb.start + 16))
    return "none"


def _strengthened(words: Words, verb: Verb, end: int) -> Direction | None:
    """ "fortsätta och förstärka": the second verb's direction."""
    at = verb.start + 1
    if at + 1 < end and words.lower[at] in ("och", "samt"):
        for reading in read_verb(words.lower[at + 1]):
            direction = _verb_directions().get(reading.lemma)
            if direction in ("increase", "decrease"):
                return direction
    return None


def _direction_of_words(words: Words, start: int, end: int) -> Direction:
    found: Iterable[str] = (match.value for match in _direction_words().find(words.lower, start=start, end=end))
    for direction in found:
        return direction  # type: ignore[return-value]
    return "none"


def read_condition(words: Words, start: int, end: int) -> str | None:
    """The first condition or exception, to the end of its clause; the sharp ones ("om inte") before the rest."""
    lexicon = load_lexicon("slots")["condition"]
    openers = [
        (match.phrase not in lexicon["exceptions"], match.start, match.end)
        for match in _conditions().find_longest(words.lower, start=start, end=end)
    ]
    openers += [
        (True, at, at + 1)
        for at in range(start, end)
        if words.lower[at] in lexicon["clauses"]
        and (opens_clause(words, at, start) or _supposes(words, at, start, end))
        and not _asks(words, at, start)
    ]
    for _, begin, stop in sorted(openers):
        first = stop
        while stop < end and words.lower[stop] not in _STOPS and not (words.lower[stop] == "," and stop > first + 1):
            stop += 1
        if stop - begin > 1:
            return words.slice_text(begin, stop)
    return None


def _supposes(words: Words, at: int, start: int, end: int) -> bool:
    """ "granska hamnen om isen brister": behind the main verb, an "om" with a verb of its own close by is no
    preposition."""
    if not any(is_finite(words.lower[place]) for place in range(start, at)):
        return False
    for place in range(at + 1, min(end, at + 6)):
        if words.lower[place] in _QUESTIONS or words.lower[place] in ("som", "att", ",", "."):
            return False
        if is_finite_at(words, place):
            return place > at + 1
    return False


def _asks(words: Words, at: int, start: int) -> bool:
    """ "bedöma om", "analysera hur och när": the clause is what is asked."""
    lexicon = load_lexicon("clauses")
    return at > start and (
        words.lower[at - 1] in lexicon["asking_verbs"]
        or (words.lower[at - 1] in ("och", "eller", "samt") and at - 2 >= start and words.lower[at - 2] in _QUESTIONS)
    )
