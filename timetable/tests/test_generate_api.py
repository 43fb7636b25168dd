import pytest

from accounts.tests.factories import SchoolFactory
from api.tests.helpers import codes
from api.throttling import ActionThrottle
from timetable.models import Timetable, TimetableEntry
from timetable.services import generation, offers
from timetable.tests.factories import CourseFactory, SemesterFactory, TimetableFactory, make_lecture
from timetable.tests.helpers import FRIDAY, MONDAY, MONDAY_TOO, TUESDAY, add, ok, own
from timetable.times import Meeting
from timetable.wizard.generate import generate as wizard

pytestmark = pytest.mark.django_db

GENERATE = "/api/v1/timetables/generate/"


def generate(client, semester, *groups, **fields):
    """Groups are bodies, or lists of lectures of which one is chosen."""
    bodies = [
        {"lectures": [lecture.pk for lecture in group]} if isinstance(group, list) else group
        for group in groups
    ]
    return client.post(GENERATE, {"semester": semester.pk, "groups": bodies} | fields)


def sets(answer):
    """The lectures of each timetable found, by id."""
    return [{choice["lecture"]["id"] for choice in result["lectures"]} for result in ok(answer)["results"]]


def details(answer):
    """What is said of each wish about the best timetable."""
    return [reason["detail"] for reason in ok(answer)["results"][0]["reasons"]]


@pytest.fixture
def monday(semester):
    return make_lecture(semester, MONDAY, code="A1", title="자료구조")


@pytest.fixture
def monday_too(semester):
    return make_lecture(semester, MONDAY_TOO, code="B1", title="운영체제")


@pytest.fixture
def tuesday(semester, monday_too):
    return make_lecture(semester, TUESDAY, course=monday_too.course, section="2")


@pytest.fixture
def friday(semester):
    return make_lecture(semester, FRIDAY, code="C1", title="영화의이해", professor="이서연", credit=2)


def test_a_timetable_has_one_lecture_of_each_group_and_none_that_clashes(
    api, semester, monday, monday_too, tuesday
):
    answer = generate(api, semester, [monday], [monday_too, tuesday])
    assert ok(answer) == {
        "results": [
            {
                "score": 100,
                "reasons": [],
                "total_credit": 6,
                "lectures": [
                    {"group": 0, "lecture": brief(monday), "times": [time_of(MONDAY)]},
                    {"group": 1, "lecture": brief(tuesday), "times": [time_of(TUESDAY)]},
                ],
            }
        ],
        "is_complete": True,
        "infeasible": None,
    }


def brief(lecture):
    return {
        "id": lecture.pk,
        "course": lecture.course_id,
        "code": lecture.code,
        "section": lecture.section,
        "title": lecture.title,
        "professor": lecture.professor,
        "category": "",
        "area": "",
        "department": "",
        "credit": lecture.credit,
        "campus": "",
        "remark": "",
        "is_cancelled": False,
    }


def time_of(meeting):
    return {
        "weekday": meeting.weekday,
        "start": meeting.start,
        "end": meeting.end,
        "place": meeting.place,
        "first_week": None,
        "last_week": None,
    }


def test_nothing_is_saved(api, semester, monday):
    ok(generate(api, semester, [monday]))
    assert not Timetable.objects.exists()
    assert not TimetableEntry.objects.exists()


def test_who_may_generate(clients, anonymous, semester, monday):
    assert generate(anonymous, semester, [monday]).status_code == 401
    outsider = generate(clients.pop("other school"), semester, [monday])
    assert (outsider.status_code, codes(outsider)) == (400, {("semester", "does_not_exist")})
    for role, client in clients.items():
        assert sets(generate(client, semester, [monday])) == [{monday.pk}], role


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_there_is_nothing_but_post(api, method):
    assert getattr(api, method)(GENERATE).status_code == 405


def test_two_sections_of_a_subject_are_never_together(api, semester, monday, monday_too, tuesday, friday):
    assert sets(generate(api, semester, [monday_too], [tuesday, friday])) == [{monday_too.pk, friday.pk}]
    two = {"choose": 2, "lectures": [monday_too.pk, tuesday.pk, friday.pk]}
    assert {monday_too.pk, tuesday.pk} not in sets(generate(api, semester, two))


