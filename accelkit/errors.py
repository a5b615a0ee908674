"""What accelkit raises. Every error says which argument, what was given, what is allowed, what to do.

::

    AccelkitError
    ├── ComposeError   (TypeError)     recipes that cannot be joined; known when they are written
    ├── DomainError    (ValueError)    a value outside a property's domain
    ├── ArgvError      (ValueError)    a command line QEMU's own parser would refuse
    ├── SchemaError    (LookupError)   no such QEMU version, target, property or captured file
    ├── LibvirtError   (ValueError)    domain XML that is none, or cannot say what is asked
    ├── GuestError     (ValueError)    no such guest, or work it cannot do
    ├── QemuError      (RuntimeError)  a QEMU that is missing, refuses or does not answer
    └── StudyError     (RuntimeError)  a study that cannot be planned, stored or gone on with

Each is also the builtin that Python code expects, so ``except ValueError`` around a bad value works.
"""

from __future__ import annotations

from collections.abc import Iterable


class AccelkitError(Exception):
    """Root of all errors raised by accelkit."""


class ComposeError(AccelkitError, TypeError):
    """Recipes that no QEMU could take together, found on the line that joins them."""


class DomainError(AccelkitError, ValueError):
    """A value outside what the property takes: names property, value, range and remedy."""


class ArgvError(AccelkitError, ValueError):
    """A command line that QEMU's own option parser refuses; says in which word and why."""


class SchemaError(AccelkitError, LookupError):
    """A QEMU version, target, accelerator or property that is not known here."""


class LibvirtError(AccelkitError, ValueError):
    """Domain XML that cannot be read or libvirt refuses, or settings that libvirt cannot say."""


class GuestError(AccelkitError, ValueError):
    """A guest that does not exist, or work that it cannot do."""


class QemuError(AccelkitError, RuntimeError):
    """A QEMU that is missing, refuses, crashes or does not answer in time."""


class StudyError(AccelkitError, RuntimeError):
    """A study that cannot be planned, stored or gone on with; what was measured is kept."""


class IgnoredOptionWarning(UserWarning):
    """A part of a command line that QEMU accepts and that has no effect."""


class NearestSchemaWarning(UserWarning):
    """Another QEMU version than the one asked for stands in, because that one was not captured."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The closest of ``known`` as ``did you mean 'x'?``, or all of them when none is close.

    Case, ``_`` for ``-`` and one or two slips are forgiven.

    >>> nearest("tb_sise", ["tb-size", "thread"])
    "did you mean 'tb-size'?"
    >>> nearest("zzz", ["kvm", "tcg"])
    'one of kvm, tcg'
    """
    from difflib import get_close_matches  # only an error pays for it

    known = tuple(known)
    plain = {word.lower().replace("_", "-"): word for word in known}
    close = get_close_matches(name.lower().replace("_", "-"), plain, n=1, cutoff=0.6)
    return f"did you mean {plain[close[0]]!r}?" if close else "one of " + ", ".join(known)


def shown(value: object) -> str:
    """``value`` as messages quote it: its repr, cut after 200 characters; of a huge integer only its length."""
    if isinstance(value, int) and value.bit_length() > 256:
        return f"a number of {value.bit_length()} bits"
    try:
        text = repr(value)
    except ValueError:  # a huge integer inside: Python refuses to write it in decimal
        return f"a {type(value).__name__}"
    return text if len(text) <= 200 else f"{text[:200]}…"
