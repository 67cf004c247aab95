"""The rules on hand-made frames, and the promise that arriving one by one gives what arriving together gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analyzer.matching import candidates
from analyzer.matching.candidates import RULES, Candidates, propose
from analyzer.matching.encoder import load_encoder
from analyzer.matching.rules import MEETING, load_floors, load_rules
from analyzer.records import Frame, Quantity, Side

POLICE = ("Polismyndigheten",)


def side(text: str, **slots: object) -> Side:
    fields = {name: slots.pop(name) for name in ("level", "document", "replaces") if name in slots}
    return Side(text, Frame(**{"addressee": POLICE, **slots}), **fields)  # type: ignore[arg-type]


def run(sides: list[Side], **options: object) -> Candidates:
    return propose(sides, load_encoder().encode([s.text for s in sides]), **options)  # type: ignore[arg-type]


def names(candidates: Candidates, pair: int = 0) -> set[str]:
    return {name for bit, name in enumerate(RULES) if candidates.rules[pair] >> bit & 1}


PATROLS = "Radiobilspatrullerna i centrala Ekstad ska bemannas nattetid med hundförare."
PATROLS_TOO = "I centrala Ekstad ska radiobilspatrullerna köra utan hundförare nattetid."

#: rule → what the two frames hold that it looks for, and the same frames without it on one side.
PLANTED: dict[str, tuple[dict, dict, dict]] = {
    "rival_priority": ({"priority": "absolute"}, {"priority": "high"}, {}),
    "shared_resource": ({"resource": ("personnel",)}, {"resource": ("time", "personnel")}, {"resource": ("budget",)}),
    "one_resource": ({"resource": ("personnel",)}, {}, {"resource": ("budget",)}),
    "other_value": (
        {"quantity": (Quantity(9, "patruller", "min"),)},
        {"quantity": (Quantity(6, "patruller", "max"),)},
        {"quantity": (Quantity(9, "patruller", "min"),)},
    ),
    "ban_meets_duty": ({"modality": "prohibition"}, {}, {"modality": "prohibition"}),
    "mandate": ({"modality": "permission"}, {}, {"modality": "permission"}),
    "opposite_direction": ({"direction": "increase"}, {"direction": "decrease"}, {"direction": "increase"}),
    "opposed_goals": ({"goals": ("speed+",)}, {"goals": ("thoroughness+",)}, {"goals": ("speed+",)}),
    "other_deadline": ({"deadline": "2030-03-31"}, {"deadline": "2030-06-30"}, {"deadline": "2030-03-31"}),
    "same_task": (
        {"action": "bemanna", "object": "hundförare"},
        {"action": "bemanna", "object": "hundförare"},
        {"action": "utreda", "object": "hundförare"},
    ),
    "same_object": ({"object": "hundförare"}, {"object": "hundförare"}, {"object": "simundervisning i skolan"}),
    "other_level": ({"level": "national"}, {"level": "local"}, {"level": "national"}),
    "near": ({}, {}, {}),
}


def test_every_rule_is_planted_and_has_three_floors() -> None:
    assert set(PLANTED) == set(RULES) - {"meeting"}
    assert set(load_floors()["floors"]) == set(PLANTED)
    assert all(rule.floors.shape == (3,) for rule in load_rules())


@pytest.mark.parametrize("rule", PLANTED)
def test_a_rule_proposes_what_it_looks_for_in_both_orders(rule: str) -> None:
    a, b, _ = PLANTED[rule]
    one, other = side(PATROLS, **a), side(PATROLS_TOO, **b)
    for pair in ([one, other], [other, one]):
        found = run(pair)
        assert (found.a.tolist(), found.b.tolist()) == ([0], [1])
        assert rule in names(found)


@pytest.mark.parametrize("rule", [rule for rule in PLANTED if rule != "near"])
def test_a_rule_is_silent_without_it(rule: str) -> None:
    a, _, without = PLANTED[rule]
    found = run([side(PATROLS, **a), side(PATROLS_TOO, **without)])
    assert not len(found) or rule not in names(found)


def test_boilerplate_alone_links_nothing() -> None:
    texts = ["Uppdraget ska redovisas till regeringen senast den 1 mars.", "Myndigheten ska redovisa uppdraget i juni."]
    assert len(run([side(text) for text in texts])) == 0


def test_the_same_words_to_parties_apart_need_more() -> None:
    a, b = PLANTED["ban_meets_duty"][:2]
    far = "Bilarna ska tvättas varje fredag av personalen i garaget."
    together = [side(PATROLS, **a), side(PATROLS_TOO, **b)]
    assert len(run(together)) == 1
    apart = [together[0], side(far, **{**b, "addressee": ("Skatteverket",)})]
    assert len(run(apart)) == 0


def test_one_document_is_held_to_a_higher_floor() -> None:
    bank = [side(text) for text in library_texts(60, 5)]
    near = np.uint32(1 << RULES.index("near"))
    alone, together = run(bank), run(bank, document_of=np.zeros(60, dtype=int))
    assert pairs_of(together) <= pairs_of(alone)
    assert 0 < (together.rules & near > 0).sum() < (alone.rules & near > 0).sum()


def test_nothing_is_proposed_for_one_side_or_for_none_that_is_fresh() -> None:
    assert len(run([side(PATROLS)])) == 0
    assert len(run([side(PATROLS), side(PATROLS)], fresh=np.zeros(2, dtype=bool))) == 0


def test_arrays_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="document_of has 3 rows, but there are 2 sides"):
        run([side(PATROLS), side(PATROLS)], document_of=np.zeros(3))


def test_more_sides_than_pairs_can_tell_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "SIDE_BITS", 1)
    with pytest.raises(ValueError, match="there are 3 sides, and pairs can be told of 2 at most"):
        run([side(PATROLS)] * 3)


def test_a_pair_that_several_propose_stands_once_with_the_rules_of_all() -> None:
    bank = library(80, 3)
    rules, everything = run(bank), run(bank, neighbours=30)
    bits = dict(
        zip(zip(everything.a.tolist(), everything.b.tolist(), strict=True), everything.rules.tolist(), strict=True)
    )
    assert len(bits) == len(everything)
    joined = [bits[pair] for pair in zip(rules.a.tolist(), rules.b.tolist(), strict=True)]
    assert all(found & some == some for found, some in zip(joined, rules.rules.tolist(), strict=True))
    assert any(found & MEETING and found & ~MEETING for found in joined)


def test_neighbours_are_proposed_besides_when_asked_for() -> None:
    bank = library(80, 3)
    without, more = run(bank), run(bank, neighbours=6)
    assert pairs_of(without) < pairs_of(more)
    assert not (without.rules & MEETING).any()
    likely = (more.rules & MEETING) > 0
    assert set(more.a[likely].tolist()) | set(more.b[likely].tolist()) == set(range(80))
    met = np.bincount(np.concatenate([more.a[likely], more.b[likely]]))
    assert met.min() >= 9


def test_a_fresh_side_meets_old_ones_and_old_ones_are_left_alone() -> None:
    bank = library(60, 8)
    fresh = np.arange(60) >= 55
    found = run(bank, fresh=fresh, neighbours=6)
    assert (fresh[found.a] | fresh[found.b]).all()
    assert ((found.rules & MEETING) > 0).sum() >= 5 * 9 / 2


@pytest.mark.parametrize("seed", range(4))
def test_documents_one_by_one_give_what_they_give_together(seed: int) -> None:
    bank = library(120, seed)
    rng = np.random.default_rng(seed)
    document_of = rng.integers(0, 25, len(bank))
    whole = run(bank, document_of=document_of)
    assert len(whole) > 50

    order, found = rng.permutation(25), {}
    present = np.zeros(len(bank), dtype=bool)
    for step in np.array_split(order, 6):
        fresh = np.isin(document_of, step)
        present |= fresh
        at = np.flatnonzero(present)
        part = run([bank[i] for i in at], document_of=document_of[at], fresh=fresh[at])
        for a, b, bits in zip(at[part.a].tolist(), at[part.b].tolist(), part.rules.tolist(), strict=True):
            assert (a, b) not in found
            found[a, b] = bits
    assert found == {
        (a, b): bits for a, b, bits in zip(whole.a.tolist(), whole.b.tolist(), whole.rules.tolist(), strict=True)
    }


def test_pairs_are_unique_sorted_and_ordered() -> None:
    found = run(library(100, 9))
    assert (found.a < found.b).all()
    keys = found.a * 1000 + found.b
    assert (np.diff(keys) > 0).all()
    assert (found.rules > 0).all()
    assert (found.a.dtype, found.rules.dtype) == (np.int32, np.uint16)


@pytest.mark.parametrize("together", [1, 7, 1000])
def test_a_pair_found_many_times_is_one_with_all_its_rules(monkeypatch: pytest.MonkeyPatch, together: int) -> None:
    monkeypatch.setattr(candidates, "PAIRS", together)
    rng = np.random.default_rng(3)
    expected: dict[tuple[int, int], int] = {}
    packed = []
    for count in (0, 1, 40, 200):
        one, other = rng.integers(0, 12, (2, count))
        bits = rng.integers(1, 1 << len(RULES), count).astype(np.uint32)
        packed.append(candidates._pack(one, other, bits))
        for a, b, rules in zip(one.tolist(), other.tolist(), bits.tolist(), strict=True):
            pair = min(a, b), max(a, b)
            expected[pair] = expected.get(pair, 0) | rules
    found = candidates._merge(packed)
    told = zip(found.a.tolist(), found.b.tolist(), found.rules.tolist(), strict=True)
    assert [((a, b), rules) for a, b, rules in told] == sorted(expected.items())


def pairs_of(candidates: Candidates) -> set[tuple[int, int]]:
    return set(zip(candidates.a.tolist(), candidates.b.tolist(), strict=True))


def library_texts(count: int, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    verbs = ["minska", "öka", "utreda", "redovisa", "samordna", "avveckla", "bemanna", "granska"]
    things = ["hundpatruller", "häktesplatser", "trafikkontroller", "passhanteringen", "brottsoffersamordnare"]
    places = ["i Ekstad", "vid gränsen", "på landsbygden", "i kollektivtrafiken", "nattetid"]
    return [
        f"Myndigheten ska {rng.choice(verbs)} {rng.choice(things)} {rng.choice(places)} {rng.choice(places)}."
        for _ in range(count)
    ]


def library(count: int, seed: int) -> list[Side]:
    """Sides with random frames about a handful of subjects."""
    rng = np.random.default_rng(seed + 100)
    addressees = [POLICE, ("Polisregion Syd",), ("Polisregion Nord",), ("Stiftelsen Eklunden",), ()]
    plain = [side(text) for text in library_texts(count, seed)]
    return [
        replace(
            one,
            frame=replace(
                one.frame,
                addressee=addressees[rng.integers(5)],
                modality=("obligation", "prohibition", "permission")[rng.integers(3)],
                priority=("none", "none", "high", "absolute")[rng.integers(4)],
                direction=("none", "increase", "decrease")[rng.integers(3)],
                resource=((), ("personnel",), ("budget", "time"))[rng.integers(3)],
                deadline=(None, "2030-01-31", "2031-06")[rng.integers(3)],
            ),
        )
        for one in plain
    ]
