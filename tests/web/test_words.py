from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from seldesk import zones
from seldesk.web import words
from tests.web.story import NOW, ago


@pytest.mark.parametrize(
    ("time", "short", "long"),
    [
        (ago(seconds=-3), "now", "Today 09:36"),
        (ago(seconds=59), "now", "Today 09:35"),
        (ago(minutes=2), "2 min", "Today 09:34"),
        (ago(minutes=59, seconds=59), "59 min", "Today 08:36"),
        (ago(hours=1), "1 h", "Today 08:36"),
        (ago(hours=10), "10 h", "Yesterday 23:36"),
        (ago(days=2), "Thu", "19 Nov 09:36"),
        (ago(days=6), "15 Nov", "15 Nov 09:36"),
        (ago(days=400), "17 Oct 2025", "17 Oct 2025 09:36"),
    ],
)
def test_a_time_reads_short_in_lists_and_long_in_a_timeline(time: datetime, short: str, long: str) -> None:
    assert words.since(time, NOW, zones.zone("UTC")).striptags() == short
    assert words.moment(time, NOW, zones.zone("UTC")).striptags() == long


@pytest.mark.parametrize(
    ("zone", "time", "long", "iso", "title"),
    [
        (
            "Europe/Berlin",
            datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
            "29 Mar 01:59",
            "01:59:00+01:00",
            "01:59 Europe/Berlin",
        ),
        (
            "Europe/Berlin",
            datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
            "29 Mar 03:00",
            "03:00:00+02:00",
            "03:00 Europe/Berlin",
        ),
        (
            "Europe/Berlin",
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            "25 Oct 02:30",
            "02:30:00+02:00",
            "25 October 2026",
        ),
        (
            "Europe/Berlin",
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
            "25 Oct 02:30",
            "02:30:00+01:00",
            "25 October 2026",
        ),
        (
            "America/New_York",
            datetime(2026, 11, 21, 4, 59, tzinfo=UTC),
            "Yesterday 23:59",
            "-05:00",
            "America/New York",
        ),
        ("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "1 Nov 01:30", "01:30:00-04:00", "Sunday, 1"),
        (
            "Asia/Kathmandu",
            datetime(2026, 11, 20, 18, 15, tzinfo=UTC),
            "Today 00:00",
            "00:00:00+05:45",
            "Asia/Kathmandu",
        ),
        (
            "Asia/Kathmandu",
            datetime(2025, 12, 31, 18, 15, tzinfo=UTC),
            "1 Jan 00:00",
            "2026-01-01T00",
            "1 January 2026",
        ),
        ("Europe/Atlantis", datetime(2026, 11, 21, 9, 0, tzinfo=UTC), "Today 09:00", "09:00:00+00:00", "UTC"),
    ],
)
def test_a_time_is_the_readers_also_where_clocks_are_changed(
    zone: str, time: datetime, long: str, iso: str, title: str
) -> None:
    shown = words.moment(time, NOW, zones.zone(zone))
    assert shown.striptags() == long
    assert iso in shown.partition('datetime="')[2].partition('"')[0]
    assert title in shown.partition('title="')[2].partition('"')[0]


def test_what_lies_between_two_times_is_no_matter_of_the_zone() -> None:
    """An hour is an hour in the night in which the clock goes from 2 to 3."""
    later = datetime(2026, 3, 29, 1, 5, tzinfo=UTC)
    assert words.since(later - timedelta(minutes=20), later, zones.zone("Europe/Berlin")).striptags() == "20 min"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ann Berg", "AB"),
        ("Omar", "O"),
        ("Ana Maria de la Cruz", "AC"),
        ("cleo@acme.example", "CA"),
        ("田中 雪", "田雪"),
        ("  ", "?"),
        ("!?", "?"),
        ("'o'", "?"),
    ],
)
def test_a_face_has_one_or_two_letters(name: str, letters: str) -> None:
    assert words.initials(name) == letters


def linked(url: str) -> str:
    return f'<a href="{url}" rel="nofollow noopener noreferrer" target="_blank">{url}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", "<p></p>"),
        ("Hi,\n\n\n  \nyou <b>\nthere & here", "<p>Hi,</p><p>you &lt;b&gt;\nthere &amp; here</p>"),
        ("See https://a.example/b.", f"<p>See {linked('https://a.example/b')}.</p>"),
        ("(https://a.example/b)", f"<p>({linked('https://a.example/b')})</p>"),
        ("https://a.example/b_(c)", f"<p>{linked('https://a.example/b_(c)')}</p>"),
        ("http://a?x=1&y='", f"<p>{linked('http://a?x=1&amp;y=')}&#39;</p>"),
        ('https://a"onclick="b', f"<p>{linked('https://a')}&#34;onclick=&#34;b</p>"),
        ("javascript:alert(1) data:x", "<p>javascript:alert(1) data:x</p>"),
        ("https://", "<p>https://</p>"),
    ],
)
def test_plain_text_becomes_paragraphs_and_links(text: str, html: str) -> None:
    assert words.paragraphs(text) == html


@pytest.mark.parametrize(("count", "text"), [(0, "0 B"), (999, "999 B"), (182_400, "182 kB"), (1_420_000, "1.4 MB")])
def test_a_size_is_rounded(count: int, text: str) -> None:
    assert words.size(count) == text


@pytest.mark.parametrize(("number", "text"), [(None, ""), (0, "0"), (999, "999"), (1000, "1,000+")])
def test_a_count_stops_at_a_thousand(number: int | None, text: str) -> None:
    assert words.count(number) == text


@pytest.mark.parametrize(
    ("kind", "before", "after", "sentence"),
    [
        ("opened", {}, {"channel": "mail"}, "opened this ticket"),
        ("status", {"status": "new"}, {"status": "solved"}, "set the status from New to Solved"),
        ("priority", {"priority": "low"}, {"priority": "urgent"}, "set the priority from Low to Urgent"),
        ("assigned", {"assignee": None}, {"assignee": "Ann"}, "gave it to Ann"),
        ("assigned", {"assignee": "Ann"}, {"assignee": None}, "took it from Ann"),
        ("assigned", {"assignee": ""}, {"assignee": None}, "took it from its assignee"),
        ("subject", {"subject": "Old"}, {"subject": "New"}, "changed the subject, which was “Old”"),
        ("tags", {"tags": ["a"]}, {"tags": ["b", "c"]}, "added b, c and removed a"),
        ("tags", {"tags": ["a"]}, {"tags": []}, "removed a"),
        ("merged", {}, {"into": 7}, 'merged: {"into": 7}'),
        ("status", {}, {"status": "odd"}, "set the status from unknown to unknown"),
    ],
)
def test_a_change_is_a_sentence(kind: str, before: dict[str, Any], after: dict[str, Any], sentence: str) -> None:
    assert words.change(kind, before, after) == sentence


def test_who_gives_a_ticket_to_themselves_takes_it() -> None:
    assert words.change("assigned", {"assignee": None}, {"assignee": "Ann"}, "Ann") == "took it"
