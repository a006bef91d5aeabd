from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldesk.mail.parse import Mail
from seldesk.mail.thread import Candidate, Reason, Threading, candidates, speaks_for
from tests.mail.letters import read

TICKET, MESSAGE = UUID(int=7), UUID(int=99)
ANN, BO = UUID(int=1), UUID(int=2)
SUPPORT = "support@acme.desk.example"
ACME = Threading(b"a key of acme's own", "acme.desk.example")
GLOBEX = Threading(b"another key", "globex.desk.example")
BORROWED = Threading(b"another key", "acme.desk.example")


def found(mail: Mail, *recipients: str) -> list[Candidate]:
    return list(candidates(mail, ACME, SUPPORT, recipients))


def altered(text: str, position: int) -> str:
    letter = "b" if text[position] != "b" else "c"
    return text[:position] + letter + text[position + 1 :]


def test_our_message_id_is_read_back_in_any_spelling() -> None:
    ours = ACME.message_id(TICKET, MESSAGE)
    assert ours == ACME.message_id(TICKET, MESSAGE)
    assert len(ours) <= 120
    for spelt in (ours, ours.upper(), f" {ours}\r\n"):
        assert ACME.read_message_id(spelt) == (TICKET, MESSAGE)


def test_no_other_message_id_is_ours() -> None:
    ours = ACME.message_id(TICKET, MESSAGE)
    local = ours.partition("@")[0]
    forged = [
        GLOBEX.message_id(TICKET, MESSAGE),
        BORROWED.message_id(TICKET, MESSAGE),
        ours.replace("acme", "globex"),
        Threading(ACME.key, "old.desk.example").message_id(TICKET, MESSAGE).replace("@old", "@acme"),
        ours[:60] + ours[-19:],
        f"{local}x@acme.desk.example>",
        f"{local[:-1]}@acme.desk.example>",
        f"{ours}{ours}",
        ours.strip("<>"),
        local,
        "<seldesk.@acme.desk.example>",
        "<>",
        "",
    ]
    forged += [altered(ours, position) for position in range(9, 9 + 77)]
    for text in forged:
        assert ACME.read_message_id(text) is None, text


def test_an_address_carries_the_number_of_its_ticket() -> None:
    address = ACME.plus_address(SUPPORT, 7)
    assert address.startswith("support+t7.")
    assert address.endswith("@acme.desk.example")
    for spelt in (address, address.upper(), f" {address} ", ACME.plus_address(SUPPORT.upper(), 7)):
        assert ACME.read_plus(spelt) == 7


def test_no_other_address_carries_a_number() -> None:
    address = ACME.plus_address(SUPPORT, 7)
    token = address.partition("+")[2]
    forged = [
        GLOBEX.plus_address(SUPPORT, 7),
        address.replace("+t7.", "+t8."),
        address.replace("+t7.", "+t07."),
        address.replace("+t7.", "+a7."),
        address.replace("support", "sales"),
        address.replace("acme", "globex"),
        f"support+x+{token}",
        f"+{token}",
        "support+t7.@acme.desk.example",
        "support+t7@acme.desk.example",
        "support+t99999999999.aaaaaaaaaaaaaaaa@acme.desk.example",
        SUPPORT,
        "",
    ]
    start = address.index(".") + 1
    forged += [altered(address, position) for position in range(start, start + 16)]
    for text in forged:
        assert ACME.read_plus(text) is None, text


def test_a_mailbox_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="shorten it"):
        ACME.plus_address(f"{'s' * 50}@acme.desk.example", 7)


def test_an_agents_address_is_that_agents() -> None:
    address = ACME.agent_address(SUPPORT, 7, ANN)
    assert ACME.read_plus(address, ANN) == 7
    assert ACME.read_plus(address, BO) is None
    assert ACME.read_plus(address) is None
    assert ACME.read_plus(ACME.plus_address(SUPPORT, 7), ANN) is None
    mail = read(f"To: {address}")
    assert speaks_for(mail, ACME, SUPPORT, ANN) == 7
    assert speaks_for(mail, ACME, SUPPORT, BO) is None
    assert speaks_for(read(f"To: {SUPPORT}"), ACME, SUPPORT, ANN, (address,)) == 7
    assert speaks_for(mail, ACME, "sales@acme.desk.example", ANN) is None


