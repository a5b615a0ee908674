"""Real QEMU: every workload runs and proves it; then the command that is found, and what is captured of it."""

from __future__ import annotations

import gc
import json
import os
from pathlib import Path

import pytest
from processes import qemu

import accelkit
from accelkit.errors import QemuError
from accelkit.guests import GUESTS, Begin, Guest, Report, Slice, guest
from accelkit.qemu.binary import find, version
from accelkit.qemu.boot import boot
from accelkit.qemu.capture import capture
from accelkit.qemu.outcome import judge

SCHEMAS = Path(accelkit.__file__).parent / "schemas"


def little(work: Guest) -> Guest:
    """Odd numbers, so that no loop's remainder is left out; three slices, so that state between them shows."""
    size = {"random": 1 << 15, "memory": 64 * 77, "tb-thrash": 4999, "indirect": 256, "timer": 1000}.get(
        work.name
    )
    n = {"none": 0, "tb-thrash": 3, "timer": 7}.get(work.name, 1501)
    return work.with_work(n=n, size=size, seed=77, slices=3)


def name_of(value: object) -> str:
    return f"{value.target}-{value.name}" if isinstance(value, Guest) else str(value)


working = pytest.mark.parametrize(
    "work", [each for each in GUESTS if each.workload.ends == "ok"], ids=name_of
)


@pytest.mark.qemu
@working
def test_every_workload_does_its_work_and_proves_it(work: Guest) -> None:
    work = little(work)
    outcome = boot(qemu(work.target), ["-accel", "tcg"], work, timeout=60)
    assert (outcome.cause, outcome.why) == ("ok", "")
    assert [part.checksum for part in outcome.report.slices] == [work.checksum(k) for k in range(3)]
    assert outcome.report.junk == b""


@pytest.mark.qemu
@pytest.mark.parametrize("machine", ["pc", "microvm"])
@pytest.mark.parametrize("name", ["none", "cpu", "io", "mmio", "timer", "smp"])
def test_the_rom_runs_on_each_x86_machine(machine: str, name: str) -> None:
    outcome = boot(qemu(), ["-accel", "tcg"], little(guest(name)).with_work(machine=machine), timeout=60)
    assert (outcome.cause, outcome.why) == ("ok", "")


@pytest.mark.qemu
@pytest.mark.parametrize(
    "accel", ["tcg,thread=single", "tcg,thread=multi", "tcg,tb-size=1", "tcg,split-wx=on"]
)
@pytest.mark.parametrize("name", ["smp", "smplock", "smc", "tb-thrash"])
@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_options_do_not_change_what_the_guest_answers(accel: str, name: str, target: str) -> None:
    work = little(guest(name, target)).with_work(cpus=3)
    outcome = boot(qemu(target), ["-accel", accel], work, timeout=60)
    assert (outcome.cause, outcome.why) == ("ok", "")


@pytest.mark.qemu
def test_an_outcome_tells_what_it_took() -> None:
    work = little(guest("cpu"))
    outcome = boot(qemu(), ["-accel", "tcg"], work, timeout=60, extra=("-name", "me"))
    assert outcome.ok
    assert outcome.status == 33
    assert outcome.wall > 0
    assert outcome.user + outcome.system > 0
    assert outcome.max_rss is None or outcome.max_rss > 1024
    assert outcome.voluntary_switches > 0
    assert outcome.involuntary_switches >= 0
    assert outcome.stderr == ""
    assert outcome.command == (*qemu(), "-accel", "tcg", *work.argv(), "-name", "me")
    assert all(part.ticks > 0 for part in outcome.report.slices)


@pytest.mark.qemu
@pytest.mark.parametrize("cpus", [1, 2])
def test_a_round_of_cpu_is_13_instructions(cpus: int) -> None:
    """With -icount a tick is an instruction, and the same ones are counted on every run and every QEMU."""
    work = guest("smp").with_work(n=100_000, cpus=cpus, slices=3)
    outcome = boot(qemu(), ["-accel", "tcg"], work, timeout=60, extra=("-icount", "shift=0"))
    assert (outcome.cause, outcome.why) == ("ok", "")
    overhead = {part.ticks - 13 * 100_000 * cpus for part in outcome.report.slices}
    assert len(overhead) == 1
    assert 0 < overhead.pop() < 100


@pytest.mark.qemu
def test_a_guest_runs_behind_a_prefix() -> None:
    """The image reaches QEMU by descriptor, so a chroot as prefix works too; env needs no privileges."""
    command = find(["env", *qemu()])
    assert boot(command, ["-accel", "tcg"], guest("none"), timeout=60).ok
    assert version(command) == version(qemu())


@pytest.mark.qemu
def test_booting_leaves_no_descriptor_open() -> None:
    command = qemu()
    boot(command, ["-accel", "tcg"], guest("none"), timeout=60)
    gc.collect()  # what others left open is closed now, and not meanwhile
    before = os.listdir("/proc/self/fd")
    boot(command, ["-accel", "tcg"], guest("none"), timeout=60)
    boot(command, ["-accel", "nonsense"], guest("none"), timeout=60)
    boot(["no-such-program"], [], guest("none"), timeout=60)
    assert os.listdir("/proc/self/fd") == before


# ---- the verdict on what was seen, without QEMU ----

ONE = guest("exc").with_work(n=16, slices=1)
BEGIN = Begin(9, 16, 0, 0, 0, 0, 0)
GOOD = Report(BEGIN, (Slice(5, 16),))


