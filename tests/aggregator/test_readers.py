"""The streaming readers on good, odd and broken documents."""

from __future__ import annotations

import gc
import io
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from aggregator.readers import (
    INVALID,
    ReadError,
    csv_rows,
    json_document,
    json_items,
    json_members,
    json_root,
    xml_document,
    xml_elements,
)

RECORDING = (
    Path(__file__).resolve().parents[3] / "shared/payloads/sff/events_festival_list_2018-11-07.dev.csv"
)
MIB = 1024 * 1024


class Trickle(io.BytesIO):
    """A stream that gives `step` bytes at a time, so that every sequence is cut somewhere.

    Only the reader's first look, which asks for 4096 bytes, gets them whole.
    """

    def __init__(self, data: bytes, step: int) -> None:
        super().__init__(data)
        self.step = step

    def read(self, size: int | None = -1) -> bytes:
        return super().read(size if size in (0, 4096) else self.step)


def stream(text: str | bytes) -> BinaryIO:
    return io.BytesIO(text.encode() if isinstance(text, str) else text)


def reason_of(read: Callable[[], object]) -> str:
    with pytest.raises(ReadError) as caught:
        read()
    return caught.value.reason


# --- JSON ---------------------------------------------------------------------------------------------


def test_list_members_come_one_by_one_with_plain_numbers() -> None:
    items = list(json_items(stream('[{"id": 1, "lat": 59.25, "in": [{"x": 0.5}]}, "b", 3, null, [1.5]]')))
    assert items == [{"id": 1, "lat": 59.25, "in": [{"x": 0.5}]}, "b", 3, None, [1.5]]
    assert type(items[0]["lat"]) is type(items[0]["in"][0]["x"]) is type(items[4][0]) is float  # type: ignore[index]


def test_a_list_deeper_in_the_document_is_found_by_prefix() -> None:
    text = '{"count": 2, "data": {"events": [{"id": 1}, {"id": 2}], "none": []}}'
    assert list(json_items(stream(text), "data.events.item")) == [{"id": 1}, {"id": 2}]
    assert list(json_items(stream(text), "data.none.item")) == []


def test_members_of_a_keyed_object_come_with_their_keys() -> None:
    assert list(json_members(stream('{"7": {"a": 1.5}, "9": null, "8": 0.25}'))) == [
        ("7", {"a": 1.5}),
        ("9", None),
        ("8", 0.25),
    ]
    assert list(json_members(stream('{"d": {"7": 1}, "e": 2}'), "d")) == [("7", 1)]
    assert list(json_members(stream("{}"))) == []


def test_a_whole_document_may_be_anything() -> None:
    assert json_document(stream(' {"a": [1, 2.5, null]}')) == {"a": [1, 2.5, None]}
    assert json_document(stream("null")) is None
    assert json_document(stream("[]")) == []


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("  [1]", "array"),
        ("\ufeff{}", "object"),
        ('"a"', "string"),
        ("-1", "number"),
        ("null", "literal"),
        ("<!DOCTYPE html><p>", "html"),
        ("<HTML><body>", "html"),
        ("<?xml version='1.0'?><html>", "html"),
        ("", "empty"),
        (" \r\n", "empty"),
        ("No events", "other"),
        ("<xml/>", "other"),
    ],
)
def test_the_root_is_told_without_moving(text: str, root: str) -> None:
    source = stream(b"head" + text.encode())
    source.seek(4)
    assert json_root(source) == root
    assert source.tell() == 4


def test_one_number_out_of_range_costs_nothing_but_itself() -> None:
    items = list(json_items(stream('[{"t": 99999999999999999999}, {"t": 1e999}, {"t": 1}]')))
    assert items == [{"t": 99999999999999999999}, {"t": "1E+999"}, {"t": 1}]


