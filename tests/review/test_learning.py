"""What training refuses before it has cost anybody ten minutes. The training itself is tested in `tests/scoring`."""

from __future__ import annotations

import pytest

from analyzer.errors import UsageError
from analyzer.review.learning import train_judge
from analyzer.scoring.judge import FOLDER


def test_folder_without_data_is_refused(tmp_path):
    with pytest.raises(UsageError, match="saknar träningsdata"):
        train_judge(tmp_path, "judge-2", replace=False)


@pytest.mark.parametrize("name", ["judge", "encoder", "../judge", "a/b"])
def test_models_in_force_are_not_overwritten(tmp_path, name):
    (tmp_path / "pairs").mkdir()
    (tmp_path / "pairs" / "dev_1.jsonl").touch()
    (tmp_path / "regeringsuppdrag.jsonl.gz").touch()
    before = {path.name: path.stat().st_mtime_ns for path in FOLDER.iterdir()}
    with pytest.raises(UsageError, match="upptaget"):
        train_judge(tmp_path, name, replace=True)
    assert before == {path.name: path.stat().st_mtime_ns for path in FOLDER.iterdir()}
