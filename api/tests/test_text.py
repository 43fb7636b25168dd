import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.text import fold, normalise, validate_visible


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MinJi", "minji"),
        ("  민지  김 ", "민지김"),
        ("민\u3000지\u00a0김", "민지김"),
        ("Ｍｉｎｊｉ７", "minji7"),
        ("㈜마당", "(주)마당"),
        ("ﬁsh", "fish"),
        ("Straße", "STRASSE"),
        ("①", "1"),
        ("ᄀ ᅡ", "가"),
    ],
)
def test_two_spellings_of_a_name_fold_into_one(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("😀", "🍕"),
        ("café", "cafe"),
        ("가", "각"),
        ("민지", "민지1"),
        ("minji_kim", "minjikim"),
        ("ㅏ", "ㅑ"),
    ],
)
def test_two_names_do_not_fold_into_one(one, other):
    assert fold(one) != fold(other)


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=12))
@example("e´")
@example("ᄀ ᅡ")
@example("ͅΑ")
def test_folding_twice_changes_nothing(value):
    assert fold(fold(value)) == fold(value)


@settings(deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=12))
def test_composed_and_decomposed_hangul_is_one_name(value):
    decomposed = unicodedata.normalize("NFD", value)
    assert fold(decomposed) == fold(value) == value
    assert normalise(decomposed) == value


def test_a_name_is_composed_and_stripped():
    assert normalise("\n 민지\u3000") == "민지"
    assert normalise("민지  김") == "민지  김"
    assert normalise("Ｍｉｎ①") == "Ｍｉｎ①"


@pytest.mark.parametrize(
    "character",
    [
        "\u0000",
        "\u00ad",
        "\u034f",
        "\u061c",
        "\u115f",
        "\u1160",
        "\u17b4",
        "\u180b",
        "\u180f",
        "\u200b",
        "\u200d",
        "\u200e",
        "\u202e",
        "\u2060",
        "\u2066",
        "\u2800",
        "\u3164",
        "\ufe00",
        "\ufe0f",
        "\ufeff",
        "\uffa0",
        "\U0001bca0",
        "\U000e0020",
        "\U000e0100",
        "\ue000",
        "\ud800",
    ],
    ids=ascii,
)
def test_an_invisible_character_is_refused(character):
    with pytest.raises(ValidationError) as refused:
        validate_visible(f"민{character}지")
    assert refused.value.code == "invisible_characters"


@pytest.mark.parametrize(
    "name", ["민지", "민지 김", "Ｍｉｎｊｉ", "😀🍕", "café", "ㅋㅋㅋ", "べんり", "!?_-"]
)
def test_a_name_that_can_be_seen_is_accepted(name):
    validate_visible(name)
