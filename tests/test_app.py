"""What the application sees to before it serves."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from bodymap.app import create_app
from bodymap.config import Settings
from bodymap.service.exchange import ExportedSession
from bodymap.service.links import Ticket
from bodymap.words.catalogue import Catalogue


def test_no_type_is_first_decoded_into_by_two_threads_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every struct is prepared while there is one thread: two that prepared one could end the process."""
    prepared: set[Any] = set()
    original = msgspec.json.Decoder

    def decoder(kind: Any) -> Any:
        made = original(kind)
        prepared.add(kind)
        return made

    monkeypatch.setattr(msgspec.json, "Decoder", decoder)
    create_app(Settings(database=f"sqlite:///{tmp_path / 'x.db'}"))
    assert {Catalogue, ExportedSession, Ticket} <= prepared

    def below(kind: type[msgspec.Struct]) -> set[type[msgspec.Struct]]:
        return {found for derived in kind.__subclasses__() for found in {derived, *below(derived)}}

    ours = {kind for kind in below(msgspec.Struct) if kind.__module__.startswith("bodymap.")}
    assert {kind.__name__ for kind in ours - prepared} == {"Answer"}
