import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldesk.mail.markdown import render
from tests.mail.payloads import PAYLOADS
from tests.mail.test_html import Looking


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Hi *Cleo*,\nit **works**.", "<p>Hi <em>Cleo</em>,<br>\nit <strong>works</strong>.</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("`a<b>`", "<p><code>a&lt;b&gt;</code></p>"),
        ("~~no~~", "<p><s>no</s></p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("&copy; &amp;lt;", "<p>© &amp;lt;</p>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("```js\nx()\n```", "<pre><code>x()\n</code></pre>"),
    ],
)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert render(text).strip() == html


def links(text: str) -> list[str]:
    return [attributes["href"] for tag, attributes in Looking(render(text)).tags if tag == "a" and "href" in attributes]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://x.example/a?b=1&c=2.", ["https://x.example/a?b=1&c=2"]),
        ("(https://x.example/a), or http://y.example!", ["https://x.example/a", "http://y.example"]),
        ("[here](https://x.example)", ["https://x.example"]),
        ("[https://y.example](https://x.example)", ["https://x.example"]),
        ("<https://x.example>", ["https://x.example"]),
        ("`https://x.example`", []),
        ("[x](javascript:run()) [y](data:text/html,x) [z](/desk) https://", []),
        ("[x](JAVASCRIPT:run()) [y](java\nscript:run()) <javascript:run()>", []),
        ("https://x.example/**bold**", ["https://x.example/"]),
    ],
)
def test_addresses_become_links(text: str, found: list[str]) -> None:
    assert links(text) == found


def test_images_are_not_fetched_by_whoever_reads() -> None:
    assert links("![pixel](https://evil.example/p.gif)") == ["https://evil.example/p.gif"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_html_in_markdown_stays_text(payload: str) -> None:
    for tag, attributes in Looking(render(payload)).tags:
        assert tag in {"p", "br", "a", "em", "strong", "code", "blockquote", "h1", "pre"}
        assert attributes.keys() <= {"href", "rel"}


@given(st.text(alphabet="*_`[]()<>!#-+.1 \n|:~\\&;ahtps/", max_size=80))
def test_any_text_is_safe(text: str) -> None:
    for tag, attributes in Looking(render(text)).tags:
        assert tag not in ("script", "img", "style", "iframe")
        assert not any(name.startswith("on") for name in attributes)


@pytest.mark.asvs("V15.2.2")
def test_a_table_that_would_be_filled_up_without_end_is_none() -> None:
    """100 kB of it would be 300 million cells."""
    wide = "|a" * 400 + "\n" + "|-" * 400 + "\n" + "a\n" * 400
    assert "<table>" not in render(wide)
    assert "<table>" in render("|a|b|\n|-|-|\n|1|2|")
    assert render("|a|b|\n|-|-|\n" + "|1|2|\n" * 2000).count("<tr>") == 2001


@pytest.mark.asvs("V15.2.2")
def test_what_is_longer_than_anybody_writes_stays_as_it_is() -> None:
    assert render("*a* <b>\n" * 20_000).startswith("<p>*a* &lt;b&gt;<br>\n*a*")
