"""The inventory slice: what exists and who owns it."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """Django's view of the slice."""

    name = "inventory"
    label = "inventory"
