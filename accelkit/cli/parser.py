"""The words of the command: sub-commands, their options, and QEMU words among them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from accelkit.cli import commands
from accelkit.cli.completion import COMMANDS, SHELLS
from accelkit.errors import ArgvError, StudyError, nearest

#: Sub-commands whose arguments are QEMU's words: from the first of those on, nothing is ours.
TAKES_QEMU_WORDS = ("check", "parse", "render", "run")
#: What the completion scripts call; in no list.
HIDDEN = "complete-line"
#: Our own options of those sub-commands, to whether they take a value.
OWN = {
    "--version": True, "--qemu": True, "--target": True, "--guest": True, "--timeout": True,
    "--json": False, "--libvirt": False, "--help": False, "-h": False,
}  # fmt: skip

_EXAMPLES = """\
for example:
  accelkit check kvm,kernel-irqchip=split              would QEMU take it?
  accelkit check --version 7.2 -machine q35,accel=kvm  would that one, all of it?
  accelkit render 'tcg() | tb_size(each(32, 256))'     options, from a recipe
  accelkit parse -accel kvm,kernel-irqchip=split       a recipe, from options
  accelkit explain tb-size                             what it means, who has it
"""
_LINE = (
    "an -accel argument (kvm,kernel-irqchip=split), or a command line, of which only what is about "
    "accelerators counts"
)


class _Parser(argparse.ArgumentParser):
    """argparse with errors of one line, and no guessing at shortened options."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {' '.join(message.split())}; see {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command."""
    top = _Parser(prog="accelkit", description="Compose, check, run and tune QEMU accelerators.",
                  epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    top.add_argument("--version", action="version", version=commands.version_line(),
                     help="say which accelkit this is")  # fmt: skip
    add = top.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser).add_parser

    check = add("check", help="say what a QEMU would refuse, before it runs",
                description="Say what a QEMU would refuse, before it runs. Each ACCEL is an -accel argument "
                "(kvm,kernel-irqchip=split), or a whole command line, quoted, when it begins with '-'; the "
                "words of one command line may also stand last, unquoted. '-' alone reads one a line from "
                "standard input and answers each at once: accept, or reject, a tab and why. "
                "Exit status: 0 accepted, 1 not, 2 usage or failure.")  # fmt: skip
    which = check.add_mutually_exclusive_group()
    which.add_argument("--version", metavar="V", help="a captured QEMU: 5.2, 7.2, 10.0, 11.1 (default)")
    which.add_argument("--qemu", metavar="BIN", help="ask this binary what it has")
    _target(check)
    check.add_argument("--json", action="store_true", help="verdicts and problems as JSON")
    check.add_argument("accel", nargs="+", metavar="ACCEL", help="what to check, or '-'")
    check.set_defaults(handler=commands.check)

    parse = add("parse", help="print the Python recipe of a QEMU command line or a libvirt domain",
                description="Print the Python recipe of each LINE: what accelkit render takes, and Python "
                "after 'from accelkit import *'.")  # fmt: skip
    parse.add_argument("--libvirt", action="store_true",
                       help="each LINE is a file of domain XML, or '-': virsh dumpxml VM | accelkit parse --libvirt -")  # fmt: skip
    parse.add_argument("line", nargs="+", metavar="LINE", help=_LINE)
    parse.set_defaults(handler=commands.parse)

    render = add("render", help="print the -accel options, or domain XML, of a QEMU string or a Python recipe",
                 description="Print the -accel options of each LINE in QEMU's own order, safe to paste into a "
                 "shell. A LINE may also be a recipe as Python text, and then have many points: "
                 "accelkit render 'tcg() | tb_size(each(32, 256))' prints a line for each.")  # fmt: skip
    render.add_argument("--libvirt", action="store_true",
                        help="as libvirt's domain XML; what that cannot say is an error")  # fmt: skip
    render.add_argument("--target", help="guest architecture of the domain XML (default: x86_64)")
    render.add_argument("line", nargs="+", metavar="LINE", help=f"{_LINE}; or a recipe")
    render.set_defaults(handler=commands.render)

    explain = add("explain", help="what a property or accelerator means, and which QEMUs have it",
                  description="Say what properties and accelerators mean, and which QEMUs have them.")  # fmt: skip
    explain.add_argument("name", nargs="*", metavar="NAME",
                         help="as in Python or as in QEMU (tb_size, tb-size); without one, all are listed")  # fmt: skip
    explain.add_argument("--markdown", action="store_true", help="as Markdown")
    explain.set_defaults(handler=commands.explain)

    probe = add("probe", help="print the schema of an installed QEMU as JSON",
                description="Ask an installed QEMU which accelerators and properties it has, and print that "
                "as JSON, which accelkit diff reads. No guest runs.")  # fmt: skip
    probe.add_argument("qemu", nargs="?", metavar="BIN", help="default: qemu-system-TARGET on PATH")
    _target(probe)
    probe.set_defaults(handler=commands.probe)

    diff = add("diff", help="what a QEMU upgrade adds and drops",
               description="Print what going from one QEMU to another adds (+), drops (-) and changes (~).")  # fmt: skip
    diff.add_argument("old", metavar="OLD", help="a version, as 7.2, or a file that accelkit probe wrote")
    diff.add_argument("new", metavar="NEW", help="the same")
    _target(diff)
    diff.set_defaults(handler=commands.diff)

    run = add("run", help="boot a bundled guest and print how long it took and what it reported",
              description="Boot a bundled guest once, and print how long it took and what it reported. "
              "Exit status: 0 its work was done right, 1 not, 2 usage or failure.")  # fmt: skip
    run.add_argument(
        "--guest", default="cpu", metavar="NAME", help="which work it does (default: cpu), as in study"
    )
    run.add_argument("--qemu", metavar="BIN", help="default: qemu-system-TARGET on PATH")
    run.add_argument("--timeout", type=_seconds, default=60.0, metavar="SECONDS",
                     help="when to give up and end QEMU (default: 60)")  # fmt: skip
    _target(run)
    run.add_argument("accel", nargs="+", metavar="ACCEL", help=_LINE)
    run.set_defaults(handler=commands.run)

    _study(add)
    report = add("report", help="print what a study's store holds, or write it as a report",
                 description="Print what the store of a study holds by now, which may still be running; or "
                 "write it: a page with charts, Markdown for an issue tracker, or its trials as data.")  # fmt: skip
    report.add_argument("store", metavar="STORE", help="the SQLite file of a study")
    report.add_argument("--html", metavar="FILE", help="one page, self-contained: FILE.html")
    report.add_argument("--markdown", metavar="FILE", help="FILE.md")
    report.add_argument("--export", metavar="FILE", help="the trials: FILE.csv, FILE.json or FILE.parquet")
    report.add_argument("--delta", type=_share, metavar="SHARE",
                        help="less is no difference (default: as the study was asked)")  # fmt: skip
    report.add_argument("--confidence", type=_share, metavar="SHARE",
                        help="the chance that all intervals hold (default: as the study was asked)")  # fmt: skip
    report.set_defaults(handler=commands.report)

    demo = add("demo", help="compose, check and run an example on the QEMU that is installed",
               description="Compose a recipe, check it against all captured QEMUs and the one installed, and "
               "measure what a larger tb-size is worth under tcg. Takes some seconds.")  # fmt: skip
    demo.add_argument("--qemu", metavar="BIN", help="default: qemu-system-x86_64 on PATH")
    demo.set_defaults(handler=commands.demo)

    doctor = add("doctor", help="say which accelerators work here, really, and what makes figures noisy",
                 description="Boot a tiny guest under each accelerator that the installed QEMU has, within a time "
                 "limit, and say which work; for those that do not, why, and what to do about it; and what about "
                 "this host makes measurements noisy. Exit status: 0 when one works, 1 when none does.")  # fmt: skip
    doctor.add_argument("--qemu", metavar="BIN", help="default: qemu-system-x86_64 on PATH")
    doctor.add_argument(
        "--skip", action="append", default=[], metavar="ACCEL", help="do not try this one; repeat it"
    )
    doctor.set_defaults(handler=commands.doctor)

    completion = add("completion", help="print, or install, completion for a shell",
                     description="Print the script that completes accelkit's command lines in a shell, QEMU's "
                     "properties and their values included. To try it: source <(accelkit completion bash)")  # fmt: skip
    completion.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    completion.add_argument("--install", action="store_true", help="write it where the shell finds it")
    completion.set_defaults(handler=commands.completion)

    complete = add(HIDDEN)  # what the completion scripts call
    complete.add_argument("line")
    complete.set_defaults(handler=commands.complete_line)
    return top


