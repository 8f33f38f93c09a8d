"""Receipts: what is stored of an answer for its Idempotency-Key, and the repeated answer."""

from typing import cast

from bodymap.api.operation import Answer, Call
from bodymap.api.session_answers import body_again
from bodymap.storage.receipts import Receipt, Reference
from bodymap.storage.transaction import Transaction


def receipt_of(fingerprint: str, answer: Answer) -> Receipt:
    """The receipt of an answer: it refers to the version from which the body was made, or else has the body."""
    headers = (("Content-Type", answer.media_type), *answer.headers)
    body = answer.refers_to if answer.refers_to is not None else cast(bytes, answer.body)
    return Receipt(fingerprint=fingerprint, status=answer.status, headers=headers, body=body)


def answer_again(call: Call, tx: Transaction, receipt: Receipt) -> Answer:
    """The answer of a receipt, given again."""
    (_, media_type), *headers = receipt.headers
    body = body_again(call, tx, receipt.body) if isinstance(receipt.body, Reference) else receipt.body
    return Answer(status=receipt.status, media_type=media_type, headers=tuple(headers), body=body, replayed=True)
