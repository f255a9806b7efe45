"""Which file the settings come from, and what can be wrong with a file before anything in it is."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from layout_lint.config.load import load, load_user
from layout_lint.model.error import UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OWN = "layout-lint.toml"
PROJECT = "pyproject.toml"
SECTION = "[tool.layout-lint]\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository with a folder in a folder; the working folder is its root."""
    folder = tmp_path.resolve() / "repository"
    (folder / "services/recsys").mkdir(parents=True)
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder)
    return folder


def mistakes(root: str = ".", config: str | None = None) -> list[str]:
    with pytest.raises(UserError) as caught:
        load(root, config=config)
    return str(caught.value).split("\n")


def test_without_any_file_everything_is_default(repository: Path) -> None:
    settings = load(str(repository))
    assert (settings.layout, settings.path, settings.folder) == ("auto", "", "")
    assert settings.origin("layout") == "default"
    assert settings.place("layout") is None


def test_the_nearest_file_wins_whole(repository: Path) -> None:
    (repository / PROJECT).write_text(SECTION + 'layout = "devops-repo"\nignore = ["LL1"]\n')
    (repository / "services" / OWN).write_text('layout = "ml-project"\n')
    near = load("services/recsys")
    assert (near.layout, near.ignore) == ("ml-project", ())
    assert (near.path, near.folder) == ("services/layout-lint.toml", str(repository / "services"))
    far = load(".")
    assert (far.layout, far.ignore) == ("devops-repo", ("LL1",))
    assert far.place("ignore[0]") == (PROJECT, 3, 11)


@pytest.mark.parametrize("text", ['[project]\nname = "layout-lint"\n', "[tool.other]\nname = 1\n", "no TOML at all"])
def test_a_pyproject_without_settings_is_passed_by(repository: Path, text: str) -> None:
    (repository / PROJECT).write_text(SECTION + 'layout = "devops-repo"\n')
    (repository / "services" / PROJECT).write_text(text)
    assert load("services").layout == "devops-repo"


def test_settings_above_the_repository_are_not_looked_for(repository: Path) -> None:
    (repository.parent / OWN).write_text('layout = "x"\n')
    assert load(".").layout == "auto"


def test_outside_of_a_repository_only_the_checked_folder_counts(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / OWN).write_text('layout = "x"\n')
    assert load(str(tmp_path / "inner")).layout == "auto"
    assert load(str(tmp_path)).layout == "x"


def test_two_files_beside_each_other_are_a_mistake(repository: Path) -> None:
    (repository / OWN).write_text("")
    (repository / PROJECT).write_text(SECTION)
    (message,) = mistakes()
    assert message == (
        "layout-lint.toml: LL002 settings stand in `layout-lint.toml` and in `[tool.layout-lint]` of "
        "`pyproject.toml`, beside each other (keep them in one of the two)"
    )


def test_config_names_one_file(repository: Path) -> None:
    (repository / OWN).write_text("broken")
    (repository / "ci.toml").write_text('layout = "ml-project"')
    (repository / "services" / PROJECT).write_text(SECTION + 'layout = "devops-repo"\n')
    assert load(".", config="ci.toml").layout == "ml-project"
    assert load(".", config=f"services/{PROJECT}").folder == str(repository / "services")
    (repository / PROJECT).write_text("[project]")
    assert mistakes(config=PROJECT) == ["pyproject.toml: LL002 `--config` names a file without `[tool.layout-lint]`"]
    assert mistakes(config="none.toml") == ["none.toml: LL002 `--config` names a file that is not there"]


def test_isolated_reads_no_file(repository: Path) -> None:
    (repository / OWN).write_text("broken")
    assert load(".", isolated=True).layout == "auto"
    with pytest.raises(UserError, match="exclude each other"):
        load(".", config=OWN, isolated=True)


BAD_BYTES = [
    (b"\xef\xbb\xbflayout = 'x'", f"{OWN}:1:1: LL002 the settings file begins with a byte order mark"),
    ("layout = 'x'".encode("utf-16"), f"{OWN}:1:1: LL002 the settings file is not UTF-8"),
    ("# é\n# é".encode() + b"\xff", f"{OWN}:2:4: LL002 the settings file is not UTF-8"),
    (
        b"a = 1\r\na = 2\r\n",
        f"{OWN}:2:6: LL002 the settings file is not valid TOML: cannot overwrite a value",
    ),
    (
        b"[severity]\n[severity]",
        f"{OWN}:2:10: LL002 the settings file is not valid TOML: cannot declare ('seve",
    ),
    (b"layout = 'x", f"{OWN}:1:12: LL002 the settings file is not valid TOML: expected"),
    (b"x = " + b"9" * 5000, f"{OWN}:1:5005: LL002 the settings file is not valid TOML: exceeds the limit"),
    (
        b"x = " + b"[" * 100_000,
        f"{OWN}: LL002 the settings file is not read: lists or tables stand in one another",
    ),
    (
        b"a" + b".'a' . a" * 30_000 + b" = 1",
        f"{OWN}:1:2: LL002 the settings file has a key of more than 32 parts",
    ),
    (bytes(range(256)) * 1024, f"{OWN}:2:118: LL002 the settings file is not UTF-8"),
    (b"\x01garbage\n" * 20_000, f"{OWN}:1:1: LL002 the settings file is not valid TOML: invalid statement"),
    (b"\x01" * (1 << 20), f"{OWN}: LL002 the settings file is larger than 256 KiB"),
    (b"#" * (1 << 18) + b"#", f"{OWN}: LL002 the settings file is larger than 256 KiB"),
]


