/* accelkit's measurement guest, x86-64, bare metal. GNU as; no libc, no firmware.
 *
 * rom.S enters it in 32-bit flat protected mode right after reset. It goes to long mode, runs ONE workload and leaves.
 *
 * In:   seven words at PARAMS, 8 bytes apart, put there by  -device loader,addr=...,data=...,data-len=4
 *         [0] workload id  [1] n  [2] size  [3] vCPUs  [4] seed  [5] hold  [6] slices
 *       0 vCPUs and 0 slices mean 1. Memory is zero at start, so no loader at all means workload 0, the start-up
 *       floor.
 * Out:  port 0xe9 (isa-debugcon): the lines of accelkit/guests/protocol.py.
 *       port 0xea (a second isa-debugcon, or nothing): one byte when a holding guest is done.
 * Exit: port 0xf4 (isa-debug-exit) makes QEMU's exit status 2*v+1:
 *         0x10 -> 33 done   0x11 -> 35 no such workload   0x12 -> 37 CPU exception
 *
 * The checksum of each workload is predicted by accelkit/guests/checksums.py: change both together.
 */
.intel_syntax noprefix
.set PARAMS,    0x200000               # 2 MiB: above everything loaded, below the heap
.set P_WORK,    PARAMS
.set P_N,       PARAMS + 8
.set P_SIZE,    PARAMS + 16
.set P_CPUS,    PARAMS + 24
.set P_SEED,    PARAMS + 32
.set P_HOLD,    PARAMS + 40
.set P_SLICES,  PARAMS + 48
.set AP_BASE,   0x6000                 # SIPI vector 6
.set HEAP,      0x1000000              # 16 MiB: generated code, walked memory
.set APIC,      0xfee00000
.set DEBUGCON,  0xe9
.set BELL,      0xea
.set DEBUGEXIT, 0xf4
.set MAX_CPUS,  64
.set STACK,     1024                   # bytes a vCPU
.set SPURIOUS,  0x121                  # APIC on, vector 0x21; also what mmio reads back
#define LCG_A   6364136223846793005    /* Knuth's MMIX: = 1 mod 4, so full period mod every power of two */
#define LCG_C   1442695040888963407

.section .head,"ax"
.code32
.globl start32
start32:
        cli
        cld
        lgdt    [gdtr]
        mov     eax, 16
        mov     ds, eax
        mov     es, eax
        mov     ss, eax
        mov     edi, offset _bss_start
        mov     ecx, offset _bss_end
        sub     ecx, edi
        shr     ecx, 2
        xor     eax, eax
        rep     stosd
        /* identity map of 4 GiB with 2 MiB pages */
        mov     dword ptr [pml4], offset pdpt + 3
        mov     eax, offset pds + 3
        xor     ecx, ecx
1:      mov     [pdpt + ecx*8], eax
        add     eax, 0x1000
        inc     ecx
        cmp     ecx, 4
        jb      1b
        mov     eax, 0x83
        xor     ecx, ecx
2:      mov     [pds + ecx*8], eax
        add     eax, 0x200000
        inc     ecx
        cmp     ecx, 2048
        jb      2b
        mov     esp, offset stacks + STACK
        mov     eax, offset main64
long_mode:                             /* eax: the 64-bit address to continue at; other vCPUs come here too */
        mov     edx, cr4
        or      edx, 0x620             # PAE, OSFXSR, OSXMMEXCPT
        mov     cr4, edx
        mov     edx, offset pml4
        mov     cr3, edx
        mov     ebx, eax
        mov     ecx, 0xc0000080        # EFER.LME
        rdmsr
        or      eax, 0x100
        wrmsr
        mov     eax, cr0
        and     eax, 0x9ffffff3        # CD, NW, EM, TS off
        or      eax, 0x80010003        # PG, WP, MP, PE
        mov     cr0, eax
        push    24
        push    ebx
        retf

.balign 8, 0xcc
gdt:    .quad   0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00af9a000000ffff
gdtr:   .word   . - gdt - 1
        .long   gdt

