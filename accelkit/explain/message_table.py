"""THE table of what QEMU says about accelerators: what each message means, what to do, and where that is known from.

Most were seen on real QEMUs 5.2, 7.2, 8.2, 10.0 and 11.1 (tests/unit/explain/test_message_table.py has their words); those
of other hosts were read in the source that is named.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Message(NamedTuple):
    """One message, by the words in it that do not change: ``pattern`` is a regular expression.

    What its group ``subject`` matches is a name that is explained, too.
    """

    pattern: str
    means: str
    remedy: str
    source: str
    releases: str = ""


_KVM: Final = "accel/kvm/kvm-all.c (QEMU)"
_X86: Final = "target/i386/kvm/kvm.c (QEMU)"
_VL: Final = "system/vl.c, until 8.1 softmmu/vl.c (QEMU)"
_TCG: Final = "accel/tcg/tcg-all.c (QEMU)"
_WHPX: Final = "target/i386/whpx/whpx-all.c (QEMU)"
_HVF: Final = "accel/hvf/hvf-all.c (QEMU); Apple's documentation of hv_return_t"
_CPU: Final = "parse_cpu_option in cpu.c, from 8.2 on in cpu-target.c (QEMU)"
_DOCTOR: Final = "accelkit doctor says what is wrong with KVM here"
_MAY_NOT: Final = "sudo usermod -aG kvm $USER, then log in again; in a container --device /dev/kvm. accelkit doctor looks closer"
_NO_DEVICE: Final = f"sudo modprobe kvm_intel or kvm_amd; {_DOCTOR}; without KVM write -accel tcg"
_SIGN: Final = (
    "sign QEMU with the entitlement com.apple.security.hypervisor: accelkit doctor prints the command"
)

#: The more special ones first: where two fit at the same place, the first counts.
MESSAGES: Final = (
    # which accelerator
    Message(r'The -accel and "-machine accel=" options are incompatible',
            "An -accel stands beside -machine accel= or -enable-kvm; QEMU refuses that even if both name the same one",
            "write -accel alone: it takes every property, and repeats for a fallback; leave accel= and -enable-kvm out", _VL),
    Message(r"invalid accelerator (?P<subject>[\w-]+)|invalid accelerator",
            "This binary has no accelerator of that name: it is misspelt, or the binary was built without it, as are those "
            "of other systems (hvf is for macOS, whpx for Windows) and of other guests than the host's",
            "take one that the binary has: qemu-system-… -accel help lists them; tcg runs everywhere", _VL),
    Message(r"no accelerator found|No accelerator selected and no default accelerator available",
            "None of the accelerators that were asked for is in this binary, or accel= is empty",
            "write -accel kvm -accel tcg, of those that qemu-system-… -accel help lists", _VL),
    Message(r"falling back to (?P<subject>(?i:kvm|tcg|xen|hvf|nvmm|whpx|mshv|nitro|qtest|hax))\b",
            "The accelerators before it could not start; the lines above say why. The guest runs with this one, tcg many "
            "times slower than kvm", f"mend what the lines above say, or leave the others out; {_DOCTOR}", _VL),
    Message(r"could not load module for type '(tcg|kvm|qtest|hvf|whpx)-accel[\w-]*'",
            "The accelerator is a module of its own, which is not installed, or not of the same build",
            "install QEMU's package whole and in one version; set QEMU_MODULE_DIR where its modules lie elsewhere",
            "util/module.c, accel/accel-system.c (QEMU)"),
    Message(r"Option not supported for this target",
            "QEMU has this option for other targets only: -enable-kvm where no kvm is for the guest's architecture",
            "leave it out; without kvm the guest runs with tcg", _VL),
    Message(r"No machine specified, and there is no default",
            "QEMU for this target has no default machine", "write -machine virt (arm, aarch64), or one that -machine help lists", _VL),
    Message(r"(?<![\w-])(qemu-[\w-]{1,40}|kvm): (command )?not found|command not found: (qemu-[\w-]{1,40}|kvm)\b",
            "It is the shell that says so: no program of this name is on PATH",
            "install the package of QEMU with this target; kvm and qemu-kvm are names that some distributions give "
            "qemu-system-x86_64, on RHEL /usr/libexec/qemu-kvm", "bash, dash, zsh"),
    # options and values
    Message(r"(?<![\w-])(?P<subject>--?\w[\w-]{0,40}): invalid option",
            "This QEMU has no such option: it was removed, is not there yet, or belongs to other targets",
            "see what took its place; accelkit check names it for each version", _VL),
    Message(r"Property '\w+-accel\.(?P<subject>[\w-]+)' not found",
            "The accelerator of this QEMU has no such property: misspelt, of another accelerator or target, or of a newer release",
            "leave it out, or take a QEMU that has it; an unknown property ends QEMU, it does not fall back", "qom/object.c (QEMU)"),
    Message(r"Parameter '(?P<subject>[\w-]+)' expects '?on'? or 'off'",
            "A switch takes on and off (also yes, true, y; no, false, n), no number and no capital", "write on or off",
            "qapi/string-input-visitor.c, util/qemu-option.c (QEMU)"),
    Message(r"Parameter '(?P<subject>[\w-]+)' expects u?int\d*(_t)?",
            "It takes a whole number without a suffix (tb-size counts MiB), in range",
            "write the number out: tb-size=64, kvm-shadow-mem=67108864", "qapi/string-input-visitor.c, util/cutils.c (QEMU)"),
    Message(r"Parameter '(?P<subject>[\w-]+)' does not accept value '[^']*'|Invalid parameter '[^']*'",
            "The value is not one of the words that the property takes; capitals count", "write one of its words",
            "qapi/qapi-util.c (QEMU)", "until 6.1: Invalid parameter"),
    Message(r"short-form boolean option '(no)?(?P<subject>[\w-]+)' deprecated",
            "A bare word stands for on, with no before it for off; it still works", "write KEY=on or KEY=off",
            "util/qemu-option.c (QEMU)", "since 6.0"),
    Message(r"global (?P<subject>\w+)-accel\.[\w-]+ has invalid class name",
            "-global does not reach accelerators: it had no effect", "write the property in -accel: -accel kvm,KEY=VALUE",
            "hw/core/qdev-properties.c (QEMU)"),
    Message(r"Could not open '(?P<subject>[^'\s]+=[^']*|split|multi|single)': No such file or directory",
            "A word without a dash is a disk image to QEMU: a blank after a comma has torn an argument in two",
            "join it: -accel tcg,thread=multi", _VL),
    # tcg
    Message(r"No MTTCG when icount is enabled",
            "-icount counts the instructions of one thread; thread=multi has one for each vCPU",
            "write thread=single, or leave -icount out", _TCG),
    Message(r"No MTTCG when guest word size > hosts",
            "A 64-bit guest on a 32-bit host runs on one thread only", "leave thread=multi out, or take a 64-bit host",
            _TCG, "until 9.2"),
    Message(r"Guest not yet converted to MTTCG",
            "QEMU's code for this guest architecture is not known to be right with a thread for each vCPU",
            "write thread=single, or leave thread out", _TCG),
    Message(r"Guest expects a stronger memory ordering than the host provides|This may cause strange/hard to debug errors",
            "Such as an x86 guest on an Arm host: the guest relies on an order of memory accesses that the host does not "
            "keep, and this QEMU does not enforce it everywhere. Guests with several vCPUs may fail in rare, odd ways",
            "take QEMU 8.1 or newer, which enforces it; with this one write thread=single", _TCG, "until 8.0"),
    Message(r"Invalid '(?P<subject>thread)' setting", "thread takes two words", "write thread=single or thread=multi", _TCG),
    Message(r"jit (?P<subject>split-wx) not supported", "This build cannot map its code twice on this host",
            "leave split-wx=on out", "tcg/region.c (QEMU)"),
    # icount, CPU, machine
    Message(r"-icount is not allowed with hardware virtualization",
            "-icount is for tcg alone, and another accelerator runs the guest", "leave -icount out, or write -accel tcg", _VL),
    Message(r"CPU model 'host' requires KVM( or HVF)?",
            "-cpu host is the host's own CPU, which only kvm and hvf can show to the guest; another accelerator runs this one",
            "write -cpu max, or take kvm: -accel kvm", "target/i386/cpu.c (QEMU)"),
    Message(r"unable to find CPU model 'host'",
            "-cpu host is the host's own CPU, which only kvm and hvf can show to the guest, on a host of the guest's architecture; "
            "a build without them does not know it", "write -cpu max, or take kvm: -accel kvm", _CPU),
    Message(r"unable to find CPU model '[^']{0,80}'",
            "QEMU for this target has no CPU model of this name: misspelt, of another architecture, or of a newer QEMU; "
            "capitals count", "take one that qemu-system-… -cpu help lists; -cpu max has all that the accelerator can do", _CPU),
    Message(r"Invalid CPU (model|type): [\w.-]+|CPU type [\w.-]+ not supported",
            "QEMU has this CPU, but the machine does not take it",
            "take one of the models in the next line, -cpu max, or another -machine",
            "hw/core/machine.c, hw/arm/virt.c (QEMU)", "10.0 and newer: Invalid CPU model; 7.2 and older: CPU type … not supported"),
    Message(r"TCG doesn't support requested feature",
            "A warning: the CPU model has a feature that tcg cannot translate; the guest runs without it",
            "take -cpu max, which has what tcg can, or switch the feature off: -cpu MODEL,-FEATURE; add ,enforce to make it "
            "an error", "target/i386/cpu.c (QEMU)"),
    Message(r"host doesn't support requested feature",
            "A warning: the CPU model has a feature that this host, or its hypervisor, lacks; the guest runs without it",
            "take -cpu host, or another model; add ,enforce to the model to make it an error", "target/i386/cpu.c (QEMU)"),
    Message(r"exceeds the recommended cpus supported by KVM",
            "A warning: more vCPUs than the kernel recommends, most often the number of the host's CPUs", "write a smaller -smp", _KVM),
    Message(r"exceeds the maximum cpus supported by KVM",
            "The host's kernel can make no more vCPUs for one guest (the number in brackets); QEMU ends, it does not fall back",
            "write a smaller -smp, and a smaller maxcpus=", _KVM),
    Message(r"The max CPUs supported by machine '[^']{0,80}' is \d+|exceeds max CPUs supported by machine",
            "The machine has no place for so many CPUs, whatever the accelerator; on Arm's virt gic-version=2 has place for 8",
            "write a smaller -smp, or another -machine: q35 takes more than pc, virt with gic-version=3 more than with 2",
            "hw/core/machine-smp.c, in 5.2 softmmu/vl.c; hw/arm/virt.c (QEMU)"),
    Message(r"gic-version=host requires KVM",
            "The interrupt controller is to be the host's, which only kvm can give to the guest; tcg runs this one",
            "write gic-version=max, which every accelerator takes, or leave it out", "hw/arm/virt.c (QEMU)"),
    Message(r"Lost tick policy not supported",
            "The timer that kvm has in the kernel knows delay and discard, and was given another policy, such as slew",
            "write -global kvm-pit.lost_tick_policy=discard (or delay); -rtc driftfix=slew is for the clock chip, and works",
            "hw/i386/kvm/i8254.c (QEMU)"),
    # KVM: its device
    Message(r"Could not access KVM kernel module: Permission denied",
            "/dev/kvm is there, but this user may not open it", _MAY_NOT, _KVM),
    Message(r"failed to initialize kvm: Permission denied",
            "kvm did not start: this user may not open /dev/kvm", _MAY_NOT, _VL),
    Message(r"Could not access KVM kernel module: No such file or directory",
            "There is no /dev/kvm: the kernel module is not loaded, virtualisation is off in the firmware, or this is a "
            "virtual machine or container without it", _NO_DEVICE, _KVM),
    Message(r"failed to initialize kvm: No such file or directory",
            "kvm did not start: there is no /dev/kvm, or no file of the name that device= gives", _NO_DEVICE, _VL),
    Message(r"ioctl\(KVM_CREATE_VM\) failed: (16 )?Device or resource busy|failed to initialize kvm: Device or resource busy",
            "Another hypervisor uses the CPU's virtualisation", "stop the machines of VirtualBox or VMware", _KVM),
    Message(r"Could not access KVM kernel module|ioctl\(KVM_CREATE_VM\) failed",
            "The kernel did not let QEMU use KVM", f"sudo dmesg | grep -i kvm says why; {_DOCTOR}", _KVM),
    Message(r"kvm version (too old|not supported)", "The device that was opened is not KVM, or a KVM of another age",
            "leave device= out, or name a KVM device", _KVM),
    Message(r"kvm does not support KVM_CAP_\w+|kvm does not support \w+\s+Please upgrade",
            "The kernel's KVM lacks something that QEMU cannot do without", f"take a newer kernel; {_DOCTOR}", _KVM),
    Message(r"KVM: entry failed, hardware error|KVM internal error\. Suberror|KVM: unknown exit, hardware reason",
            "KVM started the guest and could not go on: the CPU refused its state, or KVM met an instruction that it cannot "
            "emulate; common where virtualisation is nested",
            f"take -accel tcg to see whether the guest is at fault; update kernel and firmware; {_DOCTOR}",
            "accel/kvm/kvm-all.c, target/i386/kvm/kvm.c (QEMU)"),
    Message(r"error: failed to (set|get) MSR 0x[0-9a-f]+",
            "KVM of this kernel, or the hypervisor below it, does not know a register that the CPU model needs",
            "take a simpler -cpu, such as -cpu qemu64 or a named model, or a newer kernel", _X86),
    # KVM: its properties
    Message(r"KVM does not support userspace APIC",
            "kernel-irqchip=off moves the interrupt controllers into QEMU, which KVM no longer does for a CPU with an APIC",
            "write kernel-irqchip=split or on, or leave it out; only a CPU without an APIC takes off: -cpu 486, which -machine "
            "isapc has by itself, or -cpu MODEL,-apic",
            "target/i386/cpu-sysemu.c, now target/i386/cpu-apic.c: apic_get_class (QEMU)", "since 8.0"),
    Message(r"Userspace local APIC is deprecated for KVM|Do not use kernel-irqchip except for the -M isapc",
            "kernel-irqchip=off still works in this QEMU, and is refused from 8.0 on", "write kernel-irqchip=split or on",
            "hw/intc/apic.c (QEMU)", "6.0 to 7.2"),
    Message(r"Split IRQ chip mode not supported", "kernel-irqchip=split is for x86 guests only", "write kernel-irqchip=on, or leave it out", _KVM),
    Message(r"Interrupt Remapping cannot work with kernel-irqchip=on",
            "An IOMMU with intremap=on needs the IO-APIC in QEMU", "write -accel kvm,kernel-irqchip=split", "hw/i386/x86-iommu.c (QEMU)"),
    Message(r"eim=on (requires|cannot be selected)", "The IOMMU's extended interrupt mode needs interrupt remapping and a split irqchip",
            "write -accel kvm,kernel-irqchip=split, and intremap=on for the device", "hw/i386/intel_iommu.c (QEMU)"),
    Message(r"(?P<subject>dirty-ring-size) must be a power of two", "The ring has a power of two of entries",
            "write 1024 to 65536, or 0 for the bitmap", _KVM, "since 6.1"),
    Message(r"KVM dirty ring size \d+ too big|Enabling of KVM dirty ring failed",
            "The kernel refuses a dirty ring of this size", "write dirty-ring-size=1024 to 65536, or 0", _KVM, "since 6.1"),
    Message(r"early-split-size must be a power of two|Eager Page Split requested chunk size not valid",
            "eager-split-size is one of the host's block sizes", "write 4096, 2M or 1G, or 0", "target/arm/kvm.c (QEMU)", "since 8.2"),
    Message(r"RAPL feature requirement not met|RAPL feature can only be enabled|vmsr socket opening failed",
            "rapl=on needs an Intel host with RAPL, and qemu-vmsr-helper listening on the socket",
            "leave rapl out, or start the helper", "target/i386/kvm/vmsr_energy.c (QEMU)", "since 9.1"),
    Message(r"Xen support only available in PC machine", "xen-version needs a PC machine", "write -machine pc or q35, or leave xen-version out", _X86, "since 8.0"),
    Message(r"Xen HVM guest support not present",
            "The host's kernel has no KVM support for Xen guests, or too little (CONFIG_KVM_XEN)", "leave xen-version out, or take such a kernel",
            "target/i386/kvm/xen-emu.c (QEMU)", "since 8.0"),
    Message(r"Xen support requires kernel-irqchip=split", "xen-version needs the local APICs alone in the kernel",
            "write -accel kvm,xen-version=…,kernel-irqchip=split", "target/i386/kvm/xen-emu.c (QEMU)", "since 8.0"),
    Message(r"Failed to set Xen state",
            "QEMU tells the kernel of Xen, and the kernel knows of none. A xen-version other than 0 stays in force once it was "
            "read, though a later xen-version=0 or another -accel takes its place",
            "write no xen-version but the one that is to count, or leave it out", _X86, "since 8.0; seen with these words on 10.0 and 11.1"),
    Message(r"KVM does not support disabling ignore-guest-PAT quirk", "honor-guest-pat=on needs a newer kernel",
            "write honor-guest-pat=auto, or leave it out", _X86, "since 11.0"),
    Message(r"Failed to enable notify vmexit cap", "The kernel has the notification VM exit and refused this window",
            "leave notify-window out, or write notify-vmexit=disable", _X86, "since 7.2"),
    Message(r"""failed to initialize kvm: [A-Z][^\n:;"']{0,60}""",
            "KVM did not start; the line above says which property or device is at fault. Without such a line: a value that the "
            "kernel refuses, such as a kvm-shadow-mem below 262144", f"mend that; {_DOCTOR}", _VL),
    # Hypervisor.framework
    Message(r"HV_DENIED|Could not access HVF\. Is the executable signed",
            "macOS denies QEMU its Hypervisor.framework: the program is not signed with the entitlement for it",
            _SIGN, _HVF),
    Message(r"-accel hvf: Unknown Error",
            "Hypervisor.framework refused with a code that older QEMUs have no name for; the entitlement is missing, or was lost when the program was changed",
            _SIGN, _HVF),
    Message(r"HV_ERROR",
            "Hypervisor.framework failed and tells no reason. At QEMU's start it is what macOS 11 answers a program without the "
            "entitlement; later, a fault of QEMU or of the framework",
            f"at the start {_SIGN}; later take a newer QEMU or -accel tcg", _HVF),
    Message(r"HV_BUSY", "What Hypervisor.framework was asked for is in use",
            "end the other programs that run virtual machines, then start QEMU again", _HVF),
    Message(r"HV_BAD_ARGUMENT",
            "QEMU gave Hypervisor.framework an argument that this macOS on this Mac does not take; the message names QEMU's line",
            "leave out what the machine is asked for beyond its defaults, such as virtualization=on; take a newer QEMU, or -accel tcg",
            _HVF),
    Message(r"HV_NO_RESOURCES", "The Mac has not enough left of what QEMU asked for, such as memory or vCPUs",
            "write a smaller -smp and -m, or end other virtual machines", _HVF),
    Message(r"HV_NO_DEVICE", "Hypervisor.framework has no virtual machine or vCPU for the call: a fault of QEMU, or of the framework",
            "take a newer QEMU, or -accel tcg", _HVF),
    Message(r"HV_UNSUPPORTED",
            "This Mac cannot do what QEMU asked for. Often it is a virtual machine itself, such as a runner of a CI service, "
            "and may start none",
            "sysctl kern.hv_support prints 1 where virtual machines can be started; elsewhere write -accel tcg", _HVF),
    Message(r"HVF: (split irqchip is not supported|kernel irqchip is not currently implemented)",
            "hvf has no split irqchip, and none at all for x86", "leave kernel-irqchip out", "accel/hvf/hvf-all.c (QEMU)", "since 11.1"),
    # the others
    Message(r"WHPX: [Ss]plit irqchip currently not supported", "whpx has no split irqchip", "write kernel-irqchip=on or off", _WHPX, "since 6.0"),
    Message(r"WHPX: No accelerator found", "Windows' hypervisor platform is off, or does not run here",
            "turn on the Windows feature 'Windows Hypervisor Platform', then restart Windows", _WHPX),
    Message(r"WHPX: Unexpected VP exit code \d+", "Windows' hypervisor stopped the vCPU for a reason that QEMU does not handle",
            "write -accel whpx,kernel-irqchip=off, or -smp 1, which were seen to help with code 4 (QEMU's bug 2042); else -accel tcg", _WHPX),
    Message(r"WHPX: Failed to", "Windows' hypervisor refused what the rest of the line names",
            "take a newer QEMU and Windows, a named -cpu in place of host or max, or -accel tcg", _WHPX),
    Message(r"Could not obtain handle on privileged command interface",
            "There is no Xen below this Linux, or this is not its domain 0: Xen's library finds no /dev/xen/privcmd",
            "take kvm or tcg elsewhere", "tools/libs/call (Xen)"),
    Message(r"can't open xen interface|failed to initialize (?P<subject>(?i:xen))\b",
            "xen runs in domain 0 of a Xen host only", "take kvm or tcg elsewhere", "accel/xen/xen-all.c (QEMU)"),
    Message(r"Failed to open /dev/mshv|failed to initialize (?P<subject>(?i:mshv))\b",
            "mshv needs Linux on Microsoft's hypervisor", "take kvm or tcg elsewhere", "accel/mshv/mshv-all.c (QEMU)", "since 10.2"),
    Message(r"failed to open /dev/nitro_enclaves|failed to initialize (?P<subject>(?i:nitro))\b",
            "nitro needs an EC2 instance with enclaves", "take kvm or tcg elsewhere", "accel/nitro/nitro-accel.c (QEMU)", "since 11.0"),
    Message(r"failed to initialize (?P<subject>(?i:hvf|whpx|nvmm|hax))\b", "The accelerator did not start; the line above says why",
            "accelkit doctor says what it needs", _VL),
)  # fmt: skip
