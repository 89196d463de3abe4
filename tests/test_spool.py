"""What keeps memory small: values on disk by number, and numbers in groups."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.spool import Groups, Spool


@given(st.lists(st.text(max_size=20)), st.data())
def test_values_come_back_by_their_number_whenever_they_are_asked_for(values: list[str], data: st.DataObject) -> None:
    spool = Spool[str]()
    for written, value in enumerate(values, start=1):
        spool.append(value)
        number = data.draw(st.integers(-written, written - 1))
        assert spool[number] == values[:written][number]
    assert list(spool) == values
    assert spool[1:3] == values[1:3]


def test_a_number_that_is_not_there_is_an_index_error() -> None:
    spool = Spool[int]()
    spool.append(7)
    with pytest.raises(IndexError):
        spool[1]


def test_a_value_that_cannot_be_written_leaves_the_spool_as_it_was() -> None:
    spool = Spool[object]()
    with pytest.raises((pickle.PicklingError, AttributeError)):
        spool.append(lambda: None)
    spool.append("whole")
    assert list(spool) == ["whole"]


@given(st.lists(st.sampled_from("abc")))
def test_numbers_of_groups(names: list[str]) -> None:
    """Numbers count up over all groups, and each group has its own in order."""
    groups = Groups()
    assert [groups.add(name) for name in names] == list(range(len(names)))
    assert {name: groups.of(name) for name in groups} == {
        name: [number for number, each in enumerate(names) if each == name] for name in dict.fromkeys(names)
    }
    assert (len(groups), groups.of("nobody")) == (len(names), [])
