"""Files of -readconfig."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.places import Source
from accelkit.parsing.sources.readconfig import read


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[machine]\n  type = "q35"\n  accel = "kvm"\n', ["-machine", "type=q35,accel=kvm"]),
        ('[smp-opts]\ncpus = "2"\n[memory]\nsize = "1G"', ["-smp", "cpus=2", "-m", "size=1G"]),
        ('# c\n\n[drive "d"]\n file = "a,b"', ["-drive", "id=d,file=a,,b"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert [list(command.argv) for command in read(Source(text))] == [words]


@pytest.mark.parametrize(
    "text", ['[Unit]\na = "b"', 'a = "b"', "[machine]\ntype = q35", "[machine]\nkvm -m 1G", "# c"]
)
def test_other_files_are_none_of_it(text: str) -> None:
    assert read(Source(text)) == ()


def test_an_option_stands_at_its_group_and_the_value_at_the_first_key() -> None:
    (command,) = read(Source('\n[accel]\n  accel = "kvm"\n'))
    assert [word[1:] for word in command.words] == [(2, 1), (3, 3)]
