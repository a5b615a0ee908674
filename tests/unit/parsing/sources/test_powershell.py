"""PowerShell: statements, variables, Start-Process."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.powershell import read


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("& qemu-system-arm -m 1G; Write-Host hi", "-m 1G"),
        ("& qemu-system-arm -m 1G # -smp 2", "-m 1G"),
        ("$o = '-m','1G'\n& qemu-system-arm @o -smp 2", "-m 1G -smp 2"),
        ("$o = @()\n$o += '-m'\n$o += '1G'\n& qemu-system-arm $o", "-m 1G"),
        ("$m = 4\n& qemu-system-arm -m ${m}G", "-m 4G"),
        ("$m = Get-Size\n& qemu-system-arm -m $m", "-m $m"),
        ("if ($x) { & qemu-system-arm -m 1G 2>&1 | Out-Null }", "-m 1G"),
        ("$p = Start-Process qemu-system-arm -ArgumentList '-m 1G' -PassThru", "-m 1G"),
        ("Start-Process -Wait -FilePath qemu-system-arm -Args '-m','1G'", "-m 1G"),
        ("Start-Process qemu-system-arm -ArgumentList '-m',\n '1G'", "-m 1G"),
        ("& qemu-system-arm -device $env:DEV.x,a=b", "-device $env:DEV.x,a=b"),
        ("PS> qemu-system-arm -m `\n>> 1G", "-m 1G"),
    ],
)
def test_words(text: str, words: str) -> None:
    assert [command.argv for command in read(Source(text))] == [("qemu-system-arm", *words.split())]


def test_what_a_block_sets_is_not_known_behind_it() -> None:
    text = "$a = 'kvm'\nif ($x) { $a = 'tcg' }\n& qemu-system-arm -accel $a"
    (command,) = read(Source(text))
    assert (command.argv[2], command.variables) == ("$a", ("$a",))


def test_options_behind_a_line_without_a_backtick_are_lost() -> None:
    (command,) = read(Source("& qemu-system-arm -m 1G\n -smp 2"))
    assert [note.line for note in command.notes] == [1]
