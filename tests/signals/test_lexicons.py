"""Every entry of every lexicon does what its place in the file says: a new entry is tested at once and a broken one is
named."""

from __future__ import annotations

from typing import Any

import pytest
import spacy

from analyzer.records import Quantity
from analyzer.signals import load_reader
from analyzer.signals.actors import names_actor, read_actors
from analyzer.signals.clauses import auxiliaries, opens_infinitive, read_clauses
from analyzer.signals.dates import find_dates, find_recurrence
from analyzer.signals.detection import (
    Setting,
    is_background,
    is_idle,
    is_label,
    is_spoken,
    is_steering,
    judge_genre,
    judge_section,
    tells_news,
    weigh,
)
from analyzer.signals.goals import load_tensions, name_goal, read_goals
from analyzer.signals.lexicon import GAP, PhraseTable, load_lexicon
from analyzer.signals.organisation import canonical, load_units
from analyzer.signals.predicates import read_predicate
from analyzer.signals.quantities import comparable, find_quantities
from analyzer.signals.sentences import is_sentence_end
from analyzer.signals.slots import read_condition, read_direction, read_priority, read_resources
from analyzer.signals.verbs import guess_infinitive, inflect, list_irregular, read_verb
from analyzer.signals.words import Words, read_words
from tests.signals.cases import for_every

_NLP = spacy.blank("sv")
#: What "…" and "*" stand for when a phrase is written out.
_FILLER = "xylofon"


def words_of(text: str) -> Words:
    return read_words(_NLP.make_doc(text))


def spell(phrase: str) -> list[str]:
    """A phrase as words that it must match."""
    return [_FILLER if word == "…" else word.replace("*", "") for word in phrase.lower().split()]


def phrases(lexicon: str, *path: str) -> list[Any]:
    """(value, phrase) for each phrase in a table of lists."""
    table = load_lexicon(lexicon)
    for key in path:
        table = table[key]
    return [(value, cue) for value, cues in table.items() for cue in cues]


# Verbs


@for_every([(c, lemma) for c, lemmas in load_lexicon("verbs")["conjugation"].items() for lemma in lemmas.split()])
def test_regular_verb_is_read_in_its_infinitive_and_passive(conjugation: str, lemma: str) -> None:
    assert any(r.lemma == lemma and r.form == "infinitive" for r in read_verb(lemma))
    assert any(r.lemma == lemma and r.form == "passive infinitive" for r in read_verb(lemma + "s"))
    assert dict(inflect(lemma, conjugation))["infinitive"] == lemma


@for_every(sorted(dict(list_irregular())))
def test_irregular_verb_is_read_in_every_listed_form(lemma: str) -> None:
    for form, word in dict(list_irregular())[lemma].items():
        assert any(r.lemma == lemma and r.form == form for r in read_verb(word)), (form, word)


@for_every([(lemma, p) for lemma, ps in load_lexicon("verbs")["particles"].items() for p in ps])
def test_particle_belongs_to_the_action(lemma: str, particle: str) -> None:
    words = words_of(f"Enheten ska {lemma} {particle} underlaget")
    verb = read_predicate(words, 0, len(words)).verb
    assert verb is not None and verb.reading.lemma == f"{lemma} {particle}"


@for_every(load_lexicon("modality")["bare_particles"].items())
def test_particle_alone_stands_for_its_verb(particle: str, lemma: str) -> None:
    words = words_of(f"Antalet kranar ska {particle} med tio procent")
    verb = read_predicate(words, 0, len(words)).verb
    assert verb is not None and verb.reading.lemma == lemma


@for_every(load_lexicon("verbs")["guess"]["not_infinitives"].split())
def test_word_in_a_that_is_no_verb_is_not_guessed_as_one(word: str) -> None:
    assert guess_infinitive(word) is None


# Modality


@for_every(phrases("modality", "phrases"))
def test_modality_phrase_is_found(modality: str, phrase: str) -> None:
    table = PhraseTable([(phrase, modality)])
    assert [m.value for m in table.find(["x", *spell(phrase), "x"])] == [modality]


@for_every([a for a, row in auxiliaries().items() if row["governs"]])
def test_governing_auxiliary_has_its_modality_and_its_negation(auxiliary: str) -> None:
    plain, negated = (
        words_of(f"Enheten {auxiliary} granska hamnen"),
        words_of(f"Enheten {auxiliary} inte granska hamnen"),
    )
    assert read_predicate(plain, 0, len(plain)).modality == auxiliaries()[auxiliary]["modality"]
    assert read_predicate(negated, 0, len(negated)).modality == load_lexicon("modality")["negated"][auxiliary]


