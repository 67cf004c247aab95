import pytest

from ui.charts import round_step


@pytest.mark.parametrize(
    ("least", "step"), [(0, 1), (1, 1), (1.2, 2), (3, 5), (5, 5), (11, 20), (33, 50), (60, 100), (150, 200)]
)
def test_marks_of_an_axis_are_round_numbers(least: float, step: int) -> None:
    assert round_step(least) == step
