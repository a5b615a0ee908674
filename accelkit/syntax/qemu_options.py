"""QEMU's own command-line options: which take a value, and which are gone.

Read from the option tables of QEMU 5.2, 7.2, 10.0 and 11.1 (``qemu-options.hx``) and tried on each: no
option changes between versions or targets whether it takes a value.
"""

from __future__ import annotations

from typing import Final, NamedTuple

#: Options that stand alone.
FLAGS: Final = frozenset(
    """
    S alt-grab async-teardown audio-help ctrl-grab curses daemonize enable-fips enable-kvm
    enable-sync-profile full-screen h help jitdump mem-prealloc no-acpi no-fd-bootchk no-hpet
    no-quit no-reboot no-shutdown no-user-config nodefaults nographic old-param
    only-migratable perfmap portrait preconfig s sdl semihosting show-cursor singlestep
    snapshot usb version win2k-hack xen-attach xen-domid-restrict
    """.split()
)

#: Options that take the next word, whatever it looks like.
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


class Gone(NamedTuple):
    """An option about accelerators that QEMU has no more: the first version without it, and what to do."""

    since: tuple[int, int, int]
    remedy: str


#: By name; (0, 0, 0) where none of QEMU 5.2 to 11.1 has it.
GONE: Final = {
    "enable-hax": Gone((0, 0, 0), "hax is gone; take whpx or hvf"),
    "kvm": Gone((0, 0, 0), "write -accel kvm"),
    "tcg": Gone((0, 0, 0), "write -accel tcg"),
    "no-kvm": Gone((0, 0, 0), "write -accel tcg"),
    "no-hax": Gone((0, 0, 0), "leave it out"),
    "no-tcg": Gone((0, 0, 0), "write -accel kvm"),
    "no-kvm-irqchip": Gone((0, 0, 0), "write -accel kvm,kernel-irqchip=off"),
    "no-kvm-pit": Gone((0, 0, 0), "leave it out"),
    "no-kvm-pit-reinjection": Gone((0, 0, 0), "write -global kvm-pit.lost_tick_policy=discard"),
    "singlestep": Gone((9, 0, 0), "write -accel tcg,one-insn-per-tb=on"),
    "tb-size": Gone((6, 0, 0), "write -accel tcg,tb-size=…"),
}
