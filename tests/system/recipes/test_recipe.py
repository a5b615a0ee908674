"""Recipes in another process: equal values have equal hashes there."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import textwrap

import accelkit
from accelkit import (
    Fallback,
    MiB,
    OptionMap,
    Points,
    Recipe,
    auto,
    device,
    doubling,
    each,
    first_of,
    fold,
    kernel_irqchip,
    kvm,
    notify,
    on,
    option,
    rapl,
    render,
    run,
    shadow_mem,
    split,
    tb_size,
    tcg,
    unset,
)

REPRESENTATIVE = (
    Recipe(),
    kvm() | shadow_mem(64 * MiB) | kernel_irqchip(split) | notify(run, window=1000),
    tcg() | option("x-new", "a,b=ü") | unset(tb_size) | unset("foo"),
    first_of(kvm() | device("/dev/a,b"), tcg() | tb_size(256)),
    each(kvm(), tcg() | tb_size(doubling(32, 256))),
    first_of(kvm() | rapl(each(True, False)), tcg()),
    kvm() | accelkit.honor_guest_pat(each(on, auto)) | shadow_mem(each(-1, "1MiB")),
    (tcg() | tb_size(each(1, 2, 3)))[1:],
    (tcg() | tb_size(each(1, 2, 3))).sample(2, seed=5),
    each(32, 256),
    OptionMap({"accel": "tcg", "tb-size": "64", "x": ",=ü"}),
    fold(kvm() | shadow_mem(-1)),
    (tb_size, kvm, tb_size.domain, tb_size(64)),
)


def test_values_made_here_are_equal_and_hash_equal_in_another_process() -> None:
    """A hash of text differs from process to process, so none may travel in a pickle."""
    child = textwrap.dedent("""
        import pickle, sys
        from accelkit import *
        for value, code, argv in pickle.load(sys.stdin.buffer):
            again = eval(code) if code else value
            assert again == value, (again, value)
            assert hash(again) == hash(value), code
            assert {again: 1}[value] == 1, code
            assert argv is None or render(value) == argv, code
        print("all equal")
    """)
    for value in REPRESENTATIVE:
        hash(value)  # kept inside where any are kept
    table = [
        (
            value,
            "" if isinstance(value, Points | tuple) else repr(value),
            render(value) if isinstance(value, OptionMap | Fallback) else None,
        )
        for value in REPRESENTATIVE
    ]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", child], input=pickle.dumps(table), capture_output=True, timeout=60,
        env={**os.environ, "PYTHONHASHSEED": "77"}, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr, done.returncode) == (b"all equal\n", b"", 0)
