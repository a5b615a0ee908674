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
"""

from __future__ import annotations

from collections.abc import Iterable


class AccelkitError(Exception):
    """Base class of all errors that accelkit raises.

    >>> from accelkit import AccelkitError, parse
    >>> try:
    ...     parse("-accel")
    ... except AccelkitError as error:
    ...     print(type(error).__name__)
    ArgvError
    """


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
    accelkit.errors.SchemaError: version: got '4.0'; the oldest captured is 5.2.0; probe that QEMU
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


class NearestSchemaWarning(UserWarning):
    """The schema is that of an older QEMU, because the requested version was not captured.

    >>> import warnings
    >>> from accelkit import bundled
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     schema = bundled("8.2")
    >>> schema.version, [warning.category.__name__ for warning in caught]
    ((7, 2, 22), ['NearestSchemaWarning'])
    """


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


def shown(value: object) -> str:
    """``value`` as messages quote it: its repr, cut after 200 characters; of a huge integer only its length.

    >>> shown("tb-size"), shown(1 << 300)
    ("'tb-size'", 'a number of 301 bits')
    """
    if isinstance(value, int) and value.bit_length() > 256:
        return f"a number of {value.bit_length()} bits"
    try:
        text = repr(value)
    except ValueError:  # a huge integer inside: Python refuses to write it in decimal
        return f"a {type(value).__name__}"
    return text if len(text) <= 200 else f"{text[:200]}…"
