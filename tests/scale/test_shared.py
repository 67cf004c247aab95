"""A value that several processes read is the value that was written, and its arrays are mapped, not copied."""

from __future__ import annotations

import mmap

import numpy as np
import pytest

from analyzer.engine.shared import read_shared, write_shared


def test_arrays_and_the_rest_come_back(tmp_path):
    value = {
        "rows": np.arange(12.0, dtype=np.float32).reshape(3, 4),
        "none": np.zeros((0, 5), np.int8),
        "part": np.arange(20).reshape(4, 5)[:, 1:3],
        "names": ["å", "ä"],
    }
    write_shared(value, tmp_path / "value")
    found = read_shared(tmp_path / "value")
    assert found["names"] == ["å", "ä"]
    for name in ("rows", "none", "part"):
        np.testing.assert_array_equal(found[name], value[name])
        assert found[name].dtype == value[name].dtype
    with pytest.raises(ValueError, match="read-only"):
        found["rows"][0, 0] = 1
    base = found["rows"]
    while isinstance(base, np.ndarray):
        base = base.base
    assert isinstance(base.obj, mmap.mmap)


def test_a_value_without_arrays(tmp_path):
    write_shared("ett namn", tmp_path / "value")
    assert read_shared(tmp_path / "value") == "ett namn"
