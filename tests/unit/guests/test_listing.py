"""guests() and what is told of one guest."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from accelkit import Space, bundled, check, sweep
from accelkit.document import to_html, to_text
from accelkit.errors import GuestError
from accelkit.guests import GUESTS, guest
from accelkit.guests.boards import BOARDS
from accelkit.guests.effects import EFFECTS
from accelkit.guests.listing import GuestList, guests, seconds, shows, told
from accelkit.guests.notation import guest_from


@pytest.mark.parametrize("target", BOARDS)
def test_the_list_has_each_guest_of_the_target_once(target: str) -> None:
    listed = guests(target)
    assert isinstance(listed, GuestList)
    assert listed == tuple(item for item in GUESTS if item.target == target)
    lines = str(listed).splitlines()
    assert [line.split()[0] for line in lines[2 : 2 + len(listed)]] == [item.name for item in listed]
    assert repr(listed) == str(listed)


def test_the_list_is_a_table_in_a_notebook() -> None:
    html = guests()._repr_html_()
    assert html.count("<tr") == len(guests()) + 1
    assert "tb-size" in html


def test_what_a_guest_shows_can_be_asked() -> None:
    assert [item.name for item in guests() if shows(item, "tb-size")] == ["tb-thrash", "indirect"]
    assert [item.name for item in guests() if shows(item, "thread")] == ["smp", "smplock"]
    assert not shows(guest("hang"), "thread")


def test_a_guest_with_other_work_shows_the_same() -> None:
    assert shows(guest("smp").with_work(n=5, name="mine"), "thread")


def test_about_how_long_a_run_takes() -> None:
    assert seconds(guest("none")) < seconds(guest("cpu")) < 1
    assert [item.name for item in guests() if seconds(item) == float("inf")] == ["hang", "halt"]


@pytest.mark.parametrize("item", GUESTS, ids=lambda item: f"{item.name}-{item.target}")
def test_a_guest_is_told_in_full_with_commands_that_are_right(item) -> None:
    blocks = told(item.name, item.target)
    text = to_text(blocks)
    assert item.workload.does in text
    for effect in EFFECTS.get(item.work, ()):
        assert effect.size in text
    assert to_html(blocks)
    for line in text.splitlines():
        if line.startswith("    accelkit study "):
            words = shlex.split(line)
            made = words[words.index("--guest") + 1]
            assert (guest_from(made) if "(" in made else guest(made, item.target)).work == item.work
            schema = bundled("11.1", item.target)
            space: Any = sweep(words[2])
            points = space if isinstance(space, Space) else (space,)
            assert all(check(point, schema).accepted for point in points)
    assert ("accelkit study" in text) == (item.workload.ends == "ok")


@pytest.mark.parametrize(
    ("name", "target", "message"),
    [
        ("smb", "x86_64", "guest 'smb': no such guest for x86_64; did you mean 'smp'?"),
        ("ipi", "aarch64", "guest 'ipi': not available for aarch64; give one of none, cpu"),
        ("cpu", "aarch65", "target 'aarch65': no bundled guest for it; did you mean 'aarch64'?"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(name: str, target: str, message: str) -> None:
    with pytest.raises(GuestError) as refused:
        told(name, target)
    assert str(refused.value).startswith(message)


def test_a_wrong_target_is_refused() -> None:
    with pytest.raises(GuestError, match="no bundled guest for it"):
        guests("riscv64")
    with pytest.raises(GuestError, match="target=5 is not text"):
        guests(5)  # type: ignore[arg-type]
