"""A mail server that dies amid letters: each person gets the code that they asked for."""

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.models import EmailDomain, User
from accounts.tests.factories import SchoolFactory, UserFactory
from accounts.tests.test_verifications_api import CODE, SCHOOL, confirm
from api.tests.helpers import work
from config.tests.mail_server import MailServer
from config.tests.site import free_port
from conftest import Client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queued")]


def test_a_mail_server_that_dies_amid_letters_delays_codes_and_loses_none(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    school = SchoolFactory()
    school.email_domains.add(EmailDomain.objects.create(domain="madang.ac.kr"))
    people = {
        f"student{number}@madang.ac.kr": UserFactory(school=school, school_verified_at=None)
        for number in range(6)
    }
    for address, user in people.items():
        assert Client(user).post(SCHOOL, {"email": address}).status_code == 202

    dying = MailServer(settings.EMAIL_PORT, lives_for=3)
    work()
    assert [str(letter["To"]) for letter in dying.letters] == list(people)[:3]
    # The third was taken, and nobody could know.
    late = DBTaskResult.objects.filter(status=TaskResultStatus.READY, run_after__gt=timezone.now())
    assert late.count() == 4
    assert not DBTaskResult.objects.failed()

    back = MailServer(settings.EMAIL_PORT)
    late.update(run_after=timezone.now())
    work()
    back.shutdown()
    back.server_close()
    assert sorted(str(letter["To"]) for letter in back.letters) == list(people)[2:]
    codes = {
        str(letter["To"]): CODE.search(letter.get_content())[0] for letter in (*dying.letters, *back.letters)
    }
    for address, user in people.items():
        assert confirm(Client(user), codes[address]).status_code == 200
    assert not User.objects.filter(school_verified_at=None)