/* ---- the other vCPUs: real mode code, copied to AP_BASE ---- */
.code16
ap16:   cli
        xor     ax, ax
        mov     ds, ax
        lgdtd   [AP_GDTR]
        mov     eax, cr0
        or      al, 1
        mov     cr0, eax
        .byte   0x66, 0xea             # ljmp 8:ap32, spelt out: assemblers disagree on its syntax
        .long   ap32
        .word   8
ap_gdtr:.word   31
        .long   gdt
ap16_end:
.set AP_GDTR, AP_BASE + (ap_gdtr - ap16)
.code32
ap32:   mov     eax, 16
        mov     ds, eax
        mov     es, eax
        mov     ss, eax
        mov     eax, 1
        lock xadd [ap_count], eax
        inc     eax                    # my index: 1, 2, ... in order of arrival
        mov     edi, eax               # kept through long_mode
        inc     eax
        imul    eax, eax, STACK
        lea     esp, [stacks + eax]
        mov     eax, offset ap64
        jmp     long_mode

.code64
ap64:   lidt    [idtr]
        mov     r15d, edi
        xor     r14d, r14d             # rounds done
        lock inc qword ptr [ap_ready]
1:      pause
        cmp     [go], r14d
        je      1b
        inc     r14d
        mov     r13, [P_N]
        mov     r8, [P_SEED]
        add     r8, r15
        call    [smp_fn]
        lock add [shared_], rax
        lock inc qword ptr [ap_done]
        jmp     1b

/* ---- the first vCPU ---- */
main64: mov     ecx, 34                # IDT: 32 exceptions, timer, IPI; a 16-byte stub each
        mov     edi, offset idt
        mov     eax, offset vectors
1:      mov     [rdi], ax
        mov     dword ptr [rdi+2], 0x8e000018
        mov     edx, eax
        shr     edx, 16
        mov     [rdi+6], dx
        add     edi, 16
        add     eax, 16
        loop    1b
        lidt    [idtr]
        mov     al, 0xff               # mask both PICs
        out     0x21, al
        out     0xa1, al
        mov     edi, APIC
        mov     dword ptr [rdi + 0xf0], SPURIOUS
        mov     rbx, [P_WORK]
        mov     r13, [P_N]
        mov     r14, [P_SIZE]
        mov     r15, [P_CPUS]
        cmp     r15, 1
        adc     r15, 0                 # 0 means 1
        cmp     rbx, offset NWORK
        jae     bad
        test    rbx, rbx
        jz      2f
        test    r13, r13               # every workload but none counts n down to 0
        jz      bad
2:      shl     ebx, 4
        mov     rax, [table + rbx]     # prepare: not timed
        test    rax, rax
        jz      3f
        call    rax
3:      mov     al, 'B'
        call    head
        mov     ebp, PARAMS
        mov     rax, [rbp]
        call    hex
        mov     rax, [rbp+8]
        call    hex
        mov     rax, [rbp+16]
        call    hex
        mov     rax, [rbp+24]
        call    hex
        mov     rax, [rbp+32]
        call    hex
        mov     rax, [rbp+48]
        call    hex
        xor     eax, eax               # the time stamp counter does not know its own frequency
        call    hex
        call    newline
        mov     rbp, [P_SLICES]
slice:  mov     r13, [P_N]
        mov     r8, [P_SEED]
        xor     r9d, r9d
        call    ticks
        mov     [t0], rax
        call    [table + rbx + 8]      # the work; checksum in rax
        push    rax
        call    ticks
        sub     rax, [t0]
        push    rax
        mov     al, 'E'
        call    head
        pop     rax
        call    hex
        pop     rax
        call    hex
        call    newline
        dec     rbp
        jg      slice
        mov     al, 0x10
        cmp     dword ptr [P_HOLD], 0
        je      leave_
        out     BELL, al
        jmp     stop                   # stay for questions over QMP; accelkit ends QEMU
leave_: out     DEBUGEXIT, al
stop:   cli                            # from QEMU 10.0 on the exit comes a little later: do nothing meanwhile
        hlt
        jmp     stop
bad:    mov     al, 0x11
        jmp     leave_

