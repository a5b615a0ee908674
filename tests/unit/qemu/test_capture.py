"""The captured document; a table of answers stands in for QEMU."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any, cast

import pytest

import accelkit
from accelkit.errors import QemuError
from accelkit.qemu import capture
from accelkit.qemu.capture import _answers, _document, _has_ended, _options
from accelkit.qemu.qmp import Qmp

SCHEMAS = Path(accelkit.__file__).parent / "schemas"


class Answers:
    """Answers the commands of a capture as a QEMU with two accelerators does."""

    def execute(self, command: str, **arguments: object) -> Any:
        match command:
            case "query-version":
                return {"qemu": {"major": 10, "minor": 0, "micro": 2}, "package": " (Debian) "}
            case "query-target":
                return {"arch": "x86_64"}
            case "qom-list-types":
                assert arguments == {"implements": "accel"}
                return [{"name": name} for name in ("tcg-accel", "accel", "kvm-accel")]
            case "qom-list-properties":
                names = [
                    "type",
                    *{"tcg-accel": ("thread", "tb-size"), "kvm-accel": ()}[str(arguments["typename"])],
                ]
                return [{"name": name, "type": "string", "default-value": 1} for name in names]
            case _:
                raise AssertionError(command)


def test_a_document_has_the_accelerators_in_order_and_their_own_properties() -> None:
    document = _document(cast("Qmp", Answers()), binary_literals=True)
    assert document == {
        "accelerators": {"kvm": {}, "tcg": {"tb-size": {"type": "string"}, "thread": {"type": "string"}}},
        "binary-literals": True,
        "package": "(Debian)",
        "target": "x86_64",
        "version": "10.0.2",
    }
    assert list(cast("dict[str, Any]", document["accelerators"])) == ["kvm", "tcg"]


class OtherAnswers(Answers):
    """Answers as that QEMU does, but one command in another way."""

    def __init__(self, command: str, answer: object) -> None:
        self._command, self._answer = command, answer

    def execute(self, command: str, **arguments: object) -> Any:
        if command != self._command:
            return super().execute(command, **arguments)
        if isinstance(self._answer, QemuError):
            raise self._answer
        return self._answer


VERSION = {"major": 10, "minor": 0, "micro": 2}


@pytest.mark.parametrize(
    ("command", "answer", "why"),
    [
        ("query-version", [], "TypeError"),
        ("query-version", {"qemu": VERSION, "package": 5}, "AttributeError"),
        (
            "query-version",
            {"qemu": VERSION | {"micro": float("inf")}, "package": ""},
            "inf is not a part of a version",
        ),
        ("query-version", {"qemu": VERSION | {"micro": -1}, "package": ""}, "-1 is not a part of a version"),
        ("query-target", {"arch": ["x86_64"]}, "['x86_64'] is not text"),
        ("qom-list-types", 5, "TypeError"),
        ("qom-list-types", [{}], "KeyError('name')"),
        ("qom-list-properties", [{"name": "thread", "type": None}], "None is not text"),
        ("qom-list-properties", "text", "TypeError"),
    ],
)
def test_answers_of_another_form_are_an_error(command: str, answer: object, why: str) -> None:
    with pytest.raises(
        QemuError, match=r"^qemu -x: answers QMP in another way than QEMU \(.*\); is it a QEMU\?$"
    ) as error:
        _answers(cast("Qmp", OtherAnswers(command, answer)), "qemu -x", binary_literals=True)
    assert why in str(error.value)


def test_an_error_in_an_answer_names_the_command() -> None:
    gone = QemuError("QMP query-target: QEMU is gone")
    with pytest.raises(QemuError, match=r"^qemu -x: QMP query-target: QEMU is gone$"):
        _answers(cast("Qmp", OtherAnswers("query-target", gone)), "qemu -x", binary_literals=True)


def test_a_connection_has_ended_once_the_other_end_is_closed() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert not _has_ended(ours)
        theirs.sendall(b"x")
        assert not _has_ended(ours)
        ours.recv(1)
        theirs.close()
        assert _has_ended(ours)


def test_the_bundled_captures_are_as_capture_writes_them() -> None:
    for path in SCHEMAS.glob("qemu-*.json"):
        document = json.loads(path.read_text())
        assert path.name == f"qemu-{document['version']}-{document['target']}.json"
        assert path.read_text() == json.dumps(document, indent=1, sort_keys=True) + "\n"


HELP = """\
QEMU emulator version 9.9.0
usage: qemu-system-x86_64 [options] [disk_image]

Standard options:
-h or -help     display this help and exit
-machine [type=]name[,prop[=value][,...]]
                selects emulated machine ('-machine help' for list)
-M              as -machine
-fda/-fdb file  use 'file' as floppy disk 0/1 image
-dtb    file    use 'file' as device tree image
-win2k-hack     use it when installing Windows 2000 to avoid a disk full bug
--preconfig     pause QEMU before machine is initialized
-fw_cfg [name=]<name>,file=<file>
-name string1[,process=string2]
-S              freeze CPU at startup (use 'c' to start execution)

During emulation, the following keys are useful:
ctrl-alt-f      toggle full screen
"""


def test_options_are_read_from_help(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(capture, "output_of", lambda command, _: asked.append(command) or HELP)
    assert _options(["qemu-system-x86_64"], 0.0) == {
        "M": False, "S": False, "dtb": False, "fda": True, "fdb": True, "fw_cfg": True, "h": False, "help": False,
        "machine": True, "name": True, "preconfig": False, "win2k-hack": False,
    }  # fmt: skip
    assert asked == [["qemu-system-x86_64", "-help"]]


@pytest.mark.parametrize("error", [TimeoutError(), OSError(27, "printed too much")])
def test_a_qemu_that_prints_no_help_has_no_known_options(
    monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def refuse(*_: object) -> str:
        raise error

    monkeypatch.setattr(capture, "output_of", refuse)
    assert _options(["qemu-system-x86_64"], 0.0) == {}


def test_an_accelerator_that_does_not_start_is_left_out() -> None:
    document = _document(cast("Qmp", Answers()), {"tcg"}, binary_literals=False)
    assert document["accelerators"] == {"kvm": {}}
