"""parse and sweep: text of any kind to option maps, recipes and spaces; recipe_of and recipes_of: maps to recipes."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from accelkit.errors import ArgvError, ComposeError, IgnoredOptionWarning, brief, nearest, shown
from accelkit.parsing.command_line import AccelOption, CommandLine, names_with_verb
from accelkit.parsing.notation import evaluate
from accelkit.parsing.understanding import Understood, one_command, understand, understand_words
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.recipe import Recipe, fold, joined
from accelkit.recipes.space import Space
from accelkit.recipes.table import ACCELERATORS, PROPERTIES
from accelkit.syntax.option_map import OptionMap
from accelkit.syntax.qemuopts import refuse_control

if TYPE_CHECKING:
    from accelkit.parsing.sources.command import Command

_Options = Mapping[str, Any] | str | Sequence[Mapping[str, Any]] | Recipe[Any]
# The readers of command lines, of sources and of braces are imported in the functions: composing needs none of them.


def parse(text: str | Sequence[str], /) -> tuple[OptionMap, ...]:
    """The option maps in a command line, one for each accelerator, in the order in which QEMU tries them.

    Takes everything that holds one configuration: a QEMU command with whatever stands before it, or its options;
    a list of words; an ``-accel`` argument; a recipe as Python text; domain XML. Of a command it reads only what is
    about accelerators. The last value of a repeated property counts. Keeps the text of values, and unknown
    properties, as they are. A property in -machine is added to the accelerators that know it, before their own
    properties; if none is named, to a map without ``accel``. ``parse(render(x))`` returns the maps of x.

    Raises ArgvError for a text in which no QEMU is, for several commands, for an accelerator that no QEMU has, for
    one that a variable of a shell decides, and for what QEMU's parsers refuse: all faults at once, each with its
    place; LibvirtError for XML that libvirt refuses; ComposeError or DomainError for Python text, or braces, of no
    recipe; ComposeError for a space. Warns (IgnoredOptionWarning) about a property that none of the named accelerators
    knows, which QEMU ignores, and about lines that QEMU never gets.

    >>> parse("-accel kvm,kernel-irqchip=split -accel tcg")
    (OptionMap({'accel': 'kvm', 'kernel-irqchip': 'split'}), OptionMap({'accel': 'tcg'}))
    """
    understood = understand(text) if isinstance(text, str) else understand_words(text)
    if understood.swept:
        return _maps_of(composed(understood), understood.text)
    from accelkit.parsing.lines import line_of, line_of_accel

    accel = understood.kind == "accel"
    line = line_of_accel(understood.text, understood.variables) if accel else line_of(one_command(understood))
    _refuse(line)
    for command in understood.commands:
        _warn(command)
    return option_maps(line)


def _warn(command: Command) -> None:
    """Warn of the words that QEMU does not get as they were meant."""
    from accelkit.parsing.lines import lost

    for note in lost(command):
        warnings.warn(f"line {note.line}: {note.text}", IgnoredOptionWarning, stacklevel=3)


def composed(understood: Understood) -> Recipe[Any] | Fallback | Space[Any]:
    """The recipe, fallback or space that Python text or braces write."""
    if understood.kind == "python":
        return evaluate(understood.text)
    from accelkit.parsing.sweeps import swept

    return swept(understood.text)


def _maps_of(recipe: Recipe[Any] | Fallback | Space[Any], text: str) -> tuple[OptionMap, ...]:
    if isinstance(recipe, Space):
        raise ComposeError(
            f"{shown(text)}: holds {len(recipe)} configurations, and parse gives the maps of one; write sweep(text) for "
            "the space"
        )
    return tuple(map(fold, recipe)) if isinstance(recipe, Fallback) else (fold(recipe),)


def _refuse(line: CommandLine) -> None:
    """Raises ArgvError for all in a command line that no recipe can hold, at once."""
    from accelkit.syntax.typography import DASHES

    faults = [*line.faults, *(f"{word}: QEMU has no such option" for word in line.unknown)]
    faults += [
        f"-machine …,{write.key}={write.value}: no machine has it; give {write.flag}= to -accel"
        for write in line.misplaced
    ]
    faults += [
        f"{brief(stray.word)}: QEMU takes it for a disk image: {stray.word[0]} (U+{ord(stray.word[0]):04X}) is not the "
        f"dash of a keyboard; write -{stray.word.lstrip(DASHES)}"
        for stray in line.strays
        if stray.word[:1] and stray.word[0] in DASHES
    ]
    faults += _undecided(line)
    for accel in line.accels:
        known = accel.name in ACCELERATORS or any(name in accel.name for name in line.variables)
        if not known and (accel.name or not faults):  # of an empty name another fault tells more
            faults.append(f"-accel {brief(accel.name)}: no QEMU has this accelerator; {_instead(accel.name)}")
        for key, value, _ in accel.writes:
            if not key:
                faults.append(
                    f"-accel {brief(accel.name)}: a property without a name (={brief(value)}); name it"
                )
                continue
            try:
                refuse_control(value, f"-accel {brief(accel.name)},{brief(key)}")
            except ArgvError as error:
                faults.append(str(error))
    if faults:
        raise ArgvError("; ".join(faults))


def _instead(name: str) -> str:
    """What to write instead of an accelerator's name that no QEMU has."""
    if ":" in name:
        return f"write {' '.join(f'-accel {brief(part)}' for part in name.split(':'))}"
    return nearest(name, ACCELERATORS)


