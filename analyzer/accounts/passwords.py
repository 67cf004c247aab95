"""Passwords: which are good enough, and argon2id for keeping and comparing them."""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from analyzer.errors import UsageError

LEAST_LENGTH = 12
#: Longer ones are refused before any work is done on them.
MOST_LENGTH = 256
LEAST_DIFFERENT = 5

HASHER = PasswordHasher()  # RFC 9106's second choice: 64 MiB, three passes
#: What an unknown name's password is compared with, so that it takes as long as a known name's.
NOBODY = HASHER.hash("nobody has this password")
#: Each comparison takes 64 MiB: more at a time than this would let strangers fill the memory.
AT_ONCE = threading.BoundedSemaphore(2)


def check_rules(name: str, password: str) -> None:
    """Refuse passwords that are easily guessed.

    Raises:
        UsageError: the password is too short, too long, too plain, or little but the person's name.
    """
    text = normal(password)
    if len(text) < LEAST_LENGTH:
        raise UsageError(f"Lösenordet är för kort; det behöver minst {LEAST_LENGTH} tecken, gärna några ord i följd.")
    if len(text) > MOST_LENGTH:
        raise UsageError(f"Lösenordet är för långt; det får ha högst {MOST_LENGTH} tecken.")
    if len(text.lower().replace(name.lower(), "")) < LEAST_LENGTH:
        raise UsageError(f"Lösenordet är för likt namnet; det behöver minst {LEAST_LENGTH} tecken utöver det.")
    if len(set(text)) < LEAST_DIFFERENT:
        raise UsageError(f"Lösenordet är för enkelt; det behöver minst {LEAST_DIFFERENT} olika tecken.")


def make_hash(password: str) -> str:
    """The argon2id hash to keep, with its own salt and parameters."""
    with AT_ONCE:
        return HASHER.hash(normal(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one that was kept. `None` (an unknown name) takes as long and is never right."""
    if len(password) > MOST_LENGTH:
        return False
    with AT_ONCE:
        try:
            HASHER.verify(password_hash or NOBODY, normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def needs_new_hash(password_hash: str) -> bool:
    """Whether it was made with other parameters than those of today."""
    return HASHER.check_needs_rehash(password_hash)


def normal(password: str) -> str:
    """The same characters whichever way the keyboard composes å, ä and ö."""
    return unicodedata.normalize("NFC", password)
