"""Bulk import: line by line, each stored and answered by itself.

A session as a client would post it is stored as if it had been posted. An exported version is restored as it is, with
ids, numbers, times, signatures and charts: that is for administrators, since the service cannot check whether it is
true. One of another atlas under the same number is resolved anew, unless it was signed. What exists already is answered
as existing, so that an import that broke off can be sent again from the start.
"""

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from logging import getLogger
from typing import Protocol

import msgspec

from bodymap.charting.documents import DocumentReader
from bodymap.charting.placement import Identifier
from bodymap.charting.session import Session, SessionStatement
from bodymap.decoding import MAX_COMPLAINTS, decode
from bodymap.decoding.json_text import repeated_keys
from bodymap.decoding.walk import complaint_of
from bodymap.errors import (
    BodymapError,
    Complaint,
    Conflict,
    Forbidden,
    IdentifierTaken,
    Invalid,
    KeyReused,
    Malformed,
    TooLarge,
    Unavailable,
    UnknownSession,
)
from bodymap.service.audit import Recorder
from bodymap.service.exchange import LINE_LIMIT, ExportedSession, Line, LineAnswer, LineProblem
from bodymap.service.exported_life import doubts, doubts_of_next
from bodymap.service.principal import Principal
from bodymap.service.use_cases import UseCases
from bodymap.storage import atlas_digests, receipts, sessions, signed_charts, versions
from bodymap.storage.audit import Entry, Outcome
from bodymap.storage.database import Database
from bodymap.storage.receipts import Receipt, Reference
from bodymap.storage.transaction import Transaction
from bodymap.threads import Threads

AT_ONCE = 64
DESCRIBED = 1000
"""How many refused lines of an import are answered with their complaints. A line of two bytes would otherwise cost
hundreds, as often as a client likes.
"""
COMPLAINTS = 100
"""How many complaints the answer to one line has at most."""

_exports: DocumentReader[ExportedSession] = DocumentReader(ExportedSession)
_log = getLogger("bodymap.importing")


class Tell(Protocol):
    """Makes an audit entry about the result of one or more lines."""

    def __call__(
        self,
        outcome: Outcome,
        sessions: tuple[str, ...],
        version: int | None = None,
        problem: str | None = None,
        about: str | None = None,
    ) -> Entry: ...


class _Kind(msgspec.Struct):
    record: str | None = None


class _Drafted(msgspec.Struct, frozen=True):
    session: Session
    digest: str


_Read = _Drafted | ExportedSession | BodymapError | None


