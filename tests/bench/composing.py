"""What composing, sweeping, checking and importing cost: ``python tests/bench/composing.py [ROUNDS]``.

With ``--before CHECKOUT [ROUNDS]`` it compares this version with that of another checkout, in one run (``versions``).

Beside each stands what one would do without accelkit, in the same run; ``measuring`` says how. The f-string
writes the same argv from the same six values, and checks none of them.
"""

from __future__ import annotations

import itertools
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

# As a script, its own folder is on the path; as a module of the tests, it is not.
sys.path.insert(0, str(Path(__file__).parent))

from measuring import Loop, in_turn, instructions, machine, processes_in_turn, report
from versions import compare_versions

from accelkit import (
    Space,
    device,
    dirty_ring_size,
    each,
    first_of,
    kernel_irqchip,
    kvm,
    multi,
    notify,
    notify_vmexit,
    notify_window,
    one_insn_per_tb,
    option,
    render,
    run,
    shadow_mem,
    single,
    split,
    split_wx,
    tb_size,
    tcg,
    thread,
    unset,
    xen_evtchn_max_pirq,
    xen_gnttab_max_frames,
    xen_version,
)
from accelkit.recipes.domains import disable, internal_error, off, on

Values = tuple[str, int, int, str, int, str]

ROUNDS: Final = 40
GOALS: Final = {
    "composed, checked, rendered": "goal: 8",
    "composed, checked, rendered, one new": "goal: 9",
    "space.argvs()": "goal: 0.6",
    "import accelkit": "goal: 1.5 in instructions without Python's start",
}
SHAPE_GOALS: Final = {"space.argvs()": "goal: 0.6"}
#: Points that are gone through of a space that has more.
MOST_POINTS: Final = 120_000


def fstring(irqchip: str, memory: int, ring: int, mode: str, window: int, node: str) -> list[str]:
    """The argv as one would write it by hand."""
    return ["-accel", f"kvm,kernel-irqchip={irqchip},kvm-shadow-mem={memory},dirty-ring-size={ring},notify-vmexit={mode},notify-window={window},device={node}"]  # fmt: skip


def recipe(irqchip: str, memory: int, ring: int, mode: str, window: int, node: str) -> Any:
    """The same options as a recipe."""
    return (
        kvm()
        | shadow_mem(memory)
        | kernel_irqchip(irqchip)
        | dirty_ring_size(ring)
        | notify(mode, window=window)
        | device(node)
    )


def rendered(irqchip: str, memory: int, ring: int, mode: str, window: int, node: str) -> list[str]:
    """The same argv: composed, checked and rendered."""
    return render(
        kvm()
        | shadow_mem(memory)
        | kernel_irqchip(irqchip)
        | dirty_ring_size(ring)
        | notify(mode, window=window)
        | device(node)
    )


