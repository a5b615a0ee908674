"""Input without end: what no Linux passes to a program is refused first, and reading the rest is no loop over loops.

Counted are Python's own steps (bytecodes), which do not depend on how busy the machine is, and the memory of a process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from accelkit import (
    AccelkitError,
    ArgvError,
    OptionMap,
    Recipe,
    bundled,
    check,
    each,
    first_of,
    fold,
    kvm,
    option,
    parse,
    recipe_of,
    recipes_of,
    render,
    sweep,
    tb_size,
    tcg,
)
from accelkit.libvirt import from_libvirt
from accelkit.recipes._shape import Shape
from accelkit.recipes.recipe import joined

QEMU = {version: bundled(version) for version in ("5.2", "10.0")}
MIB = 1 << 20


def steps_of(do: Callable[[], object]) -> int:
    """How many bytecodes run in ``do``, those of Python's library too."""
    count = 0

    def step(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            do()
    except AccelkitError:
        pass
    finally:
        sys.settrace(before)
    return count


def numbered(pattern: str, n: int, between: str = " ") -> str:
    return between.join(pattern.replace("#", str(number)) for number in range(1000, 1000 + n))


LINES: dict[str, Callable[[int], str]] = {
    "quoted words": lambda n: "-accel tcg " + numbered("-name '# \"' -name \"a \\\"#\"", n),
    "one quoted word": lambda n: "-name '" + "x" * n + "'" + "\\x" * n,
    "accelerators": lambda n: numbered("-accel kvm,id=a#", n),
    "unknown accelerators": lambda n: numbered("-accel x#", n),
    "accelerators of -machine": lambda n: "-machine accel=" + numbered("kvm", n, ":"),
    "-set of as many ids": lambda n: numbered("-accel tcg,id=a#", n) + " " + numbered("-set accel.a#.x=1", n),
    "-set of one id": lambda n: "-accel tcg,id=a " + numbered("-set accel.a.x#=1", n),
    "properties of -machine": lambda n: numbered("-accel kvm", n) + " -M q35," + numbered("kvm-shadow-mem=#", n, ","),
    "properties for nobody": lambda n: numbered("-accel x#", n) + " -M q35," + numbered("kernel_irqchip=#", n, ","),
    "misplaced properties": lambda n: numbered("-accel x#", n) + " -M q35," + numbered("tb_size=#", n, ","),
    "helps of -machine": lambda n: "-M q35," + numbered("help", n, ","),
    "devices and globals": lambda n: "-accel kvm -M q35 " + numbered("-device intel-iommu,x=# -global intel-iommu.y=#", n),
    "unknown options": lambda n: "-accel tcg " + numbered("-unknown#", n),
    "properties": lambda n: "tcg," + numbered("x#=#", n, ","),
    "the same property": lambda n: "tcg," + numbered("tb-size=#", n, ","),
    "flags": lambda n: "tcg," + numbered("nofoo#", n, ","),
    "instruction counts": lambda n: "-accel tcg -icount " + numbered("shift=#", n, ","),
}  # fmt: skip

READERS: dict[str, Callable[[str], object]] = {
    "parse": parse,
    "check for 5.2": lambda line: check(line, QEMU["5.2"]),
    "check for 10.0": lambda line: check(line, QEMU["10.0"]),
    "check of words": lambda line: check(line.split(), QEMU["10.0"]),
    "recipes": lambda line: render(recipes_of(parse(line))),
}

MADE: dict[str, tuple[Callable[[int], Any], Callable[[Any], object]]] = {
    "option map": (lambda n: OptionMap({"accel": "tcg"} | {f"x{k}": "" for k in range(n)}), recipe_of),
    "fold": (lambda n: joined([tcg(), *(option(f"x{k}", "") for k in range(n))]), fold),
    "joined": (lambda n: [option(f"x{k}", "") for k in range(n)], joined),
    "each": (lambda n: [option(f"x{k}", "") for k in range(n)], lambda choices: list(each(*choices))),
    "values": (lambda n: range(1, n + 1), lambda values: list((tcg() | tb_size(each(*values))).argvs())),
    "fallback": (lambda n: [kvm()] * n, lambda recipes: render(first_of(*recipes))),
    "values in braces": (lambda n: "tcg,x={" + numbered("#", n, ",") + "}", sweep),
    "values around braces": (lambda n: "tcg,x=" + "a," * 2 * n + "{" + numbered("#", n, ",") + "}", sweep),
    "properties around braces": (lambda n: numbered("x#=#", n, ",") + ",accel=tcg,tb-size={8,64}", sweep),
    "braces in braces": (lambda n: "tcg,x={" + numbered("{a#,b#}", n, ",") + "}", sweep),
    "braces left open": (lambda n: "tcg,x=" + numbered("a{#,", n), sweep),
    "spaces before a call": (lambda n: " " * n + "( " * n + "x", sweep),
    "calls": (lambda n: "tcg() | tb_size(each(" + numbered("#", n, ",") + "))", sweep),
    "domain XML": (
        lambda n: "<domain type='kvm' xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><q:commandline>"
        + numbered("<q:arg value='-name'/><q:arg value='#'/>", n)
        + "</q:commandline><features>" + numbered("<kvm><dirty-ring state='#'/></kvm>", n) + "</features></domain>",
        from_libvirt,
    ),
}  # fmt: skip


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_line_twice_as_long_takes_twice_the_steps(
    line: Callable[[int], str], read: Callable[[str], object]
) -> None:
    doubled(line, read, 40)


@pytest.mark.parametrize(("make", "use"), MADE.values(), ids=MADE)
def test_twice_as_many_parts_take_twice_the_steps(
    make: Callable[[int], Any], use: Callable[[Any], object]
) -> None:
    doubled(make, use, 100)


def doubled(make: Callable[[int], Any], use: Callable[[Any], object], n: int) -> None:
    made = [make(n), make(2 * n), make(4 * n)]
    steps_of(lambda: use(made[-1]))  # what is remembered of single values is remembered of all
    few, more, most = (steps_of(lambda value=value: use(value)) for value in made)  # type: ignore[misc]
    assert most - more <= 2.2 * (more - few) + 2000  # a quadratic part would make it four times as much


def test_a_recipe_of_thousands_of_steps_is_not_remembered() -> None:
    long = joined([tcg(), *(option(f"x{k}", "") for k in range(2000))])
    assert isinstance(long | tb_size(1), Recipe)
    assert max((len(shape.marks) for shape in tcg()._shape.joined.values()), default=0) <= 256


def test_a_recipe_of_many_options_is_joined_and_folded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What C does is no bytecode: counted are the marks of all shapes, and the maps."""
    marks: list[int] = []
    maps: list[object] = []
    make_shape, make_map = Shape.__init__, OptionMap.trusted
    monkeypatch.setattr(
        Shape, "__init__", lambda self, *of: (marks.append(len(of[0])), make_shape(self, *of))[1]
    )
    monkeypatch.setattr(OptionMap, "trusted", lambda entries: (maps.append(entries), make_map(entries))[1])
    options = OptionMap({"accel": "tcg"} | {f"x{k}": "" for k in range(1000)})
    assert fold(recipe_of(options)) == options
    assert sum(marks) < 3 * len(options)
    assert len(maps) == 1


# ---- processes: nothing of any length fills the memory ----

COUNTED = """
import sys
from accelkit.cli import main
status = main(sys.argv[1:])
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(status, peak, file=sys.stderr)
"""


def run(words: list[str], stdin: Path) -> tuple[int, int, str, str]:
    """Exit status, peak of the resident memory in MiB, and the output of ``accelkit WORDS``."""
    with stdin.open("rb") as file:
        done = subprocess.run(
            [sys.executable, "-c", COUNTED, *words],
            stdin=file, capture_output=True, text=True, check=True, timeout=300,
        )  # fmt: skip
    *messages, counted = done.stderr.splitlines()
    status, peak = map(int, counted.split())
    return status, peak // 1024, done.stdout, "\n".join(messages)


def file_of(path: Path, size: int, end: bytes = b"") -> Path:
    """A file of ``size`` NULs, which takes no disk, and ``end``."""
    with path.open("wb") as file:
        file.truncate(size)
        file.seek(0, os.SEEK_END)
        file.write(end)
    return path


def test_a_line_of_48_million_characters_is_refused_and_the_next_one_is_answered(tmp_path: Path) -> None:
    lines = file_of(tmp_path / "lines", 48_000_000, b"\nkvm\n")
    status, peak, out, _ = run(["check", "--version", "10.0", "-"], lines)
    assert (status, out.splitlines()) == (
        1,
        [
            "reject\tline 1 has more than 2097152 characters, which Linux passes to no program; shorten it",
            "accept",
        ],
    )
    assert peak < 100
    status, peak, out, _ = run(["check", "--version", "10.0", "--json", "-"], lines)
    assert (status, len(out.splitlines()), peak < 100) == (1, 2, True)


@pytest.mark.parametrize("line", ["-ab ", "-S ", "-accel x ", "'a'", "\\a", "tcg,"])
def test_a_line_of_two_million_characters_takes_little_memory(line: str, tmp_path: Path) -> None:
    answered_alone("-accel tcg " + line * (2_000_000 // len(line)), tmp_path)


@pytest.mark.parametrize("inside", ["{8,64}", "0", "0 ", "a=", "<"])
def test_no_reader_looks_from_each_character_anew(inside: str, tmp_path: Path) -> None:
    """This would take hours: ``run`` waits for minutes."""
    answered_alone("tcg,x=" + inside * (2_000_000 // len(inside)), tmp_path)


@pytest.mark.parametrize("name", ["start.bat", "Makefile"])
def test_no_reader_of_a_file_looks_from_each_character_anew(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text("qemu" * 500_000, encoding="utf-8")
    status, peak, out, messages = run(["lint", str(path)], path)
    assert (status, out, messages) == (0, "", "accelkit: note: 0 commands of QEMU in 0 files")
    assert peak < 200


def answered_alone(line: str, folder: Path) -> None:
    """Assert that a line is refused with little memory, and that the next one is answered."""
    path = folder / "lines"
    path.write_text(f"{line}\nkvm\n", encoding="utf-8")
    status, peak, out, _ = run(["check", "--version", "10.0", "-"], path)
    answer, next_answer = out.splitlines()
    assert (status, answer[:6], next_answer) == (1, "reject", "accept")
    assert peak < 200


def test_many_short_lines_take_no_memory_each(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_text("".join(f"tcg,tb-size={number}\n" for number in range(50_000)), encoding="utf-8")
    _, peak, out, _ = run(["check", "--version", "10.0", "-"], path)
    assert out.count("\n") == 50_000
    assert peak < 60


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["parse", "--libvirt", "FILE"], "has more than 4194304 bytes, the most that libvirt takes; give one domain"),
        (["parse", "--libvirt", "-"], "-: has more than 4194304 bytes, the most that libvirt takes; give one domain"),
        (["diff", "7.2", "FILE"], "not a captured schema; give a version such as 7.2"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_file_of_200_mb_is_refused_before_it_is_read(
    words: list[str], message: str, tmp_path: Path
) -> None:
    path = file_of(tmp_path / "big", 200_000_000)
    status, peak, out, messages = run([word.replace("FILE", str(path)) for word in words], path)
    assert (status, out) == (2, "")
    assert message in messages
    assert peak < 100


@pytest.mark.parametrize(
    "inside", ["<a/>" * 1_000_000, "<a>" * 500_000 + "</a>" * 500_000], ids=["many", "deep"]
)
def test_the_largest_xml_that_libvirt_takes_is_read(inside: str, tmp_path: Path) -> None:
    path = tmp_path / "domain.xml"
    path.write_text(f"<domain type='qemu'>{inside}</domain>", encoding="utf-8")
    status, peak, out, _ = run(["parse", "--libvirt", "-"], path)
    assert (status, out) == (0, "tcg()\n")
    assert peak < 200


def test_entities_are_refused_before_they_grow() -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {letter} "{"&" + before + ";" * 1}&{before};">' for before, letter in zip("abcdefgh", "bcdefghi", strict=True)
    ) + "]><domain type='qemu'>&i;</domain>"  # fmt: skip
    with pytest.raises(AccelkitError, match="with a document type"):
        from_libvirt(bomb)
    with pytest.raises(AccelkitError, match="libvirt takes at most 4194304"):
        from_libvirt("<domain type='qemu'>" + " " * 4_194_304 + "</domain>")


@pytest.mark.parametrize("make", [lambda: "x" * 131_072, lambda: "é" * 65_536], ids=["ASCII", "UTF-8"])
def test_no_value_is_longer_than_an_argument(make: Callable[[], str]) -> None:
    text = make()
    for use in (lambda: option("x", text), lambda: OptionMap({"x": text}), lambda: parse("tcg,x=" + text),
                lambda: sweep("tcg,y={a,b},x=" + text), lambda: sweep(f"tcg() | option('x', '{text}')")):  # fmt: skip
        with pytest.raises(AccelkitError) as refused:
            use()
        assert len(str(refused.value)) < 500
    with pytest.raises(ArgvError, match="Linux passes at most 131071 in one argument"):
        parse(["-accel", text])
