/* The guard for Linux on x86-64; process.py explains it, guard_in_python.py says the same in Python. GNU as, no libc.
   guard REPORT PARENT GRACE PROGRAM [ARGUMENT ...] */
.intel_syntax noprefix
.set READ,            0                # numbers from arch/x86/entry/syscalls/syscall_64.tbl
.set WRITE,           1
.set OPEN,            2
.set CLOSE,           3
.set RT_SIGACTION,    13
.set RT_SIGPROCMASK,  14
.set DUP2,            33
.set GETPID,          39
.set FORK,            57
.set EXECVE,          59
.set EXIT,            60
.set WAIT4,           61
.set KILL,            62
.set GETRUSAGE,       98
.set GETPPID,         110
.set SETSID,          112
.set RT_SIGTIMEDWAIT, 128
.set PRCTL,           157
.set CLOSE_RANGE,     436              # since Linux 5.9; on older ones the guard keeps the command's descriptors open
.set PR_SET_PDEATHSIG, 1               # include/uapi/linux/prctl.h
.set PR_SET_CHILD_SUBREAPER, 36
.set SIGKILL, 9
.set SIGTERM, 15
.set SIGCHLD, 17
.set SIGPWR,  30                       # ends the tree
.set SIG_SETMASK, 2
.set RUSAGE_CHILDREN, -1
.set WNOHANG, 1
.set INTERVAL, 200000000               # nanoseconds between two SIGTERMs
.set DELAY, 5                          # intervals before the first
.set NAMES, 64                         # at most so many names go into the report, which must fit into its pipe

/* The frame below the arguments, from rsp on. */
.set ZEROS,   0                        # 32 bytes: an empty set of signals; a sigaction of SIG_DFL
.set ALL,     32                       # the set of all signals
.set CHILDS,  40                       # the set of SIGCHLD
.set TIME,    48                       # a timespec of INTERVAL
.set STATUS,  64                       # of a process that was waited for
.set RECORD,  72                       # 152 bytes: four zeros, the status of the command, its rusage
.set PATH,    224                      # 32 bytes
.set NAME,    256                      # 32 bytes
.set LIST,    288                      # 4096 bytes
.set SIZE,    4384

/* rbp: the arguments; r12d: REPORT, then how many more names go into the report; r13d: GRACE; r14d: the command;
   r15d: whether what is ended was left behind; ebx: the guard, then how many processes it has just killed. */
.globl _start
_start: mov     rbp, rsp
        sub     rsp, SIZE
        mov     rsi, [rbp + 16]
        call    number
        mov     r12d, eax
        mov     rsi, [rbp + 32]
        call    number
        mov     r13d, eax
        xor     eax, eax
        mov     [rsp + ZEROS], rax
        mov     [rsp + ZEROS + 8], rax
        mov     [rsp + ZEROS + 16], rax
        mov     [rsp + ZEROS + 24], rax
        mov     [rsp + TIME], rax
        mov     qword ptr [rsp + TIME + 8], INTERVAL
        mov     qword ptr [rsp + ALL], -1
        mov     qword ptr [rsp + CHILDS], 1 << (SIGCHLD - 1)
        mov     dword ptr [rsp + RECORD], eax
        mov     dword ptr [rsp + RECORD + 4], SIGKILL  # of a command that could not even be killed

        mov     eax, SETSID
        syscall
        lea     rsi, [rsp + ALL]
        call    block
        mov     ebx, 64                # whatever signals the caller ignores: the command ignores none
