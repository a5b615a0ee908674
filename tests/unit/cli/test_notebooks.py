"""``accelkit notebooks``: copies of the notebooks, for users who have no checkout."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from support.cli import ask

import accelkit
from accelkit.cli import notebooks
from accelkit.cli.notebooks import bundled_notebooks

SOURCE = Path(accelkit.__file__).parents[1] / "notebooks"
NAMES = sorted(path.name for path in SOURCE.glob("*.ipynb"))


def test_every_notebook_is_copied_as_it_is_and_what_to_do_next_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "a new" / "folder"
    status, out, err = ask("notebooks", str(folder))
    assert (status, err) == (0, "")
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    assert len(NAMES) >= 6
    for name in NAMES:
        assert (folder / name).read_bytes() == (SOURCE / name).read_bytes()
    assert out.splitlines() == [
        *(str(folder / name) for name in NAMES),
        "next: pip install 'accelkit[notebook,study]' jupyterlab",
        f"      jupyter lab '{folder}'",
    ]
    assert ask("notebooks", str(folder)) == (0, out, "")


def test_nothing_of_the_users_is_overwritten_without_being_told(tmp_path: Path) -> None:
    (tmp_path / NAMES[1]).write_text("mine")
    status, out, err = ask("notebooks", str(tmp_path))
    assert (status, out) == (2, "")
    assert err == (
        f"accelkit: {tmp_path}: has {NAMES[1]} already, with another content; nothing was written; name another folder, "
        "or add --force to overwrite\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == [NAMES[1]]
    assert ask("notebooks", "--force", str(tmp_path)).status == 0
    assert (tmp_path / NAMES[1]).read_bytes() == (SOURCE / NAMES[1]).read_bytes()


def test_a_link_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / NAMES[0]).symlink_to(tmp_path / "mine")
    (folder / NAMES[1]).symlink_to(tmp_path / "nowhere")
    assert NAMES[1] in ask("notebooks", str(folder)).err
    assert ask("notebooks", "--force", str(folder)).status == 0
    assert (tmp_path / "mine").read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("folder", "why"),
    [
        ("FILE", "is not a folder; name a folder, which is made if it is missing"),
        ("FILE/x", "Not a directory"),
        ("LINK", "is not a folder; name a folder"),
        ("/proc/no-such", "No such file or directory"),
        ("", "got ''; name a folder"),
        ("a\0b", "name a folder"),
    ],
)
def test_a_folder_that_cannot_be_one_is_refused_in_words(folder: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "FILE").touch()
    (tmp_path / "LINK").symlink_to(tmp_path / "nowhere")
    path = str(tmp_path / folder) if folder[:4] in ("FILE", "LINK") else folder
    status, out, err = ask("notebooks", path)
    assert (status, out) == (2, "")
    assert err.startswith("accelkit: ")
    assert why in err
    assert err.count("\n") == 1


def test_on_a_full_disk_no_notebook_is_half_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.replace

    def full(source: str, target: str) -> None:
        if NAMES[2] in target:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(source, target)

    monkeypatch.setattr(os, "replace", full)
    status, out, err = ask("notebooks", str(tmp_path))
    assert status == 2
    assert len(out.splitlines()) == 2
    assert err == (
        f"accelkit: {tmp_path / NAMES[2]}: No space left on device; 2 of {len(NAMES)} notebooks were copied\n"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == NAMES[:2]


def test_a_folder_where_a_notebook_should_be_is_reported(tmp_path: Path) -> None:
    (tmp_path / NAMES[0]).mkdir()
    assert "already" in ask("notebooks", str(tmp_path)).err
    assert "Is a directory" in ask("notebooks", "--force", str(tmp_path)).err
    assert [path.name for path in tmp_path.iterdir()] == [NAMES[0]]


def test_the_notebooks_of_an_installed_accelkit_are_its_package_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "accelkit"
    package.mkdir()

    def files(_: Any) -> Path:
        return package

    monkeypatch.setattr(notebooks.resources, "files", files)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "of-another-project.ipynb").touch()
    status, _, err = ask("notebooks", str(tmp_path / "x"))
    assert (status, err) == (
        2,
        "accelkit: this accelkit was installed without its notebooks; install it with pip\n",
    )
    (package / "notebooks").mkdir()
    (package / "notebooks" / "01_x.ipynb").write_text("{}")
    (package / "notebooks" / "picture.svg").touch()
    assert bundled_notebooks() == {"01_x.ipynb": b"{}"}


def test_the_wheel_is_told_to_carry_them() -> None:
    import tomllib

    settings = tomllib.loads((SOURCE.parent / "pyproject.toml").read_text("utf-8"))
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"notebooks": "accelkit/notebooks"}
