"""QEMU's command-line options: which release has which, which take a value, and what took the place of those removed.

``options.tsv`` has the options of QEMU 5.2 to 11.1: read in ``qemu-options.hx`` at each release, and asked of real
binaries by ``-help -NAME``. Whether an option takes a value is the same in every release and target that has it.
"""

from __future__ import annotations

import os
import re
from typing import Final, NamedTuple

#: Every release that accelkit knows, oldest first.
RELEASES: Final = tuple(
    "5.2 6.0 6.1 6.2 7.0 7.1 7.2 8.0 8.1 8.2 9.0 9.1 9.2 10.0 10.1 10.2 11.0 11.1".split()
)

_FILE: Final = os.path.join(os.path.dirname(__file__), "options.tsv")
#: Options that -help does not list although every release has them.
UNLISTED: Final = ("M", "qtest", "qtest-log")


class _Row(NamedTuple):
    """One line of the table; an option whose targets changed has more than one."""

    name: str
    valued: bool
    families: tuple[str, ...]
    first: tuple[int, ...]
    last: tuple[int, ...]


def number_of(release: str) -> tuple[int, ...]:
    """The numbers of a release, to compare: (10, 0) for ``"10.0"``."""
    return tuple(map(int, release.split(".")))


_NEWEST: Final = number_of(RELEASES[-1])


def _rows() -> tuple[_Row, ...]:
    numbers = {name: number_of(name) for name in RELEASES} | {"": _NEWEST}
    with open(_FILE, encoding="utf-8") as file:
        next(file)  # the names of the columns
        lines = [line.rstrip("\n").split("\t", 5) for line in file]
    return tuple(
        _Row(name, value == "yes", tuple(families.split()), numbers[first], numbers[last])
        for name, value, families, first, last, *_ in lines
    )


_ROWS: Final = _rows()

#: Options without a value, in any release.
FLAGS: Final = frozenset(row.name for row in _ROWS if not row.valued)

#: Options whose value is the next word, whatever it looks like, in any release.
VALUED: Final = frozenset(row.name for row in _ROWS if row.valued)

#: What the table calls the targets: by the architecture that their sources share.
_FAMILIES: Final = {
    "x86_64": "i386", "aarch64": "arm", "ppc64": "ppc", "riscv64": "riscv", "riscv32": "riscv",
}  # fmt: skip


def options_of(release: tuple[int, ...], target: str) -> dict[str, bool]:
    """The options that QEMU ``release`` takes for ``target``, sorted; True for those with a value.

    A release newer than 11.1 is taken for 11.1. What a build leaves out (``-spice``, ``-vnc``) is among them.

    >>> options_of((9, 0), "x86_64")["run-with"], "no-hpet" in options_of((9, 0), "x86_64")
    (True, False)
    """
    number, family = min(release[:2], _NEWEST), _FAMILIES.get(target, target)
    found = {
        row.name: row.valued
        for row in _ROWS
        if row.first <= number <= row.last and ("all" in row.families or family in row.families)
    }
    return dict(sorted(found.items()))


def options_listed(listed: dict[str, bool]) -> dict[str, bool]:
    """The options of a QEMU whose ``-help`` listed these: with those that it does not list.

    Whether an option takes a value is known better than its line of ``-help`` shows, but for options newer than 11.1.

    >>> options_listed({"async-teardown": True, "dtb": False})
    {'M': True, 'async-teardown': False, 'dtb': True, 'qtest': True, 'qtest-log': True}
    """
    names = sorted({*listed, *UNLISTED})
    return {name: name in VALUED or (name not in FLAGS and listed[name]) for name in names}


