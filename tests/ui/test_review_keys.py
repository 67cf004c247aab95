"""Keys of one's own: what is taken, what is refused, what the buttons then say."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.errors import UsageError
from tests.ui.test_review_page import Desk, make_page
from ui.frame import KEYS
from ui.language import load_language
from ui.review_keys import CHANGEABLE, check_keys, key_line, keys_of

T = load_language("sv")
DEFAULT = {action: " ".join(KEYS[action]) for action in CHANGEABLE}


def test_the_programs_own_keys_do_not_collide() -> None:
    assert check_keys(T, DEFAULT) == {action: KEYS[action] for action in CHANGEABLE}


@pytest.mark.parametrize(
    ("keys", "said"),
    [("a", "används redan"), ("", "saknar tangent"), ("5", "går inte"), ("ab", "går inte"), ("\x07", "går inte")],
)
def test_keys_that_cannot_be_are_refused_by_name(keys: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        check_keys(T, DEFAULT | {"next": keys})
    assert "Nästa" in str(caught.value) or "Avfärda" in str(caught.value)


def test_own_keys_are_kept_shown_and_reset(sessions: sessionmaker[Session]) -> None:
    page = make_page(sessions)
    anna = Desk(page, "anna")
    typed = DEFAULT | {"confirm": "y J", "next": "n"}
    with anna.here():
        values = page.keys.save(*typed.values())
        confirm = values[CHANGEABLE.index("confirm")]
    assert (confirm.value, confirm.elem_classes) == ("Bekräfta (Y)", ["key-y", "key-j", "needs-decide"])
    assert "Y/J = Bekräfta" in values[-2]
    with sessions() as session:
        assert keys_of(session, "anna")["confirm"] == ["y", "j"]
        assert keys_of(session, "bo") == KEYS
    with anna.here():
        assert page.keys.reset()[CHANGEABLE.index("confirm")].value == "Bekräfta (B)"


def test_signs_that_markdown_reads_are_only_signs() -> None:
    assert "&#42; = Nästa" in key_line(T, {"next": ["*"]})
