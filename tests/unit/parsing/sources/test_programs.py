"""Which words are a QEMU, and what their names say of the target."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.programs import is_option, is_program, starts_qemu, target_of, typographic_dash


@pytest.mark.parametrize(
    ("word", "target"),
    [
        ("qemu-system-x86_64", "x86_64"),
        ("/usr/bin/qemu-system-aarch64", "aarch64"),
        ("./build/x86_64-softmmu/qemu-system-x86_64", "x86_64"),
        (r"C:\Program Files\qemu\qemu-system-x86_64.exe", "x86_64"),
        ("QEMU-SYSTEM-X86_64W.EXE", "x86_64"),
        ("qemu-system-x86_64-spice", "x86_64"),
        ("qemu-system-aarch64-unsigned", "aarch64"),
        ("qemu-system-x86_64-8.2", "x86_64"),
        ("/usr/libexec/qemu-kvm", None),
        ("kvm", None),
        ("/usr/bin/kvm", None),
        ("kvm-spice", None),
        ("qemu", None),
        ("$QEMU", None),
        ("${QEMU_BIN}", None),
        ("$(QEMU)", None),
        ("@$(QEMU)", None),
        ("%QEMU%", None),
        ("$env:QEMU", None),
        ("$BUILD/qemu-system-riscv64", "riscv64"),
        ("${QEMU:-qemu-system-x86_64}", "x86_64"),
        ('${1:-"/opt/qemu-system-s390x"}', "s390x"),
        ("${BIN:-$(which qemu-system-arm)}", "arm"),
        ("$(which qemu-system-arm)", "arm"),
        ("`command -v qemu-kvm`", None),
        ("qemu-system-$ARCH", None),
        ("qemu-system-${ARCH:-ppc64}", "ppc64"),
        ("qemu-system-$(uname -m)", None),
    ],
)
def test_names_of_qemu(word: str, target: str | None) -> None:
    assert is_program(word)
    assert target_of(word) == target


@pytest.mark.parametrize(
    "word",
    "qemu-img qemu-nbd qemu-io qemu-x86_64 qemu-system-common qemu-system-gui qemu-system-x86 /dev/kvm /sys/module/kvm "
    "kvm-intel libvirt $QEMU_IMG $QEMU_OPTS ${QEMU_ARGS[@]} $KVM_USER kvm,thread=multi qemu-system-x86_64: $HOME "
    "/etc/qemu /usr/share/qemu tcg -qemu-kvm".split(),
)
def test_other_words(word: str) -> None:
    assert not is_program(word)
    assert target_of(word) is None


def test_a_word_longer_than_any_path_is_no_program() -> None:
    assert not is_program("/" * 5000 + "qemu-kvm")


def test_kvm_is_a_program_only_before_options() -> None:
    assert starts_qemu(["kvm", "-m", "1G"])
    assert starts_qemu(["kvm", "$OPTS"])
    assert not starts_qemu(["kvm"])
    assert not starts_qemu(["kvm", "tcg"])


def test_a_sentence_about_qemu_is_no_command() -> None:
    assert not starts_qemu("qemu-system-x86_64 is slow on my host".split())
    assert starts_qemu(["qemu-system-x86_64", "disk.img"])
    assert starts_qemu(["qemu-system-x86_64"])


def test_dashes_of_all_kinds_begin_an_option() -> None:
    assert [is_option(word) for word in ("-m", "--m", "–m", "—m", "−m", "m", "")] == [True] * 5 + [False] * 2
    assert [typographic_dash(word) for word in ("-m", "–m", "")] == ["", "–", ""]
