"""Discovery of plug-ins: the singular file says what a thing is, the plural folder holds them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from types import MappingProxyType, ModuleType
from typing import Any, TypeVar

Plugin = TypeVar("Plugin")


class RegistryError(Exception):
    """Two plug-ins share a slug, or a module in the folder holds none."""


def discover(
    package: str, pick: Callable[[ModuleType], Plugin | None], slug: Callable[[Plugin], str]
) -> MappingProxyType[str, Plugin]:
    """Import every module of `package` and return its plug-ins by slug, sorted by slug.

    An import error rises: a broken plug-in stops start-up instead of going missing silently.

    Raises:
        RegistryError: a module has no plug-in, or two have the same slug.
    """
    root = importlib.import_module(package)
    found: dict[str, Plugin] = {}
    for info in pkgutil.iter_modules(root.__path__):
        module = importlib.import_module(f"{package}.{info.name}")
        plugin = pick(module)
        if plugin is None:
            raise RegistryError(f"{module.__name__} defines no plug-in")
        if slug(plugin) in found:
            raise RegistryError(f"{module.__name__} repeats the slug {slug(plugin)!r}")
        found[slug(plugin)] = plugin
    return MappingProxyType(dict(sorted(found.items())))


def attribute(name: str) -> Callable[[ModuleType], Any]:
    """Return a picker that takes the module's attribute called `name`, or nothing."""
    return lambda module: getattr(module, name, None)
