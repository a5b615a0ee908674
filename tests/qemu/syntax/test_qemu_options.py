"""QEMU's options and their remedies, put to real QEMUs of five releases."""

from __future__ import annotations

import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from oracle.real_qemu import SECONDS_PER_RUN, SERIES, Plain, Qemu
from support.releases import release
from support.tools import need_kvm

from accelkit.syntax.qemu_options import FLAGS, REMOVED, VALUED, number_of, options_of, remedy_of

pytestmark = pytest.mark.qemu

#: A value, or several, for each option that takes one and has a remedy; {port} stands for a port that nobody uses.
VALUES = {
    "action": ("reboot=shutdown", "shutdown=pause", "watchdog=none"), "balloon": ("virtio", "none"), "bootp": ("/x",),
    "chroot": ("/tmp",), "compat": ("deprecated-input=accept",), "id": ("100",), "realtime": ("mlock=on", "mlock=off"),
    "redir": ("tcp:{port}::22", "udp:{port}:10.0.2.15:53"), "rotate": ("90",), "runas": ("nobody",),
    "run-with": ("chroot=/tmp", "user=nobody", "async-teardown=on", "async-teardown=off"), "smb": ("/tmp",),
    "soundhw": ("ac97", "adlib", "cs4231a", "es1370", "gus", "hda", "sb16"), "startdate": ("2006-06-17T16:01:21",),
    "tb-size": ("64",), "tftp": ("/tmp",), "watchdog": ("i6300esb", "ib700"), "writeconfig": ("/tmp/x",),
}  # fmt: skip
#: Options that newer releases have, with remedies for older ones.
NEWER = ("action", "compat", "jitdump", "perfmap", "run-with")
#: Refusals that are this build's or this test's: no window, no terminal, a list printed, no smbd.
OF_THE_BUILD = (
    "' is not available",
    "We need a terminal output",
    "printed a list",
    "smbd",
)


def known(qemu: Qemu, name: str) -> bool | None:
    """Whether QEMU's option takes a value; None if it has no such option."""
    command = ["timeout", str(SECONDS_PER_RUN), *qemu.command, "-help", f"-{name}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "invalid option" in done.stderr:
        return None
    return "requires an argument" in done.stderr


@pytest.mark.parametrize("series", SERIES)
def test_every_option_is_known_and_takes_a_value_as_the_table_has_it(series: str) -> None:
    qemu = release(series)
    names = sorted(FLAGS | VALUED | REMOVED.keys())
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(names, pool.map(lambda name: known(qemu, name), names), strict=True))
    # Those of other targets are known, too: they are refused later, as not supported for this target.
    everywhere: dict[str, bool] = {}
    for target in ("x86_64", "aarch64", "riscv64", "s390x", "ppc64"):
        everywhere |= options_of(number_of(series), target)
    assert {name: valued for name, valued in found.items() if valued is not None} == everywhere


def free_port() -> int:
    """A port that is free for TCP and for UDP, so that tests that run side by side do not meet on one."""
    while True:
        with socket.socket(type=socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            udp.bind(("", 0))
            port: int = udp.getsockname()[1]
            with suppress(OSError):
                tcp.bind(("", port))
                return port


def lacking(series: str) -> list[tuple[str, str | None]]:
    """Each option that the release lacks and that has a remedy, with its values."""
    options = options_of(number_of(series), "x86_64")
    names = [name for name in (*REMOVED, *NEWER) if name not in options]
    values = [(name, value) for name in names for value in VALUES.get(name, (None,))]
    return [(name, value and value.format(port=free_port())) for name, value in values]


@pytest.mark.parametrize("series", SERIES)
def test_no_qemu_that_lacks_an_option_refuses_what_takes_its_place(
    series: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_kvm()
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")  # -display sdl needs no screen then
    qemu = release(series)
    refused: list[str] = []
    with Plain(qemu) as plain:
        for name, value in lacking(series):
            words = remedy_of(name, value, number_of(series)).words
            assert words is not None, (name, value)
            # kvm, because with tcg a QEMU that locks its memory locks a cache of 1 GiB first.
            answer = plain.ask(["-machine", "pc", *words, "-accel", "kvm"])
            if not answer.accepted and not any(text in answer.said for text in OF_THE_BUILD):
                refused.append(f"-{name} {value}: {' '.join(words)}: {answer.said}")
    assert refused == []


def test_every_remedy_of_an_option_with_a_value_is_tried() -> None:
    assert {name for name, option in REMOVED.items() if option.valued} <= VALUES.keys()
