/* The guard for Linux on aarch64; process.py explains it, guard_in_python.py says the same in Python. GNU as, no libc.
   guard REPORT PARENT GRACE PROGRAM [ARGUMENT ...] */
.set DUP3,            24               // numbers from include/uapi/asm-generic/unistd.h
.set OPENAT,          56
.set CLOSE,           57
.set READ,            63
.set WRITE,           64
.set EXIT,            93
.set KILL,            129
.set RT_SIGACTION,    134
.set RT_SIGPROCMASK,  135
.set RT_SIGTIMEDWAIT, 137
.set SETSID,          157
.set GETRUSAGE,       165
.set PRCTL,           167
.set GETPID,          172
.set GETPPID,         173
.set CLONE,           220
.set EXECVE,          221
.set WAIT4,           260
.set CLOSE_RANGE,     436              // since Linux 5.9; on older ones the guard keeps the command's descriptors open
.set PR_SET_PDEATHSIG, 1               // include/uapi/linux/prctl.h
.set PR_SET_CHILD_SUBREAPER, 36
.set SIGKILL, 9
.set SIGTERM, 15
.set SIGCHLD, 17
.set SIGPWR,  30                       // ends the tree
.set SIG_SETMASK, 2
.set RUSAGE_CHILDREN, -1
.set WNOHANG, 1
.set INTERVAL, 200000000               // nanoseconds between two SIGTERMs
.set DELAY, 5                          // intervals before the first
.set NAMES, 64                         // at most so many names go into the report, which must fit into its pipe

/* The frame below the arguments, from sp on. */
.set ZEROS,   0                        // 32 bytes: an empty set of signals; a sigaction of SIG_DFL
.set ALL,     32                       // the set of all signals
.set CHILDS,  40                       // the set of SIGCHLD
.set TIME,    48                       // a timespec of INTERVAL
.set STATUS,  64                       // of a process that was waited for
.set RECORD,  72                       // 152 bytes: four zeros, the status of the command, its rusage
.set PATH,    224                      // 32 bytes
.set NAME,    256                      // 32 bytes
.set LIST,    288                      // 4096 bytes, and 16 to spare
.set SIZE,    4400

/* x19: the arguments; w20: REPORT, then how many more names go into the report; w21: GRACE; w22: the command;
   w23: whether what is ended was left behind; w24: the guard, then how many processes it has just killed;
   x25 to x27: places in LIST; x28: a return address. */
