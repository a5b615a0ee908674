"""The text in a field, to and from the text of an option."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.property_texts import ROWS, sweep_text
from support.strategies import (
    texts,
    values_of,
)

from accelkit import (
    PROPERTIES,
    DomainError,
    tb_size,
)
from accelkit.widgets.field_text import (
    field_text,
    nearest_power,
    others_text,
    powers,
    read_field,
    read_others,
    read_sweep,
)


@given(ROWS, st.data())
def test_a_field_reads_back_every_value_that_it_shows(row, data):
    text = row.domain.write(data.draw(values_of(row)), row.name)
    assume(text.strip())
    assert read_field(row, field_text(row.domain, text)) == text


@given(ROWS, st.data())
def test_the_field_of_a_sweep_reads_back_all_values_that_it_shows(row, data):
    texts_of_row = values_of(row).map(lambda value: row.domain.write(value, row.name))
    plain = texts_of_row.filter(
        lambda text: text.strip() and not text.startswith((",", " ")) and not text.endswith(",")
    )
    chosen = tuple(data.draw(st.lists(plain, min_size=1, max_size=4, unique=True)))
    assert read_sweep(row, sweep_text(row.domain, chosen)) == chosen


@given(ROWS, st.text(max_size=12))
def test_any_text_is_read_or_refused_with_a_message(row, typed):
    for read in (read_field, read_sweep):
        with suppress(DomainError):
            read(row, typed)


@pytest.mark.parametrize(("typed", "meant"), [
    ("8, 64MiB, 512", ("8", "64", "512")), ("32..256", ("32", "64", "128", "256")), ("", ()), (" , ", ()),
    ("8MiB..32MiB, 100", ("8", "16", "32", "100")),
])  # fmt: skip
def test_sweeps_are_typed_as_values_or_as_doubling(typed, meant):
    assert read_sweep(tb_size, typed) == meant


@pytest.mark.parametrize(("typed", "message"), [
    ("64, 64MiB", "tb_size: 64MiB occurs twice"), ("32..100", "doubling 32 does not give 100"),
    ("a, 64", "tb_size: got 'a'"), ("64MB", "write '64MiB'"), ("..", "tb_size: got ''"),
])  # fmt: skip
def test_a_bad_sweep_is_refused_with_a_message(typed, message):
    with pytest.raises(DomainError, match=message):
        read_sweep(tb_size, typed)


@pytest.mark.parametrize("row", PROPERTIES.values(), ids=str)
def test_the_steps_of_a_slider_are_values_in_order(row):
    steps = powers(row.domain)
    numbers = [int(text) for _, text in steps]
    assert numbers == sorted(set(numbers))
    for shown, text in steps:
        assert read_field(row, shown) == text
        assert nearest_power(row.domain, text) == text
    assert nearest_power(row.domain, None) == ""
    if len(steps) > 1:
        assert nearest_power(row.domain, str(numbers[-1])) == steps[-1][1]


@given(st.dictionaries(st.sampled_from(["x-new", "y", "id", "a.b"]), texts, max_size=3))
def test_other_options_are_written_as_qemu_reads_them(options):
    assert read_others(others_text(options.items())) == options


@pytest.mark.parametrize("typed", ["novalue", "x=1,flag", "=1", "accel=tcg"])
def test_other_options_without_name_or_value_are_refused(typed):
    with pytest.raises(ValueError, match=r"write name=value|its own control"):
        read_others(typed)
