"""The registry as a running server knows it: who may call, at most a second old."""

from agegate.clock import Clock
from agegate.store.fresh import Fresh
from agegate.store.registry import Registry, read_registry
from agegate.store.store import Store


class RegistryCache(Fresh[Registry]):
    """A key that a command added or revoked counts within a second."""

    def __init__(self, store: Store, clock: Clock) -> None:
        super().__init__(store, clock, read_registry)
