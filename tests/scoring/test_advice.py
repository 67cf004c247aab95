"""Advice: who prevails by rank, date and replacement, and remedies that say only what both sides hold."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.records import CONFLICT_TYPES, Frame, Quantity, Side
from analyzer.scoring.advice import advise
from analyzer.scoring.remedies import REMEDIES, load_texts


def make_side(text: str = "Hamnen ska målas.", *, known: dict[str, Any] | None = None, **slots: Any) -> Side:
    return Side(text, Frame(**slots), **(known or {}))


def prevails(a: dict[str, Any], b: dict[str, Any]) -> tuple[str, str] | None:
    told = advise(make_side(known=a), make_side(known=b), "contradiction").as_json()["prevails"]
    return (told["side"], told["reason"]) if told else None


def remedy(kind: str, a: Side, b: Side, *evidence: str) -> str | None:
    return advise(a, b, kind, (evidence[0], evidence[1]) if evidence else (None, None)).as_json()["remedy"]


def test_rank_decides_whatever_the_dates() -> None:
    law, plan = {"level": "law", "date": "1984"}, {"level": "regional", "date": "2026-01-01"}
    assert prevails(law, plan) == ("a", "A går före B: lag står över regional nivå.")
    assert prevails(plan, law) == ("b", "B går före A: lag står över regional nivå.")


def test_the_later_of_two_equals_goes_first() -> None:
    old, new = {"level": "local", "date": "2024-03-14"}, {"level": "local", "date": "2025-02"}
    sentence = "B går före A: rangen är densamma (lokal nivå), och B är senare (2025-02 mot 2024-03-14)."
    assert prevails(old, new) == ("b", sentence)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"level": "local", "date": "2025"}, {"level": "local", "date": "2025-06-01"}),
        ({"level": "local", "date": "2025-06-01"}, {"level": "local", "date": "2025-06-01"}),
        ({"level": "local"}, {"level": "local", "date": "2025-06-01"}),
        ({"level": None, "date": "2024"}, {"level": "law", "date": "2025"}),
        ({"date": "2024"}, {"date": "2025"}),
    ],
)
def test_where_neither_rank_nor_date_tells_nothing_is_said(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert prevails(a, b) is None and prevails(b, a) is None


@pytest.mark.parametrize("gone", ["hamnplan 2020 ", "A 12/2020"])
def test_a_replaced_document_gives_way_and_is_named(gone: str) -> None:
    old = {"document": "Hamnplan 2020", "registration_number": "A 12/2020", "level": "national", "date": "2020"}
    new = {"document": "Hamnplan 2025", "level": "local", "date": "2025", "replaces": (gone,)}
    assert prevails(old, new) == ("b", f"B går före A: Hamnplan 2025 ersätter {gone}.")


def test_two_documents_that_replace_each_other_tell_nothing() -> None:
    one = {"document": "Ett", "replaces": ("Två",), "level": "local", "date": "2025"}
    other = {"document": "Två", "replaces": ("Ett",), "level": "local", "date": "2025"}
    assert prevails(one, other) is None


def test_what_is_no_conflict_gets_no_advice() -> None:
    a, b = make_side(known={"level": "law"}), make_side(known={"level": "local"})
    for kind in ("none", "duplicate"):
        assert advise(a, b, kind).as_json() == {"prevails": None, "remedy": None}


@pytest.mark.parametrize("kind", CONFLICT_TYPES)
def test_sides_that_state_nothing_have_no_remedy(kind: str) -> None:
    assert remedy(kind, make_side(), make_side()) is None


def test_the_side_that_gives_way_waits_for_the_other_to_run_out() -> None:
    a = make_side(period=("2026-01-01", "2026-12-31"), known={"level": "national"})
    b = make_side(period=("2026", "2026-06"), known={"level": "local"})
    assert "om B gällde först från 2027, när tiden för A" in str(remedy("priority", a, b))
    assert "om A gällde först från 2026-07-01, när tiden för B" in str(remedy("priority", make_side(), b))
    assert "om A gällde först från 2025," in str(remedy("priority", make_side(), make_side(known={"valid_to": "2024"})))


@pytest.mark.parametrize(
    "b",
    [
        make_side(period=("2025-03-01", "2025-03-01")),
        make_side(known={"valid_to": "9999-12-31"}),
        make_side(period=("2025-01-01", None)),
    ],
)
def test_a_day_or_an_open_end_is_no_period_to_wait_for(b: Side) -> None:
    assert remedy("goal_tension", make_side(), b) is None


def test_what_is_due_before_the_other_ends_cannot_wait() -> None:
    ended = make_side(period=(None, "2026"))
    assert remedy("resource", make_side(deadline="2026-06-30"), ended) is None
    assert remedy("resource", make_side(period=("2027", None)), ended) is None
    assert remedy("resource", make_side(deadline="2027-06-30"), ended) is not None


def test_the_wider_side_makes_an_exception_for_the_part() -> None:
    whole, part = make_side(addressee=("Polismyndigheten",)), make_side(addressee=("Region Syd",))
    expected = "Konflikten skulle upphöra om {} gjorde undantag för Region Syd."
    assert remedy("contradiction", whole, part) == expected.format("A")
    assert remedy("contradiction", part, whole) == expected.format("B")


def test_an_exception_for_the_case_that_the_other_side_names() -> None:
    ban, rule = make_side(), make_side(condition="vid brand i hamnen")
    assert "om A gjorde undantag för det fall som B gäller: ”vid brand i hamnen”" in str(
        remedy("contradiction", ban, rule)
    )
    for words in ("vid behov", "utom vid brand", "inom befintlig ram", "när det brinner ska kajen utrymmas"):
        assert remedy("contradiction", ban, make_side(condition=words)) is None
    assert remedy("contradiction", make_side("Vakten vilar inte vid brand i hamnen."), rule) is None


def test_only_a_part_of_an_authority_has_others_beside_it() -> None:
    part = make_side(addressee=("Region Syd",))
    assert str(remedy("contradiction", part, part)).endswith("någon annan än Polisregion Syd.")
    assert remedy("contradiction", *(make_side(addressee=("Polismyndigheten",)),) * 2) is None


def amount(value: float, comparator: Any, text: str, unit: str = "båtar") -> Quantity:
    return Quantity(value, unit, comparator, text)


def test_values_that_cannot_both_be_kept_are_named() -> None:
    few, many = amount(30, "max", "högst 30 båtar"), amount(40, "min", "minst 40 båtar")
    a, b = make_side(quantity=(few,)), make_side(quantity=(many,))
    assert str(remedy("target", a, b)).endswith("nu står ”högst 30 båtar” mot ”minst 40 båtar”.")
    for agrees in (amount(20, "min", "minst 20 båtar"), amount(40, "min", "minst 40 bryggor", "bryggor")):
        assert remedy("target", a, make_side(quantity=(agrees,))) is None


def test_of_several_values_the_evidence_chooses() -> None:
    few, many = amount(30, "max", "högst 30 båtar"), amount(40, "min", "minst 40 båtar")
    a, b = make_side(quantity=(few,)), make_side(quantity=(many, amount(90, "exact", "90 båtar")))
    assert remedy("target", a, b) is None
    assert "mot ”90 båtar”" in str(remedy("target", a, b, "högst 30 båtar i hamn", "i juli 90 båtar"))


def test_due_dates_and_intervals() -> None:
    march, june, year = (make_side(deadline=date) for date in ("2026-03-31", "2026-06-30", "2026"))
    assert "nu står 2026-03-31 mot 2026-06-30" in str(remedy("target", march, june))
    assert remedy("target", march, year) is None
    weekly, yearly = make_side(recurrence="veckovis"), make_side(recurrence="årligen")
    assert "nu står veckovis mot årligen" in str(remedy("target", weekly, yearly))
    four_times = make_side(recurrence="årligen", quantity=(amount(4, "exact", "fyra gånger", "gånger"),))
    assert remedy("target", weekly, four_times) is None


def test_one_owner_of_two_that_the_texts_name() -> None:
    a = make_side("Hamnchefen beslutar om kranarna.", addressee=("Hamnchefen",))
    b = make_side("Om kranarna beslutar kranbasen.", addressee=("Kranbasarna",))
    assert "bara en av Hamnchefen och Kranbasarna hade" in str(remedy("responsibility", a, b))
    assert remedy("responsibility", a, make_side("Beslut om kranar.", addressee=("Kranbasarna",))) is None
    assert remedy("responsibility", a, a) is None


def test_an_order_between_two_claims() -> None:
    a = make_side(priority="absolute", object="färjorna")
    b = make_side(priority="high", object="fiskebåtarna")
    assert "”färjorna” (A) eller ”fiskebåtarna” (B)" in str(remedy("priority", a, b))
    assert remedy("priority", a, make_side(object="fiskebåtarna")) is None


def test_means_of_its_own() -> None:
    staff, both = make_side(resource=("personnel",)), make_side(resource=("budget", "personnel"))
    assert str(remedy("resource", staff, both)).endswith("A eller B fick egen personal.")
    assert str(remedy("resource", staff, make_side())).endswith("A eller B fick egen personal.")
    assert remedy("resource", both, both) is None
    assert remedy("resource", staff, make_side(resource=("budget",))) is None


def test_goals_that_pull_apart_are_named() -> None:
    fast, careful = make_side(goals=("speed+",)), make_side(goals=("openness+", "thoroughness+"))
    assert str(remedy("goal_tension", fast, careful)).endswith("snabbhet (A) eller noggrannhet (B).")
    assert remedy("goal_tension", fast, make_side(goals=("openness+",))) is None


def test_every_remedy_has_a_text_and_every_text_a_remedy() -> None:
    assert set(REMEDIES) == set(CONFLICT_TYPES)
    assert {one.__name__ for listed in REMEDIES.values() for one in listed} == set(load_texts()["remedies"])
