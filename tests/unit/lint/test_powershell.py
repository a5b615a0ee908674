"""What PowerShell scripts do, as statements."""

from __future__ import annotations

import pytest

from accelkit.lint.flow import follow
from accelkit.lint.powershell import powershell_statements
from accelkit.lint.script import Assign, Choice, End, Forget, Function, Loop, Run, Statement, text_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$a = 1", [Assign]),
        ("$a += 1", [Assign]),
        ("$a -= 1", [Forget]),
        ("$a = Get-Item x", [Run, Forget]),
        ("$a = $b.c", [Forget]),
        ("[string[]]$a = 'x'", [Assign]),
        ("qemu -m 1G", [Run]),
        ("& $qemu -m 1G", [Run]),
        (". .\\a.ps1", [Forget, Run]),
        ("qemu | Out-Null", [Run, Run]),
        ("Start-Process qemu", [Run]),
        ("Start-Process -Wait", []),
        ("if ($a) { $b = 1 }", [Choice]),
        ("switch ($a) {\n 'x' { $b = 1 }\n default { $b = 2 }\n}", [Loop]),
        ("foreach ($a in 1, 2) { qemu $a }", [Loop]),
        ("while ($true) { qemu }", [Choice]),
        ("try { qemu } catch { $a = 1 }", [Run, Choice]),
        ("function f { qemu }", [Function]),
        ("exit 1", [End]),
        ("return", [End]),
        ("throw 'x'", [End]),
        ("param(\n [string]$a = 'x',\n $b\n)", [Assign, Forget]),
        ("# qemu", []),
    ],
)
def test_a_statement_is_what_powershell_makes_of_it(text: str, expected: list[type[Statement]]) -> None:
    assert [type(statement) for statement in powershell_statements(text + "\n")] == expected


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("$a = 'x'\nqemu $A", ["qemu x"]),
        ("$a = 'x y'\nqemu $a", ["qemu x y"]),
        ("$a = @('-m', '1G')\n$a += '-smp', 2\n& qemu @a -x", ["qemu -m 1G -smp 2 -x"]),
        ("$a = @(\n'-m'\n'1G'\n)\nqemu $a", ["qemu -m 1G"]),
        ("$a = '-m', '1G' + '-x'\nqemu $a", ["qemu -m 1G -x"]),
        ("$a = 'x'\n$b = \"$a,y=${a}\"\nqemu $b", ["qemu x,y=x"]),
        ("$a = 'x' + 'y'\nqemu $a", ["qemu xy"]),
        ("$q = 'C:\\Program Files\\qemu.exe'\n& $q -m 1G", ["C:\\Program Files\\qemu.exe -m 1G"]),
        ("Start-Process -FilePath 'C:\\a b\\qemu.exe' -ArgumentList '-m 1G -name \"a b\"' -Wait",
         ["C:\\a b\\qemu.exe -m 1G -name a b"]),
        ("Start-Process qemu '-m', '1G'", ["qemu -m 1G"]),
        ("$l = '-m', '1G'\nsaps qemu -Args $l", ["qemu -m 1G"]),
        ("if ($x) { $a = 1 } elseif ($y) { $a = 2 } else { $a = 3 }\nqemu $a", ["qemu 1", "qemu 2", "qemu 3"]),
        ("$x = 'k'\nif ($x -eq 'k') { $a = 1 } else { $a = 2 }\nqemu $a", ["qemu 1"]),
        ("$x = 'k'\nif ($x -ne 'k') { $a = 1 } else { $a = 2 }\nqemu $a", ["qemu 2"]),
        ("foreach ($a in 'x', 'y') { qemu $a }", ["qemu x", "qemu y"]),
        ("$env:A = 'x'\nqemu $env:a", ["qemu x"]),
        ("$script:a = 'x'\nqemu $a", ["qemu x"]),
        ("function f {\n param($a)\n qemu $a\n}\nf -a x", ["qemu $a"]),
        ("$env:A = 'x'\nqemu --% -accel %a%,b=c \"-m\" %B%", ["qemu -accel x,b=c -m %B%"]),
        ("qemu -m 1G `\n  -smp 2", ["qemu -m 1G -smp 2"]),
        ("$a = 'x'\nqemu -accel $a,thread=multi -netdev user,id=n,hostfwd=tcp::1-:2",
         ["qemu -accel x,thread=multi -netdev user,id=n,hostfwd=tcp::1-:2"]),
    ],
)  # fmt: skip
def test_the_words_are_those_that_the_program_gets(text: str, lines: list[str]) -> None:
    ways = follow(powershell_statements(text + "\n"))[-1].ways
    assert sorted(" ".join(map(text_of, way.words)) for way in ways) == lines
