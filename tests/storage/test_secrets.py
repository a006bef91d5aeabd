from uuid import UUID

import pytest

from seldesk.storage import ContentKeys, Damaged, Locked, Secrets, Storage

PASSWORD = b"correct horse"


@pytest.fixture
def secrets(keys: ContentKeys) -> Secrets:
    return Secrets(keys)


async def test_a_secret_opens_where_it_belongs(secrets: Secrets, acme: UUID) -> None:
    sealed = await secrets.seal(acme, "mailbox 1 password", PASSWORD)
    assert PASSWORD not in sealed
    assert await secrets.open(acme, "mailbox 1 password", sealed) == PASSWORD


async def test_it_does_not_open_elsewhere(secrets: Secrets, acme: UUID, globex: UUID) -> None:
    sealed = await secrets.seal(acme, "mailbox 1 password", PASSWORD)
    for customer, label in ((acme, "mailbox 2 password"), (globex, "mailbox 1 password")):
        with pytest.raises(Damaged):
            await secrets.open(customer, label, sealed)


async def test_it_does_not_open_when_changed(secrets: Secrets, acme: UUID) -> None:
    sealed = await secrets.seal(acme, "seed", PASSWORD)
    for changed in (b"", sealed[:-1], sealed + b"\0", bytes([sealed[0] ^ 1]) + sealed[1:]):
        with pytest.raises(Damaged):
            await secrets.open(acme, "seed", changed)


async def test_it_does_not_open_without_the_key(secrets: Secrets, keys: ContentKeys, acme: UUID) -> None:
    sealed = await secrets.seal(acme, "seed", PASSWORD)
    await keys.destroy(acme)
    with pytest.raises(Locked):
        await secrets.open(acme, "seed", sealed)


async def test_a_stored_object_does_not_pass_for_a_secret(
    secrets: Secrets, storage: Storage, keys: ContentKeys, acme: UUID
) -> None:
    sealed = await secrets.seal(acme, "seed", PASSWORD)
    stored = await storage.put(acme, sealed)
    assert await storage.get(acme, stored.object_id) == sealed
    with pytest.raises(Damaged):
        await secrets.open(acme, str(stored.object_id), sealed)
