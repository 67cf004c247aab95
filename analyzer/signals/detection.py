"""Whether a sentence steers: cues from detection.toml, weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from analyzer.signals.actors import is_reference, lexicon, names_actor, read_actors
from analyzer.signals.clauses import is_infinitive
from analyzer.signals.dates import find_date_ranges, find_dates, find_recurrence
from analyzer.signals.lexicon import PhraseTable, load_lexicon, match_word
from analyzer.signals.predicates import Predicate
from analyzer.signals.quantities import find_quantities
from analyzer.signals.slots import read_priority
from analyzer.signals.subjects import find_agent, find_subject
from analyzer.signals.verbs import is_supine, read_verb
from analyzer.signals.words import Words

#: Determiners that adverbs are too: a supine may follow them.
_BEFORE_SUPINE = frozenset(("redan", "nyligen", "särskilt", "tidigare", "vara", "väl", "nyss"))
Genre = Literal["describing", "governing", "telling", "unknown"]
#: A line without a verb that is longer than this describes rather than sets a value.
LONGEST_LINE = 30
#: Words of a label before its colon, at most.
LONGEST_LABEL = 24


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a sentence stands: what its document's present tense does, and what kind of passage holds it."""

    genre: Genre = "unknown"
    kind: str = "paragraph"
    #: The heading or lead-in announces measures, so that verbs in the infinitive order.
    measures: bool = False


@cache
def _words() -> dict[str, Any]:
    table = load_lexicon("detection")["words"]
    return {key: frozenset(value.split()) if isinstance(value, str) else value for key, value in table.items()}


@cache
def _table(name: str) -> PhraseTable[None]:
    return PhraseTable((cue, None) for cue in _words()[name])


@cache
def _governing_titles() -> PhraseTable[None]:
    return PhraseTable((cue, None) for cue in load_lexicon("detection")["genres"]["governing_title_words"])


def judge_genre(title: str | None, document_type: str | None, level: str | None) -> Genre:
    """Whether the present tense of a document with these facts describes or rules."""
    genres = load_lexicon("detection")["genres"]
    name = (title or "").lower()
    if (
        name.startswith(tuple(genres["describing_titles"]))
        or (document_type or "").lower() in genres["describing_types"]
    ):
        return "describing"
    words = [word.strip(".,:;()") for word in name.split()]
    named = next(_governing_titles().find(words), None) is not None
    return "governing" if named or level in genres["governing_levels"] else "unknown"


def tells_news(words: Sequence[str], title: str | None, document_type: str | None, level: str | None = None) -> bool:
    """Whether a document with these lower-case words reports news: somebody is quoted as saying something, or the words
    of press releases abound. What steers goes by its own type or title and is never news, nor is what an agency decides
    for itself because it quotes somebody on last year."""
    genres = load_lexicon("detection")["genres"]
    if (document_type or "").lower() in genres["steering_types"] or (title or "").lower().startswith("uppdrag"):
        return False
    if level not in genres["governing_levels"] and _quotes_speech(words, 0, len(words)):
        return True
    return sum(1 for _ in _press_words().find(words)) >= genres["press_words_enough"]


@cache
def _press_words() -> PhraseTable[None]:
    return PhraseTable((cue, None) for cue in load_lexicon("detection")["genres"]["press_words"])


def _charges(words: Words, predicate: Predicate) -> bool:
    """Whether the subject of an auxiliary is somebody who can be charged and gives no orders."""
    names = read_actors(words.slice_text(*find_subject(words, predicate)))
    return bool(names) and all(names_actor(name) and name.lower() not in lexicon()["givers"] for name in names)


def judge_section(genre: Genre, headings: Sequence[str]) -> Genre:
    """The genre of what stands below `headings` (outermost first): a section of reasons describes."""
    genres = load_lexicon("detection")["genres"]
    starts, ends = tuple(genres["describing_headings"]), tuple(genres["describing_heading_ends"])
    for heading in headings[1:] if genre != "telling" else ():
        name = heading.lower().lstrip("0123456789.§ ").strip()
        if name.startswith(starts) or name.endswith(ends):
            return "describing"
    return genre


def is_label(words: Words, start: int, end: int) -> bool:
    """Whether the line only identifies its document: "Datum: 2026-01-15"."""
    stop = next((at for at in range(start + 1, min(end, start + 4)) if words.lower[at] == ":"), None)
    return stop is not None and " ".join(words.lower[start:stop]) in load_lexicon("detection")["genres"]["labels"]


