"""Recipe: equality, steps, other operands, and which step an error names."""

from __future__ import annotations

from typing import Any

import pytest

from accelkit import (
    ComposeError,
    fold,
    kvm,
    option,
    shadow_mem,
    tb_size,
    tcg,
    thread,
    unset,
)


def test_equality_is_of_steps_as_written_and_folds_compare_the_effect() -> None:
    written_twice = tcg() | tb_size(1) | tb_size(64)
    assert written_twice != tcg() | tb_size(64)
    assert fold(written_twice) == fold(tcg() | tb_size(64))
    assert tb_size(64) == tb_size("64MiB") == tb_size("0x40")
    assert tcg() != fold(tcg())
    assert tcg() != "tcg()"


@pytest.mark.parametrize(
    ("write", "culprit"),
    [
        (lambda: kvm() | (option("x", "1") | tb_size(1)), "tb_size(1)"),
        (lambda: (unset("x") | tb_size(1)) | kvm(), "tb_size(1)"),
        (lambda: kvm() | shadow_mem(-1) | (option("x", "1") | thread("single")), "thread(single)"),
    ],
    ids=range(3),
)
def test_the_error_names_the_step_that_does_not_fit(write: Any, culprit: str) -> None:
    with pytest.raises(ComposeError) as caught:
        write()
    blamed, _, rest = str(caught.value).partition(" is for ")
    assert culprit in blamed
    assert rest.startswith("tcg, not for kvm; ")
