"""The format ``full`` where the text of files is at hand: snippets, related places, secrets, statistics."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest

from layout_lint.model.finding import Finding, Related, Span
from layout_lint.model.report import Report
from layout_lint.reporters import text
from layout_lint.reporters.source_lines import SourceLines
from tests.reporters.reports import CONFIG, MIXED, finding, report

SOURCE = """\
{
  "PipelineName": "a",
    "PipelineName": "b",
  "PipelineParameters": [
    {"Name": "InputData", "Value": 3}
  ]
}
"""
OTHER = "mlpipelines/ncf/pipeline_config.json"

SHOWN = """\
warning  mlpipelines/bert/pipeline_config.json:3:5  LL201 duplicate-key
         the key `PipelineName` is given twice
         2 |   "PipelineName": "a",
         3 |     "PipelineName": "b",
           |     ^^^^^^^^^^^^^^
         4 |   "PipelineParameters": [
         see: mlpipelines/bert/pipeline_config.json:2:3 (the first of the two)
         1 | {
         2 |   "PipelineName": "a",
           |   ^^^^^^^^^^^^^^
         3 |     "PipelineName": "b",

error    mlpipelines/bert/pipeline_config.json:5:36  LL202 wrong-type
         a string is meant
          4 |   "PipelineParameters": [
          5 |     {"Name": "InputData", "Value": 3}
            |                                    ^
          6 |   ]
         see: mlpipelines/ncf/pipeline_config.json:10:1 (here it is one)
          9 | nine
         10 | ten
            | ^^^
         see: mlpipelines/gone.json:1:1 (here it was one)
         help: put it in quotes

2 findings (1 error, 1 warning) in 1,234 entries of ml-project
"""


def with_files(made: Report, files: dict[str, bytes], target: str = ".") -> Report:
    """Gives a report the content of its files."""

    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    made.readers[target] = read
    return made


def shown_with(source: bytes, span: Span, *, secret: bool = False) -> str:
    """Returns the snippet of one finding."""
    found = Finding("LL199", "any-rule", "error", ".", "x.json", "it is wrong", span=span, secret=secret)
    lines = text.full(with_files(report([found]), {"x.json": source}), False).splitlines()
    return "\n".join(line[9:] for line in lines[2:-2])


def test_findings_with_their_text_look_like_this() -> None:
    twice = Finding(
        "LL201",
        "duplicate-key",
        "warning",
        ".",
        CONFIG,
        "the key `PipelineName` is given twice",
        span=Span(3, 5, 3, 19),
        related=(Related(".", CONFIG, "the first of the two", Span(2, 3, 2, 17)),),
    )
    kind = finding(
        CONFIG,
        "a string is meant",
        code="LL202",
        rule="wrong-type",
        at=(5, 36),
        hint="put it in quotes",
        related=(
            Related(".", OTHER, "here it is one", Span(10, 1, 10, 4)),
            Related(".", "mlpipelines/gone.json", "here it was one", Span(1, 1, 1, 4)),
        ),
    )
    numbers = "one two three four five six seven eight nine ten".replace(" ", "\n").encode()
    made = with_files(report([twice, kind]), {CONFIG: SOURCE.encode(), OTHER: numbers})
    assert text.full(made, False) == SHOWN
    assert re.sub(r"\x1b\[[0-9;]*m", "", text.full(made, True)) == SHOWN


@pytest.mark.parametrize(
    "source",
    [
        b"a\r\nbcd\r\ne",
        b"a\rbcd\re",
        b"\xef\xbb\xbfa\nbcd\ne",
        "a\nbcd\ne".encode("utf-16"),
        b"a\nbcd\ne\n\n\n",
    ],
)
def test_lines_are_those_that_places_are_counted_in(source: bytes) -> None:
    assert shown_with(source, Span(2, 2, 2, 3)) == "1 | a\n2 | bcd\n  |  ^\n3 | e"


def test_a_line_separator_of_unicode_ends_no_line() -> None:
    assert shown_with("a\u2028b\x0cc\nd".encode(), Span(2, 1, 2, 2)) == "1 | a\\u2028b\\x0cc\n2 | d\n  | ^"


@pytest.mark.parametrize(("source", "span"), [(b"a", Span(9, 1, 9, 2)), (b"\0\xff\0", Span(2, 1, 2, 2))])
def test_a_file_that_has_no_such_line_is_not_shown(source: bytes, span: Span) -> None:
    assert shown_with(source, span) == ""


def test_a_credential_is_masked_in_its_own_snippet_and_in_those_of_others() -> None:
    source = b'{"a": 1,\n "key": "AKIA-hidden",\n "b": 2}\n'
    secret = Finding("LL208", "s", "error", ".", CONFIG, "m", span=Span(2, 10, 2, 21), secret=True)
    beside = finding(CONFIG, at=(1, 2), related=(Related(".", CONFIG, "r", Span(3, 2, 3, 5)),))
    made = with_files(report([secret, beside]), {CONFIG: source})
    shown = text.full(made, False)
    assert "hidden" not in shown
    assert shown.count('"key": "***********",') == 3
    assert "^" * 11 in shown


def test_a_credential_of_several_lines_is_masked_whole() -> None:
    shown = shown_with(b"x = '''KEY\nMIIE\nEND''' # y\n", Span(1, 8, 3, 4), secret=True)
    assert [line[4:] for line in shown.splitlines() if "|" in line and "^" not in line] == [
        "x = '''***",
        "****",
        "***''' # y",
    ]


COPIES = {
    "twice on one line": ('a = "S3CRET"; b = "S3CRET"', Span(1, 6, 1, 12), 'a = "******"; b = "******"'),
    "on the line below": ('a = "S3CRET"\nb = "S3CRET"', Span(1, 6, 1, 12), 'a = "******"\nb = "******"'),
    "on the line above": ('a = "S3CRET"\nb = "S3CRET"', Span(2, 6, 2, 12), 'a = "******"\nb = "******"'),
    "within another word": ("S3CRETS3CRET.", Span(1, 1, 1, 7), "************."),
    "of several lines": ("'KEY\nMII', 'KEY\nMII'", Span(1, 2, 2, 4), "'***\n***', '***\n***'"),
    "too short to be meant": ("abc abcabc", Span(1, 1, 1, 4), "*** abcabc"),
}


@pytest.mark.parametrize("case", COPIES)
def test_what_is_a_credential_at_one_place_is_masked_at_all_places(case: str) -> None:
    source, span, shown = COPIES[case]
    found = Finding("LL490", "s", "error", ".", "x.py", "m", span=span, secret=True)
    lines = SourceLines(with_files(report([found]), {"x.py": source.encode()}))
    assert "\n".join(lines.of(".", "x.py")) == shown


def test_a_credential_that_holds_another_is_masked_whole() -> None:
    spans = [Span(1, 1, 1, 5), Span(2, 1, 2, 9)]
    found = [Finding("LL490", "s", "error", ".", "x.py", "m", span=span, secret=True) for span in spans]
    lines = SourceLines(with_files(report(found), {"x.py": b"KEYS\nKEYSKEY1\nKEYS KEYSKEY1"}))
    assert lines.of(".", "x.py") == ("****", "********", "**** ********")


def test_each_file_is_read_once() -> None:
    read: list[str] = []
    made = report([finding(f"{name}.json", at=(line, 1)) for name in "ab" for line in range(1, 50)])

    def source(path: str) -> bytes:
        read.append(path)
        return b"x\n" * 50

    made.readers["."] = source
    text.full(made, False)
    assert read == ["a.json", "b.json"]


def test_only_findings_with_a_place_have_their_file_read() -> None:
    made = report([finding("a.json", related=(Related(".", "b.json", "r"),))])
    made.readers["."] = lambda path: pytest.fail(f"read {path}")
    assert text.full(made, False)


def test_a_line_is_counted_from_one_and_may_not_be_there() -> None:
    lines = SourceLines(with_files(report(), {"a": b"one\ntwo"}))
    assert [lines.line(".", "a", number) for number in (0, 1, 2, 3)] == [None, "one", "two", None]
    assert lines.line("elsewhere", "a", 1) is None


@pytest.mark.parametrize("path", ["::error::x", "  ::stop-commands::x", "\u2003::x"])
def test_no_line_is_one_that_the_runner_of_a_ci_takes_for_a_command(path: str) -> None:
    for render in (text.full, text.concise, text.grouped):
        lines = render(report([finding(path, "m")]), False).splitlines()
        assert not any(line.strip().startswith("::") for line in lines)


STATISTICS = """\
2  LL202  wrong-type
1  LL104  misnamed-entry
1  LL201  duplicate-key
"""


@pytest.mark.parametrize("render", [text.full, text.concise, text.grouped])
def test_statistics_come_before_the_last_line_when_asked_for(render: object) -> None:
    assert callable(render)
    made = report([*MIXED.findings, finding("x", code="LL202", rule="wrong-type")])
    without = render(made, False)
    made.statistics = True
    *above, last = render(made, False).splitlines()
    assert last == without.splitlines()[-1]
    assert "\n".join(above).rstrip().endswith(dedent(STATISTICS).rstrip())
    assert STATISTICS not in without


def test_a_clean_run_has_no_statistics() -> None:
    made = report()
    made.statistics = True
    assert text.full(made, False) == "no findings in 1,234 entries of ml-project\n"
