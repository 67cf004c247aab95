"""Reasons in Swedish, each tied to named features and weighed by what those features do to the verdict.

A reason's weight is the change in the model's log-odds when its features are set to their typical values and the
rest is left as it is (occlusion, as in Robnik-Šikonja and Kononenko 2008). A reason is given only where the
pair shows what it says; which words show it is found by one small function a reason, all of one shape.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from analyzer.records import Reason
from analyzer.scoring import features
from analyzer.scoring.case import Case, Words
from analyzer.scoring.classifier import Among, Classifier
from analyzer.scoring.lexicon import FOLDER
from analyzer.scoring.odds import WORTH_SAYING
from analyzer.scoring.prepared import Prepared

MOST = 5
SECOND_FOR = "Den andra läsaren, en språkmodell som läser båda texterna tillsammans, lutar åt en konflikt."
SECOND_AGAINST = "Den andra läsaren, en språkmodell som läser båda texterna tillsammans, lutar åt att de går ihop."


def _pair(left: str, right: str) -> Words:
    return (left, right) if left and right else None


def _either(case: Case, *cues: str) -> Words:
    word = case.cue_words(0, *cues) or case.cue_words(1, *cues)
    return (word, word) if word else None


def ban_meets_duty(case: Case) -> Words:
    shared = case.aligned_words(0, True)
    return (
        (shared, shared)
        if case.holds(
            "obligation_against_prohibition", "goal_against_prohibition", "recommendation_against_prohibition"
        )
        and shared
        else None
    )


def ban_meets_permission(case: Case) -> Words:
    return ("", "") if case.holds("permission_against_prohibition") else None


def opposite_directions(case: Case) -> Words:
    return case.pole_words(("change",))


def opposite_words(case: Case) -> Words:
    return case.pole_words(("state", "order", "design"))


def goals_pull_apart(case: Case) -> Words:
    return case.pole_words(("tension",))


def limits_do_not_meet(case: Case) -> Words:
    return (
        _pair(case.amount_words(0, False), case.amount_words(1, False))
        if case.holds("amount_limits_do_not_meet", "amount_limits_do_not_meet_same_thing", "amount_differs")
        else None
    )


def values_agree(case: Case) -> Words:
    same = case.holds("amount_all_equal")
    return _pair(case.amount_words(0, True), case.amount_words(1, True)) if same else None


def due_dates_differ(case: Case) -> Words:
    return (
        _pair(
            case.aligned_words(0, False, "when") or case.aligned_words(0, False, "number"),
            case.aligned_words(1, False, "when") or case.aligned_words(1, False, "number"),
        )
        if case.holds("due_differs")
        else None
    )


def times_do_not_meet(case: Case) -> Words:
    apart = case.holds("time_apart", "when_words_apart")
    return (
        _pair(
            case.aligned_words(0, False, "when") or case.aligned_words(0, False, "number"),
            case.aligned_words(1, False, "when") or case.aligned_words(1, False, "number"),
        )
        if apart
        else None
    )


def rival_ranks(case: Case) -> Words:
    return (
        _pair(case.cue_words(0, "top", "high"), case.cue_words(1, "top", "high"))
        if case.holds("rank_rival", "rank_words_high_both")
        else None
    )


def order_is_settled(case: Case) -> Words:
    return _either(case, "sequence") if case.holds("rank_with_order") else None


def means_claimed_twice(case: Case) -> Words:
    claims = case.holds("people_claimed_twice", "money_claimed_twice", "rooms_or_tools_claimed_twice")
    return (
        _pair(case.cue_words(0, "take", "full", "demand"), case.cue_words(1, "take", "full", "demand"))
        if claims
        else None
    )


def frozen_means(case: Case) -> Words:
    needs = ("build", "demand", "take")
    if not case.holds("freeze_against_build", "freeze_against_demand", "freeze_against_take"):
        return None
    return _pair(case.cue_words(0, "freeze"), case.cue_words(1, *needs)) or _pair(
        case.cue_words(1, "freeze"), case.cue_words(0, *needs)
    )


def extra_means(case: Case) -> Words:
    return _either(case, "extra") if case.holds("extra_means") else None


def task_given_twice(case: Case) -> Words:
    held = case.holds("decide_both", "lead_both", "decide_against_lead")
    return _pair(case.cue_words(0, "decide", "lead"), case.cue_words(1, "decide", "lead")) if held else None


def exception(case: Case) -> Words:
    return _either(case, "exception")


def replaced(case: Case) -> Words:
    return _either(case, "replaces")


def other_addressee(case: Case) -> Words:
    return ("", "") if case.holds("addressee_sibling", "addressee_disjoint", "people_disjoint") else None


def same_addressee(case: Case) -> Words:
    return ("", "") if case.holds("addressee_same", "addressee_nested") else None


def other_place(case: Case) -> Words:
    return (
        _pair(case.aligned_words(0, False, "name"), case.aligned_words(1, False, "name"))
        if case.holds("name_disjoint")
        else None
    )


def only_meets_others(case: Case) -> Words:
    others = ("all", "also", "permission")
    if not case.holds("only_against_all", "only_against_also", "only_against_permission"):
        return None
    return _pair(case.cue_words(0, "only"), case.cue_words(1, *others)) or _pair(
        case.cue_words(1, "only"), case.cue_words(0, *others)
    )


def same_matter(case: Case) -> Words:
    shared = case.aligned_words(0, True)
    return (shared, shared) if case.named["coverage_low"] >= 0.5 and shared else None


def other_matter(case: Case) -> Words:
    return (
        _pair(case.aligned_words(0, False), case.aligned_words(1, False)) if case.named["coverage_high"] < 0.6 else None
    )


REASONS: tuple[Callable[[Case], Words], ...] = (
    ban_meets_duty,
    ban_meets_permission,
    opposite_directions,
    opposite_words,
    goals_pull_apart,
    limits_do_not_meet,
    values_agree,
    due_dates_differ,
    times_do_not_meet,
    rival_ranks,
    order_is_settled,
    means_claimed_twice,
    frozen_means,
    extra_means,
    task_given_twice,
    exception,
    replaced,
    other_addressee,
    same_addressee,
    other_place,
    only_meets_others,
    same_matter,
    other_matter,
)


@lru_cache(maxsize=1)
def load_texts() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "reasons.toml").read_text(encoding="utf-8"))


def named_columns(patterns: Sequence[str]) -> list[int]:
    """Columns of the features that the patterns name; `rank_x_*` stands for all that begin so."""
    return [
        number
        for number, name in enumerate(features.NAMES)
        if any(name.startswith(p[:-1]) if p.endswith("*") else name == p for p in patterns)
    ]


def _allowed(speaks: str, weight: float) -> bool:
    return speaks == "either" or (weight > 0) == (speaks == "for")


def find_cases(
    prepared: Prepared, a: np.ndarray, b: np.ndarray, named: np.ndarray
) -> Iterator[tuple[int, int, tuple[str, str]]]:
    """(pair, reason, its words) wherever a pair shows what a reason says."""
    aligned = prepared.alignment(a, b)
    for pair in range(len(a)):
        values = dict(zip(features.NAMES, named[pair].tolist(), strict=True))
        case = Case(prepared, (int(a[pair]), int(b[pair])), (aligned.best_a[pair], aligned.best_b[pair]), values)
        for number, function in enumerate(REASONS):
            words = function(case)
            if words is not None:
                yield pair, number, words


def occlusion(
    classifier: Classifier,
    named: np.ndarray,
    worded: np.ndarray,
    among: Among,
    cases: Sequence[tuple[int, int, tuple[str, str]]],
) -> np.ndarray:
    """(cases,) log-odds that the features of each case's reason add, against typical values of them."""
    typical = np.array(classifier.config["typical"], np.float32)
    columns = reason_columns()
    pairs = np.array([pair for pair, _, _ in cases], int)
    without = named[pairs]
    for row, (_, number, _) in enumerate(cases):
        without[row, columns[number]] = typical[columns[number]]
    whole = classifier.odds(named, worded, among, exact=True)
    return whole[pairs] - classifier.odds(without, worded[pairs], among, exact=True)


