"""The command line as click reads it: every command and option, with its help."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from layout_lint import __version__
from layout_lint.cli import run
from layout_lint.cli.options import Options
from layout_lint.model.error import Mistake, UserError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Command = Any
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


def _pairs(context: click.Context, parameter: click.Parameter, given: Sequence[str]) -> dict[str, str]:
    """Reads NAME=VALUE arguments."""
    pairs = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not (name and equals and value):
            raise click.BadParameter(f"`{one}` must be NAME=VALUE", ctx=context, param=parameter)
        pairs[name.strip()] = value.strip()
    return pairs


def _list(context: click.Context, parameter: click.Parameter, given: Sequence[str]) -> list[str] | None:  # noqa: ARG001 - click's callback
    """Splits what was given, possibly several times, at commas; None where nothing was."""
    words = [word.strip() for one in given for word in one.split(",")]
    return [word for word in words if word] or None


def _option(*names: str, **rest: Any) -> Callable[[Command], Command]:
    return click.option(*names, **rest)


_SETTINGS_OPTIONS = (
    _option("--config", metavar="FILE", default="", help="Use this settings file and no other."),
    _option("--isolated", is_flag=True, help="Read no settings file."),
    _option(
        "--plugin",
        "plugins",
        metavar="MODULE|FILE.py",
        multiple=True,
        help="Load a plugin: a module, or a single file. Its code is run.",
    ),
    _option("--no-plugin", "no_plugins", metavar="NAME", multiple=True, help="Leave an installed plugin out."),
)
_RULE_OPTIONS = (
    _option("--layout", metavar="NAME", default="", help="The layout to check against; `auto` recognises it."),
    _option(
        "--select",
        metavar="RULES",
        multiple=True,
        callback=_list,
        help="Only these codes, prefixes or names.",
    ),
    _option("--ignore", metavar="RULES", multiple=True, callback=_list, help="Not these, on top of the settings'."),
    _option(
        "--severity",
        metavar="RULE=GRADE",
        multiple=True,
        callback=_pairs,
        help="Set a rule's severity: error, warning or info.",
    ),
    _option(
        "--value",
        "values",
        metavar="NAME=VALUE",
        multiple=True,
        callback=_pairs,
        help="Set a value of the layouts, such as max-sample-size=10MiB.",
    ),
)
_OUTPUT_OPTIONS = (
    _option("--baseline", metavar="FILE", default="", help="Pass over the findings that this file knows."),
    _option(
        "--output-format",
        "output_formats",
        metavar="NAME[:FILE]",
        multiple=True,
        help="text, concise, grouped, json, sarif, github, gitlab, junit, or a plugin's; several, each into its FILE.",
    ),
    _option("--output-file", metavar="FILE", default="", help="Write the report here, not to standard output."),
    _option("--statistics", is_flag=True, help="End text with the number of findings of each rule."),
    _option(
        "--view",
        type=click.Choice(["findings", "tree"]),
        default="findings",
        help="`tree` draws what is there, with ticks, crosses and gaps.",
    ),
    _option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="When to write colour.",
    ),
)

_FIX_OPTIONS = (
    _option("--fix", is_flag=True, help="Mend what can be mended safely; `layout-lint undo` takes it back."),
    _option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also what may lose or change a meaning."),
    _option("--diff", is_flag=True, help="Show what --fix would change, and change nothing."),
    _option(
        "--fix-only",
        metavar="RULES",
        multiple=True,
        callback=_list,
        help="With --fix or --diff: only what these codes, prefixes or names found.",
    ),
    _option("--show-fixes", is_flag=True, help="With --fix: list what was mended."),
)


def _with(*groups: tuple[Callable[[Command], Command], ...]) -> Callable[[Command], Command]:
    """Puts options on a command, in the order in which the help shows them."""

    def add(command: Command) -> Command:
        for option in reversed([one for group in groups for one in group]):
            command = option(command)
        return command

    return add


@app.command()
@click.argument("targets", metavar="[PATHS]...", nargs=-1)
@_option(
    "--tracked-only",
    is_flag=True,
    help="Look at git's index alone: what is staged, as a commit would hold it.",
)
@_option("--since", metavar="REV", default="", help="Look into files only that differ from where the branch left REV.")
@_option("--no-inline", is_flag=True, help="Take no notice of comments that suppress findings.")
@_with(_FIX_OPTIONS, _RULE_OPTIONS, _OUTPUT_OPTIONS, _SETTINGS_OPTIONS)
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
@click.argument("folder", metavar="[FOLDER]", default=".")
@_option("--list", "listed", is_flag=True, help="List what can be undone, the last one first, and undo nothing.")
def undo(folder: str, *, listed: bool) -> int:
    """Takes the last fix back: bytes, modes, names and git's index, where nothing has changed since."""
    from layout_lint.cli.undo import run_undo  # noqa: PLC0415 - a check needs none of it

    return run_undo(folder, listed=listed)


