"""The second reader's training: what it reads is what the shipped reader reads, and drawing and cutting hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from analyzer.records import Frame, Side
from analyzer.scoring.pairs import LabelledPair
from analyzer.second_reader.shipped import FOLDER, ShippedReader, passage
from models.train.second_reader import Reader, Stage, fit, rate_at
from models.train.second_reader_batches import PIECES, Shelf, Special, batches, shorten
from models.train.second_reader_draw import WORDINGS, Plan, draw
from models.train.second_reader_material import Collector, Material, Sort, heads, learned_files
from models.train.second_reader_pairs import HELD_OUT, UNREAD

LONG = "Polismyndigheten ska senast den 1 mars 2026 redovisa hur arbetet har organiserats i varje region. " * 6


def side(text: str, **known: str) -> Side:
    return Side(text, Frame(), **known)  # type: ignore[arg-type]


OPEN = side("Regionen ska avdela tio utredare.")
PAIRS = [
    LabelledPair(
        "t1-001a",
        side("Regionen ska avdela tio utredare.", addressee="Polisregion Syd", date="2026-01-12"),
        side("Inga utredare får lånas ut.", document="Beslut om personal", date="2026-02-01"),
        type="resource", grade=2, evidence_a="avdela tio utredare", evidence_b="Inga utredare",
    ),
    LabelledPair("t1-001b", OPEN, side("Uppdraget ska redovisas.", document="Trygghet"), type="none", grade=0),
    LabelledPair("t1-002", side(LONG, addressee="Alla"), side("Kort."), type="duplicate", grade=0, evidence_a="Polis"),
    LabelledPair("t1-003", side("Kort."), side(LONG + "Slut.", date="2026-03"), type="target", grade=1),
    LabelledPair("t1-004", side(LONG), side(LONG + "Mer."), type="target", grade=1, evidence_b="Mer."),
]  # fmt: skip
GROUPS = [
    [LabelledPair(f"k1-00{n}{w}", side(f"Mål {n}."), side(f"Sak {n} {w}."), type="none", grade=0) for w in "abc"]
    for n in range(1, 5)
]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(FOLDER / "tokenizer.json"))


@pytest.fixture(scope="module")
def material(tokenizer: Tokenizer) -> Material:
    collector = Collector()
    collector.put("train_3", Sort.LABELLED, PAIRS)
    collector.put("train_1", Sort.LABELLED, PAIRS[:1])
    collector.put_groups("k1", Sort.SITUATION, GROUPS)
    collector.put("mined", Sort.MINED_REAL, PAIRS[3:])
    collector.put_inference("swenli_dev", [("Ett hus.", "Ett rött hus.", 1)])
    return collector.material(tokenizer)


@pytest.fixture(scope="module")
def shelf(material: Material, tokenizer: Tokenizer) -> Shelf:
    begin, end, padding = (tokenizer.token_to_id(name) for name in ("<s>", "</s>", "<pad>"))
    return Shelf(material, Special(begin, end, padding), torch.device("cpu"))


def test_batches_hold_what_the_shipped_reader_reads(material: Material, shelf: Shelf, tokenizer: Tokenizer) -> None:
    rows = np.arange(len(PAIRS))
    batch = shelf.batch(material.pairs[rows], np.zeros((len(rows), 2), int), material.evidence[rows])
    tokenizer.enable_truncation(PIECES, strategy="longest_first")
    for pair, ids, sides, there in zip(PAIRS, batch.ids, batch.sides, batch.there, strict=True):
        whole = tokenizer.encode(passage(pair.a), passage(pair.b))
        assert ids[there].tolist() == whole.ids and sides[there].tolist() == whole.type_ids
    tokenizer.no_truncation()


def test_marked_pieces_are_those_of_the_evidence(material: Material, shelf: Shelf, tokenizer: Tokenizer) -> None:
    batch = shelf.batch(material.pairs[:1], np.zeros((1, 2), int), material.evidence[:1])
    told = [tokenizer.id_to_token(int(piece)) for piece in batch.ids[0][batch.marked[0] == 1]]
    assert "".join(told).replace("▁", " ").split() == ["avdela", "tio", "utredare", "Inga", "utredare"]
    assert (batch.marked[0][batch.ids[0] <= 2] == -1).all(), "marks of the tokenizer have no say"


def test_heads_leave_out_what_is_hidden() -> None:
    assert heads(PAIRS[0].a) == ("Polisregion Syd, 2026-01:", "2026-01:", "Polisregion Syd:", "")
    assert heads(PAIRS[1].b) == ("(Trygghet):",) * 4


def test_lengths_are_cut_as_the_tokenizer_cuts() -> None:
    lengths = torch.tensor([[10, 20], [200, 20], [20, 200], [300, 300], [148, 1]])
    assert shorten(lengths, 148).tolist() == [[10, 20], [128, 20], [20, 128], [74, 74], [147, 1]]


def test_every_row_is_in_one_batch() -> None:
    made = batches(np.arange(100) % 7, 8, np.random.default_rng(1))
    assert sorted(np.concatenate(made).tolist()) == list(range(100)) and max(len(one) for one in made) == 8


def test_a_draw_leaves_out_what_is_held_out(material: Material) -> None:
    assert "train_1" in HELD_OUT
    plan = Plan(mined_real=1, named=frozenset({"k1"}))
    drawn = draw(material, plan, np.random.default_rng(1))
    assert len(drawn.pairs) == len(drawn.answer) == len(drawn.evidence) == len(drawn.hidden)
    assert (drawn.answer == UNREAD).sum() == 1
    read = len(PAIRS) + WORDINGS * len(GROUPS) + 1
    assert read <= len(drawn.pairs) <= read + 1, "every pair once, every situation in all wordings, one crossed at most"
    assert learned_files(material) == ["k1", "train_3"]
    once = draw(material, Plan(labelled=0.0, situations=1.0), np.random.default_rng(1))
    assert len(once.pairs) == len(GROUPS)
    assert draw(material, Plan(inference=True), np.random.default_rng(1)).answer.tolist() == [1]


def test_labelled_pairs_of_libraries_are_read_once_more(tokenizer: Tokenizer) -> None:
    """Those that are held out are not."""
    collector = Collector()
    for name in ("train_3", "library_a1", "library_c1"):
        collector.put(name, Sort.LABELLED, PAIRS[:2])
    material = collector.material(tokenizer)
    drawn = draw(material, Plan(labelled=0.0, libraries=True), np.random.default_rng(1))
    own = material.pairs[material.names[material.origin] == "library_a1"]
    assert sorted(map(sorted, drawn.pairs.tolist())) == sorted(map(sorted, own.tolist()))


def test_what_is_kept_is_read_again(material: Material, tmp_path: Path) -> None:
    material.save(tmp_path / "material.npz")
    again = Material.load(tmp_path / "material.npz")
    assert all(np.array_equal(getattr(again, name), getattr(material, name)) for name in Material.__slots__)


def bert(width: int, layers: int, heads: int, inner: int, tokenizer: Tokenizer) -> BertModel:
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=inner,
        max_position_embeddings=512,
    )
    return BertModel(config, add_pooling_layer=False)


def test_exported_weights_answer_as_the_shipped_reader(material: Material, shelf: Shelf, tokenizer: Tokenizer) -> None:
    pytest.importorskip("onnx", reason="the extra `train` is not installed")
    from models.train.second_reader_export import read_exported

    model = Reader(bert(384, 12, 12, 1536, tokenizer)).eval()
    read_exported(FOLDER, model)
    rows = np.arange(len(PAIRS))
    batch = shelf.batch(material.pairs[rows], np.zeros((len(rows), 2), int), material.evidence[rows])
    with torch.no_grad():
        kinds = model.read(batch)[1]
    odds = kinds[:, 2:].logsumexp(-1) - kinds[:, :2].logsumexp(-1)
    told = ShippedReader.load().odds([(pair.a, pair.b) for pair in PAIRS])
    assert np.abs(odds.numpy() - told).max() < 0.25, "eight bits here, sixteen there"


def test_a_stage_teaches_the_kinds_and_leaves_the_lowest_layers(
    material: Material, shelf: Shelf, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.train.second_reader.BATCH", 3)
    torch.manual_seed(3)
    model = Reader(bert(32, 2, 2, 64, tokenizer))
    layers = model.bert.encoder.layer
    below, above = (layer.output.dense.weight.detach().clone() for layer in layers)
    fit(model, material, shelf, Stage("kind", 150, 5e-3, 1, Plan()))
    assert torch.equal(layers[0].output.dense.weight, below) and not torch.equal(layers[1].output.dense.weight, above)
    rows = np.arange(len(PAIRS))
    batch = shelf.batch(material.pairs[rows], np.zeros((len(rows), 2), int), material.evidence[rows])
    with torch.no_grad():
        assert model.read(batch)[1].argmax(1).tolist() == material.answer[rows].tolist()


def test_the_rate_rises_stays_and_falls() -> None:
    assert rate_at(0) < 0.1 and rate_at(0.3) == 1.0 and rate_at(0.75) == 0.5 and rate_at(1.0) == 0.0