1:      mov     edi, ebx
        lea     rsi, [rsp + ZEROS]
        xor     edx, edx
        mov     r10d, 8
        mov     eax, RT_SIGACTION
        syscall
        dec     ebx
        jnz     1b
        mov     edi, PR_SET_CHILD_SUBREAPER
        mov     esi, 1
        mov     eax, PRCTL
        syscall
        mov     edi, PR_SET_PDEATHSIG
        mov     esi, SIGPWR
        mov     eax, PRCTL
        syscall
        mov     rsi, [rbp + 24]
        call    number
        mov     ebx, eax
        mov     eax, GETPPID
        syscall
        cmp     eax, ebx
        jne     leave_                 # the parent died before the request
        mov     eax, GETPID
        syscall
        mov     ebx, eax
        mov     eax, FORK
        syscall
        test    eax, eax
        jz      command
        js      leave_                 # no report: as if it had been killed
        mov     r14d, eax
        mov     edi, r12d
        xor     esi, esi
        mov     eax, DUP2
        syscall
        mov     edi, 1                 # or nobody would see that the command has closed them
        mov     esi, -1
        xor     edx, edx
        mov     eax, CLOSE_RANGE
        syscall
        mov     r12d, NAMES

watch:  lea     rdi, [rsp + ALL]
        xor     edx, edx
        call    wait_
        test    eax, eax
        js      watch                  # interrupted
        cmp     eax, SIGCHLD
        je      2f
        cmp     eax, SIGPWR
        je      end_
        mov     esi, eax               # any other signal is meant for the command
        mov     edi, r14d
        mov     eax, KILL
        syscall
        jmp     watch
2:      mov     edi, -1
        mov     edx, WNOHANG
        call    reap
        cmp     eax, r14d
        je      ended
        test    eax, eax
        jg      2b
        jmp     watch

ended:  mov     r15d, 1
        test    r13d, r13d
        jz      clean
        jmp     report                 # podman has ended: leave conmon to remove its container

end_:   xor     r15d, r15d
        test    r13d, r13d
        jz      clean
        mov     ebx, -DELAY
3:      test    ebx, ebx
        js      4f
        xor     edi, edi               # to the whole group; the guard itself blocks it
        mov     esi, SIGTERM
        mov     eax, KILL
        syscall
4:      lea     rdi, [rsp + CHILDS]
        lea     rdx, [rsp + TIME]
        call    wait_
        mov     edi, r14d
        mov     edx, WNOHANG
        call    reap
        cmp     eax, r14d
        je      report
        inc     ebx
        cmp     ebx, r13d
        jl      3b

/* Kill all children; theirs become children of the guard, until there is none. */
clean:  mov     edi, -1
        mov     edx, WNOHANG
        call    reap
        test    eax, eax
        jg      clean
        js      report                 # no children
        lea     rdi, [rip + list]
        lea     rsi, [rsp + LIST]
        mov     edx, 4096
        call    content
        test    eax, eax
        js      report
        jz      clean                  # the kernel missed those that it was moving
        xor     ebx, ebx
        lea     r8, [rsp + LIST]
        lea     r9, [r8 + rax]
5:      mov     r10, r8                # the next number begins here
6:      cmp     r8, r9
        jae     8f                     # no space follows: the list was cut
        cmp     byte ptr [r8], ' '
        lea     r8, [r8 + 1]
        jne     6b
        mov     rsi, r10
        call    number
        mov     edi, eax
        mov     esi, SIGKILL
        mov     eax, KILL
        syscall
        test    eax, eax
        jz      7f
        call    name                   # it belongs to another user
        jmp     5b
7:      inc     ebx
        test    r15d, r15d
        jz      5b
        call    name
        jmp     5b
8:      test    ebx, ebx
        jz      report
9:      mov     edi, -1
        xor     edx, edx
        call    reap
        test    eax, eax
        js      report
        dec     ebx
        jnz     9b
        jmp     clean

report: mov     edi, RUSAGE_CHILDREN
        lea     rsi, [rsp + RECORD + 8]
        mov     eax, GETRUSAGE
        syscall
        xor     edi, edi
        lea     rsi, [rsp + RECORD]
        mov     edx, 152
        mov     eax, WRITE
        syscall
        xor     edi, edi               # the group: the guard, and what is left of a container's command
        mov     esi, SIGKILL
        mov     eax, KILL
        syscall
leave_: mov     edi, 1
        mov     eax, EXIT
        syscall

