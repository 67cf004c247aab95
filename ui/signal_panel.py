"""The frame of a signal beside the text: every slot in words, and a short form for the pointer that rests on it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from analyzer.records import Frame, Signal
from analyzer.signals.lexicon import load_lexicon
from ui.frames_table import period_words, quantity_words
from ui.language import Language
from ui.plain import plain, shorten
from ui.references import find_references
from ui.stretches import Part

#: Slots in the order of the guidelines.
SLOTS = (
    "addressee",
    "modality",
    "action",
    "direction",
    "object",
    "quantity",
    "deadline",
    "period",
    "priority",
    "resource",
    "condition",
    "exception",
    "goals",
    "references",
)
BRIEF = 160


def panel_lines(t: Language, signals: Sequence[Signal]) -> str:
    """The signals' frames one under the other, as safe Markdown."""
    if not signals:
        return t("documents.panel_empty")
    shared = [f"**{t('documents.lead_in_to', count=len(signals))}**"] if len(signals) > 1 else []
    return "\n\n".join([*shared, *(part for signal in signals for part in frame_lines(t, signal))])


def frame_lines(t: Language, signal: Signal) -> list[str]:
    """Number and words of a signal, a list of its filled slots, and the names of the empty ones."""
    slots = slot_words(t, signal)
    filled = "".join(
        f"<div><dt>{plain(t(f'signal.{name}'))}</dt><dd>{'<br>'.join(plain(line) for line in lines)}</dd></div>"
        for name, lines in slots.items()
        if lines
    )
    parts = [f"### {t('documents.signal_number', number=signal.ordinal + 1)}", plain(signal.text), f"<dl>{filled}</dl>"]
    empty = [t(f"signal.{name}").lower() for name, lines in slots.items() if not lines]
    return [*parts, t("documents.not_stated", list=", ".join(empty))] if empty else parts


def slot_words(t: Language, signal: Signal) -> dict[str, list[str]]:
    """The lines of each slot, in the order of `SLOTS`; none where the signal does not say."""
    frame = signal.frame
    excepting = bool(frame.condition) and is_exception(str(frame.condition))
    words: dict[str, list[str | None]] = {
        "addressee": [*frame.addressee],
        "modality": [binding_words(t, frame)],
        "action": [frame.action],
        "direction": [t.name("directions", frame.direction)],
        "object": [frame.object],
        "quantity": [quantity_words(t, quantity) for quantity in frame.quantity],
        "deadline": [frame.deadline],
        "period": [period_words(frame)],
        "priority": [t.name("priorities", frame.priority)],
        "resource": [t.name("resources", resource) for resource in frame.resource],
        "condition": [None if excepting else frame.condition],
        "exception": [frame.condition if excepting else None],
        "goals": [goal_words(t, goal) for goal in frame.goals],
        "references": [*find_references(signal.text)],
    }
    return {name: [line for line in words[name] if line] for name in SLOTS}


def binding_words(t: Language, frame: Frame) -> str:
    """How the signal binds: "ska (skyldighet)", and what the act is bound to where that is not doing it."""
    word = t.name("binding", frame.modality)
    # A ban already says that the act is to be left undone.
    aim = "" if frame.modality == "prohibition" else t.name("polarities", frame.polarity)
    return ", ".join(part for part in (word, aim) if part)


def goal_words(t: Language, pole: str) -> str:
    """A pole such as "speed-" as what the signal does to the goal."""
    return t("documents.serves" if pole.endswith("+") else "documents.burdens", goal=t.name("goals", pole[:-1]))


@cache
def exception_openers() -> tuple[str, ...]:
    """How conditions begin that take something out rather than limit the whole; "endast om" does the latter."""
    condition = load_lexicon("slots")["condition"]
    return tuple(opener for opener in condition["exceptions"] if not opener.startswith("endast"))


def is_exception(condition: str) -> bool:
    """Whether a condition opens as an exception does."""
    return condition.lower().startswith(exception_openers())


def brief_frame(t: Language, signal: Signal) -> str:
    """Who, how bound, what, how much and by when, on one line."""
    frame = signal.frame
    act = " ".join(
        part for part in (t.name("binding", frame.modality).split(" (")[0], frame.action, frame.object) if part
    )
    amounts = [quantity_words(t, quantity) for quantity in frame.quantity]
    due = [t("documents.due", date=frame.deadline)] if frame.deadline else []
    return shorten(" · ".join([*([", ".join(frame.addressee)] if frame.addressee else []), act, *amounts, *due]), BRIEF)


def hint_lines(t: Language, part: Part) -> str:
    """The short form for every marked line of the text, in its order, as a safe Markdown list."""
    briefs = {signal.ordinal: brief_frame(t, signal) for signal in part.signals}
    hints = []
    for stretch in part.stretches:
        count = len(stretch.signals)
        if count:
            hint = briefs[stretch.signals[0]] if count == 1 else t("documents.lead_in_to", count=count)
            hints += [f"- {plain(hint)}"] * len(stretch.lines)
    return "\n".join(hints)
