"""Real QEMUs of four releases take each value that is worth trying, use it, and choose by themselves what is left out."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from oracle.real_qemu import Qemu, ask_all, kvm_works
from support.releases import release
from support.tools import unavailable

from accelkit import Space, bundled, kvm, render, shell, tb_size, tcg
from accelkit.host.capacity import Capacity, this_capacity
from accelkit.qemu import counters
from accelkit.qemu.capture import session
from accelkit.recipes.purposes import PowersOfTwo
from accelkit.tuning import space_of

pytestmark = pytest.mark.qemu

SERIES = ("5.2", "7.2", "10.0", "11.1")
#: A host that bounds nothing, so that all values are tried.
LARGE = Capacity(memory=1 << 40, nested_paging=False)


@pytest.fixture(params=SERIES)
def qemu(request: pytest.FixtureRequest) -> Qemu:
    return release(request.param)


def refused(qemu: Qemu, space: Space[object]) -> dict[str, str]:
    """The points that the QEMU refuses, and what it says."""
    points = list(space)
    answers = ask_all(qemu, [render(point) for point in points])
    return {
        shell(point): answer.said
        for point, answer in zip(points, answers, strict=True)
        if not answer.accepted
    }


def test_it_takes_each_point_of_the_space_of_tcg(qemu: Qemu) -> None:
    space = space_of(tcg(), bundled(qemu.series), LARGE)
    assert space.size == 18
    assert refused(qemu, space) == {}


def test_it_takes_each_point_of_the_space_of_kvm(qemu: Qemu) -> None:
    if not kvm_works():
        unavailable("/dev/kvm cannot be used")
    space = space_of(kvm(), bundled(qemu.series), LARGE)
    assert space.size == 16
    assert refused(qemu, space) == {}  # by -machine none and -S: no guest runs


def buffer_mib(qemu: Qemu, words: Sequence[str]) -> float:
    """MiB of the buffer for translated code, as QEMU itself says."""
    command = [
        *qemu.command,
        "-S",
        "-display",
        "none",
        "-nodefaults",
        "-machine",
        "pc",
        *words,
    ]  # 5.2 dies of the question with none
    with session(command, time.monotonic() + 20) as qmp:
        _, read = counters.ask(qmp, ("tcg",))
    return read["buffer-bytes"] / (1 << 20)


def test_it_uses_the_sizes_as_they_are_and_chooses_the_one_that_is_left_out(qemu: Qemu) -> None:
    (sizes,) = (worth.values for worth in tb_size.worth)
    assert isinstance(sizes, PowersOfTwo)
    ends = (sizes.low, sizes.high)
    for size in ends:  # less a few pages: guards, and the end of the buffer
        assert 0.95 < buffer_mib(qemu, render(tcg() | tb_size(size))) / size <= 1
    here = this_capacity()
    own = min(sizes.own_high, here.memory / sizes.own_share / sizes.scale)
    assert 0.95 < buffer_mib(qemu, render(tcg())) / own <= 1
    assert round(own) == sizes.own(here) or sizes.own(here) is None