command:
        mov     edi, PR_SET_PDEATHSIG
        mov     esi, SIGKILL
        mov     eax, SIGTERM
        test    r13d, r13d
        cmovnz  esi, eax               # podman can pass this one on
        mov     eax, PRCTL
        syscall
        mov     eax, GETPPID
        syscall
        cmp     eax, ebx
        jne     leave_
        mov     edi, r12d
        mov     eax, CLOSE
        syscall
        lea     rsi, [rsp + ZEROS]
        call    block
        mov     rax, [rbp]             # argc
        lea     rdx, [rbp + 8*rax + 16]        # the environment
        lea     rsi, [rbp + 40]
        mov     rdi, [rsi]
        mov     eax, EXECVE
        syscall
        mov     rsi, [rbp + 40]        # execve returned: PROGRAM cannot be run
        mov     rdx, -1
1:      inc     rdx
        cmp     byte ptr [rsi + rdx], 0
        jne     1b
        mov     edi, 2
        mov     eax, WRITE
        syscall
        mov     edi, 2
        lea     rsi, [rip + text]
        mov     edx, offset size
        mov     eax, WRITE
        syscall
        mov     edi, 126
        mov     eax, EXIT
        syscall

/* eax: the decimal number at rsi. */
number: xor     eax, eax
1:      movzx   edx, byte ptr [rsi]
        inc     rsi
        sub     edx, '0'
        js      2f                     # not a digit: the end
        imul    eax, eax, 10
        add     eax, edx
        jmp     1b
2:      ret

/* Block the signals of the set at rsi, and no others. */
block:  mov     edi, SIG_SETMASK
        xor     edx, edx
        mov     r10d, 8
        mov     eax, RT_SIGPROCMASK
        syscall
        ret

/* eax: a signal of the set at rdi, as soon as there is one; at the end of the time at rdx a number below 0. */
wait_:  xor     esi, esi
        mov     r10d, 8
        mov     eax, RT_SIGTIMEDWAIT
        syscall
        ret

/* eax: a process among edi that has ended; 0 if none has, with WNOHANG in edx; below 0 without children. */
reap:   lea     rsi, [rsp + STATUS + 8]
        xor     r10d, r10d
        movsxd  rdi, edi
        mov     eax, WAIT4
        syscall
        cmp     eax, r14d
        jne     1f
        mov     ecx, [rsp + STATUS + 8]
        mov     [rsp + RECORD + 4 + 8], ecx
1:      ret

/* eax: the bytes of the file rdi, as many as were read to rsi, at most edx; below 0 if it cannot be opened. */
content:
        push    rsi
        push    rdx
        xor     esi, esi
        mov     eax, OPEN
        syscall
        pop     rdx
        pop     rsi
        test    eax, eax
        js      1f
        mov     edi, eax
        xor     eax, eax               # READ
        syscall
        push    rax
        mov     eax, CLOSE
        syscall
        pop     rax
1:      ret

/* Report the name of the process whose number begins at r10, behind a '!' unless eax is 0. */
name:   dec     r12d
        js      3f
        test    eax, eax
        jz      1f
        xor     edi, edi
        lea     rsi, [rip + mark]
        mov     edx, 1
        mov     eax, WRITE
        syscall
1:      lea     rdi, [rsp + PATH + 8]
        mov     dword ptr [rdi], 0x6f72702f    # "/pro"
        mov     word ptr [rdi + 4], 0x2f63     # "c/"
        add     rdi, 6
2:      mov     al, [r10]
        inc     r10
        mov     [rdi], al
        inc     rdi
        cmp     al, ' '
        jne     2b
        mov     dword ptr [rdi - 1], 0x6d6f632f        # "/com"
        mov     word ptr [rdi + 3], 'm'
        lea     rdi, [rsp + PATH + 8]
        lea     rsi, [rsp + NAME + 8]
        mov     edx, 32
        call    content
        test    eax, eax
        jle     3f
        mov     edx, eax
        xor     edi, edi
        lea     rsi, [rsp + NAME + 8]
        mov     eax, WRITE
        syscall
3:      ret

list:   .asciz  "/proc/thread-self/children"
mark:   .ascii  "!"
text:   .ascii  ": cannot be run\n"
.set size, . - text
