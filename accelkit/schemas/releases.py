"""Which QEMU release has which accelerator and property, for which target: ``releases.tsv``.

Read in QEMU's source at each release (``meson.build`` and every ``object_class_property_add`` of an accelerator), and held
against captured schemas. What a package compiles in is another matter: ask the binary.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Final, NamedTuple

from accelkit.syntax.qemu_options import RELEASES, number_of

#: The targets that have schemas, those of the commonest guests first.
TARGETS: Final = ("x86_64", "i386", "aarch64", "arm", "riscv64", "s390x", "ppc64")

_FILE: Final = os.path.join(os.path.dirname(__file__), "releases.tsv")


class Lifetime(NamedTuple):
    """The first and the last release that has something; ``last`` is empty if 11.1 still has it.

    ``first`` may be older than 5.2. ``type`` is the QOM type of a property, empty for an accelerator.
    """

    first: str
    last: str = ""
    type: str = ""

    def has(self, release: tuple[int, ...]) -> bool:
        """Whether the release (major, minor and what follows) is neither older nor newer."""
        return number_of(self.first) <= release[:2] and (not self.last or release[:2] <= number_of(self.last))


@cache
def lifetimes() -> Mapping[tuple[str, str, str], Lifetime]:
    """Every lifetime by accelerator, property (empty for the accelerator itself) and target, in the order of the file."""
    table: dict[tuple[str, str, str], Lifetime] = {}
    with_kvm: list[str] = []
    with open(_FILE, encoding="utf-8") as file:
        next(file)  # the names of the columns
        for line in file:
            accel, key, qom, where, first, last, *_ = line.rstrip("\n").split("\t")
            targets: Iterable[str] = {"all": TARGETS, "all with kvm": with_kvm}.get(where, where.split())
            if (accel, key) == ("kvm", ""):
                with_kvm += targets
            for target in targets:
                own = table.get((accel, "", target), Lifetime(first, last))
                born = max(first, own.first, key=number_of)  # no property is there without its accelerator
                table[accel, key, target] = Lifetime(born, last or own.last, qom)
    return table


def lifetime(accel: str, key: str | None, target: str) -> Lifetime | None:
    """The releases that have ``key`` of ``accel`` for ``target``, or the accelerator if ``key`` is None.

    None if no release has it. A build may lack it all the same, an accelerator of another system above all.

    >>> lifetime("tcg", "one-insn-per-tb", "x86_64"), lifetime("hax", None, "x86_64")
    (Lifetime(first='8.1', last='', type='bool'), Lifetime(first='2.9', last='8.1', type=''))
    """
    return lifetimes().get((accel, key or "", target))


def releases_with(accels: Collection[str], key: str | None, target: str) -> tuple[str, ...]:
    """The releases from 5.2 on, oldest first, that have ``key`` on one of ``accels``, or one of ``accels`` if it is None.

    >>> releases_with(["hax"], None, "i386")
    ('5.2', '6.0', '6.1', '6.2', '7.0', '7.1', '7.2', '8.0', '8.1')
    """
    lives = [life for accel in accels if (life := lifetime(accel, key, target)) is not None]
    return tuple(name for name in RELEASES if any(life.has(number_of(name)) for life in lives))


def span(releases: Collection[str]) -> str:
    """Releases in words, those of ``releases_with``; empty if there is none.

    >>> span(["8.1", "8.2"]), span(["11.1"]), span(releases_with(["tcg"], "split-wx", "arm")), span(RELEASES)
    ('8.1 or 8.2', '11.1 or newer', '6.0 or newer', '5.2 or newer')
    >>> span(releases_with(["hax"], None, "i386")), span(releases_with(["whpx"], "kernel-irqchip", "i386"))
    ('8.1 or older', '6.0 to 10.2')
    """
    names = [name for name in RELEASES if name in releases]
    if not names:
        return ""
    if names[-1] == RELEASES[-1]:
        return f"{names[0]} or newer"
    if names[0] == RELEASES[0]:
        return f"{names[-1]} or older"
    return " or ".join(names) if len(names) < 3 else f"{names[0]} to {names[-1]}"


def availability(accels: Collection[str], key: str | None) -> str:
    """The releases that have an accelerator, or ``key`` of it, by target where they differ.

    >>> availability(["tcg"], "split-wx"), availability(["hax"], None)
    ('since 6.0', '2.9 to 8.1 (x86_64, i386)')
    >>> print(availability(["kvm", "hvf"], "kernel-irqchip"))
    kvm: since 5.0 (x86_64, i386, aarch64, s390x, ppc64), since 7.0 (riscv64); hvf: since 11.1 (x86_64, aarch64)
    """
    told: list[str] = []
    for accel in accels:
        having: dict[str, list[str]] = {}
        for target in TARGETS:
            life = lifetime(accel, key, target)
            if life is not None:
                years = f"{life.first} to {life.last}" if life.last else f"since {life.first}"
                having.setdefault(years, []).append(target)
        alone = len(having) == 1 and len(next(iter(having.values()))) == len(TARGETS)
        if having:
            words = (
                next(iter(having))
                if alone
                else ", ".join(f"{years} ({', '.join(where)})" for years, where in having.items())
            )
            told.append(words if len(accels) == 1 else f"{accel}: {words}")
    return "; ".join(told)
