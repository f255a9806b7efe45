"""Rules about credentials in files that go into git."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import FileContent, Problem, json_of, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Content, Context
    from layout_lint_rules.secrets.text import Text

_HINT = "revoke it where it was issued, then take it out of the file; git keeps it in every clone"
_URL_HINT = "take it out of the file, and revoke the key that signed it if it has not expired"


@rule("LL290", "config-credential", on=FileContent, having="model")
def config_credential(event: FileContent, context: Context) -> Iterator[Problem]:
    """A config file holds a credential.

    Whoever can read the repository, now or in any later clone, can use it. SageMaker also shows parameters of a
    pipeline in its console and in logs. Found are AWS access key IDs, secret access keys and session tokens, private
    keys, presigned URLs, URLs with a password, and the tokens of GitHub, GitLab, Hugging Face, OpenAI, Anthropic,
    Slack, PyPI, Google and Weights & Biases. Silent about the examples of AWS's documentation and about placeholders.

    No fix: a credential that was committed must be revoked, which no edit does.

    Example:
        `{"Name": "AWS_SECRET_ACCESS_KEY", "Value": "…"}`
    """
    yield from _json_credentials(event, "the file")


@rule("LL390", "notebook-credential", on=FileContent, having="kind=notebook")
def notebook_credential(event: FileContent, context: Context) -> Iterator[Problem]:
    """A notebook holds a credential, in a cell, in an output or in its metadata.

    Notebooks are where credentials are pasted "for now", and where they are printed: an environment, a session, a
    link to a file in a private bucket. The kinds are those of LL290, config-credential.

    No fix: a credential that was committed must be revoked, which no edit does.

    Example:
        `boto3.client("s3", aws_access_key_id="AKIA…")`
    """
    yield from _json_credentials(event, "the notebook")


@rule("LL490", "code-credential", on=FileContent, having="kind")
def code_credential(event: FileContent, context: Context) -> Iterator[Problem]:
    """A source file, or a text file beside it, holds a credential.

    It travels further than the repository: `source.tar.gz` and `model.tar.gz` carry the code into buckets and
    endpoints. The kinds are those of LL290, config-credential; in `requirements.txt` it is mostly the password in the
    URL of a private package index.

    Looked at is every file that the layout gives a `$kind`, and those that its `$kinds` tell: in the folder of a
    source version, at any depth, modules, JSON, YAML, TOML and the like, shell scripts, `.env` files and private keys.
    Notebooks there are looked at by LL390, notebook-credential. Silent about files with other endings.

    No fix: a credential that was committed must be revoked, which no edit does.

    Example:
        `--extra-index-url https://user:…@pypi.example.com/simple`
    """
    from layout_lint_rules.secrets.scan import may_hold  # noqa: PLC0415 - not needed to declare rules
    from layout_lint_rules.secrets.text import plain_text  # noqa: PLC0415 - as above

    kind = event.node.attributes.get("kind")
    if kind == "json" and _has_escapes(event.content):
        yield from _json_credentials(event, "the file")
    elif kind != "notebook" and may_hold(event.content.text):
        yield from _credentials(event.content.parsed(plain_text), "the file")


def _has_escapes(content: Content) -> bool:
    """Tells whether a JSON file says something that does not stand in it just so; one with faults is taken as text."""
    text = content.text
    return ("\\u" in text or "\\/" in text) and not content.parsed(json_of).faults


def _json_credentials(event: FileContent, holder: str) -> Iterator[Problem]:
    from layout_lint_rules.secrets.scan import may_hold  # noqa: PLC0415 - not needed to declare rules
    from layout_lint_rules.secrets.text import is_verbatim, json_text  # noqa: PLC0415 - as above

    document = event.content.parsed(json_of)
    if not is_verbatim(document) or may_hold(document.text):
        yield from _credentials(event.content.parsed(json_text), holder)


def _credentials(text: Text, holder: str) -> Iterator[Problem]:
    from layout_lint_rules.secrets.patterns import PRESIGNED  # noqa: PLC0415 - not needed to declare rules
    from layout_lint_rules.secrets.scan import credentials  # noqa: PLC0415 - as above
    from layout_lint_rules.secrets.wording import message  # noqa: PLC0415 - as above

    for hit in credentials(text.text):
        hint = _URL_HINT if hit.kind == PRESIGNED else _HINT
        yield Problem(message(hit, holder), hint=hint, span=text.span(hit.start, hit.end), secret=True)