def test_several_lectures_of_a_group(api, semester, monday, monday_too, tuesday, friday):
    group = {"choose": 2, "lectures": [monday.pk, monday_too.pk, tuesday.pk, friday.pk]}
    assert {frozenset(found) for found in sets(generate(api, semester, group))} == {
        frozenset({monday.pk, tuesday.pk}),
        frozenset({monday.pk, friday.pk}),
        frozenset({monday_too.pk, friday.pk}),
        frozenset({tuesday.pk, friday.pk}),
    }


def test_no_more_than_the_limit(api, semester, monday, tuesday, friday):
    assert len(sets(generate(api, semester, [monday, tuesday, friday], limit=2))) == 2


def test_ten_unless_a_limit_is_given(api, semester):
    lectures = [make_lecture(semester) for _ in range(12)]
    assert len(sets(generate(api, semester, lectures))) == 10


def test_lectures_in_other_weeks_do_not_clash(api, semester):
    first, second = (make_lecture(semester, Meeting(1, 540, 630, "", *weeks)) for weeks in ((1, 5), (6, 16)))
    assert sets(generate(api, semester, [first], [second])) == [{first.pk, second.pk}]


# --- Courses


def test_a_course_stands_for_its_lectures_that_take_place_in_the_semester(api, semester, user):
    course = CourseFactory(school=user.school)
    sections = [make_lecture(semester, course=course, section=str(n)) for n in range(2)]
    make_lecture(semester, course=course, section="9", is_cancelled=True)
    make_lecture(SemesterFactory(school=user.school, term="1"), course=course)
    assert {frozenset(found) for found in sets(generate(api, semester, {"courses": [course.pk]}))} == {
        frozenset({section.pk}) for section in sections
    }


def test_a_course_without_lectures_is_named(api, semester, user):
    course = CourseFactory(school=user.school)
    body = ok(generate(api, semester, {"name": "전공", "courses": [course.pk]}))
    assert (body["results"], body["is_complete"]) == ([], True)
    assert body["infeasible"] == {
        "cause": "too_few",
        "groups": [{"group": 0, "name": "전공"}],
        "is_minimal": True,
        "detail": "Too few subjects to choose from: 전공.",
    }


# --- What is fixed


def test_what_is_fixed_is_kept_free(api, semester, monday, monday_too, tuesday):
    own_time = {"times": own(MONDAY)["times"]}
    assert sets(generate(api, semester, [monday, tuesday], fixed=[own_time])) == [{tuesday.pk}]
    assert sets(generate(api, semester, [monday_too, tuesday], fixed=[{"lecture": monday.pk}])) == [
        {tuesday.pk}
    ]


def test_another_section_of_a_fixed_subject_is_not_chosen(api, semester, monday, monday_too, tuesday):
    fixed = [{"lecture": tuesday.pk}]
    assert sets(generate(api, semester, [monday_too, monday], fixed=fixed)) == [{monday.pk}]


def test_fixed_lectures_count_for_the_credits(api, semester, monday, friday):
    fixed = [{"lecture": friday.pk}, {"lecture": friday.pk}]
    (result,) = ok(generate(api, semester, [monday], fixed=fixed))["results"]
    assert result["total_credit"] == 5
    assert [choice["lecture"]["id"] for choice in result["lectures"]] == [monday.pk]


def test_what_is_in_a_timetable_of_ones_own_is_fixed(api, semester, timetable, monday, tuesday, friday):
    add(api, timetable, monday)
    add(api, timetable, own(FRIDAY))
    fields = {"timetable": timetable.pk}
    answer = generate(api, semester, [monday, tuesday, friday], **fields)
    assert sets(answer) == [{tuesday.pk}]
    assert ok(answer)["results"][0]["total_credit"] == 6


def test_a_cancelled_lecture_in_a_timetable_is_in_nobodys_way(api, semester, timetable, monday, monday_too):
    add(api, timetable, monday)
    type(monday).objects.filter(pk=monday.pk).update(is_cancelled=True)
    answer = generate(api, semester, [monday_too], timetable=timetable.pk)
    assert sets(answer) == [{monday_too.pk}]
    assert ok(answer)["results"][0]["total_credit"] == 3


