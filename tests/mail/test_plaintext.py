import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldesk.mail.markup import DEEPEST, MOST_TAGS, End, Start, read, write
from seldesk.mail.plaintext import from_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Hello", "Hello"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<p>one<p>two", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<div><div>one</div></div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("a<br>b<br/>c</br>d", "a\nb\nc\nd"),
        ("  a \n  b\t<b> c</b>", "a b c"),
        ("a&nbsp;&amp;&nbsp;b &lt;c&gt; &#8364; &copy", "a & b <c> € ©"),
        ("<ul><li>one<li>two</ul><ol><li>x</li><li>y</li></ol>", "- one\n- two\n\n1. x\n2. y"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n\n  - b\n\n- c"),
        ("<table><tr><td>a<td>b<tr><td>c</td><td>d</td></table>", "a  b\nc  d"),
        ("<pre>a\n  b\n\nc</pre>d", "a\n  b\n\nc\n\nd"),
        ("a<blockquote>b<br>c<blockquote>d</blockquote></blockquote>e", "a\n\n> b\n> c\n>\n> > d\n\ne"),
        ('<a href="https://x.example/a">here</a>', "here <https://x.example/a>"),
        ('<a href="https://x.example/">https://x.example</a>', "https://x.example"),
        ('<a href="mailto:ann@acme.example">ann@acme.example</a>', "ann@acme.example"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ('<a href="https://x.example/?a=1&copy=2&lt;">x</a>', "x <https://x.example/?a=1&copy=2<>"),
        ('<img alt="a map" src="cid:1"><img src="x">', "[a map]"),
        ("a<hr>b", "a\n---\nb"),
        ("<style>p{color:red}</style><script>x<p>y</script><title>t</title>a", "a"),
        ("<!-- a --><!--[if mso]>b<![endif]--><![if !mso]>c<![endif]><!-->d", "cd"),
        ("<style>never closed", ""),
        ("a <3 b < c <", "a <3 b < c <"),
        ("<unknown>a</unknown><o:p>b</o:p>", "ab"),
        ("<svg><text>a</text></svg>b", "b"),
        ("a<p title='<p>'>b", "a\n\nb"),
        ("a<b title='never closed>b", "a"),
        ("<td>a<td>b", "ab"),
        ("<br><br><br><br>a<br><br><br><br>b", "a\n\nb"),
    ],
)
def test_html_reads_as_text(html: str, text: str) -> None:
    assert from_html(html).text == text


@pytest.mark.parametrize(
    "mark",
    [
        '<div class="gmail_quote">',
        '<div class="gmail_quote gmail_quote_container">',
        '<div class="yahoo_quoted" id="yahoo_quoted_1">',
        '<div class="protonmail_quote">',
        '<div class="moz-cite-prefix">',
        '<blockquote type="cite">',
        '<div id="divRplyFwdMsg" dir="ltr">',
        '<div id="x_divRplyFwdMsg">',
        '<div id="appendonsend">',
        '<div id="mail-editor-reference-message-container">',
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>",
        "<div style='border:none; border-top:solid #B5C4DF 1.0pt; padding:3.0pt 0in 0in 0in'>",
    ],
)
def test_the_quotes_of_mail_programs_are_found(mark: str) -> None:
    plain = from_html(f"<div><p>Thanks</p><div>{mark}old</div></div></div>")
    assert plain.quote is not None
    assert plain.text[: plain.quote].strip() == "Thanks"
    assert "old" in plain.text[plain.quote :]


def test_a_quote_of_ones_own_is_no_answered_mail() -> None:
    assert from_html("<p>As they say:</p><blockquote>x</blockquote>").quote is None


def balanced(html: str) -> int:
    """How deep the tags nest; every one that is opened is closed in its order."""
    opened, deepest = list[str](), 0
    for event in read(html):
        if isinstance(event, Start) and event.name not in ("br", "col", "hr", "img", "wbr"):
            opened.append(event.name)
            deepest = max(deepest, len(opened))
        elif isinstance(event, End):
            assert opened.pop() == event.name
    assert opened == []
    return deepest


HOSTILE = [
    "<div>",
    "<p><b>",
    "<font color=red><p>",
    "<table><tr><td>",
    "<ul><li>",
    "<a>",
    "</div>",
    "<table><a>",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_endless_nesting_is_flattened_and_its_text_stays(piece: str) -> None:
    html = f"{piece}x" * 2000
    assert balanced(html) <= DEEPEST
    assert from_html(html).text.count("x") == 2000


def test_endless_tags_end() -> None:
    assert sum(isinstance(event, Start) for event in read("<br>" * (MOST_TAGS + 10))) == MOST_TAGS
    assert from_html("<b>a</b>" * MOST_TAGS).text.endswith("…")


def test_only_known_attributes_are_handed_on_and_each_once() -> None:
    names = " ".join(f"a{number}=1" for number in range(50_000))
    (start, _) = read(f'<a {names} HREF="x" href="y" onclick="z" title={"t" * 5000}>')
    assert start == Start("a", {"href": "x"})


@given(st.text(alphabet="<>/!-abpdivtr='\"& =x;#", max_size=60))
def test_any_text_is_read_and_balanced(html: str) -> None:
    balanced(html)
    from_html(html)
    again = "".join(write(event) for event in read(html))
    assert "".join(write(event) for event in read(again)) == again
