"""The QEMU commands in text of any kind: what people paste, scripts, logs, units, lists of words."""

from __future__ import annotations

from accelkit.parsing.sources.command import Command, Note, Word

__all__ = ["Command", "Note", "Word", "commands"]


def commands(text: str) -> tuple[Command, ...]:
    """The QEMU commands in ``text``, in order; none where no command in it starts a QEMU.

    >>> [command.argv for command in commands("sudo qemu-system-x86_64 -accel kvm -m 1G")]
    [('qemu-system-x86_64', '-accel', 'kvm', '-m', '1G')]
    """
    # Imported here, to keep `import accelkit` light.
    from accelkit.parsing.sources.plain import plain_command

    if (plain := plain_command(text)) is not None:
        return (plain,)
    # Imported here: a plain line needs none of them.
    from accelkit.parsing.sources.parts import part_commands, parts

    found = [command for part in parts(text) for command in part_commands(part)]
    return tuple(sorted(found, key=lambda command: command.words[0][1:]))
