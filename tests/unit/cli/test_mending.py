"""The line that ``accelkit check --fix`` prints: words, wrapper and variables as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit import bundled
from accelkit.checking.judgement import judgements
from accelkit.cli.mending import mended_text, shell_text
from accelkit.parsing.sources import commands

QEMU = bundled("10.0")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("sudo qemu-kvm -m 1G", "sudo qemu-kvm -m 1G"),
        ("qemu-kvm -m $MEM", "qemu-kvm -m $MEM"),
        ("qemu-kvm -m ${MEM:-1G} -name 'a b'", "qemu-kvm -m ${MEM:-1G} -name 'a b'"),
        ('qemu-kvm -name "my $VM \\"x\\""', 'qemu-kvm -name "my $VM \\"x\\""'),
        ("qemu-kvm -name '$VM'", "qemu-kvm -name '$VM'"),
    ],
)
def test_a_line_is_written_so_that_a_shell_reads_it_alike(text: str, line: str) -> None:
    (command,) = commands(text)
    assert shell_text(command.argv, command) == line
    (again,) = commands(line)
    assert (again.argv, again.variables) == (command.argv, command.variables)


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5), max_size=4
    )
)
def test_words_are_read_back(words: list[str]) -> None:
    line = shell_text(["qemu-kvm", "-S", *words], None)
    assert commands(line)[0].argv == ("qemu-kvm", "-S", *words)


@pytest.mark.parametrize(
    ("text", "line", "accepted"),
    [
        ("tcg,nosplit-wx", "tcg,split-wx=off", True),
        ("tcg,thread=both", "tcg,thread=both", False),
        ("qemu-system-vax -accel tcg", "qemu-system-vax -accel tcg", None),
        ("tcg()", "tcg", True),
    ],
)
def test_what_needs_a_person_stays(text: str, line: str, accepted: bool | None) -> None:
    (judgement,) = judgements(text, QEMU)
    better, verdict = mended_text(text, judgement)
    assert (better, verdict.accepted) == (line, accepted)
