#!/bin/sh -eu
# Builds x86_64 and aarch64 from their sources:  build.sh [OUT]   (OUT: a directory, this one if left out)
# Needs GNU binutils for both (Debian: binutils, binutils-aarch64-linux-gnu). The bytes kept in the repository come from
# binutils 2.40 (Debian 12).
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
