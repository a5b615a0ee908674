"""How long a command line can be: what no kernel passes to a program is refused before it is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from accelkit.errors import ArgvError, shown

#: Bytes of the longest argument that Linux passes to a program: MAX_ARG_STRLEN without the NUL at the end
#: (``include/uapi/linux/binfmts.h``, with pages of 4 KiB).
LONGEST_ARGUMENT: Final = 131_071
#: Bytes of the longest command line, ``getconf ARG_MAX``: a quarter of the stack, which is 8 MiB unless ``ulimit``
#: has changed it (``bprm_stack_limits`` in ``fs/exec.c``). Each argument takes a NUL and a pointer besides.
LONGEST_LINE: Final = 2 << 20
_BESIDES: Final = 1 + 8


def refuse_long(text: str, where: str, most: int = LONGEST_ARGUMENT) -> None:
    """Raises ArgvError if ``text``, in UTF-8, has more than ``most`` bytes.

    >>> refuse_long("kvm", "-accel")
    """
    if 4 * len(text) <= most:  # no character takes more than four bytes
        return
    length = len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))
    if length > most:
        whole = "in a command line" if most == LONGEST_LINE else "in one argument"
        raise ArgvError(
            f"{where}: {shown(text)} has {length} bytes; Linux passes at most {most} {whole}; shorten it"
        )


def refuse_long_line(words: Iterable[str]) -> None:
    """Raises ArgvError if one of ``words`` or all of them together are longer than Linux passes to a program."""
    words = tuple(words)
    if (
        4 * sum(map(len, words)) + len(words) * _BESIDES <= LONGEST_ARGUMENT
    ):  # no character takes more than four bytes
        return
    total = 0
    for place, word in enumerate(words, 1):
        refuse_long(word, f"word {place} of the command line")
        total += len(word) + _BESIDES
        if total > LONGEST_LINE:
            raise ArgvError(
                f"command line: its first {place} words take more than {LONGEST_LINE} bytes; "
                f"Linux passes at most {LONGEST_LINE} in a command line; shorten it"
            )
