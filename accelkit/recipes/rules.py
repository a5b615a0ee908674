"""Rule: values that QEMU refuses although their type is right. Rows of the table contain these."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

#: When QEMU reports the error. A ``property`` error ends QEMU; after an ``init`` error QEMU tries the next ``-accel``;
#: an ``exit`` error occurs at start-up, like ``init``, and ends QEMU.
Stage = Literal["property", "init", "exit"]


class Rule(NamedTuple):
    """Which values break the rule, when QEMU reports that, why, and what to do instead.

    ``kind`` is ``refused`` if every host refuses the value, ``host`` if kernel or devices decide, ``ignored`` if QEMU
    accepts the value and uses another.
    """

    breaks: Callable[[Any], bool]  # of the value as QEMU reads it: int, bool or text
    stage: Stage
    kind: Literal["refused", "host", "ignored"]
    why: str
    remedy: str
    accels: frozenset[str] = frozenset()  # only for these accelerators; all if empty
    targets: frozenset[str] = frozenset()  # only for these targets; all if empty


def is_set(value: Any) -> bool:
    """Whether a value switches its feature on: True, ``on``, or a number other than 0."""
    return value not in (False, "off", "auto", 0)


def is_not_power_of_two(value: int) -> bool:
    """Whether ``value`` is neither 0 nor a power of two (``value & (value - 1)``, as in QEMU)."""
    return bool(value & (value - 1))


def is_outside_portable_ring(value: int) -> bool:
    """Whether some kernel refuses a dirty ring of ``value`` entries.

    The smallest ring that a kernel accepts holds a page and the kernel's reserve; 1024 entries are enough for every
    kernel. The largest is 65536 entries (``KVM_DIRTY_RING_MAX_ENTRIES``).
    """
    return value != 0 and not 1024 <= value <= 65536


def is_too_few_shadow_pages(value: int) -> bool:
    """Whether the kernel gets fewer than 64 shadow pages.

    QEMU keeps the int64 in a C ``int``: modulo 2^32, signed. A negative value means the kernel's default. Any other is
    divided by the page size, 4096, and ``KVM_SET_NR_MMU_PAGES`` refuses less than 64 pages.
    """
    return 0 <= value % (1 << 32) < 64 * 4096


def is_no_block_size(value: int) -> bool:
    """Whether ``value`` is neither 0 nor a block size of a host with 4 KiB pages."""
    return value not in (0, 4 << 10, 2 << 20, 1 << 30)


def is_more_than(most: int) -> Callable[[Any], bool]:
    """A function: whether a value is larger than ``most``."""
    return lambda value: value > most


def is_other_device(value: str) -> bool:
    """Whether the device node is another than ``/dev/kvm``."""
    return value != "/dev/kvm"


def is_word(*words: str) -> Callable[[Any], bool]:
    """A function: whether a value is one of ``words``."""
    return frozenset(words).__contains__


def is_not_word(*words: str) -> Callable[[Any], bool]:
    """A function: whether a value is none of ``words``."""
    allowed = frozenset(words)
    return lambda value: value not in allowed
