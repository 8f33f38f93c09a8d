"""The chart of a session as a DocumentReference and the Binary that holds its bytes."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from hashlib import sha1
from typing import Any, NamedTuple

from bodymap.fhir.issues import Issue, Report
from bodymap.fhir.narrative import narrative
from bodymap.fhir.procedures import subject_of
from bodymap.fhir.references import reference
from bodymap.fhir.terms import DOCUMENT, coding, concept
from bodymap.fhir.times import period_of

Resource = dict[str, Any]
Native = Mapping[str, Any]

SVG = "image/svg+xml"
_NULL_FLAVOR = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
_US_CATEGORY = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category"
_ACTIVE = (b"<script", b"<foreignobject", b"javascript:", b" onload", b" onclick", b" onerror", b" onmouseover")


class Chart(NamedTuple):
    """The drawn chart of a version of a session: its bytes, when that version was made, and the language."""

    svg: bytes
    drawn_at: str
    lang: str = "en"


def binary_id(session_id: str, version: int) -> str:
    """The id of the Binary with the chart of a version."""
    return f"{session_id}-chart-{version}"


def document_reference(session: Native, chart: Chart, base: str) -> Resource:
    """The DocumentReference of a session's chart; `base` is the address of the FHIR service."""
    encounter, performer = session.get("encounter"), session.get("performer")
    period = period_of(session)
    return {
        "resourceType": "DocumentReference",
        "id": f"{session['id']}-chart",
        "text": narrative("Annotated body chart of the session (SVG)"),
        "status": "entered-in-error" if session["status"] == "voided" else "current",
        "docStatus": "final" if session["status"] == "signed" else "preliminary",
        # US Core wants a type of LOINC or that there is none.
        "type": concept(
            "Annotated body chart",
            coding(DOCUMENT, "body-chart", "Annotated body chart"),
            coding(_NULL_FLAVOR, "UNK", "unknown"),
        ),
        "category": [concept("Clinical note", coding(_US_CATEGORY, "clinical-note", "Clinical Note"))],
        "subject": subject_of(session),
        "date": chart.drawn_at,
        **({"author": [reference(performer)]} if performer else {}),
        "description": "Where the needles went, on reference anatomy",
        "content": [
            {
                "attachment": {
                    "contentType": SVG,
                    "language": chart.lang,
                    "url": f"{base}/Binary/{binary_id(session['id'], session['version'])}",
                    "size": len(chart.svg),
                    "hash": digest(chart.svg),
                    "title": "Dry needling chart",
                    "creation": chart.drawn_at,
                }
            }
        ],
        "context": {
            **({"encounter": [reference(encounter)]} if encounter else {}),
            **({"period": period} if period else {}),
            "related": [{"reference": f"Procedure/{session['id']}"}],
        },
    }


def binary(session_id: str, version: int, svg: bytes) -> Resource:
    """The Binary of a chart, for who does not ask for the SVG itself."""
    made = {"resourceType": "Binary", "id": binary_id(session_id, version), "contentType": SVG}
    return {**made, "data": b64encode(svg).decode()}


def digest(content: bytes) -> str:
    """The hash of an Attachment: SHA-1 in base64, as R4 has it; it finds slips, it protects nothing."""
    return b64encode(sha1(content, usedforsecurity=False).digest()).decode()


def check_attachments(document: Native, at: str, report: Report) -> None:
    """Reports attachments whose size or hash is not that of their data, and SVG with active content."""
    for index, content in enumerate(document.get("content") or ()):
        attachment = content.get("attachment") if isinstance(content, Mapping) else None
        if not isinstance(attachment, Mapping) or not isinstance(attachment.get("data"), str):
            continue
        where = f"{at}.content[{index}].attachment"
        try:
            data = b64decode(attachment["data"], validate=True)
        except NotBase64:
            report(Issue(f"{where}.data", "structure", "data is base64."))
            continue
        if "hash" in attachment and attachment["hash"] != digest(data):
            report(Issue(f"{where}.hash", "value", f"The data has the hash {digest(data)} (SHA-1, base64)."))
        if "size" in attachment and attachment["size"] != len(data):
            report(Issue(f"{where}.size", "value", f"The data has {len(data)} bytes."))
        if attachment.get("contentType") == SVG and any(each in data.lower() for each in _ACTIVE):
            report(Issue(where, "business-rule", "An SVG with active content is not taken."))
