"""Composed pairs: labels of hand-written meanings, and what a whole draw looks like."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from analyzer.evaluation.bias import measure_bias
from analyzer.records import CONFLICT_TYPES
from analyzer.scoring.pairs import LabelledPair
from models.train.grammar import compose
from models.train.grammar_lexicon import load_lexicon
from models.train.grammar_rules import Meaning, label
from models.train.grammar_voice import Voice, at, passive

YEAR, NEXT = (2026 * 12, 2026 * 12 + 11), (2027 * 12, 2027 * 12 + 11)
DUTY = Meaning("act", "Polisregion Syd", "trafik-0", time=YEAR)
BAN = replace(DUTY, force="ban")
FLOOR = Meaning("level", "Polisregion Syd", "i0", comparator="least", value=4000)
DUE = Meaning("due", "Skatteverket", "skatt-0", stage="2", value=2026 * 12 + 5)
LEAD = Meaning("lead", "Umeå kommun", "skola-4", way="lead", party="rättsavdelningen")
RANK = Meaning("rank", "Polisregion Syd", "trafik-0", staff=0)
BIND = Meaning("bind", "Polisregion Syd", "trafik-0", staff=0, amount=(12, 20))
POLE = Meaning("pole", "Region Skåne", "vard-0", pole="speed", general=True)
TEAM = Meaning("team", "Region Skåne", "vard-0", staff=0, value=28)

CASES = [
    ("duty and ban", DUTY, BAN, "contradiction", 2),
    ("the ban is the whole authority's", DUTY, replace(BAN, unit="Polismyndigheten"), "contradiction", 2),
    ("a station below", DUTY, replace(BAN, unit="lokalpolisområde Lund"), "contradiction", 2),
    ("another region", DUTY, replace(BAN, unit="Polisregion Nord"), "none", 0),
    ("another year", DUTY, replace(BAN, time=NEXT), "none", 0),
    ("no year holds on", DUTY, replace(BAN, time=None), "contradiction", 2),
    ("only advised against", DUTY, replace(BAN, force="advice_ban"), "contradiction", 1),
    ("excepted", replace(DUTY, exception="vid snöoväder"), replace(BAN, when="vid snöoväder"), "none", 0),
    (
        "other exception",
        replace(DUTY, exception="vid snöoväder"),
        replace(BAN, when="vid vägarbeten"),
        "contradiction",
        2,
    ),
    ("replaced", DUTY, replace(BAN, replaces=True), "none", 0),
    ("a near task is banned", DUTY, replace(BAN, way="near"), "none", 0),
    ("another act", DUTY, replace(BAN, subject="trafik-1"), "none", 0),
    ("the contrary is done", DUTY, replace(DUTY, way="undo"), "contradiction", 2),
    ("allowed and banned", replace(DUTY, force="may"), BAN, "contradiction", 2),
    ("the same again", DUTY, replace(DUTY, unit="polisområde Malmö"), "duplicate", 0),
    ("at least and at most below", FLOOR, replace(FLOOR, comparator="most", value=3000), "target", 2),
    ("at least and at most above", FLOOR, replace(FLOOR, comparator="most", value=5000), "none", 0),
    ("two minima", FLOOR, replace(FLOOR, value=3000), "none", 0),
    ("a plan below the least", FLOOR, replace(FLOOR, comparator="exact", value=3000), "target", 2),
    ("same minimum", FLOOR, replace(FLOOR, time=YEAR), "duplicate", 0),
    ("another indicator", FLOOR, replace(FLOOR, subject="i1", comparator="most", value=20), "none", 0),
    ("three months apart", DUE, replace(DUE, value=DUE.value + 3), "target", 2),
    ("one month apart", DUE, replace(DUE, value=DUE.value + 1), "target", 1),
    ("another deliverable", DUE, replace(DUE, stage="0", value=DUE.value + 3), "none", 0),
    ("progress and final", replace(DUE, stage="progress"), replace(DUE, stage="final", value=DUE.value + 6), "none", 0),
    ("two in charge", LEAD, replace(LEAD, party="it-avdelningen"), "responsibility", 2),
    ("one helps", LEAD, replace(LEAD, party="it-avdelningen", way="assist"), "none", 0),
    (
        "each its own",
        replace(LEAD, area="dagtid"),
        replace(LEAD, area="nattetid", party="it-avdelningen"),
        "none",
        0,
    ),
    ("same in charge", LEAD, LEAD, "duplicate", 0),
    ("two first", RANK, replace(RANK, subject="trafik-1"), "priority", 2),
    ("one weaker", RANK, replace(RANK, subject="trafik-1", weak=True), "priority", 1),
    ("other people", RANK, replace(RANK, subject="trafik-1", staff=1), "none", 0),
    ("after it", RANK, replace(RANK, subject="trafik-1", form="task", after="trafik-0"), "none", 0),
    ("first and banned", RANK, BAN, "contradiction", 2),
    ("more than there are", BIND, replace(BIND, subject="trafik-1", amount=(9, 20)), "resource", 2),
    ("as many as there are", BIND, replace(BIND, subject="trafik-1", amount=(8, 20)), "none", 0),
    (
        "all of them, and another task",
        replace(BIND, amount=None),
        replace(RANK, form="task", subject="trafik-1"),
        "resource",
        2,
    ),
    ("goals apart", POLE, replace(POLE, pole="thoroughness"), "goal_tension", 1),
    ("goals apart elsewhere", POLE, replace(POLE, pole="thoroughness", unit="Region Dalarna"), "none", 0),
    ("goals apart in other work", POLE, replace(POLE, pole="thoroughness", subject="vard-1"), "none", 0),
    ("goal and means", DUTY, replace(DUTY, form="aim"), "none", 0),
    ("another strength", TEAM, replace(TEAM, value=21), "target", 2),
]


@pytest.fixture(scope="module")
def pairs() -> list[LabelledPair]:
    return compose(3000, seed=3)


@pytest.mark.parametrize(("a", "b", "wanted", "grade"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_label_follows_from_meaning_in_either_order(a: Meaning, b: Meaning, wanted: str, grade: int) -> None:
    assert label(a, b) == (wanted, grade)
    assert label(b, a) == (wanted, grade)


def test_unclear_pairs_get_no_label() -> None:
    assert label(replace(DUTY, when="vid snöoväder"), replace(BAN, when="vid vägarbeten")) is None
    assert label(replace(FLOOR, unit="Polismyndigheten"), replace(FLOOR, comparator="most", value=10)) is None


def test_same_seed_same_pairs(pairs: list[LabelledPair]) -> None:
    again = compose(300, seed=3)
    assert again == pairs[:300]
    assert compose(300, seed=4) != again


def test_evidence_is_an_exact_span_of_each_side(pairs: list[LabelledPair]) -> None:
    for pair in pairs:
        for evidence, side in ((pair.evidence_a, pair.a), (pair.evidence_b, pair.b)):
            if pair.type == "none":
                assert evidence is None
            else:
                assert evidence and evidence in side.text
            assert not set("⟦⟧{}~#") & set(side.text)
            assert side.text[0] == "•" or not side.text[0].islower()
            assert "  " not in side.text


def test_all_labels_come_in_even_shares(pairs: list[LabelledPair]) -> None:
    counts = Counter(pair.type for pair in pairs)
    assert set(counts) == {*CONFLICT_TYPES, "none", "duplicate"}
    assert 0.41 <= counts["none"] / len(pairs) <= 0.5
    assert 0.07 <= counts["duplicate"] / len(pairs) <= 0.13
    for kind in CONFLICT_TYPES:
        assert 0.04 <= counts[kind] / len(pairs) <= 0.12
    assert all(bool(pair.grade) == (pair.type in CONFLICT_TYPES) for pair in pairs)


def test_surface_gives_nothing_away(pairs: list[LabelledPair]) -> None:
    areas = measure_bias(pairs)
    assert {name: area for name, area in areas.items() if area is None or not 0.45 <= area <= 0.55} == {}


def test_texts_hardly_repeat(pairs: list[LabelledPair]) -> None:
    assert len({(pair.a.text, pair.b.text) for pair in pairs}) > 0.99 * len(pairs)


def test_lexicon_is_wide_and_every_way_is_whole() -> None:
    lexicon = load_lexicon()
    assert len(lexicon.parents) >= 60 and len(lexicon.acts) >= 120 and len(lexicon.fields) >= 15
    assert len(lexicon.indicators) >= 40 and len(lexicon.tensions) >= 12
    assert sum(len(field.staff) for field in lexicon.fields.values()) >= 40
    assert len(lexicon.texts["premises"]) + len(lexicon.texts["funds"]) >= 30
    assert all(len(ways) >= 12 for ways in lexicon.poles.values())
    assert all(parent is None or parent in lexicon.parents for parent in lexicon.parents.values())
    for act in lexicon.acts.values():
        assert len(act.ways["do"]) >= 3 and act.ways["undo"] and act.ways["near"] and len(act.names) >= 2
        for way in (way for ways in act.ways.values() for way in ways):
            assert way.lstrip("~").split()[0].endswith(("a", "å", "e", "o")), way


@pytest.mark.parametrize(
    ("verb", "present", "wanted"),
    [
        ("kontrollera", "kontrollerar", "kontrolleras"),
        ("bedriva", "bedriver", "bedrivs"),
        ("läsa", "läser", "läses"),
        ("avslå", "avslår", "avslås"),
        ("utse", "utser", "utses"),
        ("genomföra", "genomför", "genomförs"),
    ],
)
def test_passive(verb: str, present: str, wanted: str) -> None:
    assert passive(verb, present) == wanted


def test_same_amount_is_said_in_other_units() -> None:
    voice = Voice(random.Random(1))
    said = {voice._value(14, "dagar") for _ in range(40)} | {voice._strength(28) for _ in range(80)}
    assert {"14 dagar", "två veckor", "fyra grupper om sju", "28"} <= said
    assert {"senast den 30 juni 2026", "före halvårsskiftet 2026"} <= {voice._date(DUE.value) for _ in range(60)}


def test_unit_with_its_preposition() -> None:
    assert at("Alvesta kommun") == "i Alvesta kommun"
    assert at("Skatteverket") == "vid Skatteverket"
    assert at("socialförvaltningen i Alvesta kommun") == "vid socialförvaltningen i Alvesta kommun"
    assert at("lokalpolisområde Lund") == "i lokalpolisområde Lund"
