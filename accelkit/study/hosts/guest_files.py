"""Files of guests on other hosts: used where they lie if their content is the same, else sent and kept by content."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from accelkit.errors import GuestError, StudyError
from accelkit.guests.custom import SerialGuest
from accelkit.guests.digest import digest
from accelkit.guests.makers import AnyGuest

CHUNK: Final = 4 << 20
"""Bytes that are sent at once."""


@dataclass(frozen=True, slots=True)
class GuestFile:
    """A file of a guest: its path on the study's host, its digest, its modification time in nanoseconds.

    The time is a part of the digest of a large file. ``device``: it is a block device, which cannot be sent.
    """

    path: str
    digest: str
    modified: int
    device: bool


def files_of(guests: Mapping[str, AnyGuest]) -> tuple[GuestFile, ...]:
    """The files of these guests, each once. Raises GuestError if one cannot be read.

    >>> files_of({})
    ()
    """
    files: dict[str, GuestFile] = {}
    for guest in guests.values():
        for file in guest.files if isinstance(guest, SerialGuest) else ():
            content = digest(file.path, devices=file.device)
            status = os.stat(file.path)
            files[file.path] = GuestFile(
                file.path, content, status.st_mtime_ns, file.device and Path(file.path).is_block_device()
            )
    return tuple(files.values())


def cache() -> Path:
    """The folder of files that were sent: ``accelkit/guests`` in ``$XDG_CACHE_HOME``, by default in ``~/.cache``."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "accelkit" / "guests"


def place_of(file: GuestFile) -> str:
    """Where this host has a file of that content: under its own path, or in the cache; empty if nowhere."""
    for path in (file.path, str(cache() / file.digest)):
        with suppress(GuestError):
            if digest(path, devices=file.device) == file.digest:
                return path
    return ""


def chunks(file: GuestFile) -> Iterator[bytes]:
    """The content of a file, in pieces of :data:`CHUNK` bytes; an empty file has one empty piece."""
    with open(file.path, "rb") as opened:
        yield opened.read(CHUNK)
        while data := opened.read(CHUNK):
            yield data


def keep_chunk(file: GuestFile, offset: int, data: bytes) -> None:
    """Write a piece of a file that is sent, at its place; :func:`keep` makes it a file of the cache."""
    folder = cache()
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{file.digest}.part", "r+b" if offset else "wb") as opened:
        opened.seek(offset)
        opened.write(data)


def keep(file: GuestFile) -> str:
    """The path of a file of which all pieces were sent. Raises StudyError if its content is not that of the digest."""
    part = cache() / f"{file.digest}.part"
    os.utime(part, ns=(file.modified, file.modified))
    if digest(str(part)) != file.digest:
        part.unlink()
        raise StudyError(
            f"{file.path}: arrived with another content; it changed while it was sent: run the same again"
        )
    os.replace(part, part.with_suffix(""))
    return str(part.with_suffix(""))


def placed(guests: Mapping[str, AnyGuest], places: Mapping[str, str]) -> dict[str, AnyGuest]:
    """The guests with the paths that their files have on this host; ``places`` maps the study's paths to these.

    >>> from accelkit.guests.catalogue import guest
    >>> placed({"cpu": guest("cpu")}, {})["cpu"].name
    'cpu'
    """

    def moved(guest: AnyGuest) -> AnyGuest:
        if not isinstance(guest, SerialGuest):
            return guest
        files = (replace(file, path=places.get(file.path, file.path)) for file in guest.files)
        return replace(guest, files=tuple(files))

    return {name: moved(guest) for name, guest in guests.items()}


def send(file: GuestFile, call: Callable[..., object]) -> str:
    """The path at which another host has the file now; ``call`` calls a function there."""
    offset = 0
    for data in chunks(file):
        call(keep_chunk, file, offset, data)
        offset += len(data)
    return str(call(keep, file))
