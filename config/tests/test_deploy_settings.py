"""docker/deploy_lib.sh: settings and nginx's files are put in force, and come back where a release fails."""

import subprocess
from pathlib import Path

import pytest

LIBRARY = Path(__file__).resolve().parents[2] / "docker" / "deploy_lib.sh"


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


def run(host: Path, *functions: str) -> str:
    script = f'set -euo pipefail; . "$1"; {"; ".join(functions)}'
    return subprocess.run(  # noqa: S603 (our own script)
        ["bash", "-c", script, "bash", str(LIBRARY)],  # noqa: S607
        cwd=host,
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    ).stdout


def settings_of(host: Path) -> dict[str, str]:
    return {path.name.removeprefix(".env.prod"): path.read_text() for path in host.glob(".env.prod*")}


def nginx_of(host: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (host / "docker/nginx").iterdir()}


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
