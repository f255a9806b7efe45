"""What credentials look like.

The patterns are our own. Of the scanners that Python can call, detect-secrets has had no release since May 2024,
imports requests and gives no columns; CredSweeper needs onnxruntime and pandas; kingfisher-secret-scanner compiles its
rules for 4 s and is 35 MB. The forms of the vendors' tokens agree with those that gitleaks and detect-secrets know.

A match covers the whole credential, so that what masks it leaves nothing to be seen. Every repetition has a bound or
gives nothing back, so a search takes time linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

PRESIGNED = "a presigned URL"

_VALUE_SEPARATOR = r"(?:[\s\"'`\\=:,>()\[\]{}]|\b[Vv]alue\b|\bstr\b){1,24}"
"""What stands between a name and its value: in code, in JSON and in lists of `Name` and `Value`."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of credential.

    Attributes:
        name: with its article, as messages have it.
        marks: literals, one of which is in every text that holds one.
        pattern: finds it; the group `secret` is what must not be shown, the whole match where there is none.
        also: another literal that is in every such text.
        any_case: whether `marks` and `also`, written in lower case, may stand there in capitals.
        random: whether the secret must look random, so that words and repeated characters are not taken for one.
        in_url: whether all of the URL around it belongs to it, other credentials in it too.
    """

    name: str
    marks: tuple[str, ...]
    pattern: str
    also: str = ""
    any_case: bool = False
    random: bool = False
    in_url: bool = False


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Returns a pattern, compiled when it is first asked for: most are for what no file holds."""
    return re.compile(pattern)


def _behind(name: str, secret: str) -> str:
    return rf"{name}{_VALUE_SEPARATOR}(?P<secret>{secret})"


