from pathlib import Path
from uuid import UUID

import pytest

from seldesk.storage import ContentKeys, Place, Storage

ACME = UUID(int=1)
GLOBEX = UUID(int=2)
MASTER = bytes(range(32))


@pytest.fixture
def acme() -> UUID:
    return ACME


@pytest.fixture
def globex() -> UUID:
    return GLOBEX


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    return [tmp_path / "a", tmp_path / "b"]


@pytest.fixture
def stores(folders: list[Path]) -> list[Place]:
    for folder in folders:
        Place.prepare(str(folder))
    return [Place.at(str(folder)) for folder in folders]


@pytest.fixture
async def keys() -> ContentKeys:
    keys = ContentKeys([Place.in_memory(), Place.in_memory()], MASTER)
    await keys.create(ACME)
    await keys.create(GLOBEX)
    return keys


@pytest.fixture
def storage(stores: list[Place], keys: ContentKeys) -> Storage:
    return Storage(stores, keys)
