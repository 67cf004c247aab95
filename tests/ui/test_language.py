import re
from pathlib import Path
from string import Formatter

import pytest

import ui
from analyzer.accounts.audit import FAULTS
from analyzer.accounts.roles import ROLES
from analyzer.matching.columns import RESOURCES
from analyzer.matching.rules import RULES
from analyzer.records import CONFLICT_TYPES, LEVELS, PAIR_TYPES
from analyzer.review.decisions import DECISIONS, DISMISSAL_REASONS
from analyzer.review.order import SORTS
from analyzer.scoring.remedies import REMEDIES, load_texts
from analyzer.signals.lexicon import load_lexicon
from ui.accounts import ACTIONS, LOG_COLUMNS, USER_COLUMNS
from ui.frame import KEYS
from ui.frames_table import COLUMNS
from ui.language import LANGUAGES, load_language
from ui.metadata_form import FIELDS
from ui.signal_panel import SLOTS

SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted(Path(ui.__file__).parent.glob("*.py")))

#: Acts that are logged outside of the pages, or under a name that is put together.
ACTS_ELSEWHERE = (
    *("login", "login_failed", "logout", "password_changed", "password_refused"),
    *("scan", "backup", "load", "watch", "reading", "adjudication"),
)
#: Tables whose keys are the program's own words, with the words that must have a name.
VOCABULARIES = {
    "types": set(PAIR_TYPES),
    "grades": {"0", "1", "2"},
    "statuses": {"open", "disagreed", *DECISIONS},
    "sorts": set(SORTS),
    "kinds": {"reading", "adjudication"},
    "dismissals": set(DISMISSAL_REASONS),
    "levels": set(LEVELS),
    "modalities": {"obligation", "prohibition", "permission", "recommendation", "goal"},
    "directions": {"increase", "decrease", "maintain", "start", "stop", "none"},
    "priorities": {"absolute", "high", "none"},
    "comparators": {"min", "max", "exact"},
    "resources": set(RESOURCES),
    "rules": set(RULES),
    "stages": {"read", "embed", "propose", "judge", "explain", "store"},
    "prevails": set(load_texts()["prevails"]),
    "remedies": {remedy.__name__ for remedies in REMEDIES.values() for remedy in remedies},
    "sources": set(LEVELS),
    "means": set(RESOURCES),
    "marks": {"evidence", "signal", "chosen"},
    "binding": {"obligation", "prohibition", "permission", "recommendation", "goal"},
    "polarities": {"for", "against", "only"},
    "goals": set(load_lexicon("goals")["dimensions"]),
    "roles": set(ROLES),
    "chain": set(FAULTS),
    "objects": {"keys", "view", "begun"},
    "details": {
        *["address", "role", "decision", "reason", "what", "pairs", "to", "fields", "corrected", "documents", "skipped"]
    },
    "acts": {*re.findall(r"""\blog\(\s*["']([a-z_ ]+)["']""", SOURCES), *ACTS_ELSEWHERE},
}

ACCOUNT_TEXTS = {*ACTIONS, *USER_COLUMNS, *LOG_COLUMNS, "users", "log", "mode_open", "mode_local", "mode_header"}
#: Keys that are put together from a name.
COMPOSED = {"accounts": ACCOUNT_TEXTS, "documents": FIELDS, "signal": {*COLUMNS, *SLOTS}, "review": KEYS}


def keys(code: str) -> dict[str, str]:
    tables = load_language(code).tables
    return {f"{table}.{name}": text for table, texts in tables.items() for name, text in texts.items()}


def test_languages_have_the_same_keys_with_room_for_the_same_values() -> None:
    swedish, english = keys("sv"), keys("en")
    assert swedish.keys() == english.keys()
    for key in swedish:
        fields = [{field for _, field, *_ in Formatter().parse(texts[key])} - {None} for texts in (swedish, english)]
        assert fields[0] == fields[1], key


