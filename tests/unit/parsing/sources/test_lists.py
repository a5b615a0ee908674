"""Lists of words: several languages, names, lines for a shell."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources.lists import read
from accelkit.parsing.sources.places import Source


@pytest.mark.parametrize(
    ("text", "argvs"),
    [
        ('["kvm", "-m", "1G"]', ["kvm -m 1G"]),
        ('x = ("kvm",\n  "-m",  # c\n "1G",)', ["kvm -m 1G"]),
        ('run(["sudo", "kvm", "-m", str(n)])', ["kvm -m str(n)"]),
        ('a = ["-m", "1G"]\nrun(["kvm", *a, "-S"])', ["kvm -m 1G -S"]),
        ('a = ["kvm", "-m"]\na.append("1G")\n', ["kvm -m 1G"]),
        ('a = ["kvm", "-m", "1G"]\nif x:\n    a += ["-S"]\n', ["kvm -m 1G a"]),
        ('a = ["kvm", "-m", "1G"]\na = ["kvm", "-S", "-s"]\n', ["kvm -m 1G", "kvm -S -s"]),
        ('[["kvm", "-m", "1G"], ["kvm", "-m", "2G"]]', ["kvm -m 1G", "kvm -m 2G"]),
        ('{"path": "/bin/kvm", "args": ["-m", "1G"], "env": ["A=b", "C=d"]}', ["/bin/kvm -m 1G"]),
        ('os.system(f"qemu-kvm -m {m}")', ["qemu-kvm -m {m}"]),
        ('"command": "qemu-kvm -m 1G",', ["qemu-kvm -m 1G"]),
        ('char *a[] = {"kvm", "-m", "1G", NULL};', ["kvm -m 1G"]),
        ('command: ["/bin/kvm"]\nargs: ["-m", "1G"]', ["/bin/kvm -m 1G"]),
        ('["-accel", "kvm"]', ["-accel kvm"]),
        ('["-l", "-a"]', []),
        ('["qemu-img", "create", "-m", "x"]', []),
        ('print("qemu-kvm", "is slow")', []),
    ],
)
def test_words(text: str, argvs: list[str]) -> None:
    assert [" ".join(command.argv) for command in read(Source(text))] == argvs


@pytest.mark.parametrize(
    ("text", "argvs"),
    [
        (
            (
                "fn main() {\n"
                '    let mut cmd = Command::new("qemu-system-x86_64");\n'
                '    cmd.arg("-accel").arg("kvm"); // fast\n'
                "    if x {\n"
                '        cmd.arg("-S");\n'
                "    }\n"
                '    cmd.args(&["-m", "1G"]);\n'
                "    cmd.spawn().unwrap();\n"
                "}\n"
            ),
            ["qemu-system-x86_64 -accel kvm cmd -m 1G"],
        ),
        (
            (
                "fn main() -> Result<()> {\n"
                '    let status = Command::new("qemu-system-x86_64")\n'
                "        // comment\n"
                '        .arg("-accel")\n'
                '        .arg("kvm")\n'
                '        .arg(format!("-m{}", n))\n'
                "        .status()?;\n"
                "    Ok(())\n"
                "}\n"
            ),
            ['qemu-system-x86_64 -accel kvm format!("-m{}", n)'],
        ),
        (
            (
                "func main() {\n"
                "\targs := []string{\n"
                '\t\t"-accel", "kvm",\n'
                "\t}\n"
                "\tif debug {\n"
                '\t\targs = append(args, "-S", "-s")\n'
                "\t}\n"
                '\tcmd := exec.Command("qemu-system-x86_64", args...)\n'
                "\tcmd.Run()\n"
                "}\n"
            ),
            ["qemu-system-x86_64 -accel kvm args"],
        ),
        (
            (
                "func main() {\n"
                '\targs := []string{"-accel", "kvm"}\n'
                '\targs = append(args, "-m", "1G")\n'
                '\tcmd := exec.Command("qemu-system-x86_64", args...)\n'
                "}\n"
            ),
            ["qemu-system-x86_64 -accel kvm -m 1G"],
        ),
        (
            (
                "async function boot() {\n"
                '  const qemu = "qemu-system-x86_64";\n'
                '  const args = ["-accel", "kvm"];\n'
                '  args.push("-m", "1G");\n'
                '  const child = spawn(qemu, args, { stdio: "inherit" });\n'
                "}\n"
            ),
            ["qemu-system-x86_64 -accel kvm -m 1G"],
        ),
        (
            (
                "class A:\n"
                "    def run(self):\n"
                '        qemu = "/usr/bin/qemu-system-x86_64"\n'
                '        cmd = [qemu, "-accel", "kvm"]\n'
                '        cmd += ["-m", "1G"]\n'
                "        subprocess.run(cmd)\n"
            ),
            ["/usr/bin/qemu-system-x86_64 -accel kvm -m 1G"],
        ),
        (
            (
                "[a]\n"
                'command = "qemu-system-x86_64"\n'
                'args = ["-accel", "kvm"]\n'
                "\n"
                "[b]\n"
                'command = "qemu-system-arm"\n'
                'args = ["-accel", "tcg"]\n'
            ),
            ["qemu-system-x86_64 -accel kvm", "qemu-system-arm -accel tcg"],
        ),
        (
            (
                "[[vm]]\n"
                'args = ["-accel", "kvm"]\n'
                'program = "qemu-system-x86_64"\n'
                "[[vm]]\n"
                'program = "ls"\n'
                'args = ["-l"]\n'
            ),
            ["qemu-system-x86_64 -accel kvm"],
        ),
        (
            (
                'task "a" {\n'
                "  config {\n"
                '    command = "qemu-system-x86_64"\n'
                '    args = ["-accel", "kvm"]\n'
                "  }\n"
                "}\n"
                'task "b" {\n'
                "  config {\n"
                '    command = "qemu-system-arm"\n'
                "    args = [\n"
                '      "-accel",\n'
                '      "tcg",\n'
                "    ]\n"
                "  }\n"
                "}\n"
            ),
            ["qemu-system-x86_64 -accel kvm", "qemu-system-arm -accel tcg"],
        ),
        (
            (
                "List<String> cmd = new ArrayList<>();\n"
                'cmd.add("qemu-system-x86_64");\n'
                'cmd.add("-accel");\n'
                'cmd.add("kvm");\n'
                "new ProcessBuilder(cmd).start();\n"
            ),
            ["qemu-system-x86_64 -accel kvm"],
        ),
        (
            (
                "int main() {\n"
                '  char *const argv[] = {"qemu-system-x86_64", "-accel", "kvm", NULL};\n'
                "  execvp(argv[0], argv);\n"
                "}\n"
            ),
            ["qemu-system-x86_64 -accel kvm"],
        ),
        (
            'String[] cmd = new String[]{"qemu-system-x86_64", "-accel", "kvm"};',
            ["qemu-system-x86_64 -accel kvm"],
        ),
        (
            (
                'let args = vec!["-accel", "kvm"];\n'
                'let out = Command::new("qemu-system-x86_64").args(&args).output();'
            ),
            ["qemu-system-x86_64 -accel kvm"],
        ),
        (
            "args = %w[qemu-system-x86_64 -accel kvm]\nsystem(*args)",
            ["qemu-system-x86_64 -accel kvm"],
        ),
        (
            "my @cmd = qw(qemu-system-x86_64 -accel kvm);\n",
            ["qemu-system-x86_64 -accel kvm"],
        ),
        (
            "qe.extra_qemu_args = %w(-accel tcg,thread=multi)\n",
            ["-accel tcg,thread=multi"],
        ),
        (
            'Process.run("qemu-system-x86_64", arguments: ["-accel", "hvf"])',
            ["qemu-system-x86_64 -accel hvf"],
        ),
        (
            'os.execv("/usr/bin/qemu-kvm", ["qemu-kvm", "-accel", "kvm"])',
            ["/usr/bin/qemu-kvm -accel kvm"],
        ),
        (
            'os.execvp("qemu-kvm", args)\n',
            ["qemu-kvm args"],
        ),
        (
            'cmd = ["sudo"] + ["qemu-kvm", "-m", "1G"]\n',
            ["qemu-kvm -m 1G"],
        ),
        (
            'cmd = ["qemu-kvm", "-m", "1G"]\ncmd = ["sudo", *cmd]\n',
            ["qemu-kvm -m 1G"],
        ),
        (
            'x = ["-accel", "kvm"] if kvm else ["-accel", "tcg"]\nrun(["qemu-kvm", *x])\n',
            ['qemu-kvm ["-accel", "kvm"] if kvm else ["-accel", "tcg"]'],
        ),
        (
            'launch(\n  program = "qemu-system-x86_64",\n  args = ["-accel", "kvm"],\n)\n',
            ["qemu-system-x86_64 -accel kvm"],
        ),
        (
            '{"configurations": [{"name": "a", "program": "x", "miDebuggerPath": "gdb"}], "tasks": [{"command": "qemu-system-arm", "args": ["-M", "virt"]}]}',
            ["qemu-system-arm -M virt"],
        ),
        (
            'execve("/usr/bin/qemu-kvm", ["qemu-kvm", "-accel", "kvm"], ["PATH=/bin", "A=b"]) = 0\n',
            ["/usr/bin/qemu-kvm -accel kvm"],
        ),
        (
            '[pid  12] 10:00:00 execve("/bin/sh", ["sh", "-c", "qemu-kvm -accel kvm"], 0x1 /* 2 vars */) = 0\n',
            ["qemu-kvm -accel kvm"],
        ),
    ],
)
def test_programs_in_other_languages(text: str, argvs: list[str]) -> None:
    assert [" ".join(command.argv) for command in read(Source(text))] == argvs


def test_what_is_no_string_is_not_known() -> None:
    (command,) = read(Source('run(["kvm", "-m", mem + "G", f"-smp={n}", "-S"])'))
    assert command.variables == ('mem + "G"', "{n}")


def test_each_word_has_its_place() -> None:
    (command,) = read(Source('run([\n  "kvm",\n  "-m", x])'))
    assert [word[1:] for word in command.words] == [(2, 3), (3, 3), (3, 9)]


def test_lists_nested_without_end_are_read() -> None:
    assert read(Source('["kvm", "-m", ' + "[" * 50_000)) != ()
