"""What is counted instead of timed: modules, calls, allocations. A count is the same on a busy machine.

Counted are accelkit's own functions, since Python's and its library's differ between releases.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

import accelkit
from accelkit import (
    Space,
    bundled,
    device,
    dirty_ring_size,
    doubling,
    each,
    kernel_irqchip,
    kvm,
    multi,
    notify,
    notify_window,
    render,
    run,
    shadow_mem,
    single,
    split,
    split_wx,
    tb_size,
    tcg,
    thread,
    xen_evtchn_max_pirq,
    xen_gnttab_max_frames,
    xen_version,
)
from accelkit.cli.checking import Question, check_stream
from accelkit.recipes._shape import Shape

OURS = os.path.join(os.path.dirname(accelkit.__file__), "")


def modules_after(code: str) -> set[str]:
    """The modules that a fresh interpreter has after ``code``."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    told = "import json, sys; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{told}"],
        env=plain,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(json.loads(done.stderr))


def calls_in(do: Callable[[], object]) -> Counter[str]:
    """How often each of accelkit's functions was entered while ``do`` ran."""
    entered: Counter[str] = Counter()

    def watch(frame: FrameType, event: str, _: object) -> None:
        # Before Python 3.12 a comprehension is a function of its own.
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(OURS) and not code.co_name.startswith("<"):
            entered[code.co_qualname] += 1

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        do()
    finally:
        sys.setprofile(before)
    return entered


def peak_of(do: Callable[[], object]) -> int:
    """The most bytes that ``do`` had allocated at once."""
    do()  # what is kept for good, such as an import, is there before
    tracemalloc.start()
    try:
        do()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# Imports

#: What ``import accelkit`` itself asks of the standard library. What these load in turn is Python's, and changes with it.
LIGHT = ("__future__", "bisect", "math", "typing")


def test_importing_accelkit_brings_little_beyond_toolz() -> None:
    beyond = modules_after("import accelkit") - modules_after(f"import toolz, {', '.join(LIGHT)}")
    own = {name for name in beyond if name.partition(".")[0] == "accelkit"}
    assert beyond - own == set()
    assert len(own) <= 28
    rooms = {name.split(".")[1] for name in own if "." in name}
    assert rooms == {"errors", "explain", "recipes", "syntax"}


def test_what_composing_does_not_need_is_loaded_when_it_is_used() -> None:
    composing = (
        "import accelkit"
        "\nspace = accelkit.tcg() | accelkit.tb_size(accelkit.each(1, 2))"
        "\nassert len([*space.argvs()]) == 2"
        "\nassert accelkit.render(space[0]) and accelkit.shell(accelkit.first_of(accelkit.kvm(), accelkit.tcg()))"
    )
    rooms = {name.split(".")[1] for name in modules_after(composing) if name.startswith("accelkit.")}
    assert rooms == {"errors", "explain", "recipes", "syntax"}
    used = modules_after(f"{composing}\nassert accelkit.check and not hasattr(accelkit, 'chekc')")
    assert "accelkit.checking.check" in used
    assert "accelkit.parsing.recipes" not in used
    named = modules_after(f"{composing}\nassert {{'check', 'parse', 'bundled', 'kvm'}} <= {{*dir(accelkit)}}")
    assert "accelkit.checking.check" not in named


def test_a_star_import_has_every_word() -> None:
    assert "accelkit.parsing.recipes" in modules_after(
        "from accelkit import *\nassert parse and check and kvm"
    )


def test_rows_have_their_docstrings_when_they_are_asked_for() -> None:
    entered = calls_in(lambda: str(accelkit.tb_size.__doc__))
    assert entered["Property.docstring"] == 1
    made = "import sys\ncalls = []\nsys.setprofile(lambda frame, *_: calls.append(frame.f_code.co_name))\nimport accelkit"
    modules_after(
        f"{made}\nsys.setprofile(None)\nassert '_refuse' not in calls\nassert 'docstring' not in calls"
    )


@pytest.mark.parametrize(
    "words",
    [
        ["check", "--version", "10.0", "kvm"],
        ["parse", "kvm"],
        ["render", "tcg() | tb_size(64)"],
        ["render", "--libvirt", "tcg() | tb_size(64)"],
        ["explain", "kvm"],
        ["diff", "7.2", "11.1"],
    ],
)
def test_a_command_loads_nothing_for_work_that_it_does_not_do(words: list[str]) -> None:
    loaded = modules_after(f"from accelkit.cli import main\nassert main({words!r}) == 0")
    heavy = {
        "subprocess",
        "socket",
        "asyncio",
        "sqlite3",
        "multiprocessing",
        "numpy",
        "ipywidgets",
        "distributed",
    }
    assert not loaded & heavy
    own = {".".join(name.split(".")[:2]) for name in loaded if name.startswith("accelkit.")}
    assert ("accelkit.libvirt" in own) == ("--libvirt" in words)
    assert not own & {"accelkit.qemu", "accelkit.study", "accelkit.widgets"}


# Composing


def tuned(memory: int, window: int) -> Any:
    return (
        kvm()
        | shadow_mem(memory)
        | kernel_irqchip(split)
        | dirty_ring_size(4096)
        | notify(run, window=window)
        | device("/dev/kvm")
    )


