"""Whole messages, argv and the reference as golden files. ACCELKIT_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from support.check_cases import CASES

import accelkit
from accelkit import ACCELERATORS, PROPERTIES, AccelkitError, bundled, check, explain, render

GOLDEN = Path(__file__).parents[1] / "golden"
NAMES = {name: getattr(accelkit, name) for name in accelkit.__all__} | {"ak": accelkit}


def compare_with_golden(name: str, text: str) -> None:
    """``text`` against the golden file, or into it."""
    path = GOLDEN / name
    if os.environ.get("ACCELKIT_UPDATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def evaluated(expression: str) -> Any:
    """The value of an expression in accelkit's own words."""
    return eval(expression, dict(NAMES))


# Every one of these is a mistake; golden/messages.txt has the messages.
MISTAKES = """
# an accelerator where another is
kvm() | tcg()
kvm() | shadow_mem(64 * MiB) | tcg()
kvm() | (tcg() | tb_size(64))
kvm() or tcg()
not kvm()
each(kvm(), tcg()) | hvf()
option("accel", "foo") | kvm()
option("accel", "") | kvm()

# not called
kvm | tb_size(1)
tb_size(1) | tcg
kvm() | tb_size
tb_size | tcg()
kvm | tcg
kvm() | each(shadow_mem, device)
each(kvm, tcg)
first_of(kvm, tcg)

# a property of another accelerator
kvm() | tb_size(64)
tb_size(64) | kvm()
tcg() | kernel_irqchip(split)
kvm() | tb_size(each(1, 2))
shadow_mem(-1) | tb_size(64)
tcg() | unset(shadow_mem)
kvm() | shadow_mem(-1) | thread(single) | tb_size(1)

# other things than recipes
kvm() | 5
kvm() | None
kvm() | {"kernel-irqchip": "on"}
kvm() | OptionMap()
"kvm" | tb_size(1)
kvm() | each(1, 2)
tcg()(kvm())
tcg()({"tb-size": 64})
kvm() | [shadow_mem(-1)]
kvm() | "shadow_mem=64MiB"
kvm() | each
kvm() | notify
(tcg() | tb_size(each(1, 2))) | None
None | kvm()
tcg()(OptionMap(), 1)

# values
tb_size(True)
tb_size(1.5)
tb_size("1.5MiB")
tb_size("64MB")
tb_size("lots")
tb_size([8, 64])
tb_size(range(8, 64, 8))
tb_size({8, 64})
tb_size(kvm())
tb_size(each)
thread("mutli")
rapl("enabled")
tb_size(-1)
tb_size(2 ** 32)
tb_size(None)
tb_size()
tb_size(1, 2)
shadow_mem(64)
shadow_mem("64MB")
shadow_mem("1.5MB")
shadow_mem(1.5 * MiB)
dirty_ring_size(1000)
dirty_ring_size(2 ** 40)
dirty_ring_size("4K")
kernel_irqchip(True)
kernel_irqchip("Split")
kernel_irqchip("in-kernel")
notify("internal_error")
notify(run, window="1.5")
notify(run, window=-1)
notify()
rapl(1)
rapl("ON")
thread(multi, single)
thread("both")
device(None)
device("a" + chr(10) + "b")
xen_version("4.17")
tb_size.read(OptionMap({"tb-size": "64M"}))
tb_size.read("tcg,tb-size=64")
tb_size.read(first_of(kvm(), tcg()))
tb_size.read(tcg() | tb_size(each(1, 2)))
f"{kvm():jsn}"
f"{tcg() | tb_size(each(1, 2)):shell}"
recipe_of({"accel": "kvm", "shadow_men": 1})
recipe_of("kvm:tcg,tb-size={8,64}")
recipe_of("-accel kvm -accel tcg")

# each, doubling, first_of, unset
each()
each(1, 2, 1)
each({8, 64})
each({"tb_size": 8})
each(2, 1, 1)
each(kvm(), kvm())
each(kvm(), 64)
each(64, kvm())
tb_size(each(64, True))
tb_size(each(64, "64MiB"))
tb_size(each(kvm(), tcg()))
each((tcg() | tb_size(each(1, 2)))[:1])
doubling(32, 100)
doubling(0, 8)
tb_size(doubling("8MB", "1GiB"))
tb_size(doubling("8MiB", "100MiB"))
dirty_ring_size(doubling("1K", "4K"))
thread(doubling("1", "2"))
doubling(1.0, 8)
first_of()
first_of(tb_size(1))
first_of(kvm(), 5)
first_of(each(kvm(), tb_size(1)), tcg())
first_of(kvm(), tcg()) | tb_size(1)
kvm() | first_of(kvm(), tcg())
first_of(kvm(), tcg()) or kvm()
tb_size(each(1, 2)) | first_of(tcg())
tb_size(each(1, 2)) or tcg()
bool(tcg() | tb_size(each(1, 2)))
(tcg() | tb_size(each(1, 2)))[2]
(tcg() | tb_size(each(1, 2)))["one"]
unset("accel")
unset(kvm)
unset("")
unset(5)

# option and OptionMap
option("a=b", "1")
option("a,b", "1")
option("", "1")
option(5, "1")
option("tb-size", 64)
option("x", "a" + chr(0))
OptionMap({"tb-size": 64})
OptionMap({"a,b": "1"})
OptionMap({"accel": "tcg"}).with_option("a=b", "1")

# render, fold, check, explain of the wrong thing
render(tcg)
render(tb_size(64))
render(Recipe())
render(tcg() | tb_size(each(1, 2)))
render("tcg")
render([tcg()])
render([])
render(OptionMap({"tb-size": "64"}))
fold(tcg() | tb_size(each(1, 2)))
fold(first_of(kvm(), tcg()))
fold("tcg")
check(tb_size(each(1, 2)), bundled())
check(tb_size(64), bundled())
check(None, bundled())
check(kvm(), "10.0")
verdict("kvm", "7.2")
diff("7.2", bundled())
(tcg() | tb_size(each(1, 2))).sample(-1)
(tcg() | tb_size(each(1, 2))).sample(1.5)
recipes_of(())
explain("tb_sise")
explain(kvm())

# schemas
bundled("4.2")
bundled(10.0)
bundled("10.0", "sparc64")
bundled("9" * 5000)
Schema.from_json({})
Schema.from_json({"format": 1})

# parse: all that is wrong, at once
parse("")
parse(None)
parse(b"tcg")
parse(["-accel", "tcg", "-smp", 2])
parse("help")
parse("thread=single")
parse("tcg,id=1")
parse("tcg,=x")
parse("-accel")
parse("-accel=tcg")
parse("-no-kvm")
parse("-accel kvm -enable-kvm")
parse("-machine q35,tb_size=64 -accel tcg")
parse("-accel 'tcg")
parse("-accel help -acc tcg -no-kvm -machine accel=")
""".strip().splitlines()


