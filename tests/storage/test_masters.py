"""Two keys per customer under two masters: each opens its own, is changed under way, or is never in hand at all."""

import sys
from pathlib import Path
from uuid import UUID, uuid4

import pyrage
import pytest

from seldesk.storage import BackupIdentities, ContentKeys, Damaged, InHand, Locked, Place, Program, StoreUnavailable
from tests.storage.conftest import MASTER

OLD, NEW = InHand(MASTER), InHand(bytes(reversed(range(32))))


@pytest.fixture
def places(tmp_path: Path) -> list[Place]:
    for name in ("a", "b"):
        Place.prepare(str(tmp_path / name))
    return [Place.at(str(tmp_path / name)) for name in ("a", "b")]


def by_program(tmp_path: Path, key: bytes = MASTER) -> Program:
    (tmp_path / "master").write_bytes(key)
    return Program([sys.executable, str(Path(__file__).with_name("key_program.py")), str(tmp_path / "master")])


async def test_copies_are_sealed_to_a_customer_and_opened_by_its_identity_alone(places: list[Place]) -> None:
    identities, acme, globex = BackupIdentities(places, OLD), uuid4(), uuid4()
    for customer in (acme, globex, acme):
        await identities.create(customer)
    recipient = await identities.recipient(acme)
    assert recipient.startswith("age1")
    copy = pyrage.encrypt(b"a dump", [pyrage.x25519.Recipient.from_str(recipient)])
    assert pyrage.decrypt(copy, [await identities.identity(acme)]) == b"a dump"
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(copy, [await identities.identity(globex)])


async def test_a_destroyed_identity_opens_nothing_and_the_content_key_is_another(places: list[Place]) -> None:
    identities, keys, acme = BackupIdentities(places, NEW), ContentKeys(places, OLD), uuid4()
    await keys.create(acme)
    await identities.create(acme)
    await keys.destroy(acme)
    # The copies can be opened until the last of them is gone.
    assert await identities.recipient(acme)
    await identities.destroy(acme)
    with pytest.raises(Locked):
        await identities.identity(acme)


async def test_each_master_opens_its_own_keys_only(places: list[Place], tmp_path: Path) -> None:
    acme = uuid4()
    await BackupIdentities(places, NEW).create(acme)
    with pytest.raises(Damaged):
        await BackupIdentities(places, OLD).identity(acme)
    await ContentKeys(places, OLD).create(acme)
    # An identity in the place of a content key does not pass for one, not even under the same master.
    (tmp_path / "a" / str(acme)).write_bytes((tmp_path / "a" / f"{acme}.backup").read_bytes())
    (tmp_path / "b" / str(acme)).write_bytes((tmp_path / "b" / f"{acme}.backup").read_bytes())
    with pytest.raises(Damaged):
        await ContentKeys(places, NEW).get(acme)


async def test_a_master_is_changed_while_everybody_works(places: list[Place], tmp_path: Path) -> None:
    customers = [uuid4() for _ in range(3)]
    before = ContentKeys(places, OLD)
    for customer in customers:
        await before.create(customer)
        await BackupIdentities(places, OLD).create(customer)
    held = [await before.get(customer) for customer in customers]
    during = ContentKeys(places, NEW, former=[OLD])
    assert [await during.get(customer) for customer in customers] == held
    # Cut off half-way: one place has the new one.
    (tmp_path / "b" / str(customers[0])).unlink()
    assert await during.rewrap() == 3
    assert await during.rewrap() == 0
    after = ContentKeys(places, NEW)
    assert [await after.get(customer) for customer in customers] == held
    for customer in customers:
        one, other = ((tmp_path / name / str(customer)).read_bytes() for name in ("a", "b"))
        assert one == other
    with pytest.raises(Damaged):
        await ContentKeys(places, OLD).get(customers[0])
    # Identities have a master of their own, which was not changed.
    assert await BackupIdentities(places, OLD).recipient(customers[0])


async def test_a_program_wraps_in_place_of_a_key_in_hand(places: list[Place], tmp_path: Path, acme: UUID) -> None:
    keys = ContentKeys(places, by_program(tmp_path))
    await keys.create(acme)
    # The same key in hand opens it too: what lies in the store does not tell who wrapped it.
    assert await ContentKeys(places, OLD).get(acme) == await keys.get(acme)
    await BackupIdentities(places, by_program(tmp_path)).create(acme)
    with pytest.raises(Damaged):
        await ContentKeys(places, by_program(tmp_path, bytes(32))).get(acme)
    # From a key in hand to the program, and nothing is lost.
    moved = ContentKeys(places, by_program(tmp_path, NEW.key), former=[OLD])
    assert await moved.rewrap() == 1


async def test_a_program_that_fails_is_no_damage(places: list[Place], acme: UUID) -> None:
    await ContentKeys(places, OLD).create(acme)
    for command in (["/no/such/program"], ["false"], ["echo", "nonsense!"]):
        with pytest.raises(StoreUnavailable):
            await ContentKeys(places, Program(command)).get(acme)