@pytest.mark.parametrize(
    ("report", "status", "ending", "stderr", "cause", "why"),
    [
        (GOOD, 33, "itself", "", "ok", ""),
        (GOOD, 33, "itself", "warning: ignored\n", "ok", ""),
        (GOOD, 0, "itself", "", "crashed", "exit status 0 after a complete report"),
        (GOOD, -9, "itself", "", "crashed", "ended by SIGKILL"),
        (Report(BEGIN), -6, "itself", "a\nb\n", "crashed", "ended by SIGABRT; QEMU said: b"),
        (GOOD, -9, "timeout", "", "timeout", "not ended in time; its report is complete"),
        (Report(), -9, "timeout", "", "timeout", "not ended in time; the guest reported nothing"),
        (Report(), -9, "flood", "", "flood", "more output than any report has; killed"),
        (Report(), 1, "itself", "qemu: no\n\n", "refused", "qemu: no"),
        (Report(), 1, "itself", "", "refused", "exit status 1 without a word"),
        (Report(), 35, "itself", "", "refused", "the guest knows no such work; it was told (9, 16, 0, 0, 0, 0, 0)"),
        (Report(), 127, "itself", "env: qemu: No such file", "missing", "env: qemu: No such file"),
        (Report(), 0, "itself", "", "silent", "the guest reported nothing; exit status 0"),
        (Report(BEGIN), 0, "itself", "terminating on signal 15", "silent",
         "0 of 1 slices were reported; exit status 0; QEMU said: terminating on signal 15"),
        (Report(BEGIN, (Slice(5, 15),)), 33, "itself", "", "wrong-checksum",
         "slice 1: checksum 0xf instead of 0x10"),
    ],
)  # fmt: skip
def test_a_cause_is_judged_from_report_status_and_words(
    report: Report, status: int, ending: str, stderr: str, cause: str, why: str
) -> None:
    assert judge(ONE, report, status, ending, stderr) == (cause, why)  # type: ignore[arg-type]


def test_aarch64_may_power_off_instead() -> None:
    work = guest("exc", "aarch64").with_work(n=16, slices=1)
    assert judge(work, GOOD, 0, "itself", "") == ("ok", "")


# ---- which QEMU ----


def test_a_missing_qemu_names_the_package_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(QemuError) as missing:
        find()
    assert str(missing.value) == (
        "qemu-system-x86_64: no such program; install QEMU: apt-get install qemu-system-x86 (Debian, Ubuntu),"
        " dnf install qemu-system-x86-core (Fedora), brew install qemu (macOS)"
    )
    for target, package in {"aarch64": "qemu-system-arm", "s390x": "qemu-system"}.items():
        with pytest.raises(QemuError, match=rf"^qemu-system-{target}: .* apt-get install {package} "):
            find(target=target)


def test_a_qemu_is_a_path_a_line_or_words(tmp_path: Path) -> None:
    odd = tmp_path / "my qemu"
    odd.write_text("#!/bin/sh\necho QEMU emulator version 9.8.7 '(mine)'\n")
    odd.chmod(0o755)
    assert find(str(odd)) == (str(odd),)
    assert find([str(odd), "-x"]) == (str(odd), "-x")
    env, *rest = find(f"env '{odd}'")
    assert os.path.isabs(env)
    assert rest == [str(odd)]
    assert version(find(f"env '{odd}'")) == (9, 8, 7)
    with pytest.raises(QemuError, match="an empty command"):
        find("")


def test_what_says_no_version_is_no_qemu() -> None:
    with pytest.raises(QemuError, match="no QEMU version in ''; is it a QEMU"):
        version(("sh", "-c", ":"))
    with pytest.raises(QemuError, match=r"no answer within 0.05 s$"):
        version(("sh", "-c", "sleep 9"), timeout=0.05)
    with pytest.raises(QemuError, match="No such file"):
        version(("/nonexistent",))


# ---- what a QEMU has ----


@pytest.mark.qemu
@pytest.mark.parametrize("target", ["x86_64", "aarch64"])
def test_a_capture_has_the_form_of_the_bundled_ones(target: str) -> None:
    seen = capture(qemu(target))
    assert seen["target"] == target
    assert seen["version"] == ".".join(map(str, version(qemu(target))))
    bundled = SCHEMAS / f"qemu-{seen['version']}-{target}.json"
    if bundled.exists() and (kept := json.loads(bundled.read_text()))["package"] == seen["package"]:
        assert seen == kept
    for path in SCHEMAS.glob(f"qemu-*-{target}.json"):
        assert json.loads(path.read_text()).keys() == seen.keys()


def test_the_bundled_captures_are_as_capture_writes_them() -> None:
    for path in SCHEMAS.glob("qemu-*.json"):
        document = json.loads(path.read_text())
        assert path.name == f"qemu-{document['version']}-{document['target']}.json"
        assert path.read_text() == json.dumps(document, indent=1, sort_keys=True) + "\n"


def test_capturing_what_is_no_qemu_tells_its_words() -> None:
    with pytest.raises(QemuError, match=r"does not start: no such machine$"):
        capture(["sh", "-c", "echo no such machine; exit 1"])
    with pytest.raises(QemuError, match=r"^/nonexistent: no such program$"):
        capture(["/nonexistent"])
    with pytest.raises(QemuError, match=r"no answer within 0.05 s$"):
        capture(["sh", "-c", "sleep 99"], timeout=0.05)
