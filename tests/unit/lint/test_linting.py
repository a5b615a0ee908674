"""Whole files: scripts as people write them, with each problem at its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit import SchemaError, bundled
from accelkit.lint import Findings, lint, lint_text
from accelkit.lint.linting import _commands
from accelkit.parsing.sources.shell import shell_commands

QEMU = bundled("11.1")


def marked(text: str, path: str) -> list[tuple[str, str]]:
    """What stands at the place of each finding, up to the next comma, blank or quote; and its kind."""
    lines = text.split("\n")
    found = lint_text(text, path, schema=QEMU)
    rest = [lines[finding.line - 1][finding.column - 1 :] for finding in found]
    return [
        (min((text.partition(end)[0] for end in ", '\"\n);"), key=len), finding.kind)
        for text, finding in zip(rest, found, strict=True)
    ]


#: As starters of desktop machines: values by host, options in an array, a function at the end.
STARTER = """\
#!/usr/bin/env bash
set -eo pipefail
readonly QEMU=${QEMU:-$(command -v qemu-system-x86_64)}
cpu_cores=4
args=()

function configure() {
  local os
  os="$(uname -s)"
  case "${os}" in
    Linux)  ACCEL="kvm,thread=multi"; CPU="host,kvm=on" ;;
    Darwin) ACCEL="hvf"; CPU="host" ;;
    *)      echo "unsupported: ${os}" >&2; exit 1 ;;
  esac
  args+=(-name "vm,process=vm" -machine "q35,smm=off,vmport=off" -accel "${ACCEL}")
  args+=(
    -cpu "${CPU}" -smp "cores=${cpu_cores}"
    # -enable-kvm
    -no-hpet
  )
}

function vm_boot() {
  echo "${QEMU} ${args[*]}" > vm.sh
  ${QEMU} "${args[@]}" 2>/dev/null &
}

configure
vm_boot
"""

#: As scripts of a CI: a matrix, a here-document, a container.
CI = """\
#!/bin/sh -eu
for accel in tcg,thread=single tcg,tb-size=8K; do
  timeout 60 qemu-system-x86_64 -M q35 -accel "$accel" -nographic </dev/null | tee log
done
docker run --rm --device /dev/kvm image qemu-system-aarch64 -M virt -accel kvm,thread=multi -cpu host
cat >start.sh <<'EOF'
exec qemu-system-x86_64 -enable-kvm -accel tcg "$@"
EOF
ssh "$HOST" "sudo qemu-system-x86_64 -machine q35,thread=multi"
"""

#: As hooks of a hypervisor's host.
HOOK = """\
#!/bin/bash
if [ "$2" = "pre-start" ]; then
    OPTS="-accel tcg -icount shift=auto"
elif [ "$2" = "post-start" ]; then
    exit 0
fi
KVM=/usr/bin/kvm
[ -e /dev/kvm ] || KVM="qemu-system-x86_64"
$KVM -id 100 $OPTS \\
    -machine 'type=q35,kernel_irqchip=maybe'
   -smp 2
"""

BATCH = """\
@echo off
setlocal
set "QEMU=C:\\Program Files\\qemu\\qemu-system-x86_64.exe"
set ACCEL=tcg,thread=both
if "%1"=="hyperv" set ACCEL=whpx
set ARGS=-m 2G ^
  -no-hpet
"%QEMU%" -accel %ACCEL% %ARGS% ^
  -name "my vm" >nul 2>&1
