"""Reasons in Swedish, each tied to named features and weighed by what those features do to the verdict.

A reason's weight is the change in the model's log-odds when its features are set to their typical values and the
rest is left as it is (occlusion, as in Robnik-Šikonja and Kononenko 2008). A reason is given only where the
pair shows what it says; which words show it is found by one small function a reason, all of one shape.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from analyzer.records import Reason
from analyzer.scoring import features
from analyzer.scoring.case import Case, Words
from analyzer.scoring.classifier import Classifier
from analyzer.scoring.lexicon import FOLDER
from analyzer.scoring.prepared import Prepared

#: Weaker reasons than this (log-odds) are not worth a reader's time.
WORTH_SAYING = 0.05
MOST = 5


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
        _pair(case.amount_words(0), case.amount_words(1))
        if case.holds("amount_limits_do_not_meet", "amount_limits_do_not_meet_same_thing", "amount_differs")
        else None
    )


def values_agree(case: Case) -> Words:
    return _pair(case.amount_words(0), case.amount_words(1)) if case.holds("amount_all_equal") else None


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


def occlusion(classifier: Classifier, named: np.ndarray, views: np.ndarray) -> np.ndarray:
    """(n_pairs, reasons) log-odds that each reason's features add, against typical values of them."""
    texts = load_texts()
    typical = np.array(classifier.config["typical"], np.float32)
    whole = classifier.stacked(views)
    weights = np.zeros((len(named), len(REASONS)))
    for number, function in enumerate(REASONS):
        places = named_columns(texts[function.__name__]["features"])
        without = named.copy()
        without[:, places] = typical[places]
        weights[:, number] = whole - classifier.stacked(classifier.replace_named(views, without))
    return weights


def explain_pairs(
    classifier: Classifier, prepared: Prepared, a: np.ndarray, b: np.ndarray, named: np.ndarray, views: np.ndarray
) -> list[tuple[Reason, ...]]:
    """For each pair its reasons, the weightiest first, at most `MOST`; negative weights speak against a conflict."""
    weights = occlusion(classifier, named, views)
    aligned, texts = prepared.alignment(a, b), load_texts()
    explained: list[tuple[Reason, ...]] = []
    for pair in range(len(a)):
        values = dict(zip(features.NAMES, named[pair].tolist(), strict=True))
        case = Case(prepared, (int(a[pair]), int(b[pair])), (aligned.best_a[pair], aligned.best_b[pair]), values)
        found: list[Reason] = []
        for number in np.argsort(-np.abs(weights[pair]), kind="stable"):
            function, weight = REASONS[number], float(weights[pair, number])
            if abs(weight) < WORTH_SAYING or len(found) == MOST:
                break
            allowed = _allowed(texts[function.__name__]["speaks"], weight)
            words = function(case) if allowed else None
            if words is not None:
                text = texts[function.__name__]["text"].format(a=words[0], b=words[1])
                found.append(Reason(function.__name__, text, round(weight, 3)))
        explained.append(tuple(found))
    return explained
