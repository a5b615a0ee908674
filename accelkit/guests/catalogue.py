"""The bundled guests as values, with the QEMU command line that boots each.

Pure, except that a fingerprint reads the guest's image.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from accelkit.errors import GuestError, nearest, shown
from accelkit.guests.arguments import refuse_name
from accelkit.guests.boards import BOARDS
from accelkit.guests.checksums import Work
from accelkit.guests.digest import digest
from accelkit.guests.protocol import Report
from accelkit.guests.workloads import BY_NAME, WORKLOADS, Workload

WORD: Final = (1 << 32) - 1
"""A parameter is a 32-bit word."""

_WORK: Final = ("name", "n", "size", "cpus", "seed", "slices", "memory", "machine")
"""The fields in which two guests of one name may differ."""

HEAP: Final = 16
"""MiB between the start of the guest's memory and its heap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A bundled guest and its work; :func:`guest` makes one, :meth:`with_work` changes the work.

    :attr:`workload` documents the units of ``n`` and ``size``; ``memory`` is in MiB. The guest does the
    work ``slices`` times and times each slice. With ``hold`` it halts after its report, so that the
    caller can query QEMU's counters over QMP; the caller then ends QEMU. ``name`` is the name in a study,
    ``work`` the name of the workload. Raises GuestError for work that the guest cannot do.

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
            refuse_name(getattr(self, field), f"guest {self.work!r}: {field}")
        if type(self.hold) is not bool:
            raise GuestError(
                f"guest {self.name!r}: hold={shown(self.hold)} is neither True nor False; give one"
            )
        self._check("n", self.n, 1 if row.id else 0, WORD, "how often the work is repeated")
        self._check("cpus", self.cpus, 1, board.cpus, "how many vCPUs the guest runs on")
        self._check("seed", self.seed, 0, WORD, "where the work starts from")
        self._check("slices", self.slices, 1, 10_000, "how often the work is timed")
        self._check("size", self.size, 0, WORD, "the amount of memory, code or time that the work uses")
        if not row.sizes.fits(self.size):
            raise GuestError(f"guest {self.name!r}: size={shown(self.size)} is not {row.sizes}")
        least = _least_memory(row, self.size)
        self._check("memory", self.memory, least, 2048, "MiB for the guest and its work")

    def _check(self, field: str, value: object, low: int, high: int, what: str) -> None:
        if type(value) is not int or not low <= value <= high:  # rejects True, which is an int
            raise GuestError(
                f"guest {self.name!r}: {field}={shown(value)} is not a whole number from {low} to {high}: {what}"
            )

    @property
    def workload(self) -> Workload:
        """The row of the table of workloads: what the guest does, and in which units."""
        return BY_NAME[self.work]

    @property
    def passing(self) -> tuple[int, ...]:
        """QEMU's exit statuses after finished work."""
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
        """The same guest with other work; without ``memory``, its memory grows as ``size`` requires.

        Give it another ``name`` if a study has both. Raises GuestError for work that the guest cannot do.

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

        One vCPU and one slice are passed as 0, because memory is 0 already: so ``none``, which measures the
        cost of starting QEMU, needs no loader at all.

        >>> guest("cpu").with_work(n=1000, slices=3).words()
        (1, 1000, 0, 0, 0, 0, 3)
        """
        cpus, slices = (0 if count == 1 else count for count in (self.cpus, self.slices))
        return (self.workload.id, self.n, self.size, cpus, self.seed, int(self.hold), slices)

    def argv(self, image: str | None = None, bell: int | None = None) -> tuple[str, ...]:
        """QEMU's arguments without the accelerator's; ``image`` replaces the path of the guest's image.

        ``bell`` is the descriptor of a socket, which QEMU inherits: a guest that holds writes one byte to it
        when its report is complete.

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
        """The checksum that slice number ``slice``, from 0 on, must report; None for a guest that reports none.

        >>> guest("exc").with_work(n=1000, seed=7).checksum()
        1007
        """
        predict = self.workload.checksum
        work = Work(self.target, self.n, self.size, self.cpus, self.seed, slice)
        return None if predict is None else predict(work)

    @property
    def code(self) -> str:
        """The Python expression that makes the same guest; empty if its name is enough.

        ``n`` and ``slices`` alone need no code: a study derives them from the length of a run.

        >>> guest("memory").with_work(n=7, size=4096).code
        "guest('memory').with_work(n=7, size=4096)"
        >>> guest("memory").with_work(n=7).code
        ''
        """
        default = guest(self.work, self.target)
        changes = {name: value for name in _WORK if (value := getattr(self, name)) != getattr(default, name)}
        if not changes.keys() - {"n", "slices"}:
            return ""
        call = (
            f"guest({self.work!r})" if self.target == "x86_64" else f"guest({self.work!r}, {self.target!r})"
        )
        return f"{call}.with_work({', '.join(f'{name}={value!r}' for name, value in changes.items())})"

    @property
    def fingerprint(self) -> str:
        """Text that changes when the image, the machine or the work changes; reads the image.

        Raises GuestError if the image cannot be read.
        """
        machine = (self.target, self.machine, f"{self.memory} MiB", f"{self.cpus} vCPUs")
        words = ",".join(map(str, self.words()))
        return f"{self.work} {' '.join(machine)} {words} {digest(self.image)}"

    def verify(self, report: Report, least: int | None = None) -> str | None:
        """Why ``report`` does not prove that the guest did this work, in one line; None if it does.

        ``least`` slices are enough where the caller ended the guest before it had done all of them.

        >>> guest("cpu").verify(Report())
        'the guest reported nothing'
        """
        if (begin := report.begin) is None:
            return "the guest reported nothing"
        workload, n, size, cpus, seed, _, slices = self.words()
        reported = (begin.workload, begin.n, begin.size, begin.cpus, begin.seed, begin.slices)
        if reported != (expected := (workload, n, size, cpus, seed, slices)):
            return f"the guest did (workload, n, size, cpus, seed, slices) = {reported}, not {expected}"
        if (error := report.exception) is not None:
            return (
                f"CPU exception {error.vector}, error {error.error:#x}, at {error.address:#x}, "
                f"fault address {error.fault:#x}"
            )
        for index, part in enumerate(report.slices[: self.slices]):
            if part.checksum != (checksum := self.checksum(index)):
                prediction = "none" if checksum is None else f"{checksum:#x}"
                return f"slice {index + 1}: checksum {part.checksum:#x} instead of {prediction}"
        if not (self.slices if least is None else least) <= len(report.slices) <= self.slices:
            return f"{len(report.slices)} of {self.slices} slices were reported"
        return None


def refuse_target(target: object) -> None:
    """Raises GuestError unless there are bundled guests for ``target``.

    >>> refuse_target("x86_64")
    """
    if type(target) is not str:
        raise GuestError(f"guest: target={shown(target)} is not text; write as in guest('cpu', 'x86_64')")
    if target not in BOARDS:
        raise GuestError(f"target {shown(target)}: no bundled guest for it; {nearest(target, tuple(BOARDS))}")


def _row(name: str, target: str) -> Workload:
    if type(name) is not str:
        raise GuestError(f"guest: name={shown(name)} is not text; write as in guest('cpu', 'x86_64')")
    refuse_target(target)
    names = tuple(row.name for row in WORKLOADS if target in row.targets)
    if name in BY_NAME and name not in names:
        raise GuestError(f"guest {shown(name)}: not available for {target}; give one of {', '.join(names)}")
    if name not in names:
        raise GuestError(f"guest {shown(name)}: no such guest for {target}; {nearest(name, names)}")
    return BY_NAME[name]


def _least_memory(row: Workload, size: int) -> int:
    # One MiB more than the heap: tb-thrash ends with an instruction after its last block.
    return HEAP + 1 + -(-row.sizes.heap * size // (1 << 20))


def guest(name: str, target: str = "x86_64") -> Guest:
    """The bundled guest of that name with its default work.

    Raises GuestError for an unknown name or target; the message names the nearest one.

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
"""Every bundled guest with its default work: those for x86_64 first, in the order of the workloads."""