# --- When there is none


def test_groups_that_cannot_meet_are_named(api, semester, monday, monday_too, friday):
    body = ok(generate(api, semester, [friday], [monday], {"name": "운영", "lectures": [monday_too.pk]}))
    assert (body["results"], body["is_complete"]) == ([], True)
    assert body["infeasible"] == {
        "cause": "clash",
        "groups": [{"group": 1, "name": ""}, {"group": 2, "name": "운영"}],
        "is_minimal": True,
        "detail": "These clash with each other: group 2, 운영.",
    }


def test_a_group_that_what_is_fixed_leaves_nothing_is_named(api, semester, monday, friday):
    body = ok(generate(api, semester, [friday], [monday], fixed=[{"times": own(MONDAY)["times"]}]))
    assert body["infeasible"] == {
        "cause": "fixed",
        "groups": [{"group": 1, "name": ""}],
        "is_minimal": True,
        "detail": "What is fixed is in the way: group 2.",
    }


# --- Wishes


WISHES = [
    ({"kind": "free_days", "days": [5]}, "Free: Friday."),
    ({"kind": "free_days", "count": 4}, "Free: Tuesday, Wednesday, Thursday, Friday."),
    ({"kind": "free_days", "days": [1]}, "None of the days is free."),
    ({"kind": "none_before", "minute": 540}, "Nothing before 09:00."),
    ({"kind": "none_before", "minute": 541}, "Something before 09:01: Monday."),
    ({"kind": "none_after", "minute": 800}, "Nothing after 13:20."),
    ({"kind": "none_after", "minute": 799}, "Something after 13:19: Monday."),
    ({"kind": "max_gap", "minutes": 110}, "No gap is longer than 110 minutes."),
    ({"kind": "max_gap", "minutes": 109}, "A gap is longer than 109 minutes: Monday."),
    (
        {"kind": "lunch", "start": 600, "end": 760, "minutes": 110},
        "110 minutes between 10:00 and 12:40 are free every day.",
    ),
    (
        {"kind": "lunch", "start": 600, "end": 760, "minutes": 111},
        "No 111 minutes between 10:00 and 12:40 are free: Monday.",
    ),
    ({"kind": "professor", "names": ["김 민준"]}, "Lectures by these professors: 1 of at most 1."),
    ({"kind": "professor", "names": ["박지호"]}, "Lectures by these professors: 0 of at most 0."),
    ({"kind": "rating"}, "The mean rating is 3.00."),
]


@pytest.mark.parametrize(("wish", "detail"), WISHES)
def test_a_reason_says_what_goes_for_or_against_a_wish(api, semester, wish, detail):
    lecture = make_lecture(semester, MONDAY, Meeting(1, 740, 800))
    assert details(generate(api, semester, [lecture], wishes=[wish])) == [detail]


def test_the_timetable_that_fulfils_the_wishes_best_comes_first(api, semester, monday, friday):
    wishes = [
        {"kind": "free_days", "days": [5], "weight": 1},
        {"kind": "free_days", "days": [1], "weight": 3},
    ]
    body = ok(generate(api, semester, [monday, friday], wishes=wishes))
    assert [(result["score"], result["lectures"][0]["lecture"]["id"]) for result in body["results"]] == [
        (75, friday.pk),
        (25, monday.pk),
    ]
    assert [
        {"kind": reason["kind"], "weight": reason["weight"], "fulfilled": reason["fulfilled"]}
        for reason in body["results"][0]["reasons"]
    ] == [
        {"kind": "free_days", "weight": 1, "fulfilled": 0},
        {"kind": "free_days", "weight": 3, "fulfilled": 1},
    ]


def test_a_wish_without_a_weight_weighs_five(api, semester, monday):
    (result,) = ok(generate(api, semester, [monday], wishes=[{"kind": "rating"}]))["results"]
    assert result["reasons"][0]["weight"] == 5


