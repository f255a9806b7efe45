"""Lines of requirements.txt are read as pip reads them, and reported at their exact places."""

from __future__ import annotations

import pytest

from layout_lint.model.finding import Span
from tests.rules.asking import check, problems, said

SHA = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n\n   \n",
        "torch==2.1.0\r\nnumpy === 1.26  # why\r\n",
        "foo[bar,baz]==1.0 ; python_version < '3.9'",
        f"foo==1.0 \\\n    --hash={SHA} \\\n    --hash {SHA}\n",
        "foo==1.0 --config-settings=a=b --global-option='-x'",
        "foo==1.0;\n",
        "foo==1.0 ; python_version < '3.9'\nfoo==2.0 ; python_version >= '3.9'",
        b"\xef\xbb\xbftorch==1.0\n",
        "torch==1.0\n".encode("utf-16"),
        b"# coding: latin-1\ntorch==1.0 # \xe9\n",
        "# a comment \\\ntorch==1.0\n",
        "foo==${VERSION}\n${ALL}\n",
        f"foo==1.0 --hash={SHA}\nbar==1.0 ; sys_platform == 'win32'\n",
        f"foo==1.0 --hash={SHA}\nbar==1.0 \\\n  --hash={SHA}\n",
        f"foo==1.0 --hash={SHA}\nfoo==${{VERSION}}\n",
    ],
)
def test_pinned_packages_are_silent(text: str | bytes) -> None:
    assert said({"requirements.txt": text}) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("torch=2.1.0", ["LL410 1:6 did you mean `==`?"]),
        ("a==1\n\n  foo[x]=2", ["LL410 3:9 did you mean `==`?"]),
        ("foo bar", ["LL410 1:5 pip refuses this line: expected"]),
        ("a==1 ; foo == 'x'", ["LL410 1:8 marker variable"]),
        ("é==1", ["LL410 1:1 package name"]),
        ("a==1 \\\n  ,, b", ["LL410 2:4 pip refuses"]),
        ("a==1[extra]", ["LL410 1:5 pip refuses"]),
        ("a>=", ["LL410 1:2 pip refuses"]),
        ("--no-such-option", ["LL410 1:1 pip has no option `--no-such-option`"]),
        ("a==1 --hash=md5:0", ["LL410 1:6 `--hash` must be"]),
        ("a==1 \\\n--hash", ["LL410 2:1 option `--hash` has no value"]),
        ("a==1 --hash='sha", ["LL410 1:6 cannot be split"]),
        ("--pre=yes", ["LL410 1:1 `--pre` takes no value", "LL412 1:1 option `--pre`"]),
        (b"a==1\nb==\xff1\n", ["LL410 2:4 it is not UTF-8"]),
        (b"# coding: klingon\na==1", ["LL410 1:1 no text encoding `klingon`"]),
        ("git+https://github.com/example/ncf.git@main", ["LL411 1:1 from a URL or a path"]),
        ("https://example.com/a.whl ; python_version > '3'", ["LL411 1:1 from a URL"]),
        ("  ./local[extra]", ["LL411 1:3 from a URL"]),
        ("wheels/a-1.0-py3-none-any.whl", ["LL411 1:1 from a URL"]),
        ("a-1.0.tar.gz", ["LL411 1:1 from a URL"]),
        ("-e .", ["LL411 1:1 from a URL"]),
        ("a @ https://example.com/a.whl", ["LL411 1:1 `a` is installed from a URL"]),
        ("-r other.txt", ["LL412 1:1 option `-r`"]),
        ("-cother.txt", ["LL412 1:1 option `-c`"]),
        ("a==1\n--extra-index https://pypi.example.com", ["LL412 2:1 option `--extra-index-url`"]),
        ("a", ["LL413 1:1 `a` is not pinned"]),
        ("numpy>=1.24,<2", ["LL413 1:1 write `numpy==`"]),
        ("numpy==1.*", ["LL413 1:1 not pinned"]),
        ("-e foo", ["LL410 1:1 pip takes `foo` for a folder here, never for a package (write `foo` without `-e`, or"]),
        ("--editable=foo-bar[x]", ["LL410 1:1 pip takes `foo-bar[x]` for a folder"]),
        ("-efoo ; python_version > '3'", ["LL410 1:1 pip takes `foo` for a folder"]),
        (
            "-e foo==1.0",
            ["LL410 1:1 pip installs only a folder or a repository as editable, and this is neither"],
        ),
        ("-e 'foo >= 1.0'", ["LL410 1:1 this is neither (write it without `-e`)"]),
        ("-e https://example.com/a.zip", ["LL410 1:1 is neither (write it without `-e`)"]),
        ("-e https://me:pw@example.com/ncf.git", ["LL410 1:1 this is neither (let the URL begin with `git+`)"]),
        ("-e ./a-1.0-py3-none-any.whl", ["LL410 1:1 is neither"]),
        ("-e git@github.com:example/ncf.git", ["LL410 1:1 is neither (write the URL with `git+ssh://`, and `/` in"]),
        ("a==1\n-e git+ssh://git@github.com/example/ncf.git", ["LL411 2:1 from a URL or a path"]),
        ("-e git://github.com/example/ncf.git#egg=ncf", ["LL411 1:1 from a URL"]),
        ("-e file:./ncf", ["LL411 1:1 from a URL"]),
        ("-e ncf/core", ["LL411 1:1 from a URL"]),
        ("-e 'ncf @ git+https://github.com/example/ncf.git'", ["LL411 1:1 from a URL"]),
        ("-e ${HERE}==1", ["LL411 1:1 from a URL"]),
        (
            "scikit-learn==1.0\nScikit_Learn==1.0",
            ["LL414 2:1 `Scikit_Learn` is required twice, first on line 1"],
        ),
    ],
)
def test_what_is_wrong_with_a_line(text: str | bytes, expected: list[str]) -> None:
    check(said({"requirements.txt": text}), expected)


