"""libvirt's domain XML, wherever it stands in a text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from accelkit.errors import LibvirtError
from accelkit.parsing.sources.command import Command, Note, Word
from accelkit.parsing.sources.domain_xml import domain_command
from accelkit.parsing.sources.places import Source

_BEGIN: Final = re.compile(r"<domain(?=[\s>])[^<>]*>")
_END: Final = "</domain>"
#: What lists the domain types of a host, and is no domain.
_CAPABILITIES: Final = re.compile(r"<(?:domainC|c)apabilities\b")


def domains_in(text: str) -> tuple[tuple[int, int], ...]:
    r"""Where each domain of the text starts and ends; of one that is cut off the end is that of the text.

    >>> domains_in("a <domain type='kvm'><name>vm</name></domain>\n")
    ((2, 45),)
    """
    if "<domain" not in text or _CAPABILITIES.search(text) is not None:
        return ()
    return tuple(_spans(text))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    place = 0
    while (begin := _BEGIN.search(text, place)) is not None:
        end = text.find(_END, begin.end())
        place = begin.end() if begin[0].endswith("/>") else len(text) if end < 0 else end + len(_END)
        yield begin.start(), place


def read(source: Source) -> tuple[Command, ...]:
    """The command that libvirt makes of each domain in the text.

    Of one that libvirt refuses the only word is its XML, the dialect is ``libvirt``, and the note says why.

    >>> read(Source("virsh # dumpxml vm <domain type='kvm'><name>vm</name></domain>"))[0].argv
    ('-accel', 'kvm')
    """
    return tuple(_command(source.taken([span])) for span in domains_in(source.text))


def _command(xml: Source) -> Command:
    try:
        command = domain_command(xml.text)
    except LibvirtError as error:
        place = xml.place(0)
        return Command((Word(xml.text, *place),), "libvirt", notes=(Note(str(error), *place, "fatal"),))
    starts = [0]
    for line in xml.text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return command._replace(
        words=tuple(
            Word(word.text, *xml.place(starts[word.line - 1] + word.column - 1)) for word in command.words
        )
    )
