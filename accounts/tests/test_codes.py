"""Codes that come by mail, and the keys that their hashes hang on."""

import pytest

from accounts.codes import hash_code, is_hash_of, make_code

NEW, OLDER = "a-new-secret-key-" + "n" * 40, "an-older-secret-key-" + "o" * 40


@pytest.mark.parametrize("typed", ["K7QM-2XRD", "k7qm2xrd", " K7QM 2XRD "])
def test_a_code_is_known_however_it_was_typed(typed):
    assert is_hash_of(hash_code("K7QM-2XRD", 7), typed, 7)


def test_another_code_and_one_for_something_else_are_not():
    hashed = hash_code("K7QM-2XRD", 7)
    assert not is_hash_of(hashed, "K7QM-2XRE", 7)
    assert not is_hash_of(hashed, "K7QM-2XRD", 8)
    assert not is_hash_of("", "K7QM-2XRD", 7)


@pytest.mark.parametrize("position", [0, 1])
def test_a_code_outlives_the_change_of_the_key_while_the_old_one_is_listed(settings, position):
    code = make_code()
    hashed = hash_code(code, 7)
    fallbacks = [OLDER]
    fallbacks.insert(position, settings.SECRET_KEY)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, fallbacks
    assert is_hash_of(hashed, code, 7)
    assert not is_hash_of(hashed, make_code(), 7)
    settings.SECRET_KEY_FALLBACKS = [OLDER]
    assert not is_hash_of(hashed, code, 7)


def test_a_new_code_is_hashed_with_the_new_key_alone(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [settings.SECRET_KEY]
    assert hash_code("K7QM-2XRD", 7) == hash_code("K7QM-2XRD", 7, NEW)


def test_every_key_is_tried_so_that_the_time_tells_nothing(settings, monkeypatch):
    settings.SECRET_KEY_FALLBACKS = [NEW, OLDER]
    tried = []
    monkeypatch.setattr("accounts.codes.compare_digest", lambda a, b: tried.append(a) or a == b)
    assert is_hash_of(hash_code("K7QM-2XRD", 7), "K7QM-2XRD", 7)
    assert len(tried) == 3
