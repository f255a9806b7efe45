"""handler.py must have something that Lambda can call with an event and a context."""

from __future__ import annotations

import pytest

from tests.rules.asking import check, said


@pytest.mark.parametrize(
    "text",
    [
        "def handler(event, context): ...",
        "def lambda_handler(event, context=None): ...",
        "def start(*args): ...",
        "def handler(event, context, *, client=None): ...",
        "handler = lambda event, context: 1",
        "from app import handler",
        "from mylib import work",
        "from .service import handler",
        "import boto3\nfrom app import main\ndef setup(): ...",
        "handler = Mangum(app)",
        "class App:\n    def __call__(self, event, context): ...\nhandler = App()",
        "def run(event, context): ...\nhandler = run",
        "@logged\ndef handler(event): ...",
        "@logged\nasync def handler(event, context): ...",
        "from app import *",
        "try:\n    from fast import handler\nexcept ImportError:\n    from slow import handler",
        "def _helper(event): ...\ndef start_run(event, context): ...",
    ],
)
def test_what_lambda_can_call_is_silent(text: str) -> None:
    assert said({"handler.py": text}) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "LL408 1:1 `handler.py` has no function"),
        ("print('hello')", "LL408 1:1 no function"),
        ("def handler(event): ...", "LL408 1:5 `handler` takes 1 positional argument, and Lambda"),
        (
            "def handler(event, context, more): ...",
            "LL408 1:5 requires 3 positional arguments, and Lambda calls it with",
        ),
        ("def handler(a, b, c, d=1): ...", "LL408 1:5 requires 3 positional arguments"),
        ("def handler(): ...", "LL408 1:5 takes 0 positional arguments, and Lambda calls it with two"),
        ("def handler(event, *, context): ...", "LL408 1:5 takes 1 positional argument, and Lambda calls it with two"),
        ("def handler(event, **kw): ...", "LL408 1:5 takes 1 positional argument"),
        (
            "def handler(event, context, *, db): ...",
            "LL408 1:5 requires the keyword argument `db`, and Lambda calls it",
        ),
        ("def handler(*all, a, b=1): ...", "LL408 1:5 requires the keyword argument `a`"),
        ("async def handler(event, context): ...", "LL408 1:11 is `async`"),
        ("def lambda_handler(event): ...\ndef helper(a, b): ...", "LL408 1:5 `lambda_handler` takes 1"),
        ("class Handler:\n    def handler(self, event, context): ...", "LL408 1:1 no function"),
        ("import handler\nfrom datetime import datetime", "LL408 1:1 no function"),
        (
            "import logging\nlogger = logging.getLogger()\nHANDLERS = ['a']\nhandler = 'x'",
            "LL408 1:1 no function",
        ),
        ("main = lambda event: 1", "LL408 1:1 no function"),
        ("from mylib import work\ndef start(event): return work(event)", "LL408 1:1 no function"),
    ],
)
def test_what_lambda_cannot_call_is_reported(text: str, expected: str) -> None:
    check(said({"handler.py": text}), [expected])