def option_releases(name: str, target: str) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The first and the last release, from 5.2 to 11.1, that takes the option for ``target``; None if none does.

    >>> (
    ...     option_releases("run-with", "x86_64"),
    ...     option_releases("no-hpet", "x86_64"),
    ...     option_releases("no-hpet", "arm"),
    ... )
    (((8, 1), (11, 1)), ((5, 2), (8, 2)), None)
    """
    family = _FAMILIES.get(target, target)
    rows = [row for row in _ROWS if row.name == name and {"all", family} & set(row.families)]
    return (min(row.first for row in rows), max(row.last for row in rows)) if rows else None


class RemovedOption(NamedTuple):
    """An option that QEMU removed: the first release without it, what to write instead, whether it took a value.

    ``since`` is (0, 0, 0) if none of QEMU 5.2 to 11.1 has the option.
    """

    since: tuple[int, int, int]
    remedy: str
    valued: bool = False


class Remedy(NamedTuple):
    """What to do about an option that a release lacks, in words; and the words that take the option's place.

    ``words`` is empty where the option is to be left out, and None where only the user can tell.
    """

    text: str
    words: tuple[str, ...] | None


class _Successor(NamedTuple):
    """What takes the place of an option in ``since`` and newer releases, where its value has the form ``pattern``."""

    since: tuple[int, int]
    words: str
    pattern: str = ""
    note: str = ""


def _always(words: str, pattern: str = "", note: str = "") -> _Successor:
    return _Successor((0, 0), words, pattern, note)


_ANY: Final = r"(.+)"
_CARD: Final = "with the driver of your sound in the place of none: qemu -audiodev help lists them"

#: What takes the place of the options that some release from 5.2 to 11.1 lacks: the first that fits counts. Each was
#: tried on real QEMUs that lack the option. What is left out was without effect, or has no successor.
_SUCCESSORS: Final[dict[str, tuple[_Successor, ...]]] = {
    # removed within these releases
    "alt-grab": (_always("-display sdl,grab-mod=lshift-lctrl-lalt"),),
    "async-teardown": (_Successor((8, 1), "-run-with async-teardown=on"), _always("")),
    "audio-help": (_always("-audiodev help"),),
    "chroot": (_always(r"-run-with chroot=\1", _ANY),),
    "ctrl-grab": (_always("-display sdl,grab-mod=rctrl"),),
    "curses": (_always("-display curses"),),
    "enable-fips": (_always("", note="QEMU does so itself where the host is in FIPS mode"),),
    "no-acpi": (_always("-machine acpi=off"),),
    "no-hpet": (_always("-machine hpet=off"),),
    "no-quit": (_always("-display sdl,window-close=off"),),
    "old-param": (_always(""),),
    "portrait": (_always(""),),
    "realtime": (_always(r"-overcommit mem-lock=\1", r"mlock=(on|off)"),),
    "rotate": (_always("", _ANY),),
    "runas": (_always(r"-run-with user=\1", _ANY),),
    "sdl": (_always("-display sdl"),),
    "show-cursor": (_always("-display sdl,show-cursor=on"),),
    "singlestep": (_always("-accel tcg,one-insn-per-tb=on"),),
    "soundhw": (_always(r"-audio none,model=\1", r"(ac97|adlib|cs4231a|es1370|gus|hda|sb16)", _CARD),),
    "tb-size": (_always(r"-accel tcg,tb-size=\1", r"(\d+)"),),
    "watchdog": (_always(r"-device \1", _ANY),),
    "writeconfig": (_always("", _ANY, "keep the command line in a script"),),
    # newer than some of these releases
    "action": (
        _always("-no-reboot", "reboot=shutdown"),
        _always("-no-shutdown", "shutdown=pause"),
        _always(r"-watchdog-action \1", r"watchdog=(\w[\w-]*)"),
    ),
    "compat": (_always("", _ANY),),
    "jitdump": (_always(""),),
    "perfmap": (_always(""),),
    "run-with": (
        _always(r"-chroot \1", r"chroot=([^,]+)"),
        _always(r"-runas \1", r"user=([^,]+)"),
        _Successor((7, 2), "-async-teardown", "async-teardown=on"),
        _always("", "async-teardown=(?:on|off)"),
    ),
    # of QEMUs before 5.2, or of other programs
    "balloon": (_always("-device virtio-balloon", "virtio"), _always("", "none")),
    "bootp": (_always(r"-nic user,bootfile=\1", _ANY),),
    "enable-hax": (_always("", note="hax is gone, and whpx and hvf took its place"),),
    "hax": (_always("", note="hax is gone, and whpx and hvf took its place"),),
    "id": (_always("", _ANY, "only Proxmox VE's QEMU has it"),),
    "kvm": (_always("-accel kvm"),),
    "localtime": (_always("-rtc base=localtime"),),
    "no-frame": (_always(""),),
    "no-hax": (_always(""),),
    "no-kvm": (_always("-accel tcg"),),
    "no-kvm-irqchip": (
        _Successor((8, 0), "", note="from 8.0 on PCs need KVM's own irqchip"),
        _always("-machine kernel-irqchip=off"),
    ),
    "no-kvm-pit": (_always(""),),
    "no-kvm-pit-reinjection": (_always("-global kvm-pit.lost_tick_policy=discard"),),
    "no-tcg": (_always("-accel kvm"),),
    "nodefconfig": (_always("-no-user-config"),),
    "redir": (_always(r"-nic user,hostfwd=\1::\2-\3:\4", r"(tcp|udp):(\d+):([\d.]*):(\d+)"),),
    "rtc-td-hack": (_always("-rtc driftfix=slew"),),
    "smb": (_always(r"-nic user,smb=\1", _ANY),),
    "startdate": (_always(r"-rtc base=\1", _ANY),),
    "tcg": (_always("-accel tcg"),),
    "tdf": (_always(""),),
    "tftp": (_always(r"-nic user,tftp=\1", _ANY),),
}  # fmt: skip


def remedy_of(name: str, value: str | None, release: tuple[int, ...]) -> Remedy:
    """What to do about ``-name value`` where ``release`` lacks the option; ``value`` is None if it is not known.

    >>> remedy_of("watchdog", "i6300esb", (10, 0)).text, remedy_of("no-hpet", None, (9, 0)).words
    ('write -device i6300esb', ('-machine', 'hpet=off'))
    >>> remedy_of("run-with", "chroot=/srv", (7, 2)).text, remedy_of("run-with", None, (7, 2)).text
    ('write -chroot /srv', 'write -chroot …')
    """
    rows = [row for row in _SUCCESSORS.get(name, ()) if row.since <= release[:2]]
    if not rows:
        return Remedy("leave it out", None)
    for row in rows:
        if not row.pattern:
            return _remedy(tuple(row.words.split()), row.note)
        match = None if value is None else re.fullmatch(row.pattern, value, re.DOTALL)
        if match is not None:
            return _remedy(tuple(match.expand(word) for word in row.words.split()), row.note)
    general = tuple(re.sub(r"\\\d.*", "…", word) for word in rows[0].words.split())
    return Remedy(_remedy(general, rows[0].note).text, None)


def _remedy(words: tuple[str, ...], note: str) -> Remedy:
    line = " ".join(words)
    if "\\" in line or not all(map(_PLAIN, words)):
        from accelkit.syntax.shell_words import shell_line  # imported here: only odd values need it

        line = shell_line(words)
    advice = f"write {line}" if words else "leave it out"
    between = ", " if words else ": "
    return Remedy(f"{advice}{between}{note}" if note else advice, words)


_PLAIN: Final = re.compile(r"[\w%+,./:=@…-]+").fullmatch


def _removed() -> dict[str, RemovedOption]:
    last: dict[str, tuple[int, ...]] = {}
    for row in _ROWS:
        last[row.name] = max(row.last, last.get(row.name, ()))
    after = dict(zip(map(number_of, RELEASES), map(number_of, RELEASES[1:]), strict=False)) | {(): (0, 0)}
    found: dict[str, RemovedOption] = {}
    for name, rows in _SUCCESSORS.items():
        if (number := last.get(name, ())) != _NEWEST:
            major, minor = after[number]
            text = remedy_of(name, None, _NEWEST).text
            found[name] = RemovedOption((major, minor, 0), text, bool(rows[0].pattern))
    return found


#: By name: the options that 11.1 lacks, of every target.
REMOVED: Final = _removed()
