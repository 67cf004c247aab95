"""The shipped second reader and a local cross-encoder: their answers, and what they refuse."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analyzer.errors import ModelError
from analyzer.records import CONFLICT_TYPES
from analyzer.scoring.evidence import best_stretch, marked_span
from analyzer.scoring.pairs import read_pairs
from analyzer.second_reader import load_second_reader, read_both_ways
from analyzer.second_reader.cross_encoder import CrossEncoderReader
from analyzer.second_reader.shipped import FLOAT32, FOLDER, INT8, ShippedReader, passage, read_graph
from tests.scoring.sides import make_side

PAIRS = Path(__file__).parents[2] / "corpus" / "pairs" / "f1_polis.jsonl"
OPEN = make_side("Receptionen i Ekhaga ska hållas öppen varje vardag under hela 2026.")
SHUT = make_side("Receptionen i Ekhaga ska vara stängd alla vardagar under 2026.")
OTHER = make_side("Hundförarna ska årligen genomföra ett prov i mörkerspår.")


@pytest.fixture(scope="module")
def shipped() -> ShippedReader:
    return ShippedReader.load()


def test_a_plain_contradiction_is_likelier_than_two_matters(shipped: ShippedReader) -> None:
    odds = shipped.odds([(OPEN, SHUT), (OPEN, OTHER)])
    assert odds[0] > odds[1]


def test_an_answer_does_not_depend_on_its_neighbours(shipped: ShippedReader) -> None:
    pairs = [(OPEN, SHUT), (OPEN, OTHER), (OTHER, SHUT)]
    together = shipped.odds(pairs)
    assert together.tolist() == [float(shipped.odds([pair])[0]) for pair in pairs]
    assert shipped.odds([]).shape == (0,)


def test_a_very_long_text_is_read_in_part(shipped: ShippedReader) -> None:
    endless = make_side("Receptionen ska vara öppen. " * 2000)
    assert np.isfinite(shipped.odds([(endless, SHUT)])).all()


def test_marks_are_pieces_of_the_signal_alone(shipped: ShippedReader) -> None:
    addressed = replace(OPEN, addressee="Lokalpolisområde Ekhaga", date="2026-01-15")
    assert passage(addressed) == f"Lokalpolisområde Ekhaga, 2026-01: {OPEN.text}"
    reading = shipped.read([(addressed, SHUT)])[0]
    for side, marks in ((OPEN, reading.marks_a), (SHUT, reading.marks_b)):
        assert "".join(side.text[mark.start : mark.end] for mark in marks).replace(" ", "") == side.text.replace(
            " ", ""
        )
        assert all(0 <= mark.chance <= 1 for mark in marks)
    strongest = max(reading.marks_b, key=lambda mark: mark.chance)
    assert (
        marked_span(SHUT.text, reading.marks_b, lambda _, chances: best_stretch(chances, 0.5)).start <= strongest.start
    )


def test_types_and_repetition_are_shares(shipped: ShippedReader) -> None:
    clash, same = shipped.read([(OPEN, SHUT), (OPEN, replace(OPEN, date="2026-01-15"))])
    assert len(clash.types) == len(CONFLICT_TYPES) and abs(sum(clash.types) - 1) < 1e-5
    assert CONFLICT_TYPES[int(np.argmax(clash.types))] == "contradiction"
    assert 0 <= clash.duplicate < same.duplicate <= 1 and same.duplicate > 0.5


def test_both_ways_is_the_mean_and_does_not_hang_on_the_order(shipped: ShippedReader) -> None:
    endless = make_side("Receptionen ska vara öppen. " * 2000)
    for one, other in ((OPEN, SHUT), (OPEN, endless)):
        (there,), (back,) = read_both_ways(shipped, [(one, other)]), read_both_ways(shipped, [(other, one)])
        given, turned = (shipped.read([pair])[0] for pair in ((one, other), (other, one)))
        assert there.odds == back.odds == (given.odds + turned.odds) / 2 and given.odds != turned.odds
        assert there.types == back.types and there.duplicate == back.duplicate
        assert len(there.marks_a) == len(given.marks_a)
    (there,), (back,) = read_both_ways(shipped, [(OPEN, SHUT)]), read_both_ways(shipped, [(SHUT, OPEN)])
    assert (there.marks_a, there.marks_b) == (back.marks_b, back.marks_a)


def test_the_title_is_read_where_the_signal_refers_to_it() -> None:
    known = replace(OPEN, document="Uppdrag om receptioner", addressee="Ekhaga kommun")
    assert passage(known) == f"Ekhaga kommun: {OPEN.text}"
    refers = make_side("Uppdraget ska redovisas senast den 1 mars 2026.")
    assert passage(refers) == refers.text
    titled = replace(refers, document="Uppdrag om receptioner")
    assert passage(titled) == f"(Uppdrag om receptioner): {refers.text}"
    assert (
        passage(replace(titled, addressee="Ekhaga kommun")) == f"Ekhaga kommun (Uppdrag om receptioner): {refers.text}"
    )


def test_processors_without_int8_products_are_asked_for_float32_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both give much the same answer; where nothing is known of the processor, the model is taken as it is."""
    (tmp_path / "old").write_text("flags : fpu sse2 avx2", encoding="utf-8")
    (tmp_path / "new").write_text("flags : fpu avx2 avx512_vnni", encoding="utf-8")
    old, new, unknown = (read_graph(FOLDER, tmp_path / name) for name in ("old", "new", "missing"))
    assert new == unknown == (FOLDER / "model.onnx").read_bytes()
    assert old.count(FLOAT32) == new.count(INT8) > 50 and INT8 not in old
    answers = []
    for graph in (old, new):
        monkeypatch.setattr("analyzer.second_reader.shipped.read_graph", lambda _, graph=graph: graph)
        answers.append(ShippedReader.load().odds([(pair.a, pair.b) for pair in read_pairs(PAIRS)[::5]]))
    apart = np.abs(answers[0] - answers[1])
    assert 0 < apart.mean() < 0.08 and apart.max() < 0.5
    assert np.corrcoef(*answers)[0, 1] > 0.999


def test_an_altered_model_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "second_reader"
    shutil.copytree(FOLDER, folder)
    with pytest.raises(ModelError):
        ShippedReader.load(folder)


def test_the_setting_can_go_without() -> None:
    assert load_second_reader("none") is None


def make_cross_encoder(folder: Path, labels: dict[int, str]) -> None:
    """A tiny transformer with random weights in the layout of sentence-transformers."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "ska", "vara", "öppen", "stängd"]
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep", "mask")}
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        id2label=labels,
        label2id={label: at for at, label in labels.items()},
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(folder)


@pytest.mark.parametrize("labels", [{0: "entailment", 1: "neutral", 2: "contradiction"}, {0: "conflict"}])
def test_a_local_cross_encoder_reads_both_orders(tmp_path: Path, labels: dict[int, str]) -> None:
    make_cross_encoder(tmp_path, labels)
    reader = load_second_reader(str(tmp_path))
    assert isinstance(reader, CrossEncoderReader)
    forth, back = reader.odds([(OPEN, SHUT)]), reader.odds([(SHUT, OPEN)])
    assert np.isfinite(forth).all() and forth == pytest.approx(back, abs=1e-5)


@pytest.mark.parametrize("labels", [None, {0: "a", 1: "b"}])
def test_what_is_no_cross_encoder_is_refused(tmp_path: Path, labels: dict[int, str] | None) -> None:
    if labels:
        make_cross_encoder(tmp_path, labels)
    with pytest.raises(ModelError):
        CrossEncoderReader.load(tmp_path)
