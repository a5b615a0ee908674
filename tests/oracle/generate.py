"""Command lines that are nearly right, made from what a binary has: the oracle's questions.

Everything here follows from a captured schema and a seed, so a run can be repeated to the letter.
None of it uses accelkit's own knowledge of values: the two must be able to disagree.

A question starts as one that QEMU accepts. Nearly half are then changed in one place, each in a
way that people, or programs that write command lines, get it wrong.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

TRUE_WORDS = ("on", "yes", "true", "y")
FALSE_WORDS = ("off", "no", "false", "n")

#: Words that a property of each type takes.
WORDS = {
    "bool": (*TRUE_WORDS, *FALSE_WORDS),
    "on|off|split": ("on", "off", "split"),
    "OnOffAuto": ("on", "off", "auto"),
    "NotifyVMexitOption": ("run", "internal-error", "disable"),
}
BITS = {"uint16": 16, "uint32": 32, "uint64": 64, "int": 64}

#: Strings that are checked by their property, or read as a path.
TEXTS = {
    "thread": ("single", "multi"),
    "device": ("/dev/kvm",),
    "rapl-helper-socket": ("/run/qemu-vmsr-helper.sock", "", "/tmp/a=b", "x,y", "ü", " "),
    "riscv-aia": ("auto", "emul", "hwaccel"),
}

#: For a property that a newer QEMU has and nothing above is known of: some of these it may take.
UNKNOWN_TEXTS = ("on", "off", "auto", "0", "1", "x")

#: Host-dependent whenever they can be chosen at all: they need a device of their own.
DEVICE_ACCELERATORS = ("xen", "mshv", "nitro")
#: Accelerators of other hosts, and names that never were any.
FOREIGN_ACCELERATORS = ("hvf", "whpx", "nvmm", "hax", "xen", "mshv", "nitro", "qtest", "kqemu")
#: Properties that no binary here has, or has for another accelerator.
FOREIGN_PROPERTIES = (
    ("hyperv", "on"),
    ("eager-split-size", "2M"),
    ("riscv-aia", "auto"),
    ("igd-passthru", "on"),
    ("thread", "single"),
    ("tb-size", "64"),
    ("kernel-irqchip", "on"),
    ("dirty-ring-size", "4096"),
    ("shadow-mem", "1048576"),
    ("type", "tcg-accel"),
)

Properties = Mapping[str, Mapping[str, str]]
Schema = Mapping[str, Any]


class Element(NamedTuple):
    """One ``key=value`` of an ``-accel`` string; ``text`` stands in its place when given."""

    key: str
    value: str
    text: str | None = None

    def __str__(self) -> str:
        if self.text is not None:
            return self.text
        return f"{self.key}={self.value.replace(',', ',,')}" if self.key else self.value


class Question(NamedTuple):
    """A command line, the kind of change made to it, and whether its answer is the host's.

    ``-machine none`` is added to it, unless it is ``whole``: then QEMU's default machine counts.
    """

    words: tuple[str, ...]
    change: str
    host: bool
    whole: bool = False


def accel_questions(schema: Schema, count: int, seed: int = 1) -> list[Question]:
    """``count`` different ``-accel TEXT`` command lines; the same ones for the same arguments."""
    rng = random.Random(f"{seed} {schema['version']} {schema['target']}")
    made: dict[str, Question] = {}
    while len(made) < count:
        text, change = _accel_text(schema, rng)
        if text not in made and _askable(text):
            words = ("-accel", text)
            made[text] = Question(words, change, host_dependent(words, schema))
    return list(made.values())


def line_questions(schema: Schema, count: int, seed: int = 1) -> list[Question]:
    """``count`` different whole command lines: several accelerators, their neighbours, noise."""
    rng = random.Random(f"lines {seed} {schema['version']} {schema['target']}")
    made: dict[tuple[str, ...], Question] = {}
    while len(made) < count:
        words = tuple(_line(schema, rng))
        if words not in made and all(map(_askable, words)):
            made[words] = Question(words, "line", host_dependent(words, schema))
    return list(made.values())


def whole_questions(schema: Schema, count: int, seed: int = 1) -> list[Question]:
    """``count`` different command lines to which no machine is added."""
    rng = random.Random(f"whole {seed} {schema['version']} {schema['target']}")
    made: dict[tuple[str, ...], Question] = {}
    while len(made) < count:
        words = tuple(_whole_line(schema, rng))
        if words not in made and all(map(_askable, words)):
            made[words] = Question(words, "whole line", host_dependent(words, schema), whole=True)
    return list(made.values())


def _askable(word: str) -> bool:
    """Whether a process can be given ``word`` at all."""
    return "\0" not in word


# --- strings QEMU accepts -------------------------------------------------------------------


def _accel_text(schema: Schema, rng: random.Random) -> tuple[str, str]:
    """An ``-accel`` string, and the name of the change that was made to it."""
    elements = _valid(schema, rng)
    if rng.random() < 0.52:
        name = rng.choice(tuple(HARMLESS))
        return HARMLESS[name](elements, schema, rng), name
    name = rng.choice(tuple(CHANGES))
    return CHANGES[name](elements, schema, rng), name


def _valid(schema: Schema, rng: random.Random) -> list[Element]:
    """An accelerator the schema has and some of its properties, with values QEMU accepts."""
    accelerators: Mapping[str, Properties] = schema["accelerators"]
    common = [name for name in ("kvm", "tcg") if name in accelerators]
    others = [name for name in accelerators if name not in common]
    accelerator = rng.choice(others) if others and rng.random() < 0.04 else rng.choice(common)
    properties = _settable(accelerators[accelerator])
    chosen = rng.sample(sorted(properties), min(len(properties), rng.choice((0, 1, 1, 2, 2, 3, 4))))
    elements = [Element(key, _value(key, properties[key]["type"], rng)) for key in chosen]
    return [Element("", accelerator), *elements]


def _settable(properties: Properties) -> Properties:
    """All but ``type``, which every accelerator has and nobody may set."""
    return {key: row for key, row in properties.items() if key != "type"}


def _value(key: str, kind: str, rng: random.Random) -> str:
    """Text that QEMU takes for a property, whatever the host where that is possible."""
    if key == "xen-version":
        return rng.choice(("0", "0x0", "-0", "00"))
    if key == "honor-guest-pat":
        return rng.choice(("off", "auto"))
    if key == "rapl":
        return rng.choice(FALSE_WORDS)
    if key == "dirty-ring-size":
        return _spell(rng.choice((0, *(2**n for n in range(10, 17)))), 32, rng)
    if key == "kvm-shadow-mem":
        return _spell(_shadow_memory(rng), 64, rng)
    if key == "tb-size":
        return _spell(_number(32, rng), 32, rng)
    if kind in WORDS:
        return rng.choice(WORDS[kind])
    if kind in BITS:
        return _spell(_number(BITS[kind] - (kind == "int"), rng), BITS[kind], rng)
    if kind == "size":
        return rng.choice(("0", "4096", "4k", "2M", "1G"))
    return rng.choice(TEXTS.get(key, UNKNOWN_TEXTS))


def _number(bits: int, rng: random.Random) -> int:
    """A number below ``2**bits``: often at an end, often round, sometimes any."""
    top = 2**bits - 1
    ends = (0, 1, 2, top, top - 1, top // 2, top // 2 + 1)
    return rng.choice((rng.choice(ends), rng.randrange(2048), 2 ** rng.randrange(bits)))


def _shadow_memory(rng: random.Random) -> int:
    """A size that KVM takes: at least 64 pages once it has been cut to 32 bits, or negative."""
    return rng.choice(
        (
            262144 + rng.randrange(2**20),
            rng.randrange(262144, 2**31),
            -1 - rng.randrange(2**31),
            2**32 * rng.randrange(1, 4) + rng.randrange(262144, 2**31),
            2**63 - 1,
            rng.choice((262144, 2**31, 2**31 - 1, 2**32 - 1, -1, -2, -(2**31))),
        )
    )


def _spell(number: int, bits: int, rng: random.Random) -> str:
    """``number`` in one of the notations of strtoull with base 0."""
    if number < 0:
        return str(number)
    plain = (str(number),) * 4
    odd = (f"{number:#x}", f"0X{number:X}", f"0{number:o}", f"+{number}", f" {number}")
    wrapped = (str(number - 2**64),) if number and bits < 64 else ()
    return rng.choice((*plain, *odd, f"\t{number}", f"00{number:o}", *wrapped))


# --- changes that QEMU accepts --------------------------------------------------------------

Change = Callable[[list[Element], Schema, random.Random], str]


def _join(elements: Sequence[Element]) -> str:
    return ",".join(map(str, elements))


def _as_it_is(elements: list[Element], _: Schema, __: random.Random) -> str:
    return _join(elements)


def _trailing_comma(elements: list[Element], _: Schema, __: random.Random) -> str:
    return _join(elements) + ","


def _with_id(elements: list[Element], _: Schema, rng: random.Random) -> str:
    name = rng.choice(("a", "A1", "acc-0", "x.y_z", "on"))
    elements.insert(rng.randrange(1, len(elements) + 1), Element("id", name))
    return _join(elements)


def _accel_key_moved(elements: list[Element], _: Schema, rng: random.Random) -> str:
    named = Element("accel", elements[0].value)
    if len(elements) == 1:
        return _join([named])
    rest = elements[1:]
    rest.insert(rng.randrange(len(rest) + 1), named)
    return _join(rest)


def _accel_key_repeated(elements: list[Element], schema: Schema, rng: random.Random) -> str:
    first = rng.choice((*schema["accelerators"], *FOREIGN_ACCELERATORS))
    moved = Element("accel", elements[0].value)
    rest = elements[1:]
    rest.insert(rng.randrange(len(rest) + 1), moved)
    return _join([Element("", first), *rest])


def _good_flag(elements: list[Element], schema: Schema, rng: random.Random) -> str:
    return _with_flag(elements, schema, rng, ("bool", "on|off|split", "OnOffAuto"))


def _with_flag(elements: list[Element], schema: Schema, rng: random.Random, kinds: Sequence[str]) -> str:
    properties = _settable(schema["accelerators"][elements[0].value])
    keys = sorted(key for key, row in properties.items() if row["type"] in kinds)
    if keys:
        # The properties that must stay off have only their negated form here.
        key = rng.choice(keys)
        needs_host = key in ("rapl", "honor-guest-pat")
        negated = needs_host or rng.random() < 0.5
        elements.append(Element(key, "", f"no{key}" if negated else key))
    return _join(elements)


def _set_twice(elements: list[Element], schema: Schema, rng: random.Random) -> str:
    if len(elements) > 1:
        key = rng.choice(elements[1:]).key
        kind = schema["accelerators"][elements[0].value][key]["type"]
        elements.append(Element(key, _value(key, kind, rng)))
    return _join(elements)


HARMLESS: dict[str, Change] = {
    "none": _as_it_is,
    "none, often": _as_it_is,
    "none, most often": _as_it_is,
    "comma at the end": _trailing_comma,
    "id": _with_id,
    "accel= moved": _accel_key_moved,
    "accel= repeated": _accel_key_repeated,
    "flag": _good_flag,
    "set twice": _set_twice,
}


# --- changes people make by mistake ---------------------------------------------------------


def _pick(elements: list[Element], rng: random.Random) -> int:
    """The place of one property, or of the accelerator when there is none."""
    return rng.randrange(1, len(elements)) if len(elements) > 1 else 0


def _edit_value(elements: list[Element], rng: random.Random, edit: Callable[[str], str]) -> str:
    place = _pick(elements, rng)
    elements[place] = elements[place]._replace(value=edit(elements[place].value))
    return _join(elements)


def _edit_key(elements: list[Element], rng: random.Random, edit: Callable[[str], str]) -> str:
    place = _pick(elements, rng)
    if place == 0:
        return _edit_value(elements, rng, edit)
    elements[place] = elements[place]._replace(key=edit(elements[place].key))
    return _join(elements)


def _new_number(elements: list[Element], schema: Schema, rng: random.Random, text: str) -> str:
    """``text`` as the value of a numeric property, an accelerator with one being looked for."""
    numeric = [
        (name, key)
        for name, properties in schema["accelerators"].items()
        for key, row in _settable(properties).items()
        if row["type"] in BITS and name not in DEVICE_ACCELERATORS
    ]
    own = [key for name, key in numeric if name == elements[0].value]
    name, key = (elements[0].value, rng.choice(own)) if own else rng.choice(numeric)
    kept = [element for element in elements[1:] if element.key != key]
    if name != elements[0].value:
        kept = []
    return _join([Element("", name), *kept, Element(key, text)])


def _near_a_limit(elements: list[Element], schema: Schema, rng: random.Random) -> str:
    limit = rng.choice((0, 1024, 65536, 131072, 262144, *(2**n for n in (15, 16, 31, 32, 63, 64))))
    number = rng.choice((-1, 1)) * limit + rng.choice((-1, 0, 1))
    return _new_number(elements, schema, rng, str(number))


def _odd_number(elements: list[Element], schema: Schema, rng: random.Random) -> str:
    text = rng.choice(
        (
            *("64M", "1k", "1K", "4096B", "2MiB", "1e3", "1024.0", ".5", "1_024", "1,024", ""),
            *("0x", "0xg", "0x-1", "08", "09", "0o17", "0b10000000000", "0B101", "0b2", "--1"),
            *("+-1", "+", "-", "- 1", "1024 ", "1 024", " 1024", "\n1024", "\v1024", "١٠٢٤"),
            *("x400", "400h", "auto", "on", "inf", "nan", "null", "0x400k", "1024;", "'1024'"),
            *("-18446744073709550592", "-18446744073709551616", "-18446744073709551617"),
            *("18446744073709551615", "18446744073709551616", "99999999999999999999999"),
            *("9223372036854775807", "9223372036854775808", "-9223372036854775808"),
            *("-9223372036854775809", "0x10000000000000000", "02000000000000000000000"),
            *("0xffffffff", "0x100000000", "037777777777", "040000000000", "0x7fffffffffffffff"),
        )
    )
    return _new_number(elements, schema, rng, text)


def _other_case(elements: list[Element], _: Schema, rng: random.Random) -> str:
    edit = rng.choice((_edit_key, _edit_value))
    return edit(elements, rng, rng.choice((str.upper, str.title, str.swapcase)))


def _underscore(elements: list[Element], _: Schema, rng: random.Random) -> str:
    edit = rng.choice((_edit_key, _edit_value))
    return edit(elements, rng, lambda text: text.replace("-", "_"))


def _no_equals(elements: list[Element], _: Schema, rng: random.Random) -> str:
    text = _join(elements)
    return text.replace("=", rng.choice(("", " ", ":", "-")), 1)


def _more_equals(elements: list[Element], _: Schema, rng: random.Random) -> str:
    text = _join(elements)
    places = [i for i, letter in enumerate(text) if letter in ",="] + [0, len(text)]
    place = rng.choice(places)
    return text[:place] + "=" + text[place:]


def _comma(elements: list[Element], _: Schema, rng: random.Random) -> str:
    text = _join(elements)
    places = [match.start() for match in re.finditer(",", text)] + [0, len(text)]
    place = rng.choice(places)
    if rng.random() < 0.3 and place < len(text):
        return text[:place] + text[place + 1 :]
    return text[:place] + rng.choice((",", ",,")) + text[place:]


def _flag(elements: list[Element], _: Schema, rng: random.Random) -> str:
    place = _pick(elements, rng)
    key = elements[place].key or "no"
    elements[place] = Element(key, "", rng.choice((key, f"no{key}", f"no-{key}", f"no{key}=on")))
    return _join(elements)


def _space(elements: list[Element], _: Schema, rng: random.Random) -> str:
    text = _join(elements)
    places = [i for i, letter in enumerate(text) if letter in ",="]
    places += [place + 1 for place in places] + [0, len(text)]
    place = rng.choice(places)
    return text[:place] + rng.choice((" ", "\t", "\n")) + text[place:]


def _foreign_property(elements: list[Element], schema: Schema, rng: random.Random) -> str:
    others = [
        Element(key, _value(key, row["type"], rng))
        for properties in schema["accelerators"].values()
        for key, row in _settable(properties).items()
    ]
    foreign = [Element(key, value) for key, value in FOREIGN_PROPERTIES]
    elements.insert(rng.randrange(1, len(elements) + 1), rng.choice(others + foreign))
    return _join(elements)


def _foreign_accelerator(elements: list[Element], _: Schema, rng: random.Random) -> str:
    name = rng.choice((*FOREIGN_ACCELERATORS, "kvm:tcg", "tcg:kvm", "auto", "kvm-accel", "off", ""))
    return _join([Element("", name), *elements[1:]])


def _bad_id(elements: list[Element], _: Schema, rng: random.Random) -> str:
    name = rng.choice(("", "1a", "-a", "a b", "a,b", "a=b", "_a", ".a", "ä", "a/b", "a:b", "$"))
    elements.insert(rng.randrange(1, len(elements) + 1), Element("id", name))
    if rng.random() < 0.3:
        elements.insert(rng.randrange(1, len(elements) + 1), Element("id", "good"))
    return _join(elements)


def _typing_slip(elements: list[Element], _: Schema, rng: random.Random) -> str:
    def slip(text: str) -> str:
        place = rng.randrange(len(text)) if text else 0
        doubled, swapped = text[place : place + 1] * 2, text[place : place + 2][::-1]
        return rng.choice(
            (
                text[:place] + text[place + 1 :],
                text[:place] + doubled + text[place + 1 :],
                text[:place] + swapped + text[place + 2 :],
                text[: len(text) // 2],
                text + rng.choice("s0-x"),
            )
        )

    return rng.choice((_edit_key, _edit_value))(elements, rng, slip)


def _foreign_word(elements: list[Element], _: Schema, rng: random.Random) -> str:
    words = {*TRUE_WORDS, *FALSE_WORDS, "split", "auto", "run", "disable", "internal-error"}
    more = ("0", "1", "none", "enable", "default", "null", "", "single", "multi", "none=on")
    word = rng.choice((*sorted(words), *more))
    return _edit_value(elements, rng, lambda _: word)


def _bad_then_good(elements: list[Element], _: Schema, rng: random.Random) -> str:
    if len(elements) > 1:
        good = rng.choice(elements[1:])
        bad = good._replace(value=rng.choice(("bad", "", "-", "3x")))
        elements.insert(rng.choice((1, len(elements))), bad)
    return _join(elements)


def _help(elements: list[Element], _: Schema, rng: random.Random) -> str:
    word = rng.choice(("help", "?"))
    place = rng.randrange(len(elements) + 1)
    as_accelerator = Element("accel", word)
    elements.insert(place, rng.choice((Element("", word), as_accelerator)))
    return _join(elements)


def _other_syntax(elements: list[Element], _: Schema, rng: random.Random) -> str:
    text = _join(elements)
    return rng.choice(
        (
            f'"{text}"',
            f"'{text}'",
            "{" + f'"accel":"{elements[0].value}"' + "}",
            text.replace(",", ";"),
            text.replace(",", " "),
            text.replace("=", ":"),
            f"accel={text},accel",
            f"{text}#",
            f"{text},no",
            f"--{text}",
            text.partition(",")[2],
        )
    )


CHANGES: dict[str, Change] = {
    "number near a limit": _near_a_limit,
    "odd number": _odd_number,
    "case": _other_case,
    "underscore": _underscore,
    "= left out": _no_equals,
    "= too many": _more_equals,
    "comma": _comma,
    "flag instead of a value": _flag,
    "white space": _space,
    "another accelerator's property": _foreign_property,
    "another accelerator": _foreign_accelerator,
    "bad id": _bad_id,
    "typing slip": _typing_slip,
    "another type's word": _foreign_word,
    "bad, then good": _bad_then_good,
    "help": _help,
    "other syntax": _other_syntax,
}


# --- whole command lines --------------------------------------------------------------------

#: Options with nothing to say about accelerators that all four releases take with any machine;
#: some with a value that reads like an option or an accelerator, to try the reader's arity.
NOISE: tuple[tuple[str, ...], ...] = (
    ("-name", "guest"),
    ("-name", "-accel"),
    ("-name", "kvm"),
    ("-uuid", "12345678-1234-1234-1234-123456789abc"),
    ("-m", "256"),
    ("-m", "size=256M"),
    ("-smp", "1"),
    ("-k", "de"),
    ("-L", "-enable-kvm"),
    ("-D", "/dev/null"),
    ("-monitor", "none"),
    ("-serial", "none"),
    ("-parallel", "none"),
    ("-rtc", "base=utc"),
    ("-boot", "menu=on"),
    ("-no-user-config",),
    ("-no-reboot",),
    ("--no-shutdown",),
    ("-snapshot",),
    ("-nodefaults",),
    ("-global", "tcg-accel.thread=bad"),
    ("-global", "kvm-accel.x=1"),
    ("-global", "driver=kvm-accel,property=kernel-irqchip,value=bad"),
)

ICOUNT = ("shift=0", "shift=auto", "auto", "0", "7", "shift=0x2", "shift=3,align=on", "sleep=on")
BAD_ICOUNT = ("shift=11", "shift=", "-1", "align=on", "sleep=off,align=on,shift=1", "foo=1", "bad")

SETTINGS = ("thread=single", "thread=multi", "kernel-irqchip=split", "foo=1", "accel=tcg", "x")

SUGAR_KEYS = (
    "kernel_irqchip",
    "kernel-irqchip",
    "kvm_shadow_mem",
    "kvm-shadow-mem",
    "igd-passthru",
    "igd_passthru",
)
SUGAR_VALUES = {"irqchip": ("on", "off", "split"), "mem": ("-1", "262144", "1048576", "0x400000")}
BAD_SUGAR_VALUES = ("bad", "", "yes", "0", "1", "262143")

#: Processor models that mean the same on any host; ``host`` and ``max`` with KVM do not.
MODELS = ("qemu64", "486", "pentium")
#: Those of each target for lines without ``-machine none``.
MODELS_OF = {
    "x86_64": ("486", "host", "max", "host,-apic", "qemu32,-apic"),
    "i386": ("486", "host", "host,-apic", "qemu32,-apic"),  # max is too wide for some machines of 32 bits
    "aarch64": ("host", "max", "cortex-a57"),
    "arm": ("host", "max", "cortex-a15"),
    "s390x": ("host", "max", "qemu"),
    "riscv64": ("host", "rv64"),
    "ppc64": ("host", "POWER9"),
}
PC = ("pc", "q35", "microvm", "isapc")
MACHINES = {
    **dict.fromkeys(("x86_64", "i386"), PC), **dict.fromkeys(("aarch64", "arm", "riscv64"), ("virt",)),
    "s390x": ("s390-ccw-virtio",), "ppc64": ("pseries",),
}  # fmt: skip
#: What ``intel-iommu`` is given; remapping of interrupts depends on KVM's interrupt controller.
IOMMU = (
    (),
    ("intremap=on",),
    ("intremap=off",),
    ("intremap=auto",),
    ("eim=on",),
    ("intremap=on", "eim=on"),
    ("intremap=off", "eim=on"),
)

#: Options some releases have and others do not; those that write no file and start nothing.
GONE = (
    ("-tb-size", "64"),
    ("-singlestep",),
    ("-enable-fips",),
    ("-realtime", "mlock=off"),
    ("-show-cursor",),
    ("-portrait",),
    ("-rotate", "90"),
    ("-action", "reboot=reset"),
    ("-compat", "deprecated-input=accept"),
    ("-run-with", "chroot=/"),
    ("-writeconfig", "/dev/null"),
    ("-old-param",),
    ("-enable-hax",),
    ("-no-kvm",),
    ("-no-kvm-irqchip",),
    ("-no-kvm-pit-reinjection",),
    ("-nosuchoption",),
    ("-acel", "kvm"),
    ("-accel=tcg",),
    ("-machine,accel=tcg",),
    ("-icount,sleep=off",),
    ("---accel", "tcg"),
    ("--", "-accel", "tcg"),
    ("-",),
)

#: Gone options that a machine has to know.
GONE_FROM_PC = (("-no-hpet",), ("-no-acpi",))

#: Words by themselves, which QEMU takes for disk images; none of these files is there.
STRAYS = (
    ("thread=multi",),
    ("kernel-irqchip=on",),
    ("accel=kvm",),
    ("mem=4G",),
    ("kvm",),
    ("kvm:tcg",),
    ("enable-kvm",),
    ("accel", "tcg"),
    ("–accel", "kvm"),
    ("—enable-kvm",),
    ("-accel", "tcg,", "thread=multi"),
    ("-machine", "none,", "accel=tcg"),
    ("-cpu", "max,", "-vmx"),
    ("-accel", "kvm", "tcg"),
    ("",),
)
#: Images that are there.
DISKS = (("null-co://",), ("-hda", "null-co://"))

#: For devices that only kvm has, some of them on some machines only.
GLOBALS = (
    "kvm-pit.lost_tick_policy=slew",
    "kvm-pit.lost_tick_policy=delay",
    "kvm-pit.lost_tick_policy=discard",
    "kvm-pit.lost_tick_policy=bad",
    "kvm-pit.lost-tick-policy=slew",
    "driver=kvm-pit,property=lost_tick_policy,value=slew",
    "kvm-i8259.elcr_mask=248",
    "nosuch.lost_tick_policy=slew",
)
#: Record and replay; recording goes nowhere.
RECORDS = (
    "shift=0,rr=record,rrfile=/dev/null",
    "shift=auto,rr=record",
    "rr=record,rrfile=/dev/null",
    "shift=1,rr=bad,rrfile=/dev/null",
    "shift=1,rr=record,rrfile=/dev/null,rrsnapshot=a",
    "shift=1,rrsnapshot=a",
)
CPUS = ("1", "2", "cpus=1,maxcpus=2", "cores=2")


def _line(schema: Schema, rng: random.Random) -> Iterator[str]:
    """The words of a command line, in any order that keeps each option's own words together."""
    options = [
        *(rng.choice(NOISE) for _ in range(rng.choice((0, 0, 1, 2)))),
        *_accelerators(schema, rng),
        *_neighbours(rng),
        *_machine(schema, rng),
    ]
    rng.shuffle(options)
    for first, *rest in options:
        yield "-" + first if first == "-accel" and rng.random() < 0.1 else first
        yield from rest
    if rng.random() < 0.01:
        yield "-accel"


