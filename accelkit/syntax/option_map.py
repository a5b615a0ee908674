"""OptionMap: the options of one ``-accel`` as QEMU's own parser reads them; text to text, immutable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from accelkit.errors import ArgvError, brief, shown
from accelkit.syntax.limits import refuse_long
from accelkit.syntax.qemuopts import refuse_control

#: The order in which options are rendered: the accelerator, then the order of QEMU's manual (``qemu-options.hx``,
#: DEF("accel")), then options that the manual lacks. Unknown options follow, sorted.
ORDER: Final = (
    "accel", "igd-passthru", "kernel-irqchip", "kvm-shadow-mem", "one-insn-per-tb", "split-wx",
    "tb-size", "dirty-ring-size", "eager-split-size", "notify-vmexit", "notify-window", "thread",
    "device", "rapl", "rapl-helper-socket", "xen-version", "xen-gnttab-max-frames",
    "xen-evtchn-max-pirq", "honor-guest-pat", "riscv-aia", "hyperv", "ignore-unknown-msr",
    "intercept-msr-gp", "ssd", "debug-mode", "enclave-cid",
)  # fmt: skip


class _Rank(dict[str, str]):
    """Sort keys: ``00``, ``01``, … for known names, ``~name`` for others. A mapping, so that lookups run in C."""

    def __missing__(self, key: str) -> str:
        return "~" + key


RANK: Final = _Rank((key, f"{index:02}") for index, key in enumerate(ORDER))
rank_of = RANK.__getitem__  # calls __missing__ for unknown names


class OptionMap(Mapping[str, str]):
    """A mapping of option names to texts, for one accelerator. Equality does not depend on order.

    Hashable and picklable. Iterates in the order in which options are rendered. The key ``accel`` has the
    accelerator's name. Values are QEMU's text, never Python numbers, so ``True`` and 1 cannot be confused.

    Raises ArgvError for a key or value that no argv can contain: a key with ``=`` or ``,``, a NUL or line break
    in either.

    >>> OptionMap({"tb-size": "64", "accel": "tcg"})
    OptionMap({'accel': 'tcg', 'tb-size': '64'})
    """

    __slots__ = ("_entries", "_hash")
    _entries: dict[str, str]
    _hash: int | None

    def __init__(self, entries: Mapping[str, str] | Iterable[tuple[str, str]] = (), /) -> None:
        try:
            pairs = dict(entries)
        except (TypeError, ValueError):
            raise ArgvError(
                f"OptionMap: got {shown(entries)}; takes a mapping of names to texts, as in {{'accel': 'tcg'}}"
            ) from None
        self._entries = {check_key(key): check_text(key, value) for key, value in pairs.items()}
        self._hash = None

    @classmethod
    def trusted(cls, entries: dict[str, str]) -> OptionMap:
        """The map that uses ``entries`` itself, without a copy; only for text that was checked before."""
        new = object.__new__(cls)
        new._entries = entries
        new._hash = None
        return new

    def copy(self) -> dict[str, str]:
        """The entries in a dict of their own."""
        return self._entries.copy()

    def with_option(self, key: str, value: str | None) -> OptionMap:
        """A map with ``key`` set to ``value``, or without ``key`` if ``value`` is None."""
        entries = self.copy()
        if value is None:
            entries.pop(key, None)
        else:
            entries[check_key(key)] = check_text(key, value)
        return OptionMap.trusted(entries)

    def __getitem__(self, key: str) -> str:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._entries, key=rank_of))

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __eq__(self, other: object) -> bool:
        if isinstance(other, OptionMap):
            return self._entries == other._entries
        return self._entries == other if isinstance(other, Mapping) else NotImplemented

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self._entries.items()))
        return self._hash

    def __reduce__(self) -> tuple[type[OptionMap], tuple[dict[str, str]]]:
        return OptionMap, (dict(self),)

    def __repr__(self) -> str:
        return f"OptionMap({dict(self)!r})"


def check_key(key: object) -> str:
    """``key`` unchanged. Raises ArgvError unless QEMU's parser can read it as an option name."""
    if not isinstance(key, str) or not key:
        raise ArgvError(f"option name: got {shown(key)}; takes non-empty text such as 'tb-size'")
    if "=" in key or "," in key:
        raise ArgvError(f"option name: got {shown(key)}; '=' and ',' end a name in QEMU; leave them out")
    refuse_long(key, "option name")
    return str.__str__(refuse_control(key, "option name"))  # plain str, also for a subclass of str


def check_text(key: str, value: object) -> str:
    """``value`` as a plain str. Raises ArgvError unless it is text on one line."""
    if not isinstance(value, str):
        raise ArgvError(f"{brief(key)}: got {shown(value)}; an option's value is text; use the property")
    refuse_long(value, brief(key))
    return str.__str__(refuse_control(value, brief(key)))
