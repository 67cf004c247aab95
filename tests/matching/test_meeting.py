"""The meeting model: its vectors, its order of partners against brute force, and what it is for."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.special import erf

from analyzer.compare import comparison_name
from analyzer.matching import blocks, partners
from analyzer.matching.encoder import StaticEncoder, load_encoder
from analyzer.matching.library import read_library
from analyzer.matching.meeting import FOLDER, gelu, load_meeting, meeting_name
from analyzer.matching.meeting_features import FEATURES, Read, compare, mark_names, read_marks, read_sides
from analyzer.matching.partners import search_partners, weigh_partners
from analyzer.matching.scope import read_scope
from analyzer.records import Frame, Quantity, Side
from analyzer.settings import Settings
from models.train.meeting import as_meeting
from models.train.meeting_towers import Towers, flatten
from tests.matching.test_candidates import library, side

#: Pairs that meet with at most one content word in common, one a kind.
MEETING = (
    (
        side(
            "Områdespoliser får inte lånas ut till annan verksamhet.", modality="prohibition", resource=("personnel",)
        ),
        side("Utryckningen ska förstärkas med områdespoliser på helgerna.", resource=("personnel",)),
    ),
    (
        side("Brott mot äldre ska utredas före allt annat.", priority="absolute"),
        side("Utredarna ska i första hand arbeta med skjutningar.", priority="absolute"),
    ),
    (
        side("Uppgifter om enskilda får inte lämnas till kommunen.", modality="prohibition", goals=("privacy+",)),
        side("Lägesbilden ska delas med socialtjänsten varje vecka.", goals=("information_sharing+",)),
    ),
)


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    loaded = load_encoder()
    assert isinstance(loaded, StaticEncoder)
    return loaded


def run(sides: list[Side], count: int, documents: np.ndarray | None = None) -> dict[int, list[int]]:
    """Partners of every side, best first."""
    documents = np.arange(len(sides)) if documents is None else documents
    read = read_library(sides, documents)
    search = search_partners(read, np.arange(len(sides)))
    found = [weigh_partners(read, search.score(block), count) for block in search.blocks]
    one, other = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return {at: other[one == at].tolist() for at in range(len(sides))}


def all_features(read: Read, sides: list[Side]) -> tuple[np.ndarray, np.ndarray]:
    """The towers' score (n, n), and features of all pairs (n, n, features), computed one pair at a time."""
    model, scope = load_meeting(), read_scope(sides)
    vectors = model.project(read)
    cut = model.alike + model.counter
    count = len(sides)
    scores = np.zeros((count, count), np.float32)
    features = np.zeros((count, count, len(FEATURES)), np.float32)
    for i in range(count):
        for j in range(count):
            likeness = vectors[i, : model.alike] @ vectors[j, : model.alike]
            crossed = (
                vectors[i, model.alike : cut] @ vectors[j, cut:] + vectors[i, cut:] @ vectors[j, model.alike : cut]
            )
            tier = scope.tiers[scope.party[i], scope.party[j]]
            scores[i, j] = model.weights["scale"][0] * (likeness + crossed) + model.weights["tier"][tier]
            one = [np.array([value]) for value in (i, j, scores[i, j], likeness, tier, False)]
            features[i, j] = compare(read, *one)[0]
    return scores, features


def test_vectors_are_unit_rows_that_depend_on_their_side_alone(encoder: StaticEncoder) -> None:
    bank = [*library(20, 2), Side("", Frame())]
    model = load_meeting()
    vectors = model.project(read_sides(bank, encoder))
    assert vectors.shape == (21, model.alike + 2 * model.counter)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(21), abs=1e-5)
    alone = np.vstack([model.project(read_sides([one], encoder)) for one in bank])
    assert np.array_equal(alone, vectors), "to the last bit"
    assert np.array_equal(model.turn(model.turn(vectors)), vectors)


def test_gelu_is_that_of_the_exact_error_function() -> None:
    values = np.linspace(-9, 9, 100_001, dtype=np.float32)
    exact = values * 0.5 * (1 + erf(values.astype(np.float64) / np.sqrt(2)))
    assert gelu(values).dtype == np.float32
    assert np.abs(gelu(values) - exact).max() < 2e-6