def _undecided(line: CommandLine) -> list[str]:
    """The faults of variables whose value decides about accelerators: a recipe cannot hold them."""
    texts = [f"{write.key}={write.value}" for write in line.sugar]
    for accel in line.accels:
        texts += [accel.name, accel.identifier or "", *(f"{key}={value}" for key, value, _ in accel.writes)]
    if not line.accels:  # a word that is a variable may hold an -accel
        texts += line.variables
    return [
        f"{brief(name)}: the value of this variable decides, and a recipe cannot hold it; write its value"
        for name in dict.fromkeys(line.variables)
        if any(name in text for text in texts)
    ]


def option_maps(line: CommandLine) -> tuple[OptionMap, ...]:
    """The option maps of a command line. Warns (IgnoredOptionWarning) as ``parse`` does."""
    sugar = {write.key.replace("_", "-"): write.value for write in line.sugar}
    if not line.accels:
        return (OptionMap(sugar),) if sugar else ()
    for key, value in sugar.items():
        if not any(_knows(accel.name, key) for accel in line.accels):
            having = names_with_verb([accel.name for accel in line.accels])
            warnings.warn(
                f"-machine …,{key}={brief(value)} has no effect: {having} no such property; leave it out",
                IgnoredOptionWarning, stacklevel=3,
            )  # fmt: skip
    return tuple(_option_map(accel, sugar) for accel in line.accels)


def _knows(accel: str, key: str) -> bool:
    row = PROPERTIES.get(key)
    return row is not None and accel in row.accels


def _option_map(accel: AccelOption, sugar: dict[str, str]) -> OptionMap:
    entries = {"accel": accel.name}
    if accel.identifier is not None:
        entries["id"] = accel.identifier
    entries |= {key: value for key, value in sugar.items() if _knows(accel.name, key)}
    for write in accel.writes:
        entries[write.key] = write.value
    return OptionMap(entries)


def recipe_of(options: _Options, /) -> Recipe[Any]:
    """The recipe of one ``-accel``: of its text, of its option map, or of a dict as a person writes it; a recipe is itself.

    - Text is anything in which :func:`sweep` reads one recipe: ``"kvm,kernel-irqchip=split"``, a command line, Python.
    - An option map, also alone in what ``parse`` returns, has QEMU's own texts. A value in another spelling
      (``0x40``, ``yes``) gets the property's spelling, which means the same to QEMU. Unknown properties and values
      out of range stay as they are, as ``option(…)``.
    - Any other mapping has the accelerator under ``accel``, if it chooses one, and properties by their Python or QEMU
      names, with values as the property takes them: ``{"accel": "kvm", "shadow_mem": "64MiB", "rapl": True}``.
      ``recipe_of(options.typed())`` is the recipe of ``options``, where the table has all its properties.

    Raises DomainError for a name that is not in the table, or a value that its property does not take;
    ComposeError for properties that no accelerator takes together, for text with several alternatives or points,
    and for anything else; for text what ``sweep`` raises.

    >>> recipe_of("kvm,kernel-irqchip=split")
    kvm() | kernel_irqchip(split)
    >>> recipe_of({"accel": "kvm", "shadow_mem": "64MiB"})
    kvm() | shadow_mem(64 * MiB)
    >>> recipe_of(OptionMap({"accel": "tcg", "tb-size": "0x40", "x-new": "1"}))
    tcg() | tb_size(64) | option('x-new', '1')
    """
    if isinstance(options, (str, tuple, list, Recipe)):
        recipe = recipes_of(options)
        if isinstance(recipe, Fallback):
            several = f"{shown(options)} has {len(recipe.alternatives)} alternatives"
            raise ComposeError(f"recipe_of: {several}; write recipes_of({shown(options)})")
        return recipe
    if not isinstance(options, Mapping):
        raise ComposeError(
            f"recipe_of: got {shown(options)}; takes text, as in recipe_of('kvm'), or a mapping"
        )
    if not isinstance(options, OptionMap):
        from accelkit.parsing.mapping import recipe_of_mapping

        return recipe_of_mapping(options)
    from accelkit.parsing.sweeps import recipe_step

    name = options.get("accel")
    known = [PROPERTIES[key].accels for key in options if key in PROPERTIES]
    if name is None and known and not known[0].intersection(*known):
        name = ""  # no accelerator has them all: leave every text as it is
    return joined(recipe_step(name, key, text) for key, text in options.items())