@pytest.mark.parametrize("step", [1, 7, 100, 4097])
def test_a_number_of_thousands_of_digits_is_only_out_of_range(step: int) -> None:
    source = Trickle(b'[{"t": ' + b"9" * 9000 + b'}, {"t": -' + b"8" * 5000 + b'}, {"t": 12}]', step)
    first, second, third = (item["t"] for item in json_items(source))  # type: ignore[index]
    assert first > 10**500
    assert second < -(10**500)
    assert third == 12


def test_a_number_with_a_senseless_exponent_ends_the_list_with_a_reason() -> None:
    assert reason_of(lambda: list(json_items(stream("[1e99999999999999999999999]")))) == "malformed_document"


def test_a_nesting_bomb_costs_only_its_document() -> None:
    items = list(json_items(stream("[1," + "[" * 2_000 + "]" * 2_000 + ",2]")))
    assert items[0] == 1
    assert items[2] == 2
    depth, inner = 0, items[1]
    while isinstance(inner, list):
        depth, inner = depth + 1, inner[0]
    assert depth <= 101
    assert inner == INVALID


def test_the_documents_before_a_break_are_not_lost() -> None:
    seen: list[object] = []

    def read(text: str) -> Callable[[], object]:
        return lambda: seen.extend(json_items(stream(text)))

    assert reason_of(read('[{"a": 1}, {"a": 2}, {"a"')) == "truncated_document"
    assert reason_of(read('[{"a": 3}, {"a": 4}')) == "truncated_document"
    assert reason_of(read('[{"a": 5}, oops]')) == "malformed_document"
    assert reason_of(read('[{"a": 6}] [1]')) == "malformed_document"
    assert seen == [{"a": number} for number in (1, 2, 3, 4, 5, 6)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty_body"),
        (" \n", "empty_body"),
        ('{"error": "Invalid API Key."}', "wrong_root"),
        ("null", "wrong_root"),
        ('"success"', "wrong_root"),
        ("<!doctype HTML><title>502", "html_instead_of_data"),
        ("\n\n<html lang=sv>", "html_instead_of_data"),
        ("<br />\n<b>Warning</b>: x", "html_instead_of_data"),
        ("Service unavailable", "malformed_document"),
        ("<xml/>", "malformed_document"),
        ("[NaN]", "malformed_document"),
        ("[", "truncated_document"),
    ],
)
def test_what_is_no_list_has_a_reason(text: str, reason: str) -> None:
    assert reason_of(lambda: list(json_items(stream(text)))) == reason


def test_a_missing_inner_list_is_not_an_empty_one() -> None:
    for text in ('{"error": "no"}', '{"data": {"events": null}}', '{"data": {"events": {"1": 2}}}', "[]"):
        assert reason_of(lambda text=text: list(json_items(stream(text), "data.events.item"))) == "wrong_root"  # type: ignore[misc]
    for text in ('{"error": "no"}', '{"d": []}'):
        assert reason_of(lambda text=text: list(json_members(stream(text), "d"))) == "wrong_root"  # type: ignore[misc]
    assert reason_of(lambda: list(json_members(stream("[]")))) == "wrong_root"
    assert reason_of(lambda: json_document(stream('{"a": 1'))) == "truncated_document"


WHOLE = '[{"a": null, "b": true, "c": false, "d": -1.5e+10, "e": "x\\u00e4\\n"}, {"a": 12}]'


def test_json_cut_anywhere_is_cut_even_within_a_word_or_a_number() -> None:
    assert len(list(json_items(stream(WHOLE)))) == 2
    for length in range(1, len(WHOLE)):
        part = WHOLE[:length]
        assert reason_of(lambda part=part: list(json_items(stream(part)))) == "truncated_document", part
        assert reason_of(lambda part=part: json_document(stream(part))) == "truncated_document", part


@pytest.mark.parametrize("wrong", ['[{"a": nux}]', '[{"a": 1.}]', "[tru]", '[{"a": nul }', '["\\u12"]'])
def test_a_word_that_is_none_is_malformed_wherever_it_stands(wrong: str) -> None:
    assert reason_of(lambda: list(json_items(stream(wrong)))) == "malformed_document"


