"""The functions behind the subcommands: a few lines of printing around the library's own functions."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final, cast

from accelkit.cli.command_parser import CommandParser
from accelkit.errors import AccelkitError, ArgvError, LibvirtError, SchemaError
from accelkit.schemas.schema import Schema
from accelkit.syntax.option_map import OptionMap


def version_line() -> str:
    """``accelkit VERSION``."""
    import accelkit

    return f"accelkit {accelkit.__version__}"


def check(arguments: Namespace) -> int:
    """``accelkit check``: 0 when all are accepted, else 1."""
    from accelkit.cli import checking

    schema = _schema(arguments)
    if arguments.accel == ["-"]:
        return checking.check_stream(sys.stdin, sys.stdout, schema, as_json=arguments.json)
    return checking.check_all(checking.subjects(arguments.accel), schema, as_json=arguments.json)


def _schema(arguments: Namespace) -> Schema:
    from accelkit.schemas import bundled
    from accelkit.schemas.probe import probe as probe_live

    if arguments.qemu is not None:
        return probe_live(arguments.qemu, arguments.target)
    if arguments.version is None:
        return bundled(target=arguments.target)
    return bundled(arguments.version, arguments.target)


def parse(arguments: Namespace) -> int:
    """``accelkit parse``: print the recipe of each argument, one a line."""
    from accelkit.cli.checking import subjects
    from accelkit.parsing.recipes import parse as parse_text
    from accelkit.parsing.recipes import recipes_of

    if arguments.libvirt:
        lines = map(_domain, arguments.line)
    else:
        lines = (parse_text(subject) for subject in subjects(arguments.line))
    for maps in lines:
        if maps:
            print(repr(recipes_of(maps)))
        else:
            print("accelkit: note: names no accelerator, so QEMU takes its default", file=sys.stderr)
    return 0


def _domain(name: str) -> tuple[OptionMap, ...]:
    """The option maps of the domain XML in a file, or on standard input for ``-``."""
    from accelkit.libvirt import from_libvirt

    if name == "-":
        xml = sys.stdin.buffer.read()
    else:
        try:
            with open(name, "rb") as file:
                xml = file.read()
        except ValueError as error:  # a NUL
            raise LibvirtError(f"{name!r}: {error}; give the name of a file") from None
    try:
        return from_libvirt(xml)
    except AccelkitError as error:
        raise type(error)(f"{name}: {error}") from None


def render(arguments: Namespace) -> int:
    """``accelkit render``: print the options or the domain XML of each argument, of a space those of each point."""
    from accelkit.cli.checking import subjects
    from accelkit.parsing.notation import evaluate, is_expression
    from accelkit.parsing.recipes import parse as parse_text
    from accelkit.parsing.recipes import recipes_of
    from accelkit.recipes.space import Space

    write = _writer(arguments)
    for subject in subjects(arguments.line):
        # A recipe contains calls; in QEMU's own strings nothing looks like a call.
        if isinstance(subject, str) and is_expression(subject):
            recipe = evaluate(subject)
            for point in cast("Iterable[Any]", recipe if isinstance(recipe, Space) else (recipe,)):
                print(write(point))
        elif maps := parse_text(subject):
            print(write(recipes_of(maps)))
    return 0


def _writer(arguments: Namespace) -> Callable[[Any], str]:
    """The function that ``accelkit render`` writes a recipe with."""
    if arguments.libvirt:
        from accelkit.libvirt import to_libvirt

        return partial(to_libvirt, target=arguments.target or "x86_64")
    if arguments.target is not None:
        raise ArgvError("--target: matters for domain XML only; add --libvirt, or leave it out")
    from accelkit.recipes.render import shell

    return shell


def explain(arguments: Namespace) -> int:
    """``accelkit explain``: explain the names, or print the table of all properties."""
    from accelkit.explain import explain as explain_one
    from accelkit.explain import reference_table, summary

    if not arguments.name:
        print(reference_table() if arguments.markdown else summary())
        return 0
    texts = [explain_one(name) for name in arguments.name]
    print("\n\n".join(text.markdown() if arguments.markdown else str(text) for text in texts))
    return 0


def probe(arguments: Namespace) -> int:
    """``accelkit probe``: print the schema as JSON, in the format of the bundled ones."""
    import json

    from accelkit.schemas.probe import probe as probe_live

    print(json.dumps(probe_live(arguments.qemu, arguments.target).to_json(), indent=1, sort_keys=True))
    return 0


def diff(arguments: Namespace) -> int:
    """``accelkit diff``: print what is added, dropped and changed, a line for each."""
    from accelkit.schemas.schema import diff as difference

    print(difference(_captured(arguments.old, arguments.target), _captured(arguments.new, arguments.target)))
    return 0


def _captured(name: str, target: str) -> Schema:
    import json
    import os

    from accelkit.schemas import bundled

    if not os.path.exists(name):
        try:
            return bundled(name, target)
        except SchemaError as error:
            if name.replace(".", "").isdecimal():
                raise
            raise SchemaError(f"{name}: neither a file nor a version; {_TAKES}") from error
    with open(name, encoding="utf-8") as file:
        try:
            data = json.load(file)
        except (ValueError, RecursionError):
            data = None
    if not isinstance(data, dict):
        raise SchemaError(f"{name}: not a captured schema; {_TAKES}")
    return Schema.from_json(cast("dict[str, Any]", data))


_TAKES: Final = "give a version such as 7.2, or a file that accelkit probe wrote"


def run(arguments: Namespace) -> int:
    """``accelkit run``: boot a guest once; 0 when it did its work, else 1."""
    from accelkit.cli.running import run_once

    return run_once(arguments.accel, arguments.guest, arguments.target, arguments.qemu, arguments.timeout)


def demo(arguments: Namespace) -> int:
    """``accelkit demo``: compose, check and run the example."""
    from accelkit.cli.demo import run_demo

    return run_demo(arguments.qemu)


def study(arguments: Namespace) -> int:
    """``accelkit study``: measure, and print the answer; 1 when every trial failed."""
    from accelkit.cli.studying import run_study

    return run_study(arguments, ["accelkit", *arguments.words])


def report(arguments: Namespace) -> int:
    """``accelkit report``: print what a store holds, or write it to files."""
    from accelkit.cli.studying import run_report

    return run_report(arguments)


def doctor(arguments: Namespace) -> int:
    """``accelkit doctor``: print which accelerators work here; 1 when none does."""
    from accelkit.cli.doctor import run_doctor

    return run_doctor(arguments.qemu, arguments.skip)


def completion(arguments: Namespace) -> int:
    """``accelkit completion``: print the script, or write it where the shell looks for it."""
    from accelkit.cli.completion import install, script

    print(install(arguments.shell) if arguments.install else script(arguments.shell), end="")
    return 0


def complete_line(top: CommandParser, arguments: Namespace) -> int:
    """What the completion scripts call: print the candidates for the last word of a line."""
    from accelkit.cli.completion import candidates

    for candidate in candidates(arguments.line, top):
        print(candidate)
    return 0
