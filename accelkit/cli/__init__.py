"""The ``accelkit`` command: ``main`` runs it. The work is done by functions that the library has too."""

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
    _replace_closed_streams()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's own, such as about a backslash in a recipe
            warnings.simplefilter("always", UserWarning)  # accelkit's
            warnings.showwarning = _note
            status = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()  # inside the try: a full disk is reported like any other error
    except AccelkitError as error:
        return _failed(str(error))
    except ModuleNotFoundError as error:  # an extra that is not installed
        if (error.name or "").startswith("accelkit"):
            raise
        return _failed(f"{error.name} is not installed; install it: pip install 'accelkit[study]'")
    except BrokenPipeError:  # the reader has read enough, as in: accelkit explain | head
        _drop_output()
        return 0
    except KeyboardInterrupt:
        _failed("interrupted")
        return 130
    except OSError as error:
        _drop_output()
        path = "" if error.filename is None else f"{error.filename}: "
        return _failed(f"{path}{error.strerror or error}")
    return status


def _run(words: list[str]) -> int:
    from accelkit.cli.parser import parser
    from accelkit.cli.qemu_words import arranged

    out: Any = sys.stdout
    if isinstance(out, io.TextIOWrapper):
        # Undecodable bytes of the arguments are written as they came; a terminal without '…' shows its code.
        utf8 = out.encoding.lower() in ("utf-8", "utf8")
        out.reconfigure(errors="surrogateescape" if utf8 else "backslashreplace")
    try:
        top = parser()
        arguments = top.parse_args(arranged(words, top))
    except SystemExit as end:  # argparse has printed its help or an error
        return int(end.code or 0)
    arguments.words = words
    return arguments.handler(arguments)


def _replace_closed_streams() -> None:
    """Open /dev/null for each stream that ``>&-`` or the like closed: the next file would take its number."""
    streams: Any = sys  # whose types do not say that a stream may be None
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(streams, name) is None:
            setattr(streams, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  # until the end


def _failed(why: str) -> int:
    """Print ``why`` as one line on stderr; the exit status of a failure."""
    print(f"accelkit: {' '.join(why.split())}", file=sys.stderr)
    return 2


def _note(message: Warning | str, *_: object) -> None:
    """Print a warning as one line on stderr."""
    print(f"accelkit: note: {' '.join(str(message).split())}", file=sys.stderr)


def _drop_output() -> None:
    """Discard what cannot be written: otherwise Python tries again at its end, and complains."""
    try:
        sys.stdout.flush()
    except OSError:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
        os.close(devnull)