def test_errors_quote_nothing_of_the_document() -> None:
    with pytest.raises(ReadError) as caught:
        list(json_items(stream('[{"token": "Zx81Secret" oops')))
    error: BaseException = caught.value
    assert "Zx81" not in str(error)
    assert error.__cause__ is error.__context__ is None


# --- encoding -----------------------------------------------------------------------------------------

BAD = (
    b'[{"n":"Sk\xc3\xa5ne"},{"n":"caf\xe9 \xff\xfe!"},{"n":"cut \xe2\x82"},'
    b'{"n":"\xf0\x9f\x98\x80"},{"n":"a\x01b"}]'
)
MENDED = [{"n": name} for name in ("Skåne", "caf\ufdd0 \ufdd0\ufdd0!", "cut \ufdd0", "😀", "a\ufdd0b")]


@pytest.mark.parametrize("step", [1, 2, 3, 5, 7, 4096])
def test_invalid_bytes_are_marked_in_their_document_only(step: int) -> None:
    class Seekable(Trickle):
        pass

    assert (
        list(json_items(Seekable(b"\xef\xbb\xbf" + BAD, step) if step > 3 else Trickle(BAD, step))) == MENDED
    )


@pytest.mark.parametrize("step", [1, 2, 3, 5, 4096])
def test_xml_is_mended_in_the_same_way(step: int) -> None:
    text = (
        b"<?xml version='1.0' encoding='UTF-8'?><xml>"
        b"<item>Sk\xc3\xa5ne</item><item>caf\xe9!</item><item>\x02</item></xml>"
    )

    assert [e.text for e in xml_elements(Trickle(text, step), "item")] == ["Skåne", "caf\ufdd0!", "\ufdd0"]


@pytest.mark.parametrize("name", ["ISO-8859-1", "iso-8859-1", "windows-1252"])
def test_a_declared_western_encoding_is_honoured(name: str) -> None:
    text = f'<?xml version="1.0" encoding="{name}"?><xml><item>Skåne</item></xml>'.encode("latin-1")
    assert [e.text for e in xml_elements(stream(text), "item")] == ["Skåne"]


def test_another_declared_encoding_is_malformed() -> None:
    text = '<?xml version="1.0" encoding="x-made-up"?><xml/>'
    assert reason_of(lambda: list(xml_elements(stream(text)))) == "malformed_document"


# --- XML ----------------------------------------------------------------------------------------------


def test_only_the_outermost_elements_of_a_name_come_by_themselves() -> None:
    inner = "<events><item>a</item><item>b</item></events>"
    text = f"<xml><x/><item><id>1</id>{inner}</item><item><id>2</id></item></xml>"
    found = [
        (e.findtext("id"), [i.text for i in e.iter("item") if i is not e])
        for e in xml_elements(stream(text), "item")
    ]
    assert found == [("1", ["a", "b"]), ("2", [])]


def test_without_a_name_every_child_of_the_root_comes() -> None:
    assert [e.tag for e in xml_elements(stream("<xml><error>no</error><item/></xml>"))] == ["error", "item"]
    assert xml_document(stream("<xml><error>no</error></xml>"), root="xml").findtext("error") == "no"


def test_names_are_compared_without_namespace() -> None:
    assert len(list(xml_elements(stream('<r xmlns="urn:x"><a/><a/></r>'), "a", root="r"))) == 2


@pytest.mark.parametrize("step", [1, 2, 3, 6, 4096])
def test_named_entities_become_characters_also_across_chunks(step: int) -> None:
    text = "<xml><item>Dr&ouml;m&nbsp;&euro; &amp; &lt;b&gt; &AMP;&nosuch; &#229;&hellip;</item></xml>"

    (item,) = xml_elements(Trickle(text.encode(), step), "item", named_entities=True)
    assert item.text == "Dröm\u00a0€ & <b> &&nosuch; å…"


