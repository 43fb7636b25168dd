"""docker/deploy_lib.sh: settings come back where a release fails, and what is printed tells no secret."""

import subprocess
from pathlib import Path

import pytest

LIBRARY = Path(__file__).resolve().parents[2] / "docker" / "deploy_lib.sh"


def run(host: Path, *functions: str, text: str = "") -> str:
    """What functions of the library print in a folder, one after the other."""
    script = f'set -euo pipefail; . "$1"; {"; ".join(functions)}'
    return subprocess.run(  # noqa: S603 (our own script)
        ["bash", "-c", script, "bash", str(LIBRARY)],  # noqa: S607
        cwd=host,
        input=text,
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    ).stdout


def masked(folder: Path, settings: str, text: str) -> str:
    (folder / ".env.prod").write_text(settings)
    return run(folder, "mask", text=text)


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """A folder as it is on a host that serves, amid the next release: remote.sh has written its files."""
    for folder, text in (("docker/nginx", "new"), ("live/nginx", "old")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "server.conf").write_text(text)
    (tmp_path / "docker/nginx/added.conf").write_text("new")
    (tmp_path / ".env.prod").write_text("old")
    (tmp_path / ".env.prod.before").write_text("oldest")
    return tmp_path


def settings_of(host: Path) -> dict[str, str]:
    return {path.name.removeprefix(".env.prod"): path.read_text() for path in host.glob(".env.prod*")}


def nginx_of(host: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (host / "docker/nginx").iterdir()}


# --- Settings in force --------------------------------------------------------------------------------
def test_new_settings_are_in_force_and_readable_by_their_owner_alone(host):
    new = host / ".env.prod.new"
    new.write_text("new")
    new.chmod(0o644)
    run(host, "put_settings_in_force")
    assert settings_of(host) == {"": "new", ".kept": "old", ".before": "oldest"}
    assert (host / ".env.prod").stat().st_mode & 0o777 == 0o600


def test_a_release_that_serves_keeps_those_before_it(host):
    (host / ".env.prod.new").write_text("new")
    run(host, "put_settings_in_force", "keep_settings")
    assert settings_of(host) == {"": "new", ".before": "old"}
    assert (host / "live/nginx/added.conf").exists()


def test_without_new_settings_going_back_changes_nothing(host):
    run(host, "put_settings_in_force", "keep_settings")
    assert settings_of(host) == {"": "old", ".before": "old"}
    assert run(host, "go_back_to_settings_before") == ""


def test_a_release_that_fails_brings_all_of_it_back(host):
    (host / ".env.prod.new").write_text("new")
    said = run(host, "put_settings_in_force", "bring_settings_back")
    assert "the settings from before are in force again" in said
    assert settings_of(host) == {"": "old", ".before": "oldest"}
    assert nginx_of(host) == {"server.conf": "old"}


def test_a_release_that_was_cut_short_is_brought_back_by_the_next(host):
    (host / ".env.prod.new").write_text("cut short")
    run(host, "put_settings_in_force")
    (host / ".env.prod.new").write_text("new")
    run(host, "put_settings_in_force", "keep_settings")
    assert settings_of(host) == {"": "new", ".before": "old"}


def test_going_back_swaps_them_and_says_so(host):
    said = run(host, "go_back_to_settings_before", "put_settings_in_force", "keep_settings")
    assert "change places" in said
    assert settings_of(host) == {"": "oldest", ".before": "old"}


def test_the_first_release_has_nothing_to_go_back_to(host):
    for path in host.glob(".env.prod*"):
        path.unlink()
    (host / ".env.prod.new").write_text("new")
    run(host, "put_settings_in_force", "bring_settings_back")
    assert settings_of(host) == {"": "new"}
    run(host, "put_settings_in_force", "keep_settings", "put_settings_in_force", "keep_settings")
    assert settings_of(host) == {"": "new", ".before": "new"}


# --- What is printed ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("settings", "text", "printed"),
    [
        ("JWT_SIGNING_KEY=k-12345\n", "the key k-12345, k-12345", "the key [secret], [secret]"),
        ("JWT_SIGNING_KEY='a b$c'\n", "it is a b$c.", "it is [secret]."),
        # Parts of the word that stands for them.
        ("DATABASE_PASSWORD=secret\n", "a secret", "a [secret]"),
        ("DATABASE_PASSWORD=[secret]\nAPI_TOKEN=cret\n", "[secret] cret", "[secret] [secret]"),
        # One is a part of the other, whichever comes first.
        ("API_TOKEN=abcd\nOTHER_TOKEN=abcdefgh\n", "abcdefgh abcd", "[secret] [secret]"),
        # Each of several.
        ("JWT_OLD_SIGNING_KEYS=first-key, other-key\n", "first-key or other-key", "[secret] or [secret]"),
        # As it stands in the URL, and as programs say it.
        (
            "DATABASE_URL=mysql://me:p%40ss%2Fw%C3%B6rd@db/m\n",
            "p%40ss%2Fw%C3%B6rd is p@ss/wörd",
            "[secret] is [secret]",
        ),
        ("SENTRY_DSN=https://abcdef@sentry.example/1\n", "abcdef", "[secret]"),
        # What is no secret stays, but for passwords in URLs that we do not know.
        ("DATABASE_HOST=database\n", "database redis://:pw@redis/0", "database redis://[secret]@redis/0"),
    ],
)
def test_secrets_are_taken_out(tmp_path, settings, text, printed):
    assert masked(tmp_path, settings, text + "\n") == printed + "\n"


def test_settings_that_wait_or_were_in_force_before_are_masked_too(tmp_path):
    (tmp_path / ".env.prod.before").write_text("API_TOKEN=old-token\n")
    assert masked(tmp_path, "API_TOKEN=new-token\n", "old-token new-token\n") == "[secret] [secret]\n"


def test_no_settings_hide_nothing(tmp_path):
    assert masked(tmp_path, "", "as it is\n") == "as it is\n"