def test_whole_messages_are_those_of_the_golden_file() -> None:
    lines = []
    for expression in MISTAKES:
        lines.append(f">>> {expression}" if expression and not expression.startswith("#") else expression)
        if lines[-1].startswith(">>> "):
            with pytest.raises((AccelkitError, TypeError, IndexError)) as caught:
                evaluated(expression)
            assert caught.type.__module__ == "accelkit.errors" or expression in PYTHONS_OWN, expression
            lines.append(f"{caught.type.__name__}: {caught.value}")
    compare_with_golden("messages.txt", "\n".join(lines) + "\n")


#: What Python itself has a good enough word for.
PYTHONS_OWN = {
    "kvm() | 5", "kvm() | None", 'kvm() | {"kernel-irqchip": "on"}', "kvm() | OptionMap()", '"kvm" | tb_size(1)',
    "tcg()(OptionMap(), 1)", "tb_size()", "tb_size(1, 2)", "notify()", "thread(multi, single)",
    "(tcg() | tb_size(each(1, 2)))[2]", '(tcg() | tb_size(each(1, 2)))["one"]',
}  # fmt: skip


def test_no_message_is_the_repr_of_an_object_or_without_a_remedy() -> None:
    """Each says what is taken or what to do, and has no address of an object."""
    for expression in MISTAKES:
        if expression and not expression.startswith("#") and expression not in PYTHONS_OWN:
            with pytest.raises(AccelkitError) as caught:
                evaluated(expression)
            message = str(caught.value)
            assert not re.search(r" at 0x[0-9a-f]+>|<class '", message), message
            assert re.search(r"[;:] | takes ", message), message
            assert len(message) < 800


