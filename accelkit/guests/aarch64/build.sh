#!/bin/sh -eu
# Builds guest.bin from guest.S:  build.sh [OUT]   (OUT: a directory, this one if left out)
# Needs GNU binutils for aarch64 (Debian: binutils-aarch64-linux-gnu; CROSS= on an aarch64 host). The bytes kept in the
# repository come from binutils 2.40 (Debian 12).
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "${1:-$here}" && pwd)
cross=${CROSS-aarch64-linux-gnu-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"${cross}as" "$here/guest.S" -o guest.o
"${cross}ld" -nostdlib -static --build-id=none -Ttext=0x40080000 guest.o -o guest.elf
"${cross}objcopy" -O binary -j .text guest.elf guest.bin
install -m 644 guest.bin "$out/guest.bin"
