"""Laws of written(): what each form says is read back as the words, or the recipe, that were written."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from support.strategies import recipes

from accelkit import LibvirtError, OptionMap, Recipe, fold, parse, render, written
from accelkit.libvirt import from_libvirt
from accelkit.parsing.notation import evaluate
from accelkit.parsing.sources import commands
from accelkit.syntax.systemd_words import systemd_line

#: What a program can get: no NUL, no half characters; bytes that are not UTF-8 as os.fsdecode has them.
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12) | st.binary(
    max_size=8
).map(lambda name: name.replace(b"\0", b"").decode("utf-8", "surrogateescape"))


def unit(line: str) -> str:
    return f"[Service]\nExecStart=/usr/bin/qemu-system-x86_64 {line}\n[Install]\nWantedBy=multi-user.target\n"


@given(st.lists(words, max_size=8))
def test_a_line_written_for_systemd_is_read_as_the_words_it_was_written_for(arguments: list[str]) -> None:
    (command,) = commands(unit(systemd_line(["-m", "1G", *arguments])))
    assert command.dialect == "systemd"
    assert (command.argv[1:], command.variables) == (("-m", "1G", *arguments), ())


@given(recipes())
def test_the_words_of_a_recipe_are_read_back(recipe: Recipe) -> None:
    argv = render(recipe)
    (in_shell,) = commands(f"qemu-system-x86_64 {written(recipe, 'shell')}")
    (in_unit,) = commands(unit(written(recipe, "systemd")))
    assert list(in_shell.argv[1:]) == list(in_unit.argv[1:]) == argv
    assert written(recipe, "argv").split("\n") == json.loads(written(recipe, "json")) == argv


@given(recipes())
def test_the_python_of_a_recipe_runs_and_is_read_as_text(recipe: Recipe) -> None:
    code = written(recipe, "python")
    names: dict[str, object] = {}
    exec(code, names)
    assert render(names["recipe"]) == render(evaluate(code.partition("recipe = ")[2])) == render(recipe)


@given(recipes())
def test_the_domain_of_a_recipe_is_read_back_or_refused(recipe: Recipe) -> None:
    try:
        xml = written(recipe, "libvirt")
    except LibvirtError as error:
        _, says, rest = str(error).partition("libvirt can set ")
        if says:
            said = evaluate(rest)
            left_out = OptionMap(fold(recipe)).keys() - OptionMap(fold(said)).keys()
            assert left_out
            assert parse(render(said)) is not None
            assert written(said, "libvirt").startswith("<domain")
        return
    assert render(from_libvirt(xml)) is not None