ticks:  lfence
        rdtsc
        shl     rdx, 32
        or      rax, rdx
        ret
head:   push    rax
        mov     rsi, offset tag
        mov     ecx, 4
        mov     edx, DEBUGCON
        rep     outsb
        pop     rax
        out     dx, al
        ret
hex:    mov     rdx, rax               # " " and 16 hex digits
        mov     al, ' '
        out     DEBUGCON, al
        mov     ecx, 16
1:      rol     rdx, 4
        mov     al, dl
        and     al, 15
        add     al, '0'
        cmp     al, '9'
        jbe     2f
        add     al, 'a' - '9' - 1
2:      out     DEBUGCON, al
        loop    1b
        ret
newline:mov     al, 10
        out     DEBUGCON, al
        ret
tag:    .ascii  "AK1 "

/* ---- interrupts ---- */
.balign 16, 0xcc
vectors:.set v, 0
.rept 34
        .balign 16, 0xcc
  .if !(v == 8 || (v >= 10 && v <= 14) || v == 17)
        push    0                      # where the CPU pushes no error code
  .endif
        push    v
  .if v == 3
        jmp     isr_int3
  .elseif v >= 0x20
        jmp     isr_count
  .else
        jmp     isr_fatal
  .endif
  .set v, v + 1
.endr
.balign 16, 0xcc
isr_int3:
        inc     r9
        add     rsp, 16
        iretq
isr_count:
        inc     r9
        push    rdi
        mov     edi, APIC
        mov     dword ptr [rdi + 0xb0], 0          # end of interrupt
        pop     rdi
        add     rsp, 16
        iretq
isr_fatal:
        mov     al, 'X'
        call    head
        mov     rax, [rsp]
        call    hex
        mov     rax, [rsp+8]
        call    hex
        mov     rax, [rsp+16]
        call    hex
        mov     rax, cr2
        call    hex
        call    newline
        mov     al, 0x12
        jmp     leave_

/* ---- workloads: r8 seed, r13 n, r14 size, r15 vCPUs; r9 counts interrupts; rax answers.
 *      Neither prepare nor work may change rbx, rbp, r14, r15. ---- */
.balign 8, 0xcc
table:  .quad   0,          w_none       #  0 the start-up floor
        .quad   0,          w_cpu        #  1 integer arithmetic
        .quad   0,          w_fp         #  2 double precision
        .quad   p_memory,   w_memory     #  3 reads and writes, one line after the other
        .quad   p_random,   w_random     #  4 dependent reads in random order
        .quad   p_chain,    w_chain      #  5 size translation blocks, each jumping to the next
        .quad   p_indirect, w_indirect   #  6 size functions called in random order
        .quad   0,          w_io         #  7 port reads
        .quad   0,          w_mmio       #  8 device register reads
        .quad   0,          w_exc        #  9 exceptions, with the return from each
        .quad   0,          w_ipi        # 10 interrupts that the vCPU sends to itself
        .quad   p_timer,    w_timer      # 11 halts until the next timer interrupt
        .quad   p_smc,      w_smc        # 12 self-modifying code
        .quad   p_smp,      w_smp        # 13 cpu on every vCPU
        .quad   p_smplock,  w_smp        # 14 atomic adds to one word on every vCPU
        .quad   0,          w_hang       # 15 never ends, busy
        .quad   0,          stop         # 16 never ends, idle
        .quad   0,          w_triple     # 17 triple fault
        .quad   0,          w_flood      # 18 endless output
        .quad   0,          w_fault      # 19 page fault
table_end:
.set NWORK, (table_end - table) / 16

w_none: xor     eax, eax
        ret

.balign 64, 0xcc
w_cpu:  lea     rax, [r8 + 1]          # xorshift64 (never 0) beside a linear congruence
        mov     rdx, r8
        movabs  r10, LCG_A
        movabs  r11, LCG_C
1:      mov     rcx, rax
        shl     rcx, 13
        xor     rax, rcx
        mov     rcx, rax
        shr     rcx, 7
        xor     rax, rcx
        mov     rcx, rax
        shl     rcx, 17
        xor     rax, rcx
        imul    rdx, r10
        add     rdx, r11
        dec     r13
        jnz     1b
        xor     rax, rdx
        ret