@app.command()
@click.argument("targets", metavar="[PATHS]...", nargs=-1)
@_option("--output", metavar="FILE", default="", help="Where to write; beside the settings unless given.")
@_option("--tracked-only", is_flag=True, help="Look at git's index alone.")
@_with(_RULE_OPTIONS, _SETTINGS_OPTIONS)
def baseline(targets: tuple[str, ...], output: str, **given: Any) -> int:
    """Writes down the findings that are there now, for `check --baseline` to pass over."""
    from layout_lint.cli.baseline import run_baseline  # noqa: PLC0415 - a check needs none of it

    return run_baseline(Options(targets=targets, **given), output)


@app.command()
@click.argument("targets", metavar="s3://BUCKET[/PREFIX]|FOLDER...", nargs=-1, required=True)
@_option("--endpoint-url", metavar="URL", default="", help="Another server than Amazon's.")
@_option("--profile", metavar="NAME", default="", help="A profile of your AWS settings.")
@_option("--region", metavar="NAME", default="", help="The bucket's region.")
@_with(_RULE_OPTIONS, _OUTPUT_OPTIONS, _SETTINGS_OPTIONS)
def s3(targets: tuple[str, ...], **given: Any) -> int:
    """Audits S3 buckets against their layout.

    A FOLDER is taken for a bucket, its files for the keys: so everything can be tried without an account.
    """
    return run.run(Options(bucket=True, targets=targets, **given))


@app.command()
@_with(_SETTINGS_OPTIONS)
def rules(**given: Any) -> None:
    """Lists all rules, those of plugins among them."""
    from layout_lint.cli import show  # noqa: PLC0415 - a check needs none of it

    click.echo(show.rules(show.registry(Options(**given))), nl=False)


@app.command()
@click.argument("selector", metavar="RULE")
@_with(_SETTINGS_OPTIONS)
def rule(selector: str, **given: Any) -> None:
    """Explains a rule, by code or name."""
    from layout_lint.cli import show  # noqa: PLC0415 - as above

    click.echo(show.rule(show.registry(Options(**given)), selector), nl=False)


@app.command()
@_with(_SETTINGS_OPTIONS)
def layouts(**given: Any) -> None:
    """Lists all layouts."""
    from layout_lint.cli import show  # noqa: PLC0415 - as above

    click.echo(show.layouts(Options(**given)), nl=False)


@app.command()
@click.argument("name", metavar="NAME")
@_option("--ascii", is_flag=True, help="Draw without characters beyond ASCII.")
@_with(_SETTINGS_OPTIONS)
def layout(name: str, *, ascii: bool, **given: Any) -> None:  # noqa: A002 - as above; the option's name
    """Draws a layout's tree, annotated."""
    from layout_lint.cli import show  # noqa: PLC0415 - as above

    click.echo(show.layout(Options(**given), name, ascii_only=ascii or not _unicode()), nl=False)


@app.command()
@click.argument("path", metavar="[PATH]", default=".")
@_with(_SETTINGS_OPTIONS)
def config(path: str, **given: Any) -> None:
    """Prints the settings in force for PATH, and where each value comes from."""
    from layout_lint.cli import show  # noqa: PLC0415 - as above

    click.echo(show.settings(path, Options(**given)), nl=False)


@app.command()
def version() -> None:
    """Prints the version."""
    click.echo(f"layout-lint {__version__}")


@app.command()
@_option(
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
@_option("--check", is_flag=True, help="Build nothing: say whether the archives that are there are current.")
@_option("--source-version", metavar="NAME", default="", help="The source version, where a pipeline has several.")
@_option("--all", "everything", is_flag=True, help="Take what git ignores, too.")
@_option("--tracked-only", is_flag=True, help="Take what is staged, as a commit would hold it.")
@_option("--max-size", metavar="SIZE", default="", help="The most that the files may have together: 100 MiB.")
@_with((_RULE_OPTIONS[0], _RULE_OPTIONS[-1]), _SETTINGS_OPTIONS)
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
@_option("--pipeline", metavar="NAME", default="", help="A new project's first pipeline; named like it unless given.")
@_option("--source-version", metavar="NAME", default="", help="The first source version; v1 unless given.")
@_option(
    "--name",
    "names",
    metavar="PART=NAME",
    multiple=True,
    callback=_pairs,
    help="The name of any other part that is made along with it.",
)
@_option("--no-git", is_flag=True, help="Make no git repository of a new project.")
@_with(_RULE_OPTIONS[:1], _RULE_OPTIONS[-1:], _SETTINGS_OPTIONS)
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


def _unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def _refuse_misspelt_command(targets: tuple[str, ...]) -> None:
    """Tells a misspelt command from a path that is not there."""
    import os  # noqa: PLC0415 - click has it already

    if len(targets) == 1 and not os.path.lexists(targets[0]) and "/" not in targets[0]:
        near = did_you_mean(targets[0], app.commands)
        if near:
            raise UserError([Mistake(f"there is no command and no path `{targets[0]}`", hint=near)])
