"""Dockerfiles: both forms, stages, comments, here-documents."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.dockerfile import read
from accelkit.parsing.sources.places import Source


@pytest.mark.parametrize(
    ("text", "argvs"),
    [
        ('CMD ["kvm", "-name", "a \\"b"]', [("kvm", "-name", 'a "b')]),
        ('ENTRYPOINT ["kvm"]\nCMD ["-m", "1G"]\nFROM b\nCMD ["-m", "2G"]', [("kvm", "-m", "1G")]),
        ('ENTRYPOINT ["tini", "--", "kvm", "-m"]\nCMD ["1G"]', [("kvm", "-m", "1G")]),
        ("RUN true && \\\n# c\n\n  kvm -m 1G", [("kvm", "-m", "1G")]),
        ("RUN <<EOF\nkvm -m 1G\nEOF\nRUN kvm -m 2G", [("kvm", "-m", "1G"), ("kvm", "-m", "2G")]),
        ("ENV M=1G N=2\nRUN kvm -m $M -smp ${N}", [("kvm", "-m", "1G", "-smp", "2")]),
        ("RUN M=1G\nRUN kvm -m $M", [("kvm", "-m", "$M")]),
        ("FROM qemu\nCOPY a b\nRUN apt-get install qemu-kvm", []),
    ],
)
def test_words(text: str, argvs: list[tuple[str, ...]]) -> None:
    assert [command.argv for command in read(Source(text))] == argvs


def test_each_word_has_its_place() -> None:
    (command,) = read(Source('FROM a\nENTRYPOINT [ "qemu-kvm", \\\n  "-m" ]\nCMD ["1G"]\n'))
    assert [word[1:] for word in command.words] == [(2, 14), (3, 3), (4, 6)]
