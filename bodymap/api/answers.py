"""Examples of answers, by operation. The OpenAPI document shows them; tests compare them with what is answered."""

from pathlib import Path
from typing import Any

import msgspec

_KEPT: dict[str, Any] = msgspec.json.decode(Path(__file__).with_name("answers.json").read_bytes())
_REFUSED = "refused"
ANSWERS = {name: answer for name, answer in _KEPT.items() if name != _REFUSED}
PROBLEM: Any = _KEPT.get(_REFUSED)

SVG_EXAMPLE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 970" role="img">…</svg>'
