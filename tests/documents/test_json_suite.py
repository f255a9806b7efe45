"""The parsing cases of nst/JSONTestSuite by their meaning: what every JSON parser must accept or refuse."""

from __future__ import annotations

import json
import re

import pytest

from layout_lint.documents.json_text import read

MUST_ACCEPT = [
    *(b"[]", b"[[]   ]", b'[""]', b'["a"]', b"[false]", b'[null, 1, "1", {}]', b"[null]", b"[1\n]", b" [1]"),
    *(
        b"[1,null,null,null,2]",
        b"[2] ",
        b"[123e65]",
        b"[0e+1]",
        b"[0e1]",
        b"[ 4]",
        b"[20e1]",
        b"[-0]",
        b"[-123]",
    ),
    *(
        b"[-0." + b"0" * 76 + b"1]",
        b"[-1]",
        b"[1E22]",
        b"[1E-2]",
        b"[1E+2]",
        b"[123e45]",
        b"[123.456e78]",
        b"[1e-2]",
    ),
    *(b"[1e+2]", b"[123]", b"[123.456789]", b'{"k":"v", "l":"w"}', b'{"k":"v"}', b'{"k":"v","k":"w"}'),
    *(b'{"k":"v","k":"v"}', b"{}", b'{"":0}', rb'{"k\u0000l": 42}', b'{ "low": -1.0e+28, "high": 1.0e+28 }'),
    *(
        b'{"x":[{"id": "%s"}], "id": "%s"}' % (b"x" * 40, b"x" * 40),
        b'{"a":[]}',
        rb'{"k":"\u041f\u043e\u043b"}',
    ),
    *(b'{\n"a": "b"\n}', rb'["\u0060\u012a\u12AB"]', rb'["\uD801\udc37"]', rb'["\ud83d\ude39\ud83d\udc8d"]'),
    *(rb'["\"\\\/\b\f\n\r\t"]', rb'["\\u0000"]', rb'["\""]', b'["a/*b*/c/*d//e"]', rb'["\\a"]', rb'["\\n"]'),
    *(
        rb'["\u0012"]',
        rb'["\uFFFF"]',
        b'[ "asd"]',
        rb'["\uDBFF\uDFFF"]',
        rb'["new\u00A0line"]',
        rb'["\u0000"]',
    ),
    *(b'["\xf4\x8f\xbf\xbf"]', b'["\xef\xbf\xbf"]', rb'["\u002c"]', b'["\xcf\x80"]', b'["\xf0\x9b\xbf\xbf"]'),
    *(b'["asd "]', b'" "', rb'["\uD834\uDd1e"]', rb'["\u0821"]', rb'["\u0123"]', b'["\xe2\x80\xa8"]'),
    *(
        b'["\xe2\x80\xa9"]',
        rb'["\u0061\u30af\u30EA\u30b9"]',
        rb'["new\u000Aline"]',
        b'["\x7f"]',
        rb'["\uA66D"]',
    ),
    *(
        rb'["\u005C"]',
        b'["\xe2\x8d\x82\xe3\x88\xb4\xe2\x8d\x82"]',
        rb'["\uDBFF\uDFFE"]',
        rb'["\uD83F\uDFFE"]',
    ),
    *(
        rb'["\u200B"]',
        rb'["\u2064"]',
        rb'["\uFDD0"]',
        rb'["\uFFFE"]',
        rb'["\u0022"]',
        b'["\xe2\x82\xac\xf0\x9d\x84\x9e"]',
    ),
    *(
        b'["a\x7fa"]',
        b"false",
        b"42",
        b"-0.1",
        b"null",
        b'"asd"',
        b"true",
        b'""',
        b'["a"]\n',
        b"[true]",
        b" [] ",
    ),
]

