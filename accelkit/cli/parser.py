"""The subcommands and options of ``accelkit``: the one list, from which help, checks and completion follow."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from accelkit.cli import commands
from accelkit.cli.across_parser import add_commands
from accelkit.cli.command_parser import CommandParser, address, count, duration, seconds, share, weight, whole
from accelkit.cli.completion import SHELLS
from accelkit.cli.tuning_parser import add_tune
from accelkit.recipes.forms import FORMS

_EXAMPLES = """\
for example:
  accelkit check kvm,kernel-irqchip=split              would QEMU accept it?
  accelkit check --version 7.2 -machine q35,accel=kvm  would QEMU 7.2 accept the whole line?
  accelkit render 'tcg() | tb_size(each(32, 256))'     options, from a recipe
  accelkit parse -accel kvm,kernel-irqchip=split       a recipe, from options
  accelkit explain tb-size                             what it means, which QEMUs have it
"""
_LINE = (
    "an -accel argument (kvm,kernel-irqchip=split), or a QEMU command as it was pasted, of which only the parts about "
    "accelerators count"
)


def parser() -> CommandParser:
    """The parser of the whole command."""
    top = CommandParser(prog="accelkit", description="Compose, check, run and tune QEMU accelerators.",
                        epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    top.add_argument("--version", action="version", version=commands.version_line(),
                     help="print the version of accelkit")  # fmt: skip
    add = top.add_subparsers(metavar="COMMAND", required=True, parser_class=CommandParser).add_parser

    check = add("check", qemu_words=True, help="say what a QEMU would refuse, before it runs",
                description="Say what a QEMU would refuse, before it runs. Each ACCEL is an -accel argument "
                "(kvm,kernel-irqchip=split), a whole QEMU command as it was pasted, quoted, or a sweep; "
                "the words of one command may also stand last, unquoted. '-' alone reads one a line from "
                "standard input and answers each at once: accept, or reject or unknown, a tab and the reason. "
                "Asks the installed QEMU of the target that the program's name says; where none is installed, the "
                "newest bundled schema. Exit status: 0 accepted, 1 not, 2 usage or failure, 3 unknown: a "
                "variable decides, or nobody knows what that QEMU has.")  # fmt: skip
    which = check.add_mutually_exclusive_group()
    which.add_argument(
        "--version", metavar="VERSION", help="a QEMU release, 5.2 to 11.1 (default: the installed one)"
    )
    which.add_argument("--qemu", metavar="BIN", help="ask this binary what it has")
    check.add_argument("--target", metavar="TARGET",
                       help="guest architecture (default: that of the program's name, else x86_64)")  # fmt: skip
    check.add_argument("--libvirt", action="store_true",
                       help="each ACCEL is a file of domain XML, or '-': virsh dumpxml VM | accelkit check --libvirt -")  # fmt: skip
    check.add_argument("--fix", action="store_true",
                       help="print each line as it has to be written; what cannot be mended on standard error")  # fmt: skip
    check.add_argument("--json", action="store_true", help="verdicts and problems as JSON")
    check.add_argument("accel", nargs="+", metavar="ACCEL", help="what to check, or '-'")
    check.set_defaults(handler=commands.check)

    lint = add("lint", help="say what a QEMU would refuse in whole files: scripts, units, configurations",
               description="Find each QEMU command in files, and in the files of folders, and print what a QEMU "
               "would refuse in it as compilers do: FILE:LINE:COLUMN: kind: why; what to do. Shell, batch and PowerShell "
               "scripts are read as wholes: variables, arrays, branches and functions are followed. Asks as accelkit "
               "check does. Exit status: 0 nothing is refused, 1 something is, 2 usage or failure, 3 only running could "
               "tell.")  # fmt: skip
    which = lint.add_mutually_exclusive_group()
    which.add_argument(
        "--version", metavar="VERSION", help="a bundled QEMU, as 7.2 (default: the one installed)"
    )
    which.add_argument("--qemu", metavar="BIN", help="ask this binary what it has")
    lint.add_argument("--target", metavar="TARGET",
                      help="guest architecture (default: that of the program's name, else x86_64)")  # fmt: skip
    lint.add_argument("--format", choices=["text", "json", "github"], default="text", metavar="FORMAT",
                      help="text (default), json, or github: annotations of a workflow")  # fmt: skip
    lint.add_argument("path", nargs="+", metavar="FILE", help="a file, a folder, or '-' for standard input")
    lint.set_defaults(handler=commands.lint)

    parse = add("parse", qemu_words=True,
                help="print the Python recipe of a QEMU command line or a libvirt domain",
                description="Print the Python recipe of each LINE: what accelkit render takes, and Python "
                "after 'from accelkit import *'.")  # fmt: skip
    parse.add_argument("--libvirt", action="store_true",
                       help="each LINE is a file of domain XML, or '-': virsh dumpxml VM | accelkit parse --libvirt -")  # fmt: skip
    parse.add_argument("line", nargs="+", metavar="LINE", help=_LINE)
    parse.set_defaults(handler=commands.parse)

    render = add("render", qemu_words=True,
                 help="print the -accel options, or domain XML, of a QEMU string or a Python recipe",
                 description="Print the -accel options of each LINE in QEMU's own order, safe to paste into a "
                 "shell. A LINE may also be a sweep, as Python text or with braces as a shell expands them: "
                 "accelkit render 'tcg() | tb_size(each(32, 256))' and accelkit render 'tcg,tb-size={32,256}' "
                 "print a line for each point.")  # fmt: skip
    render.add_argument("--libvirt", action="store_true",
                        help="print libvirt's domain XML; options that libvirt cannot express are errors")  # fmt: skip
    render.add_argument("--target", metavar="TARGET",
                        help="guest architecture of the domain XML (default: x86_64)")  # fmt: skip
    render.add_argument("line", nargs="+", metavar="LINE", help=f"{_LINE}; or a recipe")
    render.set_defaults(handler=commands.render)

    explain = add("explain", qemu_words=True,
                  help="what a property, an option or a message of QEMU means, and which QEMUs have it",
                  description="Say what something about accelerators means, and which QEMUs have it: a property or "
                  "accelerator (tb-size), a setting (thread=multi), an option of QEMU (-enable-kvm), an -accel argument, "
                  "or what QEMU printed. Needs no quotes but those of the shell's own characters.")  # fmt: skip
    explain.add_argument("name", nargs="*", metavar="NAME",
                         help="as in Python or as in QEMU (tb_size, tb-size); without one, list all")  # fmt: skip
    explain.add_argument("--markdown", action="store_true", help="as Markdown")
    explain.set_defaults(handler=commands.explain)

    probe = add("probe", help="print the schema of an installed QEMU as JSON",
                description="Ask an installed QEMU which accelerators and properties it has, and print the "
                "answer as JSON, which accelkit diff reads. No guest runs.")  # fmt: skip
    probe.add_argument("qemu", nargs="?", metavar="BIN", help="default: qemu-system-TARGET on PATH")
    _target(probe)
    probe.set_defaults(handler=commands.probe)

    diff = add("diff", help="what a QEMU upgrade, or another recipe, adds, removes and changes",
               description="Print what an upgrade from one QEMU to another adds, removes and changes; or what one recipe "
               "sets otherwise than another: accelkit diff 7.2 11.1, accelkit diff tcg,tb-size=64 tcg,thread=multi.")  # fmt: skip
    diff.add_argument("old", metavar="OLD", help="a version, as 7.2, or a file that accelkit probe wrote; or an -accel "
                      "argument, a quoted QEMU command, a recipe")  # fmt: skip
    diff.add_argument("new", metavar="NEW", help="the same")
    _target(diff)
    diff.set_defaults(handler=commands.diff)

    run = add("run", qemu_words=True,
              help="boot a bundled guest and print how long it took and what it reported",
              description="Boot a bundled guest once, and print how long it took and what it reported. "
              "Exit status: 0 the guest did its work, 1 it did not, 2 usage or failure.")  # fmt: skip
    run.add_argument("--guest", default="cpu", metavar="GUEST",
                     help="the bundled guest to boot (default: cpu), written as for study")  # fmt: skip
    run.add_argument("--qemu", metavar="BIN", help="default: qemu-system-TARGET on PATH")
    run.add_argument("--timeout", type=seconds, default=60.0, metavar="SECONDS",
                     help="end QEMU after this time (default: 60)")  # fmt: skip
    run.add_argument("--target", metavar="TARGET",
                     help="guest architecture (default: that of the program's name, else x86_64)")  # fmt: skip
    run.add_argument("accel", nargs="+", metavar="ACCEL", help=_LINE)
    run.set_defaults(handler=commands.run)

    guests = add("guests", help="list the bundled guests: what each stresses, and which options it shows",
                 description="List the bundled guests: what each does, about how long a run takes, and which options "
                 "of QEMU it shows an effect of; or tell one of them in full.")  # fmt: skip
    guests.add_argument("guest", nargs="?", metavar="GUEST", help="the one to tell in full")
    _target(guests)
    guests.set_defaults(handler=commands.guests)

    _study(add)
    add_tune(add)
    _report(add)
    add_commands(add)
    _store(add)

    demo = add("demo", help="compose, check and run an example on the installed QEMU",
               description="Compose a recipe, check it against all captured QEMUs and the installed one, and "
               "measure what a larger tb-size is worth under tcg. Takes some seconds.")  # fmt: skip
    demo.add_argument("--qemu", metavar="BIN", help="default: qemu-system-x86_64 on PATH")
    demo.set_defaults(handler=commands.demo)

    notebooks = add("notebooks", help="copy the notebooks that come with accelkit into a folder",
                    description="Copy the notebooks that come with accelkit into DIR, which is made if it is missing, and say "
                    "how to open them. Nothing of yours is overwritten.")  # fmt: skip
    notebooks.add_argument("folder", metavar="DIR", help="the folder to copy them into")
    notebooks.add_argument("--force", action="store_true", help="overwrite notebooks that are there already")
    notebooks.set_defaults(handler=commands.notebooks)

    doctor = add("doctor", help="try which accelerators work here, and say what makes measurements noisy",
                 description="Boot a tiny guest under each accelerator that the installed QEMU has, within a time "
                 "limit, and say which work; for the others, why not and what to do about it; and what about "
                 "this host makes measurements noisy. Exit status: 0 when one works, 1 when none does.")  # fmt: skip
    doctor.add_argument("--qemu", metavar="BIN", help="default: qemu-system-x86_64 on PATH")
    doctor.add_argument("--skip", action="append", default=[], metavar="ACCEL",
                        help="do not try this accelerator; repeat it for several")  # fmt: skip
    doctor.set_defaults(handler=commands.doctor)

    completion = add("completion", help="print, or install, completion for a shell",
                     description="Print the script that completes accelkit's command lines in a shell, QEMU's "
                     "properties and their values included. To try it: source <(accelkit completion bash)")  # fmt: skip
    completion.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    completion.add_argument("--install", action="store_true", help="write it where the shell finds it")
    completion.set_defaults(handler=commands.completion, top=top)
    return top


def _study(add: Callable[..., CommandParser]) -> None:
    study = add("study", help="measure a sweep on real QEMUs and say which setting is faster",
                description="Measure every point of SPACE with every guest, in random order, until the budget "
                "ends; print which setting is faster, by what ratio, how sure. SPACE is an -accel argument with "
                "{a,b} for several values: 'tcg,tb-size={8,64,512},thread={single,multi}'; or a recipe "
                "as Python text. The store keeps every trial: the same command resumes the study.")  # fmt: skip
    study.add_argument("space", metavar="SPACE")
    study.add_argument(
        "--store",
        metavar="FILE",
        help="the SQLite file that keeps every trial (default: study-HASH.sqlite in this "
        "folder, a name that the same study finds again)",
    )
    study.add_argument("--guest", action="append", metavar="GUEST",
                       help="the guest to measure with (default: cpu; accelkit guests lists them); or as in Python: "
                       "\"linux_guest('./myprog', files=['./myprog'])\", \"guest('memory').with_work(size=4194304)\"; "
                       "repeat it for several")  # fmt: skip
    study.add_argument("--qemu", action="append", metavar="BIN",
                       help="a binary or command; repeat it to compare builds (default: qemu-system-x86_64 on PATH)")  # fmt: skip
    study.add_argument("--baseline", metavar="ACCEL",
                       help="the configuration to compare the others with (default: the first)")  # fmt: skip
    study.add_argument("--blocks", type=count, metavar="N", help="number of blocks (default: 20)")
    study.add_argument("--time", type=duration, metavar="TIME", help="stop after this time: 90s, 10m, 2h")
    study.add_argument("--precision", type=share, metavar="SHARE",
                       help="stop when every interval is narrower than this, such as 2%%")  # fmt: skip
    study.add_argument("--delta", type=share, default=0.01, metavar="SHARE",
                       help="a smaller difference counts as no difference (default: 1%%)")  # fmt: skip
    study.add_argument("--confidence", type=share, default=0.95, metavar="SHARE",
                       help="the probability that all intervals hold (default: 95%%)")  # fmt: skip
    study.add_argument(
        "--seed", type=whole, default=0, metavar="N", help="seed of the random order (default: 0)"
    )
    study.add_argument("--run-seconds", type=seconds, default=0.5, metavar="SECONDS",
                       help="about how long a run lasts (default: 0.5)")  # fmt: skip
    study.add_argument("--timeout", type=seconds, default=60.0, metavar="SECONDS",
                       help="end a run that hangs after this time (default: 60)")  # fmt: skip
    study.add_argument("--no-race", action="store_true",
                       help="keep measuring configurations already shown slower")  # fmt: skip
    study.add_argument("--anyway", action="store_true",
                       help="run even if the blocks are too few for a verdict, which is otherwise refused")  # fmt: skip
    study.add_argument("--dask", type=address, metavar="ADDRESS",
                       help="run on the hosts of a Dask cluster, such as tcp://host:8786")  # fmt: skip
    study.add_argument("--quiet", action="store_true", help="say neither what is to come nor the progress")
    study.set_defaults(handler=commands.study)


def _report(add: Callable[..., CommandParser]) -> None:
    report = add("report", help="print what a study's store holds, or write it as a report",
                 description="Print what the store of a study holds so far, even while the study runs; or "
                 "write it: a page with charts, Markdown for an issue tracker, or its trials as data; or print the "
                 "best configuration, ready to paste. Exit status with --best: 0 it is decided and printed, 1 nothing "
                 "is decided, 2 usage or failure, 3 libvirt cannot set all of it.")  # fmt: skip
    report.add_argument("store", metavar="STORE", help="the SQLite file of a study or a tuning")
    report.add_argument("--html", metavar="FILE", help="one page, self-contained: FILE.html")
    report.add_argument("--markdown", metavar="FILE", help="FILE.md")
    report.add_argument("--export", metavar="FILE", help="the trials: FILE.csv, FILE.json or FILE.parquet")
    report.add_argument(
        "--optuna", metavar="FILE", help="a tuning's trials as an Optuna journal, for optuna-dashboard"
    )
    report.add_argument("--delta", type=share, metavar="SHARE",
                        help="a smaller difference counts as no difference (default: the study's own)")  # fmt: skip
    report.add_argument("--confidence", type=share, metavar="SHARE",
                        help="the probability that all intervals hold (default: the study's own)")  # fmt: skip
    report.add_argument("--best", action="store_true",
                        help="print the best configuration: the one shown to be slower than no other")  # fmt: skip
    report.add_argument("--guest", metavar="GUEST",
                        help="with --best: for this guest (default: over all guests)")  # fmt: skip
    report.add_argument(
        "--build", metavar="BUILD", help="with --best: on this QEMU, if the study has several"
    )
    report.add_argument("--weight", action="append", type=weight, metavar="GUEST=NUMBER",
                        help="with --best: count a guest so many times among all; repeat it for several")  # fmt: skip
    report.add_argument("--undecided", choices=["fastest"], metavar="fastest",
                        help="with --best: if nothing is decided, print the fastest so far")  # fmt: skip
    report.add_argument("--as", dest="form", choices=FORMS, metavar="FORM",
                        help=f"with --best: {', '.join(FORMS[:-1])} or {FORMS[-1]} (default: {FORMS[0]})")  # fmt: skip
    report.add_argument("--target", metavar="TARGET",
                        help="with --as libvirt: guest architecture of the domain XML (default: x86_64)")  # fmt: skip
    report.set_defaults(handler=commands.report)


def _store(add: Callable[..., CommandParser]) -> None:
    store = add("store", help="check whether a study's store is as it was written, or repair it",
                description="Check the store of a study: each row has a checksum. Print what is damaged, a "
                "line each. Exit status: 0 the store is whole, 1 it is damaged, 2 usage or failure.")  # fmt: skip
    store.add_argument("action", choices=["check"], metavar="check", help="check the store")
    store.add_argument("store", metavar="STORE", help="the SQLite file of a study")
    store.add_argument("--repair", action="store_true",
                       help="write the store anew from all that can be read; the damaged file is kept as "
                       "STORE.damaged, and the study measures again what is lost")  # fmt: skip
    store.set_defaults(handler=commands.store)


def _target(command: CommandParser) -> None:
    command.add_argument("--target", default="x86_64", metavar="TARGET",
                         help="guest architecture (default: x86_64)")  # fmt: skip
