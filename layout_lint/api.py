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
    from layout_lint.model.config_model import ConfigModel
    from layout_lint.model.edit import (
        AddLine,
        CreateFile,
        CreateFolder,
        Edit,
        Fix,
        Rename,
        ReplaceBytes,
        Untrack,
    )
    from layout_lint.model.member import MemberScan, MemberScanned, MemberScanner
    from layout_lint.model.relation_event import Derivation, EmptyObject, FutureTime, Made, Period
    from layout_lint.model.reporter import Reporter

_LATER = {
    **dict.fromkeys(
        ("AddLine", "CreateFile", "CreateFolder", "Edit", "Fix", "Rename", "ReplaceBytes", "Untrack"),
        "layout_lint.model.edit",
    ),
    **dict.fromkeys(
        ("Derivation", "EmptyObject", "FutureTime", "Made", "Period"),
        "layout_lint.model.relation_event",
    ),
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
    "BadSegment",
    "CaseClash",
    "ConfigModel",
    "Content",
    "Context",
    "CreateFile",
    "CreateFolder",
    "Cursor",
    "Derivation",
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
    "Node",
    "NotAudited",
    "Period",
    "Place",
    "Pointer",
    "Positions",
    "Present",
    "Problem",
    "PythonSource",
    "Related",
    "Rename",
    "ReplaceBytes",
    "Report",
    "Reporter",
    "SegmentType",
    "Severity",
    "Source",
    "Span",
    "TooLarge",
    "Unexpected",
    "Unmet",
    "Unreadable",
    "UnreadableContentError",
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
