/* accelkit's measurement guest, AArch64, bare metal, EL1, for QEMU's virt machine. GNU as; no libc, no firmware.
 *
 * QEMU puts it, by -kernel, at RAM + 0x80000. It turns the MMU on (1 GiB blocks, RAM cached), runs ONE workload and
 * leaves. The workloads, their numbers and their checksums are those of ../x86_64/guest.S.
 *
 * In:   seven words at PARAMS, 8 bytes apart, put there by  -device loader,addr=...,data=...,data-len=4
 *         [0] workload id  [1] n  [2] size  [3] vCPUs  [4] seed  [5] hold  [6] slices
 *       0 vCPUs and 0 slices mean 1. Memory is zero at start, so no loader at all means workload 0, the start-up
 *       floor.
 * Out:  the PL011 UART: the lines of accelkit/guests/protocol.py.
 * Exit: by semihosting: status 33 done, 35 no such workload, 37 CPU exception;
 *       where there is none (KVM): PSCI SYSTEM_OFF, which makes QEMU exit with 0.
 *
 * The checksum of each workload is predicted by accelkit/guests/checksums.py: change both together.
 */
.equ RAM,      0x40000000
.equ PARAMS,   RAM + 0x200000           // above the image, below the device tree and the heap
.equ HEAP,     RAM + 0x1000000          // 16 MiB: generated code, walked memory
.equ UART,     0x09000000
.equ MAX_CPUS, 8                        // what the virt machine's default interrupt controller takes
.equ STACK,    1024                     // bytes a vCPU
.equ EC_SVC,   0x15
.equ BLOCK_DEVICE, 0x0060000000000401   // never executed, accessed, attribute 0
.equ BLOCK_NORMAL, 0x0000000000000705   // accessed, inner shareable, attribute 1

.text
.globl _start
_start: adrp    x0, tables              // identity map: 0 devices, 1 to 3 GiB memory
        add     x0, x0, :lo12:tables
        ldr     x1, =BLOCK_DEVICE
        str     x1, [x0], #8
        ldr     x1, =BLOCK_NORMAL + RAM
        mov     x2, #3
        mov     x3, #RAM
