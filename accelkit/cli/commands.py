"""What each sub-command does: a few lines of printing around the library's own functions."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final, cast

from accelkit.errors import AccelkitError, ArgvError, LibvirtError, SchemaError
from accelkit.schemas.schema import Schema
from accelkit.syntax.option_map import OptionMap


def version_line() -> str:
    """``accelkit VERSION``."""
    import accelkit

    return f"accelkit {accelkit.__version__}"


def check(given: Namespace) -> int:
    """``accelkit check``: 0 when all are accepted, 1 otherwise."""
    from accelkit.cli import checking

    schema = _schema(given)
    if given.accel == ["-"]:
        return checking.check_stream(sys.stdin, sys.stdout, schema, as_json=given.json)
    return checking.check_all(checking.subjects(given.accel), schema, as_json=given.json)


def _schema(given: Namespace) -> Schema:
    from accelkit.schemas import bundled
    from accelkit.schemas.probe import probe as probe_live

    if given.qemu is not None:
        return probe_live(given.qemu, given.target)
    return bundled("11.1" if given.version is None else given.version, given.target)


def parse(given: Namespace) -> int:
    """``accelkit parse``: the recipe of each argument, one a line."""
    from accelkit.cli.checking import subjects
    from accelkit.parsing.recipes import parse as parse_text
    from accelkit.parsing.recipes import recipes_of

    if given.libvirt:
        found = map(_domain, given.line)
    else:
        found = (parse_text(subject) for subject in subjects(given.line))
    for maps in found:
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


def render(given: Namespace) -> int:
    """``accelkit render``: the options of each argument, safe to paste, or domain XML; one for each point."""
    from accelkit.cli.checking import subjects
    from accelkit.parsing.notation import evaluate, is_expression
    from accelkit.parsing.recipes import parse as parse_text
    from accelkit.parsing.recipes import recipes_of
    from accelkit.recipes.space import Space

    write = _writer(given)
    for subject in subjects(given.line):
        # A recipe is written with calls; QEMU's own strings have no use for a parenthesis there.
        if isinstance(subject, str) and is_expression(subject):
            recipe = evaluate(subject)
            for point in cast("Iterable[Any]", recipe if isinstance(recipe, Space) else (recipe,)):
                print(write(point))
        elif maps := parse_text(subject):
            print(write(recipes_of(maps)))
    return 0


def _writer(given: Namespace) -> Callable[[Any], str]:
    """What ``accelkit render`` writes a recipe with."""
    if given.libvirt:
        from accelkit.libvirt import to_libvirt

        return partial(to_libvirt, target=given.target or "x86_64")
    if given.target is not None:
        raise ArgvError("--target: counts for domain XML only; add --libvirt, or leave it out")
    from accelkit.recipes.render import shell

    return shell


def explain(given: Namespace) -> int:
    """``accelkit explain``: one, several, or the table of all properties."""
    from accelkit.explain import explain as explain_one
    from accelkit.explain import reference_table, summary

    if not given.name:
        print(reference_table() if given.markdown else summary())
        return 0
    texts = [explain_one(name) for name in given.name]
    print("\n\n".join(text.markdown() if given.markdown else str(text) for text in texts))
    return 0


def probe(given: Namespace) -> int:
    """``accelkit probe``: the schema as JSON, as it is bundled."""
    import json

    from accelkit.schemas.probe import probe as probe_live

    print(json.dumps(probe_live(given.qemu, given.target).to_json(), indent=1, sort_keys=True))
    return 0


def diff(given: Namespace) -> int:
    """``accelkit diff``: lines of what is added, dropped, changed."""
    from accelkit.schemas.schema import diff as difference

    print(difference(_captured(given.old, given.target), _captured(given.new, given.target)))
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
            raise SchemaError(f"{name}: no such file, and no version; {_TAKES}") from error
    with open(name, encoding="utf-8") as file:
        try:
            data = json.load(file)
        except (ValueError, RecursionError):
            data = None
    if not isinstance(data, dict):
        raise SchemaError(f"{name}: no captured schema; {_TAKES}")
    return Schema.from_json(cast("dict[str, Any]", data))


_TAKES: Final = "give a version such as 7.2, or a file that accelkit probe wrote"


def run(given: Namespace) -> int:
    """``accelkit run``: boots a guest once; 1 when it did not do its work."""
    from accelkit.cli.running import run_once

    return run_once(given.accel, given.guest, given.target, given.qemu, given.timeout)


def demo(given: Namespace) -> int:
    """``accelkit demo``: the example, composed, checked and run."""
    from accelkit.cli.demo import run_demo

    return run_demo(given.qemu)


def study(given: Namespace) -> int:
    """``accelkit study``: measures, prints the answer; 1 when every trial failed."""
    from accelkit.cli.studying import run_study

    return run_study(given, ["accelkit", *given.words])


def report(given: Namespace) -> int:
    """``accelkit report``: what a store holds, printed or written."""
    from accelkit.cli.studying import run_report

    return run_report(given)


def doctor(given: Namespace) -> int:
    """``accelkit doctor``: which accelerators work here; 1 when none does."""
    from accelkit.cli.doctor import run_doctor

    return run_doctor(given.qemu, given.skip)


def completion(given: Namespace) -> int:
    """``accelkit completion``: prints the script, or writes it where the shell looks."""
    from accelkit.cli.completion import install, script

    print(install(given.shell) if given.install else script(given.shell), end="")
    return 0


def complete_line(given: Namespace) -> int:
    """What the completion scripts ask for: candidates for the last word of a line."""
    from accelkit.cli.completion import candidates

    for candidate in candidates(given.line):
        print(candidate)
    return 0
