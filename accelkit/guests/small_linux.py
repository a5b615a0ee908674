"""linux_guest: the user's own program in a small Linux, made of a kernel and busybox that are on this host."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final, cast

from accelkit.errors import GuestError, shown
from accelkit.guests.arguments import argument_of, path_of, refuse_name
from accelkit.guests.cpio import DATA, FOLDER, PROGRAM, SYMLINK, Entry, archive, refuse_path
from accelkit.guests.custom import SerialGuest
from accelkit.guests.installed import installed
from accelkit.guests.libraries import libraries, read_file
from accelkit.guests.makers import PANIC, Phases, call_of, linux, phases_of

FAILED: Final = r"^accelkit: the script ended with status \d+"
"""What the guest writes when the script fails."""

BEFORE: Final = (("boot", ""), ("workload", r"^accelkit: workload\b"))
AFTER: Final = (("shutdown", r"^accelkit: shutdown\b"),)
"""The phases of every such guest: before and after those of the script."""

QUIET: Final = "quiet loglevel=1 random.trust_cpu=on"
"""Words for the kernel: each line on a serial console costs time, and one of the kernel's may tear one of ours."""

INIT: Final = rb"""#!/bin/busybox sh
/bin/busybox mount -t devtmpfs none /dev
/bin/busybox mount -t proc none /proc
/bin/busybox mount -t sysfs none /sys
/bin/busybox --install -s /bin
export PATH=/root:/bin HOME=/root LD_LIBRARY_PATH=/lib
cd /root
printf '\naccelkit: workload\n'
sh /workload </dev/null
status=$?
[ $status -eq 0 ] || printf '\naccelkit: the script ended with status %s\n' $status
printf '\naccelkit: shutdown\n'
poweroff -f
"""
"""The guest's first program. ``poweroff -f``: there is nothing to stop, and no disk."""

LEAST_MEMORY: Final = 64
"""MiB that Linux needs besides twice the size of its files, which it has packed and unpacked at the same time."""


def linux_guest(
    script: str,
    files: Sequence[str] | Mapping[str, str] = (),
    *,
    phases: Phases | None = None,
    kernel: str | None = None,
    busybox: str | None = None,
    append: str = "",
    name: str = "linux",
    target: str = "x86_64",
    machine: str | None = None,
    memory: int = 512,
    cpus: int = 1,
    extra: Sequence[str] = (),
) -> SerialGuest:
    """A small Linux that boots, runs ``script`` and powers off; nothing is downloaded.

    It is made of ``kernel``, by default the newest in /boot (on Debian ``apt-get install
    linux-image-cloud-amd64``), and ``busybox``, by default the installed one (``busybox-static``), which is its
    shell and all of its commands. ``files`` are put beside the script: a list of paths, or a mapping of their names
    in the guest to paths. A program that is linked dynamically brings its libraries, but none that it opens while it
    runs. The script runs as root in the folder of these files, which is in PATH, as is all of busybox; it has no
    disk and no network. If it ends with another status than 0, the run has failed.

    The phases ``boot``, ``workload`` and ``shutdown`` are compared one by one, as those of :func:`linux`. With
    ``phases`` the script divides its work further: ``phases={"build": "^building"}`` begins where the script
    prints ``building``. What it prints is shown on a serial console, which takes time. The other arguments are
    those of :func:`linux`. The guest's first file system is kept in ``~/.cache/accelkit``, or in
    ``$XDG_CACHE_HOME``, under the name of its content; workers on other hosts need it at the same path, as they
    need the kernel.

    Raises GuestError for values that make no such guest, and where kernel, busybox, a file or a library is missing.

    >>> gzip = linux_guest("for i in $(seq 20); do gzip -c /bin/busybox >/dev/null; done")  # doctest: +SKIP
    >>> linux_guest("./myprog --fast", files=["./myprog"], cpus=2, memory=1024)  # doctest: +SKIP
    """
    arguments = locals()
    refuse_name(name, "linux_guest: name")
    script = argument_of(name, "script", script)
    if not script.strip():
        raise GuestError(
            f"guest {name!r}: script={shown(script)} has no command; give what the guest is to run"
        )
    whole = (*BEFORE, *phases_of(name, phases), *AFTER)
    if target not in ("x86_64", "aarch64"):
        raise GuestError(f"guest {name!r}: target={shown(target)}: give x86_64 or aarch64")
    parts = installed(target, kernel, busybox)
    image, program = path_of(name, "kernel", parts[0]), path_of(name, "busybox", parts[1])
    entries = _entries(name, script, _named(name, files), program, target)
    initrd = archive(entries)
    needed = LEAST_MEMORY + (2 * len(initrd) >> 20)
    if type(memory) is int and memory < needed:
        raise GuestError(
            f"guest {name!r}: memory={memory} is too little for its files; give {needed} or more (MiB)"
        )
    guest = linux(
        image, _kept(name, initrd), f"{QUIET} {argument_of(name, 'append', append)}".strip(), phases=whole,
        name=name, target=target, machine=machine, memory=memory, cpus=cpus, extra=extra, fails=f"{PANIC}|{FAILED}",
    )  # fmt: skip
    return replace(guest, code=call_of(linux_guest, arguments))