def test_named_entities_are_malformed_unless_asked_for() -> None:
    assert reason_of(lambda: list(xml_elements(stream("<xml><a>&auml;</a></xml>")))) == "malformed_document"


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x><i>&b;</i></x>'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty_body"),
        (BOMB, "entity_declaration"),
        ("<!DOCTYPE x><x/>", "entity_declaration"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "entity_declaration"),
        ("<!DOCTYPE html><html/>", "html_instead_of_data"),
        ("<html><body/></html>", "html_instead_of_data"),
        ('<x:html xmlns:x="http://www.w3.org/1999/xhtml"/>', "html_instead_of_data"),
        ("<other/>", "wrong_root"),
        ('{"error": "no"}', "wrong_root"),
        ("nothing", "malformed_document"),
        ("<xml><a></b></xml>", "malformed_document"),
        ("<xml/><xml/>", "malformed_document"),
        ("<xml><item>", "truncated_document"),
        ("<xml><ite", "truncated_document"),
        ("<xml>" + "<a>" * 5000, "malformed_document"),
    ],
)
def test_what_is_no_such_xml_has_a_reason(text: str, reason: str) -> None:
    assert reason_of(lambda: list(xml_elements(stream(text), "item", root="xml"))) == reason
    assert reason_of(lambda: xml_document(stream(text), root="xml")) == reason


def test_the_elements_before_a_break_are_not_lost() -> None:
    elements = xml_elements(stream("<xml><item>1</item><item>2</item><item>"), "item")
    assert [next(elements).text, next(elements).text] == ["1", "2"]
    assert reason_of(lambda: next(elements)) == "truncated_document"


# --- CSV ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_festivals_csv_has_bare_inner_quotes_commas_and_line_breaks(end: str) -> None:
    lines = [
        "id,name_sv,note",
        '"1","Filmen "Sibel", på bio",""',
        '"2","två',
        'rader","a "b""',
        '"3","","Array"',
        "",
    ]
    assert list(csv_rows(stream(end.join(lines)))) == [
        {"id": "1", "name_sv": 'Filmen "Sibel", på bio', "note": ""},
        {"id": "2", "name_sv": f"två{end}rader", "note": 'a "b"'},
        {"id": "3", "name_sv": "", "note": "Array"},
    ]


def test_a_first_row_with_a_line_break_is_still_the_festivals_dialect() -> None:
    assert list(csv_rows(stream('id,name\n"1","två "a"\nrader"\n"2","x"\n'))) == [
        {"id": "1", "name": 'två "a"\nrader'},
        {"id": "2", "name": "x"},
    ]


def test_ordinary_csv_is_read_as_such() -> None:
    text = '"id",name,note\n1,"Love, Gilda",NA\n"2","say ""hi""",x\n\n3,"two\nlines",\n'
    assert list(csv_rows(stream(text))) == [
        {"id": "1", "name": "Love, Gilda", "note": "NA"},
        {"id": "2", "name": 'say "hi"', "note": "x"},
        {"id": "3", "name": "two\nlines", "note": ""},
    ]
    assert next(csv_rows(stream('a,b,c\n"x, y",1,2\n'))) == {"a": "x, y", "b": "1", "c": "2"}


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_row_of_another_width_is_marked_and_costs_no_other(quote: str) -> None:
    rows = [("1", "a"), ("2",), ("3", "b", "c"), ("4", "d")]
    text = "id,name\n" + "".join(",".join(f"{quote}{value}{quote}" for value in row) + "\n" for row in rows)
    assert list(csv_rows(stream(text))) == [
        {"id": "1", "name": "a"},
        {"id": "2", "": INVALID},
        {"id": "3", "name": "b", "": INVALID},
        {"id": "4", "name": "d"},
    ]