.balign 64, 0xcc
w_fp:   xor     eax, eax               # blocks of up to 1024 steps, each from the same start
        mov     edx, 1
        cvtsi2sd xmm0, edx
        lea     rdx, [r8 + 1]
1:      mov     ecx, 1024
        cmp     r13, rcx
        cmovb   rcx, r13
        sub     r13, rcx
        cvtsi2sd xmm1, rdx
        movapd  xmm2, xmm0
        xorpd   xmm3, xmm3
2:      addsd   xmm1, xmm0             # a += 1
        mulsd   xmm2, xmm1
        sqrtsd  xmm2, xmm2
        addsd   xmm2, xmm0             # x = sqrt(x * a) + 1
        movapd  xmm4, xmm1
        divsd   xmm4, xmm2
        addsd   xmm3, xmm4             # s += a / x
        dec     ecx
        jnz     2b
        movq    rcx, xmm3
        add     rax, rcx
        test    r13, r13
        jnz     1b
        ret

p_memory:                              /* line i holds seed + i */
        mov     rdi, HEAP
        lea     rdx, [rdi + r14]
        mov     rax, [P_SEED]
1:      mov     [rdi], rax
        inc     rax
        add     rdi, 64
        cmp     rdi, rdx
        jb      1b
        ret
.balign 64, 0xcc
w_memory:                              /* n passes over size bytes; a slice continues where the previous one ended */
        xor     eax, eax
1:      mov     rdi, HEAP
        lea     rdx, [rdi + r14]
2:      add     rax, [rdi]
        inc     qword ptr [rdi]
        add     rdi, 64
        cmp     rdi, rdx
        jb      2b
        dec     r13
        jnz     1b
        ret

p_random:                              /* word j holds (A*j + C) mod words: one cycle through all of them */
        mov     rdi, HEAP
        mov     rsi, r14
        shr     rsi, 3
        dec     rsi
        movabs  r10, LCG_A
        movabs  rax, LCG_C
        xor     ecx, ecx
1:      mov     rdx, rax
        and     rdx, rsi
        mov     [rdi + rcx*8], rdx
        add     rax, r10
        inc     rcx
        cmp     rcx, rsi
        jbe     1b
        ret
.balign 64, 0xcc
w_random:
        mov     rdi, HEAP
        lea     rax, [r14 - 8]
        shr     rax, 3
        and     rax, r8
1:      mov     rax, [rdi + rax*8]
        dec     r13
        jnz     1b
        ret

.macro affine                          /* lea rax, [rax + rax*2 + (ecx mod 4096)] at rdi: 8 bytes */
        mov     edx, ecx
        and     edx, 4095
        mov     dword ptr [rdi], 0x40848d48
        mov     [rdi+4], edx
.endm
p_chain:mov     rdi, HEAP              # 16 bytes a block: affine; jmp to the next
        xor     ecx, ecx
1:      affine
        mov     byte ptr [rdi+8], 0xe9
        mov     dword ptr [rdi+9], 3
        add     rdi, 16
        inc     ecx
        cmp     ecx, r14d
        jb      1b
        mov     byte ptr [rdi], 0xc3
        ret
w_chain:mov     rax, r8
        mov     esi, HEAP
1:      call    rsi
        dec     r13
        jnz     1b
        ret

p_indirect:                            /* 16 bytes a function: affine; ret */
        mov     rdi, HEAP
        xor     ecx, ecx
1:      affine
        mov     byte ptr [rdi+8], 0xc3
        add     rdi, 16
        inc     ecx
        cmp     ecx, r14d
        jb      1b
        ret
.balign 64, 0xcc
w_indirect:
        mov     rax, r8
        mov     rcx, r8
        lea     rsi, [r14 - 1]
        movabs  r10, LCG_A
        movabs  r11, LCG_C
1:      mov     rdx, rcx
        and     rdx, rsi
        shl     rdx, 4
        add     rdx, HEAP
        call    rdx
        imul    rcx, r10
        add     rcx, r11
        dec     r13
        jnz     1b
        ret

