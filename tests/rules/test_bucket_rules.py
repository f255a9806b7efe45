"""Rules about buckets: each fires on settings that it is about, and is silent on those that it asks for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from layout_lint.api import (
    BucketSettings,
    ChangeSetting,
    Context,
    Node,
    NoSuchSettingError,
    UnfinishedUploads,
    UnreadableContentError,
)
from layout_lint.model.bucket_event import Scratch, Uploads
from layout_lint.model.edit import dump, restore
from layout_lint.plugins.registry import Registry
from layout_lint.testing.tree import make_source
from layout_lint_rules.plugin import layout_lint_rules
from tests.rules.bucket_samples import DENY_HTTP, READ_BY_ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from layout_lint.api import Fix, Problem

RULES: dict[str, Callable[..., Iterable[Problem]]] = {
    one.layout_lint_rule.code: one  # type: ignore[attr-defined]
    for one in layout_lint_rules()
    if one.layout_lint_rule.code.startswith("LL6")  # type: ignore[attr-defined]
}
FOLDERS = ("code", "data", "model", "repackage")
DEBUG = Scratch("model/{pipeline}/{execution}/debug-output/", {"model/ncf/": 40, "model/als/": 2})
ALL_BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


Case = dict[str, Any]


def lifecycle(*rules: Case) -> Case:
    return {"lifecycle": {"Rules": [{"Status": "Enabled", **one} for one in rules]}}


def whole(**action: Any) -> Case:
    return {"Filter": {"Prefix": ""}, **action}


ABORT = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}
EXPIRE = {"Expiration": {"Days": 30}}
VERSIONS = {"NoncurrentVersionExpiration": {"NoncurrentDays": 90}}
ON = {"versioning": {"Status": "Enabled"}}


def below(*prefixes: str, **action: Any) -> list[Case]:
    return [{"Filter": {"Prefix": one}, **action} for one in prefixes]


def encrypted(algorithm: str, **more: Any) -> Case:
    return {"encryption": {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}, **more}]}}


def locked(**retention: Any) -> Case:
    return {"object_lock": {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}}


def replicated(*rules: Case) -> Case:
    destination = {"Destination": {"Bucket": "arn:aws:s3:::copies"}}
    return {"replication": {"Role": "arn", "Rules": [{"Status": "Enabled", **destination, **one} for one in rules]}}


FIRES: dict[str, dict[str, Case]] = {
    "LL601": {
        "public access is not blocked: a policy or an ACL can open `bucket`": {},
        "blocked without `IgnorePublicAcls` and `RestrictPublicBuckets`": {
            "public_access_block": {**ALL_BLOCKED, "IgnorePublicAcls": False, "RestrictPublicBuckets": False}
        },
        "blocked without `BlockPublicAcls`": {"public_access_block": {**ALL_BLOCKED, "BlockPublicAcls": False}},
    },
    "LL602": {
        "the policy of `bucket` is public: everybody has access": {"policy_status": {"IsPublic": True}},
        "is public, and only `RestrictPublicBuckets` keeps others out": {
            "policy_status": {"IsPublic": True},
            "public_access_block": ALL_BLOCKED,
        },
        "`bucket` is public: everybody has access": {
            "policy_status": {"IsPublic": True},
            "public_access_block": UnreadableContentError,
        },
        "the policy of `bucket` is public": {"policy_status": NoSuchSettingError, "policy": {"Statement": READ_BY_ALL}},
    },
    "LL603": {
        "no policy of `bucket` refuses plain HTTP": {},
        "no policy of `bucket`": {"policy": {"Statement": [READ_BY_ALL]}},
    },
    "LL604": {
        "its object ownership is not configured": {},
        "its object ownership is `ObjectWriter`": {"ownership": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
    },
    "LL605": {"`bucket` does not encrypt new objects by default": {}},
    "LL606": {"each object is a request to KMS": encrypted("aws:kms", KMSMasterKeyID="key")},
    "LL607": {
        "versioning of `bucket` is off: what is": {},
        "versioning of `bucket` is suspended": {"versioning": {"Status": "Suspended"}},
    },
    "LL608": {"`bucket` writes no access logs": {}},
    "LL609": {
        "no lifecycle rule of `bucket` aborts unfinished uploads: their": {},
        "aborts unfinished uploads: ": lifecycle({**whole(**ABORT), "Status": "Disabled"}),
        "aborts unfinished uploads below `code/`, `data/`, `repackage/`": lifecycle(*below("model/", **ABORT)),
    },
    "LL610": {
        "no lifecycle rule expires `debug-output/` below `model/als/`, `model/ncf/` (42 folders)": {"scratch": DEBUG},
        "below `model/als/` (2 folders)": {"scratch": DEBUG, **lifecycle(*below("model/ncf/", **EXPIRE))},
        "below `model/als/`, `model/ncf/` ": {
            "scratch": DEBUG,
            **lifecycle(*below("data/", "model/ncf/run-1/debug-output/", **EXPIRE), whole(**ABORT)),
        },
        "(42 folders)": {
            "scratch": DEBUG,
            **lifecycle(
                whole(Expiration={"ExpiredObjectDeleteMarker": True}), {**whole(**EXPIRE), "Status": "Disabled"}
            ),
        },
        "below `model/ncf/` (1 folder)": {"scratch": Scratch(DEBUG.pattern, {"model/ncf/": 1})},
    },
    "LL611": {
        "1 upload was never finished, the oldest for 8 days: `a`": {"uploads": Uploads(3, 1, 8, ("a",))},
        "at least 9000 uploads were never finished, the oldest for 99 days: `a`, `b` and 8998 more": {
            "uploads": Uploads(10000, 9000, 99, ("a", "b"), is_whole=False)
        },
    },
    "LL612": {
        "no lifecycle rule of `bucket` expires earlier versions: each": {**ON},
        "expires earlier versions: ": {"versioning": {"Status": "Suspended"}, **lifecycle(whole(**EXPIRE))},
        "expires earlier versions below `code/`": {**ON, **lifecycle(*below("d", "model/", "repackage/", **VERSIONS))},
    },
    "LL613": {
        "locked for 365 days (COMPLIANCE): nobody can remove it": locked(Mode="COMPLIANCE", Days=365),
        "locked for 2 years (GOVERNANCE): only a special permission": locked(Mode="GOVERNANCE", Years=2),
    },
    "LL614": {
        "the replication rule `models` is off: what is written below `model/` has no copy in `copies`": replicated(
            {"ID": "models", "Status": "Disabled", "Filter": {"Prefix": "model/"}}
        ),
        "the replication rule is off: what is written has no copy": replicated({"Status": "Disabled", "Prefix": ""}),
    },
    "LL615": {
        "a replication rule copies `debug-output/` below `model/als/` to `copies`": {
            "scratch": DEBUG,
            **replicated({"Filter": {"Prefix": "model/als/"}}),
        },
    },
}
SILENT: dict[str, list[Case]] = {
    "LL601": [{"public_access_block": ALL_BLOCKED}],
    "LL602": [{}, {"policy_status": {"IsPublic": False}}, {"policy_status": NoSuchSettingError}],
    "LL603": [{"policy": {"Statement": [READ_BY_ALL, DENY_HTTP]}}],
    "LL604": [{"ownership": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}],
    "LL605": [encrypted("AES256"), encrypted("aws:kms")],
    "LL606": [{}, encrypted("AES256"), encrypted("aws:kms:dsse"), encrypted("aws:kms", BucketKeyEnabled=True)],
    "LL607": [ON, {"bucket": "models--use1-az4--x-s3"}],
    "LL608": [
        {"logging": {"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": ""}}},
        {"bucket": "models--use1-az4--x-s3"},
    ],
    "LL609": [
        lifecycle(whole(**ABORT)),
        lifecycle({"Prefix": "", **ABORT}),
        lifecycle({"Filter": {}, **ABORT}),
        lifecycle(*below("code/", "data/", "model/", "re", **ABORT)),
        {"prefix": "team/", **lifecycle(*below("team/", **ABORT))},
    ],
    "LL610": [
        {},
        {"scratch": DEBUG, **lifecycle(*below("model/", **EXPIRE))},
        {"scratch": DEBUG, **lifecycle(*below("", Transitions=[{"Days": 30, "StorageClass": "GLACIER"}]))},
        {"scratch": DEBUG, **lifecycle({"Filter": {"Tag": {"Key": "layout", "Value": "debug"}}, **EXPIRE})},
        {"scratch": DEBUG, "prefix": "team/", **lifecycle(*below("team/model/", **EXPIRE))},
    ],
    "LL611": [{}, {"uploads": Uploads(12, 0)}],
    "LL612": [{}, {**ON, **lifecycle(whole(**VERSIONS))}, {"bucket": "models--use1-az4--x-s3"}],
    "LL613": [{}, {"object_lock": {"ObjectLockEnabled": "Enabled"}}],
    "LL614": [{}, replicated({"Filter": {"Prefix": ""}})],
    "LL615": [
        replicated({"Filter": {"Prefix": ""}}),
        {"scratch": DEBUG, **replicated({"Filter": {"Prefix": "code/"}})},
        {"scratch": DEBUG, **replicated({"Filter": {"Prefix": "", "Tag": {"Key": "layout", "Value": "model"}}})},
        {"scratch": DEBUG, **replicated({"Filter": {"Prefix": ""}, "Status": "Disabled"})},
    ],
}


def said(code: str, case: Case) -> list[Problem]:
    """Returns what a rule says of settings; what a case does not name is not configured."""
    root = Node("", "", is_folder=True)
    root.folders = {one.encode(): Node(one, f"{one}/", is_folder=True) for one in FOLDERS}
    values = dict(case)
    uploads = UnfinishedUploads(root, lambda: values.pop("uploads", Uploads()))

    def ask(name: str) -> Any:
        value = values.get(name)
        if isinstance(value, type):
            raise value("", "it cannot be read")
        return value

    scratch = (case["scratch"],) if "scratch" in case else ()
    settings = BucketSettings(root, ask, case.get("bucket", "bucket"), case.get("prefix", ""), scratch)
    wanted = RULES[code].layout_lint_rule.event  # type: ignore[attr-defined]
    event = uploads if wanted == "UnfinishedUploads" else settings
    return list(RULES[code](event, Context(make_source({}, bucket=True), Registry())))


@pytest.mark.parametrize(
    ("code", "says", "case"), [(code, says, case) for code, cases in FIRES.items() for says, case in cases.items()]
)
def test_a_rule_fires(code: str, says: str, case: Case) -> None:
    (problem,) = said(code, case)
    assert says in problem.message
    assert problem.hint
    assert problem.path == ""


@pytest.mark.parametrize(("code", "case"), [(code, case) for code, cases in SILENT.items() for case in cases])
def test_a_rule_is_silent(code: str, case: Case) -> None:
    assert said(code, case) == []


def test_every_rule_has_both() -> None:
    assert sorted(FIRES) == sorted(SILENT) == sorted(RULES)


@pytest.mark.parametrize("code", RULES)
def test_a_rule_refers_to_what_aws_says_and_shows_the_command(code: str) -> None:
    documentation = RULES[code].__doc__ or ""
    assert "https://docs.aws.amazon.com/AmazonS3/latest/userguide/" in documentation
    assert "aws s3api " in documentation or '"Status": "Enabled"' in documentation or '"Filter": ' in documentation


def test_only_a_public_policy_is_an_error() -> None:
    grades = {code: one.layout_lint_rule.severity for code, one in RULES.items()}  # type: ignore[attr-defined]
    assert [code for code, grade in grades.items() if grade == "error"] == ["LL602"]
    ((restricted,),) = (said("LL602", FIRES["LL602"][says]) for says in FIRES["LL602"] if "Restrict" in says)
    assert restricted.severity == "warning"


def fix_of(code: str, case: Case) -> Fix:
    (problem,) = said(code, case)
    assert problem.fix is not None
    assert not problem.fix.safe
    assert restore(dump(problem.fix)) == problem.fix
    return problem.fix


@pytest.mark.parametrize("code", ["LL601", "LL605", "LL609"])
def test_what_a_fix_makes_silences_its_rule(code: str) -> None:
    (edit,) = fix_of(code, {}).edits
    assert isinstance(edit, ChangeSetting)
    assert edit.before == ""
    assert said(code, {edit.setting: json.loads(edit.after)}) == []


def test_the_lifecycle_keeps_what_is_in_it() -> None:
    old = {"ID": "debug", "Prefix": "debug/", "Status": "Enabled", **EXPIRE}
    taken = {"ID": "layout-lint-abort-unfinished-uploads", "Prefix": "", "Status": "Disabled", **ABORT}
    before = {"Rules": [old, taken], "TransitionDefaultMinimumObjectSize": "varies_by_storage_class"}
    (edit,) = fix_of("LL609", {"lifecycle": before}).edits
    new = {"ID": "layout-lint-abort-unfinished-uploads-2", "Prefix": "", "Status": "Enabled", **ABORT}
    assert edit == ChangeSetting.of("lifecycle", before, {**before, "Rules": [old, taken, new]})


def test_a_full_lifecycle_has_no_fix() -> None:
    rules = [{"ID": str(at), "Status": "Enabled", "Filter": {"Prefix": f"{at}"}, **EXPIRE} for at in range(1000)]
    (problem,) = said("LL609", {"lifecycle": {"Rules": rules}})
    assert problem.fix is None
