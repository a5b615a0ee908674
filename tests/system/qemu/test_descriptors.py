"""A Python process behind the program that renumbers descriptors; it stands in for podman."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from tempfile import TemporaryFile

from accelkit.qemu.container import fd_numbers, start


def test_a_command_gets_its_descriptors_from_3_on_and_no_others() -> None:
    code = (
        "import os, sys\n"
        "for number in range(3, 10):\n"
        "    try: status = os.fstat(number)\n"
        "    except OSError: continue\n"
        "    print(number, status.st_ino, status.st_rdev)\n"
    )
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(TemporaryFile()) for _ in range(12)]
        output = stack.enter_context(TemporaryFile())
        # Source and target numbers overlap: the descriptors that become 3 and 4 may be 4 and 3.
        for pair in ((files[0], files[1]), (files[1], files[0]), (files[11], files[0])):
            keep = tuple(file.fileno() for file in pair)
            line = [sys.executable, "-S", "-c", code, "--preserve-fds=4"]
            output.seek(0)
            output.truncate()
            with start(line, stdout=output.fileno(), stderr=output.fileno(), keep=keep) as child:
                assert child.reap().status == 0
            output.seek(0)
            rows = [tuple(map(int, row.split())) for row in output.read().decode().splitlines()]
            null = os.stat(os.devnull)
            assert fd_numbers(line, keep) == (3, 4)
            assert stat.S_ISCHR(null.st_mode)
            assert rows == [
                *((number, os.fstat(descriptor).st_ino, 0) for number, descriptor in enumerate(keep, 3)),
                *((number, null.st_ino, null.st_rdev) for number in (5, 6)),
            ]
