"""The Swedish pipeline: sentence boundaries, trained components, rules, and how its training data are read."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from analyzer.errors import ModelError
from models import pipeline
from models.train.pipeline_augment import drop_stop, known_names, stream_examples, swap_names
from models.train.pipeline_corpus import Sentence, Word, harmonise, make_examples, read_conllu, read_iob2
from models.train.pipeline_measure import score_entities, score_trees
from models.train.pipeline_rules import add_entity_rules, add_sentence_rules

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is missing: no treebank to measure on")

#: Texts written for this test; "|" stands in front of every sentence but the first.
SENTENCES = [
    "Polisregion Väst ska bl.a. följa upp narkotikabrotten. |Det gäller t.ex. Göteborg och Borås.",
    "Arbetet med s.k. Trygga stråk fortsätter. |Chefen får dvs. Inte ensam besluta.",
    "Enligt 3 kap. 12 § Polislagen krävs beslut. |Av 4 kap. Allmänna regler följer annat.",
    "Avtalet gäller fr.o.m. Mars t.o.m. Juni. |Därefter prövas det på nytt.",
    "Utrustning köps in: hjälmar, västar m.m. |Inköpen redovisas i maj.",
    "Samråd sker med skolor, föreningar m.fl. i området. |Kommunen bjuder in.",
    "Ramen är 4 500 000 kr. |Därutöver tillförs 12 mnkr.",
    "Beslutet har dnr A118.201/2025. |Det ersätter dnr A102.334/2023.",
    "Se 2022:1718 och prop. 2021/22:14 s. 33. |Jfr. Bilaga 2.",
    "Föredragande var J. Ekman. |Beslutet fattades av A. B. Holm.",
    "# Inriktning 2026\n\n|Utredningstiderna ska kortas.",
    "## Övrigt\n|Rapporten lämnas i juni.",
    "Bemanning\n\n|Varje område ska ha minst två poliser i yttre tjänst hela dygnet\noch året runt.",
    "Regionen ska\n|- öka antalet trafikkontroller,\n|- minska övertiden, och\n|- redovisa utfallet.",
    "Enheten ska:\n|1. ta fram en plan\n|2. Avdela två utredare\n|a) under våren\n|b) under hösten",
    "|1 § Myndigheten leds av en chef.\n\n|2 § Chefen beslutar om planen.",
    "Hur långt räcker pengarna? |Det vet ingen! |”Vi får se”, säger chefen.",
    "Närvaron ska öka.” |Så löd det förra beslutet. |(Det är upphävt.) |Nu gäller detta.",
    "Målet för 2026 är 85 procent. |2027 höjs målet. |Inga undantag medges.",
    "Reglerna finns i 7 kap . 13 § i föreskrifterna . |De gäller alla.",
    "Underlaget skickas till\nPolisområde Skaraborg för kännedom och därefter vidare till ledningsgruppen.",
]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return pipeline.load_pipeline()


@pytest.fixture(scope="module")
def rules() -> Language:
    blank = spacy.blank("sv")
    add_sentence_rules(blank)
    return blank


@pytest.mark.parametrize("marked", SENTENCES)
def test_sentences_start_where_they_were_marked(nlp: Language, marked: str) -> None:
    parts = marked.removeprefix("|").split("|")
    assert [sentence.text.strip() for sentence in nlp("".join(parts)).sents] == [part.strip() for part in parts]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "§", "...", "1.", "a)\n\nb)", "#", "\n- "])
def test_sentence_rules_survive_texts_without_sentences(rules: Language, text: str) -> None:
    doc = rules(text)
    assert "".join(token.text_with_ws for token in doc) == text


def test_words_are_tagged_lemmatised_and_linked(nlp: Language) -> None:
    doc = nlp("Polismyndigheten ska minska utredningstiderna.")
    words = {token.text: token for token in doc}
    assert [token.pos_ for token in doc] == ["NOUN", "AUX", "VERB", "NOUN", "PUNCT"]
    assert words["minska"].dep_ == "ROOT"
    assert words["utredningstiderna"].lemma_ == "utredningstid"
    assert words["utredningstiderna"].morph.to_dict()["Number"] == "Plur"
    assert (words["utredningstiderna"].dep_, words["utredningstiderna"].head.text) == ("obj", "minska")
    assert words["Polismyndigheten"].dep_ == "nsubj"


@pytest.mark.parametrize(
    ("text", "found", "label", "kind"),
    [
        ("Uppgiften ges till Brottsförebyggande rådet.", "Brottsförebyggande rådet", "ORG", "agency"),
        ("Det är Skatteverkets sak.", "Skatteverkets", "ORG", "agency"),
        ("Personal lånas ut av polisregion Mitt.", "polisregion Mitt", "ORG", "police_region"),
        ("Insatsen leds av Polisområde Skaraborg.", "Polisområde Skaraborg", "ORG", "police_area"),
        ("Stödet ges av Nationella operativa avdelningen.", "Nationella operativa avdelningen", "ORG", "unit"),
        ("Detta följer av SFS 2022:1718.", "SFS 2022:1718", "LAW", "statute"),
        ("Detta följer av polislagen (1984:387).", "polislagen (1984:387)", "LAW", "statute"),
        ("Enligt 3 kap. 12 a § krävs beslut.", "3 kap. 12 a §", "LAW", "provision"),
        ("Ärendet är Ju2023/01234/PO.", "Ju2023/01234/PO", "REGNO", "registration_number"),
        ("Beslutet har numret A118.201/2025.", "A118.201/2025", "REGNO", "registration_number"),
        ("Högst 2,5 miljoner kronor får användas.", "2,5 miljoner kronor", "MONEY", "amount"),
        ("Högst 25 000 000 kronor får användas.", "25 000 000 kronor", "MONEY", "amount"),
        ("Ramen minskas med 12 mnkr under året.", "12 mnkr", "MONEY", "amount"),
        ("Andelen ska vara minst 85 procent.", "85 procent", "PERCENT", "share"),
        ("Planen lämnas senast den 1 mars 2026.", "den 1 mars 2026", "DATE", "day"),
        ("Planen lämnas senast 2026-03-01.", "2026-03-01", "DATE", "day"),
        ("Planen gäller första halvåret 2026.", "första halvåret 2026", "DATE", "part_of_year"),
        ("Planen gäller 2024–2026.", "2024–2026", "DATE", "year"),
    ],
)
def test_rules_find_what_is_written_in_a_fixed_way(nlp: Language, text: str, found: str, label: str, kind: str) -> None:
    assert (found, label, kind) in [(span.text, span.label_, span.ent_id_) for span in nlp(text).ents]


def test_people_and_places_are_recognised(nlp: Language) -> None:
    entities = {span.text: span.label_ for span in nlp("Mötet i Sundsvall leds av Karin Lindqvist från Norge.").ents}
    assert entities == {"Sundsvall": "LOC", "Karin Lindqvist": "PER", "Norge": "LOC"}


def test_the_same_text_gives_the_same_bytes(nlp: Language) -> None:
    text = "Regionen ska öka närvaron i Malmö. Kostnaderna får inte överstiga 3 mnkr."
    assert nlp(text).to_bytes() == pipeline.load_pipeline()(text).to_bytes()


def test_excluded_components_are_not_loaded() -> None:
    assert "ner" not in pipeline.load_pipeline(exclude=["ner", "places"]).pipe_names


def test_an_unregistered_folder_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "FOLDER", pipeline.FOLDER.with_name("sv_annan"))
    with pytest.raises(ModelError, match="sv_annan"):
        pipeline.load_pipeline()


def test_no_file_is_too_large_or_a_pickle() -> None:
    sizes = {path: path.stat().st_size for path in pipeline.FOLDER.rglob("*") if path.is_file()}
    assert sum(sizes.values()) <= 25e6
    assert max(sizes.values()) <= 20e6
    assert not [path for path in sizes if path.suffix in {".pkl", ".pickle", ".pt", ".joblib"}]
    assert not [path for path in sizes if path.suffix == "" and path.read_bytes()[:2] in {b"\x80\x04", b"\x80\x05"}]


CONLLU = """# newdoc id = x
# sent_id = 1
# text = Chefen (Eva) kom.
1\tChefen\tchef\tNOUN\t_\tDefinite=Def|Number=Sing\t5\tnsubj\t_\t_
2\t(\t(\tPUNCT\t_\t_\t3\tpunct\t_\tSpaceAfter=No
3\tEva\tEva\tPROPN\t_\t_\t1\tappos\t_\tSpaceAfter=No
4\t)\t)\tPUNCT\t_\t_\t3\tpunct\t_\t_
5\tkom\tkomma\tVERB\t_\tTense=Past\t0\troot\t_\tSpaceAfter=No
6\t.\t.\tPUNCT\t_\t_\t5\tpunct\t_\t_

