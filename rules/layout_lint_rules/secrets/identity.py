"""Rules about what a notebook tells of its author's account and machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import FileContent, Problem, json_of, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context, Span

_ACCOUNT = r"(?P<said>[0-9]{12})(?![0-9])"
_OF_AWS = r":(?:layer:(?:AWS|aws-otel-|LambdaInsights)|model-package/[\w.-]{1,80}-[0-9a-f]{32}(?![\w.-]))"
"""How a resource goes on that is surely one of AWS's own: its layers for Lambda, and what AWS Marketplace lists."""

_ACCOUNTS = (
    rf"arn:aws(?:-[a-z]{{2,4}}){{0,3}}:[a-z0-9-]{{1,40}}:[a-z0-9-]{{0,32}}:{_ACCOUNT}(?!{_OF_AWS})",
    rf"sagemaker-[a-z]{{2,4}}(?:-[a-z]{{2,12}}){{1,3}}-[0-9]{{1,2}}-{_ACCOUNT}",
    (
        r"[aA][cC][cC][oO][uU][nN][tT](?:[_\- ]?(?:[iI][dD]|[nN][uU][mM][bB][eE][rR]))?[\s\"'`:=,)(]{1,8}"
        rf"{_ACCOUNT}(?!\.dkr\.)"
    ),
)
_NAME = r"(?P<said>[A-Za-z0-9_][A-Za-z0-9._-]{0,63})"
_ON_WINDOWS = rf"(?:\\\\?|/)Users(?:\\\\?|/){_NAME}"
_COLOUR = r"\x1b\[[0-9;]{0,32}m"
"""What a terminal takes for a change of colour; tracebacks of IPython have one before each path."""

_HOMES = (
    rf"/home/(?<![\w.~}}$-]/home/){_NAME}/",
    rf"/Users/(?<![\w.~}}$-]/Users/){_NAME}/",
    rf":(?<![A-Za-z0-9][A-Za-z]:)(?<=[A-Za-z]:){_ON_WINDOWS}",
    rf"{_COLOUR}(?:/home/|/Users/){_NAME}/",
    rf"{_COLOUR}[A-Za-z]:{_ON_WINDOWS}",
)
_ACCOUNT_MARKS = ("arn:aws", "sagemaker-", "account")
_HOME_MARKS = ("/home/", "users")
"""Lower-case words, one of which is in all that the patterns find."""

_SHARED = frozenset(("Public", "Shared", "All", "Default"))
"""Folders beside the homes that belong to nobody."""


@rule("LL391", "notebook-account-id", on=FileContent, having="kind=notebook", severity="warning")
def notebook_account_id(event: FileContent, context: Context) -> Iterator[Problem]:
    """A notebook names an AWS account, in a cell or in an output.

    An account id is no credential, but it is what an attacker needs to guess roles and buckets, and a notebook with
    one runs in that account only. Found where the 12 digits are one for certain: in an ARN, in the name of SageMaker's
    default bucket, and after the word "account".

    Silent about the ids that AWS's documentation has in examples, such as `123456789012` and `111122223333`; about the
    accounts from which AWS publishes SageMaker's images; about its own layers for Lambda and the models of AWS
    Marketplace; about metadata, where SageMaker Studio names its own images; and about image URIs, most of which name
    AWS's accounts.

    No fix: where the number comes from instead is the author's choice; what stands in outputs goes with LL303's fix.

    Example:
        `role = "arn:aws:iam::210987654321:role/train"`
    """
    from layout_lint_rules.secrets.accounts import is_public  # noqa: PLC0415 - not needed to declare rules

    for span, said, times in _found(event, _ACCOUNTS, _ACCOUNT_MARKS):
        if not is_public(said):
            yield Problem(
                f"the notebook holds an AWS account id that starts with `{said[:4]}`{times}",
                hint='ask for it where the notebook runs: `boto3.client("sts").get_caller_identity()["Account"]`, '
                "or `sagemaker.get_execution_role()` for the role",
                span=span,
                secret=True,
            )


@rule("LL392", "notebook-home-path", on=FileContent, having="kind=notebook", severity="warning")
def notebook_home_path(event: FileContent, context: Context) -> Iterator[Problem]:
    r"""A notebook names a path below somebody's home folder, in a cell or in an output.

    In a cell it breaks on every other machine; in an output it tells who ran the notebook and how their disk is laid
    out. Found are `/home/NAME/`, `/Users/NAME/` and `C:\Users\NAME`. Silent about the same inside a URL.

    No fix: where the path comes from instead is the author's choice; what stands in outputs goes with LL303's fix.

    Example:
        `pd.read_csv("/home/alice/ratings.csv")`
    """
    for span, said, times in _found(event, _HOMES, _HOME_MARKS):
        if said not in _SHARED:
            yield Problem(
                f"the notebook holds a path in the home folder of `{said}`{times}",
                hint="write a path relative to the notebook, or one below `Path.home()`",
                span=span,
            )


def _found(event: FileContent, patterns: tuple[str, ...], marks: tuple[str, ...]) -> Iterator[tuple[Span, str, str]]:
    """Yields what patterns find in cells and outputs: the first place of each, what is said there, and how often."""
    from layout_lint_rules.secrets.text import is_verbatim, json_text  # noqa: PLC0415 - not needed to declare rules
    from layout_lint_rules.secrets.wording import repeated  # noqa: PLC0415 - as above

    document = event.content.parsed(json_of)
    lowered = document.text.lower()
    if is_verbatim(document) and not any(mark in lowered for mark in marks):
        return
    text = event.content.parsed(json_text)
    first: dict[str, int] = {}
    times: dict[str, int] = {}
    for start, said in sorted(_places(text.text, patterns)):
        way = text.way(start)
        if way[:1] == ("cells",) and way[2:3] in (("source",), ("outputs",)):
            first.setdefault(said, start)
            times[said] = times.get(said, 0) + 1
    for said, start in first.items():
        yield text.span(start, start + len(said)), said, repeated(times[said])


def _places(text: str, patterns: tuple[str, ...]) -> set[tuple[int, str]]:
    from layout_lint_rules.secrets.patterns import compiled  # noqa: PLC0415 - not needed to declare rules

    matches = (found for pattern in patterns for found in compiled(pattern).finditer(text))
    return {(found.start("said"), found["said"]) for found in matches}
