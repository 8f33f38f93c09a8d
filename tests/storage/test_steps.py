"""The steps of both engines make the same tables."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bodymap.storage.database import migrate
from bodymap.storage.steps import steps
from tests.engines import NewUrl

ENGINES = ("postgresql",)
SAME_TYPES = {"text": "TEXT", "bigint": "INTEGER", "bytea": "BLOB"}
Tables = dict[str, dict[str, Any]]


def test_every_step_has_a_file_for_each_engine() -> None:
    """Numbers and names of the steps are the same, so that a record that is moved has taken the same steps."""
    names = [[(step.number, step.name) for step in steps(engine)] for engine in ("sqlite", "postgresql")]  # type: ignore[arg-type]
    assert names[0] == names[1]
    assert [number for number, _ in names[0]] == list(range(1, len(names[0]) + 1))


def in_sqlite(path: Path) -> Tables:
    """What each table is: columns with type and nullability, keys, references, indexes, checks and triggers."""
    tables: Tables = {}
    with closing(sqlite3.connect(path)) as file:
        made = dict(file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
        for name, sql in made.items():
            columns = file.execute(f"PRAGMA table_info({name})").fetchall()
            references: dict[int, list[tuple[int, str, str, str]]] = {}
            for number, place, table, own, theirs, *_ in file.execute(f"PRAGMA foreign_key_list({name})"):
                references.setdefault(number, []).append((place, own, table, theirs))
            indexes = file.execute(f"PRAGMA index_list({name})").fetchall()
            tables[name] = {
                "columns": [(column, kind, bool(required or key)) for _, column, kind, required, _, key in columns],
                "key": [column for _, column in sorted((key, column) for _, column, *_, key in columns if key)],
                "references": sorted([each[1:] for each in sorted(rows)] for rows in references.values()),
                "indexes": {
                    index: (
                        bool(unique),
                        bool(partial),
                        [row[2] for row in file.execute(f"PRAGMA index_info({index})")],
                    )
                    for _, index, unique, origin, partial in indexes
                    if origin == "c"
                },
                "checks": len(re.findall(r"\bCHECK \(", sql)),
                "triggers": sorted(
                    (trigger, "DELETE" if "BEFORE DELETE" in text else "UPDATE", *re.findall("'(.*)'", text))
                    for trigger, text in file.execute(
                        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", [name]
                    )
                ),
            }
    return tables


def in_postgresql(url: str) -> Tables:
    """The same of a schema of PostgreSQL, in SQLite's words; what refuses to be truncated is left to its own test."""
    tables: Tables = {}
    with psycopg.connect(url) as server:

        def ask(query: str, table: str) -> list[Any]:
            return server.execute(query.encode(), {"table": table}).fetchall()

        for (name,) in server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            columns = ask(
                "SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, c.collname"
                " FROM pg_attribute AS a LEFT JOIN pg_collation AS c ON c.oid = a.attcollation"
                " WHERE a.attrelid = %(table)s::regclass AND a.attnum > 0 ORDER BY a.attnum",
                name,
            )
            assert {collation for _, kind, _, collation in columns if kind == "text"} <= {"C"}, name
            indexes = ask(
                "SELECT c.relname, i.indisunique, i.indpred IS NOT NULL, i.indisprimary,"
                " ARRAY(SELECT a.attname FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)"
                " JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number ORDER BY k.place)::text[]"
                " FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid WHERE i.indrelid = %(table)s::regclass",
                name,
            )
            references = ask(
                "SELECT ARRAY(SELECT ARRAY[a.attname::text, f.relname::text, b.attname::text]"
                " FROM unnest(k.conkey, k.confkey) WITH ORDINALITY AS x (own, theirs, place)"
                " JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = x.own"
                " JOIN pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = x.theirs ORDER BY x.place)"
                " FROM pg_constraint AS k JOIN pg_class AS f ON f.oid = k.confrelid"
                " WHERE k.contype = 'f' AND k.conrelid = %(table)s::regclass",
                name,
            )
            tables[name] = {
                "columns": [(column, SAME_TYPES[kind], required) for column, kind, required, _ in columns],
                "key": next(names for _, _, _, primary, names in indexes if primary),
                "references": sorted([tuple(column) for column in rows] for (rows,) in references),
                "indexes": {
                    index: (unique, partial, names) for index, unique, partial, primary, names in indexes if not primary
                },
                "checks": ask(
                    "SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid = %(table)s::regclass", name
                )[0][0],
                "triggers": sorted(
                    (trigger, "DELETE" if "BEFORE DELETE" in text else "UPDATE", *re.findall("'(.*)'", text))
                    for trigger, text in ask(
                        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger"
                        " WHERE tgrelid = %(table)s::regclass AND NOT tgisinternal",
                        name,
                    )
                    if "BEFORE TRUNCATE" not in text
                ),
            }
    return tables


def test_both_engines_have_the_same_tables(new_url: NewUrl, tmp_path: Path) -> None:
    """Tables, columns in their order, types, nullability, keys, references, indexes, checks and triggers."""
    migrate(f"sqlite:///{tmp_path}/clinic.db")
    here, there = in_sqlite(tmp_path / "clinic.db"), in_postgresql(new_url())
    assert here.keys() == there.keys()
    for table in here:
        assert here[table] == there[table], table


def test_what_refuses_to_lose_rows_refuses_to_be_emptied(new_url: NewUrl) -> None:
    """On PostgreSQL a table can be emptied past the triggers of its rows; not one of these."""
    url = new_url()
    with psycopg.connect(url, autocommit=True) as server:
        for table, described in in_postgresql(url).items():
            if any(event == "DELETE" for _, event, *_ in described["triggers"]):
                with pytest.raises(psycopg.IntegrityError, match="never erased"):
                    server.execute(f"TRUNCATE {table} CASCADE".encode())
