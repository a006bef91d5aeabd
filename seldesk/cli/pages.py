"""Pages, by a program that holds no command line."""

import os
import sys


def web() -> None:
    os.execv(sys.executable, [sys.executable, "-m", "seldesk.app.web"])  # noqa: S606 a program of our own
