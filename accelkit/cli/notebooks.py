"""``accelkit notebooks``: copies the notebooks that come with accelkit into a folder of the user's."""

from __future__ import annotations

import os
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from accelkit.errors import AccelkitError, shown
from accelkit.syntax.shell_words import shell_line

_FOLDER: Final = "notebooks"
_INSTALL: Final = "pip install 'accelkit[notebook,study]' jupyterlab"


def copy_notebooks(folder: str, *, force: bool) -> int:
    """Copy every notebook into ``folder``, which is made where it is missing; print their paths and what to do next.

    A notebook that is there already and has another content is overwritten with ``force`` only; without it nothing is
    written. Raises AccelkitError for that, and for a ``folder`` that is none; OSError where nothing can be written, with
    the path. A notebook is there as a whole or not at all.
    """
    files = bundled_notebooks()
    if not folder or "\0" in folder:
        raise AccelkitError(f"DIR: got {shown(folder)}; name a folder, which is made if it is missing")
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise AccelkitError(f"{folder}: is not a folder; name a folder, which is made if it is missing")
    others = [name for name, content in files.items() if _differs(os.path.join(folder, name), content)]
    if others and not force:
        raise AccelkitError(
            f"{folder}: has {', '.join(others)} already, with another content; nothing was written; name another folder, "
            "or add --force to overwrite"
        )
    os.makedirs(folder, exist_ok=True)
    for number, (name, content) in enumerate(files.items()):
        path = os.path.join(folder, name)
        try:
            _write(path, content)
        except OSError as error:
            why = f"{error.strerror or error}; {number} of {len(files)} notebooks were copied"
            raise OSError(error.errno, why, path) from None
        print(path)
    print(f"next: {_INSTALL}\n      {shell_line(['jupyter', 'lab', folder])}")
    return 0


def bundled_notebooks() -> dict[str, bytes]:
    """The notebooks by file name, in order: package data of an installed accelkit, or those of the checkout.

    Raises AccelkitError where neither is there.
    """
    package = resources.files("accelkit")
    for folder in (package / _FOLDER, _beside(package)):
        if folder is not None and folder.is_dir():
            names = {file.name: file for file in folder.iterdir() if file.name.endswith(".ipynb")}
            if names:
                return {name: names[name].read_bytes() for name in sorted(names)}
    raise AccelkitError("this accelkit was installed without its notebooks; install it with pip")


def _beside(package: Traversable) -> Traversable | None:
    """The notebooks of a checkout: beside the package, with pyproject.toml. What lies in site-packages is not ours."""
    root = os.path.dirname(str(package))
    is_checkout = os.path.exists(os.path.join(root, "pyproject.toml"))
    return resources.files("accelkit").joinpath(os.pardir, _FOLDER) if is_checkout else None


def _differs(path: str, content: bytes) -> bool:
    """Whether something else than ``content`` is at ``path``."""
    if not os.path.lexists(path):
        return False
    try:
        with open(path, "rb") as file:
            return file.read(len(content) + 1) != content
    except OSError:
        return True


def _write(path: str, content: bytes) -> None:
    """Write a file as a whole: first beside its place."""
    beside = f"{path}.part"
    try:
        with open(beside, "wb") as file:
            file.write(content)
        os.replace(beside, path)
    except OSError:
        if os.path.exists(beside):
            os.remove(beside)
        raise
