"""Each: values to try; it is a value itself."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from accelkit import (
    ComposeError,
    DomainError,
    Each,
    device,
    dirty_ring_size,
    doubling,
    each,
    notify,
    run,
    shadow_mem,
    tb_size,
    tcg,
    thread,
)
from accelkit.recipes.values import Doubling


def test_each_compares_by_its_values_and_prints_as_its_code() -> None:
    assert Each((1, 2)) == each(1, 2)
    assert hash(Each((1, 2))) == hash(each(1, 2))
    assert repr(each(1, "a")) == "each(1, 'a')"


def test_each_is_gone_through_like_a_tuple() -> None:
    values = each(1, 2, 4)
    assert (list(values), len(values), values[0], values[1:]) == ([1, 2, 4], 3, 1, (2, 4))
    assert each(values[1:]) == each(2, 4)


def test_doubling_of_text_is_read_by_the_property_that_takes_it() -> None:
    for low, high in (("8MiB", "64MiB"), (8, "64MiB"), ("8", "0.0625GiB"), ("8192K", 64)):
        values = doubling(low, high)
        assert type(values) is Doubling
        assert repr(values) == f"doubling({low!r}, {high!r})"
        assert eval(repr(values), {"doubling": doubling}) == values
        assert pickle.loads(pickle.dumps(values)) == values
        assert tb_size(values) == tb_size(doubling(8, 64))
    assert shadow_mem(doubling("1MiB", "4MiB")) == shadow_mem(each(1 << 20, 2 << 20, 4 << 20))
    assert dirty_ring_size(doubling("1024", "4096")) == dirty_ring_size(each(1024, 2048, 4096))
    assert notify(run, window=doubling("1000", 4000)) == notify(run, window=each(1000, 2000, 4000))
    assert tb_size(each(1, doubling("8MiB", "16MiB"))) == tb_size(each(1, 8, 16))


@pytest.mark.parametrize(
    ("compose", "says"),
    [
        (lambda: tb_size(doubling("8MB", "1GiB")), "tb_size: low end of doubling('8MB', '1GiB'): got '8MB'; takes 0 to 4294967295 MiB, or text such as '64MiB'; QEMU's sizes are powers of 1024; write '8MiB'"),
        (lambda: tb_size(doubling("8MiB", "lots")), "tb_size: high end of doubling('8MiB', 'lots'): got 'lots'; takes 0 to "),
        (lambda: tb_size(doubling("8MiB", "100MiB")), "tb_size: doubling('8MiB', '100MiB'): doubling 8 MiB does not give 100 MiB; end at 64 or 128 MiB"),
        (lambda: tb_size(doubling("0", "8")), "tb_size: doubling('0', '8'): doubling 0 MiB does not give 8 MiB; begin at 1 or more, at most 8"),
        (lambda: tb_size(doubling("16", "8")), "tb_size: doubling('16', '8'): doubling 16 MiB does not give 8 MiB; begin at 1 or more, at most 8"),
        (lambda: shadow_mem(doubling("-1", "1MiB")), "shadow_mem: doubling('-1', '1MiB'): doubling -1 bytes does not give 1048576 bytes; begin at 1 or more"),
        (lambda: dirty_ring_size(doubling("1K", "4K")), "dirty_ring_size: low end of doubling('1K', '4K'): got '1K'; takes 0 or a power of two, 0 to 4294967295 entries a vCPU; QEMU takes no suffix here; write the number out"),
        (lambda: thread(doubling("1", "2")), "thread: got doubling('1', '2'); takes single or multi, and only numbers double; write each(…)"),
        (lambda: device(doubling("1", "2")), "device: got doubling('1', '2'); takes a path as text, on one line, and only numbers double; write each(…)"),
        (lambda: tb_size(each(8, doubling("8MiB", "16MiB"))), "tb_size: each(8, doubling('8MiB', '16MiB')) has the same value in two spellings; name each once"),
    ],
)  # fmt: skip
def test_doubling_of_text_is_refused_in_the_words_of_the_property(compose: Any, says: str) -> None:
    with pytest.raises(DomainError) as caught:
        compose()
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize("values", [(), [], [1], "ab", None, 5])
def test_each_takes_a_tuple_of_one_or_more_values(values: Any) -> None:
    with pytest.raises(ComposeError, match=r"nothing to try|takes a tuple; write each\(32, 256\)"):
        Each(values)


def test_each_alone_is_no_part_of_a_recipe() -> None:
    for join in (lambda: doubling("1", "2") | tcg(), lambda: tcg() | doubling("1", "2")):
        with pytest.raises(ComposeError, match=r"^doubling\('1', '2'\): values belong inside a property"):
            join()
    for join in (lambda: each(1) | tcg(), lambda: tcg() | each(1)):
        with pytest.raises(
            ComposeError, match=r"values belong inside a property, as in tb_size\(each\(1\)\)"
        ):
            join()
