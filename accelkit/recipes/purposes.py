"""What the properties of accelerators are for, in a short list; and which of their values are worth trying for speed. Pure.

A row of the table has a purpose and several :class:`Worth`, of which the first counts that is for the accelerator and the
guests' architecture. What QEMU chooses where the property is left out is always worth trying, so no values repeat it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from accelkit.host.capacity import Capacity

Purpose = Literal[
    "translation", "interrupts", "memory", "dirty logging", "runaway guests", "CPU", "energy", "Xen",
    "confidential computing", "host devices",
]  # fmt: skip
#: What each purpose of a property means, in the order in which purposes are shown.
PURPOSES: Final[dict[Purpose, str]] = {
    "translation": "how guest code becomes host code",
    "interrupts": "who delivers them to the guest",
    "memory": "page tables and caching",
    "dirty logging": "which pages the guest has written, for live migration",
    "runaway guests": "what happens when a guest keeps its CPU",
    "CPU": "what the guest sees of it",
    "energy": "counters of the energy that the CPU uses",
    "Xen": "a Xen that KVM emulates for the guest",
    "confidential computing": "the enclave",
    "host devices": "devices of the host that are used",
}

_ALL: Final = frozenset[str]()


class PowersOfTwo(NamedTuple):
    """Powers of two from ``low`` to ``high``, in the property's unit of ``scale`` bytes; at most a ``share``-th of the memory.

    Where QEMU itself chooses a part of the host's memory, ``own_share`` and ``own_high`` say which: a value that is the
    same is left out.

    >>> from accelkit.host.capacity import Capacity
    >>> sizes = PowersOfTwo(8, 2048, 1 << 20, share=4, own_share=8, own_high=1024)
    >>> sizes.on(Capacity(512 << 20)), sizes.on(Capacity(16 << 30, limit=128 << 20))
    ((8, 16, 32, 128), (8, 16, 32))
    """

    low: int
    high: int
    scale: int
    share: int
    own_share: int = 0
    own_high: int = 0

    def on(self, capacity: Capacity) -> tuple[int, ...]:
        """The values for a host; ``low`` alone where it has less memory than that needs."""
        high = min(self.high, capacity.usable // self.share // self.scale)
        sizes = [self.low << power for power in range(64) if power == 0 or self.low << power <= high]
        return tuple(size for size in sizes if size != self.own(capacity))

    def own(self, capacity: Capacity) -> int | None:
        """What QEMU chooses on a host, in whole units of the property; None where that is no part of its memory."""
        if not self.own_share:
            return None
        size, rest = divmod(capacity.memory // self.own_share, self.scale)
        return self.own_high if size >= self.own_high else None if rest else size


class Worth(NamedTuple):
    """The values that are worth trying, none if empty, and why. ``accels`` and ``targets`` say for which; all if empty.

    ``shadow_paging``: only where KVM keeps page tables of its own for the guest, as the CPU's nested paging is off.

    >>> from accelkit.host.capacity import Capacity
    >>> Worth("they differ", ("split",)).on(Capacity(8 << 30)), Worth("for debugging").on(Capacity(8 << 30))
    (('split',), ())
    """

    why: str
    values: tuple[Any, ...] | PowersOfTwo = ()
    accels: frozenset[str] = _ALL
    targets: frozenset[str] = _ALL
    shadow_paging: bool = False

    def on(self, capacity: Capacity) -> tuple[Any, ...]:
        """The values for a host, without that which QEMU chooses there by itself."""
        if self.shadow_paging and capacity.nested_paging is not False:
            return ()
        return self.values.on(capacity) if isinstance(self.values, PowersOfTwo) else self.values


def worth_for(worth: Sequence[Worth], accel: str, target: str) -> Worth:
    """The first of a row's that is for the accelerator and the guests' architecture.

    >>> two = (Worth("on x86", ("split",), targets=frozenset({"x86_64"})), Worth("elsewhere"))
    >>> worth_for(two, "kvm", "x86_64").why, worth_for(two, "kvm", "s390x").why
    ('on x86', 'elsewhere')
    """
    return next(
        one
        for one in worth
        if (not one.accels or accel in one.accels) and (not one.targets or target in one.targets)
    )