def test_a_well_rated_course_and_a_professor_by_any_spelling_are_preferred(api, semester, monday, friday):
    assert sets(generate(api, semester, [monday, friday], wishes=[{"kind": "rating"}], limit=1)) == [
        {monday.pk}
    ]
    type(friday.course).objects.filter(pk=friday.course_id).update(rating=301)
    assert sets(generate(api, semester, [monday, friday], wishes=[{"kind": "rating"}], limit=1)) == [
        {friday.pk}
    ]
    together = make_lecture(semester, professor="Ada Kim, 이서연")
    for name in ("이 서연", "ADA KIM"):
        wishes = [{"kind": "professor", "names": [name]}]
        assert sets(generate(api, semester, [monday, together], wishes=wishes, limit=1)) == [{together.pk}]


def test_what_is_fixed_counts_for_wishes(api, semester, monday):
    wishes = [{"kind": "free_days", "days": [5]}]
    fixed = [{"times": own(FRIDAY)["times"]}]
    assert details(generate(api, semester, [monday], fixed=fixed, wishes=wishes)) == [
        "None of the days is free."
    ]


def test_a_reason_is_told_in_the_readers_language(client_of, user, semester, monday):
    """The names of the weekdays are Django's own."""
    client = client_of(user, HTTP_ACCEPT_LANGUAGE="ko")
    wishes = [{"kind": "free_days", "days": [5]}]
    assert "금요일" in details(generate(client, semester, [monday], wishes=wishes))[0]


def test_a_search_that_was_cut_short_says_so(api, semester, monday, friday, monkeypatch):
    monkeypatch.setattr(generation, "generate", lambda *args, **kwargs: wizard(*args, cap=2, **kwargs))
    body = ok(generate(api, semester, [monday], [friday]))
    assert (body["results"], body["is_complete"], body["infeasible"]) == ([], False, None)


# --- What may be named


def test_ids_that_one_may_not_see_do_not_exist(clients, user, semester, monday):
    stranger, staff = clients["other school"], clients["staff"]
    theirs = SemesterFactory(school=SchoolFactory())
    lecture = make_lecture(theirs, MONDAY)
    mine = TimetableFactory(user=user, semester=semester)
    bodies = {
        "groups.0.lectures.1": {"groups": [{"lectures": [monday.pk, lecture.pk]}]},
        "groups.0.courses.0": {"groups": [{"courses": [lecture.course_id]}]},
        "fixed.0.lecture": {"groups": [{"lectures": [monday.pk]}], "fixed": [{"lecture": lecture.pk}]},
    }
    for attr, body in bodies.items():
        refused = clients["user"].post(GENERATE, {"semester": semester.pk} | body)
        assert (refused.status_code, codes(refused)) == (400, {(attr, "does_not_exist")})
    for client in (clients["other"], stranger, staff):
        refused = generate(client, semester, [monday], timetable=mine.pk)
        assert ("timetable", "does_not_exist") in codes(refused)


def test_an_id_that_is_nobodys_is_refused_with_the_same_bytes(api, semester):
    lecture = make_lecture(SemesterFactory(school=SchoolFactory()), MONDAY)
    unseen, missing = ({"lectures": [pk]} for pk in (lecture.pk, lecture.pk + 1_000))
    assert generate(api, semester, unseen).content == generate(api, semester, missing).content


def test_staff_choose_from_any_schools_lectures_of_one_semester(clients, semester, monday):
    foreign = make_lecture(SemesterFactory(school=SchoolFactory()), MONDAY)
    assert sets(generate(clients["staff"], foreign.semester, [foreign])) == [{foreign.pk}]
    refused = generate(clients["staff"], semester, [monday, foreign])
    assert codes(refused) == {("groups.0.lectures.1", "other_semester")}


def test_what_is_of_another_semester_is_refused(api, user, semester, monday):
    before = SemesterFactory(school=user.school, term="1")
    old = make_lecture(before, MONDAY)
    answer = generate(api, semester, [monday, old], fixed=[{"lecture": old.pk}])
    assert (answer.status_code, codes(answer)) == (
        400,
        {("groups.0.lectures.1", "other_semester"), ("fixed.0.lecture", "other_semester")},
    )
    theirs = TimetableFactory(user=user, semester=before)
    assert codes(generate(api, semester, [monday], timetable=theirs.pk)) == {("timetable", "other_semester")}


