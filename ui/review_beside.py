"""What stands beside a pair: other flags on its signals, similar pairs that are decided, and two readers who differ."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from analyzer.review.similar import SimilarPair, similar_decided
from analyzer.review.standing import ADJUDICATION, READING, UNDO, standing_acts
from analyzer.store.flags import FlagRow, flag_rows, touching_flags
from analyzer.store.queries import OPEN, ConflictView
from analyzer.store.schema import PairRow, ReviewRow
from ui.language import Language
from ui.plain import plain, shorten
from ui.review_view import pair_link, rows_choices
from ui.sides import title_of

#: Other flags on the same signals that are listed; all of them are a click away.
TOUCHING = 6
SIMILAR = 5
#: Pairs less alike than this have little to say of each other.
LEAST_ALIKE = 0.55


def touching_choices(t: Language, session: Session, pair: PairRow) -> list[tuple[str, int]]:
    """(row, pair id) of other flags on either signal."""
    return rows_choices(t, touching_flags(session, pair, TOUCHING))


def similar_lines(t: Language, session: Session, view: ConflictView) -> str:
    """Decided pairs most like this one, with what was decided and why, as safe Markdown."""
    found = similar_decided(session, view.pair, limit=SIMILAR, least=LEAST_ALIKE)
    rows = {row.pair_id: row for row in flag_rows(session, [one.pair_id for one in found])}
    lines = [similar_line(t, one, rows[one.pair_id]) for one in found if one.pair_id in rows]
    body = "\n".join(f"- {line}" for line in lines) if lines else t("work.no_similar")
    return f"**{t('work.similar')}**\n\n{body}"


def similar_line(t: Language, one: SimilarPair, row: FlagRow) -> str:
    """How alike, a link, the documents, the decision, its reason and its comment."""
    titles = [
        plain(shorten(title_of(t, told, source), 40)) for told, source in zip(row.metadata, row.sources, strict=True)
    ]
    why = f" ({t.name('dismissals', one.act.reason)})" if one.act.reason else ""
    said = f": {plain(shorten(one.act.comment, 120))}" if one.act.comment else ""
    link = f"[{t('work.pair', number=one.pair_id)}]({pair_link(t, one.pair_id)})"
    decision = f"**{t.name('statuses', one.act.decision)}**{why}"
    return f"{t.percent(one.similarity)} · {link} · {' ↔ '.join(titles)} · {decision}{said}"


def visible_acts(rows: Sequence[ReviewRow], reviewer: str, status: str) -> tuple[list[ReviewRow], int]:
    """The acts that this person may see, and how many readings are kept from them.

    While a pair is open another's independent reading stays hidden from who has not read it: whoever reads second is
    not to see the first.
    """
    acts = standing_acts(rows)
    read = any(row.kind == READING and row.reviewer == reviewer for row in acts)
    if status != OPEN or read:
        return list(rows), 0
    shown = [row for row in rows if row.kind != READING or row.reviewer == reviewer]
    return shown, sum(row.kind == READING and row.reviewer != reviewer for row in acts)


def dispute_lines(t: Language, rows: Sequence[ReviewRow], *, settles: bool) -> str:
    """What the readers who differ have said, as safe Markdown. `settles`: the person may say what holds."""
    readings: dict[str, ReviewRow] = {}
    for row in standing_acts(rows):
        if row.kind == ADJUDICATION or (row.kind is None and row.reason != UNDO):
            readings.clear()
        elif row.kind == READING:
            readings[row.reviewer] = row
    lines = []
    for row in readings.values():
        why = f" ({t.name('dismissals', row.reason)})" if row.reason else ""
        said = f": {plain(row.comment)}" if row.comment else ""
        lines.append(f"- {plain(row.reviewer)}: **{t.name('statuses', row.decision)}**{why}{said}")
    head = f"{t('work.dispute')} {t('work.dispute_comment' if settles else 'work.dispute_waits')}"
    return f"{head}\n\n" + "\n".join(lines)
