import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldesk.storage import Damaged
from seldesk.storage.envelope import OVERHEAD, seal, unseal

KEY = bytes(range(32))


@given(st.binary(max_size=300), st.binary(max_size=20), st.binary(max_size=40))
def test_what_is_sealed_opens_where_it_was_sealed_for(content: bytes, purpose: bytes, place: bytes) -> None:
    sealed = seal(KEY, content, purpose, place)
    assert len(sealed) == len(content) + OVERHEAD
    assert unseal(KEY, sealed, purpose, place) == content


@given(st.binary(min_size=1, max_size=100), st.data())
def test_any_single_change_is_noticed(content: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(KEY, content, b"object", b"here"))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Damaged):
        unseal(KEY, bytes(sealed), b"object", b"here")


@given(st.binary(max_size=200))
def test_rubbish_is_damaged(rubbish: bytes) -> None:
    with pytest.raises(Damaged):
        unseal(KEY, rubbish, b"object", b"here")


def test_purpose_and_place_do_not_run_together() -> None:
    sealed = seal(KEY, b"content", b"a", b"bc")
    with pytest.raises(Damaged):
        unseal(KEY, sealed, b"ab", b"c")
