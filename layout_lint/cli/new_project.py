"""``layout-lint new project DIR``: a folder with all that a layout asks for, and a git repository around it."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from layout_lint.cli.check import load_settings
from layout_lint.cli.new import Ground, left_out, quoted, require_words, still_open, tell_left, unfit
from layout_lint.cli.saying import tell
from layout_lint.cli.show import registry as load_registry
from layout_lint.engine.parts import fault, inside_of, parts, passing
from layout_lint.engine.scaffold import scaffold
from layout_lint.layouts.templates import slug
from layout_lint.model.edit import CreateFile, CreateFolder
from layout_lint.model.entry import key_of
from layout_lint.model.error import Mistake, UserError, did_you_mean
from layout_lint.plugins.checking import layouts_of
from layout_lint.reporters.escape import printable
from layout_lint.sources.git import GitSource
from layout_lint.sources.git_places import find_repository
from layout_lint.sources.local import open_local
from layout_lint.sources.memory import MemorySource
from layout_lint.stores.worktree import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from layout_lint.cli.new import Wish
    from layout_lint.cli.options import Options
    from layout_lint.engine.parts import Part
    from layout_lint.model.edit import Edit
    from layout_lint.model.finding import Finding
    from layout_lint.model.node import Layout

LAYOUT = "ml-project"
"""What a new project follows unless the user says otherwise."""
_OF_ANOTHER = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX")


def run_new_project(options: Options, wish: Wish) -> int:
    """Makes a project and returns the exit code.

    Raises:
        UserError: the user's mistake; nothing is made then.
    """
    if len(wish.given) != 1:
        message = f"a project takes one folder, not {len(wish.given)}"
        raise UserError([Mistake(message, hint="write `layout-lint new project DIR`")])
    folder = wish.given[0]
    above = _require_room(folder)
    ground = _ground(options, folder, above)
    edits = _plan(ground, wish, os.path.basename(os.path.abspath(folder)))
    left = ground.findings(edits)
    is_inside = find_repository(above if not os.path.isdir(folder) else folder) is not None
    with _made(folder):
        is_git = is_inside or (not wish.no_git and _init(folder))
        if is_inside:
            _require_seen(folder, edits)
        open_store(folder).commit(edits, "new project")
    _tell_made(folder, edits, ground.layout, left)
    _tell_next(folder, edits, is_git=is_git, is_inside=is_inside)
    return 0


def _require_room(folder: str) -> str:
    """Returns the folder above a new one.

    Raises:
        UserError: there is none, or something stands where the new one shall be.
    """
    above = os.path.dirname(os.path.abspath(folder))
    if not folder or not os.path.isdir(above):
        raise UserError([Mistake(f"there is no folder `{above if folder else ''}`", hint="make it first")])
    if any(not character.isprintable() for character in os.path.basename(os.path.abspath(folder))):
        raise UserError(
            [Mistake(f"`{printable(folder)}` has a character that cannot be shown", hint="choose another name")]
        )
    if os.path.islink(folder):
        raise UserError([Mistake(f"`{folder}` is a link", hint="name the folder itself")])
    if os.path.lexists(folder) and (not os.path.isdir(folder) or set(_names(folder)) - {".git"}):
        hint = "name one that is not there, or empty but for `.git`"
        raise UserError([Mistake(f"`{folder}` exists already and is no empty folder", hint=hint)])
    return above


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError as error:
        raise UserError(f"`{folder}` cannot be read: {error.strerror}") from error


def _ground(options: Options, folder: str, above: str) -> Ground:
    registry = load_registry(options)
    settings = load_settings(above, options)
    layouts = layouts_of(settings, registry)
    name = options.layout or LAYOUT
    if name not in layouts:
        hint = did_you_mean(name, layouts) or "`layout-lint layouts` lists them"
        raise UserError([Mistake(f"there is no layout `{name}`", hint=hint)])
    return Ground(MemorySource((), target=folder), b"", layouts[name], layouts, settings, registry)


def _plan(ground: Ground, wish: Wish, name: str) -> tuple[Edit, ...]:
    """Returns what makes the project.

    An empty folder gets a file to hold it even where there is no git yet, for the day when there is.
    """
    require_words(wish.names, ground.layout, ground.layouts)
    names = {**_default_names(ground, name), **wish.names}
    made = list(scaffold(ground.layout.root, "", {}, ground.supply(names)))
    edits = [CreateFile(f"{one.path}.gitkeep") if isinstance(one, CreateFolder) else one for one in made]
    lines = passing(ground.layout, ground.layouts)
    if lines and not any(one.path == ".gitignore" for one in edits):
        edits.append(CreateFile(".gitignore", "".join(f"{line}\n" for line in lines).encode()))
    return tuple(edits)


def _default_names(ground: Ground, name: str) -> Mapping[str, str]:
    """Returns the project's own name for each part that it must hold one of and that stands in no other part."""
    own = slug(name) if unfit(name, "project") else name
    found = parts(ground.layout, ground.layouts)
    outer = [one for one in found if one.is_required and len(one.captures) == 1]
    return {one.word: own for one in outer if not _fault(ground, one, own)}


