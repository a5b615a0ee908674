"""Shell completion: candidates for the last word of a line, and the scripts that ask for them."""

from __future__ import annotations

import os
import shlex
from argparse import Action
from collections.abc import Callable, Iterable
from typing import Any, Final

from accelkit.cli.command_parser import CommandParser, takes_value
from accelkit.recipes.domains import Int, OnOff, Size, Text, Words
from accelkit.recipes.property import Property
from accelkit.recipes.table import ACCELERATORS, PROPERTIES

_SCRIPTS: Final = {
    # COMP_WORDBREAKS splits words at "=" and ":", so bash expects only what follows the last of them.
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
# On zsh's fpath this file is the body of the completing function; sourced, it registers that function.
if [[ ${funcstack[1]} == _accelkit ]]; then _accelkit "$@"; else compdef _accelkit accelkit; fi
""",
    "fish": """\
complete -c accelkit -f -a '(accelkit complete-line (commandline -cp) 2>/dev/null)'
""",
}


#: The shells that accelkit has a script for.
SHELLS: Final = tuple(_SCRIPTS)


def script(shell: str) -> str:
    """The completion script for ``shell``."""
    return _SCRIPTS[shell]


def install(shell: str) -> str:
    """Write the script to where ``shell`` finds it for this user; the path, and what is left to do, as text.

    Raises OSError where it cannot be written.
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
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(script(shell))
    return f"{path}\n{then}\n"


def candidates(line: str, top: CommandParser) -> list[str]:
    """What the last word of ``line`` can become: commands, options, accelerators, properties, values.

    ``top`` is the parser of the command: its options, choices and metavars say what may follow.

    >>> from accelkit.cli.parser import parser
    >>> candidates("accelkit check kvm,kernel-irqchip=s", parser())
    ['kvm,kernel-irqchip=split']
    """
    *before, word = line.split(" ")
    before = [earlier for earlier in before if earlier]
    if len(before) <= 1:
        return _starting(word, (name for name, command in top.commands.items() if not command.hidden))
    command = top.commands.get(before[1])
    if command is None or command.hidden:
        return []
    if word.startswith("-"):
        return _starting(word, command.listed)
    option = command.options.get(before[-1])
    if option is not None and takes_value(option):
        return _values_of(option, word)
    if before[1] == "parse" and "--libvirt" in before:  # then each LINE is a file
        return _paths(word)
    return _values_of(command.arguments[0], word) if command.arguments else []


def _values_of(action: Action, word: str) -> list[str]:
    """The values of an option or argument that begin with ``word``: its choices, or what its metavar names."""
    if action.choices is not None:
        return _starting(word, action.choices)
    complete = _BY_METAVAR.get(str(action.metavar))
    return complete(word) if complete else []


def _paths(word: str) -> list[str]:
    """The files and folders whose path begins with ``word``, without those that a shell would have to quote."""
    folder, _, start = word.rpartition("/")
    try:
        entries = sorted(os.scandir(folder + "/" if "/" in word else "."), key=lambda entry: entry.name)
    except (OSError, ValueError):  # no such folder, or a NUL in its name
        return []
    head = word[: len(word) - len(start)]
    return [
        f"{head}{entry.name}{'/' if entry.is_dir() else ''}"
        for entry in entries
        if entry.name.startswith(start) and (start or not entry.name.startswith("."))
        if shlex.quote(head + entry.name) == head + entry.name
    ]


def _starting(word: str, known: Iterable[str]) -> list[str]:
    return [name for name in known if name.startswith(word)]


def _versions(word: str) -> list[str]:
    """The releases of QEMU that have schemas."""
    from accelkit.schemas.releases import RELEASES

    return _starting(word, RELEASES)


def _targets(word: str) -> list[str]:
    from accelkit.schemas import targets

    return _starting(word, targets())


def _guests(word: str) -> list[str]:
    """The bundled guests whose work ends well."""
    from accelkit.guests import WORKLOADS

    return _starting(word, (workload.name for workload in WORKLOADS if workload.ends == "ok"))


def _weights(word: str) -> list[str]:
    return [f"{guest}=" for guest in _guests(word)]


def _names(word: str) -> list[str]:
    return _starting(word, (*ACCELERATORS, *PROPERTIES))


def _accel(word: str) -> list[str]:
    """Completions of an ``-accel`` argument, quoted or not: its name, then properties, then a property's words."""
    text = word.lstrip("'\"")
    quote = word[: len(word) - len(text)]
    name, comma, _ = text.partition(",")
    if not comma:
        return [quote + accel for accel in _starting(text, ACCELERATORS)]
    head, _, last = text.rpartition(",")
    key, equals, value = last.partition("=")
    if not equals:
        keys = [row.key for row in PROPERTIES.values() if name in row.accels]
        return [f"{quote}{head},{known}=" for known in _starting(key, keys)]
    row = PROPERTIES.get(key)
    return [f"{quote}{head},{key}={known}" for known in _starting(value, _words(row))] if row else []


def _words(row: Property[Any, Any]) -> tuple[str, ...]:
    match row.domain:
        case OnOff():
            return ("on", "off")
        case Words(words=words):
            return words
        case Int() | Size() | Text():
            return ()


#: What completes an option's value or an argument, by the metavar that the help shows for it.
_BY_METAVAR: Final[dict[str, Callable[[str], list[str]]]] = {
    "ACCEL": _accel,
    "FILE": _paths,
    "GUEST": _guests,
    "GUEST=NUMBER": _weights,
    "LINE": _accel,
    "NAME": _names,
    "SPACE": _accel,
    "STORE": _paths,
    "TARGET": _targets,
    "VERSION": _versions,
}