@lru_cache(maxsize=1)
def reason_columns() -> list[list[int]]:
    """For each reason the columns of its features."""
    return [named_columns(load_texts()[function.__name__]["features"]) for function in REASONS]


def explain_pairs(
    classifier: Classifier,
    prepared: Prepared,
    a: np.ndarray,
    b: np.ndarray,
    named: np.ndarray,
    worded: np.ndarray,
    among: Among,
    shift: np.ndarray,
) -> list[tuple[Reason, ...]]:
    """For each pair its reasons, the weightiest first, at most `MOST`; negative weights speak against a conflict.

    `shift` (pairs,) is what a second reader added to the log-odds, 0 where none did.
    """
    cases, texts = list(find_cases(prepared, a, b, named)), load_texts()
    found: list[list[Reason]] = [[] for _ in range(len(a))]
    if cases:
        weights = occlusion(classifier, named, worded, among, cases)
        for (pair, number, (left, right)), weight in zip(cases, weights.tolist(), strict=True):
            name = REASONS[number].__name__
            if abs(weight) >= WORTH_SAYING and _allowed(texts[name]["speaks"], weight):
                found[pair].append(Reason(name, texts[name]["text"].format(a=left, b=right), round(weight, 3)))
    for pair in np.flatnonzero(np.abs(shift) >= WORTH_SAYING).tolist():
        text = SECOND_FOR if shift[pair] > 0 else SECOND_AGAINST
        found[pair].append(Reason("second_reader", text, round(float(shift[pair]), 3)))
    return [tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))[:MOST]) for reasons in found]
