"""Rules of words that are no option: those with a dash that no QEMU has, and those that QEMU takes for a disk image.

Measured on QEMU 5.2, 7.2, 10.0 and 11.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from accelkit.checking.advice import Advice, element_for, given_to_accel, instead, runs
from accelkit.checking.machine import has_default_machine
from accelkit.checking.problem import Problem, ProblemKind
from accelkit.parsing.command_line import CommandLine, Stray, read_accel
from accelkit.parsing.reader import SUGAR
from accelkit.recipes.table import ACCELERATORS, PROPERTIES
from accelkit.schemas.schema import Schema
from accelkit.syntax.edit import Edit, Fix
from accelkit.syntax.qemu_options import FLAGS, VALUED
from accelkit.syntax.qemuopts import Write
from accelkit.syntax.typography import DASHES

#: The newest QEMU whose option table was read.
_NEWEST_KNOWN: Final = (11, 1)
#: An option with its value joined to it: ``-accel=tcg``.
_JOINED: Final = re.compile(r"--?([\w-]+)[=,: ](.*)", re.DOTALL)
_KEY: Final = re.compile(r"([A-Za-z][\w-]*)=([^/.]*)")
#: Elements of a value: what may follow a comma.
_ELEMENTS: Final = re.compile(r",*[A-Za-z][\w-]*(=.*)?|,+", re.DOTALL)
#: Machines on which a drive without an image is taken.
_TAKES_NO_IMAGE: Final = frozenset({"none", "x-remote", "microvm"})
#: Measured: riscv64's virt takes it in 7.2 and refuses it in 10.0; the releases between were not asked.
_RISCV_VIRT_NEEDS_MEDIA: Final = (10, 0, 0)
#: The longest option has 19 characters; a longer word is no slip of one.
_LONGEST: Final = 24
#: Options as short as this may as well be the name of a file.
_SHORT: Final = 2
#: Options that a following word is joined to, where a comma is left open.
_LISTS: Final = {"accel": "accel", "machine": "machine", "M": "machine", "cpu": "cpu", "icount": "icount"}


def unknown_word_problems(line: CommandLine, schema: Schema) -> Iterator[Problem]:
    """Problems with words that begin with a dash and are no option of any QEMU up to 11.1."""
    for word in line.unknown:
        if _is_newer(word, schema):
            continue
        newer = not schema.options and schema.version[:2] > _NEWEST_KNOWN and "=" not in word
        kind: ProblemKind = "ignored" if newer else "refused"
        remedy, fix = _spelling(word, line, schema)
        yield Problem(kind, None, None, word, f"{schema.name} has no such option", remedy, fix)


def _is_newer(word: str, schema: Schema) -> bool:
    """Whether this binary has the option although the table of options does not know it."""
    return word.removeprefix("-").removeprefix("-") in schema.options


def _spelling(word: str, line: CommandLine, schema: Schema) -> Advice:
    """What to write for a word that is no option."""
    joined = _JOINED.fullmatch(word)
    name = word.lstrip("-")
    if joined is not None and joined[1] in VALUED:
        words = _separated(joined[1], joined[2], line)
        if not words:
            return f"put a blank after -{joined[1]}, and its value", ()
        return instead(word, words, f"write {' '.join(words)}", line)
    if joined is not None and joined[1] in FLAGS:
        return instead(word, (f"-{joined[1]}",), f"write -{joined[1]}, which takes no value", line)
    key = (joined[1] if joined is not None else name).replace("_", "-")
    if key in PROPERTIES:
        behind = "" if joined is not None else _value_of(word, line)
        value = joined[2] if joined is not None else behind
        remedy, fix = given_to_accel(key, value or "on", line, schema, Edit("", word))
        return remedy, (*fix, Edit("", behind)) if behind else fix
    meant = (
        name
        if name in VALUED or name in FLAGS
        else _nearest(name, schema.options or dict.fromkeys(VALUED | FLAGS))
    )
    if meant:
        return instead(word, (f"-{meant}",), f"did you mean -{meant}?", line, _value_of(word, line))
    return "see qemu -help; leave it out", ()


def _value_of(word: str, line: CommandLine) -> str:
    """The word behind ``word``, which QEMU takes for none of its options; empty if there is none."""
    return next((stray.word for stray in line.strays if stray.before == word), "")


def _separated(name: str, rest: str, line: CommandLine) -> tuple[str, ...]:
    """The words of an option whose value was joined to its name; empty where the value lacks more than a blank."""
    if name == "icount" and not re.match(r"auto\b|\d", rest) and not re.search(r"(^|,)shift=", rest):
        rest = f"shift=auto,{rest}"
    elif name == "accel" and re.match(r"[\w-]+=", rest) and not re.search(r"(^|,)accel=", rest):
        rows = [PROPERTIES[key] for key in re.findall(r"(?:^|,)([\w-]+)=", rest) if key in PROPERTIES]
        having = [accel for accel in ("tcg", "kvm") if all(accel in row.accels for row in rows)]
        rest = f"{having[0]},{rest}" if len(having) == 1 and not line.accels else ""
    return (f"-{name}", rest) if rest else ()


def _nearest(name: str, options: Mapping[str, object]) -> str:
    return _closest(name, tuple(options)) if _SHORT < len(name) <= _LONGEST else ""


@lru_cache(maxsize=1024)
def _closest(name: str, options: tuple[str, ...]) -> str:
    from difflib import get_close_matches  # imported here: only errors need it

    close = get_close_matches(name.lower().replace("_", "-"), options, n=1, cutoff=0.75)
    return close[0] if close else ""


def stray_problems(line: CommandLine, schema: Schema) -> Iterator[Problem]:
    """Problems with words that QEMU takes for a disk image, of which it takes one."""
    images = ["-hda"] if any(name == "hda" for name, _ in line.options) else []
    for stray in line.strays:
        if _belongs_to_a_problem(stray, line, schema):
            continue
        if not stray.word:
            yield _empty(line, schema)
            continue
        advice = _meant(stray, line, schema)
        if advice is None:
            images.append(stray.word)
        else:
            yield _stray(stray.word, "QEMU takes it for a disk image", *advice)
    for word in images[1:]:
        yield _stray(word, f"QEMU takes it for a disk image, and {images[0]} is one already",
                     "write -drive file=… for each disk")  # fmt: skip


def _empty(line: CommandLine, schema: Schema) -> Problem:
    """The problem of an empty word, as of ``"$DISK"`` without a value: a drive without an image."""
    machine = line.machine or ("" if has_default_machine(schema.target, schema.version) else "virt")
    takes = line.machine in _TAKES_NO_IMAGE or (
        schema.target.startswith("riscv")
        and not (machine.startswith("virt") and schema.version >= _RISCV_VIRT_NEEDS_MEDIA)
    )
    return Problem("ignored" if takes else "machine", None, None, "''",
                   "QEMU takes the empty word for a disk without an image", "leave it out", (Edit("", ""),))  # fmt: skip


def _belongs_to_a_problem(stray: Stray, line: CommandLine, schema: Schema) -> bool:
    """Whether the word is the value of what is a problem already, or of an option that only this binary has."""
    before = stray.before
    if before[:1] and before[0] in DASHES:
        return True
    if before not in line.unknown or _JOINED.fullmatch(before):
        return False
    return schema.options.get(before.removeprefix("-").removeprefix("-"), True)


def _stray(word: str, why: str, remedy: str, fix: Fix = ()) -> Problem:
    return Problem("refused", None, None, word if word.strip() else repr(word), why, remedy, fix)


def _meant(stray: Stray, line: CommandLine, schema: Schema) -> Advice | None:
    """What the word was probably meant to be, with the edits that make it so; None for what may be a disk image."""
    word = stray.word
    if word[0] in DASHES:
        plain = word.lstrip(DASHES + "-")
        says = f"write -{plain}: {word[0]} (U+{ord(word[0]):04X}) is not the dash of a keyboard"
        return instead(word, (f"-{plain}",), says, line, _value_of(word, line))
    if (joined := _continuing(stray, line, schema)) is not None:
        return joined
    names = word.removeprefix("accel=").split(",")[0].split(":")
    if all(name in ACCELERATORS for name in names):
        return _accelerators(word, names, line, schema)
    if len(word) > _SHORT and (word in VALUED or word in FLAGS):
        return instead(word, (f"-{word}",), f"write -{word}", line)
    key = _KEY.fullmatch(word.split(",")[0])
    if key is None:
        return None
    if key[1] not in PROPERTIES or "," in word:
        return "join it to the option that it belongs to, with a comma and no blank", ()
    return given_to_accel(key[1], key[2], line, schema, Edit("", word))


def _accelerators(word: str, names: Sequence[str], line: CommandLine, schema: Schema) -> Advice:
    """What to write for the names of accelerators, ``kvm:tcg`` or ``accel=tcg,thread=multi``."""
    if not any(name in schema.accelerators for name in names):
        return f"leave it out: {schema.name} has no {' nor '.join(names)}", (Edit("", word),)
    value = word.removeprefix("accel=")
    words = [text for name in names for text in ("-accel", name)] if len(names) > 1 else ["-accel", value]
    says, fix = instead(word, words, f"write {' '.join(words)}", line)
    well = len(names) > 1 or line.accels or runs(read_accel(value), line, schema)
    return says, fix if well else ()


def _continuing(stray: Stray, line: CommandLine, schema: Schema) -> Advice | None:
    """The joined spelling of a word that continues the value before it: ``-accel tcg, thread=multi``."""
    word, before, option = stray
    if option not in _LISTS:
        return None
    text = word.strip(",")
    accel = before.rstrip(",").split(",")[0]
    key, equals, value = text.partition("=")
    row = PROPERTIES.get(key) if equals else None
    owned = option == "accel" and row is not None and accel in row.accels
    continues = (before.endswith(",") or word.startswith(",")) and _ELEMENTS.fullmatch(word) is not None
    if not (continues or owned):
        return None
    if _LISTS[option] == "machine" and row is not None and key not in SUGAR:
        return None  # in -machine it would be refused
    whole = f"write -{option} {before.rstrip(',')},{text}, without a blank"
    if "," in text or not text:
        return whole, ()
    gone = Edit("", word)
    if _LISTS[option] == "machine" and key == "accel" and any(name == "accel" for name, _ in line.options):
        return "leave it out: -accel chooses the accelerator", (gone,)
    if option == "accel" and equals and accel in schema.accelerators:
        better = element_for(accel, Write(key, value), line, schema)
        if better is None:
            return f"leave it out: {accel} of {schema.name} does not take it here", (gone,)
        whole = f"write -{option} {before.rstrip(',')},{better}, without a blank"
        return whole, (gone, Edit("accel", None, (better,), accel))
    return whole, (gone, Edit(_LISTS[option], None, (text,), accel if option == "accel" else ""))
