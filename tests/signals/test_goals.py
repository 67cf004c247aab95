"""The trained reading of goals: how it weighs, what it leaves to the lexicon, how it is learnt and measured."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from analyzer.errors import ModelError
from analyzer.signals.goal_model import (
    CUE,
    GoalModel,
    Vocabulary,
    load_goal_model,
    name_features,
    save_goal_model,
)
from analyzer.signals.goals import judge_goals, name_goal, read_goals
from models.train.signals_goals import Example, cross_validate, fit, fold_of, read_examples, score

ROOT = Path(__file__).parents[2]


def small_model(threshold: float = 0.0) -> GoalModel:
    names = sorted(["cue:speed+", "letters:kra", "stem:kran", "stem:snabb"])
    weights = np.array([[2.0], [1.0], [-4.0], [3.0]], np.float32)
    vocabulary = Vocabulary(names, np.ones(4, np.float32))
    bias, thresholds = np.array([0.5], np.float32), np.array([threshold], np.float32)
    return GoalModel(("speed+",), vocabulary, weights, bias, thresholds)


def test_a_word_gives_its_stem_and_its_letters() -> None:
    assert set(name_features("kran")) >= {"stem:kran", "letters: kr", "letters:kran", "letters:ran "}


def test_letters_and_stems_have_length_one_each_and_cues_their_own_weight() -> None:
    rows, values = small_model().vocabulary.vectorise(["kranar", "kran", "snabb"], ["speed+", "savings+"])
    assert rows.tolist() == [0, 1, 2, 3]
    assert values == pytest.approx([CUE, 1.0, 0.5**0.5, 0.5**0.5])


def test_log_odds_are_the_weighted_sum() -> None:
    odds = small_model().log_odds(["kran"], ["speed+"])
    assert odds == pytest.approx([CUE * 2.0 + 1.0 - 4.0 + 0.5])


def test_the_model_decides_on_its_goals_and_the_lexicon_on_the_others() -> None:
    assert small_model(threshold=-9.0).choose(["kran"], ["savings+"]) == ("speed+", "savings+")
    assert small_model(threshold=9.0).choose(["kran"], ["speed+", "savings+"]) == ("savings+",)


def test_what_the_lexicon_sees_burdened_stays_burdened() -> None:
    model = small_model(threshold=9.0)
    burdened = GoalModel(("speed-",), model.vocabulary, model.weights, model.bias, model.thresholds)
    assert burdened.choose(["kran"], ["speed-"]) == ("speed-",)


def test_a_model_saved_and_read_again_is_the_same(tmp_path: Path) -> None:
    save_goal_model(small_model(), tmp_path)
    first = [(path.name, path.read_bytes()) for path in sorted(tmp_path.iterdir())]
    save_goal_model(small_model(), tmp_path)
    assert [(path.name, path.read_bytes()) for path in sorted(tmp_path.iterdir())] == first
    assert json.loads((tmp_path / "goals.json").read_text(encoding="utf-8"))["goals"] == ["speed+"]


def test_a_folder_outside_the_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        load_goal_model(tmp_path)


def test_every_goal_of_the_shipped_model_is_one_of_the_lexicon() -> None:
    goals = load_goal_model().goals
    assert len(goals) >= 20
    assert all(name_goal(goal[:-1]) and goal[-1] in "+-" for goal in goals)


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("anmälningar ska utredas skyndsamt och avslutas inom tio dagar", "speed+"),
        ("personuppgifter ska gallras efter ett år för att skydda den personliga integriteten", "privacy+"),
        ("enheten ska varje månad redovisa och följa upp resultatet", "follow_up+"),
    ],
)
def test_plain_goals_are_seen(text: str, goal: str) -> None:
    assert goal in judge_goals(text.split())


def test_no_words_have_no_goals() -> None:
    assert judge_goals([]) == ()


def learnable() -> list[Example]:
    rows = []
    for number in range(40):
        fast = number % 2 == 0
        words = ("hamnen", "muddras", "genast" if fast else "varsamt", f"pir{number}")
        goals = frozenset({"speed+"} if fast else {"thoroughness+"})
        rows.append(Example(words, read_goals(words), goals, f"w1-{number:03}"))
    return rows


def test_training_learns_words_and_gives_the_same_twice() -> None:
    model, again = fit(learnable()), fit(learnable())
    assert model.choose(["hamnen", "muddras", "varsamt"], []) == ("thoroughness+",)
    assert np.array_equal(model.weights, again.weights) and np.array_equal(model.thresholds, again.thresholds)


def test_cross_validation_judges_what_it_has_not_seen() -> None:
    rows = learnable()
    right = [row.goals for row in rows]
    lexicon, trained = cross_validate(rows)
    assert score(trained, right)["micro F1"] == 1.0 > score(lexicon, right)["micro F1"]
    assert {fold_of(row.family) for row in rows} == set(range(5))


def test_scores_of_hand_counted_sets() -> None:
    said = [frozenset({"a", "b"}), frozenset[str](), frozenset({"a"})]
    right = [frozenset({"a"}), frozenset({"b"}), frozenset({"a"})]
    figures = score(said, right)
    assert figures["micro F1"] == pytest.approx(2 * 2 / 6)
    assert figures["macro F1"] == pytest.approx((1.0 + 0.0) / 2)
    assert (figures["precision"], figures["recall"], figures["exact"]) == pytest.approx((2 / 3, 2 / 3, 1 / 3))


def test_variants_of_a_pair_are_one_family(tmp_path: Path) -> None:
    path = tmp_path / "g.jsonl"
    rows = [{"id": name, "text": "Hamnen ska muddras.", "goals": []} for name in ("w2-045b-a", "w2-045c-b", "w2-046-a")]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert [example.family for example in read_examples([path])] == ["w2-045", "w2-045", "w2-046"]


def test_labels_of_the_project_name_known_goals() -> None:
    for path in sorted((ROOT / "corpus" / "goals").glob("*.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            assert all(name_goal(goal[:-1]) and goal[-1] in "+-" for goal in row["goals"]), (path.name, row["id"])