def _study(add: Callable[..., argparse.ArgumentParser]) -> None:
    study = add("study", help="measure a sweep on real QEMUs and say which setting is faster",
                description="Measure every point of SPACE with every guest, in random order, until the budget "
                "ends; print which setting is faster, by what ratio, how sure. SPACE is an -accel argument with "
                "{a,b} for each of several values: 'tcg,tb-size={8,64,512},thread={single,multi}'; or a recipe "
                "as Python text. The store keeps every trial: the same command goes on where it was left.")  # fmt: skip
    study.add_argument("space", metavar="SPACE")
    study.add_argument(
        "--store", required=True, metavar="FILE", help="the SQLite file that keeps every trial"
    )
    study.add_argument(
        "--guest",
        action="append",
        metavar="NAME",
        help="what is run (default: cpu); or as in Python: \"linux('vmlinuz', until='login:')\", "
        "\"guest('memory').with_work(size=4194304)\"; repeat it",
    )
    study.add_argument("--qemu", action="append", metavar="BIN",
                       help="a binary or command; repeat it to compare builds (default: the one on PATH)")  # fmt: skip
    study.add_argument(
        "--baseline", metavar="ACCEL", help="what the others are compared with (default: the first)"
    )
    study.add_argument("--blocks", type=_count, metavar="N", help="so many of each (default: 20)")
    study.add_argument("--for", dest="time", type=_time, metavar="TIME", help="so long, as 90s, 10m, 2h")
    study.add_argument(
        "--until", type=_share, metavar="SHARE", help="until every interval is narrower, as 2%%"
    )
    study.add_argument("--delta", type=_share, default=0.01, metavar="SHARE",
                       help="less is no difference (default: 1%%)")  # fmt: skip
    study.add_argument("--confidence", type=_share, default=0.95, metavar="SHARE",
                       help="the chance that all intervals hold (default: 95%%)")  # fmt: skip
    study.add_argument("--seed", type=_whole, default=0, metavar="N", help="of the random order (default: 0)")
    study.add_argument("--run-seconds", type=_seconds, default=0.5, metavar="SECONDS",
                       help="about how long a run lasts (default: 0.5)")  # fmt: skip
    study.add_argument("--timeout", type=_seconds, default=60.0, metavar="SECONDS",
                       help="end a run that hangs (default: 60)")  # fmt: skip
    study.add_argument("--no-race", action="store_true", help="go on trying configurations that have lost")
    study.add_argument("--quiet", action="store_true", help="no progress bar")
    study.set_defaults(handler=commands.study)


