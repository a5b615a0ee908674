r"""Files of ``-readconfig`` and ``-writeconfig``: the words that mean the same. Pure.

Source: ``qemu_config_foreach`` in ``util/qemu-config.c``; an option stands for its group (``-m`` for ``[memory]``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from accelkit.parsing.sources.command import Command, Word
from accelkit.parsing.sources.places import Source

_LINE: Final = re.compile(
    r"[ \t]*(?:\[(?P<group>[\w-]+)(?:[ \t]+\"(?P<id>[^\"\n]*)\")?\][ \t]*|(?P<key>[\w.-]+)[ \t]*=[ \t]*\"(?P<value>[^\"\n]*)\"[ \t]*)$"
)
_OTHER: Final = re.compile(r"[ \t]*(?:#[^\n]*)?$")
#: Groups whose option has another name.
_OPTIONS: Final = {"smp-opts": "smp", "memory": "m", "boot-opts": "boot"}
_GROUPS: Final = frozenset(
    "accel acpi action audiodev boot-opts chardev device drive fsdev fw_cfg global icount iscsi machine memory mon msg "
    "name net netdev numa object option-rom overcommit realtime rtc sandbox semihosting-config smbios smp-opts spice "
    "tpmdev trace virtfs vnc".split()
)


def read(source: Source) -> tuple[Command, ...]:
    r"""The options in the file, as one command without a program.

    >>> read(Source('[machine]\n  type = "q35"\n[accel]\n  accel = "kvm"\n'))[0].argv
    ('-machine', 'type=q35', '-accel', 'accel=kvm')
    """
    words: list[Word] = []
    for word in _words(source):
        if word is None:
            return ()
        words.append(word)
    return (Command(tuple(words), "readconfig"),) if words else ()


def _words(source: Source) -> Iterator[Word | None]:
    """The words; None at a line that no such file has."""
    option: Word | None = None
    writes: list[str] = []
    start = place = 0
    for line in (*source.text.split("\n"), ""):
        end = place + len(line)
        found = _LINE.match(line)
        is_last = place > len(source.text)
        if found is None and _OTHER.match(line) is None:
            yield None
        if option is not None and (is_last or (found is not None and found["group"])):
            yield option
            yield Word(",".join(writes), *source.place(start))
            option = None
        if found is not None and found["group"]:
            if found["group"] not in _GROUPS:
                yield None
            start = place + found.start("group") - 1
            option = Word("-" + _OPTIONS.get(found["group"], found["group"]), *source.place(start))
            writes = [] if found["id"] is None else [f"id={_doubled(found['id'])}"]
            start = start if found["id"] is None else place + found.start("id")
        elif found is not None:
            if option is None:
                yield None
            if not writes:
                start = place + found.start("key")
            writes.append(f"{found['key']}={_doubled(found['value'])}")
        place = end + 1


def _doubled(value: str) -> str:
    return value.replace(",", ",,")
