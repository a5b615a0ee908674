"""The ``accelkit`` command. ``main`` runs it; the work is in the functions that the library has too."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence

from accelkit.errors import AccelkitError


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status of ``accelkit ARGV``: 0 accepted or done, 1 problems, 2 usage or failure.

    Errors and notes are one line each on stderr.
    """
    from accelkit.cli.parser import arranged, parser

    words = list(sys.argv[1:] if argv is None else argv)
    warnings.showwarning = _note
    warnings.simplefilter("always")
    try:
        given = parser().parse_args(arranged(words))
        return given.handler(given)
    except AccelkitError as error:
        print(f"accelkit: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader has what it wanted, as in: accelkit explain | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("accelkit: interrupted", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"accelkit: {error}", file=sys.stderr)
        return 2


def _note(message: Warning | str, *_: object) -> None:
    """A warning as the command says it."""
    print(f"accelkit: note: {message}", file=sys.stderr)
