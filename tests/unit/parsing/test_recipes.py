"""parse, recipe_of, recipes_of: texts to option maps, to faults, and to recipes."""

from __future__ import annotations

import shlex
import warnings
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.strategies import identifiers, known_accelerators, option_maps

from accelkit import (
    ACCELERATORS,
    ArgvError,
    ComposeError,
    DomainError,
    IgnoredOptionWarning,
    OptionMap,
    Recipe,
    parse,
    recipe_of,
    recipes_of,
    render,
    shell,
    sweep,
)
from accelkit.errors import LibvirtError
from accelkit.parsing.lines import read
from accelkit.parsing.understanding import understand

KVM, TCG = {"accel": "kvm"}, {"accel": "tcg"}


SPLIT = {**KVM, "kernel-irqchip": "split"}


# (text, the maps)
READ: list[tuple[str | list[str], list[dict[str, str]]]] = [
    # an -accel argument by itself
    ("kvm", [KVM]),
    ("kvm,kernel-irqchip=split", [SPLIT]),
    ("accel=kvm,kernel-irqchip=split", [SPLIT]),
    ("kernel-irqchip=split,accel=kvm", [SPLIT]),
    ("thread=single,accel=tcg", [{**TCG, "thread": "single"}]),
    ("kvm,accel=tcg,thread=single", [{**TCG, "thread": "single"}]),
    ("accel=kvm,accel=tcg", [TCG]),
    ("tcg,", [TCG]),
    ("tcg,thread=multi,thread=single", [{**TCG, "thread": "single"}]),
    ("kvm,rapl", [{**KVM, "rapl": "on"}]),
    ("kvm,norapl", [{**KVM, "rapl": "off"}]),
    ("kvm,nokernel-irqchip", [{**KVM, "kernel-irqchip": "off"}]),
    ("kvm,notify-vmexit", [{**KVM, "tify-vmexit": "off"}]),
    ("kvm,nono", [{**KVM, "no": "off"}]),
    ("kvm,device=/a,,b", [{**KVM, "device": "/a,b"}]),
    ("kvm,device=/a,,b,rapl=on", [{**KVM, "device": "/a,b", "rapl": "on"}]),
    ("tcg,thread=single,,", [{**TCG, "thread": "single,"}]),
    ("kvm,device=/tmp/a=b", [{**KVM, "device": "/tmp/a=b"}]),
    ("kvm,notify-vmexit==run", [{**KVM, "notify-vmexit": "=run"}]),
    ("kvm,kernel_irqchip=on", [{**KVM, "kernel_irqchip": "on"}]),
    ("kvm, device=x", [{**KVM, " device": "x"}]),
    ("tcg,thread=", [{**TCG, "thread": ""}]),
    ("kvm,tb-size=64", [{**KVM, "tb-size": "64"}]),
    ("kvm,x-new=1", [{**KVM, "x-new": "1"}]),
    ("kvm,help", [{**KVM, "help": "on"}]),
    ("help,accel=kvm", [KVM]),
    ("tcg,id=a", [{**TCG, "id": "a"}]),
    ("tcg,id=a,id=1", [{**TCG, "id": "a"}]),
    ("tcg,id", [{**TCG, "id": "on"}]),
    ("tcg,noid", [{**TCG, "id": "off"}]),
    ("tcg,tb-size=0x40", [{**TCG, "tb-size": "0x40"}]),
    # command lines
    ("-accel kvm", [KVM]),
    ("--accel kvm", [KVM]),
    ("  -accel kvm ", [KVM]),
    ("-accel kvm -accel tcg", [KVM, TCG]),
    ("-accel tcg -accel tcg,thread=single", [TCG, {**TCG, "thread": "single"}]),
    ("-m 1G -accel kvm -smp 2", [KVM]),
    ("qemu-system-x86_64 -accel kvm", [KVM]),
    ("/usr/bin/qemu-system-aarch64 -accel tcg", [TCG]),
    ("qemu-kvm -accel kvm", [KVM]),
    ("/usr/libexec/qemu-kvm -nodefaults -accel kvm disk.img", [KVM]),
    ("-accel 'kvm,device=/my kvm'", [{**KVM, "device": "/my kvm"}]),
    ('-accel "kvm,device=/my kvm"', [{**KVM, "device": "/my kvm"}]),
    ("-accel kvm,device=/my\\ kvm", [{**KVM, "device": "/my kvm"}]),
    ("qemu-system-x86_64 \\\n  -m 1G \\\n  -accel kvm", [KVM]),
    ("qemu-system-x86_64 \\\n-accel kvm", [KVM]),
    ("-accel kvm,\\\nkernel-irqchip=split", [SPLIT]),
    ("-S -accel kvm -no-reboot", [KVM]),
    ("-m 1G", []),
    ("-nographic", []),
    # options that take the next word, whatever it looks like
    ("-name -accel -accel tcg", [TCG]),
    ("-append -accel -accel tcg", [TCG]),
    ("-device -enable-kvm -accel tcg", [TCG]),
    ("-kernel -M -accel tcg", [TCG]),
    ("-name -accel tcg", []),
    ("-S -accel tcg", [TCG]),
    ("-enable-kvm tcg", [KVM]),
    # lists of words
    (["-accel", "kvm"], [KVM]),
    (["qemu-system-x86_64", "-accel", "kvm,device=/my kvm"], [{**KVM, "device": "/my kvm"}]),
    (["-accel", "kvm", "-append", "root=/dev/sda accel=tcg"], [KVM]),
    (["env", "X=1", "qemu-system-x86_64", "-accel", "tcg"], [TCG]),
    ([], []),
    (["-nodefaults"], []),
    # -machine, -M, -enable-kvm
    ("-machine accel=kvm", [KVM]),
    ("-machine q35,accel=kvm", [KVM]),
    ("-M q35,accel=kvm", [KVM]),
    ("--machine accel=tcg,type=pc", [TCG]),
    ("-machine accel=kvm:tcg", [KVM, TCG]),
    ("-machine accel=tcg -M accel=kvm", [KVM]),
    ("-machine q35 -M accel=tcg", [TCG]),
    ("-enable-kvm", [KVM]),
    ("--enable-kvm", [KVM]),
    ("-enable-kvm -machine accel=tcg", [TCG]),
    ("-machine accel=tcg -enable-kvm", [KVM]),
    ("-machine accel= -enable-kvm", [KVM]),
    ("-machine q35,accel=kvm,usb=off,smm=on", [KVM]),
    ("-machine q35", []),
    # properties that -machine passes on
    ("-machine q35,accel=kvm,kernel-irqchip=split", [SPLIT]),
    ("-machine q35,accel=kvm,kernel_irqchip=split", [SPLIT]),
    ("-machine q35,kernel_irqchip=split -accel kvm", [SPLIT]),
    ("-accel kvm -machine q35,kernel_irqchip=split", [SPLIT]),
    ("-machine kernel-irqchip=off -accel kvm,kernel-irqchip=split", [SPLIT]),
    ("-machine kernel-irqchip=off -machine kernel-irqchip=split,accel=kvm", [SPLIT]),
    ("-machine kernel-irqchip=split -accel kvm -accel tcg", [SPLIT, TCG]),
    ("-machine accel=kvm:tcg,kernel-irqchip=split", [SPLIT, TCG]),
    ("-machine accel=kvm,kvm_shadow_mem=1048576", [{**KVM, "kvm-shadow-mem": "1048576"}]),
    ("-machine accel=xen,igd-passthru=on", [{"accel": "xen", "igd-passthru": "on"}]),
    ("-machine q35,kernel-irqchip=split", [{"kernel-irqchip": "split"}]),
    ("-machine q35,accel=kvm,nokernel-irqchip", [{**KVM, "kernel-irqchip": "off"}]),
    # -set
    ("-accel tcg,id=a -set accel.a.thread=single", [{**TCG, "id": "a", "thread": "single"}]),
    ("-accel tcg,id=a,thread=multi -set accel.a.thread=single", [{**TCG, "id": "a", "thread": "single"}]),
    ("-accel kvm,id=a -set accel.a.device=/x,y=z", [{**KVM, "id": "a", "device": "/x,y=z"}]),
    ("-accel foo,id=a -set accel.a.accel=tcg", [{**TCG, "id": "a"}]),
    (
        "-accel kvm,id=a -accel tcg,id=b -set accel.b.thread=single -set accel.a.rapl=on",
        [{**KVM, "id": "a", "rapl": "on"}, {**TCG, "id": "b", "thread": "single"}],
    ),
    ("-accel tcg,id=a -set device.a.x=y", [{**TCG, "id": "a"}]),
    # neighbours without a say
    ("-accel kvm -cpu host -icount 0 -device intel-iommu -global kvm-accel.x=1", [KVM]),
    ("-accel tcg -singlestep", [TCG]),
]


