/* The guard for Linux on aarch64; process.py explains it. GNU as, no libc.   guard PARENT PROGRAM [ARGUMENT ...] */
.set WRITE,   64                       // numbers from include/uapi/asm-generic/unistd.h
.set EXIT,    93
.set PRCTL,   167
.set GETPPID, 173
.set EXECVE,  221
.set PR_SET_PDEATHSIG, 1
.set SIGKILL, 9

.globl _start
_start: mov     x8, #PRCTL
        mov     x0, #PR_SET_PDEATHSIG
        mov     x1, #SIGKILL
        svc     #0
        mov     x8, #GETPPID
        svc     #0
        ldr     x1, [sp, #16]          // PARENT, in decimal
        mov     w2, #0
        mov     w4, #10
1:      ldrb    w3, [x1], #1
        subs    w3, w3, #'0'
        b.mi    2f                     // not a digit: the end
        madd    w2, w2, w4, w3
        b       1b
2:      cmp     w0, w2
        mov     x0, #1
        b.ne    leave                  // the parent died before the request
        ldr     x0, [sp]               // argc
        add     x2, sp, x0, lsl #3
        add     x2, x2, #16            // the environment
        add     x1, sp, #24
        ldr     x0, [x1]
        mov     x8, #EXECVE
        svc     #0
        ldr     x1, [sp, #24]          // execve returned: PROGRAM cannot be run
        mov     x2, #-1
3:      add     x2, x2, #1
        ldrb    w3, [x1, x2]
        cbnz    w3, 3b
        mov     x8, #WRITE
        mov     x0, #2
        svc     #0
        mov     x8, #WRITE
        mov     x0, #2
        adr     x1, text
        mov     x2, #size
        svc     #0
        mov     x0, #126
leave:  mov     x8, #EXIT
        svc     #0
text:   .ascii  ": cannot be run\n"
.set size, . - text
