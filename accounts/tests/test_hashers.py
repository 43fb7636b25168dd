from django.contrib.auth.hashers import check_password, make_password


def test_passwords_are_hashed_with_argon2id_of_19_mib_two_passes_and_one_lane(settings):
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
    encoded = make_password("correct-horse-7")
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("correct-horse-7", encoded)
    assert not check_password("wrong-horse-7", encoded)
