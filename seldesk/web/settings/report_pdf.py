"""A report as a PDF. Lines of text are put on pages: there is no markup, so nothing in a text can name a file, an
address or a program.
"""

import io

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from seldesk.methods.control.incident_reports import Report
from seldesk.web.settings.report_letters import BOLD, TEXT, Run, lines, register
from seldesk.web.settings.report_words import facts_of, parts_of

WIDTH, HEIGHT = A4
MARGIN, FOOT = 62.0, 46.0
INK, GREY, LINE, ACCENT = (HexColor(one) for one in ("#17202e", "#5f6a7a", "#cfd5de", "#2f5bea"))
# What a report has at most: its texts are bounded, and so is its length.
MOST_PAGES = 200


class _Page:
    """Where the next line goes."""

    def __init__(self, canvas: Canvas, foot: str) -> None:
        self.canvas, self.foot, self.number = canvas, foot, 0
        self.top = 0.0
        self.turn()

    def turn(self) -> None:
        if self.number:
            self.canvas.showPage()
        self.number, self.top = self.number + 1, HEIGHT - MARGIN
        self.canvas.setFillColor(GREY)
        self._set(next(lines(self.foot, TEXT, 8, WIDTH - 2 * MARGIN - 60)), 8, MARGIN, FOOT - 14)
        self.canvas.setFont(TEXT, 8)
        self.canvas.drawRightString(WIDTH - MARGIN, FOOT - 14, f"Page {self.number}")

    def write(self, text: str, *, font: str = TEXT, size: float = 9.5, colour: HexColor = INK, left: float = 0) -> None:
        """A paragraph, broken into lines."""
        for line in lines(text, font, size, WIDTH - 2 * MARGIN - left):
            if self.top < MARGIN and self.number < MOST_PAGES:
                self.turn()
            self.canvas.setFillColor(colour)
            self._set(line, size, MARGIN + left, self.top - size)
            self.top -= size * 1.5

    def _set(self, line: list[Run], size: float, left: float, top: float) -> None:
        for run in line:
            self.canvas.setFont(run.font, size)
            self.canvas.drawString(left, top, run.text)
            left += run.width(size)

    def keep(self, room: float) -> None:
        """What follows stands together, if there is room for so much of it."""
        if self.top - room < MARGIN:
            self.turn()


def written(report: Report) -> bytes:
    """The same report is the same file."""
    register()
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(f"Incident report: {report.title}")
    canvas.setAuthor("Seldesk")
    page = _Page(canvas, f"Incident report for {report.customer}")
    _head(page, report)
    for part in parts_of(report):
        page.top -= 14
        page.keep(50)
        page.write(part.heading, font=BOLD, size=11)
        page.top -= 3
        for paragraph in part.paragraphs:
            page.write(paragraph)
    canvas.save()
    return file.getvalue()


def _head(page: _Page, report: Report) -> None:
    page.canvas.setFillColor(ACCENT)
    page.canvas.rect(MARGIN, page.top - 3, 34, 3, stroke=0, fill=1)
    page.top -= 16
    page.write("Incident report", size=9.5, colour=GREY)
    page.write(report.title, font=BOLD, size=17)
    page.top -= 8
    for words, value in facts_of(report):
        page.keep(16)
        top = page.top
        page.write(words, colour=GREY)
        page.top = top
        page.write(value, left=92)
    page.top -= 6
    page.canvas.setStrokeColor(LINE)
    page.canvas.line(MARGIN, page.top, WIDTH - MARGIN, page.top)