@for_every(load_lexicon("modality")["negation"]["words"])
def test_negation_forbids(word: str) -> None:
    text = (
        f"{word.capitalize()} patrull får lämna hamnen"
        if word.startswith("ing") and word != "ingalunda"
        else (f"Patrullen får {word} lämna hamnen")
    )
    words = words_of(text)
    assert read_predicate(words, 0, len(words)).modality == "prohibition"


@for_every(load_lexicon("modality")["negation"]["harmless"])
def test_harmless_negation_forbids_nothing(phrase: str) -> None:
    words = words_of(f"Enheten ska {phrase} granska hamnen")
    assert read_predicate(words, 0, len(words)).modality != "prohibition"


@for_every(phrases("modality", "verbs"))
def test_verb_after_ska_changes_the_modality(modality: str, phrase: str) -> None:
    words = words_of(f"Gruppen ska {phrase} ordning")
    assert read_predicate(words, 0, len(words)).modality == modality


@for_every(load_lexicon("modality")["goal_subjects"]["words"])
def test_indicator_as_subject_makes_a_goal(word: str) -> None:
    words = words_of(f"{word.capitalize()} ska vara god")
    assert read_predicate(words, 0, len(words)).modality == "goal"


# Slots


@for_every(phrases("slots", "priority"))
def test_priority_cue_ranks(rank: str, cue: str) -> None:
    words = words_of(" ".join(spell(cue)))
    expected = read_priority(words, 0, len(words))
    assert expected == rank if rank != "high" else expected in ("high", "absolute")


@for_every(phrases("slots", "resource"))
def test_resource_cue_names_its_resource(resource: str, cue: str) -> None:
    words = words_of(" ".join(spell(cue)))
    assert resource in read_resources(words, None, 0, len(words))


@for_every(load_lexicon("slots")["condition"]["openers"])
def test_condition_runs_from_its_opener_to_the_end_of_the_clause(opener: str) -> None:
    words = words_of(" ".join(["Hamnen", "granskas", *spell(opener), "stormvarning", "råder", ".", "Slut"]))
    condition = read_condition(words, 0, len(words))
    assert condition is not None and condition.endswith("stormvarning råder")


@for_every(
    [
        (d, lemma.replace("_", " "))
        for d, lemmas in load_lexicon("direction")["verbs"].items()
        for lemma in lemmas.split()
    ]
)
def test_verb_has_its_direction(direction: str, lemma: str) -> None:
    base = lemma.split()[0]
    known = any(r.form == "infinitive" for r in read_verb(base)) or guess_infinitive(base) is not None
    assert known, f"{base} is in no conjugation"
    words = words_of(f"Enheten ska {lemma} hamnens verksamhet")
    verb = read_predicate(words, 0, len(words)).verb
    assert verb is not None
    assert read_direction(words, verb, 0, len(words)) == direction


@for_every(phrases("direction", "words"))
def test_noun_or_comparative_has_its_direction(direction: str, cue: str) -> None:
    words = words_of(" ".join(spell(cue)))
    assert read_direction(words, None, 0, len(words)) == direction


# Goals


@for_every(
    [
        (dimension + sign, cue)
        for dimension, row in load_lexicon("goals")["dimensions"].items()
        for key, sign in (("plus", "+"), ("minus", "-"))
        for cue in row[key]
    ]
)
def test_goal_cue_serves_its_pole(goal: str, cue: str) -> None:
    assert goal in read_goals(spell(cue))
    assert len(spell(cue)) <= GAP


@for_every([tuple(pair) for pair in load_lexicon("goals")["tensions"]["pairs"]])
def test_tension_is_between_two_known_dimensions(pair: tuple[str, str]) -> None:
    assert name_goal(pair[0]) != name_goal(pair[1])
    assert frozenset(pair) in load_tensions()


# Numbers


@for_every(load_lexicon("quantities")["numbers"].items())
def test_number_word(word: str, value: float) -> None:
    [quantity] = find_quantities(f"minst {word} procent")
    assert (quantity.value, quantity.unit, quantity.comparator) == (value, "procent", "min")


@for_every(load_lexicon("quantities")["shares"].items())
def test_share_is_percent(word: str, value: float) -> None:
    assert [(q.value, q.unit) for q in find_quantities(f"{word} av hamnarna")] == [(value, "procent")]


@for_every(phrases("quantities", "units"))
def test_unit(unit: str, word: str) -> None:
    assert [(q.value, q.unit) for q in find_quantities(f"högst 7 {word}")] == [(7, unit)]


@for_every(load_lexicon("quantities")["money"].items())
def test_money(word: str, factor: float) -> None:
    assert [(q.value, q.unit) for q in find_quantities(f"2,5 {word}")] == [(2.5 * factor, "kronor")]