def _share(text: str) -> float:
    from accelkit.study.standards import share_of

    try:
        return share_of(text, "") or 0.0
    except StudyError as error:
        raise argparse.ArgumentTypeError(str(error).removeprefix(": ")) from None


def _time(text: str) -> float:
    from accelkit.study.standards import TIMES, seconds_of

    try:
        return seconds_of(text) or 0.0
    except StudyError:
        raise argparse.ArgumentTypeError(f"got {text!r}; {TIMES}") from None


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:9]) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"got {text!r}; takes a whole number from 1 to 1000000")
    return int(text)


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"got {text!r:.60}; takes a whole number") from None


def _target(command: argparse.ArgumentParser) -> None:
    command.add_argument("--target", default="x86_64", help="guest architecture (default: x86_64)")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < 1e6:
        raise argparse.ArgumentTypeError(f"got {text!r}; takes seconds, more than 0")
    return seconds


def arranged(words: list[str]) -> list[str]:
    """``words`` with ``--`` before the first QEMU word that looks like an option.

    So ``accelkit check --version 10.0 -machine q35,accel=kvm -m 1G`` needs no quoting: from
    ``-machine`` on, everything is QEMU's. Raises ArgvError for what is no command or option.

    >>> arranged(["check", "--json", "-accel", "kvm"])
    ['check', '--json', '--', '-accel', 'kvm']
    """
    if not words:
        raise ArgvError("no command given; see accelkit --help")
    command = words[0]
    if command not in (*COMMANDS, HIDDEN, "-h", "--help", "--version"):
        what, known = "option", ["--help", "--version"]
        if not command.startswith("-"):
            what, known = "command", [*COMMANDS]
        raise ArgvError(f"{command!r} is no {what}; {nearest(command, known)}")
    if command not in TAKES_QEMU_WORDS:
        return words
    place = 1
    while place < len(words):
        name, equals, _ = words[place].partition("=")
        if words[place] == "--":
            return words
        if name in OWN:
            place += 2 if OWN[name] and not equals else 1
        elif words[place].startswith("-") and words[place] != "-":
            _refuse_strays(command, words[place:])
            return [*words[:place], "--", *words[place:]]
        else:
            place += 1
    return words


def _refuse_strays(command: str, words: Sequence[str]) -> None:
    """ArgvError for an option among QEMU's words that is ours, or nearly, and none of QEMU's."""
    from accelkit.syntax.qemu_options import FLAGS, GONE, VALUED

    ours = COMMANDS[command]
    place = 0
    while place < len(words):
        name = words[place].partition("=")[0]
        plain = name.lstrip("-") if name.startswith("-") else ""
        if name in ours and plain not in (VALUED | FLAGS):
            raise ArgvError(f"{name}: is accelkit's own; give it before QEMU's words")
        close = nearest(name, ours) if name.startswith("--") else ""
        if close.startswith("did") and plain not in (VALUED | FLAGS | GONE.keys()):
            raise ArgvError(f"{name!r} is no option of accelkit {command} or of QEMU; {close}")
        place += 2 if plain in VALUED else 1
