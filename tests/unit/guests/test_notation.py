"""Guests from text: the code of a guest makes the same guest, other text is refused."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.errors import GuestError
from accelkit.guests import Guest, guest
from accelkit.guests.makers import command, disk, linux
from accelkit.guests.notation import guest_from

NEITHER = "is neither a call that makes a guest nor a plain value; write as in linux('vmlinuz'"


def test_the_code_of_a_guest_makes_the_same_guest(tmp_path: Path) -> None:
    kernel, initrd = (tmp_path / name for name in ("vmlinuz", "initrd"))
    for path in (kernel, initrd):
        path.write_text(path.name)
    for own in (
        linux(kernel, str(initrd), until="login:", phases={"a": "b"}, extra=("-device", "x"), memory=512),
        disk(str(kernel), format="qcow2", cpus=2),
        command(["sh", "{accel}"], name='"'),
    ):
        again = guest_from(own.code)
        assert (again, again.code, again.fingerprint) == (own, own.code, own.fingerprint)


@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_the_code_of_a_bundled_guest_with_other_work_makes_the_same_guest(target: str) -> None:
    usual = guest("memory", target)
    assert [usual.code, usual.with_work(n=5, slices=3).code] == ["", ""]  # n and slices come from calibration
    other = usual.with_work(n=5, size=64 << 20, seed=3, slices=7)
    assert guest_from(other.code) == other
    assert guest_from(usual.with_work(memory=512).code).memory == 512
    large = usual.with_work(name="memory of 8 MiB", size=8 << 20)
    assert (guest_from(large.code), large.workload) == (large, usual.workload)
    assert large.fingerprint == usual.with_work(size=8 << 20).fingerprint
    for text in ("guest('memory')", "guest('memory').with_work(n=5)"):
        assert isinstance(guest_from(text), Guest)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("linux(", "'(' was never closed at column 6; write as in linux('vmlinuz', until='login:')"),
        ("linux", "is not a call; write as in linux('vmlinuz'"),
        ("a.linux('x')", NEITHER),
        ("open('x')", "'open' makes no guest; one of linux, linux_guest, disk, command, guest"),
        ("linux('x').with_work()", NEITHER),
        ("guest('cpu').verify(1)", NEITHER),
        ("guest('memroy')", "did you mean 'memory'?"),
        ("guest(['cpu'])", "name=['cpu'] is not text"),
        ("guest('cpu').with_work(1)", "it takes text, numbers"),
        ("guest('cpu').with_work(cpus=0)", "cpus=0 is not a whole number"),
        ("guest('cpu').with_work(machine=5)", "guest 'cpu': machine=5 is not a name; give text"),
        ("guest('cpu').with_work(name=' ')", "guest 'cpu': name=' ' is not a name; give text"),
        ("linux()", "missing 1 required positional argument: 'kernel'; it takes text"),
        ("linux('x', utnil='y')", "unexpected keyword argument 'utnil'"),
        ("linux(__import__('os'))", "'__import__' makes no guest; one of linux"),
        ("linux(5)", "5"),
        (f"linux({__file__!r}, until=5)", "until"),
        (f"linux({__file__!r}, phases=['a'])", "phases"),
        (
            "linux('/nonexistent')",
            "guest 'linux': '/nonexistent': No such file or directory; name a file that can be read",
        ),
        ("command([])", "argv=[] has no words"),
        ("(" * 1000, "write as in"),
        ("linux('x\0y')", "write"),
    ],
)
def test_text_that_makes_no_guest_is_refused_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(GuestError) as caught:
        guest_from(text)
    assert message in str(caught.value)


@given(st.text(max_size=40))
def test_any_text_makes_a_guest_or_raises_guest_error(text: str) -> None:
    for tried in (text, f"command({text})", f"linux({text!r}, {text})", f"guest('cpu').with_work({text})"):
        with suppress(GuestError):
            guest_from(tried)
