"""Patches."""

from __future__ import annotations

import pytest

from accelkit.parsing.sources import commands
from accelkit.parsing.sources.diffs import patched
from accelkit.parsing.sources.places import Source

PATCH = """Subject: [PATCH] run with KVM

Use qemu-kvm.
---
 run.sh | 2 +-

diff --git a/run.sh b/run.sh
index 1..2 100755
--- a/run.sh
+++ b/run.sh
@@ -1,4 +1,4 @@ run() {
 #!/bin/sh
-qemu-system-x86_64 -accel tcg \\
+qemu-system-x86_64 -accel kvm \\

   -m 1G
\\ No newline at end of file
@@ -9 +9 @@
+x
diff --git a/vm.service b/vm.service
--- a/vm.service
+++ b/vm.service
@@ -1 +1,2 @@
 [Service]
+ExecStart=/usr/bin/qemu-kvm -smp 2
--
2.39.2
"""


def test_a_patch_is_what_it_makes_of_each_file() -> None:
    parts = patched(Source(PATCH))
    assert parts[0].text.startswith("Subject: [PATCH] run with KVM\n\nUse qemu-kvm.\n---\n")
    assert [part.text for part in parts[1:]] == [
        "#!/bin/sh\nqemu-system-x86_64 -accel kvm \\\n\n  -m 1G\nx\n",
        "[Service]\nExecStart=/usr/bin/qemu-kvm -smp 2\n",
    ]


def test_commands_of_the_added_side_have_their_places() -> None:
    found = commands(PATCH)
    assert [(command.dialect, command.argv) for command in found] == [
        ("shell", ("qemu-system-x86_64", "-accel", "kvm")),
        ("systemd", ("/usr/bin/qemu-kvm", "-smp", "2")),
    ]
    assert [command.words[0][1:] for command in found] == [(14, 2), (25, 12)]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("-qemu-kvm -m 1\n+qemu-kvm -m 2\n", ["", "qemu-kvm -m 2\n"]),
        ("+-m 2\n--m 1", ["", "-m 2\n"]),
        ("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b", ["", "b"]),
        ("-m 1G\n-accel kvm\n", None),
        ("+ qemu-kvm -m 1\n", None),
        ("-m 1\n+ qemu-kvm -m 1\n", None),
        ("--- title\ntext\n", None),
    ],
)
def test_lines_with_signs_are_a_patch_where_both_sides_are(text: str, after: list[str] | None) -> None:
    assert [part.text for part in patched(Source(text))] == (after or [text])