@pytest.mark.parametrize(("text", "maps"), READ, ids=[str(text) for text, _ in READ])
def test_text_is_read_as_qemu_reads_it(text: str | list[str], maps: list[dict[str, str]]) -> None:
    assert parse(text) == tuple(maps)


@pytest.mark.parametrize(("text", "maps"), READ, ids=[str(text) for text, _ in READ])
def test_a_line_and_its_words_are_read_alike(text: str | list[str], maps: list[dict[str, str]]) -> None:
    if isinstance(text, str) and understand(text).kind == "commands":
        words = shlex.split(text.replace("\\\n", ""))
        assert parse(words) == parse(tuple(words)) == tuple(maps)
    elif isinstance(text, list):
        assert parse(shlex.join(["-nodefaults", *text])) == tuple(maps)
    else:
        assert parse(["-accel", text]) == tuple(maps)


ID_RULE = "takes letters, digits, '-', '.' and '_', beginning with a letter"


INCOMPATIBLE = "-accel and -machine accel= (or -enable-kvm) are incompatible; keep -accel only"


NAMES = f"one of {', '.join(ACCELERATORS)}"


NOTHING = "no command in it starts a QEMU (qemu-system-…, qemu-kvm, kvm), and it begins with no option"


WRITE = "write the whole QEMU command, its options (-accel kvm …), or an -accel argument such as kvm,kernel-irqchip=split"


