/* The guard for Linux on x86-64; process.py explains it. GNU as, no libc.   guard PARENT PROGRAM [ARGUMENT ...] */
.intel_syntax noprefix
.set WRITE,   1                        # numbers from arch/x86/entry/syscalls/syscall_64.tbl
.set EXECVE,  59
.set EXIT,    60
.set GETPPID, 110
.set PRCTL,   157
.set PR_SET_PDEATHSIG, 1
.set SIGKILL, 9

.globl _start
_start: mov     eax, PRCTL
        mov     edi, PR_SET_PDEATHSIG
        mov     esi, SIGKILL
        syscall
        mov     eax, GETPPID
        syscall
        mov     rsi, [rsp + 16]        # PARENT, in decimal
        xor     ecx, ecx
1:      movzx   edx, byte ptr [rsi]
        inc     rsi
        sub     edx, '0'
        js      2f                     # not a digit: the end
        imul    ecx, ecx, 10
        add     ecx, edx
        jmp     1b
2:      mov     edi, 1
        cmp     eax, ecx
        jne     leave_                 # the parent died before the request
        mov     rax, [rsp]             # argc
        lea     rdx, [rsp + 8*rax + 16]        # the environment
        lea     rsi, [rsp + 24]
        mov     rdi, [rsi]
        mov     eax, EXECVE
        syscall
        mov     rsi, [rsp + 24]        # execve returned: PROGRAM cannot be run
        mov     rdx, -1
3:      inc     rdx
        cmp     byte ptr [rsi + rdx], 0
        jne     3b
        mov     eax, WRITE
        mov     edi, 2
        syscall
        mov     eax, WRITE
        mov     edi, 2
        lea     rsi, [rip + text]
        mov     edx, offset size
        syscall
        mov     edi, 126
leave_: mov     eax, EXIT
        syscall
text:   .ascii  ": cannot be run\n"
.set size, . - text
