import pytest

from timetable.text import has_initials, initials, professor_names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("자료구조", "ㅈㄹㄱㅈ"),
        ("가힣", "ㄱㅎ"),
        ("까따빠싸짜", "ㄲㄸㅃㅆㅉ"),
        ("컴퓨터 프로그래밍 C", "ㅋㅍㅌㅍㄹㄱㄹㅁc"),
        ("Ｃ언어(1)", "cㅇㅇ(1)"),
        ("\u1100\u1161", "ㄱ"),
        ("", ""),
    ],
)
def test_the_initials_of_a_text_stand_in_the_place_of_its_syllables(text, expected):
    assert initials(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ㅈㄹㄱㅈ", True), ("자료ㄱㅈ", True), ("ㅎ", True), ("자료", False), ("ㅏ", False), ("", False)],
)
def test_initials_by_themselves_are_told_from_syllables(text, expected):
    assert has_initials(text) is expected


@pytest.mark.parametrize(
    "text", ["김민준, 이서연", "김민준/이서연", "김민준;이서연", " 김민준 \n이서연,", ",김민준,,이서연/"]
)
def test_professors_are_told_apart_however_they_are_listed(text):
    assert professor_names(text) == ["김민준", "이서연"]


def test_nobody_is_no_professor():
    assert professor_names("") == professor_names(" , / ") == []
