"""An installation is prepared again and again, and only the first time makes its stores."""

import shutil
from pathlib import Path

import pytest

from orm.testing import Server
from seldesk.app import installation
from seldesk.storage import Place, StoreUnavailable
from tests.world import settings


async def test_a_store_that_is_lost_is_made_by_no_later_preparation(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    folders = [*chosen.stores, *chosen.key_stores]
    with Server() as server:
        await installation.prepare(chosen, server.superuser)
        for folder in folders:
            await Place.at(folder).reached()
            assert Path(folder).stat().st_mode & 0o777 == 0o700
        for folder in folders:
            shutil.rmtree(folder)
        await installation.prepare(chosen, server.superuser)
        for folder in folders:
            with pytest.raises(StoreUnavailable):
                await Place.at(folder).reached()
            assert not Path(folder).exists()