1:      str     x1, [x0], #8
        add     x1, x1, x3
        subs    x2, x2, #1
        b.ne    1b
        mov     x27, #0
        bl      core_on
        ldr     x28, =PARAMS
        ldr     w19, [x28, #8]          // n
        ldr     w20, [x28, #16]         // size
        ldr     w21, [x28, #24]         // vCPUs: 0 means 1
        cmp     x21, #1
        csinc   x21, x21, xzr, hs
        ldr     w22, [x28, #32]         // seed
        ldr     w24, [x28, #48]         // slices
        ldr     w0, [x28]
        cmp     x0, #(table_end - table) / 8
        b.hs    bad
        cbz     x0, 1f
        cbz     x19, bad                // every workload but none counts n down to 0
1:      adr     x23, table
        add     x23, x23, x0, lsl #3
        mov     w0, #0x301              // UART, transmitter and receiver on
        ldr     x1, =UART
        str     w0, [x1, #0x30]
        ldr     w0, [x23]               // prepare: not timed
        cbz     w0, 2f
        bl      run
2:      mov     w0, #'B'
        bl      head
        ldr     w0, [x28]
        bl      hex
        mov     x0, x19
        bl      hex
        mov     x0, x20
        bl      hex
        ldr     w0, [x28, #24]
        bl      hex
        mov     x0, x22
        bl      hex
        mov     x0, x24
        bl      hex
        mrs     x0, cntfrq_el0
        bl      hex
        bl      newline
slice:  mov     x27, #0
        isb
        mrs     x25, cntvct_el0
        ldr     w0, [x23, #4]
        bl      run                     // the work; checksum in x0
        isb
        mrs     x1, cntvct_el0
        sub     x25, x1, x25
        mov     x26, x0
        mov     w0, #'E'
        bl      head
        mov     x0, x25
        bl      hex
        mov     x0, x26
        bl      hex
        bl      newline
        subs    x24, x24, #1
        b.gt    slice
        mov     x2, #33
        ldr     w0, [x28, #40]
        cbz     w0, leave
        adr     x18, stop               // stay for questions over QMP; accelkit ends QEMU
        adr     x1, tag                 // a byte, whichever
        mov     w0, #3                  // SYS_WRITEC
        hlt     #0xf000
        b       stop
leave:  adr     x18, off                // where semihosting is missing, hlt is an exception: see fatal
        adr     x1, semihosting
        str     x2, [x1, #8]
        mov     w0, #0x18               // SYS_EXIT
        hlt     #0xf000
off:    ldr     w0, =0x84000008         // PSCI SYSTEM_OFF
        hvc     #0
stop:   wfi
        b       stop
bad:    mov     x2, #35
        b       leave

run:    adr     x1, _start              // the code at offset w0, with n counted down in x10
        add     x9, x1, x0
        mov     x10, x19
        br      x9

core_on:                                // this vCPU, number x27: vectors, stack, floating point, MMU
        mov     x18, #0
        adrp    x0, vectors
        add     x0, x0, :lo12:vectors
        msr     vbar_el1, x0
        adrp    x0, stacks
        add     x0, x0, :lo12:stacks
        add     x1, x27, #1
        mov     x2, #STACK
        madd    x0, x1, x2, x0
        mov     sp, x0
        mov     x0, #(3 << 20)
        msr     cpacr_el1, x0
        mov     x0, #0xff00             // attribute 0: device; 1: write-back memory
        msr     mair_el1, x0
        ldr     x0, =0x200803519        // 39 bits, 4 KiB granule, cached walks, no upper half, 40-bit addresses
        msr     tcr_el1, x0
        adrp    x0, tables
        msr     ttbr0_el1, x0
        tlbi    vmalle1
        dsb     sy
        isb
        ldr     x0, =0x30d01805         // the bits that must be 1; caches and MMU on
        msr     sctlr_el1, x0
        isb
        ret

putc:   ldr     w13, [x9, #0x18]        // wait while the transmit queue is full
        tbnz    w13, #5, putc
        str     w12, [x9]
        ret
head:   mov     x14, x30
        ldr     x9, =UART
        adr     x10, tag
1:      ldrb    w12, [x10], #1
        cbz     w12, 2f
        bl      putc
        b       1b
2:      mov     w12, w0
        bl      putc
        ret     x14
hex:    mov     x14, x30                // " " and 16 hex digits
        ldr     x9, =UART
        mov     w12, #' '
        bl      putc
        mov     x10, #16
1:      ror     x0, x0, #60
        and     w12, w0, #15
        add     w12, w12, #'0'
        cmp     w12, #'9'
        b.ls    2f
        add     w12, w12, #('a' - '9' - 1)
2:      bl      putc
        subs    x10, x10, #1
        b.ne    1b
        ret     x14
newline:mov     x14, x30
        ldr     x9, =UART
        mov     w12, #10
        bl      putc
        ret     x14
tag:    .asciz  "AK1 "
        .balign 8
semihosting:
        .quad   0x20026, 0              // ADP_Stopped_ApplicationExit, status

/* ---- workloads: x19 n (and x10, to count down), x20 size, x21 vCPUs, x22 seed; x27 counts exceptions; x0 answers.
 *      x0 to x17 are free. ---- */
.macro entry prepare, work
        .word   \prepare, \work - _start
.endm
        .balign 8
table:  entry   0,                   none       //  0
        entry   0,                   cpu        //  1
        entry   0,                   fp         //  2
        entry   p_memory - _start,   memory     //  3
        entry   p_random - _start,   random     //  4
        entry   p_chain - _start,    chain      //  5
        entry   p_indirect - _start, indirect   //  6
        entry   bad - _start,        bad        //  7 io: no ports here
        entry   0,                   mmio       //  8
        entry   0,                   exc        //  9
        entry   bad - _start,        bad        // 10 ipi: not here yet
        entry   bad - _start,        bad        // 11 timer: not here yet
        entry   0,                   smc        // 12
        entry   p_smp - _start,      smp        // 13
        entry   p_smplock - _start,  smp        // 14
        entry   0,                   hang       // 15
        entry   0,                   stop       // 16 halt
        entry   bad - _start,        bad        // 17 triple: no such thing here
        entry   0,                   flood      // 18
        entry   0,                   fault      // 19
table_end:

none:   mov     x0, #0
        ret

        .balign 64
cpu:    add     x0, x22, #1             // xorshift64 (never 0) beside a linear congruence
        mov     x1, x22
        ldr     x2, lcg_a
        ldr     x3, lcg_c
1:      eor     x0, x0, x0, lsl #13
        eor     x0, x0, x0, lsr #7
        eor     x0, x0, x0, lsl #17
        madd    x1, x1, x2, x3
        subs    x10, x10, #1
        b.ne    1b
        eor     x0, x0, x1
        ret
        .balign 8
lcg_a:  .quad   6364136223846793005     // Knuth's MMIX: = 1 mod 4, so full period mod every power of two
lcg_c:  .quad   1442695040888963407

        .balign 64
fp:     mov     x0, #0                  // blocks of up to 1024 steps, each from the same start
        fmov    d0, #1.0
        add     x1, x22, #1
1:      mov     x2, #1024
        cmp     x10, x2
        csel    x2, x10, x2, lo
        sub     x10, x10, x2
        ucvtf   d1, x1
        fmov    d2, d0
        fmov    d3, xzr
2:      fadd    d1, d1, d0              // a += 1
        fmul    d2, d2, d1
        fsqrt   d2, d2
        fadd    d2, d2, d0              // x = sqrt(x * a) + 1
        fdiv    d4, d1, d2
        fadd    d3, d3, d4              // s += a / x
        subs    x2, x2, #1
        b.ne    2b
        fmov    x2, d3
        add     x0, x0, x2
        cbnz    x10, 1b
        ret

p_memory:                               // line i holds seed + i
        ldr     x9, =HEAP
        add     x1, x9, x20
        mov     x0, x22
1:      str     x0, [x9], #64
        add     x0, x0, #1
        cmp     x9, x1
        b.lo    1b
        ret
        .balign 64
memory: mov     x0, #0                  // n passes over size bytes; a slice continues where the previous one ended
        ldr     x8, =HEAP
        add     x1, x8, x20
1:      mov     x9, x8
2:      ldr     x2, [x9]
        add     x0, x0, x2
        add     x2, x2, #1
        str     x2, [x9], #64
        cmp     x9, x1
        b.lo    2b
        subs    x10, x10, #1
        b.ne    1b
        ret

p_random:                               // word j holds (A*j + C) mod words: one cycle through all of them
        ldr     x9, =HEAP
        lsr     x1, x20, #3
        sub     x2, x1, #1
        ldr     x3, lcg_a
        ldr     x4, lcg_c
1:      and     x0, x4, x2
        str     x0, [x9], #8
        add     x4, x4, x3
        subs    x1, x1, #1
        b.ne    1b
        ret
        .balign 64
random: ldr     x9, =HEAP
        lsr     x1, x20, #3
        sub     x1, x1, #1
        and     x0, x22, x1
1:      ldr     x0, [x9, x0, lsl #3]
        subs    x10, x10, #1
        b.ne    1b
        ret

.macro affine                           // x0 = 3 * x0 + (w2 mod 4096) at x9: two instructions
        and     w6, w2, #0xfff
        orr     w6, w4, w6, lsl #10
        stp     w3, w6, [x9]
.endm
.macro affine_words
        ldr     w3, =0x8b000400         // add x0, x0, x0, lsl #1
        ldr     w4, =0x91000000         // add x0, x0, #...
.endm
p_chain:ldr     x9, =HEAP               // 16 bytes a block: affine; b to the next; a hole
        mov     w2, #0
        affine_words
        ldr     w5, =0x14000002
1:      affine
        str     w5, [x9, #8]
        add     x9, x9, #16
        add     w2, w2, #1
        cmp     w2, w20
        b.lo    1b
        ldr     w3, =0xd65f03c0         // ret
        str     w3, [x9]
        b       code_written
chain:  mov     x11, x30
        ldr     x9, =HEAP
        mov     x0, x22
1:      blr     x9
        subs    x10, x10, #1
        b.ne    1b
        ret     x11

p_indirect:                             // 16 bytes a function: affine; ret; a hole
        ldr     x9, =HEAP
        mov     w2, #0
        affine_words
        ldr     w5, =0xd65f03c0
1:      affine
        str     w5, [x9, #8]
        add     x9, x9, #16
        add     w2, w2, #1
        cmp     w2, w20
        b.lo    1b
code_written:                           // HEAP to x9: data seen by instruction fetch
        ldr     x0, =HEAP
        mov     x1, x0
1:      dc      cvau, x1
        add     x1, x1, #16
        cmp     x1, x9
        b.ls    1b
        dsb     ish
2:      ic      ivau, x0
        add     x0, x0, #16
        cmp     x0, x9
        b.ls    2b
        dsb     ish
        isb
        ret
        .balign 64
indirect:
        mov     x11, x30
        mov     x0, x22
        mov     x1, x22
        sub     x2, x20, #1
        ldr     x3, lcg_a
        ldr     x4, lcg_c
        ldr     x5, =HEAP
1:      and     x6, x1, x2
        add     x6, x5, x6, lsl #4
        blr     x6
        madd    x1, x1, x3, x4
        subs    x10, x10, #1
        b.ne    1b
        ret     x11

mmio:   ldr     x9, =UART
        mov     x0, x22
1:      ldr     w1, [x9, #0xfe0]        // UARTPeriphID0: 0x11
        add     x0, x0, x1
        subs    x10, x10, #1
        b.ne    1b
        ret
exc:    svc     #0
        subs    x10, x10, #1
        b.ne    exc
        add     x0, x27, x22
        ret

smc:    mov     x11, x30                // movz w0, #...; ret
        ldr     x9, =HEAP
        ldr     w3, =0x52800000
        ldr     w4, =0xd65f03c0
        mov     x5, x22
1:      and     w6, w10, #0xffff
        orr     w6, w3, w6, lsl #5
        stp     w6, w4, [x9]
        dc      cvau, x9
        dsb     ish
        ic      ivau, x9
        dsb     ish
        isb
        blr     x9
        add     x5, x5, x0
        subs    x10, x10, #1
        b.ne    1b
        mov     x0, x5
        ret     x11

p_smplock:
        adr     x8, add_locked
        b       start_cores
p_smp:  adr     x8, cpu
start_cores:                            // PSCI CPU_ON; each counts itself in shared.done when ready
        cmp     x21, #MAX_CPUS
        b.hi    bad
        adrp    x9, shared
        add     x9, x9, :lo12:shared
        str     x8, [x9, #smp_fn - shared]
        mov     x12, #1
1:      cmp     x12, x21
        b.hs    2f
        ldr     w0, =0xc4000003
        mov     x1, x12
        adr     x2, core
        mov     x3, x12
        hvc     #0
        add     x12, x12, #1
        b       1b
2:      sub     x1, x21, #1
3:      yield
        ldar    x0, [x9]
        cmp     x0, x1
        b.lo    3b
        ret
core:   mov     x27, x0                 // my index: 1, 2, ...
        bl      core_on
        ldr     x28, =PARAMS
        adrp    x16, shared
        add     x16, x16, :lo12:shared
        mov     x17, #0                 // rounds done
        mov     x15, #1
        bl      add_shared
1:      yield
        add     x9, x16, #go - shared
        ldar    x0, [x9]
        cmp     x0, x17
        b.eq    1b
        add     x17, x17, #1
        ldr     w10, [x28, #8]
        ldr     w22, [x28, #32]
        add     x22, x22, x27
        ldr     x9, [x16, #smp_fn - shared]
        blr     x9
        mov     x15, x0
        add     x16, x16, #sum - shared
        bl      add_shared
        sub     x16, x16, #sum - shared
        mov     x15, #1
        bl      add_shared
        b       1b
smp:    mov     x11, x30
        adrp    x16, shared
        add     x16, x16, :lo12:shared
        str     xzr, [x16]
        str     xzr, [x16, #sum - shared]
        add     x9, x16, #go - shared
        ldr     x0, [x9]
        add     x0, x0, #1
        stlr    x0, [x9]
        ldr     x9, [x16, #smp_fn - shared]
        blr     x9
        mov     x15, x0
        add     x16, x16, #sum - shared
        bl      add_shared
        sub     x16, x16, #sum - shared
        sub     x1, x21, #1
1:      ldar    x0, [x16]
        cmp     x0, x1
        b.hs    2f
        yield
        b       1b
2:      ldr     x0, [x16, #sum - shared]
        ret     x11
add_shared:                             // atomically: word at x16 += x15
        ldaxr   x13, [x16]
        add     x13, x13, x15
        stlxr   w14, x13, [x16]
        cbnz    w14, add_shared
        ret
        .balign 64
add_locked:
        adrp    x9, sum
        add     x9, x9, :lo12:sum
1:      ldaxr   x0, [x9]
        add     x0, x0, #1
        stlxr   w1, x0, [x9]
        cbnz    w1, 1b
        subs    x10, x10, #1
        b.ne    1b
        mov     x0, x22
        ret

hang:   b       hang
flood:  ldr     x9, =UART
        mov     w12, #'f'
1:      bl      putc
        b       1b
fault:  ldr     x0, =0x123456789000
        ldr     x0, [x0]
        ret

/* ---- exceptions ---- */
sync:   mrs     x16, esr_el1
        lsr     x16, x16, #26
        cmp     x16, #EC_SVC
        mov     x16, #4
        b.ne    fatal
        add     x27, x27, #1
        eret
fatal:  cbz     x18, 1f
        br      x18
1:      mov     x26, x16
        mov     w0, #'X'
        bl      head
        mov     x0, x26
        bl      hex
        mrs     x0, esr_el1
        bl      hex
        mrs     x0, elr_el1
        bl      hex
        mrs     x0, far_el1
        bl      hex
        bl      newline
        mov     x2, #37
        b       leave
        .ltorg
        .balign 2048
vectors:.set v, 0
        .rept 16
        .balign 128
        .if v == 4                      // synchronous, from this very level
        b       sync
        .else
        mov     x16, #v
        b       fatal
        .endif
        .set v, v + 1
        .endr

.bss
        .balign 4096
tables: .skip   4096
        .balign 64
shared: .skip   64                      // vCPUs ready, then: done with this round
go:     .skip   64                      // the round that is on
sum:    .skip   64
smp_fn: .skip   64
stacks: .skip   MAX_CPUS * STACK
