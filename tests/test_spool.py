"""A spool returns its values by number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.spool import Spool


@given(st.lists(st.text(max_size=20)), st.data())
def test_values_are_returned_by_number(values: list[str], data: st.DataObject) -> None:
    spool = Spool[str]()
    for written, value in enumerate(values, start=1):
        spool.append(value)
        number = data.draw(st.integers(-written, written - 1))
        assert spool[number] == values[:written][number]
    assert list(spool) == values
    assert spool[1:3] == values[1:3]


def test_missing_number_raises_index_error() -> None:
    spool = Spool[int]()
    spool.append(7)
    with pytest.raises(IndexError):
        spool[1]