if errorlevel 1 goto failed
exit /b 0
:failed
start "" qemu-system-x86_64w.exe -accel tcg,tb-size=8K
"""

POWERSHELL = """\
param(
  [string]$Accel = "whpx",
  [switch]$Slow
)
$qemu = Join-Path $env:ProgramFiles "qemu\\qemu-system-x86_64.exe"
$list = @(
  "-accel", "tcg,thread=both"
  '-m', '1G'
)
if ($Slow) { $list += "-icount", "shift=auto" }
& "C:\\Program Files\\qemu\\qemu-system-x86_64.exe" @list -accel $Accel `
  -no-hpet
Start-Process -FilePath "qemu-system-x86_64.exe" -ArgumentList "-accel tcg,tb-size=8K -m 1G" -Wait
"""


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        (STARTER, "vm", [("thread=multi", "refused"), ("hvf", "build"), ("-no-hpet", "refused")]),
        (CI, "ci.sh", [("tb-size=8K", "refused"), ("kvm", "host"), ("thread=multi", "refused"), ("-accel", "refused"),
                       ("thread=multi", "refused")]),
        (BATCH, "run.bat", [("thread=both", "refused"), ("whpx", "build"), ("-no-hpet", "refused"),
                            ("tb-size=8K", "refused")]),
        (POWERSHELL, "run.ps1", [("thread=both", "refused"), ("-no-hpet", "refused"), ("tb-size=8K", "refused")]),
    ],
)  # fmt: skip
def test_a_script_as_people_write_them(text: str, path: str, expected: list[tuple[str, str]]) -> None:
    assert marked(text, path) == expected
    written_on_windows = "\ufeff" + text.replace("\n", "\r\n")
    assert lint_text(written_on_windows, path, schema=QEMU) == lint_text(text, path, schema=QEMU)


def test_a_hook_whose_options_are_set_in_one_branch() -> None:
    found = lint_text(HOOK, "hook.sh", schema=QEMU)
    assert [(finding.line, finding.kind) for finding in found if "never gets" in finding.why] == [
        (10, "ignored")
    ]
    assert {finding.line for finding in found if "kernel_irqchip" in finding.why} == {10}


@pytest.mark.parametrize("program", [
    '"C:\\Program Files\\qemu\\"qemu-system-x86_64.exe', '"C:\\Program Files\\qemu\\qemu-system-x86_64.exe"',
    "%Q%qemu-system-x86_64.exe", 'start "" /wait "%D%"qemu-system-x86_64.exe', 'call "%D%\\"qemu-system-x86_64.exe',
])  # fmt: skip
def test_a_backslash_before_a_quote_ends_the_folder_of_a_program(program: str) -> None:
    text = f'set Q="C:\\Program Files\\qemu\\"\nset "D=C:\\qemu\\"\n{program} -accel tcg,thread=both\n'
    assert marked(text, "a.bat") == [("thread=both", "refused")]


@pytest.mark.parametrize("starts", [
    'eval "$CMD"', "eval $CMD", "sudo $CMD", 'sh -c "$CMD"', 'run() { "$@"; }\nrun $CMD', "$CMD", "screen -dmS vm $CMD",
    "bash -c 'cd /' && bash -c \"cd /x && exec $CMD\"", 'D="timeout 60 $CMD"; nohup $D > log &', 'ssh host "$CMD"',
])  # fmt: skip
def test_a_command_in_a_variable_is_read_wherever_it_is_run(starts: str) -> None:
    text = f"CMD=/usr/bin/qemu-kvm\nCMD=\"$CMD -append 'a b'\"\nCMD+=' -accel tcg,thread=both'\n{starts}\n"
    assert marked(text, "a.sh") == [("thread=both", "refused")]
    assert marked(text.replace(starts, 'echo "$CMD"'), "a.sh") == []


@pytest.mark.parametrize(("text", "expected"), [
    ("qemu-kvm -accel tcg -blockdev '{\"driver\":\"file\"}'", []),
    ("for t in tcg,thread={single,multi}; do qemu-kvm -accel $t; done", []),
    ("for t in {single,both}; do qemu-kvm -accel tcg,thread=$t; done", [("thread=$t", "refused")]),
])  # fmt: skip
def test_braces_make_words_of_a_word(text: str, expected: list[tuple[str, str]]) -> None:
    assert marked(text, "a.sh") == expected


def test_files_and_folders_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text("qemu-kvm -accel tcg,thread=x\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.ps1").write_bytes(
        "qemu-system-x86_64.exe -accel tcg,thread=y\r\n".encode("utf-16")
    )
    (tmp_path / "sub" / "c.sh").write_text("echo\n")
    (tmp_path / "sub" / "d.py").write_bytes(b"qemu\0")
    found = lint(tmp_path, schema=QEMU)
    assert [(Path(finding.path).name, finding.line, finding.column) for finding in found] == [
        ("a.sh", 1, 21),
        ("b.ps1", 1, 35),
    ]
    assert (found.commands, found.files) == (2, 2)
    assert lint(tmp_path / "a.sh", tmp_path / "sub", schema=QEMU) == found
    with pytest.raises(FileNotFoundError):
        lint(tmp_path / "no")


DOMAIN = """\
<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
<qemu:commandline><qemu:arg value='-icount'/><qemu:arg value='1'/></qemu:commandline></domain>
"""


@pytest.mark.parametrize(
    ("path", "text", "places"),
    [
        ("vm.service", "[Service]\nExecStart=/usr/bin/qemu-system-x86_64 -accel kvm,thread=multi -m %i\n", [(2, 50)]),
        ("Makefile", "QEMU ?= qemu-system-x86_64\nrun:\n\t$(QEMU) -accel tcg,thread=both \\\n\t -m 1G\n", [(3, 21)]),
        ("ci.yml", "jobs:\n  a:\n    steps:\n      - run: |\n          sudo qemu-kvm -accel tcg,thread=x\n", [(5, 36)]),
        ("x.py", 'import subprocess\nsubprocess.run(["qemu-kvm", "-accel", "tcg,thread=x"])\n', [(2, 44)]),
        ("vm.xml", DOMAIN, [(2, 19)]),
        ("no.xml", "<domain type='x'/>\n", [(1, 1)]),
        ("README.md", "- qemu\n-accel nothing\n", []),
    ],
)  # fmt: skip
def test_other_files_are_read_as_pasted_text_is(path: str, text: str, places: list[tuple[int, int]]) -> None:
    found = lint_text(text, path, schema=QEMU)
    assert [(finding.line, finding.column) for finding in found] == places
    assert all(finding.rejects for finding in found)


def test_what_is_no_schema_is_refused() -> None:
    with pytest.raises(SchemaError, match="lint"):
        lint_text("", schema="10.0")  # type: ignore[arg-type]


def test_a_target_that_is_given_beats_the_programs() -> None:
    found = lint_text("qemu-system-x86_64 -accel tcg", "a.sh", schema=QEMU, target="aarch64")
    assert found.qemus == ("QEMU 11.1.3 (aarch64), bundled",)


def test_what_the_grammar_takes_too_long_for_is_read_as_pasted_text() -> None:
    text = "qemu-kvm -accel tcg,thread=x\n" + "a=(" * 8000
    assert [finding.column for finding in lint_text(text, "a.sh", schema=QEMU)] == [21]


# ---- laws ----

_PLAIN = st.sampled_from(
    ["qemu-kvm", "sudo", "env", "A=1", "-m", "1G", "-accel", "tcg,thread=multi", "'a b'", '"x"', "|", ";", "&&", "\\\n",
     "\n", "> log", "2>&1", "timeout 5", "# c", "-smp", "qemu-system-arm", "-M", "virt"]
)  # fmt: skip


@given(st.lists(_PLAIN, max_size=14).map(" ".join))
def test_plain_lines_are_read_as_the_reader_of_shell_text_reads_them(text: str) -> None:
    whole = [way.command for (way,) in _commands(text, "shell")]
    pasted = shell_commands(text)
    assert [(c.argv, c.target, [w.line for w in c.words]) for c in whole] == [
        (c.argv, c.target, [w.line for w in c.words]) for c in pasted
    ]


_FRAGMENTS = st.sampled_from(
    ["qemu-kvm -accel ", "$A", "${A:-", "}", "$(", ")", "(", "{", "`", '"', "'", "\\", "\n", "if a; then ", "fi\n", "A=",
     "A+=(", "case $1 in ", "a) ", ";; ", "esac\n", "<<E\n", "E\n", "%A%", "!A!", "^", "set A=", "goto l\n", ":l\n", "call :l ",
     "for %%i in (", "@(", "@", "$a = ", ", ", "foreach ($a in ", "\udcff", "\0", "é", "–m", "|", "&", "#", "<#", "--% ", "f() { "]
)  # fmt: skip


@given(st.lists(_FRAGMENTS, max_size=25).map("".join), st.sampled_from(["a.sh", "a.bat", "a.ps1"]))
def test_no_text_is_an_error_and_each_place_is_in_the_text(text: str, path: str) -> None:
    lines = text.split("\n")
    for finding in lint_text(text, path, schema=QEMU):
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
        assert str(finding)


def test_nothing_is_found_in_nothing() -> None:
    assert lint_text("", "a.sh", schema=QEMU) == Findings()
