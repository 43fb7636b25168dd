import pytest
from django.contrib.auth.hashers import check_password, make_password


def test_passwords_are_hashed_with_argon2id_of_19_mib_two_passes_and_one_lane(settings):
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
    encoded = make_password("correct-horse-7")
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("correct-horse-7", encoded)
    assert not check_password("wrong-horse-7", encoded)


@pytest.mark.django_db
def test_an_old_hash_is_made_anew_at_the_next_sign_in(anonymous, user, settings):
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
    settings.ARGON2_MEMORY_KIB = 16 * 1024
    user.set_password("correct-horse-7")
    user.save(update_fields=["password"])
    settings.ARGON2_MEMORY_KIB = 20 * 1024
    body = {"username": user.username, "password": "correct-horse-7"}
    assert anonymous.post("/api/v1/auth/login/", body).status_code == 200
    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$v=19$m=20480,t=2,p=1$")
