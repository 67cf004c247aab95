import pytest

from analyzer.accounts.roles import RIGHTS, ROLES, may, read_role
from analyzer.errors import UsageError

#: The table as it was agreed on, written out: what each role may, from least to most.
AGREED = {
    "reader": {"see", "check_draft", "save_view"},
    "reviewer": {"decide", "export"},
    "strategist": {"upload", "correct", "assign", "bulk", "adjudicate"},
    "administrator": {"manage_users", "read_audit"},
}


def test_each_role_may_what_was_agreed_and_what_the_lesser_may() -> None:
    allowed: set[str] = set()
    for role in ROLES:
        allowed |= AGREED[role]
        assert {right for right in RIGHTS if may(role, right)} == allowed


def test_unknown_roles_may_nothing_and_unknown_rights_are_a_fault() -> None:
    assert not any(may(role, right) for role in ("", "root", "Reader") for right in RIGHTS)
    with pytest.raises(KeyError):
        may("administrator", "fly")


@pytest.mark.parametrize(
    ("text", "role"), [("Läsare", "reader"), (" strateg ", "strategist"), ("reviewer", "reviewer")]
)
def test_roles_are_read_in_both_languages(text: str, role: str) -> None:
    assert read_role(text) == role


def test_other_words_are_no_roles() -> None:
    with pytest.raises(UsageError, match="välj en av läsare"):
        read_role("chef")