def test_composing_known_values_checks_none_of_them_again() -> None:
    render(tuned(1 << 20, 1000))
    entered = calls_in(lambda: render(tuned(1 << 20, 1000)))
    assert entered["Recipe.__or__"] in (5, 6)  # the sixth is notify's, unless it remembers
    checking = (".write", "._one", "Put.__init__", "Shape.__init__")
    assert not {name for name in entered if name.endswith(checking)}
    assert entered.total() <= 24


def test_new_values_make_no_new_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    plain = Shape.__init__
    render(tuned(1 << 20, 0))
    monkeypatch.setattr(Shape, "__init__", lambda self, *given: (made.append(given), plain(self, *given))[1])
    for k in range(100):
        render(tuned((1 << 20) + k, k))
    assert made == []
    render(tuned(1 << 20, 0) | accelkit.option("x-only-here", "1"))
    assert made != []  # the watch sees them


# Spaces


def of_trillion() -> Space[Any]:
    """10^12 points in six axes of 100."""
    hundred = range(1, 101)
    return (
        kvm()
        | shadow_mem(each(*(k << 20 for k in hundred)))
        | xen_version(each(*hundred))
        | xen_gnttab_max_frames(each(*hundred))
        | xen_evtchn_max_pirq(each(*hundred))
        | notify_window(each(*hundred))
        | device(each(*map("/dev/kvm{}".format, hundred)))
    )


def small() -> Space[Any]:
    """16 points, in as many axes as the large one has."""
    return (
        kvm()
        | shadow_mem(each(1 << 20, 2 << 20))
        | xen_version(each(1, 2))
        | xen_gnttab_max_frames(each(1, 2))
        | xen_evtchn_max_pirq(each(1, 2))
        | notify_window(each(1))
        | device(each("/dev/kvm"))
    )


def test_any_point_of_any_space_takes_the_same_calls() -> None:
    large, little = of_trillion(), small()
    assert (large.size, little.size) == (10**12, 16)
    counts = [calls_in(lambda k=k: large[k]) for k in (0, 1, 123_456_789_012, 10**12 - 1, -1)]
    assert all(count == counts[0] for count in counts)
    assert calls_in(lambda: little[15]) == counts[0]
    assert calls_in(lambda: len(large)) == calls_in(lambda: len(little))
    assert calls_in(lambda: len(large)).total() <= 2


def test_a_sample_takes_memory_for_itself_and_not_for_the_space() -> None:
    large = of_trillion()
    thousand = peak_of(lambda: large.sample(1000, seed=1))
    assert thousand < 300_000
    assert peak_of(lambda: large.sample(4000, seed=1)) < 5 * thousand


def test_the_argvs_of_a_sample_are_made_one_at_a_time() -> None:
    large = of_trillion()
    sample = large.sample(2000, seed=1)

    def gone_through(count: int) -> int:
        few = sample[:count]
        return peak_of(lambda: sum(len(argv) for argv in few.argvs()))

    assert gone_through(2000) < gone_through(200) + 50_000


def test_a_slice_of_a_large_space_holds_no_points() -> None:
    large = of_trillion()
    assert peak_of(lambda: large[10:-10:3]) < 2_000
    assert len(large[10:-10:3]) == (10**12 - 20 + 2) // 3


def test_a_space_is_made_of_its_axes_whatever_their_product() -> None:
    few = peak_of(lambda: kvm() | notify_window(each(*range(100))))
    many = peak_of(lambda: kvm() | notify_window(each(*range(100))) | xen_version(each(*range(100))))
    assert many < 4 * few


def test_the_argvs_of_a_sweep_take_no_call_for_each_point() -> None:
    space = tcg() | tb_size(doubling(1, 512)) | thread(each(single, multi)) | split_wx(each(True, False))
    space = space | accelkit.option("x", "1") | each(*(accelkit.option("y", str(k)) for k in range(100)))
    points = len(space)
    assert points == 10 * 2 * 2 * 100
    assert calls_in(lambda: sum(1 for _ in space.argvs())).total() < points // 4
    assert calls_in(lambda: [render(point) for point in space]).total() > points  # what it saves


# The stream


class Told(io.StringIO):
    """A stream that remembers what was told when it was flushed."""

    def __init__(self) -> None:
        super().__init__()
        self.flushed: list[str] = []
        self.writes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        return super().write(text)

    def flush(self) -> None:
        self.flushed.append(self.getvalue())


def test_the_stream_writes_and_flushes_once_a_line() -> None:
    out = Told()
    check_stream(io.StringIO("kvm\ntcg,x=1\ntcg\n"), out, Question(bundled("7.2")), as_json=False)
    assert out.writes == 3
    assert [text.count("\n") for text in out.flushed] == [1, 2, 3]


def test_a_line_of_the_stream_takes_as_many_calls_as_the_one_before() -> None:
    question = Question(bundled("7.2"))

    def answered(count: int) -> int:
        given = io.StringIO("kvm,kernel-irqchip=split\n" * count)
        return calls_in(lambda: check_stream(given, io.StringIO(), question, as_json=False)).total()

    answered(1)
    one, ten, hundred = answered(1), answered(10), answered(100)
    assert 10 * (ten - one) == hundred - ten > 0
