"""accelkit: compose, check, run and tune QEMU accelerators.

A recipe is a value that is also a pure function, from an option map to an option map.

>>> from accelkit import *
>>> tuned = kvm() | shadow_mem("64MiB") | kernel_irqchip(split) | notify(run, window=1000)
>>> render(tuned)
['-accel', 'kvm,kernel-irqchip=split,kvm-shadow-mem=67108864,notify-vmexit=run,notify-window=1000']
>>> check(tuned, bundled("10.0"))
✓ QEMU 10.0.13 (x86_64) takes it
"""

from accelkit.checking.check import check, verdict
from accelkit.checking.problem import Problem, Verdict
from accelkit.errors import (
    AccelkitError,
    ArgvError,
    ComposeError,
    DomainError,
    GuestError,
    IgnoredOptionWarning,
    LibvirtError,
    NearestSchemaWarning,
    QemuError,
    SchemaError,
)
from accelkit.explain import explain
from accelkit.parsing.recipes import parse, recipe_of, recipes_of, sweep
from accelkit.recipes.choices import doubling, each, first_of
from accelkit.recipes.domains import (
    GiB,
    KiB,
    MiB,
    auto,
    disable,
    internal_error,
    multi,
    off,
    on,
    run,
    single,
    split,
)
from accelkit.recipes.fallback import Fallback
from accelkit.recipes.forms import written
from accelkit.recipes.points import Points
from accelkit.recipes.property import Accelerator, Property, option, unset
from accelkit.recipes.recipe import Put, Recipe, fold
from accelkit.recipes.render import render, shell
from accelkit.recipes.space import Space
from accelkit.recipes.table import (
    ACCELERATORS,
    PROPERTIES,
    debug_mode,
    device,
    dirty_ring_size,
    eager_split_size,
    enclave_cid,
    hax,
    honor_guest_pat,
    hvf,
    hyperv,
    igd_passthru,
    ignore_unknown_msr,
    intercept_msr_gp,
    kernel_irqchip,
    kvm,
    mshv,
    nitro,
    notify,
    notify_vmexit,
    notify_window,
    nvmm,
    one_insn_per_tb,
    qtest,
    rapl,
    rapl_helper_socket,
    riscv_aia,
    shadow_mem,
    split_wx,
    ssd,
    tb_size,
    tcg,
    thread,
    whpx,
    xen,
    xen_evtchn_max_pirq,
    xen_gnttab_max_frames,
    xen_version,
)
from accelkit.recipes.values import Each
from accelkit.schemas import bundled
from accelkit.schemas.probe import probe
from accelkit.schemas.schema import Schema, diff
from accelkit.syntax.option_map import OptionMap

__version__ = "0.2.0"

# In groups, in the order in which a user meets them.
__all__ = [  # noqa: RUF022  # groups are easier to read than the alphabet
    # Accelerators
    "kvm", "tcg", "xen", "hvf", "nvmm", "whpx", "mshv", "nitro", "qtest", "hax",
    # Properties
    "kernel_irqchip", "shadow_mem", "notify", "notify_vmexit", "notify_window", "dirty_ring_size",
    "device", "tb_size", "thread", "split_wx", "one_insn_per_tb", "eager_split_size", "rapl",
    "rapl_helper_socket", "honor_guest_pat", "xen_version", "xen_gnttab_max_frames",
    "xen_evtchn_max_pirq", "riscv_aia", "igd_passthru", "hyperv", "ignore_unknown_msr",
    "intercept_msr_gp", "ssd", "debug_mode", "enclave_cid",
    # Words and units
    "on", "off", "split", "auto", "run", "internal_error", "disable", "single", "multi",
    "KiB", "MiB", "GiB",
    # Composing
    "each", "doubling", "first_of", "option", "unset", "fold",
    # Writing and reading
    "render", "shell", "written", "parse", "sweep", "recipe_of", "recipes_of",
    # Checking and explaining
    "check", "verdict", "bundled", "probe", "diff", "explain",
    # Types
    "OptionMap", "Recipe", "Put", "Space", "Points", "Each", "Fallback", "Accelerator", "Property",
    "Schema", "Problem", "Verdict", "ACCELERATORS", "PROPERTIES",
    # Errors and warnings
    "AccelkitError", "ComposeError", "DomainError", "ArgvError", "SchemaError", "LibvirtError",
    "GuestError", "QemuError", "IgnoredOptionWarning", "NearestSchemaWarning",
]  # fmt: skip
