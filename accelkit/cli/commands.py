"""The functions behind the subcommands: a few lines of printing around the library's own functions."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar, cast

from accelkit.cli.output import print_blocks, takes
from accelkit.errors import AccelkitError, ArgvError, LibvirtError, shown
from accelkit.parsing.sources.command import Command
from accelkit.schemas.schema import Schema


def version_line() -> str:
    """``accelkit VERSION``."""
    import accelkit

    return f"accelkit {accelkit.__version__}"


def check(arguments: Namespace) -> int:
    """``accelkit check``: 0 when all are accepted, 1 when one is not, 3 when nobody can say. Raises ArgvError for wrong usage."""
    from accelkit.cli import checking
    from accelkit.cli.qemu_words import subjects

    question = checking.Question(*_question(arguments))
    if arguments.libvirt:
        if arguments.fix:
            raise ArgvError(
                "--fix: mends QEMU's own words; of a domain write what the problems say, with virsh edit"
            )
        domains = ((name, _of_domain(name, lambda command: command)) for name in arguments.accel)
        return checking.check_domains(domains, question, as_json=arguments.json)
    if arguments.accel == ["-"]:
        if arguments.fix:
            raise ArgvError("--fix: takes lines as arguments, not from standard input; give them")
        return checking.check_stream(sys.stdin, sys.stdout, question, as_json=arguments.json)
    return checking.check_all(subjects(arguments.accel), question, as_json=arguments.json, fix=arguments.fix)


def _question(arguments: Namespace) -> tuple[Schema | None, str | None]:
    """The schema that the options name, None without one, and the target: ``--target`` beats the program's name."""
    from accelkit.schemas import bundled
    from accelkit.schemas.default import DEFAULT_TARGET
    from accelkit.schemas.probe import probe as probe_live

    target = arguments.target
    if arguments.qemu is not None:
        schema = probe_live(arguments.qemu, target or DEFAULT_TARGET)
        return schema, schema.target
    if arguments.version is not None:
        return bundled(arguments.version, target or DEFAULT_TARGET), target
    return None, target


def lint(arguments: Namespace) -> int:
    """``accelkit lint``: 0 when nothing is refused, 1 when something is, 3 when only running could tell."""
    from accelkit.cli.linting import run_lint

    return run_lint(arguments.path, *_question(arguments), arguments.format)


def parse(arguments: Namespace) -> int:
    """``accelkit parse``: print the recipe of each argument, and of each command in it, one a line."""
    from accelkit.cli.qemu_words import subjects
    from accelkit.parsing.recipes import recipe_of_command, recipes_in

    if arguments.libvirt:
        found = (_of_domain(name, recipe_of_command) for name in arguments.line)
    else:
        found = (recipe for subject in subjects(arguments.line) for recipe in recipes_in(subject))
    for recipe in found:
        if recipe is not None:
            print(repr(recipe))
        else:
            print("accelkit: note: names no accelerator, so QEMU takes its default", file=sys.stderr)
    return 0


_Of = TypeVar("_Of")


def _of_domain(name: str, use: Callable[[Command], _Of]) -> _Of:
    """What ``use`` makes of the command that libvirt makes of a file of domain XML, or of standard input for ``-``."""
    from accelkit.cli.bounded_input import read_bounded
    from accelkit.host.files import open_input
    from accelkit.parsing.sources.domain_tree import LONGEST_XML
    from accelkit.parsing.sources.domain_xml import domain_command

    if name == "-":
        xml = read_bounded(sys.stdin.buffer, LONGEST_XML)
    else:
        try:
            with open_input(name) as file:
                xml = read_bounded(file, LONGEST_XML)
        except ValueError as error:  # a NUL
            raise LibvirtError(f"{shown(name)}: {error}; give the name of a file") from None
    if xml is None:
        raise LibvirtError(
            f"{name}: has more than {LONGEST_XML} bytes, the most that libvirt takes; give one domain"
        )
    try:
        return use(domain_command(xml))
    except AccelkitError as error:
        raise type(error)(f"{name}: {error}") from None


def render(arguments: Namespace) -> int:
    """``accelkit render``: print the options or the domain XML of each argument, of a space those of each point."""
    from accelkit.cli.qemu_words import subjects
    from accelkit.parsing.recipes import recipes_in
    from accelkit.recipes.space import Space

    write = _writer(arguments)
    for subject in subjects(arguments.line):
        for recipe in recipes_in(subject):
            if recipe is not None:
                for point in cast("Iterable[Any]", recipe if isinstance(recipe, Space) else (recipe,)):
                    print(write(point))
    return 0


