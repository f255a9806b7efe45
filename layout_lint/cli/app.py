"""The command line as click reads it: every command and option, with its help."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from layout_lint import __version__
from layout_lint.cli import run
from layout_lint.cli.app_repackage import repackage
from layout_lint.cli.app_s3 import CONNECTION_OPTIONS, s3
from layout_lint.cli.click_options import (
    FIX_OPTIONS,
    OUTPUT_OPTIONS,
    RULE_OPTIONS,
    SETTINGS_OPTIONS,
    option,
    pairs,
    with_options,
)
from layout_lint.cli.options import Options
from layout_lint.model.error import Mistake, UserError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

_IMPLIED = "layout_lint.implied"
"""Where click's context notes that the user wrote no command: the first path may be a misspelt one."""


def run_app(arguments: Sequence[str]) -> int:
    """Parses the arguments, runs the command and returns its exit code.

    Args:
        arguments: without the program's name.
    """

    def work() -> int:
        try:
            code = app.main(args=list(arguments), prog_name="layout-lint", standalone_mode=False)
        except click.exceptions.Abort:
            raise KeyboardInterrupt from None
        except click.ClickException as error:
            raise UserError([_mistake(error)]) from error
        return code if isinstance(code, int) else 0

    return run.guarded(work)


def _mistake(error: click.ClickException) -> Mistake:
    """Returns a usage error in our words, with the command whose help says more."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "layout-lint"
    message = error.format_message().rstrip(".").replace("'", "`")
    return Mistake(message[:1].lower() + message[1:], hint=f"`{command} --help` lists what there is")


class _DefaultCheck(click.Group):
    """A group whose first word may be left out: then it is `check`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        if first not in self.commands and first not in ("--help", "-h", "--version"):
            ctx.meta[_IMPLIED] = True
            args = ["check", *args]
        return super().parse_args(ctx, args)


_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=_DefaultCheck, context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="layout-lint", message="%(prog)s %(version)s")
def app() -> None:
    """Checks the layout of ML repositories and S3 buckets, and the files that the layout names.

    Without a command it checks: `layout-lint` is `layout-lint check`.

    Exit codes: 0 clean, 1 findings, 2 a mistake in usage, settings or a layout, 3 something could not be audited,
    130 interrupted.
    """


@app.command()
@click.argument("targets", metavar="[PATHS]...", nargs=-1)
@option(
    "--tracked-only",
    is_flag=True,
    help="Look at git's index alone: what is staged, as a commit would hold it.",
)
@option("--since", metavar="REV", default="", help="Look into files only that differ from where the branch left REV.")
@option("--no-inline", is_flag=True, help="Take no notice of comments that suppress findings.")
@with_options(FIX_OPTIONS, RULE_OPTIONS, OUTPUT_OPTIONS, SETTINGS_OPTIONS)
def check(targets: tuple[str, ...], **given: Any) -> int:
    """Checks repositories and folders against their layout.

    PATHS are folders to check, each as a root of its own. For files, the structure of their repository is checked, and
    the content of these files only.
    Without any, the repository is checked that the current folder is in, or else the current folder.
    """
    if click.get_current_context().meta.get(_IMPLIED):
        _refuse_misspelt_command(targets)
    return run.run(Options(targets=targets, **given))


@app.command()
@click.argument("place", metavar="[FOLDER|s3://BUCKET]", default=".")
@option("--list", "listed", is_flag=True, help="List what can be undone, the last one first, and undo nothing.")
@with_options(CONNECTION_OPTIONS[1:])
def undo(place: str, *, listed: bool, profile: str, region: str) -> int:
    """Takes the last fix back: bytes, modes, names and git's index, where nothing has changed since.

    Of a bucket: removes what the last fix made, and gives back what it wrote over where the bucket keeps versions.
    """
    if place[:5].lower() == "s3://":
        from layout_lint.cli.bucket_undo import run_bucket_undo  # noqa: PLC0415 - as below

        return run_bucket_undo(place, profile=profile, region=region, listed=listed)
    from layout_lint.cli.undo import run_undo  # noqa: PLC0415 - a check needs none of it

    return run_undo(place, listed=listed)


@app.command()
@click.argument("targets", metavar="[PATHS|s3://BUCKET]...", nargs=-1)
@option("--output", metavar="FILE", default="", help="Where to write; beside the settings unless given.")
@option("--tracked-only", is_flag=True, help="Look at git's index alone.")
@option("--repo", metavar="PATH", default="", help="Hold buckets against this repository.")
@with_options(CONNECTION_OPTIONS, RULE_OPTIONS, SETTINGS_OPTIONS)
def baseline(targets: tuple[str, ...], output: str, repo: str, **given: Any) -> int:
    """Writes down the findings that are there now, for `check --baseline` or `s3 --baseline` to pass over."""
    from layout_lint.cli.audit_options import AuditOptions  # noqa: PLC0415 - a check needs none of it
    from layout_lint.cli.baseline import run_baseline  # noqa: PLC0415 - as above

    audit = AuditOptions(repo=repo, max_same=0, no_state=True, for_baseline=True)
    return run_baseline(Options(targets=targets, audit=audit, **given), output)


@app.command()
@with_options(SETTINGS_OPTIONS)
def rules(**given: Any) -> None:
    """Lists all rules, those of plugins among them."""
    from layout_lint.cli import show  # noqa: PLC0415 - a check needs none of it

    click.echo(show.rules(show.registry(Options(**given))), nl=False)


