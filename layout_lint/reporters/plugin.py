"""The output formats that come with layout-lint; they enter by the same door as a plugin's."""

from __future__ import annotations

from layout_lint.hookspecs import hookimpl
from layout_lint.model.reporter import Reporter
from layout_lint.reporters import github, gitlab, json_format, junit, sarif, text


@hookimpl
def layout_lint_reporters() -> list[Reporter]:
    """Returns every format; ``text`` is another name of ``full``."""
    return [
        Reporter("full", "each finding with its place, rule, message and remedy", text.full),
        Reporter("text", "the same as full", text.full),
        Reporter("concise", "one line for each finding: path:line:column: CODE message", text.concise),
        Reporter("grouped", "findings below the path that they are about", text.grouped),
        Reporter("json", "one object for programs, as docs/json-output.md says", json_format.render),
        Reporter("sarif", "SARIF 2.1.0, for code scanning and editors", sarif.render),
        Reporter("github", "annotations of a run of GitHub Actions", github.render),
        Reporter("gitlab", "a code quality report, for GitLab's merge requests", gitlab.render),
        Reporter("junit", "JUnit XML, for servers that show tests", junit.render),
    ]
