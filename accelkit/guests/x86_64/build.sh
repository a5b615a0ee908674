#!/bin/sh -eu
# Builds guest.rom from guest.S, guest.ld and rom.S:  build.sh [OUT]   (OUT: a directory, this one if left out)
# Needs GNU binutils, and gcc only as the C preprocessor. The bytes kept in the repository come from binutils 2.40
# (Debian 12); another assembler may encode the same instructions differently.
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "${1:-$here}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
gcc -E -P -x assembler-with-cpp "$here/guest.S" -o guest.s
as --64 guest.s -o guest.o
ld -m elf_x86_64 -nostdlib -static --build-id=none -T "$here/guest.ld" guest.o -o guest.elf
objcopy -O binary guest.elf body.bin
gcc -E -P -x assembler-with-cpp "$here/rom.S" -o rom.s
as --32 rom.s -o rom.o
objcopy -O binary -j .text rom.o guest.rom
install -m 644 guest.rom "$out/guest.rom"
