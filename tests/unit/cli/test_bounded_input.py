"""bounded_lines and read_bounded: what fits comes whole, of more only the limit is kept."""

from __future__ import annotations

from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.cli.bounded_input import bounded_lines, read_bounded


@given(st.text("ab\n", max_size=20), st.integers(0, 4))
def test_each_line_is_given_up_to_the_limit(text: str, most: int) -> None:
    lines = text.removesuffix("\n").split("\n") if text else []
    assert [*bounded_lines(StringIO(text, newline="\n"), most)] == [
        (line[:most], len(line) <= most) for line in lines
    ]


def test_a_line_of_many_parts_is_dropped_up_to_its_end() -> None:
    text = "x" * 500_000 + "\nkvm\n" + "y" * 500_000
    assert [*bounded_lines(StringIO(text), 3)] == [("xxx", False), ("kvm", True), ("yyy", False)]


@pytest.mark.parametrize(("most", "content"), [(0, None), (2, None), (3, b"abc"), (4, b"abc")])
def test_a_file_is_whole_or_nothing(most: int, content: bytes | None) -> None:
    assert read_bounded(BytesIO(b"abc"), most) == content