def test_a_cancelled_lecture_is_refused_where_it_is_named(api, semester, monday):
    cancelled = make_lecture(semester, is_cancelled=True)
    refused = generate(api, semester, [cancelled], fixed=[{"lecture": cancelled.pk}])
    assert (refused.status_code, codes(refused)) == (
        400,
        {("groups.0.lectures.0", "lecture_cancelled"), ("fixed.0.lecture", "lecture_cancelled")},
    )


def test_courses_can_have_too_many_lectures(api, semester, user, monkeypatch):
    monkeypatch.setattr(offers, "MAX_LECTURES", 3)
    monkeypatch.setattr(offers, "MAX_OPTIONS", 5)
    courses = [CourseFactory(school=user.school) for _ in range(3)]
    for course, number in zip(courses, (3, 3, 4), strict=True):
        for n in range(number):
            make_lecture(semester, course=course, section=str(n))
    small, another, large = ({"courses": [course.pk]} for course in courses)
    assert generate(api, semester, small).status_code == 200
    assert codes(generate(api, semester, large)) == {("groups.0", "too_many_lectures")}
    assert codes(generate(api, semester, small, small)) == {("groups", "too_many_lectures")}
    assert codes(generate(api, semester, small, another)) == {("groups", "too_many_lectures")}


# --- What a request may look like


LECTURE = {"lectures": [1]}


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, ("groups", "required")),
        ({"groups": None}, ("groups", "null")),
        ({"groups": {}}, ("groups", "not_a_list")),
        ({"groups": []}, ("groups", "min_length")),
        ({"groups": [LECTURE] * 13}, ("groups", "max_length")),
        ({"groups": [7]}, ("groups.0.non_field_errors", "invalid")),
        ({"groups": [{}]}, ("groups.0.lectures", "one_of")),
        ({"groups": [LECTURE | {"courses": [1]}]}, ("groups.0.lectures", "one_of")),
        ({"groups": [{"lectures": []}]}, ("groups.0.lectures", "min_length")),
        ({"groups": [{"lectures": [1, 1]}]}, ("groups.0.lectures", "duplicate")),
        ({"groups": [{"lectures": list(range(101))}]}, ("groups.0.lectures", "max_length")),
        ({"groups": [{"lectures": ["1"]}]}, ("groups.0.lectures.0", "invalid")),
        ({"groups": [{"lectures": [True]}]}, ("groups.0.lectures.0", "invalid")),
        ({"groups": [{"lectures": [-1]}]}, ("groups.0.lectures.0", "min_value")),
        ({"groups": [{"courses": [2**63]}]}, ("groups.0.courses.0", "max_value")),
        ({"groups": [LECTURE | {"choose": 0}]}, ("groups.0.choose", "min_value")),
        ({"groups": [LECTURE | {"choose": 13}]}, ("groups.0.choose", "max_value")),
        ({"groups": [LECTURE | {"choose": "2"}]}, ("groups.0.choose", "invalid")),
        ({"groups": [LECTURE | {"name": "가" * 31}]}, ("groups.0.name", "max_length")),
        ({"groups": [LECTURE | {"name": 7}]}, ("groups.0.name", "invalid")),
        ({"fixed": [{}]}, ("fixed.0.lecture", "one_of")),
        ({"fixed": [{"lecture": 1, "times": [1]}]}, ("fixed.0.times.0.non_field_errors", "invalid")),
        ({"fixed": [{"lecture": "1"}]}, ("fixed.0.lecture", "invalid")),
        ({"fixed": [{"times": []}]}, ("fixed.0.times", "min_length")),
        ({"fixed": [{"lecture": 1}] * 31}, ("fixed", "max_length")),
        ({"limit": 0}, ("limit", "min_value")),
        ({"limit": 51}, ("limit", "max_value")),
        ({"limit": "10"}, ("limit", "invalid")),
        ({"timetable": "1"}, ("timetable", "incorrect_type")),
        ({"timetable": None}, ("timetable", "null")),
        ({"wishes": {}}, ("wishes", "not_a_list")),
        ({"wishes": [{"kind": "rating"}] * 21}, ("wishes", "max_length")),
    ],
)
def test_a_body_that_is_refused(api, semester, body, error):
    refused = api.post(GENERATE, {"semester": semester.pk} | body)
    assert refused.status_code == 400
    assert error in codes(refused)


