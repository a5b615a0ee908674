"""A space of 10^12 points in a process with little memory and time."""

from __future__ import annotations

import subprocess
import sys
import textwrap

BIG = textwrap.dedent("""
    import pickle, resource
    resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))  # 10^12 of anything is far more
    resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
    from accelkit import *
    space = tcg()
    for axis in "abcd":
        space = space | each(*(option(axis, str(value)) for value in range(1000)))
    assert len(space) == space.size == 10**12
    assert render(space[123456789012]) == ["-accel", "tcg,a=123,b=456,c=789,d=12"]
    assert render(space[-1]) == ["-accel", "tcg,a=999,b=999,c=999,d=999"]
    assert len(space[::7]) == -(-10**12 // 7) and render(space[5:][::2][1]) == render(space[7])
    assert len(set(space.sample(1000, seed=1).numbers)) == 1000
    assert next(iter(space)) == space[0] and next(space.argvs()) == render(space[0])
    assert next(space[10**11:].argvs()) == render(space[10**11])
    again = pickle.loads(pickle.dumps(space))
    assert again == space and hash(again) == hash(space) and repr(again) == repr(space)
    assert (space | option("e", "1")).size == 10**12
    assert first_of(kvm(), space)[10**12 - 1] == first_of(kvm(), space[-1])
    wider = space
    for axis in "efg":
        wider = wider | each(*(option(axis, str(value)) for value in range(1000)))
    assert wider.size == 10**21 and render(wider[-1])[1].endswith("g=999")
    assert len(wider.sample(100, seed=1)) == 100 and len(wider[:5]) == 5
    try:
        len(wider)
    except OverflowError as error:
        assert str(error) == f"{10**21} points are too many for len(); read space.size"
    print("answered")
""")


def test_a_space_of_a_million_million_points_is_never_enumerated() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BIG], capture_output=True, text=True, timeout=120, check=False
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("answered\n", "")
