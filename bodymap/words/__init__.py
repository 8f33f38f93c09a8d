"""Every sentence that a person reads, as data: a catalogue file a language, read into typed structs."""

from bodymap.words.catalogue import Catalogue, catalogue
from bodymap.words.grammar import Form, Plural
from bodymap.words.languages import LANGUAGES, Language

__all__ = ["LANGUAGES", "Catalogue", "Form", "Language", "Plural", "catalogue"]
