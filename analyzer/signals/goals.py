"""Which goals a signal serves or burdens, from goals.toml and a model trained on labelled signals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from analyzer.records import Direction
from analyzer.signals.goal_model import load_goal_model
from analyzer.signals.lexicon import PhraseTable, load_lexicon

_FLIPPED = {"+": "-", "-": "+"}


@cache
def _cues() -> PhraseTable[str]:
    entries: list[tuple[str, str]] = []
    for dimension, row in load_lexicon("goals")["dimensions"].items():
        for pole, sign in (("plus", "+"), ("minus", "-")):
            entries += [(cue, dimension + sign) for cue in row[pole]]
    return PhraseTable(entries)


@cache
def load_tensions() -> frozenset[frozenset[str]]:
    """Pairs of goal dimensions that pull apart when the same people carry both."""
    return frozenset(frozenset(pair) for pair in load_lexicon("goals")["tensions"]["pairs"])


@cache
def name_goal(dimension: str) -> str:
    """The Swedish name of a dimension, for reasons shown to people."""
    name: str = load_lexicon("goals")["dimensions"][dimension]["name"]
    return name


def read_goals(words: Sequence[str], *, forbidden: bool = False, direction: Direction = "none") -> tuple[str, ...]:
    """Poles such as "speed+" that lower-case words serve, in the lexicon's spelling and without repeats. What is
    forbidden or stopped burdens the goal that it names. A dimension with cues for both poles keeps both."""
    flipped = forbidden or direction == "stop"
    found = [match.value for match in _cues().find(words)]
    poles = [goal[:-1] + _FLIPPED[goal[-1]] if flipped else goal for goal in found]
    return tuple(dict.fromkeys(poles))


def judge_goals(words: Sequence[str], *, forbidden: bool = False, direction: Direction = "none") -> tuple[str, ...]:
    """The goals of a signal with lower-case `words`, as the trained model weighs them with the cues of `read_goals`.
    Goals that too few labelled signals have are the lexicon's alone."""
    cues = read_goals(words, forbidden=forbidden, direction=direction)
    return load_goal_model().choose(words, cues) if words else cues


def find_tensions(a: Iterable[str], b: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of goals, one of each side, that pull apart: poles served in a known tension, or one goal served by one
    side and burdened by the other."""
    tensions = load_tensions()
    found = []
    for one in a:
        for other in b:
            same = one[:-1] == other[:-1] and one[-1] != other[-1]
            pulling = one[-1] == other[-1] == "+" and frozenset((one[:-1], other[:-1])) in tensions
            if same or pulling:
                found.append((one, other))
    return tuple(dict.fromkeys(found))