KINDS: tuple[Kind, ...] = (
    # https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    Kind(
        PRESIGNED,
        ("X-Amz-Signature=",),
        r"X-Amz-Signature=(?P<secret>[0-9a-f]{64})(?![0-9A-Za-z])",
        in_url=True,
    ),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html
    Kind(
        PRESIGNED,
        ("AWSAccessKeyId=",),
        r"AWSAccessKeyId=[A-Z0-9]{16,128}&[^\s\"'<>]{0,300}?Signature=(?P<secret>[A-Za-z0-9%/+=]{20,64})",
        in_url=True,
    ),
    Kind(
        PRESIGNED,
        ("AWSAccessKeyId=",),
        r"Signature=(?P<secret>[A-Za-z0-9%/+=]{20,64}+)&[^\s\"'<>]{0,300}?AWSAccessKeyId=[A-Z0-9]{16}",
        in_url=True,
    ),
    # RFC 7468, section 10; RFC 4716; a header alone, as in code that looks for keys, holds none.
    Kind(
        "a private key",
        ("PRIVATE KEY",),
        (
            r"-----BEGIN (?:[A-Z0-9]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
            r"(?:[\s\"'\\,+]|[rn](?=[\s\"'\\])|(?:(?:Proc-Type|DEK-Info|Comment|Version): ?[\w,. -]{1,80}+)){0,40}?"
            r"(?:\\n|\\r)*(?P<secret>[A-Za-z0-9+/=]{20,}+(?:[\s\"'\\,]{1,32}+[A-Za-z0-9+/=]++)*+)"
        ),
    ),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    Kind(
        "an AWS access key ID",
        ("AKIA", "ASIA", "ABIA", "ACCA"),
        r"A(?:KIA|SIA|BIA|CCA)(?<![0-9A-Za-z]....)[A-Z2-7]{16}(?![0-9A-Za-z])",
    ),
    Kind(
        "an AWS secret access key",
        ("secret",),
        _behind(
            r"[sS][eE][cC][rR][eE][tT][_\-. ]?(?:[aA][cC][cC][eE][sS][sS])?[_\-. ]?[kK][eE][yY]",
            r"[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])",
        ),
        also="key",
        random=True,
        any_case=True,
    ),
    # What STS returns, in base64, starts with one of a few version headers.
    Kind(
        "an AWS session token",
        ("FwoGZXIvYXdz", "FQoGZXIvYXdz", "IQoJb3JpZ2lu"),
        r"(?:F[wQ]oGZXIvYXdz|IQoJb3JpZ2lu)(?<![A-Za-z0-9+/]............)[A-Za-z0-9+/=%]{80,}+",
    ),
    Kind(
        "an AWS session token",
        ("token",),
        _behind(
            r"(?:[sS][eE][sS][sS][iI][oO][nN]|[sS][eE][cC][uU][rR][iI][tT][yY])[_\-. ]?[tT][oO][kK][eE][nN]",
            r"[A-Za-z0-9+/=]{100,}+",
        ),
        random=True,
        any_case=True,
    ),
    Kind(
        "a GitHub token",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
        r"gh[opusr]_(?<!\w....)[A-Za-z0-9]{36}(?!\w)",
    ),
    Kind("a GitHub token", ("github_pat_",), r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?!\w)"),
    Kind("a GitLab token", ("glpat-",), r"glpat-(?<!\w......)[A-Za-z0-9_-]{20,}+"),
    Kind("a Hugging Face token", ("hf_",), r"hf_(?<!\w...)[A-Za-z]{34}(?!\w)", random=True),
    Kind("an OpenAI key", ("T3BlbkFJ",), r"sk-(?<!\w...)[A-Za-z0-9_-]{16,100}?T3BlbkFJ[A-Za-z0-9_-]{16,}+"),
    Kind("an Anthropic key", ("sk-ant-",), r"sk-ant-[a-z]{2,8}[0-9]{2}-[A-Za-z0-9_-]{80,}+"),
    Kind(
        "a Slack token",
        ("xox",),
        r"xox[abeprs]-(?<!\w.....)(?:[0-9A-Za-z]{1,16}-)?[0-9]{6,16}-[0-9A-Za-z-]{10,}+",
    ),
    Kind("a PyPI token", ("pypi-AgEIcHlwaS5vcmc",), r"pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}+"),
    Kind("a Google API key", ("AIza",), r"AIza(?<![\w-]....)[A-Za-z0-9_-]{35}(?![\w-])", random=True),
    Kind(
        "a Weights & Biases key",
        ("wandb",),
        _behind(r"[wW][aA][nN][dD][bB]_?[aA][pP][iI]_?[kK][eE][yY]", r"[0-9a-f]{40}(?![0-9A-Za-z])"),
        any_case=True,
    ),
    # `wandb.login` takes the key by position or by name, the command line as its last word.
    Kind(
        "a Weights & Biases key",
        ("wandb",),
        r"wandb\s{0,4}\.\s{0,4}login\s{0,4}\([^()]{0,300}?[\"'](?:local-)?(?P<secret>[0-9a-f]{40})[\"']",
        also="login",
        any_case=True,
    ),
    Kind(
        "a Weights & Biases key",
        ("wandb",),
        (
            r"wandb[ \t\"',]{1,4}login(?:[ \t\"',]{1,4}--?[a-z-]{1,20}(?:=\S{1,100}|[ \t\"',]{1,4}https?://\S{1,100})?){0,4}"
            r"[ \t\"',]{1,4}(?:local-)?(?P<secret>[0-9a-f]{40})(?![0-9A-Za-z])"
        ),
        also="login",
        any_case=True,
    ),
    # The form that wandb takes since 0.22.3, of 86 characters: wandb/server, issue 163.
    Kind(
        "a Weights & Biases key",
        ("wandb",),
        r"wandb_v1_(?<!\w.........)[A-Za-z0-9_]{77}(?!\w)",
        also="wandb_v1_",
        any_case=True,
        random=True,
    ),
    # RFC 3986, section 3.2.1; what stands in for a password, and names of variables, are none.
    Kind(
        "a URL with a password",
        ("://",),
        (
            r"://(?:[^\s/:@\"'<>{}$]{1,64})?:(?!(?:[pP]ass(?:word|wd)?|PASS(?:WORD|WD)?|pwd|secret|token|x+)@)"
            r"(?P<secret>[^\s/:@\"'<>{}$%*]{4,128})@[\w\[]"
        ),
        also="@",
    ),
)
"""Every kind; where two find the same stretch of text, the first one names it."""