@pytest.mark.parametrize(("content", "said"), BAD_BYTES, ids=[said for _, said in BAD_BYTES])
def test_a_file_that_is_no_toml_is_one_sentence(repository: Path, content: bytes, said: str) -> None:
    (repository / OWN).write_bytes(content)
    (message,) = mistakes()
    assert message.startswith(said)


def test_crlf_changes_no_place(repository: Path) -> None:
    (repository / OWN).write_bytes(b'# one\r\nlayout = """a\r\nb"""\r\nselect = 1\r\n')
    assert [message.partition(" ")[0] for message in mistakes()] == [f"{OWN}:2:10:", f"{OWN}:4:10:"]
    (repository / OWN).write_bytes(b'layout = "a"\r\nselect = [\r\n  "LL1",\r\n]\r\n')
    assert load(".").place("select[0]") == (OWN, 3, 3)


def a_folder(path: Path) -> None:
    path.mkdir()


def a_link_to_nothing(path: Path) -> None:
    path.symlink_to("nothing")


def a_link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def a_link_out(path: Path) -> None:
    outside = path.parent.parent / "outside.toml"
    outside.write_text("secret = 'x'")
    path.symlink_to(outside)


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def an_unreadable_file(path: Path) -> None:
    if os.getuid() == 0:
        pytest.skip("root can read every file")
    path.write_text(SECTION)
    path.chmod(0)


@pytest.mark.parametrize("name", [OWN, PROJECT])
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (a_folder, "is a folder"),
        (a_link_to_nothing, "is a link to nothing"),
        (a_link_to_itself, "cannot be read: Too many levels of symbolic links"),
        (a_pipe, "is not a regular file"),
        (an_unreadable_file, "cannot be read: Permission denied"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    repository: Path, name: str, make: Callable[[Path], None], said: str
) -> None:
    make(repository / name)
    assert mistakes("services") == [f"{name}: LL002 the settings file {said}"]


def test_a_link_out_of_the_repository_is_not_followed(repository: Path) -> None:
    a_link_out(repository / OWN)
    (message,) = mistakes()
    assert "is a link that leaves" in message
    assert "secret" not in message


def test_a_link_inside_the_repository_is_followed(repository: Path) -> None:
    (repository / "shared.toml").write_text('layout = "x"')
    (repository / "services" / OWN).symlink_to("../shared.toml")
    assert load("services").layout == "x"


def test_a_layout_file_that_is_a_link_out_is_a_mistake(repository: Path) -> None:
    (repository / OWN).write_text('layouts = ["team.yaml"]')
    a_link_out(repository / "team.yaml")
    assert mistakes() == ["layout-lint.toml:1:12: LL002 `team.yaml` is a link that leaves the settings file's folder"]


def test_a_checked_file_or_missing_folder_has_default_settings(repository: Path) -> None:
    (repository / "file").touch()
    assert load("file").layout == load("missing").layout == "auto"


def test_the_user_trusts_plugins_in_a_file_of_their_own(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_user().plugins == ()
    file = own_folders / "config/layout-lint" / OWN
    file.parent.mkdir(parents=True)
    file.write_text('plugins = ["team", "team.rules", "rules/team.py", "~/team.py"]')
    monkeypatch.setenv("HOME", "/home/user")
    user = load_user()
    assert user.plugins == ("team", "team.rules", str(file.parent / "rules/team.py"), "/home/user/team.py")
    assert user.place("plugins[1]") == (str(file), 1, 20)
    monkeypatch.setenv("LAYOUT_LINT_USER_CONFIG", "")
    assert load_user().plugins == ()
    monkeypatch.setenv("LAYOUT_LINT_USER_CONFIG", str(own_folders / "none"))
    with pytest.raises(UserError, match="names a file that is not there"):
        load_user()


def test_the_users_settings_hold_nothing_else(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = own_folders / "user.toml"
    file.write_text('select = ["LL1"]\nplugin = []\n')
    monkeypatch.setenv("LAYOUT_LINT_USER_CONFIG", str(file))
    with pytest.raises(UserError) as caught:
        load_user()
    elsewhere = "it belongs into a repository's settings; the user's own hold `plugins` only"
    assert str(caught.value).split("\n") == [
        f"{file}:1:1: LL002 unknown key `select` ({elsewhere})",
        f"{file}:2:1: LL002 unknown key `plugin` (did you mean `plugins`?)",
    ]


def test_a_warm_run_imports_no_parser(repository: Path) -> None:
    (repository / OWN).write_text('ignore = ["LL1"]')
    program = (
        "import os, sys; before = set(sys.modules); from layout_lint.config.load import load; load('.'); "
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for _ in range(2)
    ]
    cold, warm = runs
    assert {"pydantic", "tomllib"} <= set(cold)
    assert set(warm) <= {"layout_lint", "marshal", "zlib"}
