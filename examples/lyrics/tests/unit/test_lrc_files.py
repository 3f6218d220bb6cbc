from __future__ import annotations

from pathlib import Path

import pytest

from src.scrapers.lrc_files import LrcError, LrcFilesScraper, LrcLine, parse_lrc
from src.scrapers.rate_limit import RateLimiter

pytestmark = pytest.mark.unit

SONG = "[ti:Moth]\n[ar:Nil Vane]\n\n[00:05.25]first\n[00:10]\n[01:02.5]last\n"


def test_parse_tags_and_lines() -> None:
    document = parse_lrc(SONG)
    assert document.tags == {"ti": "Moth", "ar": "Nil Vane"}
    assert document.lines == (LrcLine(5.25, "first"), LrcLine(10.0, ""), LrcLine(62.5, "last"))


def test_parse_repeated_line_in_sung_order() -> None:
    lines = parse_lrc("[00:01][00:09]chorus\n[00:05]verse").lines
    assert [line.text for line in lines] == ["chorus", "verse", "chorus"]


@pytest.mark.parametrize("line", ["plain words", "[00:5]short seconds", "[00:05"])
def test_parse_rejects_other_lines(line: str) -> None:
    with pytest.raises(LrcError, match="line 2 has neither"):
        parse_lrc(f"[ti:Moth]\n{line}")


def test_fetch_builds_the_track(tmp_path: Path, limiter: RateLimiter) -> None:
    (tmp_path / "a.lrc").write_text(SONG, encoding="utf-8")
    (track,) = LrcFilesScraper(tmp_path, limiter).fetch()
    assert track.id == "nil-vane/moth"
    assert track.lyrics == "first\nlast"
    assert track.duration_seconds == 62.5


def test_fetch_prefers_the_length_tag(tmp_path: Path, limiter: RateLimiter) -> None:
    (tmp_path / "a.lrc").write_text(f"[length:01:30]\n{SONG}", encoding="utf-8")
    (track,) = LrcFilesScraper(tmp_path, limiter).fetch()
    assert track.duration_seconds == 90


def test_fetch_ignores_other_files_and_a_byte_order_mark(
    tmp_path: Path, limiter: RateLimiter
) -> None:
    (tmp_path / "a.lrc").write_text(SONG, encoding="utf-8-sig")
    (tmp_path / "notes.txt").write_text("not a song", encoding="utf-8")
    assert [track.title for track in LrcFilesScraper(tmp_path, limiter).fetch()] == ["Moth"]


def test_fetch_waits_once_per_file(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.lrc").write_text(SONG, encoding="utf-8")
    slept: list[float] = []
    limiter = RateLimiter(60, clock=lambda: 0.0, sleep=slept.append)
    assert len(list(LrcFilesScraper(tmp_path, limiter).fetch())) == 3
    assert slept == [1.0, 2.0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[ti:Moth]\n[00:01]la", "bad.lrc: missing tags: ar"),
        ("[00:01]la", "bad.lrc: missing tags: ar, ti"),
        ("[ti:Moth]\n[ar:Nil Vane]", "bad.lrc: no timed lines"),
        ("la la la", "bad.lrc: line 1 has neither"),
    ],
)
def test_fetch_names_the_bad_file(
    tmp_path: Path, limiter: RateLimiter, text: str, message: str
) -> None:
    (tmp_path / "bad.lrc").write_text(text, encoding="utf-8")
    with pytest.raises(LrcError, match=message):
        list(LrcFilesScraper(tmp_path, limiter).fetch())


def test_fetch_from_a_missing_folder(tmp_path: Path, limiter: RateLimiter) -> None:
    with pytest.raises(FileNotFoundError, match="is not a folder"):
        list(LrcFilesScraper(tmp_path / "none", limiter).fetch())