LUNCH = {"kind": "lunch", "start": 690, "end": 810, "minutes": 60}


@pytest.mark.parametrize(
    ("wish", "attr", "code"),
    [
        (None, None, "null"),
        ("rating", None, "invalid"),
        ({}, "kind", "required"),
        ({"kind": "sleep"}, "kind", "invalid_choice"),
        ({"kind": ["rating"]}, "kind", "invalid_choice"),
        ({"kind": None}, "kind", "null"),
        ({"kind": "rating", "weight": 0}, "weight", "min_value"),
        ({"kind": "rating", "weight": 11}, "weight", "max_value"),
        ({"kind": "rating", "weight": "5"}, "weight", "invalid"),
        ({"kind": "free_days"}, "days", "required"),
        ({"kind": "free_days", "days": []}, "days", "min_length"),
        ({"kind": "free_days", "days": [8]}, "days.0", "max_value"),
        ({"kind": "free_days", "days": [5, 5], "count": 2}, "count", "out_of_range"),
        ({"kind": "free_days", "count": 6}, "count", "out_of_range"),
        ({"kind": "free_days", "count": 0}, "count", "min_value"),
        ({"kind": "none_before"}, "minute", "required"),
        ({"kind": "none_before", "minute": 0}, "minute", "min_value"),
        ({"kind": "none_before", "minute": 1441}, "minute", "max_value"),
        ({"kind": "none_after", "minute": 1440}, "minute", "max_value"),
        ({"kind": "max_gap"}, "minutes", "required"),
        ({"kind": "max_gap", "minutes": -1}, "minutes", "min_value"),
        (LUNCH | {"minutes": 121}, "minutes", "out_of_range"),
        (LUNCH | {"minutes": 0}, "minutes", "min_value"),
        (LUNCH | {"end": 690}, "minutes", "out_of_range"),
        (LUNCH | {"end": 1441}, "end", "max_value"),
        (LUNCH | {"end": 931}, "end", "out_of_range"),
        ({"kind": "professor"}, "names", "required"),
        ({"kind": "professor", "names": []}, "names", "min_length"),
        ({"kind": "professor", "names": [" "]}, "names.0", "blank"),
        ({"kind": "professor", "names": ["가" * 51]}, "names.0", "max_length"),
        ({"kind": "professor", "names": ["김"] * 21}, "names", "max_length"),
        ({"kind": "professor", "names": [7]}, "names.0", "invalid"),
    ],
)
def test_a_wish_that_is_refused(api, semester, monday, wish, attr, code):
    refused = generate(api, semester, [monday], wishes=[wish])
    where = "wishes.0" if attr is None else f"wishes.0.{attr}"
    assert (refused.status_code, codes(refused)) == (400, {(where, code)})


def test_an_unknown_parameter_is_refused(api, semester):
    refused = api.post(f"{GENERATE}?limit=3", {"semester": semester.pk, "groups": [LECTURE]})
    assert codes(refused) == {("limit", "unknown_parameter")}


def test_one_lecture_and_thirty_cost_the_same_number_of_queries(
    api, user, semester, timetable, count_queries
):
    def call(number):
        lectures = [make_lecture(semester, MONDAY) for _ in range(number)]
        course = CourseFactory(school=user.school)
        for n in range(number):
            make_lecture(semester, TUESDAY, course=course, section=str(n))
        fixed = [make_lecture(semester, Meeting(3, 0, 5, "", 1, 1)) for _ in range(number)]
        return count_queries(
            lambda: ok(
                generate(
                    api,
                    semester,
                    lectures,
                    {"courses": [course.pk]},
                    fixed=[{"lecture": lecture.pk} for lecture in fixed],
                    timetable=timetable.pk,
                    limit=50,
                )
            )
        )

    add(api, timetable, own(FRIDAY))
    call(1)
    assert call(1) == call(30)


def test_who_asks_too_often_is_told_when_to_come_back(api, semester, monday, monkeypatch):
    monkeypatch.setitem(ActionThrottle.THROTTLE_RATES, "wizard", "2/min")
    answers = [generate(api, semester, [monday]) for _try in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