REFUSED: list[tuple[str | list[str], str]] = [
    # accelerators that no QEMU has
    ("KVM", "-accel KVM: no QEMU has this accelerator; did you mean 'kvm'?"),
    ("foo,thread=single", f"-accel foo: no QEMU has this accelerator; {NAMES}"),
    ("-accel foo", f"-accel foo: no QEMU has this accelerator; {NAMES}"),
    ("-machine accel=kvm:tgc", "-accel tgc: no QEMU has this accelerator; did you mean 'tcg'?"),
    ("kvm:tcg", "-accel kvm:tcg: no QEMU has this accelerator; write -accel kvm -accel tcg"),
    ("-accel -S", f"-accel -S: no QEMU has this accelerator; {NAMES}"),
    ("tcg,,x", "-accel tcg,x: no QEMU has this accelerator; did you mean 'tcg'?"),
    ("accel=", f"-accel : no QEMU has this accelerator; {NAMES}"),
    (",", f"-accel : no QEMU has this accelerator; {NAMES}"),
    # what is neither a command nor an -accel argument
    ("hello world", f"'hello world': {NOTHING}; {WRITE}"),
    ("sudo foo", f"'sudo foo': {NOTHING}; {WRITE}"),
    ("kmv -m 1G", f"'kmv -m 1G': {NOTHING} (kmv: did you mean 'kvm'?); {WRITE}"),
    ("apt install qemu-kvm", f"'apt install qemu-kvm': {NOTHING}; {WRITE}"),
    (["sudo", "foo"], f"'sudo foo': {NOTHING}; {WRITE}"),
    # variables
    ("-accel $ACCEL", "$ACCEL: the value of this variable decides, and a recipe cannot hold it; write its value"),
    ("qemu-system-x86_64 -machine q35,accel=${ACCEL:-kvm}",
     "${ACCEL:-kvm}: the value of this variable decides, and a recipe cannot hold it; write its value"),
    ("qemu-system-x86_64 $OPTIONS -m 1G",
     "$OPTIONS: the value of this variable decides, and a recipe cannot hold it; write its value"),
    # several
    ("qemu-system-x86_64 -accel kvm\nqemu-system-x86_64 -accel tcg",
     "'qemu-system-x86_64 -accel kvm\\nqemu-system-x86_64 -accel tcg': 2 QEMU commands are in it, at lines 1, 2; give one of them"),
    ("", "-accel : names no accelerator; begin with one, as in -accel tcg,…"),
    ("thread=single", "-accel thread=single: names no accelerator; begin with one, as in -accel tcg,…"),
    ("=tcg", "-accel =tcg: names no accelerator; begin with one, as in -accel tcg,…"),
    ("help", "-accel help: QEMU prints its accelerators and ends; name one of them"),
    ("?", "-accel ?: QEMU prints its accelerators and ends; name one of them"),
    ("kvm,accel=help", "-accel kvm,accel=help: QEMU prints its accelerators and ends; name one of them"),
    ("tcg,id=1", f"-accel tcg: id='1' is not an identifier; {ID_RULE}"),
    ("tcg,id=", f"-accel tcg: id='' is not an identifier; {ID_RULE}"),
    ("tcg,id=1,id=a", f"-accel tcg: id='1' is not an identifier; {ID_RULE}"),
    ("tcg,id=ü", f"-accel tcg: id='ü' is not an identifier; {ID_RULE}"),
    ("tcg,=x", "-accel tcg: a property without a name (=x); name it"),
    ("tcg,no", "-accel tcg: a property without a name (=off); name it"),
    ("-accel", "-accel: takes a value, and is the last word; give the value"),
    ("-accel tcg -m", "-m: takes a value, and is the last word; give the value"),
    ("-accel kvm,id=a -accel tcg,id=a", "-accel tcg: id=a is there twice; choose another"),
    ("-accel kvm -machine accel=kvm", INCOMPATIBLE),
    ("-machine accel= -accel kvm", INCOMPATIBLE),
    ("-enable-kvm -accel kvm", INCOMPATIBLE),
    ("-machine accel=", "-machine accel=: no accelerator found; name one or leave it out"),
    ("-machine help", "-machine help: QEMU prints its machines and ends; name one"),
    ("-M ?", "-machine ?: QEMU prints its machines and ends; name one"),
    ("-cpu help", "-cpu help: QEMU prints its CPUs and ends; name one"),
    ("-acc kvm", "-acc: QEMU has no such option"),
    ("-Accel kvm", "-Accel: QEMU has no such option"),
    ("-accel=kvm", "-accel=kvm: QEMU has no such option"),
    ("---accel kvm", "---accel: QEMU has no such option"),
    ("-- -accel kvm", "--: QEMU has no such option"),
    ("- -accel kvm", "-: QEMU has no such option"),
    ("-no-kvm", "-no-kvm: no QEMU from 5.2 on has it; write -accel tcg"),
    ("-enable-hax -accel tcg", "-enable-hax: no QEMU from 5.2 on has it; leave it out: hax is gone, and whpx and hvf took its place"),
    ("-set accel.a.thread=single -accel tcg,id=a",
     "-set accel.a.thread=single: no -accel before it has id=a; add the id there"),
    ("-accel tcg,id=a.b -set accel.a.b.thread=single",
     "-set accel.a.b.thread=single: no -accel before it has id=a; add the id there"),
    ("-accel tcg,id=a -set accel.a.thread", "-set accel.a.thread: is not read; write GROUP.ID.PROPERTY=VALUE"),
    ("-accel tcg,id=a -set accel.a.=x", "-set accel.a.=x: is not read; write GROUP.ID.PROPERTY=VALUE"),
    ("-accel tcg,id=a -set accel..thread=x", "-set accel..thread=x: is not read; write GROUP.ID.PROPERTY=VALUE"),
    ("-accel tcg,id=a -set accel.a.id=b", "-set accel.a.id=b: an id cannot be set later; give it to -accel"),
    ("-set nogroup.a.b=c", "-set nogroup.a.b=c: QEMU has no option group 'nogroup' to set things in; write accel.ID.property=value"),
    ("-global nothing", "-global nothing: is not read; write DRIVER.PROPERTY=VALUE"),
    ("-machine q35,thread=single -accel tcg", "-machine …,thread=single: no machine has it; give thread= to -accel"),
    ("-machine q35,tb_size=64 -accel tcg", "-machine …,tb_size=64: no machine has it; give tb-size= to -accel"),
    ("-machine q35,accel=kvm,KERNEL_IRQCHIP=on",
     "-machine …,KERNEL_IRQCHIP=on: no machine has it; give kernel-irqchip= to -accel"),
    ("-machine xenfv -accel kvm",
     "-accel and -machine xenfv, which brings its own accelerator, are incompatible; leave -accel out"),
    (["-accel", "tcg,x=\n"], "-accel tcg,x: '\\n' has a line break at position 0; an option is one line of text; remove it"),
    (["-accel", "tcg\n"], "-accel tcg\\n: no QEMU has this accelerator; did you mean 'tcg'?"),
    (["-accel", "tcg,a\0=1"],
     "option name: 'a\\x00' has a NUL at position 1; an option is one line of text; remove it"),
    ('-accel "kvm', "kvm: this quote is not closed, so a shell waits for more lines; close it"),
    ("–accel kvm",
     "–accel: QEMU takes it for a disk image: – (U+2013) is not the dash of a keyboard; write -accel"),
    # all at once
    ("-accel help -accel tcg,id=1 -acc -no-kvm -enable-kvm -machine thread=single",
     ("-accel help: QEMU prints its accelerators and ends; name one of them; "
     "-no-kvm: no QEMU from 5.2 on has it; write -accel tcg; "
     f"-accel tcg: id='1' is not an identifier; {ID_RULE}; "
     f"{INCOMPATIBLE}; "
     "-acc: QEMU has no such option; "
     "-machine …,thread=single: no machine has it; give thread= to -accel")),
    (["-accel", "tcg,=x", "-accel", "kvm,=y,a=\r", "-nosuch"],
     ("-nosuch: QEMU has no such option; "
     "-accel tcg: a property without a name (=x); name it; "
     "-accel kvm: a property without a name (=y); name it; "
     "-accel kvm,a: '\\r' has a carriage return at position 0; an option is one line of text; remove it")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[str(text) for text, _ in REFUSED])
def test_all_faults_that_every_qemu_refuses_are_in_the_message(text: str | list[str], message: str) -> None:
    with pytest.raises(ArgvError) as caught:
        parse(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "maps", "message"),
    [
        (
            "-machine q35,accel=tcg,kernel_irqchip=bad",
            [TCG],
            "-machine …,kernel-irqchip=bad has no effect: tcg has no such property; leave it out",
        ),
        (
            "-machine q35,igd-passthru=on -accel kvm -accel tcg",
            [KVM, TCG],
            "-machine …,igd-passthru=on has no effect: kvm and tcg have no such property; leave it out",
        ),
        (
            "-machine q35,kvm-shadow-mem=0 -accel xen",
            [{"accel": "xen"}],
            "-machine …,kvm-shadow-mem=0 has no effect: xen has no such property; leave it out",
        ),
    ],
)
def test_parse_warns_of_a_machine_property_that_no_accelerator_knows(
    text: str, maps: list[dict[str, str]], message: str
) -> None:
    with pytest.warns(IgnoredOptionWarning) as caught:
        assert parse(text) == tuple(maps)
    assert [str(warning.message) for warning in caught] == [message]
    assert caught[0].filename == __file__


