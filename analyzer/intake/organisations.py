"""Names of authorities as they stand in titles and opening sentences."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("metadata.toml").read_text(encoding="utf-8"))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str | None], ...]:
    """Each pattern with how the name it finds is written, where not as it stands."""
    return tuple(
        (re.compile(rf"(?<![\w-])(?:{entry['pattern']})"), entry.get("name")) for entry in _data()["organisations"]
    )


@cache
def _before() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in _data()["addressees"]["before"])


@cache
def _addressee_pattern(name: str) -> re.Pattern[str]:
    return re.compile(_data()["addressees"][name])


#: A comma or "och" divides two names only before a capital, or before a body that is written small.
_BETWEEN = re.compile(
    r",?\s+(?:och|samt|respektive)\s+(?=[A-ZÅÄÖ]|länsstyrels|kommun|region)|,\s*(?=[A-ZÅÄÖ]|länsstyrels)"
)
_BETWEEN_LISTED = re.compile(
    r",\s+(?:och\s+|samt\s+)?|\s+(?:och|samt|respektive)\s+(?=[A-ZÅÄÖ]|\w+(?:[aeo]rna|sen|nen|gen|ten|heten)\b)"
)
_SMALL_NAMES = re.compile(
    r"(?:samtliga\s+|alla\s+|övriga\s+)?(?:länsstyrels|region|kommun|landsting|statliga\s+myndig|polisregion)"
)
_GENITIVE = re.compile(r"(?:departementet|myndigheten|verket|styrelsen|Regeringen|rådet|vården|polisen|nämnden)s$")
_NAME_CHARS = 90


def find_organisation(text: str) -> str | None:
    """The first authority named in `text` that can issue a document; earlier kinds in the data win over later."""
    for pattern, written in _patterns():
        found = pattern.search(text)
        if found:
            name = written.format(**found.groupdict()) if written else " ".join(found.group().split())
            return name[0].upper() + name[1:]
    return None


def split_names(text: str, *, listed: bool = False) -> list[str]:
    """The names in an enumeration, in the nominative, without what stands in brackets.

    `listed` says that the text is nothing but names ("Till: …"), so that those written small count as well.
    """
    bare = re.sub(r"\s*\([^)]*\)", "", text)
    names = []
    for part in (_BETWEEN_LISTED if listed else _BETWEEN).split(bare):
        name = " ".join(part.split()).strip(" ,.;:")
        if _GENITIVE.search(name):
            name = name[:-1]
        if 2 <= len(name) <= _NAME_CHARS and (listed or name[0].isupper() or _SMALL_NAMES.match(name)):
            names.append(name)
    return list(dict.fromkeys(names))


def find_addressees(title: str, opening: str) -> tuple[str, ...]:
    """Whom the opening sentence charges, else whom the title names."""
    for text in (opening, title):
        for pattern in _before():
            found = pattern.search(text)
            if found:
                rest = re.sub(r"\s*\([^)]{1,60}\)", "", text[found.end() : found.end() + 600])
                stop = _addressee_pattern("end").search(rest)
                if names := _charged(rest[: stop.start()] if stop else rest):
                    return names
        found = _addressee_pattern("ordered").search(text)
        if found and (names := _charged(found.group(1))):
            return names
    subject = _addressee_pattern("subject").match(opening)
    return tuple(name for name in _charged(subject.group(1)) if find_organisation(name) == name) if subject else ()


def _charged(text: str) -> tuple[str, ...]:
    return tuple(name for name in split_names(text) if not _addressee_pattern("never").search(name))
