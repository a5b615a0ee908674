"""Which files are read, and as what."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from accelkit.host.files import SpecialFileError
from accelkit.lint.files import MOST_BYTES, content_of, decoded, files_in, is_text, language_of, names_qemu


@pytest.mark.parametrize(
    ("path", "text", "language"),
    [
        ("a.sh", "", "shell"),
        ("A.BASH", "", "shell"),
        (".envrc", "", "shell"),
        ("PKGBUILD", "", "shell"),
        ("hook", "#!/bin/sh\n", "shell"),
        ("hook", "#!/usr/bin/env bash\n", "shell"),
        ("hook", "#!/usr/bin/env -S zsh -f\n", "shell"),
        ("hook", "#!/bin/dash -e\n", "shell"),
        ("hook", "#!/usr/bin/python3\n", ""),
        ("hook", "", ""),
        ("a.bat", "", "cmd"),
        ("a.CMD", "", "cmd"),
        ("a.ps1", "", "powershell"),
        ("a.py", "#!/bin/sh\n", "shell"),
        ("Makefile", "", ""),
        ("-", "", ""),
    ],
)
def test_the_name_or_the_first_line_says_the_language(path: str, text: str, language: str) -> None:
    assert language_of(path, text) == language


def test_text_in_the_encodings_of_windows_is_read() -> None:
    text = "qemu é\nx"
    for content in (
        text.encode(),
        text.encode("utf-8-sig"),
        text.encode("utf-16"),
        text.replace("\n", "\r\n").encode(),
    ):
        assert decoded(content) == text
        assert names_qemu(content)
        assert is_text(content)
    assert decoded(b"\xff\xfe\0") == "\ufffd"
    assert not is_text(b"\x7fELF\0qemu")
    assert not names_qemu(b"nothing")


def test_a_folder_gives_its_scripts_in_order_and_passes_others_by(tmp_path: Path) -> None:
    for name in (
        "b.sh",
        "a.py",
        "sub/Makefile",
        "sub/vm.service",
        ".git/c.sh",
        "node_modules/d.sh",
        "x.png",
        "x.o",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    (tmp_path / "hook").write_text("#!/bin/sh\n")
    (tmp_path / "LICENSE").write_text("text")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = [os.path.relpath(path, tmp_path) for path in files_in(str(tmp_path))]
    assert found == ["a.py", "b.sh", "hook", "sub/Makefile", "sub/vm.service"]


def test_what_is_no_script_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.sh")
    with pytest.raises(SpecialFileError):
        content_of(str(tmp_path / "fifo.sh"))
    with open(tmp_path / "long.sh", "wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(OSError, match="which no script has"):
        content_of(str(tmp_path / "long.sh"))
