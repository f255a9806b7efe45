"""Layout files that say nothing sensible: one sentence with the place, exit code 2, in no time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.command import is_harmless, layout_lint, write

if TYPE_CHECKING:
    from tests.git import Repository

_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + at)}: &{chr(98 + at)} [{', '.join([f'*{chr(97 + at)}'] * 9)}]\n" for at in range(9)
)
LAYOUTS = {
    "a key given twice": ("name: team\nabout: x\ntree:\n  a/: {}\n  b/: {}\n  a/: {}\n", "team.yaml:6:3: LL001", "a/"),
    "a bomb of aliases": (_BOMB + "name: team\nabout: x\ntree: *i\n", "team.yaml:", "LL001"),
    "a cycle in extends": ("name: team\nabout: x\nextends: team\ntree: {}\n", "team.yaml:3:", "extends"),
    "an unknown base": ("name: team\nabout: x\nextends: ml-projekt\n", "team.yaml:3:10", "did you mean `ml-project`?"),
    "an unknown attribute": (
        "name: team\nabout: x\ntree:\n  a/: {$opaqe: true}\n",
        "team.yaml:4:8: LL001",
        "did you mean `$opaque`?",
    ),
    "no YAML": ("name: [team\n", "team.yaml:", "LL001"),
    "a tag that makes an object": (
        "name: !!python/object/apply:os.system [touch owned]\nabout: x\ntree: {}\n",
        "team.yaml:1:",
        "LL001",
    ),
    "a thing that holds itself": ("name: team\nabout: x\ntree: &t\n  a/: *t\n", "team.yaml:", "LL001"),
    "depth": ("name: team\nabout: x\ntree: " + "{a/: " * 3000 + "{}" + "}" * 3000 + "\n", "team.yaml:", "LL001"),
    "nothing": ("", "team.yaml", "LL001"),
    "control characters": ("name: team\nabout: \x07\x1b[31m\ntree: {}\n", "team.yaml:", "LL001"),
    "a control character by escape": ('name: "te\\x1bam"\nabout: x\ntree: {}\n', "team.yaml:1:", "LL001"),
    "two documents": ("name: team\nabout: x\ntree: {}\n---\nname: other\n", "team.yaml:", "LL001"),
    "an expression that never ends": (
        'name: team\nabout: x\ntree:\n  "{a:regex((x+)+y)}/": {}\n',
        "",
        "",
    ),
}


@pytest.mark.parametrize("how", LAYOUTS)
def test_a_layout_that_cannot_be_meant(how: str, project: Repository) -> None:
    text, place, says = LAYOUTS[how]
    write(project.path, {"layout-lint.toml": 'layouts = ["team.yaml"]\n', "team.yaml": text})
    done = layout_lint("check", "--layout", "ml-project", cwd=project.path)
    assert is_harmless(done.out + done.err)
    if place:
        assert (done.code, done.out) == (2, ""), done
        assert done.err.startswith(f"layout-lint: {place}"), done.err
        assert says in done.err
    assert not (project.path / "owned").exists()


def test_a_cycle_over_two_files(project: Repository) -> None:
    write(
        project.path,
        {
            "layout-lint.toml": 'layouts = ["a.yaml", "b.yaml"]\n',
            "a.yaml": "name: a\nabout: x\nextends: b\n",
            "b.yaml": "name: b\nabout: x\nextends: a\n",
        },
    )
    done = layout_lint(cwd=project.path)
    assert (done.code, done.out) == (2, "")
    assert ".yaml:3:10: LL001 layouts extend each other in a circle: `a` → `b` → `a`" in done.err


def test_bytes_that_are_no_text(project: Repository) -> None:
    write(project.path, {"layout-lint.toml": 'layouts = ["team.yaml"]\n'})
    (project.path / "team.yaml").write_bytes(b"name: \xff\xfe\n")
    done = layout_lint(cwd=project.path)
    assert (done.code, done.out) == (2, "")
    assert "team.yaml" in done.err
    (project.path / "layout-lint.toml").write_bytes(b'layout = "\xff"\n')
    done = layout_lint(cwd=project.path)
    assert (done.code, done.out) == (2, "")
    assert "layout-lint.toml" in done.err


def test_a_layout_of_a_name_that_is_taken(project: Repository) -> None:
    write(
        project.path,
        {
            "layout-lint.toml": 'layouts = ["team.yaml"]\n',
            "team.yaml": "name: ml-project\nabout: x\ntree: {}\n",
        },
    )
    done = layout_lint(cwd=project.path)
    assert (done.code, done.out) == (2, "")
    assert "`ml-project`" in done.err
