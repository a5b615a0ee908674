/*
 * Starts a program many times for the price of one dynamic link.
 *
 * Preloaded, this stops the program after the dynamic linker has done its work and before any of
 * the program's own code has run. It then reads requests from fd FORKSERVER_IN. For each it forks;
 * the child goes on as the real program, with the words of the request in place of the last of the
 * "@" in its argument list ("-S", which says the same however often it is said, in place of the
 * others) and with FORKSERVER_STDIN on its stdin. When the child is gone, its wait status is
 * written, in decimal and a newline, to fd FORKSERVER_OUT. End of input ends the server.
 *
 * A request is a number of bytes, in decimal and a newline, and then as many bytes: the words, each
 * ended by a NUL.
 *
 *     cc -O2 -shared -fPIC -o forkserver.so forkserver.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS_PER_RUN = 20 };

/* By hand: the C library's own would tie the object to a glibc newer than that of an old root. */
static int decimal(const char *text)
{
    int value = 0;

    while (*text >= '0' && *text <= '9') {
        value = 10 * value + (*text++ - '0');
    }
    return value;
}

static int descriptor(const char *name)
{
    const char *text = getenv(name);

    return text ? decimal(text) : -1;
}

/* The size of the next request, or -1 at the end of input. */
static int read_size(int fd)
{
    char digits[16];
    size_t n = 0;

    while (n + 1 < sizeof digits && read(fd, digits + n, 1) == 1) {
        if (digits[n] == '\n') {
            digits[n] = 0;
            return decimal(digits);
        }
        n++;
    }
    return -1;
}

static int read_all(int fd, char *bytes, int size)
{
    while (size > 0) {
        ssize_t n = read(fd, bytes, size);
        if (n <= 0) {
            return 0;
        }
        bytes += n;
        size -= n;
    }
    return 1;
}

__attribute__((constructor)) static void serve(int argc, char **argv)
{
    static char words[1 << 16];
    int in = descriptor("FORKSERVER_IN"), out = descriptor("FORKSERVER_OUT"), slots = 0, size;

    for (int i = 1; i < argc; i++) {
        slots += !strcmp(argv[i], "@");
    }
    if (!slots || in < 0 || out < 0) {
        return; /* another program in the same environment (chroot, env): run it as it is */
    }
    while ((size = read_size(in)) >= 0) {
        int status, pipes[2], count = 0;
        const char *input = getenv("FORKSERVER_STDIN");
        pid_t child;

        if (size > (int)sizeof words || !read_all(in, words, size)) {
            _exit(97);
        }
        for (int i = 0; i < size; i++) {
            count += !words[i];
        }
        if (count > slots || pipe(pipes) || write(pipes[1], input, strlen(input)) < 0) {
            _exit(98);
        }
        child = fork();
        if (child == 0) {
            char *word = words;

            dup2(pipes[0], 0);
            close(pipes[0]);
            close(pipes[1]);
            close(in);
            close(out);
            for (int i = argc - slots; i < argc - count; i++) {
                argv[i] = "-S";
            }
            for (int i = argc - count; i < argc; i++) {
                argv[i] = word;
                word += strlen(word) + 1;
            }
            alarm(SECONDS_PER_RUN);
            return;
        }
        close(pipes[0]);
        close(pipes[1]);
        waitpid(child, &status, 0);
        dprintf(out, "%d\n", status);
    }
    _exit(0);
}
