"""The places that sealed objects and copies lie in."""

from itertools import zip_longest

from seldesk.settings import Settings
from seldesk.storage import Place
from seldesk.storage.place import PATIENCE


def stores(settings: Settings, patience: float = PATIENCE) -> list[Place]:
    """Each with credentials of its own: who writes to one of them cannot delete in the other."""
    given = zip_longest(settings.stores, settings.secrets.stores[: len(settings.stores)])
    return [Place.at(place, patience, secret.get_secret_value() if secret else "") for place, secret in given]
