import time
import unicodedata

import pytest

from analyzer.accounts import passwords
from analyzer.accounts.passwords import check_rules, is_right, make_hash, needs_new_hash
from analyzer.errors import UsageError
from tests.accounts.conftest import GOOD


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("elva tecken", "för kort"),
        ("x" * 300, "för långt"),
        ("ANNA.BERG och mer", "likt namnet"),
        ("abababababab", "för enkelt"),
        ("", "för kort"),
    ],
)
def test_bad_passwords_are_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        check_rules("anna.berg", password)


def test_good_passwords_pass() -> None:
    check_rules("anna.berg", GOOD)
    check_rules("anna.berg", "tolvtecken!!")
    check_rules("bo", "boskap på bete")


def test_hash_is_argon2id_salted_and_holds_no_password() -> None:
    first, second = make_hash(GOOD), make_hash(GOOD)
    assert first.startswith("$argon2id$") and first != second and GOOD not in first
    assert is_right(first, GOOD) and is_right(second, GOOD) and not is_right(first, GOOD + " ")


def test_composed_and_decomposed_letters_are_the_same_password() -> None:
    kept = make_hash(unicodedata.normalize("NFD", GOOD))
    assert is_right(kept, unicodedata.normalize("NFC", GOOD))


@pytest.mark.usefixtures("quick_hashes")
def test_broken_hash_and_endless_password_are_not_right() -> None:
    assert not is_right("not a hash", GOOD)
    assert not is_right(make_hash(GOOD), "x" * 1_000_000)
    assert not is_right(None, "nobody")


def test_weaker_hashes_are_to_be_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    assert needs_new_hash(weak) and not needs_new_hash(passwords.NOBODY)


def test_unknown_name_takes_as_long_as_a_known_one() -> None:
    kept = make_hash(GOOD)

    def shortest(password_hash: str | None) -> float:
        times = []
        for _ in range(5):
            begin = time.perf_counter()
            is_right(password_hash, "fel lösenord här")
            times.append(time.perf_counter() - begin)
        return min(times)

    known, unknown = shortest(kept), shortest(None)
    assert 0.5 < unknown / known < 2
