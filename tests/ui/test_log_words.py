import json

import pytest

from ui.language import load_language
from ui.log_words import detail_words, object_words


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ({"decision": "dismiss", "reason": "time"}, "beslut: avfärdad, skäl: tiderna möts inte"),
        ({"role": "reviewer"}, "roll: granskare"),
        ({"fields": "date, title"}, "fält: datum, titel"),
        ({"to": "", "pairs": 0, "reason": None}, "par: 0"),
        ({"unheard_of": 1}, "unheard_of: 1"),
    ],
)
def test_details_are_told_in_the_words_of_the_pages(details: dict[str, object], told: str) -> None:
    assert detail_words(load_language("sv"), json.dumps(details)) == told


@pytest.mark.parametrize("spoilt", ["", "{", "[1]", "null"])
def test_spoilt_details_are_shown_as_they_stand(spoilt: str) -> None:
    assert detail_words(load_language("sv"), spoilt) == spoilt


@pytest.mark.parametrize(
    ("thing", "told"), [("pair 5", "par 5"), ("document 2", "dokument 2"), ("keys", "tangenter"), ("pair x", "pair x")]
)
def test_things_have_names(thing: str, told: str) -> None:
    assert object_words(load_language("sv"), thing) == told
