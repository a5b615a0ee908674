"""The words of the command: sub-commands, their options, and QEMU words among them."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

from accelkit.cli import commands
from accelkit.cli.completion import COMMANDS, SHELLS
from accelkit.errors import SchemaError, nearest

#: Sub-commands whose arguments are QEMU's words: from the first of those on, nothing is ours.
TAKES_QEMU_WORDS = ("check", "parse", "render", "run")
#: What the completion scripts call; in no list.
HIDDEN = "complete-line"
#: Our own options of those sub-commands, to whether they take a value.
OWN = {
    "--version": True, "--qemu": True, "--target": True, "--guest": True, "--timeout": True,
    "--json": False, "--help": False, "-h": False,
}  # fmt: skip


class _Parser(argparse.ArgumentParser):
    """argparse with errors of one line."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}; see {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command."""
    top = _Parser(prog="accelkit", description="Compose, check, run and tune QEMU accelerators.")
    top.add_argument("--version", action="version", version=commands.version_line())
    add = top.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser).add_parser

    check = add("check", help="say what a QEMU would refuse, before it runs",
                description="Each ACCEL is an -accel argument (kvm,kernel-irqchip=split), or a whole "
                "command line when it begins with '-'; '-' reads one a line and answers each. "
                "Exit status: 0 accepted, 1 problems, 2 usage.")  # fmt: skip
    which = check.add_mutually_exclusive_group()
    which.add_argument("--version", metavar="V", help="a captured QEMU: 5.2, 7.2, 10.0, 11.1 (default)")
    which.add_argument("--qemu", metavar="BIN", help="ask this binary what it has")
    _target(check)
    check.add_argument("--json", action="store_true", help="verdicts and problems as JSON")
    check.add_argument("accel", nargs="+", metavar="ACCEL")
    check.set_defaults(handler=commands.check)

    parse = add("parse", help="print the Python recipe of a QEMU command line")
    parse.add_argument("line", nargs="+", metavar="LINE", help="an -accel argument or a command line")
    parse.set_defaults(handler=commands.parse)

    render = add("render", help="print the canonical -accel options of a QEMU string or a Python recipe",
                 description="LINE is an -accel argument, a command line, or a recipe as Python text: "
                 "accelkit render 'tcg() | tb_size(each(32, 256))' prints a line for each point.")  # fmt: skip
    render.add_argument("line", nargs="+", metavar="LINE")
    render.set_defaults(handler=commands.render)

    explain = add("explain", help="what a property or accelerator means, and which QEMUs have it")
    explain.add_argument("name", nargs="*", help="in Python or in QEMU; none lists them all")
    explain.add_argument("--markdown", action="store_true")
    explain.set_defaults(handler=commands.explain)

    probe = add("probe", help="print the schema of an installed QEMU as JSON")
    probe.add_argument("qemu", nargs="?", metavar="BIN", help="default: qemu-system-TARGET on PATH")
    _target(probe)
    probe.set_defaults(handler=commands.probe)

    diff = add("diff", help="what a QEMU upgrade adds and drops")
    diff.add_argument("old", metavar="OLD", help="a version, as 7.2, or a JSON file that probe wrote")
    diff.add_argument("new", metavar="NEW")
    _target(diff)
    diff.set_defaults(handler=commands.diff)

    run = add("run", help="boot a bundled guest and print how long it took and what it reported")
    run.add_argument("--guest", default="cpu", metavar="NAME", help="which work it does (default: cpu)")
    run.add_argument("--qemu", metavar="BIN", help="default: qemu-system-TARGET on PATH")
    run.add_argument("--timeout", type=_seconds, default=60.0, metavar="SECONDS")
    _target(run)
    run.add_argument("accel", nargs="+", metavar="ACCEL", help="an -accel argument or a command line")
    run.set_defaults(handler=commands.run)

    demo = add("demo", help="compose, check and run an example on the QEMU that is installed")
    demo.add_argument("--qemu", metavar="BIN", help="default: qemu-system-x86_64 on PATH")
    demo.set_defaults(handler=commands.demo)

    completion = add("completion", help="print, or install, completion for a shell")
    completion.add_argument("shell", choices=SHELLS)
    completion.add_argument("--install", action="store_true", help="write it where the shell finds it")
    completion.set_defaults(handler=commands.completion)

    complete = add(HIDDEN)  # what the completion scripts call
    complete.add_argument("line")
    complete.set_defaults(handler=commands.complete_line)
    return top


def _target(command: argparse.ArgumentParser) -> None:
    command.add_argument("--target", default="x86_64", help="guest architecture (default: x86_64)")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r}: takes seconds, more than 0")
    return seconds


def arranged(words: list[str]) -> list[str]:
    """``words`` with ``--`` before the first QEMU word that looks like an option.

    So ``accelkit check --version 10.0 -machine q35,accel=kvm -m 1G`` needs no quoting: from
    ``-machine`` on, everything is QEMU's.

    >>> arranged(["check", "--json", "-accel", "kvm"])
    ['check', '--json', '--', '-accel', 'kvm']
    """
    if words and not words[0].startswith("-") and words[0] not in (*COMMANDS, HIDDEN):
        raise SchemaError(f"{words[0]!r} is no command; {nearest(words[0], COMMANDS)}")
    if not words or words[0] not in TAKES_QEMU_WORDS:
        return words
    place = 1
    while place < len(words):
        name, equals, _ = words[place].partition("=")
        if words[place] == "--":
            return words
        if name in OWN:
            place += 2 if OWN[name] and not equals else 1
        elif words[place].startswith("-") and words[place] != "-":
            return [*words[:place], "--", *words[place:]]
        else:
            place += 1
    return words
