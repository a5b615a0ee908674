"""A file is opened only if it is a regular one; tests/faults has the kinds that would be waited for."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from accelkit.host.files import SpecialFileError, open_input, open_regular


def test_a_regular_file_is_opened_for_reading_and_not_inherited(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"text")
    descriptor = open_regular(path)
    assert os.read(descriptor, 9) == b"text"
    assert not os.get_inheritable(descriptor)
    os.close(descriptor)
    with open_input(str(path)) as file:
        assert file.read() == b"text"


@pytest.mark.parametrize("name", ["absent", "na\0me"])
def test_a_name_of_no_file_is_the_systems_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"No such file|has a NUL") as error:
        open_regular(str(tmp_path / name))
    assert not isinstance(error.value, SpecialFileError)


def test_the_error_says_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(SpecialFileError) as error:
        open_input(str(tmp_path))
    assert error.value.errno == errno.EINVAL
    assert error.value.filename == str(tmp_path)
    assert error.value.strerror == "is a folder, not a regular file"


def test_a_pipe_that_is_open_already_is_read_to_its_end() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"text")
    os.close(writer)
    with open_input(f"/dev/fd/{reader}") as file:
        assert file.read() == b"text"
    os.close(reader)
