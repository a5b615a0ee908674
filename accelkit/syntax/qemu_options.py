"""QEMU's command-line options: which take a value, and which were removed.

Read from the option tables of QEMU 5.2, 7.2, 10.0 and 11.1 (``qemu-options.hx``) and tried on each of them: whether
an option takes a value is the same in all versions and targets.
"""

from __future__ import annotations

from typing import Final, NamedTuple

#: Options without a value.
FLAGS: Final = frozenset(
    """
    S alt-grab async-teardown audio-help ctrl-grab curses daemonize enable-fips enable-kvm
    enable-sync-profile full-screen h help jitdump mem-prealloc no-acpi no-fd-bootchk no-hpet
    no-quit no-reboot no-shutdown no-user-config nodefaults nographic old-param
    only-migratable perfmap portrait preconfig s sdl semihosting show-cursor singlestep
    snapshot usb version win2k-hack xen-attach xen-domid-restrict
    """.split()
)

#: Options whose value is the next word, whatever it looks like.
VALUED: Final = frozenset(
    """
    D L M accel acpitable action add-fd append audio audiodev bios blockdev boot cdrom chardev
    chroot compat cpu d debugcon device dfilter display drive dtb dump-vmstate echr fda fdb
    fsdev fw_cfg g gdb global hda hdb hdc hdd icount incoming initrd iscsi k kernel loadvm m
    machine mem-path mon monitor msg mtdblock name net netdev nic numa object option-rom
    overcommit parallel pflash pidfile plugin prom-env qmp qmp-pretty qtest qtest-log
    readconfig realtime rotate rtc run-with runas sandbox sd seed semihosting-config serial
    set shim smbios smp soundhw spice tb-size tpmdev trace usbdevice uuid vga virtfs vnc
    watchdog watchdog-action writeconfig xen-domid
    """.split()
)


class RemovedOption(NamedTuple):
    """An option about accelerators that QEMU removed: the first version without it, and what to write instead."""

    since: tuple[int, int, int]
    remedy: str


#: By name; ``since`` is (0, 0, 0) if none of QEMU 5.2 to 11.1 has the option.
REMOVED: Final = {
    "enable-hax": RemovedOption((0, 0, 0), "hax is gone; take whpx or hvf"),
    "kvm": RemovedOption((0, 0, 0), "write -accel kvm"),
    "tcg": RemovedOption((0, 0, 0), "write -accel tcg"),
    "no-kvm": RemovedOption((0, 0, 0), "write -accel tcg"),
    "no-hax": RemovedOption((0, 0, 0), "leave it out"),
    "no-tcg": RemovedOption((0, 0, 0), "write -accel kvm"),
    "no-kvm-irqchip": RemovedOption((0, 0, 0), "write -accel kvm,kernel-irqchip=off"),
    "no-kvm-pit": RemovedOption((0, 0, 0), "leave it out"),
    "no-kvm-pit-reinjection": RemovedOption((0, 0, 0), "write -global kvm-pit.lost_tick_policy=discard"),
    "singlestep": RemovedOption((9, 0, 0), "write -accel tcg,one-insn-per-tb=on"),
    "tb-size": RemovedOption((6, 0, 0), "write -accel tcg,tb-size=…"),
}
