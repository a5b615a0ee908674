"""The scripts in a workflow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit import bundled
from accelkit.lint import lint_text
from accelkit.lint.sections import Section, sections

QEMU = bundled("11.1")


def scripts(text: str) -> list[Section]:
    return list(sections(text, "a.yml"))[:-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run: |\n  kvm -m 1\n\n  ls\nx: y", [Section("kvm -m 1\n\nls", "shell", 1, 2)]),
        ("- name: a\n  run: |-\n    A=1\n    kvm $A\n", [Section("A=1\nkvm $A", "shell", 2, 4)]),
        ("run: >\n  kvm\n  -m 1\n    -x\n\n  ls", [Section("kvm \\\n-m 1\n  -x\n\nls", "shell", 1, 2)]),
        ("- run: kvm -m 1", [Section("kvm -m 1", "shell", 0, 7)]),
        ("- |\n  kvm -m 1\n", [Section("kvm -m 1", "shell", 1, 2)]),
        ("args:\n  - >-\n    kvm\n    -m 1\n", [Section("kvm \\\n-m 1", "shell", 2, 4)]),
        ("script:\n  - A=1\n  - kvm $A\nx:", [Section("A=1\nkvm $A", "shell", 1, 4)]),
        ("script:\n- A=1\n- kvm $A\n", [Section("A=1\nkvm $A", "shell", 1, 2)]),
        ("steps:\n - run: kvm -m 1\n   shell: pwsh", [Section("kvm -m 1", "powershell", 1, 8)]),
        ("steps:\n - shell: cmd\n   run: |\n     kvm", [Section("kvm", "cmd", 3, 5)]),
        ("steps:\n - run: a\n   shell: cmd\n - run: kvm", [Section("kvm", "shell", 3, 8)]),
        ("steps:\n - run: kvm\n - run: a\n   shell: cmd", [Section("kvm", "shell", 1, 8)]),
        ("runs-on: windows-2022\nsteps:\n - run: kvm", [Section("kvm", "powershell", 2, 8)]),
        ("runs-on: windows-2022\nruns-on: ubuntu\nrun: kvm", [Section("kvm", "shell", 2, 5)]),
        ("defaults:\n  run:\n    shell: cmd\nrun: kvm", [Section("kvm", "cmd", 3, 5)]),
        ("run: |\n  import kvm\nshell: python", [Section("import kvm", "", 1, 2)]),
        ("run: |\n  ls\n", []),
        ("run:\n", []),
        ("run: |\n\n", []),
        ("command: ['kvm', '-m', '1']\n", []),
    ],
)
def test_a_script_has_its_language_and_its_place(text: str, expected: list[Section]) -> None:
    assert scripts(text) == expected


def test_what_is_no_script_is_left_where_it_stands() -> None:
    text = "a: kvm\nrun: |\n  kvm\nb: qemu\n"
    assert list(sections(text, "x.yaml"))[-1] == Section("a: kvm\nrun: |\n\nb: qemu\n", "")


def test_another_file_is_one_section() -> None:
    assert list(sections("run: kvm", "a.sh")) == [Section("run: kvm", "shell")]
    assert list(sections("run: kvm", "Makefile")) == [Section("run: kvm", "")]


WORKFLOW = """\
jobs:
  boot:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        accel: [tcg, kvm]
    steps:
      - name: Boot
        run: |
          set -e
          ACCEL=tcg,thread=both
          timeout 60 qemu-system-x86_64 -M q35 -m 1G -accel $ACCEL \\
            -nographic -append "console=ttyS0" | tee log
      - run: qemu-system-x86_64 -M q35 -accel ${{ matrix.accel }} -smp ${{ matrix.smp }}
      - run: >
          qemu-system-aarch64 -M virt
          -accel tcg,tb-size=8K
      - shell: pwsh
        run: |
          & "C:\\Program Files\\qemu\\qemu-system-x86_64.exe" -accel tcg,thread=x `
            -m ${{ matrix.m }}
      - run: ls
"""


def test_each_step_of_a_workflow_is_read_as_a_script() -> None:
    found = lint_text(WORKFLOW, ".github/workflows/ci.yml", schema=QEMU)
    assert [(f.line, f.column, f.kind) for f in found] == [
        (11, 21, "refused"),
        (14, 47, "unknown"),
        (17, 22, "refused"),
        (20, 71, "refused"),
    ]
    assert "${{ matrix.accel }}" in found[1].why
    assert found.commands == 4


_LINES = st.sampled_from(
    ["run: |", "- run: >", "  kvm -accel tcg,thread=x", "    kvm -m 1", "- |", "script:", "  - kvm", "", "   ", "shell: cmd",
     "  shell: pwsh", "- x: y", "# c", "runs-on: windows", "-", "- - |", "\tx"]
)  # fmt: skip


@given(st.lists(_LINES, max_size=20).map("\n".join))
def test_each_character_of_a_script_stands_where_the_section_says(text: str) -> None:
    lines = text.split("\n")
    for section in scripts(text):
        for number, line in enumerate(section.text.split("\n")):
            plain = line.removesuffix(" \\").removesuffix(" ^").removesuffix(" `")
            assert lines[section.line + number][section.column :].startswith(plain)


def test_the_time_grows_with_the_text() -> None:
    text = "".join(f"- name: {n}\n  run: |\n    kvm -m {n}\n" for n in range(20_000))
    assert len(scripts(text)) == 20_000
