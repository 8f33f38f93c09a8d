"""Logging: one JSON object a line, or one line of text, each with the id of the request that it belongs to.

No line says anything about a patient: the operation of a request but not its address, the known parameters of a query
but not their values, no body, and of an unexpected error the place but not the message.
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
    """Where an error and its causes were raised. Their messages are left out: they may quote the request."""
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
    """One JSON object a line: `time`, `level`, `logger`, `message`, `request_id`, and the extra members of the
    record."""

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
        """Only the places, without messages."""
        return "".join(places(ei[1])).rstrip()


class Prose(logging.Formatter):
    """One line of text: time, level, message, and the extra members of the record as `name=value`."""

    _USUAL = frozenset({*logging.LogRecord("", 0, "", 0, "", (), None).__dict__, "message", "color_message"})

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the places of an exception after it."""
        extra = " ".join(f"{name}={value}" for name, value in record.__dict__.items() if name not in self._USUAL)
        line = f"{_time(record)} {record.levelname.lower():7} {record.getMessage()} {extra}".rstrip()
        return f"{line}\n{''.join(places(record.exc_info[1])).rstrip()}" if record.exc_info else line


def configuration(level: str, lines: bool) -> dict[str, Any]:
    """For `logging.config.dictConfig`: everything goes to standard error, in one form, whichever library logs it.

    `lines` for JSON. The libraries log only warnings: what they log of a request may name a patient.
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
