"""What may stand where, and the scripts that hold it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.cli import ask

from accelkit.cli.completion import ACCEL, FILES, NOTHING, SHELLS, offers, script
from accelkit.cli.parser import parser
from accelkit.guests import WORKLOADS
from accelkit.recipes.table import ACCELERATORS, PROPERTIES
from accelkit.schemas.releases import RELEASES, TARGETS
from accelkit.tuning.goals import GOALS

TOP = parser()
OFFERS = offers(TOP)


@pytest.mark.parametrize(
    ("context", "offered"),
    [
        ("", " ".join(TOP.commands)),
        ("check", ACCEL), ("check --version", " ".join(RELEASES)), ("check --target", " ".join(TARGETS)),
        ("check --qemu", NOTHING), ("check libvirt", FILES), ("parse libvirt", FILES), ("render", ACCEL),
        ("explain", " ".join((*ACCELERATORS, *PROPERTIES))), ("completion", "bash zsh fish"),
        ("lint --format", "text json github"), ("report", FILES), ("report --html", FILES), ("store", "check"),
        ("store check", FILES), ("study --store", FILES), ("study --baseline", ACCEL), ("study --blocks", NOTHING),
        ("doctor", NOTHING), ("doctor --skip", ACCEL), ("diff", " ".join(RELEASES)), ("notebooks", FILES),
        ("demo -", "--qemu"), ("=thread", "single multi"), ("=split-wx", "on off"), ("=tb-size", ""), ("hax,", ""),
        ("nitro,", "debug-mode= enclave-cid="),
    ],
)  # fmt: skip
def test_an_offer_follows_from_the_parser_and_the_table(context: str, offered: str) -> None:
    assert OFFERS[context] == offered


def test_every_option_is_offered_and_every_offer_is_valid() -> None:
    for name, command in TOP.commands.items():
        assert OFFERS[f"{name} -"].split() == command.listed
    assert set(OFFERS["run --guest"].split()) <= {workload.name for workload in WORKLOADS}
    assert "hang" not in OFFERS["run --guest"]
    assert OFFERS["tune --goal"].split() == [f"{goal}=" for goal in GOALS]
    assert OFFERS["report --weight"].split() == [f"{name}=" for name in OFFERS["run --guest"].split()]
    for accel in OFFERS[ACCEL].split():
        for prop in OFFERS[f"{accel},"].split():
            for value in OFFERS[f"={prop[:-1]}"].split() or ["0"]:
                assert ask("render", f"{accel},{prop}{value}").status == 0


def test_no_offer_means_anything_to_a_shell() -> None:
    for context, offered in OFFERS.items():
        assert re.fullmatch(r"[\w@=, .-]*", context)
        assert re.fullmatch(r"[\w@=, .-]*", offered)


def test_every_option_with_a_value_is_offered_or_takes_free_text() -> None:
    """A metavar that completion does not know is free text: a number, a binary, a build, a time."""
    free = {
        str(option.metavar)
        for name, command in TOP.commands.items()
        for text, option in command.options.items()
        if OFFERS.get(f"{name} {text}") == NOTHING
    }
    assert free == {"ADDRESS", "BIN", "BUILD", "N", "SECONDS", "SHARE", "SIZE", "TIME"}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_holds_every_offer_and_starts_nothing(shell: str) -> None:
    text = script(shell, TOP)
    assert "@OFFERS@" not in text
    for context, offered in OFFERS.items():
        assert not offered or (f"'{context}'" in text and f"'{offered}'" in text)
    # The only words outside of quotes and names of functions that are accelkit itself are what is completed.
    code = re.sub(r"'[^']*'|#.*", "", text)
    assert re.findall(r"(?<![\w#])accelkit\b", code) in ([], ["accelkit"], ["accelkit"] * 2)
    assert "python" not in code


def test_the_scripts_are_written_below_the_xdg_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for shell in SHELLS:
        ran = ask("completion", shell, "--install")
        assert ran.status == 0
        assert ran.out.endswith("\nafter an upgrade of accelkit, run this again\n")
    written = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert written == [
        "config/fish/completions/accelkit.fish",
        "data/bash-completion/completions/accelkit",
        "data/zsh/site-functions/_accelkit",
    ]


def test_a_script_that_cannot_be_written_is_an_error_with_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    status, out, err = ask("completion", "bash", "--install")
    assert (status, out) == (2, "")
    assert re.fullmatch(rf"accelkit: {tmp_path}/file/\S+: Not a directory\n", err)
