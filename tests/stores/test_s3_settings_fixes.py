"""Changes of bucket settings: what is sent, what is refused, what an undo restores."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

import pytest

from layout_lint.model.edit import ChangeSetting, setting_text
from layout_lint.model.error import UserError
from layout_lint.sources.s3 import connect
from layout_lint.sources.s3_errors import Denied
from layout_lint.sources.s3_settings import SETTINGS, read
from layout_lint.stores.s3_settings_fixes import CALLS, SettingChange, carry_out, plan, undo
from tests.s3_faults import Fault, error, faulty, text
from tests.servers import AWS, moto

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

BLOCKED = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}
OPEN = {**BLOCKED, "BlockPublicPolicy": False}
SSE = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
RULE: dict[str, Any] = {"ID": "debug", "Filter": {"Prefix": "debug/"}, "Status": "Enabled", "Expiration": {"Days": 9}}
DATED = {"ID": "end", "Filter": {"Prefix": "x/"}, "Status": "Disabled", "Expiration": {"Date": "2030-01-01T00:00:00Z"}}
ABORT = {
    "ID": "abort",
    "Filter": {"Prefix": ""},
    "Status": "Enabled",
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
}
CHANGES: dict[str, tuple[str, Any, Any]] = {
    "a block where there is none": ("public_access_block", None, BLOCKED),
    "a block that is not complete": ("public_access_block", OPEN, BLOCKED),
    "encryption": ("encryption", None, SSE),
    "the first lifecycle rule": ("lifecycle", None, {"Rules": [ABORT]}),
    "one more lifecycle rule": ("lifecycle", {"Rules": [RULE, DATED]}, {"Rules": [RULE, DATED, ABORT]}),
}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with moto() as server, pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_PROFILE", raising=False)
        for name, value in AWS.items():
            patch.setenv(name, value)
        yield server


@pytest.fixture
def client(endpoint: str) -> Iterator[S3Client]:
    client = connect(endpoint)
    client.create_bucket(Bucket="mended")
    yield client
    client.delete_bucket(Bucket="mended")


def now(client: S3Client, setting: str) -> Any:
    return read(client, "mended", SETTINGS[setting])


def planned(client: S3Client, setting: str, before: Any, after: Any) -> SettingChange:
    """Gives the setting a value, and plans to change what a reader is then told."""
    if before is not None:
        carry_out(client, SettingChange("mended", setting, "", setting_text(before)))
    found = now(client, setting)
    added = {name: value for name, value in (found or {}).items() if name not in after}
    return plan(ChangeSetting.of(setting, found, {**added, **after}), "mended")


def holds(found: Any, wanted: Any) -> bool:
    """Returns whether a value is the wanted one but for what a server adds; moto says which default it took."""
    if isinstance(wanted, dict):
        return all(holds(found[name], value) for name, value in wanted.items())
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(holds, found, wanted))
    return bool(found == wanted)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_carried_out_once_and_taken_back(name: str, client: S3Client) -> None:
    setting, before, after = CHANGES[name]
    change = planned(client, setting, before, after)
    found = now(client, setting)
    assert carry_out(client, change) == change.before == setting_text(found)
    assert holds(now(client, setting), after)
    assert carry_out(client, change) is None
    undo(client, change)
    assert now(client, setting) == found
    undo(client, change)
    assert now(client, setting) == found


@pytest.mark.parametrize("name", CHANGES)
def test_what_has_changed_since_stays_as_it_is(name: str, client: S3Client) -> None:
    setting, before, after = CHANGES[name]
    change = planned(client, setting, before, after)
    other = {
        "public_access_block": {**BLOCKED, "RestrictPublicBuckets": False},
        "encryption": {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]},
        "lifecycle": {"Rules": [{**RULE, "Expiration": {"Days": 10}}]},
    }[setting]
    there = SettingChange("mended", setting, change.before, setting_text(other))
    carry_out(client, there)
    found = now(client, setting)
    for act in (carry_out, undo):
        with pytest.raises(UserError, match=r"has changed since the .*: nothing was done"):
            act(client, change)
        assert now(client, setting) == found


def test_a_rule_that_was_added_after_the_fix_is_not_lost_by_its_undo(client: S3Client) -> None:
    change = planned(client, *CHANGES["one more lifecycle rule"])
    carry_out(client, change)
    found = now(client, "lifecycle")
    more = {**found, "Rules": [*found["Rules"], {**RULE, "ID": "more", "Filter": {"Prefix": "y/"}}]}
    carry_out(client, SettingChange("mended", "lifecycle", setting_text(found), setting_text(more)))
    with pytest.raises(UserError, match="has changed since the fix"):
        undo(client, change)
    assert len(now(client, "lifecycle")["Rules"]) == 4


def test_a_server_may_add_what_has_a_default_and_order_rules_anew(client: S3Client, endpoint: str) -> None:
    change = planned(client, *CHANGES["the first lifecycle rule"])
    body = (
        "<LifecycleConfiguration><Rule><ID>abort</ID><Status>Enabled</Status><Filter><Prefix/></Filter>"
        "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>"
        "</Rule></LifecycleConfiguration>"
    )
    headers = {"Content-Type": "application/xml", "x-amz-transition-default-minimum-object-size": "all"}
    with faulty(endpoint, text(200, body, headers)) as proxy:
        assert carry_out(connect(proxy.url), change) is None
    both = SettingChange("mended", "lifecycle", "", setting_text({"Rules": [RULE, ABORT]}))
    carry_out(client, SettingChange("mended", "lifecycle", "", setting_text({"Rules": [ABORT, RULE]})))
    assert carry_out(client, both) is None


def test_what_botocore_does_not_know_is_not_written_over(client: S3Client, endpoint: str) -> None:
    """A newer S3 may tell of parts that the installed botocore drops; to write the rest back would lose them."""
    body = (
        "<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status>"
        "<Filter><And><Prefix>x</Prefix><Age>3</Age><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter>"
        "<Melt><Days>1</Days></Melt><Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>"
    )
    page = text(200, body, {"Content-Type": "application/xml"})
    page.when = lambda request: request.method == "GET"
    with faulty(endpoint, page) as proxy:
        reader = connect(proxy.url)
        found = now(reader, "lifecycle")
        after = {**found, "Rules": [*found["Rules"], ABORT]}
        with pytest.raises(UserError, match="holds `Age`, `Melt`, which would be lost: nothing was done") as caught:
            carry_out(reader, plan(ChangeSetting.of("lifecycle", found, after), "mended"))
    assert "update botocore" in str(caught.value)
    assert now(client, "lifecycle") is None


@pytest.mark.parametrize("setting", CALLS)
def test_a_missing_permission_is_named(setting: str, client: S3Client, endpoint: str) -> None:
    name = next(name for name, (of, before, _) in CHANGES.items() if of == setting and before is None)
    change = planned(client, *CHANGES[name])
    for method, action in (("GET", SETTINGS[setting].action), ("PUT", CALLS[setting].action)):
        fault = error(403, "AccessDenied")
        fault.when = lambda request, method=method: request.method == method  # type: ignore[misc]
        with faulty(endpoint, fault) as proxy, pytest.raises(Denied) as caught:
            carry_out(connect(proxy.url), change)
        assert caught.value.reason == f"AccessDenied: it needs `{action}` on the bucket `mended`"
    assert now(client, setting) is None


def test_a_change_is_one_reading_and_one_call(client: S3Client, endpoint: str) -> None:
    change = planned(client, *CHANGES["one more lifecycle rule"])
    sent: list[str] = []

    def note(handler: Any) -> None:
        sent.append(f"{handler.command} {handler.path}")
        handler.forward()

    with faulty(endpoint, Fault(note)) as proxy:
        carry_out(connect(proxy.url), change)
    assert sent == ["GET /mended?lifecycle", "PUT /mended?lifecycle"]


def test_no_fix_changes_other_settings() -> None:
    with pytest.raises(UserError, match=r"no fix can change the setting `policy` .*`encryption`"):
        plan(ChangeSetting.of("policy", None, {}), "mended")
    with pytest.raises(UserError, match="name the bucket"):
        plan(ChangeSetting.of("encryption", None, SSE), "arn:aws:s3:us-east-1:123456789012:accesspoint/a")


@pytest.mark.parametrize("name", CHANGES)
def test_the_command_says_the_same_in_the_shell(name: str, client: S3Client) -> None:
    change = planned(client, *CHANGES[name])
    words = shlex.split(change.command("http://127.0.0.1:9000"))
    options = dict(zip(words[3::2], words[4::2], strict=True))
    assert words[:2] == ["aws", "s3api"]
    assert options.pop("--endpoint-url") == "http://127.0.0.1:9000"
    assert options.pop("--bucket") == "mended"
    names = {
        f"--{''.join('-' + one.lower() if one.isupper() else one for one in key)[1:]}" for key in change.parameters
    }
    assert options.keys() | {"--bucket"} == names
    told = json.loads(next(value for value in options.values() if value.startswith("{")))
    assert told.items() <= json.loads(change.after).items()


def test_the_commands_are_those_of_the_cli() -> None:
    change = SettingChange("mended", "public_access_block", "", setting_text(BLOCKED))
    value = shlex.quote(json.dumps(BLOCKED))
    call = "aws s3api put-public-access-block --bucket mended --public-access-block-configuration"
    assert change.command() == f"{call} {value}"
    assert change.backwards().command() == "aws s3api delete-public-access-block --bucket mended"
    assert SettingChange("b", "lifecycle", "{}", "").command() == "aws s3api delete-bucket-lifecycle --bucket b"


def test_the_minimum_size_of_transitions_goes_along(client: S3Client, endpoint: str) -> None:
    after = {"Rules": [ABORT], "TransitionDefaultMinimumObjectSize": "varies_by_storage_class"}
    change = SettingChange("mended", "lifecycle", setting_text(now(client, "lifecycle")), setting_text(after))
    sent: list[str | None] = []

    def note(handler: Any) -> None:
        sent.append(handler.headers.get("x-amz-transition-default-minimum-object-size"))
        handler.forward()

    with faulty(endpoint, Fault(note)) as proxy:
        carry_out(connect(proxy.url), change)
    assert sent == [None, "varies_by_storage_class"]


@pytest.mark.parametrize("name", CHANGES)
def test_a_journal_can_hold_it(name: str, client: S3Client) -> None:
    change = planned(client, *CHANGES[name])
    assert SettingChange(**json.loads(json.dumps(change.dump()))) == change