def test_the_key_is_not_shown() -> None:
    assert "key" not in repr(ACME)


@pytest.mark.parametrize("field", ["To", "Cc", "Delivered-To", "X-Original-To"])
def test_the_address_is_the_first_candidate(field: str) -> None:
    mail = read(
        f"{field}: Acme <{ACME.plus_address(SUPPORT, 7)}>",
        f"In-Reply-To: {ACME.message_id(TICKET, MESSAGE)}",
        "References: <old@x.example> <new@x.example>",
        "Subject: Re: Printer [#9]",
    )
    assert found(mail) == [
        Candidate(Reason.PLUS_ADDRESS, number=7, trusted=True),
        Candidate(Reason.SIGNED_MESSAGE_ID, ticket=TICKET, message=MESSAGE, trusted=True),
        Candidate(Reason.REFERENCE, references=("<new@x.example>", "<old@x.example>")),
        Candidate(Reason.SUBJECT_NUMBER, number=9),
    ]


def test_the_envelope_comes_before_what_the_mail_says() -> None:
    mail = read(f"To: {ACME.plus_address(SUPPORT, 8)}")
    numbers = [candidate.number for candidate in found(mail, ACME.plus_address(SUPPORT, 7))]
    assert numbers == [7, 8]


def test_another_mailboxs_address_does_not_count() -> None:
    assert found(read(f"To: {ACME.plus_address('sales@acme.desk.example', 7)}")) == []


def test_references_count_from_right_to_left_after_in_reply_to() -> None:
    first, second, third = (ACME.message_id(UUID(int=number), MESSAGE) for number in (1, 2, 3))
    mail = read(f"In-Reply-To: {third}", f"References: {first}\r\n {second}\r\n {third}")
    assert [candidate.ticket for candidate in found(mail)] == [UUID(int=3), UUID(int=2), UUID(int=1)]


def test_what_looks_like_ours_without_our_signature_is_no_candidate() -> None:
    ours = ACME.message_id(TICKET, MESSAGE)
    forged = [altered(ours, 20), altered(ours, 70), ours[:60] + ours[-19:], BORROWED.message_id(TICKET, MESSAGE)]
    assert found(read(f"In-Reply-To: {forged[0]}", f"References: {' '.join(forged)}")) == []


def test_ids_of_a_mail_program_on_our_domain_are_foreign() -> None:
    (candidate,) = found(read("In-Reply-To: <ABC@acme.desk.example>"))
    assert candidate == Candidate(Reason.REFERENCE, references=("<ABC@acme.desk.example>",))


@pytest.mark.parametrize(
    ("subject", "numbers"),
    [
        ("Re: Printer [#7]", [7]),
        ("[#7] [#8] [#7]", [7, 8]),
        ("[#0] [#07] [#x] #7 [#7", []),
        ("[#99999999999]", []),
        ("[#4000000000]", []),
        (" ".join(f"[#{number}]" for number in range(1, 40)), [1, 2, 3, 4, 5]),
        ("=?utf-8?q?=5B=237=5D?=", [7]),
    ],
)
def test_numbers_in_the_subject_are_the_last_and_not_trusted(subject: str, numbers: list[int]) -> None:
    all_found = found(read(f"Subject: {subject}"))
    assert [candidate.number for candidate in all_found] == numbers
    assert not any(candidate.trusted for candidate in all_found)


@given(st.text(max_size=120), st.text(alphabet="+.@t7abz2acmedeskexample", max_size=60))
def test_any_text_is_no_token(text: str, address: str) -> None:
    assert ACME.read_message_id(text) is None
    assert ACME.read_message_id(f"<seldesk.{text}@acme.desk.example>") is None
    assert ACME.read_plus(address) is None
    assert ACME.read_plus(text) is None
