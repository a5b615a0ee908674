"""Words for a systemd unit, read by systemd itself: systemd-analyze shows the command line that it has loaded."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from support.tools import tool

from accelkit.syntax.systemd_words import systemd_line

WORDS = ["tcg,thread=multi", "", "a b", ";", "#", "it's", '"', "a\\", "\\n", "$HOME", "${HOME} %i %%", "a\nb\tc",
         "\x1b", "ü", "\udcff"]  # fmt: skip
LETTERS = {"n": "\n", "t": "\t", "r": "\r"}


def unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if len(code) == 3 else LETTERS.get(code.decode(), code.decode()).encode()


def loaded(line: str, path: Path) -> list[str]:
    """The arguments that systemd has read; it fills in ``$$`` only when it starts the program."""
    path.write_text(f"[Service]\nExecStart=/bin/echo {line}\n", "utf-8")
    done = subprocess.run(
        [tool("systemd-analyze"), "verify", "--man=no", str(path)],
        env=os.environ | {"SYSTEMD_LOG_LEVEL": "debug", "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    found = re.search(rb"Command Line: /bin/echo ?(.*)", done.stdout)
    assert found is not None
    words = re.findall(rb'"((?:[^"\\]|\\.)*)"|(\S+)', found[1])
    texts = [re.sub(rb"\\([0-7]{3}|.)", unescaped, quoted or plain) for quoted, plain in words]
    return [text.decode("utf-8", "surrogateescape").replace("$$", "$") for text in texts]


def test_systemd_reads_the_words_that_were_written(tmp_path: Path) -> None:
    assert loaded(systemd_line(WORDS), tmp_path / "qemu.service") == WORDS
