"""The connection to S3: botocore's client with settings for listing; the user's own AWS settings go first."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from layout_lint import __version__
from layout_lint.model.error import Mistake, UserError, did_you_mean
from layout_lint.sources import s3_answer

if TYPE_CHECKING:
    from botocore.loaders import Loader
    from botocore.session import Session
    from mypy_boto3_s3 import S3Client

COPY_TIMEOUT: Final = 300
"""Seconds that a server may take to copy a part of 5 GiB before it says a word: clients that copy wait so long."""

_ATTEMPTS = 5
"""How often a request is sent at most, the first time included."""


def connect(
    endpoint_url: str | None = None,
    profile: str | None = None,
    region: str | None = None,
    *,
    connections: int = 10,
    connect_timeout: float = 10,
    read_timeout: float = 30,
) -> S3Client:
    """Returns a client whose timestamps stay the text that the server sent.

    Parsing a timestamp costs as much as all else about a key of a listing, and nothing here calculates with
    them. Retries are botocore's "standard" ones, five attempts, unless the user's AWS settings say otherwise.

    Args:
        endpoint_url: another server than Amazon's.
        profile: a profile of the user's AWS settings.
        region: the bucket's region.
        connections: kept open at most.
        connect_timeout: seconds until a connection must stand.
        read_timeout: seconds without a byte from the server after which an attempt is given up.

    Raises:
        UserError: the profile, the endpoint or the region is not right, or the AWS settings cannot be read.
    """
    import botocore.session  # noqa: PLC0415 - slow to import, and only needed for buckets
    from botocore.config import Config  # noqa: PLC0415 - as above
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - as above

    session = botocore.session.Session(profile=profile)
    try:
        config = Config(
            max_pool_connections=connections,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            retries=_retries(session),
            user_agent_extra=f"layout-lint/{__version__}",
        )
        session.register_component("data_loader", _loader())
        session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_unparsed)
        made = session.create_client("s3", region_name=region, endpoint_url=endpoint_url, config=config)
    except (BotoCoreError, ValueError) as error:
        raise UserError([_mistake(error, session, endpoint_url, region)]) from None
    client = cast("S3Client", made)
    s3_answer.watch(client)
    return client


def without_login(url: str) -> str:
    """Returns a URL without user, password, query and fragment, fit for a message."""
    scheme, separator, rest = url.rpartition("://")
    return scheme + separator + rest.rpartition("@")[2].partition("?")[0].partition("#")[0]


@cache
def _loader() -> Loader:
    """Returns what reads botocore's descriptions of S3, once for all buckets of a run: it takes 0.1 s."""
    from botocore.loaders import create_loader  # noqa: PLC0415 - slow to import

    return create_loader()


def _unparsed(value: object) -> object:
    return value


def _retries(session: Session) -> Any:
    own = session.get_scoped_config()
    retries: dict[str, object] = {}
    if not (os.environ.get("AWS_RETRY_MODE") or own.get("retry_mode")):
        retries["mode"] = "standard"
    if not (os.environ.get("AWS_MAX_ATTEMPTS") or own.get("max_attempts")):
        retries["total_max_attempts"] = _ATTEMPTS
    return retries


def _mistake(error: Exception, session: Session, endpoint_url: str | None, region: str | None) -> Mistake:
    kind = type(error).__name__
    if kind == "ProfileNotFound":
        known = session.available_profiles
        hint = did_you_mean(session.profile or "", known) or "`aws configure list-profiles` lists them"
        return Mistake(f"there is no AWS profile `{session.profile}`", hint=hint)
    if kind == "InvalidRegionError":
        return Mistake(f"`{region}` is not a region", hint="regions look like `eu-central-1`")
    if kind == "ConfigParseError":
        path = getattr(error, "kwargs", {}).get("path", "")
        return Mistake(f"the AWS settings in `{path}` cannot be read", hint="correct that file's syntax")
    if isinstance(error, ValueError) and endpoint_url is not None:
        hint = "it looks like `https://s3.example.com` or `http://127.0.0.1:9000`"
        return Mistake(f"`{without_login(endpoint_url)}` is not an endpoint's URL", hint=hint)
    hint = "`aws configure list` shows what is in force"
    said = without_login(str(error)) if isinstance(error, ValueError) else kind  # a ValueError is about the endpoint
    return Mistake(f"the AWS settings are not right ({said})", hint=hint)
