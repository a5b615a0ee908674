"""Shell completion: candidates for the last word of a line, and the scripts that ask for them."""

from __future__ import annotations

import os
import shlex
from typing import Any, Final

from accelkit.errors import SchemaError
from accelkit.recipes.domains import Int, OnOff, Size, Text, Words
from accelkit.recipes.property import Property
from accelkit.recipes.table import ACCELERATORS, PROPERTIES

SHELLS: Final = ("bash", "zsh", "fish")

COMMANDS: Final = {
    "check": ("--version", "--qemu", "--target", "--json"),
    "parse": ("--libvirt",),
    "render": ("--libvirt", "--target"),
    "explain": ("--markdown",),
    "probe": ("--target",),
    "diff": ("--target",),
    "run": ("--guest", "--qemu", "--timeout", "--target"),
    "study": ("--store", "--guest", "--qemu", "--baseline", "--blocks", "--for", "--until", "--delta",
              "--confidence", "--seed", "--run-seconds", "--timeout", "--no-race", "--quiet"),
    "report": ("--html", "--markdown", "--export", "--delta", "--confidence"),
    "demo": ("--qemu",),
    "doctor": ("--qemu", "--skip"),
    "completion": ("--install",),
}  # fmt: skip

FILES: Final = ("--store", "--html", "--markdown", "--export")
"""Options that take a file's name."""

_SCRIPTS: Final = {
    # COMP_WORDBREAKS splits at "=" and ":", so what stands before the last of them is cut off.
    "bash": """\
_accelkit() {
    local line="${COMP_LINE:0:COMP_POINT}" word candidate head
    word="${line##* }"
    head="${word%"${word##*[=:]}"}"
    COMPREPLY=()
    while IFS= read -r candidate; do
        COMPREPLY+=("${candidate#"$head"}")
    done < <(accelkit complete-line "$line" 2>/dev/null)
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=,/] ]] && compopt -o nospace
}
complete -F _accelkit accelkit
""",
    "zsh": """\
#compdef accelkit
_accelkit() {
    local -a candidates
    candidates=("${(@f)$(accelkit complete-line "${LBUFFER}" 2>/dev/null)}")
    [[ -n ${candidates[1]} ]] && compadd -U -S '' -- "${candidates[@]}"
}
# Found by zsh itself, this file is the function that completes; sourced, it says which one does.
if [[ ${funcstack[1]} == _accelkit ]]; then _accelkit "$@"; else compdef _accelkit accelkit; fi
""",
    "fish": """\
complete -c accelkit -f -a '(accelkit complete-line (commandline -cp) 2>/dev/null)'
""",
}


def script(shell: str) -> str:
    """The completion script for ``shell``."""
    return _SCRIPTS[shell]


def install(shell: str) -> str:
    """Writes the script to where ``shell`` finds it for this user; says where, and what is left to do.

    Raises SchemaError where it cannot be written.
    """
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    config = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    path, then = {
        "bash": (f"{data}/bash-completion/completions/accelkit",
                 "needs the package bash-completion; or source this file in ~/.bashrc"),
        "zsh": (f"{data}/zsh/site-functions/_accelkit",
                f"put this before compinit in ~/.zshrc: fpath+=({data}/zsh/site-functions)"),
        "fish": (f"{config}/fish/completions/accelkit.fish", "new fish sessions have it"),
    }[shell]  # fmt: skip
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(script(shell))
    except OSError as error:
        raise SchemaError(f"{path}: {error.strerror}; print the script instead, without --install") from None
    return f"{path}\n{then}\n"


def candidates(line: str) -> list[str]:
    """What the last word of ``line`` can become: commands, options, accelerators, properties, values.

    >>> candidates("accelkit check kvm,kernel-irqchip=s")
    ['kvm,kernel-irqchip=split']
    """
    *before, word = line.split(" ")
    before = [each for each in before if each]
    if len(before) <= 1:
        return _starting(word, COMMANDS)
    command, previous = before[1], before[-1]
    if previous == "--version":
        return _starting(word, ("5.2", "7.2", "10.0", "11.1"))
    if previous == "--target":
        return _starting(word, ("x86_64", "aarch64"))
    if previous == "--guest":
        from accelkit.guests import WORKLOADS

        return _starting(word, [row.name for row in WORKLOADS if row.ends == "ok"])
    if _names_a_file(command, before) and not word.startswith("-"):
        return _paths(word)
    if word.startswith("-"):
        return _starting(word, COMMANDS.get(command, ()))
    if command == "completion":
        return _starting(word, SHELLS)
    if command == "explain":
        return _starting(word, [*ACCELERATORS, *PROPERTIES])
    if command in ("check", "parse", "render", "run", "study"):
        return _accel(word.lstrip("'\""), word[: len(word) - len(word.lstrip("'\""))])
    return []


def _names_a_file(command: str, before: list[str]) -> bool:
    """Whether what comes next does."""
    match command:
        case "study":
            return before[-1] in FILES
        case "report":
            return before[-1] in FILES or not before[-1].startswith("-")
        case "parse":
            return "--libvirt" in before
        case _:
            return False


def _paths(word: str) -> list[str]:
    """The files and folders whose path begins with ``word``; not those that a shell would want quoted."""
    folder, _, start = word.rpartition("/")
    try:
        found = sorted(os.scandir(folder + "/" if "/" in word else "."), key=lambda entry: entry.name)
    except (OSError, ValueError):  # no such folder, or no name of one
        return []
    head = word[: len(word) - len(start)]
    return [
        f"{head}{entry.name}{'/' if entry.is_dir() else ''}"
        for entry in found
        if entry.name.startswith(start) and (start or not entry.name.startswith("."))
        if shlex.quote(head + entry.name) == head + entry.name
    ]


def _starting(word: str, known: Any) -> list[str]:
    return [each for each in known if each.startswith(word)]


def _accel(text: str, quote: str) -> list[str]:
    """Completions of an ``-accel`` argument: its name, then properties, then a property's words."""
    name, comma, _ = text.partition(",")
    if not comma:
        return [quote + each for each in _starting(text, ACCELERATORS)]
    head, _, last = text.rpartition(",")
    key, equals, value = last.partition("=")
    if not equals:
        keys = [row.key for row in PROPERTIES.values() if name in row.accels]
        return [f"{quote}{head},{each}=" for each in _starting(key, keys)]
    row = PROPERTIES.get(key)
    return [f"{quote}{head},{key}={each}" for each in _starting(value, _values(row))] if row else []


def _values(row: Property[Any, Any]) -> tuple[str, ...]:
    match row.domain:
        case OnOff():
            return ("on", "off")
        case Words(words=words):
            return words
        case Int() | Size() | Text():
            return ()
