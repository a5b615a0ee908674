"""YAML: block lists, lines for a shell, blocks."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.yaml import read


@pytest.mark.parametrize(
    ("text", "argvs"),
    [
        ("- qemu-kvm\n- -m\n- 'a ''b'", ["qemu-kvm -m a 'b"]),
        ("a:\n  command:\n  - qemu-kvm\n  args:\n  - -m\n  - 1G\n", ["qemu-kvm -m 1G"]),
        ("a:\n  command:\n  - qemu-kvm\n  - -S\n  name: x\n  ports:\n  - -m\n", ["qemu-kvm -S"]),
        ("run: qemu-kvm -m 1G", ["qemu-kvm -m 1G"]),
        ('run: "qemu-kvm -m 1G"', ["qemu-kvm -m 1G"]),
        ("run: |\n  qemu-kvm \\\n    -m 1G\n  qemu-kvm -S\n", ["qemu-kvm -m 1G", "qemu-kvm -S"]),
        ("run: >-\n  qemu-kvm\n  -m 1G\n", ["qemu-kvm -m 1G"]),
        ("args:\n- -m\n- 1G\nimage: qemu\n", ["-m 1G"]),
        ("- -accel\n- tcg\n- -m\n- 1G\n", ["-accel tcg -m 1G"]),
        ("packages:\n- qemu-kvm\n- qemu-img\n", []),
        ("run: qemu-kvm -m 1G\nThis is prose\n", []),
        ("entrypoint: qemu-kvm\nimage: x\ncommand: -m 1G -name 'a b'\n", ["qemu-kvm -m 1G -name a b"]),
        ("command: >\n  -m\n  1G\nentrypoint: /usr/bin/qemu-kvm\n", ["/usr/bin/qemu-kvm -m 1G"]),
        ("command: [qemu-kvm]  # x\nargs: [-m, '1G',\n  -S]\nname: x\n", ["qemu-kvm -m 1G -S"]),
        ("- command: [qemu-kvm]\n  args: [-m, 1G]\n- args: [-S, -s]\n", ["qemu-kvm -m 1G", "-S -s"]),
        ("a:\n  command: qemu-kvm\nb:\n  args: [-m, 1G]\n", ["qemu-kvm", "-m 1G"]),
        ("a:\n  command: qemu-kvm -S\n  x:\n    args: [-l]\n  args: [-m, 1G]\n", ["qemu-kvm -S -m 1G"]),
        ('env: {A: b}\nrun: {command: ["qemu-kvm", "-m"]}\n', ["qemu-kvm -m"]),
        ("  Command Line: /bin/kvm -m 1G\n    Executable: /bin/kvm\n", ["/bin/kvm -m 1G"]),
        ("binary: qemu-kvm\n", []),
        ("command: [qemu-kvm, -m", ["qemu-kvm -m"]),
    ],
)
def test_words(text: str, argvs: list[str]) -> None:
    assert [" ".join(command.argv) for command in read(Source(text))] == argvs


def test_each_word_has_its_place() -> None:
    (command,) = read(Source("x:\n  run: |\n    qemu-kvm \\\n      -m\n"))
    assert [word[1:] for word in command.words] == [(3, 5), (4, 7)]
