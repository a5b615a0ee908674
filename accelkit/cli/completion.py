"""Shell completion: what may follow where, from the parser and the table; and the script of a shell, which holds it all.

A script starts no process when Tab is pressed: Python alone takes longer to start than people like to wait.
"""

from __future__ import annotations

import os
from argparse import Action
from collections.abc import Iterable
from typing import Any, Final

from accelkit.cli.command_parser import CommandParser, takes_value
from accelkit.cli.completion_scripts import SCRIPTS, case_of, switch_of
from accelkit.recipes.domains import Int, OnOff, Size, Text, Words
from accelkit.recipes.property import Property
from accelkit.recipes.table import ACCELERATORS, PROPERTIES

#: The shells that accelkit has a script for.
SHELLS: Final = tuple(SCRIPTS)

#: Offers in place of words: an -accel argument, the shell's own completion of files, and nothing.
ACCEL: Final = "@accel"
FILES: Final = "@files"
NOTHING: Final = "@none"

#: Commands whose arguments are files of domain XML once --libvirt stands before them.
_OF_DOMAINS: Final = ("check", "parse")


def script(shell: str, top: CommandParser) -> str:
    """The completion script for ``shell``: functions around the offers that follow from ``top``."""
    write = switch_of if shell == "fish" else case_of
    return SCRIPTS[shell].replace("@OFFERS@", write(offers(top)))


def install(shell: str, top: CommandParser) -> str:
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
        file.write(script(shell, top))
    return f"{path}\n{then}\nafter an upgrade of accelkit, run this again\n"


def offers(top: CommandParser) -> dict[str, str]:
    """The words that may follow, by context; ``@accel``, ``@files`` and ``@none`` stand for what is no fixed list.

    The context is empty for a command; ``check`` for its argument, ``check -`` for its options, ``check --version`` for
    the value of one, ``check libvirt`` for its argument after --libvirt; ``tcg,`` for the properties of an accelerator,
    ``=thread`` for the values of a property.

    >>> from accelkit.cli.parser import parser
    >>> known = offers(parser())
    >>> known["check"], known["=thread"], known["report --as"]
    ('@accel', 'single multi', 'shell argv python json libvirt systemd')
    """
    known = {"": " ".join(top.commands), ACCEL: " ".join(ACCELERATORS)}
    for name, command in top.commands.items():
        known[f"{name} -"] = " ".join(command.listed)
        known |= {
            f"{name} {text}": _offer(option)
            for text, option in command.options.items()
            if takes_value(option)
        }
        if name in _OF_DOMAINS:
            known[f"{name} libvirt"] = FILES
        first, *others = command.arguments or [None]
        known[name] = NOTHING if first is None else _offer(first)
        if others and first is not None and first.choices is not None:
            known |= {f"{name} {choice}": _offer(others[0]) for choice in first.choices}
    for accel in ACCELERATORS:
        known[f"{accel},"] = " ".join(f"{row.key}=" for row in PROPERTIES.values() if accel in row.accels)
    return known | {f"={key}": " ".join(_words(row)) for key, row in PROPERTIES.items()}


def _offer(action: Action | None) -> str:
    """What an option's value or an argument can be: its choices, or what its metavar names."""
    if action is None:
        return NOTHING
    words: Iterable[str] | None = action.choices
    if words is None:
        words = _of_metavar(str(action.metavar))
    return " ".join(words)


def _of_metavar(metavar: str) -> Iterable[str]:
    """The offer for a metavar, as the help shows it; a metavar that is not listed here is free text."""
    match metavar:
        case "ACCEL" | "LINE" | "SPACE":
            return (ACCEL,)
        case "DIR" | "FILE" | "STORE":
            return (FILES,)
        case "NAME":
            return (*ACCELERATORS, *PROPERTIES)
        case "NEW" | "OLD" | "VERSION":
            from accelkit.schemas.releases import RELEASES

            return RELEASES
        case "TARGET":
            from accelkit.schemas import targets

            return targets()
        case "GUEST" | "GUEST=NUMBER":
            from accelkit.guests import WORKLOADS

            names = [workload.name for workload in WORKLOADS if workload.ends == "ok"]
            return names if metavar == "GUEST" else [f"{name}=" for name in names]
        case "GOAL=NUMBER":
            return ("time=", "max_rss=")
        case _:
            return (NOTHING,)


def _words(row: Property[Any, Any]) -> tuple[str, ...]:
    match row.domain:
        case OnOff():
            return ("on", "off")
        case Words(words=words):
            return words
        case Int() | Size() | Text():
            return ()
