"""Judging pairs of steering signals: features, classifier, type, grade, evidence and reasons."""

from analyzer.scoring.judge import Judge, load_judge

__all__ = ["Judge", "load_judge"]
