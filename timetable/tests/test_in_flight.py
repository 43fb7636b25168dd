"""Reviews and exam notes that were let in a moment before their author was sanctioned."""

import pytest

from accounts.permissions import MayWrite
from accounts.services.sanctions import sanction_user
from accounts.tests.factories import StaffFactory, UserFactory
from api.tests.helpers import codes
from timetable.models import ExamNote, PointEntry, Review
from timetable.tests import exam_notes, reviews
from timetable.tests.factories import SemesterFactory, make_lecture

pytestmark = pytest.mark.django_db(transaction=True)  # what is refused is rolled back

WRITES = {
    "review": lambda api, new, had: api.post(reviews.REVIEWS, reviews.body_of(new)),
    "exam note": lambda api, new, had: api.post(exam_notes.NOTES, exam_notes.body_of(new)),
    "edited review": lambda api, new, had: api.patch(reviews.url_of(had["mine"]), {"rating": 1}),
    "edited note": lambda api, new, had: api.patch(
        f"{exam_notes.NOTES}{had['note'].pk}/",
        {"strategy": "다시 보니 3장의 증명은 안 외워도 됩니다."},
    ),
    "like": lambda api, new, had: api.put(reviews.like_url(had["theirs"])),
}


@pytest.mark.parametrize("write", WRITES)
def test_nothing_is_written_once_a_sanction_has_answered(monkeypatch, api, user, write):
    """The sanction comes between the check of permissions and the write."""
    semester = SemesterFactory(school=user.school)
    old, new = make_lecture(semester), make_lecture(semester, code="CSE2002")
    had = {
        "mine": reviews.review_of(user, old),
        "note": exam_notes.tell(user, old),
        "theirs": reviews.review_of(UserFactory(school=user.school), old),
    }
    exam_notes.attend(user, new)
    before = [list(model.objects.order_by("pk").values()) for model in (Review, ExamNote, PointEntry)]
    permitted, staff = MayWrite.check, StaffFactory()

    def check(self, asker, obj=None):
        permitted(self, asker, obj)
        if obj is None and asker == user:
            sanction_user(user=staff, sanctioned=user, kind="no_writing", until=None, reason="abuse")

    monkeypatch.setattr(MayWrite, "check", check)
    answer = WRITES[write](api, new, had)
    assert (answer.status_code, codes(answer)) == (403, {(None, "sanctioned")})
    assert [list(model.objects.order_by("pk").values()) for model in (Review, ExamNote, PointEntry)] == before
