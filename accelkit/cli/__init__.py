"""The ``accelkit`` command. ``main`` runs it; the work is in the functions that the library has too."""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections.abc import Sequence
from typing import Any

from accelkit.errors import AccelkitError


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status of ``accelkit ARGV``: 0 accepted or done, 1 problems, 2 usage or failure.

    Errors and notes are one line each on stderr.
    """
    _open_closed()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's own, as of an odd backslash in a recipe
            warnings.simplefilter("always", UserWarning)  # accelkit's
            warnings.showwarning = _note
            status = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()  # here, where a full disk can still be said
    except AccelkitError as error:
        return _failed(str(error))
    except ModuleNotFoundError as error:  # an extra that was not asked for at installation
        if (error.name or "").startswith("accelkit"):
            raise
        return _failed(f"{error.name} is not installed; install it: pip install 'accelkit[study]'")
    except BrokenPipeError:  # the reader has what it wanted, as in: accelkit explain | head
        _drop_output()
        return 0
    except KeyboardInterrupt:
        _failed("interrupted")
        return 130
    except OSError as error:
        _drop_output()
        place = "" if error.filename is None else f"{error.filename}: "
        return _failed(f"{place}{error.strerror or error}")
    return status


def _run(words: list[str]) -> int:
    from accelkit.cli.parser import arranged, parser

    out: Any = sys.stdout
    if isinstance(out, io.TextIOWrapper):
        # Bytes that came in undecodable go out as they were; a terminal without '…' shows its code.
        utf8 = out.encoding.lower() in ("utf-8", "utf8")
        out.reconfigure(errors="surrogateescape" if utf8 else "backslashreplace")
    try:
        given = parser().parse_args(arranged(words))
    except SystemExit as end:  # argparse has printed its help, or the error
        return int(end.code or 0)
    given.words = words
    return given.handler(given)


def _open_closed() -> None:
    """After ``>&-`` and its like there is no stream, and the next file would take its number."""
    streams: Any = sys  # whose types do not say that they may be missing
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(streams, name) is None:
            setattr(streams, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  # until the end


def _failed(why: str) -> int:
    """Says ``why`` in one line; the status for it."""
    print(f"accelkit: {' '.join(why.split())}", file=sys.stderr)
    return 2


def _note(message: Warning | str, *_: object) -> None:
    """A warning as the command says it."""
    print(f"accelkit: note: {' '.join(str(message).split())}", file=sys.stderr)


def _drop_output() -> None:
    """What cannot be written goes nowhere, or Python would complain of it once more at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
