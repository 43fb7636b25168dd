"""docker/deploy_lib.sh `mask`: what a failed release prints tells no secret of the settings."""

import subprocess
from pathlib import Path

import pytest

LIBRARY = Path(__file__).resolve().parents[2] / "docker" / "deploy_lib.sh"


def masked(folder: Path, settings: str, text: str) -> str:
    (folder / ".env.prod").write_text(settings)
    script = 'set -euo pipefail; . "$1"; mask'
    return subprocess.run(  # noqa: S603 (our own script)
        ["bash", "-c", script, "bash", str(LIBRARY)],  # noqa: S607
        cwd=folder,
        input=text,
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    ).stdout


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
