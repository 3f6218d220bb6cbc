"""Tracks from a folder of .lrc files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from src.models import Track
from src.scrapers.base import BaseScraper
from src.scrapers.rate_limit import RateLimiter

_TAG = re.compile(r"\[([a-z]+):(.*)\]")
_TIMED = re.compile(r"((?:\[\d+:\d{2}(?:\.\d+)?\])+)(.*)")
_TIME = re.compile(r"(\d+):(\d{2}(?:\.\d+)?)")


class LrcError(ValueError):
    """A file does not follow the LRC format."""


@dataclass(frozen=True)
class LrcLine:
    """One sung line and the second at which it starts."""

    seconds: float
    text: str


@dataclass(frozen=True)
class LrcDocument:
    """A parsed LRC file: its tags, and its lines in the order they are sung."""

    tags: Mapping[str, str]
    lines: tuple[LrcLine, ...]


def parse_lrc(text: str) -> LrcDocument:
    """Parse LRC text; a line with several timestamps is sung several times."""
    tags: dict[str, str] = {}
    lines: list[LrcLine] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line:
            continue
        if tag := _TAG.fullmatch(line):
            tags[tag[1]] = tag[2].strip()
        elif timed := _TIMED.fullmatch(line):
            lines += [LrcLine(second, timed[2].strip()) for second in _seconds(timed[1])]
        else:
            raise LrcError(f"line {number} has neither a timestamp nor a tag: {line!r}")
    return LrcDocument(tags, tuple(sorted(lines, key=lambda item: item.seconds)))


def _seconds(text: str) -> list[float]:
    return [int(minutes) * 60 + float(rest) for minutes, rest in _TIME.findall(text)]


class LrcFilesScraper(BaseScraper):
    """Reads every .lrc file of a folder, in the order of the file names."""

    name = "lrc_files"

    def __init__(self, path: Path, limiter: RateLimiter) -> None:
        self._path = path
        self._limiter = limiter

    def fetch(self) -> Iterator[Track]:
        """Yield one track per file."""
        if not self._path.is_dir():
            raise FileNotFoundError(f"{self._path} is not a folder")
        for file in sorted(self._path.glob("*.lrc")):
            self._limiter.wait()
            try:
                yield self._to_track(parse_lrc(file.read_text(encoding="utf-8-sig")))
            except LrcError as error:
                raise LrcError(f"{file.name}: {error}") from error

    def _to_track(self, document: LrcDocument) -> Track:
        missing = [tag for tag in ("ar", "ti") if not document.tags.get(tag)]
        if missing:
            raise LrcError(f"missing tags: {', '.join(missing)}")
        if not document.lines:
            raise LrcError("no timed lines")
        length = _seconds(document.tags.get("length", ""))
        return Track(
            artist=document.tags["ar"],
            title=document.tags["ti"],
            lyrics="\n".join(line.text for line in document.lines if line.text),
            source=self.name,
            duration_seconds=length[0] if length else document.lines[-1].seconds,
        )
