r"""Performance-tuning studies on real QEMUs: plan, run, store, compare, report.

``study`` does all of it; the other names are its parts. Each is loaded on first use: the plain data of a
study (``accelkit.study.model``) needs neither numpy nor SQLite.

    from accelkit import *
    from accelkit.study import study

    space = tcg() | tb_size(each(8, 64, 512)) | thread(each(single, multi))
    result = study(space, ["smp", "tb-thrash"], baseline="tcg", store="tcg.sqlite")
    result                        # the answer, a picture, the table; doubts and cautions folded
    result.plot(tb_size)          # the response to one property; .plot() for all intervals
    result.frame()                # tidy, for pandas or polars
    result.best("smp").recipe     # what to deploy, or a StudyError that says what would decide

**How it measures.** Each trial boots a real QEMU with a bare-metal guest. The guest does one kind of work, times it in
slices and proves that it did it. Trials come in blocks: a block runs each configuration once, in random order, so that
a host that slows down slows all of them alike. A run's value is its fastest slice, of 1 to 2 ms. A configuration's ratio
is the median of its ratios to the baseline within blocks, with intervals that hold for the whole table at once in 95 of
100 studies. The verdict is `faster`, `slower`, `no difference` (of more than 1%) or `undecided`, with the number of blocks
that would probably decide. Where undisturbed runs, or the average, say something else than the typical ratio, the verdict
bears that as a doubt: "depends on load: 0.540 when undisturbed, 0.991 in the median". What clearly loses is measured in
one of eight blocks from then on, and in all again once it does better. Intervals are narrowest where the number of blocks
was fixed: when you add blocks, or look before the end, they hold at any time, are wider, and the report says why.
:mod:`accelkit.study.analysis` has the formulas and their sources.

**Which one to deploy.** `result.best("smp")` compares the candidates with each other, block by block. A recipe is the best
one if it was shown to be slower than no other by more than 1%, and faster than the baseline; of several such it is the one
that changes the fewest properties. The baseline may be the best itself: then keep it. In at most 5 of 100 studies a best
one is wrong, in simulations of 19 kinds of noise in fewer. If nothing is decided, `best()` says how many blocks would
decide; `best(undecided="fastest")` gives the fastest so far. `result.best()` takes all guests together, by the geometric
mean; `weights={"smp": 3}` counts one of them three times. `best.next` and `best.equals` are its neighbours,
`best.beside_next` and `best.beside_baseline` by how much. `written(best.recipe, "systemd")` writes a recipe as `shell`,
`argv`, `python`, `json`, `libvirt` or `systemd`; so does `accelkit report --best STORE --as FORM`, whose exit status is 1
if nothing is decided, and 3 if libvirt cannot set all of the recipe; it then prints the one that it can.

**What the report says.** It begins with the answer: what to deploy, by how much faster, how sure, on what; or what is not
known, and what it costs to know. One picture and one table follow; reasons, doubts, cautions, failures and the command that
repeats the study are folded.

**What it keeps.** The store is an SQLite file; each trial is one transaction. After Ctrl-C, SIGTERM, `kill -9` or a full
disk, make the same call again: the study resumes. Ctrl-C raises KeyboardInterrupt, so a script does not go on with half a
result; the message says in which block and trial the study stopped, and how to resume it. Without `store=` the file is
`study-HASH.sqlite` in the current folder, and the same call finds it again. On Linux a QEMU, and all that a script around
it starts, ends with accelkit, however accelkit ends; `accelkit doctor` says what this host offers. Each row has a checksum.
What a failing disk has changed is left out, with a caution, and measured again when you resume; `accelkit store check
tcg.sqlite` lists it, and `--repair` writes the store anew from all that can be read. A study resumes only with the QEMU
that it began with: a binary of the same name and version with other content is refused.
`Result.from_store("tcg.sqlite")` shows last night's study, or one that still runs; it starts nothing.

**Several QEMUs** run in the same blocks: `qemu=["qemu-system-x86_64", "/opt/qemu-11/bin/qemu-system-x86_64"]`. A command
may stand in front: `chroot ROOT qemu-system-x86_64`, or a container,
`podman run --rm -i --preserve-fds=3 --timeout=300 IMAGE qemu-system-x86_64`. accelkit hands guests and questions to QEMU
through open descriptors, which `--preserve-fds=3` passes on; docker, ssh and sudo pass none, and the study says so before
it runs anything. The container ends with its trial, and also when you interrupt or kill the study; `--timeout` ends it
even if podman itself is killed. (One that podman only created stays without running: `podman container prune`.) CPU time
and memory of such trials are podman's.

**Bundled guests.** `guests()` lists what each stresses and which options it shows an effect of; `accelkit guests smp`
tells one in full. Give a guest other work with `guest("memory").with_work(size=64 * MiB, name="memory-64M")`. With
`qemu="qemu-system-aarch64"` they are aarch64's.

**Your own guests.** Your own program in a small Linux is one call:

    mine = linux_guest("for i in $(seq 100); do ./myprog input.txt; done", files=["./myprog", "input.txt"], cpus=2)
    result = study(tcg() | tb_size(each(256, 8)), [mine], store="mine.sqlite")

`linux_guest` takes the newest kernel in `/boot` and the installed busybox (on Debian `apt-get install
linux-image-cloud-amd64 busybox-static`), and downloads nothing. The guest boots, which takes about 2 seconds under TCG,
runs the script and powers off; a script that fails is a failed run. A program brings its libraries. A study compares the
phases `boot`, `workload` and `shutdown` by themselves, beside the whole run, and says which of them a setting changed:
"tb-size=8 on gzip, as a whole 1.95 times as long: boot 1.33 times as long, workload 15.7 times as long".
`phases={"build": "^building"}` divides the work where the script prints that.

For all else there are `linux(kernel, initrd, ...)`, `disk(path, ...)` and `command(argv)`. The first two take phases, too:
`linux("vmlinuz", "initrd", until="login:", phases={"firmware": "", "kernel": "Linux version", "userland": "Run /init"})`.
A phase lasts from its pattern on the serial console to that of the next; an empty one begins with QEMU. QEMU's counters
are asked at the end, also where the machine powers itself off. The report shows the call that makes each guest again.

**Budget.** `blocks=20`, `time="10m"` or `precision="2%"`. Before anything runs, a study says what it will take; `prepare`,
with the same arguments, runs nothing and shows the same:

    tcg.sqlite: 80 trials (20 blocks of 4), about 44 s; enough to decide 2 comparisons (at least 7 blocks)

Blocks that cannot give a verdict are refused at once: `6 blocks cannot decide 2 comparisons, at least 7 are needed:
blocks=7`. To measure all the same, add `anyway=True` or `--anyway`. All wrong arguments are told together, each by its
name. In a terminal or a notebook a bar shows the progress, in a log a line now and then. `confidence=0.99` asks for more
than 95%; the store keeps it for `accelkit report`. A study cannot average away a busy host: the report then says so, and says `undecided`.

**On many hosts.** `on=client` runs blocks on the hosts of a Dask cluster: `study(space, ["smp"], on="tcp://host:8786")`. A block
is whole on one host, each host runs one trial at a time, ratios are taken within a host, and a host that is lost loses no
trial. :mod:`accelkit.study.hosts` says how to start workers, and what they need. `scatter=` sends the trials of this host to
an executor.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accelkit.guests.catalogue import Guest, guest
    from accelkit.guests.listing import guests
    from accelkit.guests.makers import command, disk, linux
    from accelkit.guests.small_linux import linux_guest
    from accelkit.study.analysis.best import Best
    from accelkit.study.analysis.compare import Comparison, compare
    from accelkit.study.model import Build, Configuration, Record, Trial
    from accelkit.study.prepared import PreparedStudy
    from accelkit.study.progress import study_time
    from accelkit.study.result import Result
    from accelkit.study.setup import prepare, study

__all__ = [  # noqa: RUF022  # from what is met first to what is met last
    "study",
    "Result",
    "Best",
    "prepare",
    "PreparedStudy",
    "guests",
    "guest",
    "Guest",
    "linux_guest",
    "linux",
    "disk",
    "command",
    "Build",
    "Configuration",
    "Trial",
    "Record",
    "compare",
    "Comparison",
    "study_time",
]

_HOMES = {
    "accelkit.guests.catalogue": ("Guest", "guest"),
    "accelkit.guests.listing": ("guests",),
    "accelkit.guests.makers": ("command", "disk", "linux"),
    "accelkit.guests.small_linux": ("linux_guest",),
    "accelkit.study.prepared": ("PreparedStudy",),
    "accelkit.study.setup": ("prepare", "study"),
    "accelkit.study.progress": ("study_time",),
    "accelkit.study.result": ("Result",),
    "accelkit.study.analysis.best": ("Best",),
    "accelkit.study.analysis.compare": ("Comparison", "compare"),
    "accelkit.study.model": ("Build", "Configuration", "Record", "Trial"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            try:
                return getattr(import_module(home), name)
            except ModuleNotFoundError as error:
                if (error.name or "").startswith("accelkit"):
                    raise
                raise ImportError(
                    f"{name} needs {error.name}, which is missing; install it: pip install 'accelkit[study]'"
                ) from None
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
