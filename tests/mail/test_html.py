import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldesk.mail.html import document, sanitise
from seldesk.mail.markup import ATTRIBUTES, TAGS
from tests.mail.payloads import PAYLOADS

LOGO = "https://acme.files.example/token-of-the-logo"
OUTSIDE = re.compile(r"(?i)evil\.example|etc/passwd")


class Looking(HTMLParser):
    """What is in a page: another reader than the one that made it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", {}))

    def handle_decl(self, decl: str) -> None:
        self.tags.append(("declaration", {}))


def safe(html: str, *, remote: bool = False) -> str:
    return sanitise(html, image_urls={"logo": LOGO}, show_remote=remote)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("around", ["{}", "<p>{}</p>", "<table><tr><td>{}", "<div title='{}'>x", "<a href={}>x"])
@pytest.mark.flaw("FreeScout CVE-2024-34697")
@pytest.mark.asvs("V1.3.1")
def test_nothing_that_runs_or_loads_gets_through(payload: str, around: str) -> None:
    for tag, attributes in Looking(safe(around.replace("{}", payload))).tags:
        assert tag in TAGS
        allowed = ATTRIBUTES - {"class", "id"} | {
            "rel",
            "target",
            "referrerpolicy",
            "loading",
            "data-blocked",
        }
        assert attributes.keys() <= allowed
        assert re.match(r"(?i)(?:https?|mailto|tel):", attributes.get("href", "https:"))
        assert attributes.get("src", LOGO) == LOGO
        style = attributes.get("style", "").lower()
        assert not re.search(r"url|position|expression|var\(|image-set|\\|behavior|@import|evil", style)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_safe_means_the_same_when_it_is_read_again(payload: str) -> None:
    once = re.sub(r' data-blocked="\d+"', "", sanitise(payload, image_urls={}, show_remote=False, fold=False))
    again = sanitise(once, image_urls={}, show_remote=False, fold=False)
    assert Looking(again).tags == Looking(once).tags


def test_there_are_many_payloads() -> None:
    assert len(set(PAYLOADS)) >= 100


def test_a_page_keeps_what_people_see() -> None:
    page = (
        '<h1 style="color: #333; font-family: Arial, sans-serif; margin: 0 0 1em">Order</h1>'
        '<table width="100%" cellpadding="4" bgcolor="#eeeeee"><tr><td align="right" colspan="2">'
        '<b>2</b> <font color="red" size="2">pens</font></td></tr></table>'
        '<ul><li>one</li></ul><blockquote>said</blockquote><pre>code</pre><hr><p dir="rtl">x</p>'
    )
    shown = safe(page)
    for kept in (
        "<h1 style=",
        "color:#333",
        'bgcolor="#eeeeee"',
        'colspan="2"',
        "<b>2</b>",
        'color="red"',
        "<hr>",
    ):
        assert kept in shown.replace(": ", ":")


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("color: rgb(1, 2, 3)", "color:rgb(1,2,3)"),
        ("background: #fff none", "background:#fffnone"),
        ("background: rgba(0, 0, 0, 0.5)", "background:rgba(0,0,0,0.5)"),
        ("border: 1px solid red; z-index: 9", "border:1pxsolidred"),
        ("display:none!important;max-height:0", "display:none!important;max-height:0"),
        ("color: red; background: url(x); width: 1px", "color:red;width:1px"),
        ("font-family: 'Segoe UI', Arial", 'font-family:"SegoeUI",Arial'),
        ("opacity:0;position:absolute;transform:scale(9);mask:url(x);content:'x'", ""),
        ("color\\3a red;col/**/or:red;color:r\\65 d;width:calc(1px)", ""),
    ],
)
def test_a_style_keeps_what_only_looks(style: str, kept: str) -> None:
    ((_, attributes),) = Looking(safe(f'<p style="{style}">x</p>')).tags
    assert attributes.get("style", "").replace(" ", "") == kept


def test_a_link_opens_apart_and_tells_nothing() -> None:
    ((tag, attributes),) = Looking(safe("<a href='https://x.example/?a=1&copy=2' rel=opener target=_self>x</a>")).tags
    assert tag == "a"
    assert attributes == {
        "href": "https://x.example/?a=1&copy=2",
        "rel": "noopener noreferrer nofollow",
        "target": "_blank",
    }


@pytest.mark.parametrize("href", ["https://x.example", "http://x.example", "mailto:ann@acme.example", "tel:+4912"])
def test_ordinary_links_stay(href: str) -> None:
    assert f'href="{href}"' in safe(f'<a href="{href}">x</a>')


@pytest.mark.parametrize("href", ["/desk", "desk", "#top", "//x.example/", "ftp://x.example", "?a", "x:y"])
@pytest.mark.asvs("V1.2.2")
def test_other_links_go(href: str) -> None:
    assert "href" not in safe(f'<a href="{href}">x</a>')


def test_the_mails_own_pictures_are_shown() -> None:
    for source in ("cid:logo", "CID:logo", " cid:%6Cogo "):
        ((tag, attributes),) = Looking(safe(f'<img src="{source}" alt="Acme" width="40">')).tags
        assert (tag, attributes["src"], attributes["alt"], attributes["width"]) == ("img", LOGO, "Acme", "40")
    assert safe('<img src="cid:unknown" alt="a map">') == "[a map]"
    relative = sanitise('<img src="cid:a">', image_urls={"a": "/files/a"}, show_remote=False)
    assert 'src="/files/a"' in relative


def test_remote_pictures_wait_until_they_are_asked_for() -> None:
    page = (
        '<img src="https://x.example/a.png" alt="A & B"><img src="//x.example/b.png">'
        '<img src="http://x.example/t.gif" width="1" height="1"><img src="cid:logo"><img src="data:image/png;base64,x">'
    )
    shown = safe(page)
    assert "x.example" not in shown
    assert '<span data-blocked="1">A &amp; B</span>' in shown
    assert 'data-blocked="2"' in shown
    asked = [attributes for tag, attributes in Looking(safe(page, remote=True)).tags if tag == "img"]
    assert [attributes["src"] for attributes in asked] == [
        "https://x.example/a.png",
        "https://x.example/b.png",
        "http://x.example/t.gif",
        LOGO,
    ]
    assert all(attributes["referrerpolicy"] == "no-referrer" for attributes in asked)


def test_a_mail_cannot_write_our_marks() -> None:
    shown = safe('<span data-blocked="7" class="x" id="y">x</span>')
    assert shown == "<span>x</span>"


def test_a_quoted_mail_is_folded_with_all_that_follows() -> None:
    page = (
        "<div class=WordSection1><p>Thanks!</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;"
        "padding:3.0pt 0cm 0cm 0cm'><p>From: Acme</p></div></div><p>old</p></div><p>older</p>"
    )
    shown = sanitise(page, image_urls={}, show_remote=False, quote_label="Quoted")
    above, _, folded = shown.partition("<details><summary>Quoted</summary>")
    assert "Thanks!" in above
    assert "old" not in above
    assert all(words in folded for words in ("From: Acme", "old", "older"))
    assert folded.rstrip().endswith("</details>")
    unfolded = sanitise(page, image_urls={}, show_remote=False, fold=False)
    assert "<details>" not in unfolded


@pytest.mark.parametrize(
    "page",
    [
        "<div class=gmail_quote>On Monday Ann wrote:<blockquote>all of it</blockquote></div>",
        "<p>see</p><div class=gmail_quote>---------- Forwarded message ---------<br>From: x</div>",
        "<blockquote type=cite>is it on?</blockquote><p>yes</p><blockquote type=cite>red?</blockquote><p>no</p>",
        "<p>as they say</p><blockquote>x</blockquote><p>y</p>",
    ],
)
def test_what_is_to_be_read_is_not_folded(page: str) -> None:
    assert "<details>" not in safe(page)


def test_a_document_follows_the_dark_unless_the_mail_has_colours() -> None:
    plain, coloured = document(safe("<p>x</p>")), document(safe("<p style='color:#333'>x</p>"))
    assert 'content="light dark"' in plain
    assert 'content="light"' in coloured
    assert 'content="light"' in document(safe("<table bgcolor=white><tr><td>x"))
    for page in (plain, coloured):
        assert page.startswith("<!doctype html>")
        assert not OUTSIDE.search(page)
        assert "<script" not in page
        assert "url(" not in page


@pytest.mark.long
def test_a_huge_page_is_bounded() -> None:
    assert len(safe("<div><b>x" * 100_000)) < 2_000_000
    assert len(safe("<font color=red>" * 5000 + "<p>x" * 50_000)) < 2_000_000
    names = " ".join(f"a{number}=1" for number in range(100_000))
    assert safe(f"<b {names}>x</b>") == "<b>x</b>"


@given(st.lists(st.sampled_from(PAYLOADS) | st.text(alphabet="<>/'\"= !-&;apbsvgt", max_size=10), max_size=4))
def test_pieces_of_payloads_are_safe_together(pieces: list[str]) -> None:
    for tag, attributes in Looking(safe("".join(pieces))).tags:
        assert tag in TAGS
        assert not any(name.startswith("on") for name in attributes)
        assert not attributes.get("href", "").strip().lower().startswith(("javascript", "data", "vbscript"))
