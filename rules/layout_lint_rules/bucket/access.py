"""Rules about who can reach a bucket, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import BucketSettings, NoSuchSettingError, Problem, UnreadableContentError, rule
from layout_lint_rules.bucket import fixes, policies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context


@rule("LL601", "unblocked-public-access", on=BucketSettings, severity="warning")
def unblocked_public_access(event: BucketSettings, context: Context) -> Iterator[Problem]:
    """A bucket does not block public access in all four ways.

    Training data and models are what a company has and others do not. With all four blocks on, no policy and no ACL
    that somebody adds by mistake, or with a template from the web, can open them to the world.

    The account's own block, which applies on top, cannot be seen from a bucket: where it is known to be complete,
    ignore this rule.

    Fix: all four blocks are switched on. Unsafe: a web site, or another account that reads the bucket under a public
    policy, loses its access at once.

    Reference:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html

    Example:
        A bucket that was made before April 2023 and never got a block. By hand:
        `aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration
        BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`
    """
    block = event.public_access_block
    off = [one for one in fixes.BLOCKS if not (block or {}).get(one)]
    if off:
        lacks = "public access is not blocked" if block is None else f"public access is blocked without {_and(off)}"
        fix = fixes.block_public_access(event)
        hint = "switch all four blocks on; a block of the whole account cannot be seen from here"
        yield Problem(f"{lacks}: a policy or an ACL can open `{event.bucket}` to the world", hint=hint, fix=fix)


@rule("LL602", "public-policy", on=BucketSettings)
def public_policy(event: BucketSettings, context: Context) -> Iterator[Problem]:
    """The bucket policy opens the bucket to everybody.

    Whoever knows or guesses the bucket's name reads training data and models, or puts a model of their own in the
    place of yours: a `model.pth` is a pickle, and loading it runs what is in it.

    S3 itself says whether a policy is public. Where a server cannot say it, the policy is read: a statement that
    allows something to everybody (`"Principal": "*"`) is public unless a condition with fixed values limits who, or
    from where. While the bucket's `RestrictPublicBuckets` is on, S3 lets such a policy count for the own account only,
    so the finding is then a warning.

    No fix: only the team knows who must be able to read.

    Reference:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status

    Example:
        `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::BUCKET/*"}`. By hand:
        `aws s3api get-bucket-policy --bucket BUCKET`, then `aws s3api put-bucket-policy` with named principals.
    """
    if not _is_public(event):
        return
    restricted = _is_restricted(event)
    message = f"the policy of `{event.bucket}` is public"
    message += ", and only `RestrictPublicBuckets` keeps others out" if restricted else ": everybody has access"
    hint = "name the accounts and roles under `Principal`, or limit them by a condition such as `aws:PrincipalOrgID`"
    yield Problem(message, hint=hint, severity="warning" if restricted else None)


@rule("LL603", "plain-http", on=BucketSettings, severity="warning")
def plain_http(event: BucketSettings, context: Context) -> Iterator[Problem]:
    """The bucket policy does not refuse plain HTTP.

    S3 answers over HTTP as well as over HTTPS. A job with an `http://` endpoint sends data and models readable and
    changeable on their way, and nobody notices. A statement that denies it turns that into an error at the first try.

    It must deny everything (`s3:*`) to everybody, on the bucket and on its objects, under the one condition
    `"Bool": {"aws:SecureTransport": "false"}`, or `NumericLessThanIfExists` on `s3:TlsVersion`. `NumericLessThan` is
    not enough: a request over HTTP has no TLS version, so it passes.

    No fix: a policy is one document that others may manage as a whole.

    Reference:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html

    Example:
        A bucket without a policy. The statement: `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource":
        ["arn:aws:s3:::BUCKET", "arn:aws:s3:::BUCKET/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}`,
        put with `aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json`
    """
    policy = event.policy
    if policy is None or not policies.refuses_plain_http(policy, event.bucket):
        hint = "add a statement that denies `s3:*` to everybody where `aws:SecureTransport` is false"
        yield Problem(f"no policy of `{event.bucket}` refuses plain HTTP", hint=hint)


@rule("LL604", "enabled-acls", on=BucketSettings, severity="warning")
def enabled_acls(event: BucketSettings, context: Context) -> Iterator[Problem]:
    """ACLs are switched on, so single objects can belong to, or be open to, somebody else.

    A job in another account that writes a model owns it: the bucket's owner can then neither read nor copy it, and a
    repackaging fails for one model among many. And an object with the ACL `public-read` is public whatever the policy
    says. With `BucketOwnerEnforced`, S3's own default since April 2023, the policy alone decides.

    No fix: where objects of others are there, or a log delivery writes by ACL, the change needs a policy first.

    Reference:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html

    Example:
        A bucket from before April 2023 without ownership controls. By hand:
        `aws s3api put-bucket-ownership-controls --bucket BUCKET --ownership-controls
        "Rules=[{ObjectOwnership=BucketOwnerEnforced}]"`
    """
    owner = event.ownership
    if owner != "BucketOwnerEnforced":
        said = f"`{owner}`" if owner else "not configured"
        hint = "set it to `BucketOwnerEnforced`, after you have moved what is granted by ACL into the policy"
        yield Problem(f"ACLs of `{event.bucket}` are on: its object ownership is {said}", hint=hint)


def _is_public(event: BucketSettings) -> bool:
    try:
        return bool(event.policy_is_public)
    except NoSuchSettingError:
        policy = event.policy
        return policy is not None and policies.is_public(policy)


def _is_restricted(event: BucketSettings) -> bool:
    """Tells whether the block is known to keep others out; a public policy is told of also where it cannot be read."""
    try:
        return bool((event.public_access_block or {}).get("RestrictPublicBuckets"))
    except UnreadableContentError:
        return False


def _and(names: list[str]) -> str:
    quoted = [f"`{one}`" for one in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
