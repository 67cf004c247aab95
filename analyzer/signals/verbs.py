"""Swedish verb forms, generated from the conjugation classes of verbs.toml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from analyzer.signals.lexicon import load_lexicon

VerbForm = Literal["infinitive", "present", "past", "supine", "passive infinitive", "passive present", "imperative"]
FORMS: tuple[VerbForm, ...] = (
    "infinitive",
    "present",
    "past",
    "supine",
    "passive infinitive",
    "passive present",
    "imperative",
)
INFINITIVES = frozenset({"infinitive", "passive infinitive"})
FINITE = frozenset({"present", "past", "passive present"})


@dataclass(frozen=True, slots=True)
class VerbReading:
    """One way to read a word as a verb."""

    lemma: str
    form: VerbForm


def inflect(lemma: str, conjugation: str) -> Iterator[tuple[VerbForm, str]]:
    """Forms of a regular verb; `conjugation` is "ar", "er" or "r" (the ending of the present)."""
    stem = lemma[:-1]
    yield "infinitive", lemma
    yield "passive infinitive", lemma + "s"
    if conjugation == "ar":
        yield from (("present", lemma + "r"), ("past", lemma + "de"), ("supine", lemma + "t"))
        yield from (("passive present", lemma + "s"), ("imperative", lemma), ("past", lemma + "des"))
        return
    short = stem[:-1] if stem.endswith(("mm", "nn")) else stem
    yield "imperative", short
    yield "present", stem if conjugation == "r" else stem + "er"
    yield "passive present", (short if stem.endswith("mm") else stem) + "s"
    yield "passive present", stem + "es"
    past = "te" if stem[-1] in "kptsx" else "de"
    yield "past", short + past
    yield "past", short + past + "s"
    yield "supine", short + "t"


def list_irregular() -> Iterator[tuple[str, dict[VerbForm, str]]]:
    """Irregular verbs with their listed forms, and the prefixed verbs that conjugate as they do."""
    lexicon = load_lexicon("verbs")
    for lemma, row in lexicon["irregular"].items():
        yield lemma, {form: word for form, word in zip(FORMS, row.split(), strict=True) if word != "-"}
    for base, lemmas in lexicon["prefixed"].items():
        forms = dict(zip(FORMS, lexicon["irregular"][base].split(), strict=True))
        for lemma in lemmas:
            prefix = lemma.removesuffix(base)
            yield lemma, {form: prefix + word for form, word in forms.items() if word != "-"}


@cache
def load_verbs() -> dict[str, tuple[VerbReading, ...]]:
    """Word form → its readings, the irregular ones overriding the generated."""
    table: dict[str, list[VerbReading]] = {}
    irregular = dict(list_irregular())
    for conjugation, lemmas in load_lexicon("verbs")["conjugation"].items():
        for lemma in lemmas.split():
            if lemma not in irregular:
                for form, word in inflect(lemma, conjugation):
                    table.setdefault(word, []).append(VerbReading(lemma, form))
    for lemma, forms in irregular.items():
        for form, word in forms.items():
            table.setdefault(word, []).append(VerbReading(lemma, form))
    return {word: tuple(dict.fromkeys(readings)) for word, readings in table.items()}


@cache
def _guessing() -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    guess = load_lexicon("verbs")["guess"]
    return frozenset(guess["not_infinitives"].split()), tuple(guess["not_endings"]), tuple(guess["verb_endings"])


def guess_infinitive(word: str) -> VerbReading | None:
    """A reading as infinitive of a word outside the lexicon, by its ending; None where an adjective is likelier."""
    never, adjective_endings, verb_endings = _guessing()
    if word.endswith("as") and len(word) > 5 and word.isalpha() and not word.endswith(("rnas", "ornas")):
        return VerbReading(word[:-1], "passive infinitive")
    active = word
    if len(active) < 4 or not active.endswith("a") or active in never or not active.isalpha():
        return None
    if active.endswith(adjective_endings) and not active.endswith(verb_endings):
        return None
    return VerbReading(active, "infinitive")


def is_supine(word: str) -> bool:
    """Whether the word is a supine, active or passive ("prövat", "prövats")."""
    return any(reading.form == "supine" for form in (word, word.removesuffix("s")) for reading in read_verb(form))


def read_verb(word: str) -> tuple[VerbReading, ...]:
    """Readings of a lower-case word as a verb, from the lexicon only."""
    return load_verbs().get(word, ())
