"""How offers are written in a script."""

from __future__ import annotations

from accelkit.cli.completion_scripts import SCRIPTS, case_of, switch_of

OFFERS = {"": "check run", "check -": "--json", "hax,": ""}


def test_offers_are_cases_of_bash_and_zsh_without_those_that_are_empty() -> None:
    assert case_of(OFFERS) == "    '') offer='check run' ;;\n    'check -') offer='--json' ;;"


def test_offers_are_cases_of_fish() -> None:
    assert switch_of(OFFERS) == (
        "        case ''\n            echo 'check run'\n        case 'check -'\n            echo '--json'"
    )


def test_each_script_has_one_place_for_them() -> None:
    assert tuple(SCRIPTS) == ("bash", "zsh", "fish")
    assert all(text.count("@OFFERS@") == 1 for text in SCRIPTS.values())
