"""Nix: lists of options, programs, scripts in strings."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.nix import read
from accelkit.parsing.sources.places import Source


@pytest.mark.parametrize(
    ("text", "argvs"),
    [
        ('x = [ "-m 1G" "-name \'a b\'" ];', [("-m", "1G", "-name", "a b")]),
        ('x = [ "-m" (toString 4) ];', [("-m", "(toString 4)")]),
        ('x = [ "${pkgs.qemu}/bin/qemu-kvm" "-m" "1G" ];', [("${pkgs.qemu}/bin/qemu-kvm", "-m", "1G")]),
        ('x = "${pkgs.qemu}/bin/qemu-kvm -m 1G";', [("${pkgs.qemu}/bin/qemu-kvm", "-m", "1G")]),
        ("x = ''\n  kvm -m 1G \\\n    -k ''${A}\n'';", [("kvm", "-m", "1G", "-k", "${A}")]),
        ('x = [ "a" "b" ];', []),
        ('qemu.options = [ "-enable-kvm -accel kvm" ]', [("-enable-kvm", "-accel", "kvm")]),
        ("x = [ pkgs.qemu pkgs.libvirt ];", []),
    ],
)
def test_words(text: str, argvs: list[tuple[str, ...]]) -> None:
    assert [command.argv for command in read(Source(text))] == argvs


def test_what_only_nix_knows_is_told() -> None:
    assert read(Source('x = [ "-m ${toString c.m}" "-smp ${n}" ];'))[0].variables == (
        "${toString c.m}",
        "${n}",
    )


def test_words_in_one_string_have_places_of_their_own() -> None:
    (command,) = read(Source('x = [\n  "-m 1G"\n];'))
    assert [word[1:] for word in command.words] == [(2, 3), (2, 7)]