def test_csv_marks_invalid_bytes_and_drops_the_byte_order_mark() -> None:
    text = b'\xef\xbb\xbfid,name\r\n"1","caf\xe9"\r\n"2","Sk\xc3\xa5ne"\r\n'
    for step in (1, 2, 4096):
        assert [row["name"] for row in csv_rows(Trickle(text, step))] == ["caf\ufdd0", "Skåne"]
    assert next(csv_rows(stream(text)))["id"] == "1"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty_body"),
        ("<!DOCTYPE html>\n<p>", "html_instead_of_data"),
        ("<html>", "html_instead_of_data"),
        ('{"error":"No events could be found"}', "wrong_root"),
        ("a,,b\n1,2,3", "malformed_document"),
        ('id,name\n"1","a"\n"2","b', "truncated_document"),
        ('id,name\n1,a\n2,"b', "truncated_document"),
        ("id,name\n1," + "x" * 3_000_000, "malformed_document"),
        ('id,name\n"1","a\n' + "b\n" * 700_000, "malformed_document"),
    ],
    ids=[
        "empty",
        "doctype",
        "html",
        "json",
        "no names",
        "cut",
        "cut ordinary",
        "endless line",
        "endless row",
    ],
)
def test_what_is_no_table_has_a_reason(text: str, reason: str) -> None:
    assert reason_of(lambda: list(csv_rows(stream(text)))) == reason


def test_names_without_rows_are_an_empty_table() -> None:
    assert list(csv_rows(stream("id,name\r\n"))) == []


@pytest.mark.skipif(not RECORDING.exists(), reason="../shared with the recorded answers is not here")
def test_the_recorded_programme_is_read_whole() -> None:
    with RECORDING.open("rb") as recording:
        rows = list(csv_rows(recording))
    assert len(rows) == 150
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    assert len(rows[0]) == 16
    assert "" not in rows[0]
    assert len({row["eventId"] for row in rows}) == 150


# --- memory -------------------------------------------------------------------------------------------


class Generated(io.RawIOBase):
    """A large document made while it is read, so that it is not itself in memory. Rewinds to 0 only."""

    def __init__(self, start: bytes, piece: bytes, end: bytes, size: int) -> None:
        self._plan = start, piece, end, size // len(piece)
        self._parts = self._made()

    def _made(self) -> Iterator[bytes]:
        start, piece, end, count = self._plan
        yield start
        for _ in range(count):
            yield piece
        yield end

    def tell(self) -> int:
        return 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self._parts = self._made()
        return 0

    def read(self, size: int = -1) -> bytes:
        kept = []
        while size > 0 and (part := next(self._parts, b"")):
            kept.append(part)
            size -= len(part)
        return b"".join(kept)


ROW = '{"eventId":"8363","eventName_sv":"Festivalens favoriter på Skandia","lat":59.3336,"events":[{"a":1}]}'
# Held as Python objects it would be many times this; the most that may be held is less than it is long.
LARGE = 5 * MIB // 2
XML_ROW = "<item><id>8363</id><name>Festivalens favoriter på Skandia</name><e><item>1</item></e></item>\n"


@pytest.mark.parametrize(
    ("source", "read"),
    [
        (Generated(b"[" + ROW.encode(), ("," + ROW).encode(), b"]", LARGE), json_items),
        (Generated(b'{"0":1', (',"1":' + ROW).encode(), b"}", LARGE), json_members),
        (Generated(b"<xml>", XML_ROW.encode(), b"</xml>", LARGE), lambda s: xml_elements(s, "item")),
        (Generated(b"<xml>", XML_ROW.encode(), b"</xml>", LARGE), lambda s: xml_elements(s, "absent")),
        (
            Generated(b"id,name\n", '"8363","Festivalens "favoriter" på Skandia"\n'.encode(), b"", LARGE),
            csv_rows,
        ),
        (
            Generated(b"id,name\n", "8363,Festivalens favoriter på Skandia\n".encode(), b"", LARGE),
            csv_rows,
        ),
    ],
    ids=["json items", "json members", "xml", "xml without a match", "festival csv", "ordinary csv"],
)
def test_memory_stays_flat_over_a_large_document(
    source: BinaryIO, read: Callable[[BinaryIO], Iterator[object]]
) -> None:
    gc.collect()
    tracemalloc.start()
    try:
        count = sum(1 for _ in read(source))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 0 or count > 20_000
    assert peak < 1.5 * MIB
