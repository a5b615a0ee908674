"""Texts of each dialect that a QEMU's command line is written in, with the words that QEMU gets."""

from __future__ import annotations

from typing import Final, NamedTuple


class Example(NamedTuple):
    dialect: str
    text: str
    argvs: tuple[str, ...]
    """The words of each command, with blanks between them; a blank in a word is written as ␣."""
    variables: tuple[str, ...] = ()
    notes: int = 0


def words(argv: str) -> tuple[str, ...]:
    return tuple(word.replace("␣", " ") for word in argv.split())


EXAMPLES: Final = (
    Example(
        "cmd",
        "@echo off\n\nset PATH=%PATH%;C:\\Program Files\\qemu\n\n:: `-accel whpx` doesn't work\n"
        "qemu-system-x86_64^\n  -m 2048^\n  -accel tcg^\n  -hda disk.qcow2",
        ("qemu-system-x86_64 -m 2048 -accel tcg -hda disk.qcow2",),
    ),
    Example(
        "cmd",
        'set QEMU="c:\\Program Files\\qemu\\qemu-system-x86_64w.exe"\nset VM="C:\\a.qcow2"\n\n'
        "%QEMU% -accel whpx -hda %VM% -name %NAME%\n",
        ("c:\\Program␣Files\\qemu\\qemu-system-x86_64w.exe -accel whpx -hda C:\\a.qcow2 -name %NAME%",),
        ("%NAME%",),
    ),
    Example(
        "cmd",
        "C:\\Program Files\\qemu>qemu-system-x86_64.exe -accel whpx -m 2G > log.txt 2>&1 & echo done",
        ("qemu-system-x86_64.exe -accel whpx -m 2G",),
    ),
    Example(
        "cmd",
        'set ACCEL=whpx\nif "%1"=="tcg" set ACCEL=tcg\nstart /b qemu-system-x86_64.exe -accel %ACCEL% ^\n-m 1G\n-smp 2',
        ("qemu-system-x86_64.exe -accel %ACCEL% -m 1G",),
        ("%ACCEL%",),
        notes=1,
    ),
    Example(
        "cmd",
        'if exist x.qcow2 (\n  start "a vm" qemu-system-x86_64w -accel whpx "%~dp0\\a b.img"\n) else (\n'
        "  qemu-system-i386 -accel tcg -append a^&b\n)",
        ("qemu-system-x86_64w -accel whpx %~dp0\\a␣b.img", "qemu-system-i386 -accel tcg -append a&b"),
        ("%~dp0",),
    ),
    Example(
        "powershell",
        'Write-Host "`n=== QEMU ==="\n\nqemu-system-i386 `\n    -m 64M `\n    -serial none\n',
        ("qemu-system-i386 -m 64M -serial none",),
    ),
    Example(
        "powershell",
        '$qemu = "C:\\Program Files\\qemu\\qemu-system-x86_64.exe"\n$dir = \'D:\\vm\'\n'
        '& $qemu -accel whpx,kernel-irqchip=off -drive "file=$dir\\a.qcow2,if=virtio" -smp $cpus -m "$($ram)M"',
        (
            ("C:\\Program␣Files\\qemu\\qemu-system-x86_64.exe -accel whpx,kernel-irqchip=off "
            "-drive file=D:\\vm\\a.qcow2,if=virtio -smp $cpus -m $($ram)M"),
        ),
        ("$cpus", "$($ram)"),
    ),
    Example(
        "powershell",
        "PS C:\\Users\\me> .\\qemu-system-x86_64.exe -accel whpx -cpu max,-vmx",
        (".\\qemu-system-x86_64.exe -accel whpx -cpu max,-vmx",),
    ),
    Example(
        "powershell",
        "$opts = @(\n  '-accel', 'whpx',\n  # memory\n  '-m', \"2G\"\n)\n$opts += '-smp', 4\n"
        'Start-Process -FilePath "qemu-system-x86_64w.exe" -ArgumentList $opts -NoNewWindow -Wait',
        ("qemu-system-x86_64w.exe -accel whpx -m 2G -smp 4",),
    ),
    Example(
        "powershell",
        "Start-Process 'C:\\qemu\\qemu-system-x86_64.exe' \"-accel whpx -m 1G\" -WindowStyle Hidden",
        ("C:\\qemu\\qemu-system-x86_64.exe -accel whpx -m 1G",),
    ),
    Example(
        "powershell",
        '& "$env:ProgramFiles\\qemu\\qemu-system-x86_64.exe" @(\'-accel\',\'whpx\') `\n -m 1G\n -smp 2',
        ("$env:ProgramFiles\\qemu\\qemu-system-x86_64.exe -accel whpx -m 1G",),
        ("$env:ProgramFiles",),
        notes=1,
    ),
    Example(
        "systemd",
        "ExecStart=/usr/bin/qemu-system-x86_64 -enable-kvm \\\n     -accel kvm",
        ("/usr/bin/qemu-system-x86_64 -enable-kvm -accel kvm",),
    ),
    Example(
        "systemd",
        '[Service]\nEnvironment=CPU=host "ARGS=-m 1G"\nExecStart=-/usr/bin/qemu-system-x86_64 -name "guest %i" \\\n'
        "  # a comment\n  -cpu ${CPU} $ARGS $OTHER \\\n; another\n  -append 'root=/dev/vda load=50%%'\n"
        "ExecStop=/bin/kill $MAINPID\n",
        (
            ("/usr/bin/qemu-system-x86_64 -name guest␣%i -cpu host -m 1G $OTHER "
            "-append root=/dev/vda␣load=50%"),
        ),
        ("%i", "$OTHER"),
    ),
    Example(
        "systemd",
        "[Service]\nEnvironmentFile=/etc/vm/%i.conf\nEnvironment=CPU=host\n"
        "ExecStart=/usr/bin/env /usr/bin/qemu-kvm -cpu ${CPU}\n -m 1G\n",
        ("/usr/bin/qemu-kvm -cpu ${CPU}",),
        ("${CPU}",),
        notes=1,
    ),
    Example(
        "systemd",
        "ExecStart=/bin/sh -c 'exec qemu-system-aarch64 -accel hvf' ; @/usr/bin/kvm vm -accel kvm",
        ("qemu-system-aarch64 -accel hvf", "/usr/bin/kvm -accel kvm"),
    ),
    Example(
        "make",
        "run-qemu:\n\tqemu-system-x86_64             \\\n  -accel tcg,thread=single       \\\n  -smp 1  \\\n  -vga std\n",
        ("qemu-system-x86_64 -accel tcg,thread=single -smp 1 -vga std",),
    ),
    Example(
        "make",
        "QEMU_FLAGS += \\\n\t\t-M q35 \\\n\t\t-m $(MEMORY)M\n\nqemu: all\n"
        "\t@qemu-system-x86_64 $(QEMU_FLAGS) -enable-kvm -smp $$(nproc) -cdrom $<\n",
        ("qemu-system-x86_64 -M q35 -m $(MEMORY)M -enable-kvm -smp $(nproc) -cdrom $<",),
        ("$(MEMORY)", "$(nproc)", "$<"),
    ),
    Example(
        "make",
        "QEMU = qemu-system-riscv64\nifndef CPUS\nCPUS := 3\nendif\nQEMUOPTS = -machine virt -smp $(CPUS)\n"
        "ifeq ($(KVM),1)\nQEMUOPTS += -accel kvm\nendif\nqemu: kernel\n\t$(QEMU) $(QEMUOPTS) -S &\n",
        ("qemu-system-riscv64 -machine virt -smp 3 $(QEMUOPTS) -S",),
        ("$(QEMUOPTS)",),
    ),
    Example("make", "@$(QEMU) -accel kvm -accel tcg", ("$(QEMU) -accel kvm -accel tcg",), ("$(QEMU)",)),
    Example(
        "docker",
        'FROM debian\nRUN apt-get update && apt-get install -y qemu-system-x86\n'
        'ENTRYPOINT ["qemu-system-x86_64", "-accel", "kvm"]\nCMD ["-m", "1G"]\n',
        ("qemu-system-x86_64 -accel kvm -m 1G",),
    ),
    Example(
        "docker",
        "FROM debian\nENV ACCEL=tcg\nRUN --mount=type=cache,target=/x qemu-system-arm -accel $ACCEL \\\n"
        "  # a comment\n  -m $MEM\n",
        ("qemu-system-arm -accel tcg -m $MEM",),
        ("$MEM",),
    ),
    Example("docker", "CMD qemu-system-x86_64 -enable-kvm -m 1G", ("qemu-system-x86_64 -enable-kvm -m 1G",)),
    Example(
        "nix",
        '[ "-machine q35,accel=kvm,smm=off" "-cpu host" ]',
        ("-machine q35,accel=kvm,smm=off -cpu host",),
    ),
    Example(
        "nix",
        '{ config, pkgs, ... }:\n{\n  virtualisation.qemu.options = [\n    "-cpu host"  # all\n    "-accel kvm"\n'
        '    "-m ${toString cfg.mem}"\n  ];\n}\n',
        ("-cpu host -accel kvm -m ${toString␣cfg.mem}",),
        ("${toString cfg.mem}",),
    ),
    Example(
        "nix",
        "pkgs.writeShellScriptBin \"run\" ''\n  exec ${pkgs.qemu}/bin/qemu-system-x86_64 \\\n"
        "    -accel kvm -smp ''${CORES} \\\n    -m 1G\n''",
        ("${pkgs.qemu}/bin/qemu-system-x86_64 -accel kvm -smp ${CORES} -m 1G",),
        ("${pkgs.qemu}", "${CORES}"),
    ),
    Example(
        "list",
        "opts = [\n    '-machine', 'accel=kvm',\n    '-kernel', kernel,\n    '-device', f'vhost,guest-cid={CID}',\n]\n\n"
        "p = Popen(['qemu-system-x86_64'] + opts)\n",
        ("qemu-system-x86_64 -machine accel=kvm -kernel kernel -device vhost,guest-cid={CID}",),
        ("kernel", "{CID}"),
    ),
    Example(
        "list",
        'cmd = ["qemu-system-x86_64"]\ncmd += ["-accel", "kvm"]\ncmd.extend(["-m", "1G"])\nsubprocess.run(cmd, check=True)\n',
        ("qemu-system-x86_64 -accel kvm -m 1G",),
    ),
    Example("list", '["-accel", "kvm", "-m", "1G"]', ("-accel kvm -m 1G",)),
    Example(
        "list",
        '{"command": "qemu-system-x86_64", "env": {"A": "b"}, "args": ["-accel", "kvm"]}',
        ("qemu-system-x86_64 -accel kvm",),
    ),
    Example("list", '{"qemuargs": [["-m", "1G"], ["-accel", "kvm"]]}', ("-m 1G -accel kvm",)),
    Example(
        "list",
        'cmd := exec.Command("qemu-system-x86_64", "-accel", "kvm")',
        ("qemu-system-x86_64 -accel kvm",),
    ),
    Example(
        "list",
        'Command::new("qemu-system-arm").args(["-accel", "tcg"]).arg("-m").arg("1G").spawn()',
        ("qemu-system-arm -accel tcg -m 1G",),
    ),
    Example(
        "list",
        "const vm = spawn('qemu-system-x86_64', ['-accel', 'kvm'], { stdio: 'inherit' });",
        ("qemu-system-x86_64 -accel kvm",),
    ),
    Example(
        "list",
        'execlp("qemu-system-x86_64", "qemu-system-x86_64", "-accel", "kvm", NULL);',
        ("qemu-system-x86_64 -accel kvm",),
    ),
    Example(
        "list",
        'subprocess.run("sudo qemu-system-x86_64 -accel kvm -m 1G", shell=True)',
        ("qemu-system-x86_64 -accel kvm -m 1G",),
    ),
    Example(
        "yaml",
        'spec:\n  containers:\n  - name: vm\n    command:\n    - qemu-system-x86_64\n    args:\n    - "-accel"\n'
        "    - kvm  # fast\n    - '-m'\n    - 1G\n",
        ("qemu-system-x86_64 -accel kvm -m 1G",),
    ),
    Example(
        "yaml",
        "services:\n  vm:\n    command: >\n      qemu-system-x86_64\n      -accel kvm\n    devices: [/dev/kvm]\n",
        ("qemu-system-x86_64 -accel kvm",),
    ),
    Example(
        "yaml",
        "jobs:\n  test:\n    steps:\n      - name: Boot\n        run: |\n          sudo chmod 666 /dev/kvm\n"
        "          qemu-system-x86_64 \\\n            -accel kvm\n      - run: qemu-system-aarch64 -M virt -accel tcg\n",
        ("qemu-system-x86_64 -accel kvm", "qemu-system-aarch64 -M virt -accel tcg"),
    ),
    Example(
        "proxmox",
        "boot: order=scsi0\ncores: 4\nargs: -accel kvm,dirty-ring-size=4096 -name 'a b'\nmemory: 2048\n",
        ("/usr/bin/kvm -accel kvm,dirty-ring-size=4096 -name a␣b",),
    ),
    Example("proxmox", "args: -cpu host,+vmx\nkvm: 0\n", ("/usr/bin/kvm -machine accel=tcg -cpu host,+vmx",)),
    Example(
        "log",
        "2024-06-24 19:42:37.050+0000: starting up libvirt version: 9.0.0, qemu version: 7.2.0\nLC_ALL=C \\\n"
        "PATH=/usr/bin \\\n/usr/bin/qemu-system-x86_64 \\\n-name guest=f,debug-threads=on \\\n"
        "-object '{\"qom-type\":\"secret\",\"id\":\"m\"}' \\\n-accel kvm \\\n-msg timestamp=on\n"
        "2024-06-24T19:42:38.1Z qemu-system-x86_64: -accel kvm: failed\n2024-06-24 19:43:00.1+0000: shutting down\n",
        (
            ("/usr/bin/qemu-system-x86_64 -name guest=f,debug-threads=on "
            '-object {"qom-type":"secret","id":"m"} -accel kvm -msg timestamp=on'),
        ),
    ),
    Example(
        "log",
        "2023-07-24 08:43:41.734+0000: 7121: debug : virCommandRunAsync:2607 : About to run LC_ALL=C PATH=/bin "
        "/usr/bin/qemu-system-aarch64 -S -machine none,accel=kvm:tcg\n2023-07-24 08:43:41.735+0000: 7121: debug\n",
        ("/usr/bin/qemu-system-aarch64 -S -machine none,accel=kvm:tcg",),
    ),
    Example(
        "log",
        'Jan 21 nitkon kata-runtime[1]: level=info msg="launching /usr/bin/qemu-vanilla-system-x86_64 with: '
        '[-name sandbox -machine pc,accel=kvm,kernel_irqchip -cpu host]" arch=amd64',
        ("/usr/bin/qemu-vanilla-system-x86_64 -name sandbox -machine pc,accel=kvm,kernel_irqchip -cpu host",),
    ),
    Example(
        "ps",
        "root      3293  0.0  0.0   6432   720 pts/0    S+   10:27   0:00 grep --color=auto qemu-kvm\n"
        "uuidd    24485  159 17.8 13991760 11778320 ?   SLl  Jul17 36123:46 /usr/libexec/qemu-kvm -name guest=a b "
        '-object {"qom-type":"secret"} -accel kvm\n -cpu host,migratable=on\n',
        ('/usr/libexec/qemu-kvm -name guest=a b -object {"qom-type":"secret"} -accel kvm -cpu host,migratable=on',),
    ),
    Example(
        "ps",
        "libvirt+    4120       1 12 Jan05 ?        1-02:03:04 /usr/bin/qemu-system-x86_64 -accel kvm -m 1G",
        ("/usr/bin/qemu-system-x86_64 -accel kvm -m 1G",),
    ),
    Example("ps", "4120 qemu-system-x86_64 -accel kvm\n", ("qemu-system-x86_64 -accel kvm",)),
    Example(
        "ps",
        "   PID USER     COMMAND\n  4120 me       /usr/bin/kvm -accel kvm -m 1G\n",
        ("/usr/bin/kvm -accel kvm -m 1G",),
    ),
    Example(
        "ps",
        "     CGroup: /system.slice/vm.service\n             └─4120 /usr/bin/qemu-system-x86_64 -accel kvm\n",
        ("/usr/bin/qemu-system-x86_64 -accel kvm",),
    ),
    Example(
        "proc",
        "/usr/bin/qemu-system-x86_64\0-name\0my vm\0-accel\0kvm\0",
        ("/usr/bin/qemu-system-x86_64 -name my␣vm -accel kvm",),
    ),
    Example(
        "trace",
        "+ [[ -e /dev/kvm ]]\n+ ACCEL=kvm\n++ nproc\n+ qemu-system-x86_64 -accel kvm -name 'my vm'\n"
        "qemu-system-x86_64: -accel kvm: failed\n",
        ("qemu-system-x86_64 -accel kvm -name my␣vm",),
    ),
    Example(
        "trace",
        "+ qemu-system-x86_64 -accel hvf -machine type=q35,accel=hvf -usb -m 1G",
        ("qemu-system-x86_64 -accel hvf -machine type=q35,accel=hvf -usb -m 1G",),
    ),
    Example(
        "domain",
        "virsh # dumpxml vm\n<domain type='kvm'><name>vm</name></domain>\n",
        ("-accel kvm",),
    ),
    Example(
        "readconfig",
        '# a machine\n[machine]\n  type = "q35"\n  accel = "kvm"\n\n[device "d0"]\n  driver = "e1000"\n\n'
        '[memory]\n  size = "1,5"\n',
        ("-machine type=q35,accel=kvm -device id=d0,driver=e1000 -m size=1,,5",),
    ),
)  # fmt: skip