def _named(name: str, files: object) -> dict[str, str]:
    """The files of the guest by their names in it. Raises GuestError for another type, and for two of one name."""
    if isinstance(files, Mapping):
        pairs = [
            (argument_of(name, "files", key), path)
            for key, path in cast("Mapping[object, object]", files).items()
        ]
    elif isinstance(files, (list, tuple)):
        paths = [path_of(name, "files", path) for path in cast("Sequence[object]", files)]
        pairs = [(os.path.basename(path), path) for path in paths]
    else:
        raise GuestError(
            f"guest {name!r}: files={shown(files)} is neither a list of paths nor a mapping of names to paths"
        )
    named: dict[str, str] = {}
    for key, path in pairs:
        try:
            refuse_path(key)
        except GuestError as error:
            raise GuestError(f"guest {name!r}: files: {error}") from None
        if key in named:
            raise GuestError(
                f"guest {name!r}: files: two are named {key!r}; give a mapping, {{'name in the guest': 'path'}}"
            )
        named[key] = path_of(name, "files", path)
    return named


def _entries(name: str, script: str, files: Mapping[str, str], busybox: str, target: str) -> dict[str, Entry]:
    """All that the guest's first file system holds, by name."""
    folders = {"dev", "proc", "sys", "tmp", "root", "bin", "lib", "usr"}
    entries = {folder: Entry(FOLDER) for folder in folders}
    entries |= {link: Entry(SYMLINK, to) for link, to in _LINKS.items()}
    entries["init"] = Entry(PROGRAM, INIT)
    entries["workload"] = Entry(DATA, (script.rstrip() + "\n").encode(errors="surrogateescape"))
    for place, path in {
        "bin/busybox": busybox,
        **{f"root/{key}": path for key, path in files.items()},
    }.items():
        content, is_program = _read(name, path)
        entries[place] = Entry(PROGRAM if is_program or place == "bin/busybox" else DATA, content)
        try:
            needed = libraries(path, content, target)
        except GuestError as error:
            raise GuestError(f"guest {name!r}: {error}") from None
        for library, bytes_of_it in needed.items():
            entries[_place(library)] = Entry(PROGRAM, bytes_of_it)
    return entries


_LINKS: Final = {
    "lib64": b"lib",
    "sbin": b"bin",
    "usr/bin": b"../bin",
    "usr/lib": b"../lib",
    "usr/lib64": b"../lib",
}
"""Other names of two folders: programs are looked for in bin, libraries in lib."""


def _place(library: str) -> str:
    """Where a library lies in the guest, given its name, or a dynamic linker, given its path.

    >>> _place("libc.so.6"), _place("/lib64/ld-linux-x86-64.so.2"), _place("/nix/ld.so")
    ('lib/libc.so.6', 'lib/ld-linux-x86-64.so.2', 'nix/ld.so')
    """
    folder, _, last = library.rpartition("/")
    return (
        f"lib/{last}" if folder in ("", "/lib", "/lib64", "/usr/lib", "/usr/lib64") else library.lstrip("/")
    )


def _read(name: str, path: str) -> tuple[bytes, bool]:
    """The content of a file on this host, and whether it may be run. Raises GuestError if it cannot be read."""
    try:
        return read_file(path), os.access(path, os.X_OK)
    except OSError as error:
        what = "name files, not folders" if os.path.isdir(path) else "name a file that can be read"
        raise GuestError(f"guest {name!r}: {shown(path)}: {error.strerror}; {what}") from None


def _kept(name: str, initrd: bytes) -> str:
    """The path of the file with this content, in the user's cache; written at once as a whole, or not at all."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = os.path.join(cache, "accelkit")
    path = os.path.join(folder, f"initrd-{hashlib.blake2b(initrd, digest_size=16).hexdigest()}.cpio")
    try:
        with suppress(FileNotFoundError):
            if read_file(path) == initrd:
                return path
        os.makedirs(folder, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="initrd-", delete=False) as file:
            try:
                file.write(initrd)
                file.flush()
                os.replace(file.name, path)
            except BaseException:
                os.unlink(file.name)
                raise
    except OSError as error:
        raise GuestError(
            f"guest {name!r}: {shown(error.filename or folder)}: {error.strerror}; its initrd is kept there:"
            " set XDG_CACHE_HOME to a folder that can be written"
        ) from None
    return path
