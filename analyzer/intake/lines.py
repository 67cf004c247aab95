"""Lines and blocks that formats leave to the eye: list markers, glued headings, sentences cut in two."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.resources import files

from .blocks import Block

_DATA = tomllib.loads(files(__package__).joinpath("lines.toml").read_text(encoding="utf-8"))
_BULLETS = re.escape(_DATA["markers"]["bullets"])
_ROMAN = "|".join(sorted(_DATA["markers"]["roman"], key=len, reverse=True))
_MARKER = re.compile(rf"(?:([{_BULLETS}])|(\d{{1,2}}[.)])|([a-zåäö]\)|(?:{_ROMAN})\)))\s+(?=\S)")
#: Bullets that only ever are bullets need no space after them; a trailing one is the next item's, left over.
_TIGHT_BULLET = re.compile(r"[•▪●]\s*(?=\S)")
_TRAILING_BULLET = re.compile(r"\s*[•▪●]\s*$")

_OPENERS = "|".join(_DATA["headings"]["openers"])
_GLUED_HEADING = re.compile(
    rf"^([^.!?:;]{{3,{_DATA['headings']['max_chars']}}}?[a-zåäö])((?:{_OPENERS})\s.*)$", re.DOTALL
)
_GLUED_WORD = re.compile(rf"\b({'|'.join(_DATA['joins']['glued_words'])})(?=[A-ZÅÄÖ][a-zåäö]{{3}})")
_GLUED_SENTENCE = re.compile(r"(?<![/@.\w-])([a-zåäö-]{3,40}[.:;])(?=[A-ZÅÄÖ][a-zåäö]+[\s,])")
_OPEN_END = re.compile(rf"(?:^|\s)(?:{'|'.join(_DATA['joins']['open_ends'])})$")
_FIELD_LINE = re.compile(r"^[ \t]*[A-ZÅÄÖ][\w/. -]{1,30}:[ ]+\S.{0,100}$", re.MULTILINE)
_SENTENCE_WORD = re.compile(rf"\b(?:{'|'.join(_DATA['headings']['sentence_words'])})\b", re.IGNORECASE)
_SUSPENDED = re.compile(rf"(?:{'|'.join(_DATA['joins']['suspending'])})\b")
_ENDS_DIVIDED = re.compile(r"[^\W_]-$")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+[A-ZÅÄÖ]")
_NEXT_NUMBER = re.compile(r"(?<=[,;.])\s+(\d{1,2})\.\s+(?=\S)")


def match_marker(line: str) -> tuple[str, str] | None:
    """(marker, rest of the line) when the line opens a list item."""
    tight = _TIGHT_BULLET.match(line)
    if tight:
        return line[0], line[tight.end() :]
    found = _MARKER.match(line)
    return (found.group().strip(), line[found.end() :]) if found else None


def split_lines(
    text: str, *, level: int = 0, page: int | None = None, numbers: bool = True, divided: bool = False
) -> list[Block]:
    """One wrapped paragraph as blocks: running text, and list items where lines open with a marker.

    A number opens an item only as the first line, as 1, or when it follows the item before, so that a date
    or a sum at the start of a wrapped line stays where it is. `divided` says that the source was set in lines,
    so that a hyphen at the end of one may have divided a word.
    """
    parts: list[tuple[str | None, list[str]]] = []
    # Two lines or more of "Datum: …" are a document's head, one fact a line, not a wrapped sentence.
    head = len(_FIELD_LINE.findall(text)) >= 2
    number = None
    for raw in text.split("\n"):
        line = _TRAILING_BULLET.sub("", raw.strip())
        if not line:
            continue
        found = match_marker(line)
        if found and found[0][0].isdigit():
            value = int(found[0][:-1])
            opens = number is None and (value == 1 or not parts)
            if numbers and (opens or value == (number or -1) + 1):
                number = value
            else:
                found = None
        if found:
            parts.append((found[0], [found[1]]))
        elif parts and not (head and _FIELD_LINE.match(line)):
            parts[-1][1].append(line)
        else:
            parts.append((None, [line]))
    blocks = []
    for marker, lines in parts:
        joined = join_lines(lines) if divided else " ".join(lines)
        if marker:
            blocks.append(Block("list_item", joined, level=max(level, 1), marker=marker))
        else:
            blocks.append(Block("paragraph", joined, level=level))
    return blocks


def join_lines(lines: Iterable[str]) -> str:
    """Printed lines as running text, words that were divided made whole.

    The hyphen stays where it belongs to the word: after a capital or a digit ("EU-regler"), and where one part of
    a compound is left out ("kort- och långsiktig").
    """
    pieces: list[str] = []
    for line in lines:
        before = pieces[-1] if pieces else ""
        if not _ENDS_DIVIDED.search(before) or _SUSPENDED.match(line):
            pieces += [" ", line] if pieces else [line]
        elif before[-2].islower() and line[:1].islower():
            pieces[-1:] = [before[:-1], line]
        else:
            pieces.append(line)
    return "".join(pieces)


def looks_like_heading(text: str) -> bool:
    """Whether a short line standing alone reads as a heading: no end mark, no finite verb, a capital first."""
    limits = _DATA["headings"]
    if not text or len(text) > limits["max_chars"] or text[-1] in ".,;:!?-–" or len(text.split()) > limits["max_words"]:
        return False
    if not (text[0].isupper() or text[0].isdigit()) or not any(character.isalpha() for character in text):
        return False
    return not (_SENTENCE_WORD.search(text) or _OPEN_END.search(text) or _FIELD_LINE.match(text))


def number_level(text: str) -> int | None:
    """Heading level from section numbering: "2 Mål" is 1, "2.1 Mål" is 2."""
    found = _NUMBERED.match(text)
    return found.group(1).count(".") + 1 if found else None


def refine(blocks: Iterable[Block]) -> Iterator[Block]:
    """Mends what exports break: glued headings, words and sentences, items run together or cut in two."""
    pending: Block | None = None
    for block in blocks:
        for part in _split_glued(block):
            if pending is None:
                pending = part
            elif _continues(pending, part):
                pending = replace(pending, text=f"{pending.text} {part.text}")
            else:
                yield pending
                pending = part
    if pending is not None:
        yield pending


def _split_glued(block: Block) -> Iterator[Block]:
    text = _GLUED_WORD.sub(r"\1 ", _GLUED_SENTENCE.sub(r"\1 ", block.text))
    if block.kind == "paragraph":
        glued = _GLUED_HEADING.match(text)
        if glued and looks_like_heading(glued.group(1)):
            yield Block("heading", glued.group(1), level=6, page=block.page)
            text = glued.group(2)
    if block.kind == "list_item" and block.marker.rstrip(".").isdigit():
        yield from _split_numbers(replace(block, text=text))
    else:
        yield replace(block, text=text)


def _split_numbers(item: Block) -> Iterator[Block]:
    """ "1. förebygga brott, 2. övervaka ordningen" in one item is two; only the very next number splits."""
    number = int(item.marker.rstrip("."))
    start = 0
    for found in _NEXT_NUMBER.finditer(item.text):
        if int(found.group(1)) == number + 1:
            yield replace(item, text=item.text[start : found.start()], marker=f"{number}.")
            number, start = number + 1, found.end()
    yield replace(item, text=item.text[start:], marker=f"{number}.")


def _continues(before: Block, after: Block) -> bool:
    if after.kind != "paragraph" or before.kind not in ("paragraph", "list_item") or not after.text[:1].islower():
        return False
    return bool(_OPEN_END.search(before.text.rstrip()[-20:]))