def test_marks_say_what_the_frame_holds() -> None:
    frame = Frame(modality="goal", resource=("time",), quantity=(Quantity(3, "dagar", "max"),), goals=("speed+",))
    held = read_marks([Side("Text.", frame, level="local")])[0]
    names = {name for name, value in zip(mark_names(), held, strict=True) if value}
    assert names == {
        *("modality:goal", "direction:none", "priority:none", "polarity:for", "resource:time", "goals:speed+"),
        *("comparator:max", "has:quantity", "level:local"),
    }


def test_features_are_the_same_in_either_order(encoder: StaticEncoder) -> None:
    bank = library(12, 4)
    scores, features = all_features(read_sides(bank, encoder), bank)
    assert np.abs(scores - scores.T).max() < 1e-4
    assert np.abs(features - features.transpose(1, 0, 2)).max() < 1e-4


@pytest.mark.parametrize("weighed", [5, 200])
def test_partners_are_those_of_brute_force(
    encoder: StaticEncoder, monkeypatch: pytest.MonkeyPatch, weighed: int
) -> None:
    monkeypatch.setattr(partners, "WEIGHED", weighed)
    monkeypatch.setattr(blocks, "CELLS", 7 * 30)
    bank = library(30, 7)
    bank[3] = replace(bank[3], valid_to="2001")
    bank[4] = replace(bank[4], valid_from="2002")
    scores, features = all_features(read_sides(bank, encoder), bank)
    is_open = read_scope(bank, np.arange(30)).gate(np.arange(30), slice(0, 30))[1]
    np.fill_diagonal(is_open, False)
    assert not is_open[3, 4]
    found = run(bank, 4)
    for at in range(30):
        open_ones = np.flatnonzero(is_open[at])
        taken = open_ones[np.argsort(-scores[at, open_ones])][:weighed]
        weights = load_meeting().weigh(features[at, taken])
        expected = np.sort(weights)[::-1][:4]
        got = load_meeting().weigh(features[at, found[at]])
        assert got == pytest.approx(expected, abs=1e-3)
        assert set(found[at]) <= set(open_ones.tolist())


def test_sides_that_meet_find_each_other_among_others() -> None:
    bank = library(120, 11)
    sides = [*bank, *(one for pair in MEETING for one in pair)]
    found = run(sides, 5)
    for number in range(len(MEETING)):
        a = len(bank) + 2 * number
        assert a + 1 in found[a] or a in found[a + 1]


def test_a_small_library_gives_each_side_all_that_it_may_meet() -> None:
    sides = [
        side("Hundar ska tränas."),
        side("Hundar får inte tränas.", modality="prohibition"),
        side("Katter ska vila."),
    ]
    assert {at: set(partners) for at, partners in run(sides, 10).items()} == {0: {1, 2}, 1: {0, 2}, 2: {0, 1}}


def test_the_program_runs_the_towers_that_were_trained(encoder: StaticEncoder) -> None:
    torch.manual_seed(3)
    read = read_sides(library(40, 5), encoder)
    towers = Towers(encoder, read.marks.shape[1])
    towers.eval()
    with torch.no_grad():
        expected = towers(flatten(read), torch.from_numpy(read.marks), np.arange(40)).numpy()
    # Apart from the pieces, which are kept as bytes.
    assert np.einsum("ij,ij->i", as_meeting(towers, {}).project(read), expected).min() > 0.999


def test_the_name_changes_with_the_weights_and_not_with_the_card(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER.name
    shutil.copytree(FOLDER, folder)
    meeting_name.cache_clear()
    shipped = meeting_name()
    (folder / "README.md").write_text("annan text", encoding="utf-8")
    assert meeting_name(folder) == shipped
    assert shipped in comparison_name(load_encoder(), Settings())
    weights = folder / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\0")
    meeting_name.cache_clear()
    assert meeting_name(folder) != shipped
    meeting_name.cache_clear()
