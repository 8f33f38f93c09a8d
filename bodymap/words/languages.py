"""Which languages there are: one for each catalogue file, English first."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

LOCALES = Path(__file__).with_name("locales")
LANGUAGES: tuple[str, ...] = tuple(
    sorted((path.stem for path in LOCALES.glob("*.toml")), key=lambda name: (name != "en", name))
)

if TYPE_CHECKING:
    Language = str
else:
    # What a caller can ask for, in the schemas too, follows from the files.
    Language = Literal[LANGUAGES]
