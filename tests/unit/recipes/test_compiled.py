"""Compiled sweeps: which spaces are regular, and that their argv are those of rendering each point."""

from __future__ import annotations

from typing import Any

import pytest

from accelkit import (
    Space,
    each,
    first_of,
    kvm,
    on,
    option,
    rapl,
    render,
    shadow_mem,
    tb_size,
    tcg,
    unset,
)
from accelkit.recipes._compiled import compiled_argvs


@pytest.mark.parametrize(
    ("space", "compiled"),
    [
        (tcg() | tb_size(each(1, 2)), True),
        (kvm() | rapl(each(on, "off")) | shadow_mem(each(-1, "1MiB")) | option("x", "%s,%"), True),
        (each(kvm(), tcg()), True),
        (tcg() | each(option("%s", "%d"), option("%s", "%%")), True),
        (each(kvm(), tcg() | tb_size(1)), False),  # the choices set different properties
        (tcg() | tb_size(each(1, 2)) | unset(tb_size), False),
        (tb_size(each(1, 2)), False),
        (first_of(kvm(), tcg() | tb_size(each(1, 2))), False),
        (each(first_of(kvm(), tcg()), tcg()), False),
        (each(tcg() | tb_size(each(1, 2)), tcg() | tb_size(3)), False),
    ],
)
def test_regular_spaces_are_rendered_from_compiled_text(space: Space[Any], compiled: bool) -> None:
    argvs = compiled_argvs(space.factors)
    assert (argvs is not None) == compiled
    if argvs is not None:
        assert list(argvs) == [render(point) for point in space]
