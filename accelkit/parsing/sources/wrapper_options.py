"""The programs that run the program behind them, and which options of theirs take a value. Pure.

Source: ``--help`` of GNU coreutils 9.1, util-linux 2.38, strace 6.1, systemd-run 252, Podman 4.3 and Docker 28.2; the other
programs were not asked. An option whose value may be left out takes no word: the value stands behind ``=``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Wrapper(NamedTuple):
    """A program that runs the program behind it."""

    short: str = ""
    """The letters of its short options that take a value."""
    long: frozenset[str] = frozenset()
    """Its long options that take a value as the next word."""
    operands: int = 0
    """How many words stand between its options and the program: timeout's duration, chroot's directory."""


def _wrapper(short: str = "", long: str = "", operands: int = 0) -> Wrapper:
    return Wrapper(short, frozenset(f"--{name}" for name in long.split()), operands)


CONTAINER: Final = _wrapper(
    "aceghlmpuvw",
    "add-host annotation arch attach authfile blkio-weight blkio-weight-device cap-add cap-drop cgroup-conf "
    "cgroup-parent cgroupns cgroups chrootdirs cidfile conmon-pidfile cpu-count cpu-percent cpu-period cpu-quota "
    "cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems creds decryption-key detach-keys device "
    "device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops dns dns-opt dns-option "
    "dns-search domainname entrypoint env env-file env-merge expose gidmap gpus group-add group-entry health-cmd "
    "health-interval health-on-failure health-retries health-start-interval health-start-period health-timeout "
    "hooks-dir hostname hostuser image-volume init-path io-maxbandwidth io-maxiops ip ip6 ipc isolation kernel-memory "
    "label label-file link link-local-ip log-driver log-opt mac-address memory memory-reservation memory-swap "
    "memory-swappiness mount name net net-alias network network-alias oom-score-adj os passwd-entry personality pid "
    "pidfile pids-limit platform pod pod-id-file preserve-fd preserve-fds publish pull requires restart rootfs-propagation "
    "runtime sdnotify seccomp-policy secret security-opt shm-size shm-size-systemd stop-signal stop-timeout "
    "storage-opt subgidname subuidname sysctl systemd timeout tmpfs tz uidmap ulimit umask unsetenv user userns "
    "uts variant volume volume-driver volumes-from workdir",
)

WRAPPERS: Final[Mapping[str, Wrapper]] = {
    "sudo": _wrapper(
        "ugUhpCDRrtTc",
        "user group other-user host prompt close-from chdir chroot role type command-timeout login-class",
    ),
    "doas": _wrapper("uC"),
    "pkexec": _wrapper("", "user"),
    "env": _wrapper("uC", "unset chdir"),
    "exec": _wrapper("a"),
    "command": _wrapper(),
    "builtin": _wrapper(),
    "nohup": _wrapper(),
    "time": _wrapper("fo", "format output"),
    "timeout": _wrapper("ks", "kill-after signal", 1),
    "gtimeout": _wrapper("ks", "kill-after signal", 1),
    "nice": _wrapper("n", "adjustment"),
    "ionice": _wrapper("cnpPu", "class classdata"),
    "taskset": _wrapper("", "", 1),
    "numactl": _wrapper(
        "NCmipPw", "cpunodebind physcpubind membind interleave preferred preferred-many weighted-interleave"
    ),
    "chrt": _wrapper("TPD", "sched-runtime sched-period sched-deadline", 1),
    "setarch": _wrapper("", "", 1),
    "linux32": _wrapper(),
    "linux64": _wrapper(),
    "strace": _wrapper("aeEIoOpPsSuUXb", "argv0 output env user trace attach string-limit columns"),
    "ltrace": _wrapper("aAeDFlnopsuwx", "output"),
    "valgrind": _wrapper(),
    "heaptrack": _wrapper("o", "output"),
    "rr": _wrapper("oc", "output-trace-dir num-cores", 1),
    "perf": _wrapper(
        "eoFCrxIGDcmjMptu",
        "event output freq count cpu repeat field-separator interval-print call-graph delay cgroup metrics "
        "mmap-pages branch-filter pid tid",
        1,
    ),
    "systemd-run": _wrapper(
        "HMuptE",
        "host machine unit property description slice setenv uid gid nice working-directory service-type "
        "on-active on-boot on-startup on-unit-active on-unit-inactive on-calendar timer-property path-property "
        "socket-property background",
    ),
    "systemd-inhibit": _wrapper(),
    "systemd-nspawn": _wrapper("DMuijE", "directory machine user image bind bind-ro setenv"),
    "unshare": _wrapper(
        "SGRw",
        "setuid setgid root wd propagation map-user map-group map-users map-groups setgroups monotonic boottime",
    ),
    "nsenter": _wrapper("tSGW", "target setuid setgid wdns"),
    "chroot": _wrapper("", "userspec groups", 1),
    "stdbuf": _wrapper("ioe", "input output error"),
    "unbuffer": _wrapper(),
    "setsid": _wrapper(),
    "xvfb-run": _wrapper(
        "efnpsw", "error-file auth-file server-num listen-tcp xauth-protocol server-args wait"
    ),
    "flatpak-spawn": _wrapper(),
    "cgexec": _wrapper("g"),
    "prlimit": _wrapper(),
    "setpriv": _wrapper(
        "",
        "reuid regid ruid euid rgid egid groups inh-caps ambient-caps bounding-set securebits pdeathsig selinux-label "
        "apparmor-profile",
    ),
    "caffeinate": _wrapper("tw"),
    "arch": _wrapper("e", "arch"),
    "busybox": _wrapper(),
    "catchsegv": _wrapper(),
    "dbus-run-session": _wrapper(),
    "eatmydata": _wrapper(),
    "fakeroot": _wrapper("lsib"),
    "gamemoderun": _wrapper(),
    "mangohud": _wrapper(),
    "optirun": _wrapper("cC"),
    "primusrun": _wrapper(),
    "prime-run": _wrapper(),
    "torsocks": _wrapper(),
    "tini": _wrapper("p"),
    "dumb-init": _wrapper(),
    "winpty": _wrapper(),
    "coproc": _wrapper(),
}

SSH: Final = _wrapper("BbcDEeFIiJLlmOoPpQRSWw", "", 1)