@for_every(load_lexicon("quantities")["multipliers"].items())
def test_multiplier(word: str, factor: float) -> None:
    assert [(q.value, q.unit) for q in find_quantities(f"3 {word} kronor")] == [(3 * factor, "kronor")]


@for_every(phrases("quantities", "comparators"))
def test_comparator_before_the_number(comparator: str, cue: str) -> None:
    unit = "minuter" if cue in load_lexicon("quantities")["limited"]["spans_only"] else "procent"
    [quantity] = find_quantities(f"ska vara {cue} 9 {unit}")
    assert quantity.comparator == comparator


@for_every(phrases("quantities", "after"))
def test_comparator_after_the_unit(comparator: str, cue: str) -> None:
    [quantity] = find_quantities(f"9 dagar {cue}")
    assert quantity.comparator == comparator


@for_every(phrases("quantities", "per"))
def test_rate(period: str, cue: str) -> None:
    gap = "" if cue.startswith("/") else " "
    [quantity] = find_quantities(f"två gånger{gap}{cue}")
    assert quantity.unit == f"gånger per {period}"


@for_every(load_lexicon("quantities")["days"].items())
def test_span_in_days(unit: str, days: float) -> None:
    [quantity] = find_quantities(f"inom 3 {unit}")
    assert comparable(quantity) == (pytest.approx(3 * days), "dagar")


@for_every(load_lexicon("quantities")["rates"].items())
def test_rate_in_times_a_year(unit: str, times: float) -> None:
    assert comparable(Quantity(2, unit)) == (2 * times, "gånger per år")


@for_every(load_lexicon("quantities")["labels"]["before"])
def test_number_after_a_label_counts_nothing(word: str) -> None:
    assert find_quantities(f"enligt {word} 4 gäller") == ()


@for_every(load_lexicon("quantities")["labels"]["after"])
def test_number_before_a_section_mark_counts_nothing(word: str) -> None:
    assert find_quantities(f"enligt 4 {word}") == ()


@for_every(load_lexicon("quantities")["labels"]["ages"])
def test_age_counts_nothing(word: str) -> None:
    assert find_quantities(f"den som {word} 18 år") == ()


# Dates


@for_every(load_lexicon("dates")["months"].items())
def test_month(name: str, month: int) -> None:
    [mention] = find_dates(f"senast den 3 {name} 2026")
    assert (mention.last.isoformat(), mention.role) == (f"2026-{month:02d}-03", "deadline")


@for_every(load_lexicon("dates")["parts"].items())
def test_part_of_a_year(name: str, months: list[int]) -> None:
    [mention] = find_dates(f"under {name} 2026")
    assert [mention.first.month, mention.last.month] == months


@for_every(load_lexicon("dates")["points"].items())
def test_point_of_a_year(name: str, day: list[int]) -> None:
    [mention] = find_dates(f"till {name} 2026")
    assert [mention.last.month, mention.last.day] == day


@for_every(phrases("dates", "cues"))
def test_date_cue_gives_its_role(role: str, cue: str) -> None:
    [mention] = find_dates(f"Hamnen granskas {cue} 2026")
    assert mention.role == role


@for_every(phrases("dates", "recurrence"))
def test_recurrence(name: str, cue: str) -> None:
    assert find_recurrence(cue.split()) == name


# Organisation and actors


@for_every(sorted(load_units()))
def test_unit_has_a_known_parent_and_answers_to_its_other_names(name: str) -> None:
    unit = load_units()[name]
    assert unit.parent is None or unit.parent in load_units()
    for alias in (name, *load_lexicon("organisation")[name].get("also", ())):
        assert canonical(alias) == name


@for_every(load_lexicon("actors")["endings"])
def test_noun_with_an_office_ending_is_an_actor(ending: str) -> None:
    assert names_actor(f"Sjö{ending}") and names_actor(f"{ending} i Norrvik")


@for_every(load_lexicon("actors")["nobody"])
def test_noun_that_only_looks_like_an_office_is_none(word: str) -> None:
    assert not names_actor(word)


@for_every(load_lexicon("actors")["glued"])
def test_heading_glued_to_a_name_is_dropped(word: str) -> None:
    assert read_actors(f"{word.capitalize()} Kustbevakningen") == ("Kustbevakningen",)


# Clauses, detection, sentences


@for_every(load_lexicon("clauses")["subordinators"])
def test_subordinator_keeps_its_verb_from_governing(word: str) -> None:
    words = words_of(f"Hamnen , {word} fartyget lämnar , granskar gods")
    assert [words.lower[at] for at in read_clauses(words, 0, len(words)).finite] == ["granskar"]


