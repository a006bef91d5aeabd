import pytest

from tests.rpc.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