#: Words for several, and how a text says how many there are.
SEVERAL = {
    "sv": "rader flaggor signaler styrsignaler konflikter filer poster stycken möjliga nya öppna avgjorda troliga",
    "en": "rows flags signals documents conflicts files records paragraphs pairs ones were",
}
#: What a count is called in the texts.
COUNTS = {"count", "rows", "signals", "documents", "skipped", "passages"} | {"open", "decided", "candidates", "fresh"}
#: Texts of which the count is never 1, or is one of several.
MANY = {"documents.lead_in_to", "upload.most", "upload.more", "draft.duplicates"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_one_is_told_in_the_singular(code: str) -> None:
    t, several = load_language(code), SEVERAL[code].replace(" ", "|")
    wrong = re.compile(rf"\b1\b\**( (?!1)[^\W\d]+){{0,2}}? ({several})\b")
    counted = 0
    for key, text in keys(code).items():
        names = {field for _text, field, *_rest in Formatter().parse(text) if field}
        if names & COUNTS and key not in MANY:
            told = t(key, **{name: "1" if name in COUNTS else "…" for name in names})
            assert not wrong.search(told), told
            counted += "|" in text
    assert counted > 15


def test_counts_choose_their_word() -> None:
    t = load_language("sv")
    told = [t("export.count", count=count) for count in (0, 1, "1", 2, t.number(1), t.number(21), t.number(1001))]
    assert [text.rstrip(".").split()[-1] for text in told] == [
        *("flaggor", "flagga", "flagga", "flaggor", "flagga", "flaggor", "flaggor")
    ]
    assert t("accounts.chain_whole", rows=1, hash="ab") == "Loggen är hel: 1 rad, den sista med kontrollsumman ab."
    with pytest.raises(KeyError):
        t("export.count")


def test_every_text_is_used() -> None:
    composed = {f"{table}.{name}" for table, names in COMPOSED.items() for name in names}
    asked = composed | set(re.findall(r"""["']([a-z_]+\.[a-z_]+)["']""", SOURCES))
    unused = [key for key in keys("sv") if key.split(".")[0] not in VOCABULARIES and key not in asked]
    assert unused == []


def test_every_text_that_is_asked_for_exists() -> None:
    known = keys("sv")
    asked = re.findall(r"""\bt\(\s*["']([a-z_]+\.[a-z_]+)["']""", SOURCES)
    assert len(asked) > 80
    assert [key for key in asked if key not in known] == []


@pytest.mark.parametrize("table", sorted(VOCABULARIES))
@pytest.mark.parametrize("code", LANGUAGES)
def test_vocabulary_has_names(table: str, code: str) -> None:
    missing = VOCABULARIES[table] - load_language(code).tables[table].keys()
    assert not missing, f"{table} lacks {sorted(missing)} in {code}.toml"


def test_swedish_type_names_are_those_of_the_guidelines() -> None:
    t = load_language("sv")
    assert [t.name("types", type_) for type_ in CONFLICT_TYPES] == [
        "Motsägelse",
        "Oförenliga målvärden",
        "Ansvarskonflikt",
        "Prioriteringskonflikt",
        "Resurskonflikt",
        "Målkonflikt",
    ]


@pytest.mark.parametrize(
    ("share", "swedish", "english"),
    [(0.0, "0 %", "0%"), (0.004, "<1 %", "<1%"), (0.5, "50 %", "50%"), (0.999, "99 %", "99%"), (1.0, "100 %", "100%")],
)
def test_percent_is_never_surer_than_the_judge(share: float, swedish: str, english: str) -> None:
    told = [load_language(code).percent(share).replace("\u00a0", " ") for code in LANGUAGES]
    assert told == [swedish, english]


def test_numbers_follow_the_language() -> None:
    assert load_language("sv").number(1234567.5, 1).replace("\u00a0", " ") == "1 234 567,5"
    assert load_language("en").number(1234567.5, 1) == "1,234,567.5"
    assert load_language("sv").signed(-2.44) == "−2,4"


def test_advice_on_the_page_is_that_of_the_reports() -> None:
    tables = load_language("sv").tables
    assert {name: tables[name] for name in ("prevails", "remedies", "sources", "means")} == {
        name: table for name, table in load_texts().items() if name != "cases"
    }