def is_background(words: Words, start: int, end: int, subordinate: Sequence[bool] = ()) -> bool:
    """Whether the sentence gives reasons, history or somebody else's view. A cue in a word range marked `subordinate`
    tells of that clause only."""
    return is_spoken(words, start, end) or any(
        match.start - start < 12 and not (subordinate and subordinate[match.start])
        for match in _table("background").find(words.lower, start=start, end=end)
    )


def is_spoken(words: Words, start: int, end: int) -> bool:
    """Whether the sentence quotes what somebody says."""
    return _quotes_speech(words.lower, start, end)


def _quotes_speech(words: Sequence[str], start: int, end: int) -> bool:
    openers = _words()["speech_openers"]
    return any(
        match.start > start and words[match.start - 1] in openers
        for match in _table("spoken").find(words, start=start, end=end)
    )


def is_idle(words: Words, start: int, end: int) -> bool:
    """Whether an auxiliary in the sentence orders nothing: "ska ses som", "ingår inte att"."""
    return next(_table("idle_orders").find(words.lower, start=start, end=end), None) is not None


def is_steering(words: Words, predicate: Predicate, setting: Setting) -> bool:
    """Whether the sentence that `predicate` governs is a signal."""
    start, end = predicate.start, predicate.end
    if (
        end - start < 2
        or words.lower[end - 1] == "?"
        or is_idle(words, start, end)
        or is_label(words, start, end)
        or is_spoken(words, start, end)
        or _is_announcement(words, predicate)
    ):
        return False
    if predicate.kind == "assignment":
        return _assigns_now(words, predicate)
    if predicate.kind == "auxiliary":
        return (
            (setting.genre != "telling" or _charges(words, predicate))
            and predicate.verb is not None
            and predicate.at in predicate.clauses.finite
            and not _is_told(words, predicate)
        )
    if setting.genre == "telling":
        return False
    if next(_table("strong").find(words.lower, start=start, end=end), None) is not None:
        return True
    if is_background(words, start, end, predicate.clauses.subordinate) or _reports_words(words, predicate):
        return False
    if predicate.kind == "imperative":
        opens = predicate.at == start or words.lower[start] in ("att", "inte", "ej", "aldrig")
        opens = opens or words.lower[predicate.at - 1] == ":"
        return (opens or setting.measures) and (
            setting.kind != "paragraph" or setting.measures or setting.genre == "governing"
        )
    return weigh(words, predicate, setting) >= load_lexicon("detection")["scores"]["threshold"]


def _reports_words(words: Words, predicate: Predicate) -> bool:
    """ "I beslutet anges att …": the first finite verb only tells."""
    first = next(iter(predicate.clauses.finite), predicate.start)
    return first < predicate.at and any(
        reading.lemma in _words()["descriptive_verbs"] for reading in read_verb(words.lower[first])
    )


def _assigns_now(words: Words, predicate: Predicate) -> bool:
    """An assignment given in the present; "gav", "fick" and "har gett" tell of an earlier one."""
    for place in predicate.clauses.finite:
        if place <= predicate.at + 1:
            forms = {reading.form for reading in read_verb(words.lower[place])}
            if forms == {"past"} or (words.lower[place] in ("har", "hade") and not _keeps_assignment(words, place)):
                return False
    return not is_idle(words, predicate.start, predicate.end)


def _keeps_assignment(words: Words, at: int) -> bool:
    """ "har i uppdrag att", "har till uppgift att" hold now."""
    return words.lower[at + 1 : at + 2] in (["i"], ["till"], ["att"])


def _is_told(words: Words, predicate: Predicate) -> bool:
    """Whether the giver of orders speaks of its own plans: "Regeringen ska återkomma"."""
    subject = words.slice_text(*find_subject(words, predicate)).lower()
    return subject in lexicon()["givers"] and words.lower[predicate.at] in ("ska", "skall", "bör", "kan", "behöver")


def _is_announcement(words: Words, predicate: Predicate) -> bool:
    verb = predicate.verb
    return (
        predicate.kind in ("present", "phrase")
        and verb is not None
        and verb.reading.lemma in _words()["announcing_verbs"]
        and words.lower[predicate.start] in _words()["announced_subjects"]
    )


