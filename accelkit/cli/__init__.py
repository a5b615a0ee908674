"""The ``accelkit`` command: ``main`` runs it. The work is done by functions that the library has too."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence

from accelkit.cli.output import print_error, visible_output
from accelkit.errors import AccelkitError


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status of ``accelkit ARGV``: 0 accepted or done, 1 problems, 2 usage or failure.

    Errors and notes are one line each on stderr. What others wrote is printed as it may be shown. SIGTERM and
    SIGHUP end the command as Ctrl-C does, and then this process.
    """
    from accelkit.host.signals import interrupting, unblock

    unblock()
    with visible_output(), interrupting():
        return _status(list(sys.argv[1:] if argv is None else argv))


def _status(words: list[str]) -> int:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's own, such as about a backslash in a recipe
            warnings.simplefilter("always", UserWarning)  # accelkit's
            warnings.showwarning = _note
            status = _run(words)
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
    from accelkit.cli.split_braces import refuse_split_braces

    top = parser()
    if (
        not words
    ):  # as other commands do: help for people, and a failure for a script whose words came out empty
        top.print_help(sys.stderr)
        return 2
    refuse_split_braces(words, top)
    try:
        arguments = top.arguments_of(arranged(words, top))
    except SystemExit as end:  # argparse has printed its help or an error
        return int(end.code or 0)
    arguments.words = words
    return arguments.handler(arguments)


def _failed(why: str) -> int:
    """Print ``why`` as one line on stderr; the exit status of a failure."""
    print_error(f"accelkit: {why}")
    return 2


def _note(message: Warning | str, *_: object) -> None:
    """Print a warning as one line on stderr."""
    print_error(f"accelkit: note: {message}")


def _drop_output() -> None:
    """Discard what cannot be written: otherwise Python tries again at its end, and complains."""
    try:
        sys.stdout.flush()
    except OSError:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
        os.close(devnull)
