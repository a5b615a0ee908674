"""The bundled guests as values: what is booted, and the QEMU command line that boots it.

Pure, but for a guest's fingerprint: no other file is opened here than the image, for its digest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from accelkit.errors import GuestError, nearest
from accelkit.guests.boards import BOARDS
from accelkit.guests.checksums import Work
from accelkit.guests.digest import digest
from accelkit.guests.protocol import Report
from accelkit.guests.workloads import BY_NAME, WORKLOADS, Workload

WORD: Final = (1 << 32) - 1
"""A parameter is a 32-bit word."""

_WORK: Final = ("name", "n", "size", "cpus", "seed", "slices", "memory", "machine")
"""What makes two guests of one name different."""

HEAP: Final = 16
"""MiB below the guest's heap: where the heap is, counted from the start of memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A bundled guest and its work: :func:`guest` makes one, :meth:`with_work` gives it other work.

    ``n`` and ``size`` count what the workload says they do (:attr:`workload`); ``memory`` is in
    MiB. The work is done ``slices`` times, each timed by itself. With ``hold`` the guest stays
    after its report, halted, so that QEMU can be asked over QMP what it counted; whoever asks ends
    it. ``name`` is what a study calls it, ``work`` the workload's own name. Raises GuestError for
    work that the guest cannot do.

    >>> guest("cpu").with_work(n=1000, slices=3)  # doctest: +ELLIPSIS
    Guest(name='cpu', work='cpu', target='x86_64', machine='q35', n=1000, size=0, cpus=1, seed=0, slices=3, ...)
    """

    name: str
    work: str
    target: str
    machine: str
    n: int
    size: int
    cpus: int
    seed: int
    slices: int
    hold: bool
    memory: int
    image: str

    def __post_init__(self) -> None:
        row, board = _row(self.work, self.target), BOARDS[self.target]
        for field in ("name", "machine"):
            if type(given := getattr(self, field)) is not str or not given.strip():
                raise GuestError(f"guest {self.work!r}: {field}={given!r} is no name; give text")
        self._check("n", self.n, 1 if row.id else 0, WORD, "how often the work is repeated")
        self._check("cpus", self.cpus, 1, board.cpus, "how many vCPUs the guest runs on")
        self._check("seed", self.seed, 0, WORD, "where the work starts from")
        self._check("slices", self.slices, 1, 10_000, "how often the work is timed")
        self._check("size", self.size, 0, WORD, "how much the work is done on")
        if not row.sizes.fits(self.size):
            raise GuestError(f"guest {self.name!r}: size={self.size!r} is not {row.sizes}")
        least = _least_memory(row, self.size)
        self._check("memory", self.memory, least, 2048, "MiB that hold the guest and its work")

    def _check(self, field: str, value: object, low: int, high: int, what: str) -> None:
        if type(value) is not int or not low <= value <= high:  # True is no number of vCPUs
            raise GuestError(
                f"guest {self.name!r}: {field}={value!r} is not a whole number from {low} to {high}: {what}"
            )

    @property
    def workload(self) -> Workload:
        """The row of the table that says what is done, and in which units."""
        return BY_NAME[self.work]

    @property
    def passing(self) -> tuple[int, ...]:
        """Exit statuses of QEMU after work done."""
        return BOARDS[self.target].passing

    def with_work(
        self,
        *,
        n: int | None = None,
        size: int | None = None,
        cpus: int | None = None,
        seed: int | None = None,
        slices: int | None = None,
        hold: bool | None = None,
        memory: int | None = None,
        machine: str | None = None,
        name: str | None = None,
    ) -> Guest:
        """The same guest with other work; memory grows with ``size`` unless given.

        Of two in one study, one needs another ``name``. Raises GuestError for work that the guest cannot do.

        >>> guest("memory").with_work(size=256 * 1024 * 1024).memory
        273
        """
        row = self.workload
        if memory is None and type(size) is int and row.sizes.fits(size):
            memory = max(self.memory, _least_memory(row, size))
        return replace(
            self,
            name=self.name if name is None else name,
            n=self.n if n is None else n,
            size=self.size if size is None else size,
            cpus=self.cpus if cpus is None else cpus,
            seed=self.seed if seed is None else seed,
            slices=self.slices if slices is None else slices,
            hold=self.hold if hold is None else hold,
            memory=self.memory if memory is None else memory,
            machine=self.machine if machine is None else machine,
        )

    def words(self) -> tuple[int, ...]:
        """The guest's parameters: workload, n, size, vCPUs, seed, hold, slices.

        One vCPU and one slice are passed as 0, because what is 0 need not be put into memory: so
        ``none``, by which the cost of starting QEMU is measured, needs no loader at all.

        >>> guest("cpu").with_work(n=1000, slices=3).words()
        (1, 1000, 0, 0, 0, 0, 3)
        """
        cpus, slices = (0 if count == 1 else count for count in (self.cpus, self.slices))
        return (self.workload.id, self.n, self.size, cpus, self.seed, int(self.hold), slices)

    def argv(self, image: str | None = None, bell: int | None = None) -> tuple[str, ...]:
        """QEMU's arguments but for the accelerator's; ``image`` stands in for the guest's own path.

        ``bell`` is a socket's descriptor, which QEMU inherits: a guest that holds writes one byte to
        it when its report is complete.

        >>> guest("none").argv("guest.rom")[:9]
        ('-M', 'q35', '-m', '64M', '-smp', '1', '-nodefaults', '-no-user-config', '-display')
        """
        board = BOARDS[self.target]
        loaders = tuple(
            argument
            for position, word in enumerate(self.words())
            if word
            for argument in (
                "-device", f"loader,addr={board.parameters + 8 * position:#x},data={word},data-len=4",
            )
        )  # fmt: skip
        return (
            "-M", self.machine, "-m", f"{self.memory}M", "-smp", str(self.cpus),
            "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            board.load, self.image if image is None else image,
            "-chardev", "stdio,id=ak,signal=off",
            *board.devices,
            *(() if bell is None else ("-chardev", f"socket,id=bell,fd={bell}", *board.bell)),
            *loaders,
        )  # fmt: skip

    def checksum(self, slice: int = 0) -> int | None:
        """What slice number ``slice``, from 0 on, must answer; None if this guest never answers.

        >>> guest("exc").with_work(n=1000, seed=7).checksum()
        1007
        """
        predict = self.workload.checksum
        work = Work(self.target, self.n, self.size, self.cpus, self.seed, slice)
        return None if predict is None else predict(work)

    @property
    def code(self) -> str:
        """The Python that makes it again; empty where its name does, but for ``n`` and ``slices``.

        These two follow from how long a run is to last.

        >>> guest("memory").with_work(n=7, size=4096).code
        "guest('memory').with_work(n=7, size=4096)"
        >>> guest("memory").with_work(n=7).code
        ''
        """
        usual = guest(self.work, self.target)
        changed = {name: value for name in _WORK if (value := getattr(self, name)) != getattr(usual, name)}
        if not changed.keys() - {"n", "slices"}:
            return ""
        made = (
            f"guest({self.work!r})" if self.target == "x86_64" else f"guest({self.work!r}, {self.target!r})"
        )
        return f"{made}.with_work({', '.join(f'{name}={value!r}' for name, value in changed.items())})"

    @property
    def fingerprint(self) -> str:
        """Text that changes when the image, the machine or the work does; reads the image.

        Raises GuestError if it cannot be read.
        """
        machine = (self.target, self.machine, f"{self.memory} MiB", f"{self.cpus} vCPUs")
        words = ",".join(map(str, self.words()))
        return f"{self.work} {' '.join(machine)} {words} {digest(self.image)}"

    def verify(self, report: Report, least: int | None = None) -> str | None:
        """Why ``report`` is not that of this work done right, in one line; None if it is.

        ``least`` slices are enough where the guest was ended before it had done all of them.

        >>> guest("cpu").verify(Report())
        'the guest reported nothing'
        """
        if (begin := report.begin) is None:
            return "the guest reported nothing"
        workload, n, size, cpus, seed, _, slices = self.words()
        told = (begin.workload, begin.n, begin.size, begin.cpus, begin.seed, begin.slices)
        if told != (asked := (workload, n, size, cpus, seed, slices)):
            return f"the guest did (workload, n, size, cpus, seed, slices) = {told}, not {asked}"
        if (error := report.exception) is not None:
            return (
                f"CPU exception {error.vector}, error {error.error:#x}, at {error.address:#x}, "
                f"fault address {error.fault:#x}"
            )
        for index, part in enumerate(report.slices[: self.slices]):
            if part.checksum != (expected := self.checksum(index)):
                wanted = "none" if expected is None else f"{expected:#x}"
                return f"slice {index + 1}: checksum {part.checksum:#x} instead of {wanted}"
        if not (self.slices if least is None else least) <= len(report.slices) <= self.slices:
            return f"{len(report.slices)} of {self.slices} slices were reported"
        return None


def _row(name: str, target: str) -> Workload:
    if target not in BOARDS:
        known = tuple(BOARDS)
        raise GuestError(f"target {target!r}: no guest is built for it; {nearest(target, known)}")
    known = tuple(row.name for row in WORKLOADS if target in row.targets)
    if name in BY_NAME and name not in known:
        raise GuestError(f"guest {name!r} is not for {target}; for it there are {', '.join(known)}")
    if name not in known:
        raise GuestError(f"guest {name!r}: no such guest for {target}; {nearest(name, known)}")
    return BY_NAME[name]


def _least_memory(row: Workload, size: int) -> int:
    # One more MiB than the heap: tb-thrash ends with an instruction behind its last block.
    return HEAP + 1 + -(-row.sizes.heap * size // (1 << 20))


def guest(name: str, target: str = "x86_64") -> Guest:
    """The bundled guest of that name with its default work; GuestError names the nearest one.

    >>> guest("smp").cpus
    2
    >>> guest("memroy")
    Traceback (most recent call last):
        ...
    accelkit.errors.GuestError: guest 'memroy': no such guest for x86_64; did you mean 'memory'?
    """
    row, board = _row(name, target), BOARDS[target]
    return Guest(
        name=name,
        work=name,
        target=target,
        machine=board.machine,
        n=row.n,
        size=row.size,
        cpus=row.cpus,
        seed=0,
        slices=row.slices,
        hold=False,
        memory=max(64, _least_memory(row, row.size)),
        image=board.image,
    )


GUESTS: Final = tuple(
    guest(row.name, target) for target in BOARDS for row in WORKLOADS if target in row.targets
)
"""Every bundled guest with its default work: x86_64's first, in the order of the workloads."""