class Import:
    """One stream of lines of one client. Lines are to be given in order; it is not to be shared.

    `key` distinguishes this stream from others of the client: with it, a line without an identifier is recognised by
    its number. `statement_limit` is the longest session that may be posted, `preparing` the threads in which lines are
    read, in the client's turn.
    """

    def __init__(
        self,
        database: Database,
        use_cases: UseCases,
        recorder: Recorder,
        principal: Principal,
        tell: Tell,
        key: str | None,
        statement_limit: int,
        preparing: Threads,
    ) -> None:
        self._database = database
        self._use_cases = use_cases
        self._recorder = recorder
        self._principal = principal
        self._tell = tell
        self._key = key
        self._statement_limit = statement_limit
        self._preparing = preparing
        self._client = (principal.tenant, principal.client)
        # The version of each session that this stream created or found unchanged: only such a version can be followed.
        self._followed: dict[str, int] = {}
        self._existing: dict[str, None] = {}
        self._problem: str | None = None
        self._refusals = 0
        self._first_told = False

    async def take(self, lines: Sequence[Line]) -> list[LineAnswer]:
        """The answer to each line, in order; what was created is on disk."""
        read = await self._preparing.run(lambda: [(line, self._read(line)) for line in lines], self._client)
        answers = await asyncio.gather(*(self._unit(unit) for unit in _units(read)))
        untold = await self._record()
        # Versions of a session are adjacent, so that only those of the last one can continue in the next lines.
        last = read[-1][1] if read else None
        going_on = last.id if isinstance(last, ExportedSession) else None
        self._followed = {name: version for name, version in self._followed.items() if name == going_on}
        in_order = sorted((answer for unit in answers for answer in unit), key=lambda answer: answer.line)
        return [self._bounded(answer) if untold is None else _untold(answer, untold) for answer in in_order]

    def close(self) -> None:
        """Ends the stream, complete or not: an audit entry counts the refused lines."""
        if self._refusals > 1:
            entry = self._tell("refused", (), about=f"{self._refusals} lines")
            with suppress(BodymapError):
                self._database.hand(lambda tx: self._recorder.append(tx, [entry]))

    def _bounded(self, answer: LineAnswer) -> LineAnswer:
        """Counts a refusal; beyond the limit the answer says only that the line was refused."""
        if answer.status != "refused":
            return answer
        self._refusals += 1
        return answer if self._refusals <= DESCRIBED else LineAnswer(line=answer.line, status="refused")

    async def _record(self) -> Unavailable | None:
        """Writes the entries of lines that wrote nothing: one that names the existing sessions, and, once an import,
        one for the first refused line; `close` counts them. Returns the error if that fails.

        It is waited for, so that an import goes no faster than its entries are written.
        """
        notes: list[Entry] = []
        if self._existing:
            notes.append(self._tell("replayed", tuple(self._existing)))
            self._existing = {}
        if self._problem is not None and not self._first_told:
            notes.append(self._tell("refused", (), problem=self._problem))
            self._first_told = True
        if notes:
            try:
                await self._database.write(lambda tx: self._recorder.append(tx, notes))
            except Unavailable as error:
                return error
        return None

    async def _unit(self, unit: Sequence[tuple[Line, _Read]]) -> list[LineAnswer]:
        return [await self._answered(line, read) for line, read in unit]

    async def _answered(self, line: Line, read: _Read) -> LineAnswer:
        number = line.number
        if read is None:
            return LineAnswer(line=number, status="ignored")
        try:
            if isinstance(read, _Drafted):
                answer = await self._database.write(lambda tx: self._created(tx, number, read))
            elif isinstance(read, ExportedSession):
                answer = await self._database.write(lambda tx: self._restored(tx, number, read))
                self._followed[read.id] = read.version
            else:
                raise read
            if answer.status == "existing":
                self._existing[str(answer.id)] = None
            return answer
        except IdentifierTaken as error:
            if isinstance(read, _Drafted) and _is_same(read.session, error):
                self._existing[error.facts["session"]] = None
                return LineAnswer(line=number, status="existing", id=error.facts["session"])
            return self._refused(number, error)
        except BodymapError as error:
            return self._refused(number, error)

    def _refused(self, number: int, error: BodymapError) -> LineAnswer:
        failed = isinstance(error, Unavailable)
        if not failed and self._problem is None:
            self._problem = error.code
        return LineAnswer(line=number, status="failed" if failed else "refused", problem=problem_of(error))

    def _created(self, tx: Transaction, number: int, read: _Drafted) -> LineAnswer:
        tenant, client = self._principal.tenant, self._principal.client
        key = f"{self._key}\x1f{number}" if self._key is not None and not read.session.identifier else None
        if key is not None and (earlier := receipts.find(tx, tenant, client, key)) is not None:
            if earlier.fingerprint != read.digest:
                raise KeyReused
            session_id = earlier.body.session if isinstance(earlier.body, Reference) else earlier.body.decode()
            return LineAnswer(line=number, status="existing", id=session_id)
        session = self._use_cases.sessions.create(tx, self._principal, read.session)
        if key is not None:
            receipt = Receipt(
                fingerprint=read.digest, status=201, headers=(), body=Reference(session=session.id, version=1)
            )
            seal = self._recorder.chain.receipt_seal
            receipts.insert(tx, tenant, client, key, receipt, session.created_at, seal)
        return self._stored(tx, number, session)

    def _restored(self, tx: Transaction, number: int, line: ExportedSession) -> LineAnswer:
        tenant, session = self._principal.tenant, line.session
        if line.atlas_digest is not None:
            atlas_digests.use(tx, tenant, line.atlas, line.atlas_digest)
        before: Session | None = None
        try:
            before = sessions.get(tx, tenant, line.id)
        except UnknownSession:
            sessions.insert(tx, tenant, session, line.change)
        if before is not None:
            if versions.read(tx, tenant, line.id, line.version, line.version) == [(session, line.change)]:
                return LineAnswer(line=number, status="existing", id=line.id, version=line.version)
            if before.version >= line.version:
                raise _differs(f"The session {line.id} has a different version {line.version} here.", before)
            if self._followed.get(before.id) != before.version:
                detail = f"The session {line.id} is at version {before.version} here, which this import did not name."
                raise _differs(f"{detail} Send its earlier versions first.", before)
            if complaints := doubts_of_next(before, session):
                raise Invalid(complaints)
            sessions.replace(tx, tenant, before, session, line.change)
        if line.chart is not None:
            signed_charts.insert(tx, tenant, line.id, line.version, line.chart)
        return self._stored(tx, number, session)

    def _stored(self, tx: Transaction, number: int, session: Session) -> LineAnswer:
        self._recorder.append(tx, [self._tell("done", (session.id,), session.version)])
        return LineAnswer(line=number, status="created", id=session.id, version=session.version)

    def _read(self, line: Line) -> _Read:
        """The content of a line, or the error why it is refused. Slow: the places are resolved on the atlas."""
        try:
            return self._understood(line.content)
        except BodymapError as error:
            return error
        except Exception:
            _log.exception("unexpected error in a line")
            return Unavailable("This is not a fault of the line.")

    def _understood(self, content: bytes | None) -> _Read:
        if content is None:
            raise TooLarge(f"A line may have up to {LINE_LIMIT} bytes.", limit_bytes=LINE_LIMIT)
        if (kind := _kind_of(content)) == "audit":
            return None
        if kind is not None:
            return self._exported(content, kind)
        if len(content) > self._statement_limit:
            detail = f"A session may have up to {self._statement_limit} bytes."
            raise TooLarge(detail, limit_bytes=self._statement_limit)
        draft = decode(content, SessionStatement)
        if draft.value.copy_of is not None:
            detail = "An import takes whole sessions; copy one with POST /v1/sessions."
            raise Invalid([*draft.complaints, Complaint("/copy_of", "not-here", detail)])
        return _Drafted(self._use_cases.sessions.draft(draft), hashlib.sha256(content).hexdigest())

    def _exported(self, content: bytes, kind: str) -> ExportedSession:
        if kind != "session":
            raise Invalid([Complaint("/record", "unknown-value", "`record` is `session` or `audit`, or absent.")])
        if "admin" not in self._principal.scopes:
            raise Forbidden("To restore what was exported needs the scope admin.", scope="admin")
        if repeated := repeated_keys(content):
            raise Invalid(repeated[:MAX_COMPLAINTS])
        try:
            line = _exports.decode(content)
        except msgspec.ValidationError as error:
            at, code, detail = complaint_of(error)
            raise Invalid([Complaint(at, code, f"This differs from what was exported: {detail}")]) from None
        if complaints := doubts(line):
            raise Invalid(complaints)
        return self._use_cases.re_resolutions.imported(line)