@for_every(load_lexicon("clauses")["delays"])
def test_adverbial_puts_off_the_infinitive(word: str) -> None:
    words = words_of(f"att {word} hamnens egen personal granska gods")
    assert opens_infinitive(words, 0)


@for_every(load_lexicon("detection")["words"]["background"])
def test_background_cue(cue: str) -> None:
    words = words_of(" ".join([*spell(cue), "hamnen"]))
    assert is_background(words, 0, len(words))


@for_every(load_lexicon("detection")["words"]["idle_orders"])
def test_idle_order(cue: str) -> None:
    words = words_of(" ".join(["Hamnen", *spell(cue), "led"]))
    assert is_idle(words, 0, len(words))


@for_every(load_lexicon("detection")["genres"]["describing_headings"])
def test_describing_heading(beginning: str) -> None:
    assert judge_section("governing", ("Plan", f"1.2 {beginning.capitalize()} hamnen")) == "describing"


@for_every(load_lexicon("detection")["genres"]["describing_heading_ends"])
def test_describing_heading_end(end: str) -> None:
    assert judge_section("governing", ("Plan", f"Hamnens{end}")) == "describing"


@for_every(load_lexicon("detection")["genres"]["labels"])
def test_label_of_a_line_that_identifies(label: str) -> None:
    words = words_of(f"{label.capitalize()}: hamnen")
    assert is_label(words, 0, len(words)) or "-" in label


def test_a_decision_that_quotes_somebody_is_no_news() -> None:
    said = ["fler", "behövdes", ",", "sade", "chefen"]
    assert tells_news(said, "Hamnen", None)
    assert not tells_news(said, "Hamnen", None, "regional")


@for_every(load_lexicon("detection")["genres"]["press_words"])
def test_press_words_make_news(word: str) -> None:
    said = spell(word)
    assert tells_news([*said, "hamnen", *said], "Hamnen", None)
    assert not tells_news([*said, "hamnen", *said], "Hamnen", "verksamhetsplan")


@for_every(load_lexicon("detection")["words"]["spoken"])
def test_speech_verb_quotes_behind_a_comma(verb: str) -> None:
    assert is_spoken(words_of(f"Hamnen växer , {verb} lotsen"), 0, 5)
    assert not is_spoken(words_of(f"Vad lotsen {verb} om hamnen antecknas"), 0, 6)


@for_every(load_lexicon("detection")["words"]["duty_words"])
def test_duty_word_makes_a_rule_of_a_copula(phrase: str) -> None:
    words = words_of(" ".join(["Kranen", "i", "hamnen", "är", *spell(phrase)]))
    plain = words_of("Kranen i hamnen är grön")
    setting = Setting("governing")
    scores = [weigh(each, read_predicate(each, 0, len(each)), setting) for each in (words, plain)]
    assert scores[0] > scores[1]


@for_every(load_lexicon("detection")["words"]["bystanders"])
def test_bystander_is_described(bystander: str) -> None:
    subject = bystander.replace("*", "")
    words = words_of(f"{subject.capitalize()} lämnar hamnen")
    predicate = read_predicate(words, 0, len(words))
    assert not is_steering(words, predicate, Setting("governing"))


@for_every(load_lexicon("detection")["words"]["line_leads"])
def test_lead_of_a_line_sets_a_course(lead: str) -> None:
    text = " ".join(["Xylofon" if lead.startswith("*") else "", lead.replace("*", ""), "xylofoner i hamnen"]).strip()
    words = words_of(text.replace("Xylofon ", "Xylofon") if lead.startswith("*") else text)
    predicate = read_predicate(words, 0, len(words))
    assert predicate.kind != "bare" or is_steering(words, predicate, Setting("governing"))


@for_every(load_lexicon("modality")["exclusive"]["words"])
def test_exclusive_word_keeps_to_the_named_case(word: str) -> None:
    assert load_reader().frame(f"Kranen får {word} användas i hamnen.").polarity == "only"


@for_every(load_lexicon("detection")["genres"]["describing_titles"])
def test_describing_title(title: str) -> None:
    assert judge_genre(f"{title} hamnen", None, None) == "describing"


@for_every(load_lexicon("detection")["genres"]["governing_title_words"])
def test_governing_title(word: str) -> None:
    assert judge_genre(f"Norrviks {word.replace('*', '')}", None, None) == "governing"


@for_every(load_lexicon("detection")["sentences"]["abbreviations"])
def test_abbreviation_ends_no_sentence(abbreviation: str) -> None:
    tokens = [abbreviation, "."] if not abbreviation.endswith(".") else [abbreviation]
    assert not is_sentence_end(["Hamnen", *tokens, "Kajen"], len(tokens))