def recipes_of(maps: _Options | Fallback, /) -> Recipe[Any] | Fallback:
    """The recipe that renders as ``maps`` do; of several maps a fallback.

    Takes what ``parse`` returns, text that ``parse`` reads, or mappings as :func:`recipe_of` does. Raises
    ComposeError if there are no maps, for text with several points, and for anything else; of each map what
    ``recipe_of`` raises.

    >>> recipes_of(parse("-accel kvm -accel tcg,thread=single"))
    first_of(kvm(), tcg() | thread(single))
    """
    if isinstance(maps, str):
        recipe = sweep(maps)
        if isinstance(recipe, Space):
            raise ComposeError(f"{shown(maps)} has {shown(recipe.size)} points; write sweep({shown(maps)})")
        return recipe
    if isinstance(maps, Mapping):
        return recipe_of(maps)
    if isinstance(maps, (Recipe, Fallback)):
        return maps
    if not isinstance(maps, (tuple, list)):
        raise ComposeError(f"recipes_of: got {shown(maps)}; takes text, or what parse(text) returns")
    if not maps:
        raise ComposeError("no option maps: the command line names no accelerator; QEMU takes its default")
    recipes = tuple(map(recipe_of, maps))
    return recipes[0] if len(recipes) == 1 else Fallback(recipes)


def sweep(text: str) -> Recipe[Any] | Fallback | Space[Any]:
    """The recipe or space that ``text`` writes, in any notation that accelkit reads.

    What :func:`parse` reads, and spaces: an ``-accel`` argument with ``{a,b}`` to try each of several values, as a
    shell expands it; or Python, as in ``tcg() | tb_size(each(8, 64))``. Raises ArgvError, ComposeError or
    DomainError; LibvirtError for domain XML that libvirt refuses.

    >>> sweep("tcg,tb-size={8,64,512},thread={single,multi}")
    tcg() | tb_size(each(8, 64, 512)) | thread(each(single, multi))
    >>> sweep("tcg,tb-size={8,64}0")
    tcg() | tb_size(each(80, 640))
    """
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        raise ArgvError(
            f"sweep: got {shown(text)} ({type(text).__name__}); takes text, as in 'tcg,tb-size={{8,64}}'"
        )
    understood = understand(text)
    if understood.kind in ("commands", "domain"):
        one_command(understood)
    (recipe,) = _recipes_of(understood)
    if recipe is None:
        raise ArgvError(f"{shown(text)} names no accelerator; begin with one, as in tcg,tb-size={{8,64}}")
    return recipe


def recipes_in(text: str | Sequence[str]) -> tuple[Recipe[Any] | Fallback | Space[Any] | None, ...]:
    """What each command in ``text`` stands for, in order; None for one that names no accelerator.

    Raises ArgvError, ComposeError, DomainError and LibvirtError as :func:`sweep` does.

    >>> recipes_in("qemu-system-x86_64 -accel kvm; qemu-system-x86_64 -m 1G")
    (kvm(), None)
    """
    return _recipes_of(understand(text) if isinstance(text, str) else understand_words(text))


def _recipes_of(understood: Understood) -> tuple[Recipe[Any] | Fallback | Space[Any] | None, ...]:
    if understood.swept:
        return (composed(understood),)
    if understood.kind == "accel":
        from accelkit.parsing.lines import line_of_accel

        return (_recipe_of(line_of_accel(understood.text, understood.variables)),)
    return tuple(map(recipe_of_command, understood.commands))


def recipe_of_command(command: Command) -> Recipe[Any] | Fallback | None:
    """What a command says about accelerators, as a recipe; None if nothing. Raises ArgvError as :func:`parse` does."""
    from accelkit.parsing.lines import line_of

    recipe = _recipe_of(line_of(command))
    _warn(command)
    return recipe


def _recipe_of(line: CommandLine) -> Recipe[Any] | Fallback | None:
    _refuse(line)
    maps = option_maps(line)
    return recipes_of(maps) if maps else None