def problem_of(error: BodymapError) -> LineProblem:
    """The problem of a refused line. Faults of the service are only logged."""
    hidden = isinstance(error, Unavailable)
    if hidden:
        _log.error("%s: %s", error.code, error.detail)
    return LineProblem(
        type=f"urn:bodymap:problem:{error.code}",
        title=error.title,
        detail=f"{error.title}. Send the line again." if hidden else error.detail,
        errors=error.complaints[:COMPLAINTS] if isinstance(error, Invalid) else (),
    )


def _units(read: Sequence[tuple[Line, _Read]]) -> list[list[tuple[Line, _Read]]]:
    """Lines in units that must be stored one after another: those of one session, and those that claim one identifier,
    which the first gets. Different units may be stored at once.
    """
    units: list[list[tuple[Line, _Read]]] = []
    homes: dict[str | Identifier, list[tuple[Line, _Read]]] = {}
    for line, read_line in read:
        names: tuple[str | Identifier, ...] = ()
        if isinstance(read_line, ExportedSession):
            names = (read_line.id, *_identifiers(read_line))
        elif isinstance(read_line, _Drafted):
            names = tuple(_identifiers(read_line.session))
        unit = next((homes[name] for name in names if name in homes), None)
        if unit is None:
            unit = []
            units.append(unit)
        unit.append((line, read_line))
        homes.update((name, unit) for name in names)
    return units


def _identifiers(session: Session) -> Iterator[Identifier]:
    yield from session.identifier
    for placement in session.placements:
        yield from placement.identifier


def _is_same(session: Session, error: IdentifierTaken) -> bool:
    """Whether a session exists already: the conflicting identifier is its own, and not that of a placement."""
    taken = Identifier(**error.facts["identifier"])
    return "placement" not in error.facts and taken in session.identifier


def _untold(answer: LineAnswer, error: Unavailable) -> LineAnswer:
    """The answer to a line whose audit entry could not be written: it has to be sent again."""
    if answer.status not in ("existing", "refused"):
        return answer
    return LineAnswer(line=answer.line, status="failed", problem=problem_of(error))


def _kind_of(content: bytes) -> str | None:
    try:
        return msgspec.json.decode(content, type=_Kind).record
    except msgspec.ValidationError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"The line cannot be read as JSON: {error}") from None


def _differs(detail: str, here: Session) -> Conflict:
    return Conflict(detail, session=here.id, version=here.version)
