"""understand: what a text is."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.errors import AccelkitError, ArgvError, LibvirtError
from accelkit.parsing.sources import commands
from accelkit.parsing.understanding import one_command, understand, understand_words

KINDS = [
    ("accel", "kvm"),
    ("accel", "kvm,kernel-irqchip=split"),
    ("accel", "accel=tcg,thread=single"),
    ("accel", "thread=single,accel=tcg"),
    ("accel", "kvm,device=/dev/my kvm"),
    ("accel", "kvm,device=/dev/(a)"),
    ("accel", "tcg, thread=multi"),
    ("accel", "mistyped,thread=single"),
    ("accel", "KVM"),
    ("accel", "kvm\r\n"),
    ("accel", "\ufeffkvm"),
    ("accel", ""),
    ("commands", "-accel kvm"),
    ("commands", "  -accel kvm"),
    ("commands", "--accel kvm"),
    ("commands", "–accel kvm"),
    ("commands", "—accel kvm"),
    ("commands", "−enable-kvm"),
    ("commands", "- run: qemu-kvm -m 1G"),
    ("commands", "---accel kvm"),
    ("commands", "kvm -m 1G"),
    ("commands", "qemu-system-x86_64"),
    ("commands", "/usr/bin/kvm -m 1G"),
    ("commands", "/usr/libexec/qemu-kvm -machine q35"),
    ("commands", "sudo qemu-system-x86_64 -enable-kvm"),
    ("commands", "$ qemu-system-x86_64 -enable-kvm"),
    ("commands", "X=1 qemu-kvm -m 1G"),
    ("commands", "\ufeffqemu-kvm -m 1G\r\n"),
    ("commands", "run() { qemu-kvm -m 1G; }"),
    ("commands", "kvm() {\n  qemu-system-x86_64 -enable-kvm\n}\nkvm"),
    ("commands", '-device \'{"driver":"e1000"}\''),
    ("python", "tcg()"),
    ("python", "tcg() | tb_size(each(8, 64))"),
    ("python", " ( kvm() )"),
    ("python", "qemu()"),
    ("python", "option('accel', '{x}')"),
    ("python", "first_of(kvm(), tcg())"),
    ("braces", "tcg,tb-size={8,64}"),
    ("braces", "{kvm,tcg}"),
    ("braces", "tcg,tb-size={8,"),
    ("domain", "<domain type='kvm'/>"),
    ("domain", "\ufeff<?xml version='1.0'?>\r\n<domain type='kvm'/>"),
    ("domain", "virsh # dumpxml vm\n<domain type='kvm'/>"),
    ("domain", "<domainsnapshot><domain type='kvm'/></domainsnapshot>"),
    ("domain", "<domain type='kvm'/>\n<domain type='qemu'/>"),
    ("commands", "<domain type='kvm'/>\n$ qemu-kvm -m 1G"),
    ("commands", "- -accel kvm"),
    ("commands", "My options:\n```\n-accel kvm\n```"),
    ("braces", "tcg, tb-size={8,64}"),
    ("braces", "tcg tb-size={8,64}"),
    ("accel", "mistyped, thread=single"),
]


@pytest.mark.parametrize(("kind", "text"), KINDS)
def test_a_text_is_what_it_looks_like(kind: str, text: str) -> None:
    understood = understand(text)
    assert understood.kind == kind
    assert bool(understood.commands) == (kind in ("commands", "domain"))
    assert understood.swept == (kind in ("python", "braces"))


@pytest.mark.parametrize(
    "text", [text for kind, text in KINDS if kind == "commands" and text[:3] not in ("---", "- -")]
)
def test_the_commands_are_those_that_the_readers_of_sources_find(text: str) -> None:
    cleaned = text.removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n")
    assert understand(text).commands == commands(cleaned)


words = st.text("abkvmqsytex-=,./:+_019", min_size=1, max_size=8)


@given(
    st.sampled_from(
        ["-accel", "-S", "--m", "qemu-system-arm", "/usr/bin/qemu-kvm", "kvm", "./qemu-system-x86_64"]
    ),
    st.lists(st.sampled_from(["-m", "-accel", "kvm", "1G", "qemu-kvm", "a=b"]) | words, max_size=6),
    st.sampled_from([" ", "  ", "\t"]),
)
def test_a_line_that_is_read_without_a_shell_is_what_the_shell_makes_of_it(
    first: str, rest: list[str], blank: str
) -> None:
    text = blank.join([first, *rest])
    found = commands(text)
    if text.startswith("-") or (rest and rest[0].startswith("-")):
        assert understand(text).commands == found
        assert [command.argv for command in found] == [(first, *rest)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hello world", "no command in it starts a QEMU"),
        ("sudo foo", "no command in it starts a QEMU"),
        ("kmv -m 1G", "(kmv: did you mean 'kvm'?)"),
        ("apt install qemu-kvm", "no command in it starts a QEMU"),
        ("qemu-img create -f raw x 1G", "no command in it starts a QEMU"),
        ("qemu is slow", "no command in it starts a QEMU"),
        ("'kvm'", "no command in it starts a QEMU"),
        ('{"a": 1, "b": [2, 3]}', "no command in it starts a QEMU"),
        ("int main(void) {\n  return 0;\n}", "no command in it starts a QEMU"),
        ("a,\nb {\n  color: red;\n}", "no command in it starts a QEMU"),
        ("I like {curly} braces, and you", "no command in it starts a QEMU"),
        ("Hello, my host is slow", "no command in it starts a QEMU"),
        ("Hello,\nthanks", "no command in it starts a QEMU"),
        ("---\ntitle: A page\n---\n\nText", "no command in it starts a QEMU"),
        ("-----BEGIN PGP MESSAGE-----\n\nmQEN", "no command in it starts a QEMU"),
        ("- It is slow.\n- It hangs.", "no command in it starts a QEMU"),
        ("--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-a\n+b", "no command in it starts a QEMU"),
        ("x" * 131_072, "Linux passes at most 131071 in one argument"),
        ("-name " + "x" * 131_072, "Linux passes at most 131071 in one argument"),
        ("kvm,device=" + "é" * 65_536, "Linux passes at most 131071 in one argument"),
        ("-m 1G " * 400_000, "Linux passes at most 2097152 in a command line"),
    ],
    ids=lambda text: text[:40],
)
def test_anything_else_is_refused_with_what_was_understood(text: str, why: str) -> None:
    with pytest.raises(ArgvError) as refused:
        understand(text)
    assert why in str(refused.value)
    assert "; " in str(refused.value)
    assert len(str(refused.value)) < 600


def test_a_domain_that_libvirt_refuses_is_refused_with_its_reason() -> None:
    with pytest.raises(LibvirtError, match="the root is <network>"):
        understand("<network/>")
    with pytest.raises(LibvirtError, match="starts no QEMU accelerator known here"):
        understand("qemu-kvm -m 1G\n<domain type='vz'/>")
    with pytest.raises(LibvirtError, match="says what libvirt can start on a host"):
        understand("<domainCapabilities><domain>kvm</domain></domainCapabilities>")


@pytest.mark.parametrize(
    ("given_words", "argv"),
    [
        (["-accel", "kvm"], ("-accel", "kvm")),
        (["sudo", "-u", "vm", "qemu-kvm", "-name", "my vm; $X"], ("qemu-kvm", "-name", "my vm; $X")),
        (["qemu-system-x86_64"], ("qemu-system-x86_64",)),
        (["kvm", "-m", "1G"], ("kvm", "-m", "1G")),
        (["–accel", "kvm"], ("–accel", "kvm")),
        ([], ()),
    ],
)
def test_words_are_the_command_that_a_shell_would_start_with_them(
    given_words: list[str], argv: tuple[str, ...]
) -> None:
    (command,) = understand_words(given_words).commands
    assert command.argv == argv
    assert command.variables == ()


@pytest.mark.parametrize(
    ("given_words", "why"),
    [
        (["sudo", "foo"], "no command in it starts a QEMU"),
        (["-accel", 5], "got 5 among the words"),
        (5, "got int; takes text, or a list of words"),
        (["-accel", "x" * 131_072], "Linux passes at most 131071"),
    ],
)
def test_words_without_a_qemu_are_refused(given_words: object, why: str) -> None:
    with pytest.raises(ArgvError, match=why):
        understand_words(given_words)  # type: ignore[arg-type]


def test_one_command_names_the_lines_of_several() -> None:
    text = "qemu-kvm -m 1G\n\nqemu-kvm -m 2G"
    with pytest.raises(ArgvError, match="2 QEMU commands are in it, at lines 1, 3; give one of them"):
        one_command(understand(text))


@given(st.text(max_size=40) | st.text("-qemukv \n\"'$(){}<>|&;\\,=", max_size=40))
def test_any_text_is_understood_or_refused_by_an_error_of_accelkit(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            understood = understand(text)
        except AccelkitError as error:
            assert "\n" not in str(error)  # noqa: PT017  # any of them may be raised
            return
    assert understood.commands or understood.kind not in ("commands", "domain")
