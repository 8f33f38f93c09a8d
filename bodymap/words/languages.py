"""The languages: one for each catalogue file, English first."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

LOCALES = Path(__file__).with_name("locales")
LANGUAGES: tuple[str, ...] = tuple(
    sorted((path.stem for path in LOCALES.glob("*.toml")), key=lambda name: (name != "en", name))
)

if TYPE_CHECKING:
    Language = str
else:
    # The languages that a caller can choose, in the schemas too, follow from the files.
    Language = Literal[LANGUAGES]
