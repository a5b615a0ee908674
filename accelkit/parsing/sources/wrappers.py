"""The words before the program: assignments, ``sudo -u X``, ``timeout 60``, ``docker run … IMAGE``. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from accelkit.parsing.sources.programs import is_option, is_plain_name, is_program, starts_qemu
from accelkit.parsing.sources.wrapper_options import CONTAINER, SSH, WRAPPERS, Wrapper
from accelkit.syntax.typography import DASHES


class Split(NamedTuple):
    """Which of the words are what, by their places among the words, from 0."""

    wrapper: tuple[int, ...] = ()
    command: tuple[int, ...] = ()
    """The program and its arguments; empty where no QEMU is started."""
    script: tuple[int, ...] = ()
    """The words that another shell reads as its text, joined by blanks: that of ``bash -c``, ``ssh HOST``."""


_SHELLS: Final = frozenset("sh bash dash zsh ksh mksh ash fish su runuser".split())
_CONTAINERS: Final = frozenset("docker podman nerdctl".split())

#: Words of the shell's grammar before which, or behind which, a command stands.
RESERVED: Final = frozenset("if then elif else while until do ! {".split())

#: Commands that speak of a QEMU, and start none.
_NO_RUNNERS: Final = frozenset(
    "echo printf print cat tee ls ll stat file ldd readelf objdump nm strings strip cp mv rm ln install mkdir touch "
    "chmod chown chgrp setcap getcap setfacl grep egrep fgrep rg ag sed awk find locate which whereis type hash man info "
    "whatis apropos apt apt-get apt-cache aptitude dpkg dpkg-query rpm dnf yum zypper pacman paru yay apk emerge brew "
    "port pkg nix-env snap choco scoop winget pip pip3 git make cmake ninja meson ps pgrep pkill pidof killall kill top "
    "htop systemctl service journalctl usermod useradd gpasswd adduser addgroup groupadd id groups modprobe modinfo "
    "lsmod rmmod insmod test [ [[ export declare typeset readonly local unset alias set read trap return exit for "
    "case select function update-alternatives dpkg-divert aa-complain aa-enforce semanage restorecon sha256sum md5sum "
    "lsof fuser diff vim vi nano less more head tail curl wget virsh virt-install qemu-img qemu-nbd qemu-io".split()
)
ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*(?:\[[^]]*\])?\+?=", re.ASCII)
_TEXT_OF_SHELL: Final = re.compile(
    rf"\s*(?:(?:sudo|doas|exec|env|nohup|[A-Za-z_]\w*=\S*)\s+)*(?P<program>\S+)\s+[-{DASHES}$\"']"
)
_OPTION: Final = re.compile(rf"[-{DASHES}]{{1,2}}[A-Za-z]")
_NONE: Final = Split()


def split(words: Sequence[str]) -> Split:
    """Which of the words stand before the QEMU that they start, and which are its command.

    >>> split("sudo -u vm timeout 60 qemu-kvm -m 1G".split())
    Split(wrapper=(0, 1, 2, 3, 4), command=(5, 6, 7), script=())
    >>> split(["bash", "-c", "qemu-kvm -m 1G"]).script
    (2,)
    """
    place = 0
    while place < len(words):
        word = words[place]
        if ASSIGNMENT.match(word) is not None or word in RESERVED:
            place += 1
        elif starts_qemu(words, place):
            return _at(words, place)
        elif (name := word.rpartition("/")[2]) in _CONTAINERS:
            image = _image(words, place)
            if (parts := _with_entrypoint(words, place, image)) is not None:
                return parts
            place = image + 1
        elif name == "ssh":
            host = _behind(words, place, SSH)
            return _script(words, host) if host < len(words) else _NONE
        elif name == "eval":
            return _script(words, place + 1)
        elif name == "runuser" and "--" in words[place:]:
            place = words.index("--", place) + 1
        elif name in _SHELLS:
            return _of_shell(words, place)
        elif name in ("gdb", "lldb"):
            return _of_debugger(words, place)
        elif name in WRAPPERS:
            if name == "command" and words[place + 1 : place + 2] in (["-v"], ["-V"]):
                return _NONE
            place = _behind(words, place, WRAPPERS[name])
        else:
            return _unknown(words, place)
    return _NONE


def is_wrapper(word: str) -> bool:
    """Whether the word is a program that runs the one behind it, as far as its name is known here.

    >>> is_wrapper("/usr/bin/sudo"), is_wrapper("echo")
    (True, False)
    """
    name = word.rpartition("/")[2]
    return name in WRAPPERS or name in _CONTAINERS or name in _SHELLS or name in ("ssh", "gdb", "lldb")


def reads_script(words: Sequence[str]) -> bool:
    """Whether the command is a shell, or ssh to one, that reads commands from its standard input.

    >>> reads_script("sudo bash -s".split()), reads_script(["bash", "run.sh"]), reads_script(["cat"])
    (True, False, False)
    """
    for place, word in enumerate(words):
        name = word.rpartition("/")[2]
        if name == "ssh":
            return _behind(words, place, SSH) >= len(words)
        if name in _SHELLS:
            rest = words[place + 1 :]
            is_login = name in ("su", "runuser")  # whose operand is the user
            return "-s" in rest or is_login or all(option.startswith("-") for option in rest)
    return False


def _at(words: Sequence[str], place: int) -> Split:
    return Split(tuple(range(place)), tuple(range(place, len(words))))


def _script(words: Sequence[str], start: int, stop: int | None = None) -> Split:
    stop = len(words) if stop is None else stop
    return Split(tuple(range(start)), (), tuple(range(start, stop)))


def _options_end(words: Sequence[str], place: int, wrapper: Wrapper) -> int:
    """Where the options end that begin at ``place``."""
    while place < len(words):
        word = words[place]
        if word == "--":
            return place + 1
        if word[:1] != "-" or word == "-":
            return place
        place += 1 + _takes_next(word, wrapper)
    return min(place, len(words))


def _takes_next(word: str, wrapper: Wrapper) -> bool:
    if word.startswith("--"):
        return word in wrapper.long
    letters = word[1:]
    first = next((at for at, letter in enumerate(letters) if letter in wrapper.short), -1)
    return first >= 0 and first == len(letters) - 1  # otherwise the value is the rest of the word


def _behind(words: Sequence[str], place: int, wrapper: Wrapper) -> int:
    """Where the program stands behind the wrapper at ``place``."""
    place = _options_end(words, place + 1, wrapper)
    for _ in range(wrapper.operands):
        if place < len(words) and not starts_qemu(words, place):  # setarch's machine may be left out
            place = _options_end(words, place + 1, wrapper)
    return place


def _image(words: Sequence[str], place: int) -> int:
    """Where the image stands in ``docker run … IMAGE program``; behind the words where nothing is run."""
    for at in range(place + 1, len(words)):
        if words[at] in ("run", "exec", "create"):
            return _options_end(words, at + 1, CONTAINER)
    return len(words)


def _with_entrypoint(words: Sequence[str], place: int, image: int) -> Split | None:
    """What ``--entrypoint program`` before the image makes of the words; None without it."""
    for at in range(place + 1, image) if image < len(words) else ():
        option, joined, value = words[at].partition("=")
        if option != "--entrypoint":
            continue
        if joined and is_program(value):  # option and program are one word, so no word is the program
            return Split(tuple(range(image + 1)), tuple(range(image + 1, len(words))))
        if not joined and at + 1 < image and is_program(words[at + 1]):
            before = tuple(index for index in range(image + 1) if index != at + 1)
            return Split(before, (at + 1, *range(image + 1, len(words))))
    return None


def _of_shell(words: Sequence[str], place: int) -> Split:
    """``bash -c '…'``, ``su -c '…' USER``."""
    for at in range(place + 1, len(words)):
        is_command = words[at] in ("--command", "--session-command") or re.fullmatch("-[a-z]*c", words[at])
        if is_command and at + 1 < len(words):
            return _script(words, at + 1, at + 2)
    return _NONE


def _of_debugger(words: Sequence[str], place: int) -> Split:
    for at in range(place + 1, len(words)):
        if words[at] in ("--args", "-args", "--"):
            program = at + 1
            while program < len(words) and words[program].startswith("-"):  # gdb --args -q is read by gdb
                program += 1
            return _at(words, program) if program < len(words) and is_program(words[program]) else _NONE
    return _NONE


def _unknown(words: Sequence[str], place: int) -> Split:
    """Behind a command that is not known: a QEMU with options is started by it, or is its text for a shell."""
    if words[place] in _NO_RUNNERS or "install" in words or _OPTION.match(words[place]) is not None:
        return _NONE
    for at in range(place, len(words)):
        word = words[at]
        if at > place and is_program(word) and not is_plain_name(word):
            if at + 1 < len(words) and is_option(words[at + 1]):
                return _at(words, at)
        elif " " in word and (text := _TEXT_OF_SHELL.match(word)) is not None and is_program(text["program"]):
            return _script(words, at, at + 1)
    return _NONE
