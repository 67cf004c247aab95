"""Frames for all signals of a document, each inheriting what it leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from spacy.tokens import Doc

from analyzer.records import Frame
from analyzer.signals.actors import names_actor, own_name, read_actors
from analyzer.signals.finding import LONGEST_LEAD, Found
from analyzer.signals.frames import build_frame
from analyzer.signals.lexicon import load_lexicon
from analyzer.signals.organisation import canonical
from analyzer.signals.passages import Block
from analyzer.signals.predicates import read_predicate
from analyzer.signals.rows import build_row_frame
from analyzer.signals.subjects import Context
from analyzer.signals.words import TokenPlaces, Words, join_words, place_tokens, read_words

_REPORTS = ("slutredovisa", "slutrapportera", "redovisa", "rapportera")


@dataclass(slots=True)
class _Memory:
    """What the signals so far have said."""

    charged: tuple[str, ...]
    last: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    reporter: tuple[str, ...] = ()
    deadline: str | None = None
    names: dict[str, str] = field(default_factory=dict)


def read_frames(doc: Doc, found: Sequence[Found], blocks: Sequence[Block], facts: Mapping[str, Any]) -> list[Frame]:
    """One frame for each of `found`, in order. `facts` may hold `level`, `addressees` and `issuer` of the document."""
    charged = tuple(name for given in facts.get("addressees") or () for name in read_actors(given))
    memory = _Memory(charged or _issuer_as_addressee(facts))
    frames: list[Frame] = []
    places, text = place_tokens(doc), doc.text
    for one in found:
        frame = _read_frame(places, one, blocks, facts, memory, first=not frames and not charged)
        _remember(text[one.start : one.end].lower(), one, frame, memory, blocks)
        frames.append(frame)
    return _point_at_report(text, found, frames)


def _issuer_as_addressee(facts: Mapping[str, Any]) -> tuple[str, ...]:
    issuer = facts.get("issuer")
    return (issuer,) if issuer and canonical(issuer) not in ("Regeringen", "Regeringskansliet") else ()


def _read_frame(
    places: TokenPlaces,
    one: Found,
    blocks: Sequence[Block],
    facts: Mapping[str, Any],
    memory: _Memory,
    *,
    first: bool,
) -> Frame:
    words = read_words(places.cut(one.start, one.end))
    heading = _addressed_by_heading(blocks[one.block])
    context = Context(
        addressee=heading or _inherited(words, memory),
        last=memory.last,
        level=facts.get("level"),
        previous_deadline=memory.deadline,
    )
    own = read_predicate(words, 0, len(words))
    if one.lead_start is not None and one.lead_end is not None:
        lead = read_words(places.cut(max(one.lead_start, one.lead_end - LONGEST_LEAD), one.lead_end))
        joined = join_words(lead, words)
        predicate = read_predicate(joined, 0, len(joined))
        if own.kind in ("assignment", "auxiliary"):
            leading = build_frame(joined, predicate, context)
            frame = build_frame(words, own, replace(context, addressee=leading.addressee or context.addressee))
        else:
            frame = build_frame(joined, predicate, context)
    elif blocks[one.block].kind == "table_row":
        frame = build_row_frame(words, context)
    else:
        frame = build_frame(words, own, context)
    listed = _listed_participants(words, one, blocks, frame)
    frame = replace(frame, addressee=listed) if listed else frame
    issuer = facts.get("issuer")
    names = tuple(dict.fromkeys(_name_as_first_written(own_name(name, issuer), memory) for name in frame.addressee))
    if first and own.kind == "assignment" and names:
        memory.charged = names
    return replace(frame, addressee=names)


def _listed_participants(words: Words, one: Found, blocks: Sequence[Block], frame: Frame) -> tuple[str, ...]:
    """The names in "I arbetet medverkar:" and the list below, when lead-in and items are one signal."""
    if one.end <= blocks[one.block].end or frame.action not in ("medverka", "delta"):
        return ()
    items = [item.strip(" ,.;•*-–") for item in words.text.partition(":")[2].split("\n")]
    return tuple(name for item in items if item for name in read_actors(item.removesuffix(" och")))


def _addressed_by_heading(block: Block) -> tuple[str, ...]:
    """A heading that names somebody charges whoever it names with what stands below."""
    if not block.headings:
        return ()
    names = read_actors(block.headings[-1])
    return names if names and len(block.headings) > 1 and all(names_actor(name) for name in names) else ()


def _inherited(words: Words, memory: _Memory) -> tuple[str, ...]:
    """Who a passive, "uppdraget" or "myndigheterna" charges here."""
    if memory.reporter and any(word.startswith(("redovis", "slutredovis")) for word in words.lower[:4]):
        return memory.reporter
    if words.lower[:2] == ["de", "samordnande"]:
        return memory.charged
    if memory.participants and any(word in ("myndigheterna", "myndigheternas") for word in words.lower[:8]):
        return (*memory.charged, *memory.participants)
    if not memory.charged and any(word in ("myndigheten", "verket", "myndigheterna") for word in words.lower[:8]):
        return memory.last
    return memory.charged


def _name_as_first_written(name: str, memory: _Memory) -> str:
    """The same office under the name that the document used first; an abbreviation gives way to the full name."""
    known = canonical(name)
    written = memory.names.setdefault(known, known if name.isupper() and len(name) <= 6 else name)
    return written


def _remember(text: str, one: Found, frame: Frame, memory: _Memory, blocks: Sequence[Block]) -> None:
    if frame.addressee and frame.addressee != memory.charged:
        memory.last = frame.addressee
    memory.deadline = frame.deadline or memory.deadline
    if frame.action == "ansvara" and "redovis" in text and len(frame.addressee) == 1:
        memory.reporter = frame.addressee
    if frame.action in ("medverka", "delta") and one.end > blocks[one.block].end:
        memory.participants = frame.addressee


def _is_final_report(frame: Frame) -> bool:
    return frame.action in _REPORTS or (frame.action == "lämna" and "rapport" in (frame.object or "").lower())


def _point_at_report(text: str, found: Sequence[Found], frames: list[Frame]) -> list[Frame]:
    """Fills deadlines that point at the document's final report, wherever that is ordered."""
    report = next(
        (frame.deadline for frame in reversed(frames) if frame.deadline and _is_final_report(frame)),
        None,
    )
    cues = [cue.rstrip("*") for cue in load_lexicon("dates")["pointers"]["report"]]
    return [
        replace(frame, deadline=report)
        if report and frame.deadline is None and any(cue in text[one.start : one.end].lower() for cue in cues)
        else frame
        for one, frame in zip(found, frames, strict=True)
    ]
