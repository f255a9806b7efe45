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
        ("def handler(event): ...", "LL408 1:5 `handler` takes 1 argument, and Lambda calls it with two"),
        ("def handler(event, context, more): ...", "LL408 1:5 takes 3 arguments"),
        ("def handler(event, *, context): ...", "LL408 1:5 takes 2 arguments"),
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
