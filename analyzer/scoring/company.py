"""What a pair's company says: how much the other pairs of its two signals look like conflicts beside it.

A signal is rarely in conflict with many others at once. Where one of its pairs is plainly a conflict, the rest of them
are mostly what stands near it in the text; and a signal that looks like a conflict with everybody is a general one. So
a candidate's log-odds are lowered by how much more the other candidates of either signal promise together.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from analyzer.records import CONFLICT_TYPES, Reason, Verdict
from analyzer.scoring.odds import DIGITS, SUREST, WORTH_SAYING, log_odds, logistic

#: The share of conflicts at which company is weighed, whatever share a scan states: the order must not hang on that.
SHARE = 0.004
#: Log-odds at that share from which a candidate is company: seven in ten lie below, and add nothing.
FLOOR = -7.0
FILE = "company.json"
FOR = "Ingen annan träff för de två signalerna är starkare."
#: By `settlement.SAME_MATTER` and `OTHER_MATTER`.
ERRANDS = {
    1: "De står i två uppdrag i samma fråga, där det senare oftast följer på det tidigare.",
    2: "De står i två uppdrag i olika frågor, och sådana krockar sällan med varandra.",
}
AGAINST = "En av signalerna har starkare träffar; då är ett par som det här oftast ingen egen konflikt."


@dataclass(frozen=True, slots=True)
class Stage:
    """What is added to a pair's log-odds: `weight` times `read_rivals`, and `alone`, which stands where there is no
    rival."""

    weight: float
    alone: float


@dataclass(frozen=True, slots=True)
class Company:
    """For candidates as first judged, and for those that were read a second time; and what is added to the log-odds
    of pairs by their kind of errands (`settlement.find_errands`: 0, 1, 2), whatever their company."""

    first: Stage
    second: Stage
    errands: tuple[float, ...]

    def judge(
        self,
        a: np.ndarray,
        b: np.ndarray,
        verdicts: Sequence[Verdict],
        errands: np.ndarray,
        prior: float,
        stage: Stage,
    ) -> list[Verdict]:
        """The verdicts on candidates at a share of conflicts of `prior`, their company and errands weighed in.

        Args:
            a, b: int (n,), the sides of every candidate of a comparison. errands: their kind, int (n,).
        """
        chance = np.array([verdict.probability for verdict in verdicts])
        odds = log_odds(chance) + np.array(self.errands)[errands]
        shift = weigh(a, b, odds - log_odds(prior), stage)
        found = np.where(chance > 0, logistic(odds + shift), 0.0).round(DIGITS)
        beaten = find_beaten(a, b, odds)
        reasons = [
            [Reason("errands", ERRANDS[kind], round(self.errands[kind], 3)) for kind in (errand,) if kind]
            + _tell_company(shift[at], beaten[at])
            for at, errand in enumerate(errands.tolist())
        ]
        return [_judge_anew(*one) for one in zip(verdicts, found.tolist(), reasons, strict=True)]


def weigh(a: np.ndarray, b: np.ndarray, odds: np.ndarray, stage: Stage) -> np.ndarray:
    """(n,) what company adds to the log-odds (n,) at an even prior of a comparison's candidates."""
    shift = np.zeros(len(odds))
    _add(a, b, odds, shift, 0.0, stage)
    return shift


def add_company(a: np.ndarray, b: np.ndarray, odds: np.ndarray, prior: float, stage: Stage) -> None:
    """Adds to the log-odds (n,) of a comparison's candidates what company says, in place: they may be many millions.

    Args:
        prior: log-odds of the share of conflicts at which `odds` are told.
    """
    _add(a, b, odds, odds, prior, stage)


def _add(a: np.ndarray, b: np.ndarray, odds: np.ndarray, to: np.ndarray, prior: float, stage: Stage) -> None:
    even = float(log_odds(SHARE)) - prior
    near = np.flatnonzero(odds >= FLOOR - even)
    found = read_rivals(a[near], b[near], odds[near] + even)
    found *= stage.weight
    to += stage.alone
    to[near] += found


def read_rivals(a: np.ndarray, b: np.ndarray, odds: np.ndarray) -> np.ndarray:
    """(n,) log(1 + the summed odds of the other pairs of a side), of the side where that is more.

    Args:
        a, b: int (n,), sides of pairs; odds: their log-odds at the share of conflicts among them, float64 (n,).
    """
    if not len(odds):
        return np.zeros(0)
    own = np.exp(odds)
    count = 1 + max(int(a.max()), int(b.max()))
    summed = np.bincount(a, weights=own, minlength=count) + np.bincount(b, weights=own, minlength=count)
    rest: np.ndarray = np.maximum(summed[a], summed[b])
    rest -= own
    return np.log1p(np.maximum(rest, 0.0, out=rest), out=rest)


def find_beaten(a: np.ndarray, b: np.ndarray, odds: np.ndarray) -> np.ndarray:
    """(n,) whether a side has a pair with higher odds."""
    sides, number = np.unique(np.concatenate([a, b]), return_inverse=True)
    best = np.full(len(sides), -np.inf)
    np.maximum.at(best, number, np.concatenate([odds, odds]))
    beaten: np.ndarray = np.any(best[number].reshape(2, -1) > odds, axis=0)
    return beaten


def _tell_company(shift: float, beaten: bool) -> list[Reason]:
    """The reason that the pair's company gives, if it is worth saying and as it says."""
    told = abs(shift) >= WORTH_SAYING and beaten == (shift < 0)
    return [Reason("company", AGAINST if beaten else FOR, round(float(shift), 3))] if told else []


def _judge_anew(verdict: Verdict, chance: float, reasons: Sequence[Reason]) -> Verdict:
    """A verdict with another chance, and reasons for that. What a repetition is does not hang on company."""
    scale = chance / max(verdict.probability, SUREST)
    shares: dict[str, float] = {name: verdict.type_probabilities[name] * scale for name in CONFLICT_TYPES}
    duplicate = min(verdict.type_probabilities["duplicate"], 1 - chance)
    shares |= {"duplicate": duplicate, "none": 1 - chance - duplicate}
    told = sorted((*verdict.reasons, *reasons), key=lambda reason: -abs(reason.weight))
    return replace(verdict, probability=chance, type_probabilities=shares, reasons=tuple(told))


def load_company(folder: Path) -> Company:
    """Read what `save_company` wrote."""
    stages = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return Company(Stage(**stages["first"]), Stage(**stages["second"]), tuple(stages["errands"]))


def save_company(company: Company, folder: Path) -> None:
    """Write the weights."""
    (folder / FILE).write_text(json.dumps(asdict(company), indent=1) + "\n", encoding="utf-8")
