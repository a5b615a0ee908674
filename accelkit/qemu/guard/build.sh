#!/bin/sh -eu
# Builds x86_64 and aarch64 from their sources:  build.sh [OUT]   (OUT: a directory; by default this one)
# Needs GNU binutils for both (Debian: binutils, binutils-aarch64-linux-gnu). The executables in the repository come from
# binutils 2.40 (Debian 12); tests/faults/test_process.py checks that a build gives the same bytes.
#
# Why own executables, and why in assembly: a guard stands between accelkit and QEMU, and ends QEMU with all that a wrapper
# script has started when accelkit dies. setpriv --pdeathsig of util-linux ends one process only, and does not check that its
# parent is still alive. A guard precedes every QEMU that is measured, so it has no libc and no dynamic linker: about 1500
# bytes, some 80 system calls. process.py explains the rest.
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "${1:-$here}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for target in x86_64 aarch64; do
    as=as ld=ld
    [ "$(uname -m)" = "$target" ] || { as=$target-linux-gnu-as; ld=$target-linux-gnu-ld; }
    "$as" "$here/$target.S" -o "$work/guard.o"
    "$ld" -nostdlib -static -n -s --build-id=none -z noexecstack "$work/guard.o" -o "$work/guard"
    install -m 755 "$work/guard" "$out/$target"
done
