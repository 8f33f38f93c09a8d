"""What is logged: a JSON object a line, or a line for people, each with the id of the request that it belongs to.

No line says anything of a patient: not the address of a request but its operation, not a query but which of the known
parameters it had, no body, and of an error the place but not the message of one that nobody expected.
"""

import logging
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from pythonjsonlogger.msgspec import MsgspecFormatter

REQUEST_ID: ContextVar[str | None] = ContextVar("bodymap_request_id", default=None)


_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def places(error: BaseException | None) -> Iterator[str]:
    """Where an error was raised, and those behind it. Their messages stay out: they may quote what was sent."""
    while error is not None:
        yield f"{type(error).__name__} raised at\n"
        yield from (
            f"  {frame.filename}:{frame.lineno} {frame.name}\n" for frame in traceback.extract_tb(error.__traceback__)
        )
        error = error.__cause__ or error.__context__


class InRequest(logging.Filter):
    """Gives every record the id of the request in which it was made, where there is one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never drops anything."""
        if not hasattr(record, "request_id") and (request_id := REQUEST_ID.get()) is not None:
            record.request_id = request_id
        return True


class Lines(MsgspecFormatter):
    """A JSON object a line: `time`, `level`, `logger`, `message`, `request_id`, and what the record says besides."""

    def __init__(self) -> None:
        super().__init__(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger"},
            reserved_attrs=[*logging.LogRecord("", 0, "", 0, "", (), None).__dict__, "message", "color_message"],
        )

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """The time first, in UTC."""
        log_data["time"] = _time(record)
        super().add_fields(log_data, record, message_dict)

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802  # so named by the library
        """The places alone."""
        return "".join(places(ei[1])).rstrip()


class Prose(logging.Formatter):
    """A line for people: time, level, message, and what the record says besides as `name=value`."""

    _USUAL = frozenset({*logging.LogRecord("", 0, "", 0, "", (), None).__dict__, "message", "color_message"})

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the places of an exception after it."""
        own = " ".join(f"{name}={value}" for name, value in record.__dict__.items() if name not in self._USUAL)
        line = f"{_time(record)} {record.levelname.lower():7} {record.getMessage()} {own}".rstrip()
        return f"{line}\n{''.join(places(record.exc_info[1])).rstrip()}" if record.exc_info else line


def configuration(level: str, lines: bool) -> dict[str, Any]:
    """For `logging.config.dictConfig`: everything goes to standard error, in one form, whichever library says it.

    `lines` for JSON. The libraries say less than we do: what they log of a request may name a patient.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request": {"()": InRequest}},
        "formatters": {"form": {"()": Lines if lines else Prose}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "form",
                "filters": ["request"],
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "bodymap": {"level": level.upper()},
            "uvicorn": {"level": "WARNING"},
            "uvicorn.access": {"level": "CRITICAL"},
        },
    }


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
