from hypothesis import given
from hypothesis import strategies as st

from seldesk.colours import BLACK, DARK, INK, LIGHT, READABLE, WHITE, contrast, ink_on, is_colour, legible

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast(BLACK, WHITE) == 21
    assert contrast("#777777", WHITE) == contrast(WHITE, "#777777")
    assert round(contrast("#777777", WHITE), 2) == 4.48


@given(COLOURS)
def test_whatever_is_chosen_text_can_be_read(colour: str) -> None:
    light, dark = legible(colour, LIGHT, towards=BLACK), legible(colour, DARK, towards=WHITE)
    assert all(contrast(light, ground) >= READABLE for ground in LIGHT)
    assert all(contrast(dark, ground) >= READABLE for ground in DARK)
    assert contrast(WHITE, light) >= READABLE, "white on a button in the light theme"
    assert contrast(INK, dark) >= READABLE, "ink on a button in the dark theme"
    assert contrast(ink_on(colour), colour) >= 4


def test_what_can_be_read_stays_as_it_is() -> None:
    assert legible("#2f5bea", LIGHT, towards=BLACK) == "#2f5bea"


def test_only_six_digits_are_a_colour() -> None:
    assert is_colour("#2F5bea")
    for text in ("", "red", "#fff", "#2f5beag", "#2f5bea;}", " #2f5bea", "#2f5bea\n", "#２f5bea"):
        assert not is_colour(text)
