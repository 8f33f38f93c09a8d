"""Flags over HTTP: what each means, and what a clinic has set for it in its own words."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from bodymap.api.http.queries import InLanguage
from bodymap.api.operation import Answer, Call, Operation
from bodymap.charting.flags import CATALOGUE, ClinicLimit, FlagSource, reason, rule
from bodymap.charting.vocabulary import Name
from bodymap.decoding.member_rules import MemberRule
from bodymap.decoding.text_rules import doubt_of_text
from bodymap.errors import Missing
from bodymap.storage import limits
from bodymap.storage.transaction import Transaction
from bodymap.words import Language

# Here, unlike elsewhere, an empty text says something.
LimitText = Annotated[
    str,
    MemberRule(lambda text: doubt_of_text(text) if text else None),
    Meta(max_length=4000, description="A text of up to 4,000 characters; an empty one takes the last one back."),
]


class FlagAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a flag says, by which rule it is raised, and by which source. Its absence says nothing.

    `limit` is what this clinic has set for it, with who set it; nothing is computed from it.
    """

    code: Annotated[str, Meta(description="The flag's code, such as `over-lung-field`.")]
    reason: Annotated[str, Meta(description="Why it matters, in the language asked for.")]
    rule: Annotated[str, Meta(description="How it is decided, in the language asked for.")]
    sources: tuple[FlagSource, ...]
    limit: ClinicLimit | None


class FlagList(msgspec.Struct, frozen=True, kw_only=True):
    """Every flag; `next` is null: they come in one page."""

    items: tuple[FlagAnswer, ...]
    next: Annotated[Literal[None], Meta(description="Always null: they come in one page.")] = None


class LimitStatement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a clinic sets for a flag, and who sets it. An empty text withdraws the last one."""

    text: LimitText
    set_by: Name


def find_flags(call: Call, tx: Transaction) -> Answer:
    """What each flag means, and the clinic's limits."""
    lang: Language = call.query.lang
    clinic_limits = limits.of_tenant(tx, call.principal.tenant)
    items = tuple(
        FlagAnswer(
            code=kind.code,
            reason=reason(kind.code, lang),
            rule=rule(kind.code, lang),
            sources=kind.sources,
            limit=clinic_limits.get(kind.code),
        )
        for kind in CATALOGUE
    )
    return Answer(body=msgspec.json.encode(FlagList(items=items)))


def set_limit(call: Call, tx: Any) -> Answer:
    """Stores what the clinic sets for a flag."""
    code = call.path["flag"]
    known = [kind.code for kind in CATALOGUE]
    if code not in known:
        raise Missing(f"There is no flag {code!r}; there are {', '.join(known)}.", suggestions=known)
    stated: LimitStatement = call.body.accepted()
    limit = ClinicLimit(flag=code, text=stated.text, set_by=stated.set_by, set_at=call.backend.now())
    limits.insert(tx, call.principal.tenant, limit)
    return Answer(status=201, body=msgspec.json.encode(limit), headers=(("Location", "/v1/atlas/flags"),))


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/atlas/flags",
        id="findFlags",
        tag="Flags",
        summary="What each flag means, by which rule, on whose word, and what the clinic has set for it",
        handler=find_flags,
        scope="atlas:read",
        access="read",
        query=InLanguage,
        result=FlagList,
    ),
    Operation(
        method="POST",
        path="/v1/atlas/flags/{flag}/limits",
        id="setLimit",
        tag="Flags",
        summary="Record what the clinic sets for a flag, in its own words",
        detail="It is shown with the flag, with who set it. Nothing is computed from it.",
        handler=set_limit,
        scope="admin",
        access="write",
        body=LimitStatement,
        result=ClinicLimit,
        status=201,
    ),
)