@given(
    st.lists(
        option_maps(known_accelerators),
        min_size=1,
        max_size=3,
        unique_by=lambda options: options.get("id", object()),
    )
)
def test_a_rendered_line_is_read_back_through_a_shell(maps: list[OptionMap]) -> None:
    assert parse(shell(tuple(maps))) == tuple(maps)


@given(st.text(max_size=20) | st.lists(st.text(max_size=8), max_size=4))
@example("A(")
@example("A()")
@example("{A(")
@example("<")
def test_any_text_is_read_or_refused(text: Any) -> None:
    """By an ArgvError, unless it is Python or braces: these raise what composing raises; or XML."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IgnoredOptionWarning)
        try:
            maps = parse(text)
        except ArgvError:
            return
        except LibvirtError:
            assert isinstance(text, str)
            assert text.lstrip().startswith("<")
            return
        except (ComposeError, DomainError):
            assert isinstance(text, str)
            assert understand(text).swept
            return
    assert all(isinstance(options, OptionMap) for options in maps)


@pytest.mark.parametrize("text", ["A(", "A(}", "usage: foo(bar baz"])
def test_a_call_that_is_no_python_is_no_recipe(text: str) -> None:
    with pytest.raises(ArgvError, match=r"no command in it starts a QEMU|braces"):
        parse(text)


@given(known_accelerators, identifiers)
def test_an_id_is_kept_with_any_accelerator(name: str, identifier: str) -> None:
    options = OptionMap({"accel": name, "id": identifier})
    assert parse(render(options)) == (options,)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kvm,kvm-shadow-mem=67108864", "kvm() | shadow_mem(64 * MiB)"),
        ("kvm,kernel-irqchip=split,rapl=yes", "kvm() | kernel_irqchip(split) | rapl(on)"),
        ("tcg,tb-size=0x40", "tcg() | tb_size(64)"),
        ("tcg,thread=bad", "tcg() | option('thread', 'bad')"),
        ("tcg,dirty-ring-size=1024", "tcg() | option('dirty-ring-size', '1024')"),
        ("kvm,dirty-ring-size=3", "kvm() | option('dirty-ring-size', '3')"),
        ("kvm,kvm-shadow-mem=-2", "kvm() | option('kvm-shadow-mem', '-2')"),
        ("kvm,xen-version=262161", "kvm() | xen_version(0x40011)"),
        ("kvm,riscv-aia=emul", "kvm() | riscv_aia('emul')"),
        ("kvm,device=/a,,b,id=x", "kvm() | device('/a,b') | option('id', 'x')"),
        ("-accel kvm -accel tcg,tb-size=256", "first_of(kvm(), tcg() | tb_size(256))"),
        ("-machine q35,kernel-irqchip=on,igd-passthru=yes", "option('igd-passthru', 'yes') | option('kernel-irqchip', 'on')"),
        ("-machine q35,kernel-irqchip=on", "kernel_irqchip(on)"),
    ],
)  # fmt: skip
def test_parsed_options_are_written_as_a_recipe(text: str, code: str) -> None:
    assert repr(recipes_of(parse(text))) == code


def test_without_maps_there_is_no_recipe() -> None:
    with pytest.raises(ComposeError, match=r"^no option maps: "):
        recipes_of(parse("-m 1G"))
    assert recipe_of(OptionMap()) == Recipe()


@pytest.mark.parametrize("text", [*(text for text, _ in REFUSED), "-machine none,help"], ids=str)
def test_each_fault_ends_with_what_to_do(text: str | list[str]) -> None:
    """Behind the last semicolon; check takes it from there."""
    for fault in read(text).faults:
        why, _, remedy = fault.rpartition("; ")
        assert why
        assert remedy


def test_a_sweep_of_two_domains_names_their_lines() -> None:
    with pytest.raises(ArgvError, match="2 QEMU commands are in it, at lines 1, 2; give one of them"):
        sweep("<domain type='kvm'/>\n<domain type='qemu'/>")
