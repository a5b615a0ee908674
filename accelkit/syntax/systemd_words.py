r"""Words to a line for ``ExecStart=`` of a systemd unit. Pure; :mod:`accelkit.parsing.sources.systemd` reads it back.

systemd starts no shell: it takes the quotes and backslashes off, then fills in specifiers (``%i``) and variables
(``$NAME``). Source: systemd.syntax(7), ``Quoting``; systemd.service(5), ``Command lines``; ``extract_first_word`` with
``EXTRACT_UNQUOTE | EXTRACT_CUNESCAPE`` in ``src/basic/extract-word.c``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from accelkit.errors import visible_line

_PLAIN: Final = re.compile(r"[\w@%$+=:,./-]+", re.ASCII)
_LETTERS: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\\": r"\\", '"': r"\""}


def systemd_line(words: Iterable[str]) -> str:
    r"""The arguments of a program as one line that systemd reads as these ``words``.

    ``%`` and ``$`` are doubled; other words than plain ones stand in double quotes; what cannot be seen is written as
    ``\u202e``, and bytes that are not UTF-8, which the words have as :func:`os.fsdecode` gives them, as ``\xff``.

    >>> print(systemd_line(["-name", "my vm", "-drive", "file=/a$b/50%.img"]))
    -name "my vm" -drive file=/a$$b/50%%.img
    """
    return " ".join(map(_written, words))


def _written(word: str) -> str:
    doubled = word.replace("%", "%%").replace("$", "$$")
    return doubled if _PLAIN.fullmatch(doubled) else f'"{"".join(map(_coded, doubled))}"'


def _coded(character: str) -> str:
    if character in _LETTERS:
        return _LETTERS[character]
    if visible_line(character) == character:
        return character
    number = ord(character)
    if 0xDC80 <= number < 0xDD00:  # a byte that is not UTF-8
        return f"\\x{number - 0xDC00:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