#: What a shell reads, though it looks a little like something else.
SHELL: Final = (
    "sudo qemu-system-x86_64 -accel kvm -m 1G",
    "QEMU=qemu-system-x86_64\n$QEMU -accel kvm \\\n  -smp $(nproc)\n",
    'args=( -accel kvm "-m" 1G )\nqemu-system-x86_64 "${args[@]}"\n',
    "qemu-system-x86_64 -accel kvm -append 'a=%b %c%' -drive file=a.img",
    'qemu-system-x86_64 -device \'{"driver":"virtio-net","args":["a","b"]}\' -accel kvm',
    "timeout 60 qemu-system-x86_64 -accel kvm > log.txt 2>&1 &",
    'if [ -e /dev/kvm ]; then\n  exec qemu-system-x86_64 -accel kvm "$@"\nfi',
    "`which qemu-system-x86_64` -accel kvm -m 1G",
    "#!/bin/sh\n# args: none\nfoo: bar\nqemu-system-x86_64 -accel tcg -name 'a b'\n",
    "/mnt/c/Program\\ Files/qemu/qemu-system-x86_64.exe \\\n  -machine q35,kernel-irqchip=off \\\n  -accel whpx\n",
    "501  qemu-system-x86_64 -accel kvm -name 'a b'",
)  # fmt: skip
