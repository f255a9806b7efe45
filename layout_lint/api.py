"""All that a rule or a plugin may import.

Names that are not here can change at any time; those that are here change only with a new major version.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from layout_lint.engine.context import Context
from layout_lint.model.content import Content, UnreadableContentError
from layout_lint.model.entry import FILE, FOLDER, LINK, SUBMODULE, UNREADABLE, Entry
from layout_lint.model.error import Mistake, UserError, did_you_mean
from layout_lint.model.event import (
    BadSegment,
    CaseClash,
    EmptyFolder,
    Event,
    FileContent,
    FolderContent,
    Linked,
    Misnamed,
    Missing,
    Present,
    TooLarge,
    Unexpected,
    Unmet,
    WrongCount,
    WrongKind,
)
from layout_lint.model.finding import Finding, NotAudited, Problem, Related, Severity, Span
from layout_lint.model.node import Layout, Node
from layout_lint.model.report import Report
from layout_lint.model.rule import rule
from layout_lint.model.segment import SegmentType
from layout_lint.sources.source import Cursor, Source, Unreadable

if TYPE_CHECKING:
    from layout_lint.documents.contents import json_of, positions_of
    from layout_lint.documents.faults import Fault
    from layout_lint.documents.json_text import JsonDocument, Place, Pointer
    from layout_lint.documents.positions import Positions
    from layout_lint.documents.python_source import PythonSource, python_of
    from layout_lint.hookspecs import hookimpl
    from layout_lint.model.archive_event import ArchiveFault
    from layout_lint.model.bucket_event import BucketSettings, NoSuchSettingError, UnfinishedUploads
    from layout_lint.model.config_model import ConfigModel
    from layout_lint.model.edit import (
        AddLine,
        ChangeSetting,
        CopyKey,
        CreateFile,
        CreateFolder,
        Edit,
        Fix,
        PutArchive,
        PutMarker,
        Rename,
        Repackage,
        ReplaceBytes,
        Untrack,
    )
    from layout_lint.model.member import MemberScan, MemberScanned, MemberScanner
    from layout_lint.model.relation_event import Derivation, EmptyObject, FutureTime, Made, Period
    from layout_lint.model.reporter import Reporter
    from layout_lint.model.repository_event import Differing, RepositoryConfig, UnknownFolder, Unshipped

_LATER = {
    **dict.fromkeys(
        (
            "AddLine",
            "ChangeSetting",
            "CopyKey",
            "CreateFile",
            "CreateFolder",
            "Edit",
            "Fix",
            "PutArchive",
            "PutMarker",
            "Rename",
            "Repackage",
            "ReplaceBytes",
            "Untrack",
        ),
        "layout_lint.model.edit",
    ),
    **dict.fromkeys(
        ("Derivation", "EmptyObject", "FutureTime", "Made", "Period"),
        "layout_lint.model.relation_event",
    ),
    **dict.fromkeys(
        ("BucketSettings", "NoSuchSettingError", "UnfinishedUploads"),
        "layout_lint.model.bucket_event",
    ),
    **dict.fromkeys(
        ("Differing", "RepositoryConfig", "UnknownFolder", "Unshipped"),
        "layout_lint.model.repository_event",
    ),
    "ArchiveFault": "layout_lint.model.archive_event",
    "ConfigModel": "layout_lint.model.config_model",
    "Fault": "layout_lint.documents.faults",
    "JsonDocument": "layout_lint.documents.json_text",
    **dict.fromkeys(("MemberScan", "MemberScanned", "MemberScanner"), "layout_lint.model.member"),
    "Place": "layout_lint.documents.json_text",
    "Pointer": "layout_lint.documents.json_text",
    "Positions": "layout_lint.documents.positions",
    "PythonSource": "layout_lint.documents.python_source",
    "Reporter": "layout_lint.model.reporter",
    "hookimpl": "layout_lint.hookspecs",
    "json_of": "layout_lint.documents.contents",
    "positions_of": "layout_lint.documents.contents",
    "python_of": "layout_lint.documents.python_source",
}
"""Names whose modules import what most rules do without, and where they are."""

__all__ = [
    "FILE",
    "FOLDER",
    "LINK",
    "SUBMODULE",
    "UNREADABLE",
    "AddLine",
    "ArchiveFault",
    "BadSegment",
    "BucketSettings",
    "CaseClash",
    "ChangeSetting",
    "ConfigModel",
    "Content",
    "Context",
    "CopyKey",
    "CreateFile",
    "CreateFolder",
    "Cursor",
    "Derivation",
    "Differing",
    "Edit",
    "EmptyFolder",
    "EmptyObject",
    "Entry",
    "Event",
    "Fault",
    "FileContent",
    "Finding",
    "Fix",
    "FolderContent",
    "FutureTime",
    "JsonDocument",
    "Layout",
    "Linked",
    "Made",
    "MemberScan",
    "MemberScanned",
    "MemberScanner",
    "Misnamed",
    "Missing",
    "Mistake",
    "NoSuchSettingError",
    "Node",
    "NotAudited",
    "Period",
    "Place",
    "Pointer",
    "Positions",
    "Present",
    "Problem",
    "PutArchive",
    "PutMarker",
    "PythonSource",
    "Related",
    "Rename",
    "Repackage",
    "ReplaceBytes",
    "Report",
    "Reporter",
    "RepositoryConfig",
    "SegmentType",
    "Severity",
    "Source",
    "Span",
    "TooLarge",
    "Unexpected",
    "UnfinishedUploads",
    "UnknownFolder",
    "Unmet",
    "Unreadable",
    "UnreadableContentError",
    "Unshipped",
    "Untrack",
    "UserError",
    "WrongCount",
    "WrongKind",
    "did_you_mean",
    "hookimpl",
    "json_of",
    "positions_of",
    "python_of",
    "rule",
]


def __getattr__(name: str) -> object:
    """Imports a name's module when the name is first used."""
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