@app.command()
@click.argument("selector", metavar="RULE")
@with_options(SETTINGS_OPTIONS)
def rule(selector: str, **given: Any) -> None:
    """Explains a rule, by code or name."""
    from layout_lint.cli import show  # noqa: PLC0415 - as above

    click.echo(show.rule(show.registry(Options(**given)), selector), nl=False)


@app.command()
@with_options(SETTINGS_OPTIONS)
def layouts(**given: Any) -> None:
    """Lists all layouts."""
    from layout_lint.cli import show  # noqa: PLC0415 - as above

    click.echo(show.layouts(Options(**given)), nl=False)


@app.command()
@click.argument("name", metavar="NAME")
@option("--ascii", is_flag=True, help="Draw without characters beyond ASCII.")
@with_options(SETTINGS_OPTIONS)
def layout(name: str, *, ascii: bool, **given: Any) -> None:  # noqa: A002 - as above; the option's name
    """Draws a layout's tree, annotated."""
    from layout_lint.cli import show  # noqa: PLC0415 - as above

    click.echo(show.layout(Options(**given), name, ascii_only=ascii or not _unicode()), nl=False)


@app.command()
@click.argument("path", metavar="[PATH]", default=".")
@with_options(SETTINGS_OPTIONS)
def config(path: str, **given: Any) -> None:
    """Prints the settings in force for PATH, and where each value comes from."""
    from layout_lint.cli import show  # noqa: PLC0415 - as above

    click.echo(show.settings(path, Options(**given)), nl=False)


@app.command()
def version() -> None:
    """Prints the version."""
    click.echo(f"layout-lint {__version__}")


@app.command()
@option(
    "--keep",
    metavar="FOLDER",
    default="",
    help="Make the samples here and leave them; it must not exist yet.",
)
def demo(keep: str) -> int:
    """Makes a sample repository and a sample bucket with the mistakes that people make, and checks both."""
    from layout_lint.cli.demo import run_demo  # noqa: PLC0415 - a check needs none of it

    return run_demo(keep)


@app.command()
@click.argument("pipelines", metavar="[PIPELINES]...", nargs=-1)
@option("--check", is_flag=True, help="Build nothing: say whether the archives that are there are current.")
@option("--source-version", metavar="NAME", default="", help="The source version, where a pipeline has several.")
@option("--all", "everything", is_flag=True, help="Take what git ignores, too.")
@option("--tracked-only", is_flag=True, help="Take what is staged, as a commit would hold it.")
@option("--max-size", metavar="SIZE", default="", help="The most that the files may have together: 100 MiB.")
@with_options((RULE_OPTIONS[0], RULE_OPTIONS[-1]), SETTINGS_OPTIONS)
def build(
    pipelines: tuple[str, ...], *, check: bool, source_version: str, everything: bool, max_size: str, **given: Any
) -> int:
    """Builds the archives of source versions, with the same bytes on every machine.

    PIPELINES are names or paths of pipelines; all of them unless given.
    """
    from layout_lint.cli.build import Wish, run_build, size_of  # noqa: PLC0415 - a check needs none of it

    wish = Wish(pipelines, source_version, everything, size_of(max_size))
    return run_build(Options(**given), wish, check=check)


@app.command()
@click.argument("what", metavar="WHAT")
@click.argument("given", metavar="[NAMES]...", nargs=-1)
@option("--pipeline", metavar="NAME", default="", help="A new project's first pipeline; named like it unless given.")
@option("--source-version", metavar="NAME", default="", help="The first source version; v1 unless given.")
@option(
    "--name",
    "names",
    metavar="PART=NAME",
    multiple=True,
    callback=pairs,
    help="The name of any other part that is made along with it.",
)
@option("--no-git", is_flag=True, help="Make no git repository of a new project.")
@with_options(RULE_OPTIONS[:1], RULE_OPTIONS[-1:], SETTINGS_OPTIONS)
def new(
    what: str,
    given: tuple[str, ...],
    *,
    pipeline: str,
    source_version: str,
    names: dict[str, str],
    no_git: bool,
    **rest: Any,
) -> int:
    r"""Makes a project, or one more part of it, from what its layout asks for.

    \b
    layout-lint new project DIR
    layout-lint new pipeline NAME
    layout-lint new source-version PIPELINE NAME

    WHAT is `project`, or the name that the layout gives to folders: for `{source_version}/` it is `source-version`,
    with the names of the folders around it first. So an ML project has pipelines, source versions and samples, a DevOps
    repository functions, and your own layout has its own parts; a word that it does not have lists them.

    All or nothing is made, nothing is overwritten, and `layout-lint undo` takes it back.
    """
    from layout_lint.cli.new import Wish, run_new  # noqa: PLC0415 - a check needs none of it

    said = {"pipeline": pipeline, "source-version": source_version}
    named = {**{word: name for word, name in said.items() if name}, **names}
    return run_new(Options(**rest), Wish(what, given, named, no_git))


app.add_command(s3)
app.add_command(repackage)


def _unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def _refuse_misspelt_command(targets: tuple[str, ...]) -> None:
    """Tells a misspelt command from a path that is not there."""
    import os  # noqa: PLC0415 - click has it already

    if len(targets) == 1 and not os.path.lexists(targets[0]) and "/" not in targets[0]:
        near = did_you_mean(targets[0], app.commands)
        if near:
            raise UserError([Mistake(f"there is no command and no path `{targets[0]}`", hint=near)])
