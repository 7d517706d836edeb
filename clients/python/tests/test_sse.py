from __future__ import annotations

import random

import pytest

from tailrace import EventTooLargeError
from tailrace._sse import Decoder, Frame


def decode(*chunks: bytes, limit: int = 10_000) -> list[Frame]:
    decoder = Decoder(limit)
    return [frame for chunk in chunks for frame in decoder.feed(chunk)]


def test_lines_end_with_lf_cr_or_crlf_and_with_nothing_else() -> None:
    text = "data: a\u2028b\u0085\x0b\x0c\x1c\rdata: c\r\ndata:d\n\n".encode()
    assert decode(text) == [Frame(None, None, "a\u2028b\u0085\x0b\x0c\x1c\nc\nd", None)]


def test_a_frame_with_an_id_alone_moves_the_cursor_and_is_no_event() -> None:
    assert decode(b"id: 7\n\n: a comment\n\n") == [Frame("7", None, None, None)]


def test_a_frame_that_is_cut_is_never_given() -> None:
    assert decode(b"id: 7\nevent: x\ndata: 1\n") == []


def test_a_retry_is_digits_alone_and_an_id_has_no_null() -> None:
    assert decode(b"retry: 10\n\nretry: -1\n\nretry: 1e3\n\nid: a\0b\ndata\n\n") == [
        Frame(None, None, None, 10),
        Frame(None, None, "", None),
    ]


def test_a_byte_order_mark_at_the_beginning_is_skipped() -> None:
    assert decode(b"\xef\xbb\xbfdata: x\n\n") == [Frame(None, None, "x", None)]


def test_bytes_that_are_not_utf_8_are_replaced() -> None:
    assert decode(b"data: \xff\n\n") == [Frame(None, None, "\ufffd", None)]


def test_where_the_network_splits_the_bytes_makes_no_difference() -> None:
    text = "\ufeffid: 1\r\nevent: é\r\ndata: 😀\r\n\r\nretry: 5\rid: 2\r\r:c\n\ndata: a\ndata\n\n".encode()
    whole = decode(text)
    assert len(whole) == 3
    for seed in range(200):
        cuts = sorted(random.Random(seed).choices(range(len(text) + 1), k=8))
        pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        assert decode(*pieces) == whole, f"seed {seed}"


def test_an_event_that_is_too_large_is_refused_before_it_is_whole() -> None:
    with pytest.raises(EventTooLargeError, match="max_event_bytes"):
        decode(b"data: ", *[b"x" * 100] * 20, limit=1000)
    with pytest.raises(EventTooLargeError):
        decode(*[b"data: " + b"x" * 100 + b"\n"] * 20, limit=1000)