def _fault(ground: Ground, part: Part, name: str) -> str:
    above = inside_of(part.way[-2], ground.layouts) if len(part.way) > 1 else ground.layout.root
    return fault(part.way[-1], above, name, {})


@contextmanager
def _made(folder: str) -> Iterator[None]:
    """Makes a folder that may be there, and leaves nothing of ours behind where the work in it fails.

    Raises:
        UserError: it cannot be made.
    """
    was_there = os.path.isdir(folder)
    had_git = os.path.lexists(os.path.join(folder, ".git"))
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise UserError(f"the folder `{folder}` cannot be made: {error.strerror}") from error
    try:
        yield
    except BaseException:
        if not had_git:
            shutil.rmtree(os.path.join(folder, ".git"), ignore_errors=True)
        if not was_there:
            with suppress(OSError):  # what somebody else has put there meanwhile stays
                os.rmdir(folder)
        raise


def _init(folder: str) -> bool:
    """Makes a folder a git repository; returns False where there is no git.

    Raises:
        UserError: git fails.
    """
    # in a hook, git's variables speak of another repository
    plain = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER}
    try:
        subprocess.run(["git", "init", "--quiet"], cwd=folder, env=plain, check=True, capture_output=True)  # noqa: S607 - the user's git
    except FileNotFoundError:
        return False
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise UserError(f"git could not make a repository of `{folder}`: {said}") from error
    return True


def _require_seen(folder: str, edits: Sequence[Edit]) -> None:
    """Checks that the repository around a project does not ignore it.

    Raises:
        UserError: it does.
    """
    source = open_local(folder)
    try:
        ignored = [""]  # of a folder that git ignores as a whole it is no source
        if isinstance(source, GitSource):
            ignored = [one.path for one in edits if source.is_ignored(key_of(one.path))]
        if ignored:
            raise UserError([left_out(os.path.join(folder, ignored[0]))])
    finally:
        source.close()


def _tell_made(folder: str, edits: Sequence[Edit], layout: Layout, left: Sequence[Finding]) -> None:
    tell(f"made {folder.rstrip('/')}/ as the layout {layout.name} asks:")
    tell(*(f"  {one.path}" for one in sorted(edits)))
    tell_left(left)


def _tell_next(folder: str, edits: Sequence[Edit], *, is_git: bool, is_inside: bool) -> None:
    tell("", "next:", *still_open(edits))
    if is_inside:
        tell(f"  git add -- {quoted(folder)}", f"  layout-lint check {quoted(folder)}")
        return
    if os.path.realpath(folder) != os.path.realpath(os.getcwd()):
        tell(f"  cd -- {quoted(folder)}")
    tell(*(["  git add -- ."] if is_git else []), "  layout-lint check")