def _accelerators(schema: Schema, rng: random.Random) -> Iterator[tuple[str, ...]]:
    """How the accelerator is chosen: one way, rarely two, which QEMU refuses."""
    chosen = rng.random()
    if chosen < 0.55:
        for _ in range(rng.choice((1, 1, 2, 2, 3))):
            yield "-accel", _line_text(schema, rng)
    elif chosen < 0.85:
        for _ in range(rng.choice((1, 1, 1, 2))):
            yield _machine_accel(schema, rng)
    if chosen > 0.8 or rng.random() < 0.06:
        yield (rng.choice(("-enable-kvm", "--enable-kvm")),)


def _neighbours(rng: random.Random) -> Iterator[tuple[str, ...]]:
    """Other options that have a say in the accelerator, good and bad."""
    if rng.random() < 0.2:
        yield "-icount", rng.choice(ICOUNT if rng.random() < 0.7 else BAD_ICOUNT)
    if rng.random() < 0.2:
        yield rng.choice(("-machine", "-M")), _sugar(rng)
    if rng.random() < 0.08:
        yield "-set", f"accel.{rng.choice('aaab')}.{rng.choice(SETTINGS)}"
    if rng.random() < 0.06:
        yield rng.choice(GONE)
    if rng.random() < 0.05:
        yield rng.choice(STRAYS)
    if rng.random() < 0.06:
        yield "-global", rng.choice(GLOBALS)
    if rng.random() < 0.05:
        yield "-icount", rng.choice(RECORDS)


