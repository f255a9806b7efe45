"""The documents: their links lead somewhere, the rules' pages say what the rules say, their commands run."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.acceptance.command import environment, layout_lint, python, write

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/rules/*.md"), *ROOT.glob("bench/*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Returns the anchors that GitHub gives to the headings of a page."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    found = set()
    for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(plain.replace(" ", "-"))
    return found


@pytest.mark.checkout
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for link in LINK.findall(text):
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{page.name} links to {link}, which is not there"
        assert not anchor or anchor in anchors(target), f"{page.name} links to {link}: there is no such heading"


def test_the_rules_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs/make_rules.py"), "--check"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_page_that_is_not_up_to_date_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"make_rules.py": (ROOT / "docs/make_rules.py").read_text(encoding="utf-8")})
    make = "import runpy, sys; sys.argv[0] = sys.argv.pop(1); runpy.run_path(sys.argv[0], run_name='__main__')"
    script = str(tmp_path / "make_rules.py")
    assert python(make, script, cwd=tmp_path).code == 0
    assert python(make, script, "--check", cwd=tmp_path).code == 0
    (tmp_path / "rules/LL101.md").write_text("old\n", encoding="utf-8")
    (tmp_path / "rules/LL999.md").write_text("of no rule\n", encoding="utf-8")
    (tmp_path / "rules/README.md").unlink()
    done = python(make, script, "--check", cwd=tmp_path)
    assert done.code == 1
    assert [line.split()[0] for line in done.out.splitlines()] == [
        "docs/rules/LL101.md",
        "docs/rules/LL999.md",
        "docs/rules/README.md",
    ]
    assert python(make, script, cwd=tmp_path).code == 0
    assert python(make, script, "--check", cwd=tmp_path).code == 0
    assert not (tmp_path / "rules/LL999.md").exists()


def blocks(page: str, *languages: str) -> list[str]:
    """Returns the examples of a page in these languages."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [block for language, block in FENCE.findall(text) if language in languages]


def commands() -> list[str]:
    """Returns the calls of layout-lint in the README's shell examples, without those that need an account."""
    lines = [line.removeprefix("$ ") for block in blocks("README.md", "console") for line in block.splitlines()]
    calls = {line.partition("  #")[0].strip() for line in lines if line.split(" ")[0] == "layout-lint"}
    return sorted(call for call in calls if "s3://" not in call)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's sample repository, with the README's plugin in it."""
    folder = tmp_path_factory.mktemp("samples") / "kept"
    assert layout_lint("demo", "--keep", str(folder), cwd=tmp_path_factory.getbasetemp()).code == 0
    (plugin,) = (block for block in blocks("README.md", "python") if "@rule(" in block)
    write(folder / "sample-repository", {"acme_rules.py": plugin})
    return folder / "sample-repository"


@pytest.mark.parametrize("call", commands())
def test_the_readmes_commands_run(call: str, samples: Path) -> None:
    done = layout_lint(*shlex.split(call)[1:], cwd=samples)
    assert done.code in (0, 1), done.err
    assert done.err == ""


def test_the_readmes_plugin_does_what_it_says(samples: Path, tmp_path: Path) -> None:
    write(tmp_path, ["mlpipelines/NCF/x"])
    plugin = str(samples / "acme_rules.py")
    done = layout_lint("check", "--plugin", plugin, "--select", "ACME", cwd=tmp_path)
    assert "mlpipelines/NCF/  ACME101 shouting-pipeline\n" in done.out


@pytest.mark.parametrize("settings", [text for text in blocks("README.md", "toml") if "[tool.layout-lint]" in text])
def test_the_readmes_settings_are_accepted(settings: str, tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": settings, "mlpipelines/x": ""})
    assert layout_lint("config", cwd=tmp_path).code == 0
    assert layout_lint(cwd=tmp_path).code == 1, "the ignore in it matches nothing here"


@pytest.mark.parametrize("layout", [text for text in blocks("README.md", "yaml") if "tree:" in text])
def test_the_readmes_layouts_are_accepted(layout: str, tmp_path: Path) -> None:
    write(tmp_path, {"layout-lint.toml": 'layouts = ["team.yaml"]\n', "team.yaml": layout})
    name = re.findall(r"^name: (\S+)$", layout, re.MULTILINE)[0]
    done = layout_lint("layout", name, cwd=tmp_path)
    assert (done.code, done.err) == (0, "")


@pytest.mark.checkout
def test_the_readmes_hook_is_the_one_that_is_shipped() -> None:
    (snippet,) = (yaml.safe_load(text) for text in blocks("README.md", "yaml") if "hooks:" in text)
    shipped = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    named = {hook["id"] for repository in snippet["repos"] for hook in repository["hooks"]}
    assert named <= {hook["id"] for hook in shipped}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_examples_can_be_read(page: Path) -> None:
    for text in blocks(str(page), "toml"):
        assert tomllib.loads(text)
    for text in blocks(str(page), "python"):
        compile(text, page, "exec")
    for text in blocks(str(page), "json"):
        assert json.loads(text if text.startswith(("{", "[")) else f"{{{text}}}"), "a whole, or a member of an object"