#: As of a search that goes on: each value comes again, in other company.
VALUES: Final[list[Values]] = [
    (
        (on, split)[k % 2],
        (1024 + k) << 10,
        1024 << k % 5,
        (run, disable)[k // 2 % 2],
        1000 * (k % 48),
        "/dev/kvm",
    )
    for k in range(240)
]


def over_values(function: Callable[..., object]) -> Loop:
    """A loop over values that come again."""

    def loop(times: int) -> None:
        for values in itertools.islice(itertools.cycle(VALUES), times):
            function(*values)

    return loop


def over_new_values(function: Callable[..., object]) -> Loop:
    """A loop over values of which one, the amount of memory, was never seen before."""
    new = itertools.count(1 << 20)

    def loop(times: int) -> None:
        for irqchip, _, ring, mode, window, node in itertools.islice(itertools.cycle(VALUES), times):
            function(irqchip, next(new), ring, mode, window, node)

    return loop


def one_recipe(rounds: int) -> None:
    """Six options, from nothing to argv."""
    assert [rendered(*values) for values in VALUES] == [fstring(*values) for values in VALUES]
    recipes = [recipe(*values) for values in VALUES]

    def rendering(times: int) -> None:
        for made in itertools.islice(itertools.cycle(recipes), times):
            render(made)

    loops = {
        "f-string in a function": over_values(fstring),
        "composed, checked, rendered": over_values(rendered),
        "composed and checked": over_values(recipe),
        "rendered": rendering,
    }
    report("Six options", in_turn(loops, 2400, rounds), "f-string in a function", GOALS)
    loops = {
        "f-string in a function": over_new_values(fstring),
        "composed, checked, rendered, one new": over_new_values(rendered),
    }
    title = "Six options, one value each time a new one"
    report(title, in_turn(loops, 2400, rounds), "f-string in a function", GOALS)


AXES: Final = (
    (on, off, split),
    range(1 << 20, (1 << 20) + (20 << 10), 1 << 10),
    (1024, 2048, 4096, 8192),
    (run, internal_error, disable),
    range(0, 20_000, 1000),
    ("/dev/kvm", "/dev/kvm0"),
)


def sweep() -> Space[Any]:
    """All the values of the axes, in the order in which ``product`` has them."""
    irqchips, memories, rings, modes, windows, nodes = AXES
    return (
        kvm()
        | kernel_irqchip(each(*irqchips))
        | shadow_mem(each(*memories))
        | dirty_ring_size(each(*rings))
        | notify_vmexit(each(*modes))
        | notify_window(each(*windows))
        | device(each(*nodes))
    )


def exhausting(argvs: Callable[[], Iterable[object]], points: int) -> Loop:
    """A loop over all that ``argvs()`` gives."""

    def loop(times: int) -> None:
        for _ in range(times // points):
            for _ in argvs():
                pass

    return loop


def each_point(rounds: int) -> None:
    """Every point of a sweep."""
    space = sweep()
    points = len(space)
    assert list(space.argvs()) == list(itertools.starmap(fstring, itertools.product(*AXES)))

    def by_hand() -> Iterable[list[str]]:
        return (fstring(*values) for values in itertools.product(*AXES))

    peer = "f-string for each of product"
    loops = {
        peer: exhausting(by_hand, points),
        "space.argvs()": exhausting(space.argvs, points),
        "render(point) for point in space": exhausting(lambda: map(render, space), points),
    }
    report(f"Each of {points} points", in_turn(loops, points, max(5, rounds // 4)), peer, GOALS)


HUNDRED: Final = range(1, 101)
NODES: Final = [f"/dev/kvm{k}" for k in HUNDRED]


def trillion() -> Space[Any]:
    """10^12 points, in six axes of 100."""
    return (
        kvm()
        | shadow_mem(each(*(k << 20 for k in HUNDRED)))
        | xen_version(each(*HUNDRED))
        | xen_gnttab_max_frames(each(*HUNDRED))
        | xen_evtchn_max_pirq(each(*HUNDRED))
        | notify_window(each(*HUNDRED))
        | device(each(*NODES))
    )


#: A space, and the f-string in a function that writes its argv, over the product of the values.
Shape = tuple[Space[Any], Callable[..., list[str]], Sequence[Iterable[object]]]


def shapes() -> dict[str, Shape]:
    """Sweeps of every shape."""
    many, sizes, long = range(1, 65_537), range(1, 8193), range(1, 1001)
    two, switches = (single, multi), (on, off)

    def one(size: int) -> list[str]:
        return ["-accel", f"tcg,tb-size={size}"]

    def four(size: int, threads: str, wx: str, insn: str) -> list[str]:
        return ["-accel", f"tcg,one-insn-per-tb={insn},split-wx={wx},tb-size={size},thread={threads}"]

    def turned(threads: str, wx: str, insn: str, size: int) -> list[str]:
        return ["-accel", f"tcg,one-insn-per-tb={insn},split-wx={wx},tb-size={size},thread={threads}"]

    def middle(threads: str, size: int, wx: str) -> list[str]:
        return ["-accel", f"tcg,split-wx={wx},tb-size={size},thread={threads}"]

    def twos(*x: str) -> list[str]:
        a, b, c, d, e, f, g, h, i, j, k, m = x
        return ["-accel", f"kvm,kernel-irqchip={a},kvm-shadow-mem={b},dirty-ring-size={c},notify-vmexit={d},notify-window={e},device={f},rapl={g},rapl-helper-socket={h},xen-version={i},xen-gnttab-max-frames={j},xen-evtchn-max-pirq={k},honor-guest-pat={m}"]  # fmt: skip

    def joint(both: tuple[int, str], wx: str) -> list[str]:
        size, threads = both
        return ["-accel", f"tcg,split-wx={wx},tb-size={size},thread={threads}"]

    def mixed(first: str, size: int, wx: str) -> list[str]:
        return ["-accel", f"tcg,split-wx={wx},tb-size={size}{first}"]

    def again(_: str, size: int, threads: str) -> list[str]:
        return ["-accel", f"tcg,tb-size={size},thread={threads}"]

    def removed(_: int, threads: str, wx: str, insn: int) -> list[str]:
        return ["-accel", f"tcg,one-insn-per-tb={switches[insn]},split-wx={wx},thread={threads}"]

    def either(window: int, size: int, threads: str) -> list[str]:
        return ["-accel", f"kvm,notify-window={window}", "-accel", f"tcg,tb-size={size},thread={threads}"]

    pairs = [
        (option(key, "0"), option(key, "1"))
        for key in (
            "kernel-irqchip", "kvm-shadow-mem", "dirty-ring-size", "notify-vmexit", "notify-window", "device",
            "rapl", "rapl-helper-socket", "xen-version", "xen-gnttab-max-frames", "xen-evtchn-max-pirq",
            "honor-guest-pat",
        )
    ]  # fmt: skip
    binary = kvm() | each(*pairs[0])
    for pair in pairs[1:]:
        binary = binary | each(*pair)
    threads, wx, insn = thread(each(*two)), split_wx(each(*switches)), one_insn_per_tb(each(*switches))
    kinds = (thread(single), option("x-new", "1"), thread(multi))
    return {
        "one axis of 65,536": (tcg() | tb_size(each(*many)), one, (many,)),
        "8,192 before 2 x 2 x 2": (
            tcg() | tb_size(each(*sizes)) | threads | wx | insn, four, (sizes, two, switches, switches)
        ),
        "2 x 2 x 2 before 8,192": (
            tcg() | threads | wx | insn | tb_size(each(*sizes)), turned, (two, switches, switches, sizes)
        ),
        "2 x 8,192 x 2": (tcg() | threads | tb_size(each(*sizes)) | wx, middle, (two, sizes, switches)),
        "1,000 x 60": (
            kvm() | notify_window(each(*long)) | xen_gnttab_max_frames(each(*range(60))),
            lambda window, frames: ["-accel", f"kvm,notify-window={window},xen-gnttab-max-frames={frames}"],
            (long, range(60)),
        ),
        "33 x 33 x 33": (
            kvm() | xen_version(each(*range(33))) | notify_window(each(*range(33))) | xen_gnttab_max_frames(each(*range(33))),
            lambda version, window, frames: ["-accel", f"kvm,notify-window={window},xen-version={version:#x},xen-gnttab-max-frames={frames}"],
            (range(33),) * 3,
        ),
        "10^12, the first of them": (
            trillion(),
            lambda a, b, c, d, e, f: ["-accel", f"kvm,kvm-shadow-mem={a},notify-window={e},device={f},xen-version={b:#x},xen-gnttab-max-frames={c},xen-evtchn-max-pirq={d}"],
            ([k << 20 for k in HUNDRED], HUNDRED, HUNDRED, HUNDRED, HUNDRED, NODES),
        ),
        "5 x 120 x 110": (
            kvm() | xen_version(each(*range(5))) | notify_window(each(*range(120))) | xen_gnttab_max_frames(each(*range(110))),
            lambda version, window, frames: ["-accel", f"kvm,notify-window={window},xen-version={version:#x},xen-gnttab-max-frames={frames}"],
            (range(5), range(120), range(110)),
        ),
        "12 axes of 2": (binary, twos, ["01"] * 12),
        "a joint axis of 8,192, x 2": (
            tcg() | each(*(tb_size(k) | thread(two[k % 2]) for k in sizes)) | wx,
            joint, ([(k, two[k % 2]) for k in sizes], switches),
        ),
        "each(recipe, recipe), x 8,192 x 2": (
            tcg() | each(*kinds) | tb_size(each(*sizes)) | wx,
            mixed, ((",thread=single", ",x-new=1", ",thread=multi"), sizes, switches),
        ),
        "8,192 x 2 x each(recipe, recipe)": (
            tcg() | tb_size(each(*sizes)) | wx | each(*kinds),
            lambda size, wx, last: mixed(last, size, wx),
            (sizes, switches, (",thread=single", ",x-new=1", ",thread=multi")),
        ),
        "an axis over another's option": (
            tcg() | tb_size(each(1, 2, 3)) | tb_size(each(*sizes)) | threads, again, ("123", sizes, two)
        ),
        "with unset": (
            tcg() | tb_size(each(*sizes)) | threads | unset(tb_size) | wx | insn,
            removed, (sizes, two, switches, (0, 1)),
        ),
        "first_of, 1,000 x 60 x 2": (
            first_of(kvm() | notify_window(each(*long)), tcg() | tb_size(each(*range(1, 61))) | threads),
            either, (long, range(1, 61), two),
        ),
        "first_of, 60 x 1,000 x 2": (
            first_of(kvm() | notify_window(each(*range(60))), tcg() | tb_size(each(*long)) | threads),
            either, (range(60), long, two),
        ),
    }  # fmt: skip


def each_shape(rounds: int) -> None:
    """Every point of sweeps of every shape, each beside the f-string in a function that writes the same."""
    for name, (space, write, values) in shapes().items():
        points = min(space.size, MOST_POINTS)

        def by_hand(write: Any = write, values: Any = values, points: int = points) -> Iterable[list[str]]:
            return (write(*chosen) for chosen in itertools.islice(itertools.product(*values), points))

        def first(space: Space[Any] = space, points: int = points) -> Iterable[list[str]]:
            return itertools.islice(space.argvs(), points)

        def first_time(first: Any = first, space: Space[Any] = space) -> Iterable[list[str]]:
            return first(Space(space.factors))

        assert list(first()) == list(by_hand())
        peer = "f-string for each of product"
        loops = {
            peer: exhausting(by_hand, points),
            "space.argvs()": exhausting(first, points),
            "the first time": exhausting(first_time, points),
        }
        report(f"{name}: {points} points", in_turn(loops, points, max(5, rounds // 4)), peer, SHAPE_GOALS)


def large_space(rounds: int) -> None:
    """A space of 10^12 points: what cannot be gone through can still be asked."""
    space = trillion()
    assert len(space) == 10**12

    def by_hand(k: int) -> list[str]:
        k, node = divmod(k, 100)
        k, window = divmod(k, 100)
        k, pirq = divmod(k, 100)
        k, frames = divmod(k, 100)
        memory, version = divmod(k, 100)
        amount, pages = memory + 1 << 20, frames + 1
        return ["-accel", f"kvm,kvm-shadow-mem={amount},notify-window={window + 1},device={NODES[node]},xen-version={version + 1:#x},xen-gnttab-max-frames={pages},xen-evtchn-max-pirq={pirq + 1}"]  # fmt: skip

    numbers = random.Random(1).sample(range(10**12), 1000)
    assert [render(space[k]) for k in numbers] == [by_hand(k) for k in numbers]

    def repeated(function: Callable[[int], object]) -> Loop:
        def loop(times: int) -> None:
            for k in itertools.islice(itertools.cycle(numbers), times):
                function(k)

        return loop

    peer = "k to argv by hand"
    loops = {
        peer: repeated(by_hand),
        "len(space)": repeated(lambda _: len(space)),
        "space[k]": repeated(space.__getitem__),
        "render(space[k])": repeated(lambda k: render(space[k])),
    }
    report("A space of 10^12 points", in_turn(loops, 1000, rounds), peer, GOALS)
    peer = "Random(k).sample(range(10**12), 1000)"
    loops = {
        peer: repeated(lambda k: random.Random(k).sample(range(10**12), 1000)),
        "space.sample(1000, seed=k)": repeated(lambda k: space.sample(1000, seed=k)),
        "  and its argvs": repeated(lambda k: list(space.sample(1000, seed=k).argvs())),
    }
    report("A sample of 1000 of them", in_turn(loops, 2, rounds), peer, GOALS, "ms")


LINES: Final = [
    "kvm",
    "tcg,thread=single",
    "kvm,kernel-irqchip=split,dirty-ring-size=4096",
    "tcg,tb-size=64,split-wx=on,one-insn-per-tb=on",
    "tcg,tb-size=64M",
    "kvm,notify-vmexit=run,notify-window=1000,x-new=1",
    "-machine q35,accel=kvm:tcg,kernel_irqchip=split -m 1G -smp 4",
    "-accel kvm,device=/dev/kvm -accel tcg -nodefaults",
]
#: Its exit status is 1, as lines are rejected.
CHECK: Final = "from accelkit.cli import main\nassert main(['check', '--version', '11.1', '-']) == 1"
ECHO: Final = "import sys\nfor line in sys.stdin:\n    sys.stdout.write('accept\\n')\n    sys.stdout.flush()"


def check_stream(rounds: int) -> None:
    """``accelkit check -``, a process of its own that answers each line at once."""
    count = 20_000
    given = "".join(f"{line}\n" for line in itertools.islice(itertools.cycle(LINES), count)).encode()
    peer = "a Python that accepts every line"
    commands = {
        peer: [sys.executable, "-c", ECHO],
        "accelkit check -": [sys.executable, "-c", CHECK],
    }
    start = time.perf_counter()
    measured = processes_in_turn(commands, max(5, rounds // 8), given)
    wall = time.perf_counter() - start
    report(f"{count} lines through a process, its start included", measured, peer, GOALS, "s")
    rate = count / measured["accelkit check -"].typical()
    print(f"  {rate:.0f} lines for each second of CPU; goal: 20000 (all rounds took {wall:.1f} s)")


def starting(rounds: int) -> None:
    """Imports and commands, as whole processes."""
    python = [sys.executable, "-c"]
    commands = {
        "python -c pass": [*python, "pass"],
        "import toolz": [*python, "import toolz"],
        "import accelkit": [*python, "import accelkit"],
        "from accelkit import *": [*python, "from accelkit import *"],
        "accelkit check kvm": [sys.executable, "-m", "accelkit", "check", "kvm"],
    }
    peer = "import toolz"
    measured = processes_in_turn(commands, rounds)
    report("Whole processes", measured, peer, GOALS, "ms")
    less = measured["import accelkit"].typical() - measured[peer].typical()
    print(f"  import accelkit less import toolz: {less * 1e3:.1f} ms")
    counts = instructions(commands)
    if not counts:
        print("  no valgrind here, so instructions were not counted: apt-get install valgrind")
    for name, count in counts.items():
        start = counts["python -c pass"]
        net = (count - start) / (counts[peer] - start)
        print(f"  {name:<36} {count / 1e6:>6.1f} million instructions, x {net:.2f} without Python's start")


PARTS: Final = (one_recipe, each_point, each_shape, large_space, check_stream, starting)


def main(rounds: int = ROUNDS) -> None:
    """All parts, one after the other."""
    print(machine())
    for part in PARTS:
        part(rounds)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--before"]:
        sys.exit(compare_versions(Path(sys.argv[2]), int(sys.argv[3]) if sys.argv[3:] else ROUNDS))
    main(*map(int, sys.argv[1:]))