.globl _start
_start: mov     x19, sp
        sub     sp, sp, #4096          // as an immediate holds no more
        sub     sp, sp, #SIZE - 4096
        ldr     x1, [x19, #16]
        bl      number
        mov     w20, w0
        ldr     x1, [x19, #32]
        bl      number
        mov     w21, w0
        stp     xzr, xzr, [sp, #ZEROS]
        stp     xzr, xzr, [sp, #ZEROS + 16]
        mov     x0, #-1
        mov     x1, #1 << (SIGCHLD - 1)
        stp     x0, x1, [sp, #ALL]
        ldr     x0, =INTERVAL
        stp     xzr, x0, [sp, #TIME]
        mov     w0, #SIGKILL           // of a command that could not even be killed
        str     wzr, [sp, #RECORD]
        str     w0, [sp, #RECORD + 4]

        mov     x8, #SETSID
        svc     #0
        add     x1, sp, #ALL
        bl      block
        mov     w24, #64               // whatever signals the caller ignores: the command ignores none
1:      mov     w0, w24
        add     x1, sp, #ZEROS
        mov     x2, #0
        mov     x3, #8
        mov     x8, #RT_SIGACTION
        svc     #0
        subs    w24, w24, #1
        b.ne    1b
        mov     x0, #PR_SET_CHILD_SUBREAPER
        mov     x1, #1
        mov     x8, #PRCTL
        svc     #0
        mov     x0, #PR_SET_PDEATHSIG
        mov     x1, #SIGPWR
        mov     x8, #PRCTL
        svc     #0
        ldr     x1, [x19, #24]
        bl      number
        mov     w24, w0
        mov     x8, #GETPPID
        svc     #0
        cmp     w0, w24
        b.ne    leave                  // the parent died before the request
        mov     x8, #GETPID
        svc     #0
        mov     w24, w0
        mov     x0, #SIGCHLD           // as fork
        mov     x1, #0
        mov     x2, #0
        mov     x3, #0
        mov     x4, #0
        mov     x8, #CLONE
        svc     #0
        cbz     w0, command
        tbnz    w0, #31, leave         // no report: as if it had been killed
        mov     w22, w0
        mov     w0, w20
        mov     x1, #0
        mov     x2, #0
        mov     x8, #DUP3
        svc     #0
        mov     x0, #1                 // or nobody would see that the command has closed them
        mov     w1, #-1
        mov     x2, #0
        mov     x8, #CLOSE_RANGE
        svc     #0
        mov     w20, #NAMES

watch:  add     x0, sp, #ALL
        mov     x2, #0
        bl      wait
        tbnz    w0, #31, watch         // interrupted
        cmp     w0, #SIGCHLD
        b.eq    2f
        cmp     w0, #SIGPWR
        b.eq    end
        mov     w1, w0                 // any other signal is meant for the command
        mov     w0, w22
        mov     x8, #KILL
        svc     #0
        b       watch
2:      mov     x0, #-1
        mov     x2, #WNOHANG
        bl      reap
        cmp     w0, w22
        b.eq    ended
        cmp     w0, #0
        b.gt    2b
        b       watch

ended:  mov     w23, #1
        cbz     w21, clean
        b       report                 // podman has ended: leave conmon to remove its container

end:    mov     w23, #0
        cbz     w21, clean
        mov     w24, #-DELAY
3:      tbnz    w24, #31, 4f
        mov     x0, #0                 // to the whole group; the guard itself blocks it
        mov     x1, #SIGTERM
        mov     x8, #KILL
        svc     #0
4:      add     x0, sp, #CHILDS
        add     x2, sp, #TIME
        bl      wait
        sxtw    x0, w22
        mov     x2, #WNOHANG
        bl      reap
        cmp     w0, w22
        b.eq    report
        add     w24, w24, #1
        cmp     w24, w21
        b.lt    3b

/* Kill all children; theirs become children of the guard, until there is none. */
clean:  mov     x0, #-1
        mov     x2, #WNOHANG
        bl      reap
        cmp     w0, #0
        b.gt    clean
        b.lt    report                 // no children
        adr     x1, list
        add     x2, sp, #LIST
        mov     x3, #4096
        bl      content
        cmp     w0, #0
        b.lt    report
        b.eq    clean                  // the kernel missed those that it was moving
        mov     w24, #0
        add     x25, sp, #LIST
        add     x26, x25, w0, uxtw
5:      mov     x27, x25               // the next number begins here
6:      cmp     x25, x26
        b.hs    8f                     // no space follows: the list was cut
        ldrb    w0, [x25], #1
        cmp     w0, #' '
        b.ne    6b
        mov     x1, x27
        bl      number
        mov     x1, #SIGKILL
        mov     x8, #KILL
        svc     #0
        cbz     w0, 7f
        bl      name                   // it belongs to another user
        b       5b
7:      add     w24, w24, #1
        cbz     w23, 5b
        bl      name
        b       5b
8:      cbz     w24, report
9:      mov     x0, #-1
        mov     x2, #0
        bl      reap
        tbnz    w0, #31, report
        subs    w24, w24, #1
        b.ne    9b
        b       clean

report: mov     x0, #RUSAGE_CHILDREN
        add     x1, sp, #RECORD + 8
        mov     x8, #GETRUSAGE
        svc     #0
        mov     x0, #0
        add     x1, sp, #RECORD
        mov     x2, #152
        mov     x8, #WRITE
        svc     #0
        mov     x0, #0                 // the group: the guard, and what is left of a container's command
        mov     x1, #SIGKILL
        mov     x8, #KILL
        svc     #0
leave:  mov     x0, #1
        mov     x8, #EXIT
        svc     #0

command:
        mov     x0, #PR_SET_PDEATHSIG
        mov     x1, #SIGKILL
        mov     x2, #SIGTERM
        cmp     w21, #0
        csel    x1, x1, x2, eq         // podman can pass this one on
        mov     x8, #PRCTL
        svc     #0
        mov     x8, #GETPPID
        svc     #0
        cmp     w0, w24
        b.ne    leave
        mov     w0, w20
        mov     x8, #CLOSE
        svc     #0
        add     x1, sp, #ZEROS
        bl      block
        ldr     x0, [x19]              // argc
        add     x2, x19, x0, lsl #3
        add     x2, x2, #16            // the environment
        add     x1, x19, #40
        ldr     x0, [x1]
        mov     x8, #EXECVE
        svc     #0
        ldr     x1, [x19, #40]         // execve returned: PROGRAM cannot be run
        mov     x2, #-1
1:      add     x2, x2, #1
        ldrb    w3, [x1, x2]
        cbnz    w3, 1b
        mov     x0, #2
        mov     x8, #WRITE
        svc     #0
        mov     x0, #2
        adr     x1, text
        mov     x2, #size
        mov     x8, #WRITE
        svc     #0
        mov     x0, #126
        mov     x8, #EXIT
        svc     #0

/* w0: the decimal number at x1. */
number: mov     w0, #0
        mov     w4, #10
1:      ldrb    w3, [x1], #1
        subs    w3, w3, #'0'
        b.mi    2f                     // not a digit: the end
        madd    w0, w0, w4, w3
        b       1b
2:      ret

/* Block the signals of the set at x1, and no others. */
block:  mov     x0, #SIG_SETMASK
        mov     x2, #0
        mov     x3, #8
        mov     x8, #RT_SIGPROCMASK
        svc     #0
        ret

/* w0: a signal of the set at x0, as soon as there is one; at the end of the time at x2 a number below 0. */
wait:   mov     x1, #0
        mov     x3, #8
        mov     x8, #RT_SIGTIMEDWAIT
        svc     #0
        ret

/* w0: a process among x0 that has ended; 0 if none has, with WNOHANG in x2; below 0 without children. */
reap:   add     x1, sp, #STATUS
        mov     x3, #0
        mov     x8, #WAIT4
        svc     #0
        cmp     w0, w22
        b.ne    1f
        ldr     w1, [sp, #STATUS]
        str     w1, [sp, #RECORD + 4]
1:      ret

/* w0: the bytes of the file x1, as many as were read to x2, at most x3; below 0 if it cannot be opened. */
content:
        mov     x5, x2
        mov     x6, x3
        mov     x0, #-100              // AT_FDCWD
        mov     x2, #0
        mov     x3, #0
        mov     x8, #OPENAT
        svc     #0
        tbnz    w0, #31, 1f
        mov     w7, w0
        mov     x1, x5
        mov     x2, x6
        mov     x8, #READ
        svc     #0
        mov     w5, w0
        mov     w0, w7
        mov     x8, #CLOSE
        svc     #0
        mov     w0, w5
1:      ret

/* Report the name of the process whose number begins at x27, behind a '!' unless w0 is 0. */
name:   mov     x28, x30
        subs    w20, w20, #1
        b.mi    3f
        cbz     w0, 1f
        mov     x0, #0
        adr     x1, mark
        mov     x2, #1
        mov     x8, #WRITE
        svc     #0
1:      add     x1, sp, #PATH
        adr     x2, proc
        ldr     w3, [x2]
        str     w3, [x1], #4
        ldrh    w3, [x2, #4]
        strh    w3, [x1], #2
2:      ldrb    w3, [x27], #1
        strb    w3, [x1], #1
        cmp     w3, #' '
        b.ne    2b
        adr     x2, comm
        ldr     w3, [x2]
        stur    w3, [x1, #-1]
        ldrh    w3, [x2, #4]
        sturh   w3, [x1, #3]
        add     x1, sp, #PATH
        add     x2, sp, #NAME
        mov     x3, #32
        bl      content
        cmp     w0, #0
        b.le    3f
        sxtw    x2, w0
        mov     x0, #0
        add     x1, sp, #NAME
        mov     x8, #WRITE
        svc     #0
3:      ret     x28

        .ltorg
proc:   .ascii  "/proc/  "
comm:   .asciz  "/comm"
        .balign 4
list:   .asciz  "/proc/thread-self/children"
mark:   .ascii  "!"
text:   .ascii  ": cannot be run\n"
.set size, . - text
