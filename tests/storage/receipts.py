"""A receipt to keep."""

from bodymap.storage.receipts import Receipt

RECEIPT = Receipt(
    fingerprint="5f" * 32,
    status=201,
    headers=(("location", "/v1/sessions/1"), ("etag", '"1"'), ("x-odd", "é\u2028")),
    body=bytes(range(256)),
)