MUST_REFUSE = [
    *(
        b"[1 true]",
        b"[a\xe5]",
        b'["": 1]',
        b'[""],',
        b"[,1]",
        b"[1,,2]",
        b'["x",,]',
        b'["x"]]',
        b'["",]',
        b'["x"',
    ),
    *(
        b"[x",
        b"[3[4]]",
        b"[\xff]",
        b"[1:2]",
        b"[,]",
        b"[-]",
        b'[   , ""]',
        b'["a",\n4\n,1,',
        b"[1,]",
        b"[1,,]",
    ),
    *(
        b'["\x0ba"\\f]',
        b"[*]",
        b'[""',
        b"[1,",
        b"[1,\n1\n,1",
        b"[{}",
        b"[fals]",
        b"[nul]",
        b"[tru]",
        b"123\x00",
    ),
    *(
        b"[++1234]",
        b"[+1]",
        b"[+Inf]",
        b"[-01]",
        b"[-1.0.]",
        b"[-2.]",
        b"[-NaN]",
        b"[.-1]",
        b"[.2e-3]",
        b"[0.1.2]",
    ),
    *(
        b"[0.3e+]",
        b"[0.3e]",
        b"[0.e1]",
        b"[0E+]",
        b"[0E]",
        b"[0e+]",
        b"[0e]",
        b"[1.0e+]",
        b"[1.0e-]",
        b"[1.0e]",
    ),
    *(
        b"[1 000.0]",
        b"[1eE2]",
        b"[2.e+3]",
        b"[2.e-3]",
        b"[2.e3]",
        b"[9.e+]",
        b"[Inf]",
        b"[NaN]",
        b"[\xef\xbc\x91]",
    ),
    *(b"[1+2]", b"[0x1]", b"[0x42]", b"[Infinity]", b"[0e+-1]", b"[-123.123foo]", b"[123\xe5]", b"[1e1\xe5]"),
    *(
        b"[0\xe5]\n",
        b"[-Infinity]",
        b"[-foo]",
        b"[- 1]",
        b"[-012]",
        b"[-.123]",
        b"[-1x]",
        b"[1ea]",
        b"[1e\xe5]",
    ),
    *(
        b"[1.]",
        b"[.123]",
        b"[1.2a-3]",
        b"[1.8011670033376514H-308]",
        b"[012]",
        b'["x", truth]',
        b'{[: "x"}\n',
    ),
    *(
        b'{"x", null}',
        b'{"x"::"b"}',
        b"{\xf0\x9f\x87\xa8\xf0\x9f\x87\xad}",
        b'{"a":"a" 123}',
        b"{key: 'value'}",
    ),
    *(b'{"\xb9":"0",}', b'{"a" b}', b'{:"b"}', b'{"a" "b"}', b'{"a":', b'{"a"', b"{1:1}", b"{9999E9999:1}"),
    *(
        b"{null:null,null:null}",
        b'{"id":0,,,,,}',
        b"{'a':0}",
        b'{"id":0,}',
        b'{"a":"b"}/**/',
        b'{"a":"b"}/**//',
    ),
    *(
        b'{"a":"b"}//',
        b'{"a":"b"}/',
        b'{"a":"b",,"c":"d"}',
        b'{a: "b"}',
        b'{"a":"a',
        b'{ "foo" : "bar", "a" }',
    ),
    *(
        b'{"a":"b"}#',
        b" ",
        rb'["\uD800\"]',
        rb'["\uD800\u"]',
        rb'["\uD800\u1"]',
        rb'["\uD800\u1x"]',
        b"[\xc3\xa9]",
    ),
    *(
        b'["\\\x00"]',
        rb'["\x00"]',
        rb'["\\\"]',
        b'["\\\t"]',
        b'["\\\xf0\x9f\x8c\x80"]',
        rb'["\"]',
        rb'["\u00A"]',
    ),
    *(rb'["\uD834\uDd"]', rb'["\uD800\uD800\x"]', b'["\\u\xe5"]', rb'["\a"]', rb'["\uqqqq"]', b'["\\\xe5"]'),
    *(
        rb'[\u0020"asd"]',
        rb"[\n]",
        b'"',
        b"['single quote']",
        b"abc",
        rb'["' + b"\\",
        b'["a\x00a"]',
        b'["new\nline"]',
    ),
    *(
        b'["\t"]',
        rb'"\UA66D"',
        b'""x',
        b"[" * 100_000,
        b"[\xe2\x81\xa0]",
        b"\xef\xbb\xbf",
        b"<.>",
        b"[<null>]",
    ),
    *(
        b"[1]x",
        b"[1]]",
        b'["asd]',
        b"a\xc3\xa5",
        b"[True]",
        b"1]",
        b'{"x": true,',
        b"[][]",
        b"]",
        b"\xef\xbb{}",
    ),
    *(
        b"\xe5",
        b"[",
        b"",
        b"[\x00]",
        b"2@",
        b"{}}",
        b'{"":',
        b'{"a":/*comment*/"b"}',
        b'{"a": true} "x"',
        b"['",
    ),
    *(
        b"[,",
        b'[{"":' * 50_000,
        b"[{",
        b'["a',
        b'["a"',
        b"{",
        b"{]",
        b"{,",
        b"{[",
        b'{"a',
        b"{'a'",
        b'["\\{["\\{["\\{',
    ),
    *(
        b"\xe9",
        b"*",
        b'{"a":"b"}#{}',
        rb'[\u000A""]',
        b"[1",
        b"[ false, nul",
        b"[ true, fals",
        b"[ false, tru",
    ),
    *(b'{"asd":"asd"', b"\xc3\xa5", b"[\x0c]"),
]

