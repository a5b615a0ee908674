"""OptionMap: the options of one ``-accel`` as QEMU's own parser reads them; text to text, immutable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NoReturn

from accelkit.errors import ArgvError, ComposeError, brief, shown
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


#: By option: what reads its text as a Python value, None for a text that QEMU does not read. The table fills it.
READERS: Final[dict[str, Callable[[str], Any]]] = {}

_UNCHANGED: Final = "an OptionMap does not change; write options | {'tb-size': '64'}, options.with_option('tb-size', None), or toolz' assoc and dissoc without factory="
#: The methods of a dict that change it. toolz calls ``update`` of what ``factory=`` makes.
_CHANGING: Final = frozenset({"clear", "pop", "popitem", "setdefault", "update"})


class OptionMap(Mapping[str, str]):
    """A mapping of option names to texts, for one accelerator. Equality does not depend on order.

    Hashable and picklable. Iterates in the order in which options are rendered. The key ``accel`` has the
    accelerator's name. Values are QEMU's text, never Python numbers, so ``True`` and 1 cannot be confused;
    :meth:`typed` gives the numbers.

    ``options | {"tb-size": "64"}`` is a map with that option; the last value wins. toolz' ``assoc``, ``dissoc``,
    ``merge``, ``merge_with``, ``keyfilter``, ``valmap`` and the like take an OptionMap and give a plain dict, because
    their default is ``factory=dict``. All that takes an option map takes such a dict: ``render``, ``shell``,
    ``check``, ``fold``, a recipe that is called, ``read`` of a property. ``OptionMap(…)`` makes a map of it again.
    ``factory=OptionMap`` does not work: toolz fills what the factory makes, and a map does not change.

    Raises ArgvError for a key or value that no argv can contain: a key with ``=`` or ``,``, a NUL or line break
    in either. Raises ComposeError for an attempt to change it.

    >>> OptionMap({"tb-size": "64", "accel": "tcg"})
    OptionMap({'accel': 'tcg', 'tb-size': '64'})
    >>> from accelkit import render
    >>> from toolz import assoc
    >>> render(assoc(OptionMap({"accel": "tcg"}), "tb-size", "64"))
    ['-accel', 'tcg,tb-size=64']
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

    def typed(self) -> dict[str, bool | int | str]:
        """The options by QEMU's names, with Python values as each property reads them: a dict, in the order of rendering.

        On and off are True and False; numbers are counted in the property's own unit (bytes for kvm-shadow-mem, MiB for
        tb-size); words, paths and the accelerator's name are text. What the table lacks stays text, as does a text that
        the property does not read. ``recipe_of`` makes a recipe of it again.

        >>> from accelkit import fold, rapl, kvm, shadow_mem
        >>> fold(kvm() | shadow_mem("64MiB") | rapl(True)).typed()
        {'accel': 'kvm', 'kvm-shadow-mem': 67108864, 'rapl': True}
        """
        values: dict[str, bool | int | str] = {}
        for key, text in self.items():
            read = READERS.get(key)
            value = None if read is None else read(text)
            values[key] = text if value is None else value
        return values

    def __or__(self, other: Mapping[str, str], /) -> OptionMap:
        if not isinstance(other, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]  # such as a recipe, which says what to write
            return NotImplemented
        return OptionMap.trusted(self._entries | option_map(other).copy())

    def __ror__(self, other: Mapping[str, str], /) -> OptionMap:
        return option_map(other) | self if isinstance(other, Mapping) else NotImplemented  # pyright: ignore[reportUnnecessaryIsInstance]

    def _unchanged(self, *_: object) -> NoReturn:
        raise ComposeError(_UNCHANGED)

    if not TYPE_CHECKING:  # to checkers a Mapping does not change
        __setitem__ = __delitem__ = _unchanged

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(_UNCHANGED if name in _CHANGING else f"an OptionMap has no attribute {name!r}")

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


def option_map(entries: Mapping[str, str]) -> OptionMap:
    """``entries`` as an option map; one that is one is itself. Raises ArgvError as OptionMap does."""
    return entries if isinstance(entries, OptionMap) else OptionMap(entries)


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
