/* 64 KiB firmware image for -bios (QEMU's pc machines take multiples of 64 KiB): reset vector -> protected mode ->
 * copy the guest's body to 1 MiB -> jump. No firmware runs before it. The image sits below 4 GiB, where the reset
 * vector is, and its last part also at 0xf0000, below 1 MiB: everything here is addressed in that alias. */
.intel_syntax noprefix
.set ALIAS, 0xf0000
.set BODY,  0x100000

.section .text
.code16
rom:    .incbin "body.bin"
        .balign 4, 0xcc
body_end:
.org 0xff00
start16:cli
        lgdtd   cs:[GDTR]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        .byte   0x66, 0xea             # ljmp 8:START32, spelt out: assemblers disagree on its syntax
        .long   START32
        .word   8
.code32
start32:mov     eax, 16
        mov     ds, eax
        mov     es, eax
        mov     ss, eax
        cld
        mov     esi, ALIAS
        mov     edi, BODY
        mov     ecx, (body_end - rom) / 4
        rep     movsd
        mov     eax, BODY
        jmp     eax
.balign 8, 0xcc
gdt:    .quad   0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdtr:   .word   gdtr - gdt - 1
        .long   GDT
.set GDT,     ALIAS + (gdt - rom)
.set GDTR,    gdtr - rom
.set START32, ALIAS + (start32 - rom)
.org 0xfff0
.code16
reset:  jmp     start16
.org 0x10000