w_io:   mov     rdx, r8                # isa-debugcon reads back 0xe9
        xor     eax, eax
1:      in      al, DEBUGCON
        add     rdx, rax
        dec     r13
        jnz     1b
        mov     rax, rdx
        ret
w_mmio: mov     edi, APIC
        mov     rax, r8
1:      mov     edx, [rdi + 0xf0]
        add     rax, rdx
        dec     r13
        jnz     1b
        ret
w_exc:  int3
        dec     r13
        jnz     w_exc
        lea     rax, [r9 + r8]
        ret
w_ipi:  mov     edi, APIC
        sti
1:      lea     r10, [r9 + 1]
        mov     dword ptr [rdi + 0x300], 0x40021   # to itself, fixed, vector 0x21
2:      cmp     r9, r10
        jb      2b
        dec     r13
        jnz     1b
        cli
        lea     rax, [r9 + r8]
        ret
p_timer:mov     edi, APIC
        mov     dword ptr [rdi + 0x3e0], 11        # divide by 1
        mov     dword ptr [rdi + 0x320], 0x20      # one shot, vector 0x20
        ret
w_timer:mov     edi, APIC
1:      mov     [rdi + 0x380], r14d
        sti
        hlt
        cli
        cmp     r9, r13
        jb      1b
        lea     rax, [r9 + r8]
        ret

p_smc:  mov     edi, HEAP              # mov eax, imm32; ret
        mov     byte ptr [rdi], 0xb8
        mov     byte ptr [rdi+5], 0xc3
        ret
w_smc:  mov     esi, HEAP
        mov     r10, r8
1:      movzx   edx, r13w
        mov     [rsi+1], edx
        call    rsi
        add     r10, rax
        dec     r13
        jnz     1b
        mov     rax, r10
        ret

p_smplock:
        mov     qword ptr [smp_fn], offset add_locked
        jmp     start_aps
p_smp:  mov     qword ptr [smp_fn], offset w_cpu
start_aps:
        cmp     r15, MAX_CPUS
        ja      bad
        mov     esi, offset ap16
        mov     edi, AP_BASE
        mov     ecx, offset ap16_end - ap16
        rep     movsb
        cmp     r15, 2
        jb      3f
        mov     edi, APIC
        mov     dword ptr [rdi + 0x300], 0xc4500   # INIT to all others
        mov     ecx, 1000
1:      pause
        loop    1b
        mov     dword ptr [rdi + 0x300], 0xc4600 + AP_BASE / 4096
        lea     rdx, [r15 - 1]
2:      pause
        cmp     [ap_ready], rdx
        jb      2b
3:      ret
w_smp:  mov     qword ptr [shared_], 0
        mov     qword ptr [ap_done], 0
        lock inc dword ptr [go]
        call    [smp_fn]
        lock add [shared_], rax
        lea     rdx, [r15 - 1]
1:      cmp     [ap_done], rdx
        jae     2f
        pause
        jmp     1b
2:      mov     rax, [shared_]
        ret
.balign 64, 0xcc
add_locked:
        lock inc qword ptr [shared_]
        dec     r13
        jnz     add_locked
        mov     rax, r8
        ret

w_hang: jmp     w_hang
w_triple:
        lidt    [zero]
        int3
w_flood:mov     al, 'f'
1:      out     DEBUGCON, al
        jmp     1b
w_fault:movabs  rax, 0x123456789000
        mov     rax, [rax]
        ret

.section .data
.balign 8
idtr:   .word   34*16 - 1
        .quad   idt
zero:   .word   0
        .quad   0

.section .bss
.balign 4096
pml4:   .skip   4096
pdpt:   .skip   4096
pds:    .skip   4*4096
idt:    .skip   34*16
t0:     .skip   8
smp_fn: .skip   8
ap_ready:.skip  8
ap_count:.skip  8
.balign 64
ap_done:.skip   8
.balign 64
go:     .skip   8
.balign 64
shared_:.skip   8
.balign 64
stacks: .skip   MAX_CPUS * STACK
