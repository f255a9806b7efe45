"""What botocore's errors mean to the user: a mistake to correct, or a place that could not be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layout_lint.model.error import Mistake, UserError
from layout_lint.sources.s3_client import without_login
from layout_lint.sources.source import Unreadable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOGIN = "log in again, for example with `aws sso login`, or set the AWS_… variables anew"
_NO_LOGIN = "run `aws configure` or `aws sso login`, name a `--profile`, or set the AWS_… variables"
_EXPIRED = "the credentials have expired"
_INVALID = "the credentials are not valid there"
_CHECK_LOGIN = "check the profile, and that the endpoint is the one that they are for"
_NOT_THERE = "check the name, `--profile` and `--endpoint-url`"
_MALFORMED = "a bucket's name has 3 to 63 lower-case letters, digits, hyphens and dots"

_MISTAKES = {
    "NoSuchBucket": ("there is no such bucket", _NOT_THERE),
    "NoSuchAccessPoint": ("there is no such access point", _NOT_THERE),
    "InvalidBucketName": ("that is not a bucket's name", _MALFORMED),
    "ParamValidationError": ("that is not a bucket's name", _MALFORMED),
    "ExpiredToken": (_EXPIRED, _LOGIN),
    "ExpiredTokenException": (_EXPIRED, _LOGIN),
    "TokenRefreshRequired": (_EXPIRED, _LOGIN),
    "SSOTokenLoadError": (_EXPIRED, _LOGIN),
    "UnauthorizedSSOTokenError": (_EXPIRED, _LOGIN),
    "TokenRetrievalError": (_EXPIRED, _LOGIN),
    "LoginRefreshRequired": (_EXPIRED, _LOGIN),
    "LoginTokenLoadError": (_EXPIRED, _LOGIN),
    "InvalidAccessKeyId": (_INVALID, _CHECK_LOGIN),
    "InvalidToken": (_INVALID, _CHECK_LOGIN),
    "SignatureDoesNotMatch": (_INVALID, _CHECK_LOGIN),
    "NotSignedUp": (_INVALID, _CHECK_LOGIN),
    "NoCredentialsError": ("there are no credentials", _NO_LOGIN),
    "NoAuthTokenError": ("there are no credentials", _NO_LOGIN),
    "PartialCredentialsError": ("the credentials are incomplete", _NO_LOGIN),
    "CredentialRetrievalError": ("the credentials could not be fetched", _NO_LOGIN),
    "RequestTimeTooSkewed": ("this machine's clock is too far off", "set its time"),
    "EndpointResolutionError": ("`{endpoint}` is no endpoint for it", "check `--endpoint-url`"),
    "UnsupportedS3ArnError": ("such an ARN cannot be audited", "name a bucket"),
    "UnsupportedS3AccesspointConfigurationError": ("the settings fit no access point", "name a bucket"),
}
"""By S3's error code or botocore's exception: what is wrong, and the remedy."""

_REGION = ("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "301")
_DENIED = ("AccessDenied", "AllAccessDisabled", "AccountProblem", "403")
_BUSY = ("SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests", "429")

_FOREIGN = "the answer of `{endpoint}` is not that of an S3 server: check the endpoint, or try again later"
_FAILURES = {
    "EndpointConnectionError": "no connection to `{endpoint}`: check the network and the endpoint",
    "ConnectTimeoutError": "no connection to `{endpoint}` in time: check the network and the endpoint",
    "ReadTimeoutError": "`{endpoint}` did not answer in time: try again later",
    "SSLError": "no trusted connection to `{endpoint}`: check its certificate and `AWS_CA_BUNDLE`",
    "ProxyConnectionError": "no connection to the proxy: check `HTTPS_PROXY`",
    "ResponseParserError": _FOREIGN,
}
"""By botocore's exception: what failed, and the remedy."""


class Denied(Unreadable):
    """The credentials may not do that; with others, or on a part of the bucket, it may be allowed."""


class DelimiterRefused(Exception):  # noqa: N818 - the caller lists in another way; nothing has failed
    """The store does not roll up by a delimiter as S3 does."""


def failures() -> tuple[type[Exception], ...]:
    """Returns what a call of botocore's client raises; a parser's failure has no base class in common."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow to import
    from botocore.parsers import ResponseParserError  # noqa: PLC0415 - as above

    return BotoCoreError, ClientError, ResponseParserError


def translate(error: Exception, client: S3Client, at: str, needs: str) -> UserError | Unreadable:
    """Returns what to raise for an error of botocore; of the server's text it holds the error's code only.

    Args:
        error: one of `failures`.
        client: the client that raised it.
        at: the place as messages name it.
        needs: the permission that the request needs, as a policy would grant it.
    """
    response = _response(error)
    code = error_code(error)
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    endpoint = without_login(client.meta.endpoint_url)
    operation = getattr(error, "operation_name", None)
    if code not in _MISTAKES and operation and operation not in client.meta.service_model.operation_names:
        code = "CredentialRetrievalError"  # it was not S3 that was asked, but who hands out credentials
    if code in _MISTAKES:
        message, hint = _MISTAKES[code]
        return UserError([Mistake(f"`{at}`: {message.format(endpoint=endpoint)}", hint=hint)])
    if code in _REGION:
        return UserError([_other_region(response, at)])
    if code in _DENIED or status == 403:  # noqa: PLR2004 - HTTP's "Forbidden"
        return Denied(at, f"AccessDenied: it needs {needs}")
    return Unreadable(at, _failure(code, status, endpoint))


def is_refusal(error: Exception) -> bool:
    """Returns whether a store may have answered so because of a request's delimiter, and not for another reason."""
    code = error_code(error)
    status = _response(error).get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    known = (*_MISTAKES, *_REGION, *_DENIED, *_BUSY, "NoSuchKey")
    return code not in known and status in (400, 405, 422, 501)


def error_code(error: Exception) -> str:
    """Returns S3's code for an error of botocore, or the exception's name where there was no answer."""
    return str(_response(error).get("Error", {}).get("Code", "")) or type(error).__name__


def _response(error: Exception) -> dict[str, Any]:
    response = getattr(error, "response", None)
    return response if isinstance(response, dict) else {}


def _other_region(response: dict[str, Any], at: str) -> Mistake:
    headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    region = response["Error"].get("Region") or headers.get("x-amz-bucket-region")
    if not region:
        return Mistake(f"`{at}`: the bucket is in another region", hint="name it with `--region`")
    return Mistake(f"`{at}`: the bucket is in the region `{region}`", hint=f"pass `--region {region}`")


def _failure(code: str, status: int, endpoint: str) -> str:
    if code in _FAILURES:
        return _FAILURES[code].format(endpoint=endpoint)
    if code.isdigit():  # botocore's stand-in for the code that the answer does not have
        return _FOREIGN.format(endpoint=endpoint)
    if code in _BUSY:
        return f"`{endpoint}` asks to send fewer requests ({code}): try again later"
    if 400 <= status < 500:  # noqa: PLR2004 - HTTP's client errors
        return f"`{endpoint}` answered {code} (HTTP {status}): check the endpoint and the bucket"
    if status:
        return f"`{endpoint}` answered {code} (HTTP {status}): try again later"
    return f"the connection to `{endpoint}` broke ({code}): try again later"