HASHED = f"foo==1.0 --hash={SHA}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            HASHED + "bar==1.0",
            "LL410 2:1 this line has no `--hash`, and line 1 has one, so pip refuses all of the file",
        ),
        ("bar==1.0\n" + HASHED + "\nbaz==2.0", "LL410 1:1 this line and 1 more have no `--hash`, and line 2 has one"),
        ("--require-hashes\nbar==1.0", "LL410 2:1 this line has no `--hash`, and line 1 asks for them"),
        (HASHED + "bar @ https://example.com/a.whl", "LL410 2:1 this line has no `--hash`"),
        (HASHED + "./a-1.0-py3-none-any.whl", "LL410 2:1 this line has no `--hash`"),
        (HASHED + "-e ./bar", "LL410 2:1 this line has no `--hash`"),
        (HASHED + "git+https://github.com/example/ncf.git", "LL410 2:1 this line has no `--hash`"),
        ("foo==1.0\n" + HASHED, "LL410 1:1 this line has no `--hash`, and line 2 has one"),
    ],
)
def test_a_hash_at_one_line_is_asked_of_all(text: str, expected: str) -> None:
    check(said({"requirements.txt": text}, "LL410"), [expected])


@pytest.mark.parametrize(
    "text",
    [
        HASHED + "Foo==1.0",
        HASHED + f"bar @ https://example.com/a.whl#sha256={'a' * 64}",
        HASHED + f"https://example.com/a.whl#sha256={'a' * 64}",
        HASHED + f"./a-1.0-py3-none-any.whl --hash={SHA}",
        HASHED + "-c constraints.txt\nbar==1.0",
        HASHED + "-r more.txt\nbar==1.0",
        HASHED + "--no-index\n",
        f"--no-index --hash={SHA}\nbar==1.0",
        "foo==1.0\n--pre\nbar==1.0",
    ],
)
def test_where_no_hash_is_missing_or_it_cannot_be_known(text: str) -> None:
    assert said({"requirements.txt": text}, "LL410") == []


def test_a_missing_hash_shows_a_line_that_has_one() -> None:
    ((_, problem),) = problems({"requirements.txt": "# é\n  bar==1.0  # x\n" + HASHED}, "LL410")
    assert problem.span == Span(2, 3, 2, 11)
    assert [one.span for one in problem.related] == [Span(3, 1, 3, len(HASHED))]


@pytest.mark.parametrize(
    "option",
    [
        *("-i", "--index-url", "--extra-index-url", "-c", "--constraint", "-r", "--requirement", "-e", "--editable"),
        *("-f", "--find-links", "--no-binary", "--only-binary", "--trusted-host", "--use-feature", "--hash", "-C"),
    ],
)
def test_an_option_that_lacks_its_value_is_refused(option: str) -> None:
    check(said({"requirements.txt": option}, "LL410"), [f"LL410 1:1 option `{option}` has no value"])


def test_a_second_pin_to_another_version_is_an_error_and_shows_both_lines() -> None:
    text = "# libraries\na==1\nb==1\na==2\nb==1\n"
    found = [problem for _, problem in problems({"requirements.txt": text})]
    assert [problem.severity for problem in found] == ["error", None]
    assert [(problem.span, problem.related[0].span) for problem in found] == [
        (Span(4, 1, 4, 5), Span(2, 1, 2, 5)),
        (Span(5, 1, 5, 5), Span(3, 1, 3, 5)),
    ]


def test_a_continued_requirement_has_its_place_over_both_lines() -> None:
    found = [problem for _, problem in problems({"requirements.txt": "# é\na \\\r\n  >=1 # c\r\n"})]
    assert [problem.span for problem in found] == [Span(2, 1, 3, 6)]
