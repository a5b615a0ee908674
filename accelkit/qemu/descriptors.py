"""A program that renumbers its descriptors from 3 on and then becomes another command.

``podman run --preserve-fds=N`` passes on the descriptors 3 to N + 2, all of which must be open
(podman-run(1)). A POSIX shell cannot name a descriptor above 9, so this program renumbers them:

    python -I -S descriptors.py N 17,18 COMMAND …

17 becomes 3, 18 becomes 4, and /dev/null takes the remaining numbers.
"""

from __future__ import annotations

import fcntl
import os
import sys


def main(count: int, descriptors: list[int], command: list[str]) -> None:
    """Becomes ``command``, with ``descriptors`` as 3, 4, … up to ``count`` of them. Raises OSError."""
    free = 3 + count
    sources = [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, free) for descriptor in descriptors]
    null = os.open(os.devnull, os.O_RDWR)
    sources += [fcntl.fcntl(null, fcntl.F_DUPFD_CLOEXEC, free)] * (count - len(descriptors))
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    for number, source in enumerate(sources, 3):
        os.dup2(source, number)
    os.execv(command[0], command)  # noqa: S606 - no shell on purpose


if __name__ == "__main__":
    main(int(sys.argv[1]), [int(word) for word in sys.argv[2].split(",") if word], sys.argv[3:])
