"""The action plan: what to do about each confirmed conflict, who is to do it, who decides, and how urgent it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analyzer.reports.acts import NONE, Acts
from analyzer.reports.clash import Clash, SideText, clash_of, moment, shortened
from analyzer.reports.names import GRADE_NAMES, LEVEL_NAMES, TYPE_NAMES, say_text, text_table
from analyzer.review.order import importance, level_bits
from analyzer.scoring.advice import load_swedish, say
from analyzer.scoring.remedies import Note
from analyzer.signals.organisation import ancestors, canonical, load_units
from analyzer.store.queries import ConflictView

#: From which score a measure has high and medium priority; 3 is the most (a sure, clear conflict with a law).
HIGH, MEDIUM = 1.6, 0.8
#: Words of evidence that a sentence has room for.
LONGEST_WORDS = 160


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One measure. `document` is the one that gives way, None where neither does."""

    clash: Clash
    score: float
    priority: str
    unit: str
    document: str | None
    decides: str
    sentence: str
    measure: str
    decided_by: str | None
    decided_at: str | None
    comment: str | None

    def as_json(self) -> dict[str, Any]:
        """Plain values, with the fields that people fill in."""
        clash = self.clash
        return {
            "pair": clash.number,
            "priority": self.priority,
            "score": round(self.score, 3),
            "unit": self.unit,
            "document": self.document,
            "type": clash.kind,
            "grade": clash.grade,
            "probability": round(clash.probability, 6),
            "clash": self.sentence,
            "measure": self.measure,
            "decides": self.decides,
            "responsible": None,
            "due": None,
            "status": None,
            **{f"{letter}_{name}": value for letter in "ab" for name, value in side_json(getattr(clash, letter))},
            "prevails": clash.prevails,
            "decided_by": self.decided_by,
            "decided_at": self.decided_at,
            "comment": self.comment,
        }


def side_json(side: SideText) -> list[tuple[str, str]]:
    """Document, place and words of a side."""
    return [("document", side.title), ("place", side.place), ("quote", side.text)]


def make_items(views: Sequence[ConflictView], acts: dict[str, Acts]) -> list[PlanItem]:
    """A measure for each conflict: units in the order of their most urgent measure, then documents, then urgency."""
    items = [make_item(view, acts.get(view.pair.key, NONE)) for view in views]
    most: dict[tuple[str, str | None], float] = {}
    for item in items:
        for key in ((item.unit, None), (item.unit, item.document or "")):
            most[key] = max(most.get(key, 0.0), item.score)

    def place(item: PlanItem) -> tuple[Any, ...]:
        document = item.document or ""
        of_unit, of_document = most[item.unit, None], most[item.unit, document]
        return -of_unit, item.unit, -of_document, document, -item.score, item.clash.number or 0

    return sorted(items, key=place)


def make_item(view: ConflictView, acts: Acts) -> PlanItem:
    """The measure for one conflict."""
    clash = clash_of(view)
    score = importance(clash.probability, clash.grade, level_bits((clash.a.level, clash.b.level)))
    unit, decides = who_acts(clash)
    yielding = yielding_side(clash)
    last = acts.last
    return PlanItem(
        clash=clash,
        score=score,
        priority="high" if score >= HIGH else "medium" if score >= MEDIUM else "low",
        unit=unit,
        document=yielding.title if yielding else None,
        decides=decides,
        sentence=clash_sentence(clash),
        measure=propose_measure(clash),
        decided_by=last.reviewer if last else None,
        decided_at=moment(last.created_at) if last else None,
        comment=last.comment if last else None,
    )


def yielding_side(clash: Clash) -> SideText | None:
    """The side that gives way, where rank or date tells."""
    return None if clash.prevailing is None else (clash.b, clash.a)[clash.prevailing]


def who_acts(clash: Clash) -> tuple[str, str]:
    """The unit that must act, and who decides, in words.

    Who has issued the document that gives way can change it. Where neither gives way it is for whoever is above both:
    the lowest unit of the organisation tree that is, or holds, both issuers.
    """
    yielding = yielding_side(clash)
    if yielding is not None:
        unit = canonical(yielding.issuer) if yielding.issuer else say_text("common.no_issuer")
        level = LEVEL_NAMES.get(yielding.level or "")
        return unit, say_text("plan.decided_by", unit=unit, level=level) if level else unit
    one, other = (canonical(side.issuer) if side.issuer else None for side in (clash.a, clash.b))
    if one and one == other:
        return one, say_text("plan.same_issuer", unit=one)
    shared = common_unit(one, other) if one and other else None
    if shared:
        return shared, say_text("plan.superior", unit=shared)
    names = {"a": one or say_text("common.no_issuer"), "b": other or say_text("common.no_issuer")}
    return say_text("plan.unknown_superior", **names), say_text("plan.unknown_superior", **names)


def common_unit(one: str, other: str) -> str | None:
    """The lowest unit that is, or holds, both; None where the tree does not say. A kind of units cannot decide."""
    line, units = (other, *ancestors(other)), load_units()
    shared = (unit for unit in (one, *ancestors(one)) if unit in line)
    return next((unit for unit in shared if unit not in units or not units[unit].plural), None)


def clash_sentence(clash: Clash) -> str:
    """The conflict in one sentence, in the words of the evidence."""
    words = {"a": evidence_words(clash.a), "b": evidence_words(clash.b)}
    return text_table("clashes")[clash.kind].format(**words, **documents_of(clash))


def evidence_words(side: SideText) -> str:
    """The words that clash, all of the side where none are marked."""
    words = " … ".join(run.text for run in side.runs if run.mark) or side.text
    line = " ".join(words.split()).rstrip(".")
    return line if len(line) <= LONGEST_WORDS else f"{line[: LONGEST_WORDS - 1].rstrip()}…"


def documents_of(clash: Clash) -> dict[str, str]:
    """Names of both documents as sentences have room for them."""
    return {"doc_a": shortened(clash.a.title), "doc_b": shortened(clash.b.title)}


def propose_measure(clash: Clash) -> str:
    """What to do, from the remedy that both texts support, else by type; and in which document."""
    yielding = yielding_side(clash)
    if clash.remedy_code is None:
        told = text_table("measures_by_type")[clash.kind]
        changed = say_text("plan.own_draft", document=shortened(yielding.title)) if yielding else ""
        return f"{told} {changed}".strip()
    documents = documents_of(clash)
    values = dict(clash.remedy_values)
    named = {"A": documents["doc_a"], "B": documents["doc_b"]}
    own = {"doc": named[values["side"]], "other_doc": named[values["other"]]} if "side" in values else {}
    note = Note("measures", clash.remedy_code, values | own | documents)
    return say(note, {**load_swedish(), "measures": text_table("measures")})


def plan_row(number: int, item: PlanItem) -> dict[str, Any]:
    """One measure as a row under Swedish column names."""
    values = item.as_json() | {
        "number": number,
        "priority": text_table("priorities")[item.priority],
        "type": TYPE_NAMES[item.clash.kind],
        "grade": GRADE_NAMES[str(item.clash.grade)],
        "document": item.document or say_text("plan.undecided_document"),
        "status": say_text("plan.not_begun"),
    }
    return {name: values[key] for key, name in text_table("plan_columns").items()}
