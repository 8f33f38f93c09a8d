"""What is spelled differently: named parameters, and the steps that make the tables."""

import re
from functools import lru_cache

# Literals, quoted names, comments and casts are passed over; a colon and a name is a parameter.
_PIECE = re.compile(
    r"""(?P<apart>'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|::)|:(?P<name>[A-Za-z_]\w*)|(?P<percent>%)""",
)

_COMMENT = re.compile(r"--[^\n]*")
_WORDS = {"TEXT": 'TEXT COLLATE "C"', "INTEGER": "BIGINT", "BLOB": "BYTEA"}
_WORD = re.compile(rf"\b({'|'.join(_WORDS)})\b")
_TABLE_OPTIONS = re.compile(r"\)\s*(?:STRICT|WITHOUT\s+ROWID)(?:\s*,\s*(?:STRICT|WITHOUT\s+ROWID))*\s*;")
_TRIGGER = re.compile(
    r"CREATE\s+TRIGGER\s+(?P<name>\w+)\s+BEFORE\s+(?P<what>DELETE|UPDATE(?:\s+OF\s+[\w\s,]+?)?)\s+ON\s+(?P<table>\w+)\s+"
    r"BEGIN\s+SELECT\s+RAISE\s*\(\s*ABORT\s*,\s*(?P<why>'(?:[^']|'')*')\s*\)\s*;\s*END\s*;"
)
_REFUSE = """
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation'; END $$;
"""


@lru_cache(maxsize=1024)
def statement(sql: str) -> str:
    """A statement with `:name` parameters as psycopg takes it, with `%(name)s`."""
    return _PIECE.sub(_spelled, sql)


def _spelled(piece: re.Match[str]) -> str:
    if piece["name"]:
        return f"%({piece['name']})s"
    return (piece["apart"] or "%").replace("%", "%%")


def step(sql: str) -> str:
    """A step as PostgreSQL takes it, from its SQLite spelling; `bodymap.storage.steps` says what it may hold.

    Text is compared byte by byte, as SQLite does it, whatever the database's own collation. A table that refuses to
    lose rows refuses to be truncated, too.
    """
    sql = _COMMENT.sub("", sql)
    sql = _TRIGGER.sub(_trigger, sql)
    sql = _TABLE_OPTIONS.sub(");", sql)
    sql = _WORD.sub(lambda word: _WORDS[word[1]], sql)
    return _REFUSE + sql


def _trigger(found: re.Match[str]) -> str:
    name, what, table, why = found["name"], found["what"], found["table"], found["why"]
    lines = [f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse({why});"]
    if what == "DELETE":
        lines.append(
            f"CREATE TRIGGER {name}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse({why});"
        )
    return "\n".join(lines)
