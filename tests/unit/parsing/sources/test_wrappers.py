"""Words before the program: which of them belong to it."""

from __future__ import annotations

import shlex

import pytest

from accelkit.parsing.sources.wrappers import is_wrapper, reads_script, split


@pytest.mark.parametrize(
    "before",
    [
        "sudo",
        "sudo -u vm -E",
        "sudo -nu vm --",
        "sudo --user=vm A=b",
        "doas -u vm",
        "env -i A=b",
        "env -u HOME -C / -- A=b",
        "exec -a name",
        "nohup",
        "time -p",
        "time -f %e -o log",
        "timeout 8",
        "timeout --foreground -k 1 8",
        "timeout --signal=KILL 8",
        "nice -n 5",
        "nice -5",
        "ionice -c2 -n7",
        "taskset -c 0-3",
        "taskset 0x3",
        "numactl --cpunodebind=0",
        "numactl -N 0 -m 0",
        "chrt -f 50",
        "setarch -R x86_64",
        "setarch x86_64 -R",
        "setarch -R",
        "strace -f -o X",
        "strace -ff -e trace=ioctl",
        "gdb --args",
        "gdb -ex run --args",
        "rr record",
        "rr record -n",
        "perf stat -e cycles --",
        "perf record -g -o data",
        "systemd-run --scope -p X=Y",
        "systemd-run --user --unit vm",
        "unshare -r",
        "chroot /root",
        "chroot --userspec=a:b /root",
        "docker run --rm -it --device /dev/kvm -v /a:/b -e A=b --name qemu-kvm image:tag",
        "docker run -itv /a:/b --network=host image",
        "podman --remote run --privileged image",
        "docker exec -it name",
        "stdbuf -oL",
        "stdbuf -o L",
        "unbuffer",
        "setsid -f",
        "xvfb-run -a -s '-screen 0'",
        "command",
        "!",
        "flatpak-spawn --host",
        "A=b C= sudo nice",
        "/usr/bin/sudo /usr/bin/env",
        "runuser -u vm --",
        "if !",
    ],
)
@pytest.mark.parametrize("program", ["qemu-system-aarch64", "kvm"])
def test_the_words_before_the_program_are_wrapper_words(before: str, program: str) -> None:
    words = shlex.split(before)
    parts = split([*words, program, "-m", "1G"])
    count = len(words)
    assert parts.wrapper == tuple(range(count))
    assert parts.command == (count, count + 1, count + 2)


@pytest.mark.parametrize(
    "line",
    [
        "ip netns exec ns qemu-kvm -m 1G",
        "firejail --net=none /usr/bin/kvm -m 1G",
        "$RUN $QEMU -m 1G",
        "Running: qemu-system-x86_64 -m 1G",
        "sudo unknown -x qemu-system-x86_64 -m 1G",
    ],
)
def test_an_unknown_command_starts_the_qemu_that_has_options(line: str) -> None:
    words = line.split()
    assert [words[place] for place in split(words).command][1:] == ["-m", "1G"]


@pytest.mark.parametrize(
    "line",
    [
        "echo qemu-kvm -m 1G",
        "sudo apt install qemu-kvm -y",
        "which qemu-system-x86_64 -a",
        "command -v qemu-kvm",
        "[ -x /usr/bin/qemu-kvm -a $A ]",
        "killall -9 kvm",
        "modprobe kvm -v",
        "qemu-img create -f qcow2 x",
        "docker run --device /dev/kvm image",
        "docker pull qemu-kvm -q",
        "usermod -aG kvm -s x",
        "-name qemu-kvm -m 1G",
        "ls -l /dev/kvm -a",
        "gdb qemu-kvm core",
        "",
    ],
)
def test_other_commands_start_no_qemu(line: str) -> None:
    parts = split(line.split())
    assert (parts.command, parts.script) == ((), ())


@pytest.mark.parametrize(
    ("line", "script"),
    [
        ("bash -c 'kvm -m 1'", ["kvm -m 1"]),
        ("sudo sh -xc 'kvm -m 1' name", ["kvm -m 1"]),
        ("su -c 'kvm -m 1' root", ["kvm -m 1"]),
        ("su - root --command 'kvm -m 1'", ["kvm -m 1"]),
        ("ssh -p 22 host kvm -m 1", ["kvm", "-m", "1"]),
        ("ssh host 'kvm -m 1'", ["kvm -m 1"]),
        ("eval 'kvm -m 1'", ["kvm -m 1"]),
        ("docker run image sh -c 'kvm -m 1'", ["kvm -m 1"]),
        ("tmux new -d 'sudo qemu-kvm -m 1'", ["sudo qemu-kvm -m 1"]),
    ],
)
def test_text_that_another_shell_reads(line: str, script: list[str]) -> None:
    words = shlex.split(line)
    assert [words[place] for place in split(words).script] == script


def test_an_entry_point_is_the_program() -> None:
    words = "docker run --entrypoint qemu-kvm image -m 1G".split()
    parts = split(words)
    assert [words[place] for place in parts.command] == ["qemu-kvm", "-m", "1G"]
    assert [words[place] for place in parts.wrapper] == ["docker", "run", "--entrypoint", "image"]
    for cut_off in ("docker run --entrypoint", "docker run --entrypoint qemu-kvm"):
        assert split(cut_off.split()).command == ()


def test_shells_that_read_their_input() -> None:
    for line in ("bash", "sudo bash -s -- a", "ssh host", "ssh -p 22 host", "su - vm", "sh -e"):
        assert reads_script(line.split()), line
    for line in ("cat", "bash run.sh", "ssh host ls", "tee"):
        assert not reads_script(line.split()), line
    assert [is_wrapper(word) for word in ("sudo", "/bin/nice", "podman", "ssh", "ls")] == [True] * 4 + [False]


def test_containers_in_containers_are_no_deeper_than_the_text() -> None:
    assert split(["docker", "run", "image"] * 5000).command == ()
