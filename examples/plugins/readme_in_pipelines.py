"""A team's own rule in one file: `layout-lint --plugin readme_in_pipelines.py`."""

from collections.abc import Iterator

from layout_lint.api import Context, Present, Problem, rule


@rule("TEAM001", "undocumented-version", on=Present, having="folder", severity="warning")
def undocumented_version(event: Present, context: Context) -> Iterator[Problem]:
    """A source version has no README.md.

    Example:
        `mlpipelines/ncf/v2/` without `mlpipelines/ncf/v2/README.md`.
    """
    if event.node.pattern == "mlpipelines/{pipeline}/{source_version}/" and not context.has(f"{event.path}README.md"):
        yield Problem(f"`{event.path}` has no README.md", hint="say what is new in this version")
