import inspect


class StorageError(Exception):
    """Stored content could not be handled."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or inspect.cleandoc(self.__doc__ or ""))


class Missing(StorageError):
    """There is no such object in any store."""


class Damaged(StorageError):
    """An object is not what was stored: changed, cut, or moved from where it belongs."""


class Locked(StorageError):
    """This customer's content key is gone; what it sealed cannot be opened any more."""


class StoreUnavailable(StorageError):
    """A store does not answer. Try again in a minute."""


class StoreFull(StoreUnavailable):
    """A store has no room left. Make some, and what could not be stored can be sent again."""


class Exists(StorageError):
    """An object of this name is there already; objects are never overwritten."""
