"""The exceptions that accelkit raises. Each message says which argument, what was given, what is allowed, what to do.

::

    AccelkitError
    ├── ComposeError   (TypeError)     recipes that no accelerator takes together
    ├── DomainError    (ValueError)    a value outside a property's domain
    ├── ArgvError      (ValueError)    a command line that QEMU's own parser refuses
    ├── SchemaError    (LookupError)   an unknown QEMU version, target or property, a damaged schema
    ├── LibvirtError   (ValueError)    domain XML that libvirt refuses, or settings it has no element for
    ├── GuestError     (ValueError)    an unknown guest, or work that it cannot do
    ├── QemuError      (RuntimeError)  a QEMU that is missing, refuses or does not answer
    └── StudyError     (RuntimeError)  a study that cannot be planned, stored or resumed

Each class also derives from the builtin that Python code expects: ``except ValueError`` catches a bad value.

Messages quote what others wrote: users, QEMUs, files. :func:`visible` decides which characters of it may be shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import Match, Pattern


class AccelkitError(Exception):
    """Base class of all errors that accelkit raises.

    >>> from accelkit import AccelkitError, parse
    >>> try:
    ...     parse("-accel")
    ... except AccelkitError as error:
    ...     print(type(error).__name__)
    ArgvError
    """

    def __str__(self) -> str:
        return visible(super().__str__())  # a traceback and a notebook print it as it is


class ComposeError(AccelkitError, TypeError):
    """Recipes that no accelerator takes together; raised by the expression that joins them.

    >>> from accelkit import kvm, tb_size
    >>> kvm() | tb_size(64)
    Traceback (most recent call last):
        ...
    accelkit.errors.ComposeError: tb_size(64) is for tcg, not for kvm; leave it out, or begin with tcg()
    """


class DomainError(AccelkitError, ValueError):
    """A value that the property does not take; the message names property, value, range and remedy.

    >>> from accelkit import thread
    >>> thread("both")
    Traceback (most recent call last):
        ...
    accelkit.errors.DomainError: thread: got 'both'; takes single or multi
    """


class ArgvError(AccelkitError, ValueError):
    """A command line that QEMU's own option parser refuses; the message says which word and why.

    >>> from accelkit import parse
    >>> parse("-accel")
    Traceback (most recent call last):
        ...
    accelkit.errors.ArgvError: -accel: takes a value, and is the last word; give the value
    """


class SchemaError(AccelkitError, LookupError):
    """An unknown QEMU version, target, accelerator or property; or a captured schema that is damaged.

    >>> from accelkit import bundled
    >>> bundled("4.0")
    Traceback (most recent call last):
        ...
    accelkit.errors.SchemaError: version: got '4.0'; the oldest that accelkit knows is 5.2; probe that QEMU
    """


class LibvirtError(AccelkitError, ValueError):
    """Domain XML that cannot be read or that libvirt refuses, or settings that libvirt has no element for.

    >>> from accelkit.libvirt import from_libvirt
    >>> from_libvirt("<network/>")
    Traceback (most recent call last):
        ...
    accelkit.errors.LibvirtError: not a domain: the root is <network>; give what virsh dumpxml prints
    """


class GuestError(AccelkitError, ValueError):
    """An unknown guest, or work that it cannot do.

    >>> from accelkit.guests import guest
    >>> guest("memroy")
    Traceback (most recent call last):
        ...
    accelkit.errors.GuestError: guest 'memroy': no such guest for x86_64; did you mean 'memory'?
    """


class QemuError(AccelkitError, RuntimeError):
    """A QEMU that is missing, refuses, crashes or does not answer in time.

    >>> from accelkit import probe
    >>> probe("/nonexistent/qemu")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    accelkit.errors.QemuError: /nonexistent/qemu: no such program; install QEMU: apt-get install ...
    """


class StudyError(AccelkitError, RuntimeError):
    """A study that cannot be planned, stored or resumed. Trials that were stored stay stored.

    >>> from accelkit.study import Result
    >>> Result.from_store("/nonexistent.sqlite")
    Traceback (most recent call last):
        ...
    accelkit.errors.StudyError: store='/nonexistent.sqlite': no such file; name the store of a study
    """


class IgnoredOptionWarning(UserWarning):
    """A part of a command line that QEMU accepts and ignores.

    >>> import warnings
    >>> from accelkit import parse
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     maps = parse("-M q35,accel=tcg,kernel_irqchip=on")
    >>> [warning.category.__name__ for warning in caught]
    ['IgnoredOptionWarning']
    """

    def __str__(self) -> str:
        return visible(super().__str__())


class NearestSchemaWarning(UserWarning):
    """The schema is that of an older QEMU, because the requested version is newer than accelkit.

    >>> import warnings
    >>> from accelkit import bundled
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     schema = bundled("12.0")
    >>> schema.version, [warning.category.__name__ for warning in caught]
    ((11, 1, 3), ['NearestSchemaWarning'])
    """

    def __str__(self) -> str:
        return visible(super().__str__())


def nearest(name: str, known: Iterable[str]) -> str:
    """``did you mean 'x'?`` with the name in ``known`` closest to ``name``; all of them where none is close.

    Ignores case, ``_`` for ``-``, and one or two typing errors.

    >>> nearest("tb_sise", ["tb-size", "thread"])
    "did you mean 'tb-size'?"
    >>> nearest("zzz", ["kvm", "tcg"])
    'one of kvm, tcg'
    """
    from difflib import get_close_matches  # imported here: only errors need it

    known = tuple(known)
    plain = {word.lower().replace("_", "-"): word for word in known}
    close = get_close_matches(name.lower().replace("_", "-"), plain, n=1, cutoff=0.6)
    return f"did you mean {plain[close[0]]!r}?" if close else "one of " + ", ".join(known)


def shown(value: Any) -> str:
    """``value`` as messages quote it: its repr, cut after 200 characters; of a huge integer only its length.

    >>> shown("tb-size"), shown(1 << 300)
    ("'tb-size'", 'a number of 301 bits')
    """
    if isinstance(value, int) and int.bit_length(value) > 256:
        return f"a number of {int.bit_length(value)} bits"
    if isinstance(value, str) and len(value) > 200:
        value = str.__getitem__(value, slice(201))  # so that no repr is made of megabytes
    try:
        return brief(str.__str__(repr(value)))
    except Exception:  # noqa: BLE001  # a __repr__ of the caller's, or a huge integer inside that Python does not write
        return f"a {type(value).__name__}"


def brief(text: str, most: int = 200) -> str:
    """``text`` as messages contain it: cut after ``most`` characters, on one line.

    >>> brief("tcg,tb-size=8")
    'tcg,tb-size=8'
    """
    cut = text if len(text) <= most else f"{text[:most]}…"
    return visible_line(cut)


@cache
def _unseen() -> Pattern[str]:
    """Characters that are shown by their codes, because a reader does not see them as they are.

    - Control characters (Cc) but tab and line feed: a terminal obeys them.
    - Line and paragraph separators (Zl, Zp): they begin a line in some programs.
    - Format characters (Cf) and all others that Unicode gives no glyph (Default_Ignorable_Code_Point): zero-width ones,
      those that change the direction of writing, tags, Hangul fillers. Two names would look the same, or other
      than they are. Arabic number signs are Cf, too, but have glyphs.
    - Surrogates (Cs), which no encoding takes: Python has them for the bytes of a file name that are not UTF-8.
    - Private use (Co) and noncharacters: they mean nothing outside of one program, and XML refuses some of them.
    """
    import re  # imported here: only texts with such characters need it

    unseen = (
        "\0-\b\v-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
        "\u2028-\u202e\u2060-\u206f\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
        "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
        + "".join(map(chr, (plane << 16 | end for plane in range(1, 15) for end in (0xFFFE, 0xFFFF))))
    )
    # Arrows, symbols and emoji. Behind one of them a variation selector, and between two of them a joiner, makes
    # another picture, so that it is seen.
    pictures = "\u2190-\u2bff\U0001f000-\U0001faff"
    return re.compile(
        f"[{unseen}]|(?<![{pictures}])[\ufe0e\ufe0f]"
        f"|(?<![{pictures}])(?<![{pictures}][\ufe0e\ufe0f])\u200d|\u200d(?![{pictures}])"
    )


def visible(text: str) -> str:
    r"""``text`` as it may be shown on a terminal, in a page or in a message: what is not seen is written as its code.

    The codes are those of Python and of the ``$'…'`` of shells: ``\x1b`` and ``\u200b`` are characters; ``\xff``
    is a byte, as of a file name that is not UTF-8. Tabs and line feeds stay; ``\r\n`` is one line feed.

    >>> print(visible("\x1b[2Jcafé\u202e 漢字 \udcff"))
    \x1b[2Jcafé\u202e 漢字 \xff
    """
    if text.isascii() and text.replace("\t", "").replace("\n", "").isprintable():
        return text  # nearly all texts
    return _unseen().sub(_code, text.replace("\r\n", "\n"))


def _code(match: Match[str]) -> str:
    if match[0] == "\r":
        return r"\r"
    number = ord(match[0])
    if 0xDC80 <= number <= 0xDCFF:  # a byte that os.fsdecode could not decode
        return f"\\x{number - 0xDC00:02x}"
    return (
        f"\\x{number:02x}"
        if number < 0x80
        else f"\\u{number:04x}"
        if number < 0x10000
        else f"\\U{number:08x}"
    )


def visible_line(text: str) -> str:
    r"""``text`` as :func:`visible` shows it, on one line: line feeds and tabs are written as their codes, too.

    >>> print(visible_line("a\nb\t€"))
    a\nb\t€
    """
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def encodable(text: str) -> str:
    r"""``text`` with its surrogates, which UTF-8 cannot encode, written as :func:`visible` writes them.

    For what is stored and exported as text. A path whose bytes are needed again is kept as JSON, which can write them.

    >>> print(encodable("\x41/\udcff"))
    A/\xff
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(visible(letter) if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    return text


def shortened(text: str, most: int = 100) -> str:
    """``text`` with at most ``most`` characters: of a longer one the beginning and the end.

    >>> shortened("tcg,tb-size=8,thread=multi", 15)
    'tcg,tb-…d=multi'
    """
    return text if len(text) <= most else f"{text[: most // 2]}…{text[len(text) - (most - 1) // 2 :]}"
