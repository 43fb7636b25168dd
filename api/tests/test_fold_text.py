"""Texts as they are searched."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.text import MAX_MARKS, fold_text

# Where foldings go wrong: jamo in all their widths, marks, spaces, case, what shows nothing, emoji.
ODD = st.text(
    alphabet="가각각ㄱㅏㅋㅠﾻￎＡaß İıΣςͅ\u0301\u0308\u200b\ufe0f\u3164\u1160\u00ad\n\t\u3000´①㈜ﬁ😀🍕%_\\",
    max_size=8,
)
TEXTS = st.one_of(ODD, st.text(max_size=12))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  오늘\n\n학식\t메뉴 ", "오늘 학식 메뉴"),
        ("ＴＨＥ Menu", "the menu"),
        ("Straße", "strasse"),
        (unicodedata.normalize("NFD", "학식"), "학식"),
        ("학\u200b\u00ad\ufeff식", "학식"),
        ("👨\u200d👩 ☕\ufe0f", "👨👩 ☕"),
        ("ㅋㅠㅠ", "ㅋㅠㅠ"),
        ("ﾻￓ", "ㅋㅜ"),
        ("\u3164\u2800", ""),
        ("100%_\\", "100%_\\"),
    ],
)
def test_a_text_is_folded_and_keeps_its_words(text, folded):
    assert fold_text(text) == folded


@settings(deadline=None, derandomize=True, max_examples=500)
@given(TEXTS)
@example("e´")
@example("ᄀ\u200bᅡ")
@example("ͅΑ")
def test_folding_a_text_twice_changes_nothing(text):
    assert fold_text(fold_text(text)) == fold_text(text)


@settings(deadline=None, derandomize=True, max_examples=500)
@given(TEXTS, st.data())
def test_a_part_of_a_folded_word_is_folded(text, data):
    """So whoever copies a part of what a text shows finds it."""
    folded = fold_text(text)
    start = data.draw(st.integers(0, len(folded)))
    end = data.draw(st.integers(start, len(folded)))
    part = folded[start:end].strip()
    assert fold_text(part) == part


@settings(deadline=None, derandomize=True)
@given(TEXTS)
def test_a_folded_text_has_single_spaces_alone(text):
    assert fold_text(text) == " ".join(fold_text(text).split())


@pytest.mark.parametrize("marks", [MAX_MARKS + 1, 10_000])
def test_endless_marks_on_a_letter_are_cut_short(marks):
    assert len(fold_text("x" + "\u0301" * marks + "y")) == MAX_MARKS + 2
    assert fold_text("x" + "\u0301" * MAX_MARKS) == "x" + "\u0301" * MAX_MARKS