def _machine(schema: Schema, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Now and then a real machine, with a processor or an IOMMU for it."""
    if rng.random() < 0.25:
        machine = rng.choice(MACHINES[schema["target"]])
        yield "-machine", machine + _machine_options(rng)
        if machine == "q35" and rng.random() < 0.5:
            yield "-device", ",".join(("intel-iommu", *rng.choice(IOMMU)))
        # Not both: 10.0 and 11.1 crash on an IOMMU with kernel-irqchip=off and a 486.
        elif machine in ("pc", "q35", "isapc") and rng.random() < 0.4:
            yield "-cpu", rng.choice((*MODELS, "host"))
        elif machine == "virt" and rng.random() < 0.4:
            yield "-cpu", rng.choice(MODELS_OF[schema["target"]])
        if schema["target"] in ("aarch64", "arm") and rng.random() < 0.4:
            yield "-machine", f"gic-version={rng.choice(('host', 'max', '2'))}"


def _whole_line(schema: Schema, rng: random.Random) -> Iterator[str]:
    """The words of a line that mostly leaves the machine to QEMU."""
    options: list[tuple[str, ...]] = [*_accelerators(schema, rng), *_neighbours(rng)]
    if rng.random() < 0.4:
        options.append(("-cpu", rng.choice(MODELS_OF.get(schema["target"], ("host",)))))
    if rng.random() < 0.3:
        options.append((rng.choice(("-machine", "-M")), _sugar(rng).removeprefix("type=none,")))
    if rng.random() < 0.15 and schema["target"] in ("x86_64", "i386"):
        options += rng.choice((DISKS[:1], DISKS[1:], DISKS))
    if rng.random() < 0.5:
        options.append(("-m", "256"))
    if rng.random() < 0.2:
        options.append(("-machine", rng.choice(MACHINES[schema["target"]]) + _machine_options(rng)))
    elif schema["target"] in ("x86_64", "i386"):
        if rng.random() < 0.15:
            options.append(rng.choice(GONE_FROM_PC))
        if rng.random() < 0.25:
            options.append(("-smp", rng.choice(CPUS)))
    rng.shuffle(options)
    for words in options:
        yield from words


def _line_text(schema: Schema, rng: random.Random) -> str:
    """An ``-accel`` string for a command line: mostly a good one, sometimes with an id."""
    if rng.random() < 0.25:
        return _accel_text(schema, rng)[0]
    if rng.random() < 0.15:
        return rng.choice(FOREIGN_ACCELERATORS)
    if rng.random() < 0.1:
        # Chosen and tried, and then given up for the next one: no bad text, no foreign name.
        return rng.choice(("kvm,kvm-shadow-mem=0", "kvm,kvm-shadow-mem=262143"))
    elements = _valid(schema, rng)
    if rng.random() < 0.25:
        elements.append(Element("id", rng.choice(("a", "b", "c"))))
    return _join(elements)


def _machine_accel(schema: Schema, rng: random.Random) -> tuple[str, str]:
    """``-machine accel=…`` with one accelerator or several, and perhaps sugar."""
    names = (*schema["accelerators"], "kvm", "tcg", "tcg", *FOREIGN_ACCELERATORS, "", "help")
    count = rng.choice((1, 1, 2, 3))
    known = [name for name in schema["accelerators"] if name not in DEVICE_ACCELERATORS]
    listed = [rng.choice(known if rng.random() < 0.7 else names) for _ in range(count)]
    accel = f"accel={':'.join(listed)}"
    parts = [accel, *([_sugar(rng)] if rng.random() < 0.4 else [])]
    rng.shuffle(parts)
    return rng.choice(("-machine", "-M", "--machine")), ",".join(parts)


def _sugar(rng: random.Random) -> str:
    """Accelerator properties in their ``-machine`` spelling, good or bad, sometimes as a flag."""
    parts: list[str] = []
    for _ in range(rng.choice((1, 1, 1, 2))):
        key = rng.choice(SUGAR_KEYS)
        kind = re.split("[-_]", key)[-1]
        good = SUGAR_VALUES.get(kind, ("on", "off"))
        value = rng.choice(good if rng.random() < 0.7 else BAD_SUGAR_VALUES)
        parts.append(f"{key}={value}")
    if rng.random() < 0.05:
        parts.append(rng.choice(("kernel_irqchip", "nokernel_irqchip", "tb-size=64", "thread=x")))
    return ",".join(parts) if "=" in parts[0] else f"type=none,{','.join(parts)}"


def _machine_options(rng: random.Random) -> str:
    """What follows a machine's name: nothing, an accelerator's property, or a machine's own."""
    extra = ("kernel_irqchip=off", "kernel_irqchip=split", "kernel-irqchip=on", "usb=off")
    return f",{rng.choice(extra)}" if rng.random() < 0.4 else ""


# --- questions that depend on the host ------------------------------------------------------


def host_dependent(words: Sequence[str], schema: Schema) -> bool:
    """Whether the answer may follow from the host's kernel and devices, not from QEMU.

    Errs on the side of yes. Such questions stand outside the agreement, but for refusals that
    come before the host is asked.
    """
    texts = [value for option, value in _pairs(words) if option in ("accel", "set")]
    machines = [value for option, value in _pairs(words) if option in ("machine", "M")]
    models = [value for option, value in _pairs(words) if option == "cpu"]
    names = set(schema["accelerators"]) & set(DEVICE_ACCELERATORS)
    needs_device = any(name in names for text in (*texts, *machines) for name in re.split(r"[:,=]", text))
    passes_processor = any(re.match("(host|max)(,|$)", model) for model in models)
    return needs_device or passes_processor or any(_host_property(text) for text in texts)


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    for option, value in pairwise(words):
        if option.startswith("-"):
            yield option.removeprefix("-").removeprefix("-"), value


def _host_property(text: str) -> bool:
    """Whether an ``-accel`` or ``-set`` text asks the host for what not every host has."""
    for element in re.split("(?<!,),(?!,)", text):
        key, equals, value = element.partition("=")
        if not equals:
            key, value = (key[2:], "off") if key.startswith("no") else (key, "on")
        asks = ASKS_THE_HOST.get(key.rpartition(".")[2])
        if asks is not None and asks(value):
            return True
    return False


def _portable_ring(text: str) -> bool:
    """Whether a ring size is one that each kernel takes, or none that QEMU passes on."""
    try:
        number = int(text.strip(), 0)
    except ValueError:
        return not re.fullmatch(r"\s*[-+]?0[0-7]+", text)
    number %= 2**64
    power_of_two = number & (number - 1) == 0
    return not power_of_two or number == 0 or 1024 <= number <= 65536 or number >= 2**32


#: For each property that a host may refuse: whether a value asks it.
ASKS_THE_HOST: dict[str, Callable[[str], bool]] = {
    "rapl": TRUE_WORDS.__contains__,
    "honor-guest-pat": "on".__eq__,
    "device": "/dev/kvm".__ne__,
    "xen-version": lambda value: re.search("[1-9a-fA-F]", value) is not None,
    "dirty-ring-size": lambda value: not _portable_ring(value),
}