def _writer(arguments: Namespace) -> Callable[[Any], str]:
    """The function that ``accelkit render`` writes a recipe with."""
    if arguments.libvirt:
        from accelkit.libvirt import to_libvirt

        return partial(to_libvirt, target=arguments.target or "x86_64")
    if arguments.target is not None:
        raise ArgvError("--target: matters for domain XML only; add --libvirt, or leave it out")
    from accelkit.recipes.render import render as argv_of
    from accelkit.recipes.render import shell
    from accelkit.syntax.shell_words import shell_line

    def line(recipe: Any) -> str:
        text = shell(recipe)
        return text if takes(text) else shell_line(argv_of(recipe), ascii_only=True)

    return line


def explain(arguments: Namespace) -> int:
    """``accelkit explain``: explain the words, or print the table of all properties."""
    from accelkit.explain.lookup import explanations
    from accelkit.explain.rows import reference_table, summary

    if not arguments.name:
        if arguments.markdown:
            print(reference_table())
        else:
            print_blocks([summary()])
        return 0
    told = explanations(arguments.name)
    if arguments.markdown:
        print("\n\n".join(explanation.markdown() for explanation in told))
    else:
        print_blocks(block for explanation in told for block in explanation.document)
    return 0


def probe(arguments: Namespace) -> int:
    """``accelkit probe``: print the schema as JSON, in the format of the bundled ones."""
    import json

    from accelkit.schemas.probe import probe as probe_live

    print(json.dumps(probe_live(arguments.qemu, arguments.target).to_json(), indent=1, sort_keys=True))
    return 0


def diff(arguments: Namespace) -> int:
    """``accelkit diff``: print what is added, removed and changed, of two QEMUs or of two recipes."""
    from accelkit.cli.differing import difference

    print_blocks(difference(arguments.old, arguments.new, arguments.target).document)
    return 0


def run(arguments: Namespace) -> int:
    """``accelkit run``: boot a guest once; 0 when it did its work, else 1."""
    from accelkit.cli.running import run_once

    return run_once(arguments.accel, arguments.guest, arguments.target, arguments.qemu, arguments.timeout)


def guests(arguments: Namespace) -> int:
    """``accelkit guests``: list the bundled guests, or tell one in full."""
    from accelkit.document import to_text
    from accelkit.guests import listing

    if arguments.guest is None:
        print(listing.guests(arguments.target))
    else:
        print(to_text(listing.told(arguments.guest, arguments.target)), end="")
    return 0


def demo(arguments: Namespace) -> int:
    """``accelkit demo``: compose, check and run the example."""
    from accelkit.cli.demo import run_demo

    return run_demo(arguments.qemu)


def study(arguments: Namespace) -> int:
    """``accelkit study``: measure, and print the answer; 1 when every trial failed."""
    from accelkit.cli.studying import run_study

    return run_study(arguments, ["accelkit", *arguments.words])


def tune(arguments: Namespace) -> int:
    """``accelkit tune``: search, confirm, and print what to run; 1 when that is not decided."""
    from accelkit.cli.tuning import run_tune

    return run_tune(arguments, ["accelkit", *arguments.words])


def report(arguments: Namespace) -> int:
    """``accelkit report``: print what a store holds, or write it to files."""
    from accelkit.cli.studying import run_report

    return run_report(arguments)


def store(arguments: Namespace) -> int:
    """``accelkit store check``: 0 when the store is whole, 1 when it is damaged."""
    from accelkit.cli.storing import check_store

    return check_store(arguments.store, repair=arguments.repair)


def notebooks(arguments: Namespace) -> int:
    """``accelkit notebooks``: copy the notebooks into a folder."""
    from accelkit.cli.notebooks import copy_notebooks

    return copy_notebooks(arguments.folder, force=arguments.force)


def doctor(arguments: Namespace) -> int:
    """``accelkit doctor``: print which accelerators work here; 1 when none does."""
    from accelkit.cli.doctor import run_doctor

    return run_doctor(arguments.qemu, arguments.skip)


def completion(arguments: Namespace) -> int:
    """``accelkit completion``: print the script, or write it where the shell looks for it."""
    from accelkit.cli.completion import install, script

    write = install if arguments.install else script
    print(write(arguments.shell, arguments.top), end="")
    return 0
