"""What makes the pipeline fast and well taught: neighbour table, remembered vectors, anchored rules, teachers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.vectors import Vectors

import models.pipeline_fixed  # noqa: F401  registers the component
from models import pipeline
from models.pipeline_neighbours import NeighbourTable, neighbour_embed, set_table
from models.pipeline_vectors import RememberedVectors
from models.train import pipeline_teacher
from models.train.pipeline_corpus import Sentence, Word, read_conllu
from models.train.pipeline_neighbours import neighbour_table
from models.train.pipeline_rules import _token_patterns
from models.train.pipeline_silver import _conllu, add_known_lemmas
from models.train.pipeline_teacher import Coder, is_tree, label, train_teacher

LINES = ["ett hus och en bil", "ett tak och en sil", "ett ljus och en mil", "ett slut och en vil"] * 20


@pytest.fixture
def table(tmp_path: Path) -> NeighbourTable:
    tokens = tmp_path / "tokens.txt"
    tokens.write_text("\n".join(LINES), encoding="utf-8")
    return neighbour_table(tokens, words=20, width=3)


def test_words_with_the_same_neighbours_are_alike(table: NeighbourTable) -> None:
    def row(word: str) -> np.ndarray:
        return table.vectors(np.array([table.find(word)]))[0][:3]

    assert np.linalg.norm(row("hus") - row("tak")) < np.linalg.norm(row("hus") - row("bil"))


def test_a_compound_is_found_by_its_last_part(table: NeighbourTable) -> None:
    own, part = table.find("sjukhus")
    assert (own, part) == (0, table.find("hus")[0])
    assert table.find("och")[1] == 0
    assert not table.vectors(np.array([table.find("zzz")])).any()


def test_the_table_is_kept_with_the_weights(table: NeighbourTable) -> None:
    nlp = spacy.blank("sv")
    nlp.vocab.vectors = Vectors(strings=nlp.vocab.strings, shape=(4, 5))
    docs = [nlp.make_doc("ett sjukhus"), nlp.make_doc("en bil och en sil")]
    trained, loaded = (neighbour_embed(8, ["NORM", "SUFFIX"], [50, 50]) for _ in range(2))
    set_table(trained, table)
    trained.initialize(X=docs)
    loaded.from_bytes(trained.to_bytes())
    for before, after in zip(trained.predict(docs), loaded.predict(docs), strict=True):
        assert np.array_equal(before, after)


def test_remembered_vectors_are_those_of_the_base_class() -> None:
    shipped = pipeline.load_pipeline().vocab.vectors
    assert isinstance(shipped, RememberedVectors)
    keys = np.array([shipped.strings.add(word) for word in ("polisen", "ska", "polisen", "zqxw", "")], dtype=np.uint64)
    plain = Vectors.get_batch(shipped, keys)
    for _ in range(2):
        assert np.array_equal(shipped.get_batch(keys), plain)


def test_anchored_rules_find_what_the_entity_ruler_finds() -> None:
    texts = [
        "Senast den 1 mars 2026 ska 25 000 000 kronor och 12,5 mnkr, dvs. 4 procent, betalas enligt 3 kap. 12 a § i "
        "polislagen (1984:387) och SFS 2022:1718 eller 2024–2026 i Polisområde Norra Skaraborg.",
        "dnr A118.201/2025",
        "dnr: 4.2-118/2024 första halvåret 2027",
        "Länsstyrelsen i Västra Götalands län. Region Skåne Väst.",
        "2026 2027 1/3 2026 2026-03-01 tre miljoner kronor kr",
        "Inget här, men den och tre.",
        "",
    ]

    def found(factory: str) -> Iterator[list[tuple[str, str, str]]]:
        nlp = spacy.blank("sv")
        ruler = nlp.add_pipe(factory)
        ruler.add_patterns(_token_patterns())  # type: ignore[attr-defined]
        for doc in nlp.pipe(texts):
            yield [(span.text, span.label_, span.ent_id_) for span in doc.ents]

    expected = list(found("entity_ruler"))
    assert sum(map(len, expected)) > 12
    assert list(found("fixed_entities")) == expected


def test_a_pattern_without_limit_is_refused() -> None:
    ruler = spacy.blank("sv").add_pipe("fixed_entities")
    with pytest.raises(ValueError, match="no limit"):
        ruler.add_patterns([{"label": "X", "pattern": [{"LOWER": "a", "OP": "+"}]}])  # type: ignore[attr-defined]


def test_rules_without_patterns_leave_the_text_alone() -> None:
    nlp: Language = spacy.blank("sv")
    nlp.add_pipe("fixed_entities").add_patterns([{"label": "X", "pattern": "Visby"}])  # type: ignore[attr-defined]
    assert [span.text for span in nlp("Mötet i Visby den 1 mars 2026").ents] == ["Visby"]


@pytest.mark.parametrize(
    ("heads", "tree"),
    [([0], True), ([2, 0, 2], True), ([0, 0], False), ([2, 1], False), ([0, 3, 2], False), ([3, 1, 0], True)],
)
def test_only_trees_with_one_root_count(heads: list[int], tree: bool) -> None:
    assert is_tree(heads) is tree


def _gold() -> list[Sentence]:
    return [
        Sentence(
            (
                Word(article, True, pos="DET", morph=f"Gender={gender}", head=1, dep="det"),
                Word(noun, True, pos="NOUN", morph=f"Gender={gender}|Number=Sing", head=2, dep="nsubj"),
                Word("syns", False, pos="VERB", head=2, dep="ROOT"),
            )
        )
        for article, gender, nouns in (("ett", "Neut", ("hus", "tak", "ljus")), ("en", "Com", ("bil", "sil", "kil")))
        for noun in nouns
    ]


def test_a_teacher_learns_what_it_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (("EPOCHS", 25), ("BATCH_WORDS", 6), ("HIDDEN", 24), ("WARM_UP", 5), ("BUCKETS", 200)):
        monkeypatch.setattr(pipeline_teacher, name, value)
    gold = _gold()
    coder = Coder(gold, lambda word: np.full(2, len(word), dtype=np.float32))
    teachers = [train_teacher(gold, coder, seed) for seed in (1, 2)]
    raw = [Sentence(tuple(Word(word.text, word.space) for word in sentence.words)) for sentence in gold]
    labelled = list(label(raw, teachers))
    assert [sentence for sentence, _ in labelled] == gold
    assert min(sure for _, sure in labelled) > 0.5
    path = tmp_path / "silver.conllu"
    path.write_text("".join(_conllu(sentence) for sentence in gold), encoding="utf-8")
    assert add_known_lemmas(read_conllu(path), gold) == gold


def test_silver_words_get_the_lemmas_that_gold_is_sure_of() -> None:
    gold = [
        Sentence((Word("Var", True, pos="AUX", lemma="vara"), Word("val", True, pos="NOUN", lemma="val"))),
        Sentence((Word("val", True, pos="NOUN", lemma="vals"), Word("hus", True, pos="NOUN", lemma="hus"))),
    ]
    words = [Word("var", True, pos="AUX"), Word("var", True, pos="ADV"), Word("val", True, pos="NOUN")]
    (sentence,) = add_known_lemmas([Sentence(tuple(words))], gold)
    assert [word.lemma for word in sentence.words] == ["vara", "", ""]
