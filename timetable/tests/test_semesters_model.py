from datetime import date

import pytest
from django.core.exceptions import ValidationError

from timetable.tests.factories import SemesterFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "wrong"),
    [
        (date(1999, 9, 1), date(1999, 12, 19), {"starts_on"}),
        (date(9999, 12, 1), date(9999, 12, 30), {"starts_on"}),
        (date(2025, 9, 1), date(2026, 9, 30), {"ends_on"}),
        (date(2025, 9, 1), date(2025, 9, 1), {"__all__"}),
        (date(2025, 9, 1), date(2024, 9, 1), {"__all__"}),
    ],
)
def test_the_days_of_a_semester_must_be_possible_and_in_order(starts_on, ends_on, wrong):
    semester = SemesterFactory()
    semester.starts_on, semester.ends_on = starts_on, ends_on
    with pytest.raises(ValidationError) as refused:
        semester.full_clean()
    assert set(refused.value.message_dict) == wrong


def test_a_winter_session_can_begin_in_january():
    semester = SemesterFactory(term="winter", starts_on=date(2026, 1, 5), ends_on=date(2026, 1, 30))
    semester.full_clean()
    assert (semester.name, semester.weeks) == ("2025-winter", 4)


def test_week_1_is_the_week_of_the_first_day_whatever_weekday_it_is():
    semester = SemesterFactory(starts_on=date(2025, 9, 4), ends_on=date(2025, 9, 8))
    assert (semester.first_monday, semester.weeks) == (date(2025, 9, 1), 2)