@pytest.mark.parametrize("expression", ["kvm() | tcg()", "kvm() or tcg()", "each(kvm(), tcg()) | hvf()"])
def test_the_rewrite_that_a_message_offers_is_code_that_runs(expression: str) -> None:
    with pytest.raises(AccelkitError) as caught:
        evaluated(expression)
    offered = re.findall(r"(?:first_of|each)\((?:[^()]|\(\))*\)", str(caught.value))
    assert offered
    for code in offered:
        eval(code, NAMES | {"a": accelkit.kvm(), "b": accelkit.tcg()})


# golden/argv.txt: the repr of each as it is, and its argv.
RECIPES = """
kvm()
tcg()
xen() | igd_passthru(on)
kvm() | shadow_mem(64 * MiB)
kvm() | shadow_mem("64MiB") | kernel_irqchip(split) | notify(run, window=1000)
kvm() | notify(internal_error)
kvm() | notify_window("0x3e8")
kvm() | dirty_ring_size(4096) | shadow_mem(-1)
kvm() | device("/dev/a,b=c") | rapl(True) | rapl_helper_socket("")
kvm() | xen_version(0x40011) | xen_gnttab_max_frames(64) | xen_evtchn_max_pirq("256") | kernel_irqchip(split)
kvm() | honor_guest_pat(auto) | riscv_aia("emul") | eager_split_size("2MiB")
whpx() | hyperv(on) | ignore_unknown_msr(off) | intercept_msr_gp(auto) | ssd(on) | kernel_irqchip(off)
nitro() | debug_mode("yes") | enclave_cid(16)
tcg() | thread(multi) | tb_size(256) | split_wx(on) | one_insn_per_tb(False)
tb_size(1) | tcg()
tcg() | tb_size(1) | tb_size(2)
tcg() | tb_size(1) | unset(tb_size)
tcg() | option("x-new", "a,b") | option("aa", "") | tb_size("1GiB")
option("accel", "foo") | option("bar", "1")
option("accel", "a=b")
option("accel", "a,b")
option("accel", "")
first_of(kvm(), tcg())
first_of(kvm() | shadow_mem(-1), first_of(hvf(), tcg() | tb_size(256)))
each(kvm(), tcg())
each(kvm(), tcg() | tb_size(doubling(32, 256)))
kvm() | kernel_irqchip(each(on, split)) | shadow_mem(each("1MiB", "2MiB"))
tcg() | tb_size(each(1, 2)) | thread(single) | split_wx(each(True, False))
tcg() | each(tb_size(1) | thread(multi), unset(tb_size), Recipe())
first_of(kvm() | kernel_irqchip(each(on, split)), tcg() | tb_size(each(1, 2)))
each(first_of(kvm(), tcg()), tcg())
kvm() | notify(each(run, disable), each(0, 1000))
kvm() | notify(run, window=each(1, 2))
(tcg() | tb_size(doubling(1, 1024)))[2:5]
fold(kvm() | shadow_mem(64 * MiB))
parse("-machine q35,accel=kvm:tcg,kernel_irqchip=split")
""".strip().splitlines()


def test_argv_is_as_it_was() -> None:
    lines = []
    for expression in RECIPES:
        value = evaluated(expression)
        argvs = list(value.argvs()) if hasattr(value, "argvs") else [render(value)]
        lines += [f">>> {expression}", repr(value), *(" ".join(argv) for argv in argvs), ""]
    compare_with_golden("argv.txt", "\n".join(lines))


def test_the_reference_is_as_it_was() -> None:
    parts = [explain(row).markdown() for row in [*ACCELERATORS.values(), *PROPERTIES.values()]]
    compare_with_golden("reference.md", "\n\n".join(parts) + "\n")


def test_the_problems_of_command_lines_are_as_they_were() -> None:
    lines = []
    for version, answer, _, text in CASES:
        lines.append(f"{version} {answer}: {text}")
        lines += [f"    {problem.kind}: {problem}" for problem in check(text, bundled(version))]
    compare_with_golden("problems.txt", "\n".join(lines) + "\n")