def weigh(words: Words, predicate: Predicate, setting: Setting) -> float:
    """The sum of the weights of the cues in a sentence without a governing auxiliary."""
    scores: dict[str, float] = load_lexicon("detection")["scores"]
    cues = set(cues_of_words(words, predicate))
    cues.add(f"{setting.genre}_genre")
    if predicate.kind == "bare":
        labelled = ":" in words.lower[predicate.start + 1 : predicate.start + LONGEST_LABEL]
        if _leads_line(words, predicate):
            cues.add("order_verb")
        telling = cues & {"quantity", "limit_word", "recurrence", "deadline", "order_verb"}
        told = (predicate.clauses.finite and not labelled) or predicate.end - predicate.start > LONGEST_LINE
        if told or not (labelled or telling):
            return 0.0
        if not labelled and setting.genre != "governing":
            return 0.0
        cues |= {"order_verb"} if labelled else set()
    elif predicate.kind == "phrase":
        kept = ("past", "perfect", "descriptive_verb") if words.lower[predicate.at] == "som" else ("past", "perfect")
        cues |= {"phrase", *(cue for cue in cues_of_verb(words, predicate) if cue in kept)}
    else:
        cues |= set(cues_of_verb(words, predicate))
        if setting.genre == "governing" and predicate.kind == "present" and "past" not in cues:
            cues.add("governing_present")
    return round(sum(scores[cue] for cue in sorted(cues)), 6)


def cues_of_words(words: Words, predicate: Predicate) -> list[str]:
    """Names of the cues that stand anywhere in the sentence, as in the scores of detection.toml."""
    start, end = predicate.start, predicate.end
    text = words.slice_text(start, end)
    dates = find_dates(text)
    rank = read_priority(words, start, end)
    quantities = find_quantities(text, find_date_ranges(text))
    found = {
        "deadline": any(date.role in ("deadline", "before") for date in dates),
        "recurrence": find_recurrence(words.lower[start:end]) is not None,
        "quantity": bool(quantities),
        "limit_word": next(_table("limits").find(words.lower, start=start, end=end), None) is not None,
        "priority": rank == "high",
        "absolute_priority": rank == "absolute",
        "background_cue": is_background(words, start, end, predicate.clauses.subordinate),
    }
    return [cue for cue, present in found.items() if present]


def cues_of_verb(words: Words, predicate: Predicate) -> list[str]:
    """Names of the cues in the governing verb and its subject."""
    verb = predicate.verb
    subject = words.slice_text(*find_subject(words, predicate))
    names = read_actors(subject) if subject else ()
    first = subject.lower().split()[0] if subject else ""
    lemma = verb.reading.lemma if verb else ""
    base = lemma.split()[0] if lemma else ""
    verb_is_passive = verb is not None and verb.passive
    found = {
        "actor_subject": is_reference(subject) or (bool(names) and all(names_actor(name) for name in names)),
        "bystander_subject": not verb_is_passive
        and any(match_word(bystander, first) for bystander in _words()["bystanders"]),
        "agent": bool(find_agent(words, predicate)),
        "duty_word": words.lower[predicate.at] in _words()["copulas"] and _has_duty_word(words, predicate),
        "thing_subject": first in lexicon()["things"],
        "passive": verb is not None and verb.passive,
        "order_verb": base in _words()["order_verbs"],
        "past": any({r.form for r in read_verb(words.lower[p])} == {"past"} for p in predicate.clauses.finite[:1]),
        "perfect": words.lower[predicate.at] in ("har", "hade") and _has_supine(words, predicate),
        "stative_verb": lemma in _words()["stative_verbs"] and not verb_is_passive,
        "thought": lemma in _words()["thought_verbs"] and "att" in words.lower[predicate.at + 1 : predicate.at + 4],
        "dummy_subject": words.lower[predicate.start] == "det" and not verb_is_passive and subject.lower() == "det",
        "copula": words.lower[predicate.at] in _words()["copulas"],
        "descriptive_verb": lemma in _words()["descriptive_verbs"],
        "giver_subject": subject.lower() in lexicon()["givers"],
    }
    if found["actor_subject"] and not found["giver_subject"]:
        found["descriptive_verb"] = False
    return [cue for cue, present in found.items() if present]


def _leads_line(words: Words, predicate: Predicate) -> bool:
    lead = next(_table("line_leads").find(words.lower, start=predicate.start, end=predicate.end), None)
    return lead is not None and lead.start == predicate.start


def _has_duty_word(words: Words, predicate: Predicate) -> bool:
    found = _table("duty_words").find(words.lower, start=predicate.start, end=predicate.end)
    return any(not predicate.clauses.subordinate[match.start] for match in found)


def _has_supine(words: Words, predicate: Predicate) -> bool:
    adjective = frozenset(load_lexicon("clauses")["determiners"])
    for at in range(predicate.at + 1, predicate.end):
        word = words.lower[at]
        if word in (",", "att"):
            return False
        supine = is_supine(word) or (word.endswith("ats") and not word.endswith("plats") and not is_infinitive(word))
        if supine and words.lower[at - 1] not in adjective - _BEFORE_SUPINE and not predicate.clauses.subordinate[at]:
            return True
    return False