# sent_id = 2
# text = Alla gick.
1\tAlla\tall\tPRON\t_\t_\t2\tnsubj\t_\t_
2\tgick\tgå\tVERB\t_\t_\t0\troot\t_\tSpaceAfter=No
3\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_
"""

IOB2 = """# newdoc id = x
# text = I Visby bor Eva Ek.
1\tI\tO\t-\t-
2\tVisby\tB-LOC\t-\t-
3\tbor\tO\t-\t-
4\tEva\tB-PER\t-\t-
5\tEk\tI-PER\t-\t-
6\t.\tO\t-\t-
"""


def test_treebank_sentences_keep_text_and_trees(rules: Language, tmp_path: Path) -> None:
    path = tmp_path / "x.conllu"
    path.write_text(CONLLU, encoding="utf-8")
    (example,) = make_examples(rules, read_conllu(path), group=2)
    reference = example.reference
    assert reference.text == "Chefen (Eva) kom. Alla gick. "
    assert [token.head.text for token in reference] == [
        "kom",
        "Eva",
        "Chefen",
        "Eva",
        "kom",
        "kom",
        "gick",
        "gick",
        "gick",
    ]
    assert [sentence.text for sentence in reference.sents] == ["Chefen (Eva) kom.", "Alla gick."]


def test_swapped_names_keep_their_labels(rules: Language, tmp_path: Path) -> None:
    path = tmp_path / "x.iob2"
    path.write_text(IOB2, encoding="utf-8")
    names = {"LOC": ["Nya Zeeland"], "PER": ["Bo Alm"], "ORG": ["LO"]}
    rng = random.Random(3)
    texts = set()
    for _ in range(40):
        for example in stream_examples(rules, [read_iob2(path)], [swap_names(names)], longest=1, rng=rng):
            assert [span.label_ for span in example.reference.ents] == ["LOC", "PER"]
            texts.add(" ".join(example.reference.text.split()))
    assert texts == {
        f"I {place} bor {person}." for place in ("Visby", "Nya Zeeland") for person in ("Eva Ek", "Bo Alm")
    }


def test_a_dropped_stop_leaves_the_other_heads_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.conllu"
    path.write_text(CONLLU, encoding="utf-8")
    sentence = read_conllu(path)[0]
    lengths = {len(drop_stop(sentence, random.Random(seed)).words) for seed in range(200)}
    assert lengths == {5, 6}


@pytest.mark.parametrize(
    ("pos", "lemma", "before", "after"),
    [
        ("PRON", "som", "PronType=Int,Rel", "PronType=Rel"),
        ("SCONJ", "när", "PronType=Int,Rel", ""),
        ("NUM", "tre", "Case=Nom", "Case=Nom|NumType=Card"),
        ("VERB", "hoppas", "Tense=Pres|VerbForm=Fin|Voice=Pass", "Tense=Pres|VerbForm=Fin"),
        ("VERB", "redovisa", "Tense=Pres|VerbForm=Fin|Voice=Pass", "Tense=Pres|VerbForm=Fin|Voice=Pass"),
        ("NOUN", "kurs", "", ""),
    ],
)
def test_features_are_brought_to_one_convention(pos: str, lemma: str, before: str, after: str) -> None:
    (sentence,) = harmonise([Sentence((Word(text="x", space=True, lemma=lemma, pos=pos, morph=before),))])
    assert sentence.words[0].morph == after


def test_known_names_have_no_doubles_of_label() -> None:
    names = known_names()
    assert set(names) == {"ORG", "LOC", "PER"}
    assert not set(names["LOC"]) & set(names["ORG"])


def test_places_do_not_override_longer_names(rules: Language) -> None:
    blank = spacy.blank("sv")
    blank.add_pipe("ner").add_label("ORG")  # type: ignore[attr-defined]
    blank.initialize()
    add_entity_rules(blank)
    blank.disable_pipe("ner")
    entities = [(span.text, span.label_) for span in blank("Stockholms universitet ligger i Stockholm.").ents]
    assert entities == [("Stockholms universitet", "ORG"), ("Stockholm", "LOC")]


@needs_shared
@pytest.mark.shared
def test_trees_are_as_good_as_the_card_says(nlp: Language) -> None:
    scores = score_trees(nlp, read_conllu(SHARED / "ud/sv_talbanken-ud-dev.conllu"))
    floors = {"upos": 0.95, "morph": 0.93, "lemma": 0.95, "uas": 0.81, "las": 0.76, "sentences": 0.94}
    assert {name: scores[name] for name, floor in floors.items() if scores[name] < floor} == {}


@needs_shared
@pytest.mark.shared
def test_entities_reach_their_aim_on_the_test_part(nlp: Language) -> None:
    assert score_entities(nlp, read_iob2(SHARED / "uner/sv_talbanken-ud-test.iob2"))["entities"] >= 0.75
