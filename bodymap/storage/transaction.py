"""A transaction, as statements see it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from bodymap.errors import Complaint, Invalid

T = TypeVar("T")

Value = str | int | float | bytes | None
Row = tuple[Any, ...]


class Transaction(ABC):
    """Runs SQL with named parameters (`:name`) inside a transaction that `Database` began and will end.

    The SQL is what SQLite and PostgreSQL both accept. A reading transaction sees one state of the database, whatever is
    written meanwhile. In a writing one on PostgreSQL each statement sees what was committed before it began, so that
    what must not change between two statements is held with `lock`, or guarded by the statement itself (`UPDATE … WHERE
    version = :before`, a unique constraint with ON CONFLICT).
    """

    __slots__ = ()

    @abstractmethod
    def execute(self, sql: str, parameters: Mapping[str, Value] | None = None) -> list[Row]:
        """Every row that the statement returns; an empty list where it returns none."""

    @abstractmethod
    def execute_many(self, sql: str, parameters: Sequence[Mapping[str, Value]]) -> None:
        """Runs one statement once for each set of parameters."""

    @abstractmethod
    def lock(self, *names: str) -> None:
        """Until this transaction ends, another one that writes and locks the same names waits here.

        Free where one command writes at a time anyway, as on SQLite, and in a transaction that reads. It makes
        contenders queue instead of failing; what must never happen twice still rests on a constraint. Raises
        `Unavailable` where the other one takes too long.
        """


def checked(parameters: Mapping[str, Value] | None) -> Mapping[str, Value]:
    """The parameters, none of them with what PostgreSQL cannot hold: on neither engine, so that a record can be moved.

    Raises `Invalid`. Documents are JSON, in which the character is an escape, so that only what has a column of its
    own is refused.
    """
    for value in parameters.values() if parameters else ():
        if isinstance(value, str) and "\0" in value:
            raise Invalid([Complaint("", "out-of-range", "A name or reference may not hold the character U+0000.")])
    return parameters or {}


Work = Callable[[Transaction], T]