MAY_ACCEPT = [
    (b"[123.456e-789]", "accepts"),
    (b"[0.4e" + b"6" * 80 + b"]", "accepts"),
    (b"[-1e+9999]", "accepts"),
    (b"[123e-10000000]", "accepts"),
    (b"[-" + b"123" * 10 + b"]", "accepts"),
    (b"[" + b"9" * 10_000 + b"]", "accepts"),
    (rb'{"\uDFAA":0}', "accepts"),
    (rb'["\uDADA"]', "accepts"),
    (rb'["\uD888\u1234"]', "accepts"),
    (rb'["\uD800\uD800\n"]', "accepts"),
    (rb'["\uDd1e\uD834"]', "accepts"),
    (b"[" * 500 + b"]" * 500, "accepts"),
    (b'\xff\xfe[\x00"\x00\xe9\x00"\x00]\x00', "encoding"),
    (b'\x00[\x00"\x00\xe9\x00"\x00]', "encoding"),
    (b'[\x00"\x00\xe9\x00"\x00]\x00', "encoding"),
    (b'["\xe6\x97\xa5\xd1\x88\xfa"]', "encoding"),
    (b'["\xed\xa0\x80"]', "encoding"),
    (b'["\xff"]', "encoding"),
    (b'["\xe9"]', "encoding"),
    (b'["\xc0\xaf"]', "encoding"),
    (b'["\xfc\x83\xbf\xbf\xbf\xbf"]', "encoding"),
    (b'["\xf4\xbf\xbf\xbf"]', "encoding"),
    (b"\xef\xbb\xbf{}", "bom"),
]


@pytest.mark.parametrize("data", MUST_ACCEPT)
def test_what_every_parser_must_accept_is_accepted_with_its_value(data: bytes) -> None:
    document = read(data)
    assert not document.breaks_grammar, document.faults
    assert document.value == json.loads(data)


@pytest.mark.parametrize("data", MUST_REFUSE, ids=lambda data: repr(data[:40]))
def test_what_every_parser_must_refuse_is_refused_at_a_place(data: bytes) -> None:
    document = read(data)
    assert document.breaks_grammar
    lines = len(re.split(r"\r\n|\r|\n", document.text))
    for fault in document.faults:
        assert 0 <= fault.start <= fault.end <= len(data)
        assert 1 <= fault.span.line <= fault.span.end_line <= lines
        assert fault.span.column >= 1
        assert fault.message
        assert fault.hint


@pytest.mark.parametrize(("data", "verdict"), MAY_ACCEPT, ids=lambda part: repr(part[:40]))
def test_what_a_parser_may_decide_is_decided(data: bytes, verdict: str) -> None:
    assert [fault.kind for fault in read(data).faults] == ([] if verdict == "accepts" else [verdict])
