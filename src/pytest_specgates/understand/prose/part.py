"""One amount in its statement, with the words that stand around it."""

from __future__ import annotations

from collections.abc import Sequence

from .amounts import Amount
from .context import Context
from .patterns import words
from .structure import Statement
from .tokens import Token

_CLAUSE_ENDS = words(", ; ( ) |")
_RIGHT_ENDS = words("and or but , ; | for when with under ( if on during . : without")
_FURTHEST = 24


class Part:
    """`first` and `last` (exclusive) are the tokens of the limit, operator included; `start` and
    `end` bound the tokens that are nearer to it than to any other amount.

    `left` and `near` are the indices of the tokens before it, nearest first: all, and those
    of its own clause; `right` are those after it, up to the end of the clause. `lows` are the
    texts of all tokens in lower case, `names` the words of the label and the key;
    `is_before_time` if a limit of a time follows in the statement.
    """

    __slots__ = (
        "amount",
        "end",
        "first",
        "heading",
        "index",
        "is_before_time",
        "last",
        "left",
        "lows",
        "names",
        "near",
        "op",
        "op_words",
        "right",
        "start",
        "statement",
        "tokens",
    )

    def __init__(
        self,
        statement: Statement,
        heading: Context,
        amount: Amount,
        place: tuple[str, int, int],
        bounds: tuple[int, int],
        index: int,
        names: frozenset[str],
        lows: Sequence[str],
        is_before_time: bool = False,
    ) -> None:
        self.statement = statement
        self.tokens: Sequence[Token] = statement.tokens
        self.heading = heading
        self.amount = amount
        self.op, self.first, self.last = place
        self.op_words = list(lows[self.first : amount.first])
        self.start, self.end = bounds
        self.index = index
        self.names = names
        self.lows = lows
        self.is_before_time = is_before_time
        self.left = list(range(self.first - 1, max(self.start, self.first - _FURTHEST) - 1, -1))
        self.near = self._near()
        self.right = self._right()

    def _near(self) -> list[int]:
        near: list[int] = []
        for at in self.left:
            low = self.lows[at]
            if self.index and ((low in _CLAUSE_ENDS and near) or low in (",", ";")):
                break
            near.append(at)
        return near

    def _right(self) -> list[int]:
        right: list[int] = []
        for at in range(self.last, min(self.end, self.last + 8)):
            if self.lows[at] in _RIGHT_ENDS:
                break
            right.append(at)
        return right

    def words(self, indices: Sequence[int]) -> list[str]:
        return [self.lows[at] for at in indices]

    @property
    def after(self) -> str:
        return self.lows[self.last] if self.last < len(self.lows) else ""

    @property
    def span(self) -> tuple[int, int]:
        return self.tokens[self.first].start, self.tokens[self.last - 1].end
