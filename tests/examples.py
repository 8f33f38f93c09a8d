"""How many examples a property is tried with, beside what the profile says (tests/conftest.py)."""

from hypothesis import settings

# Where an example costs next to nothing and a miss would harm somebody: sides, lungs, what strangers send.
THOROUGHLY = settings(max_examples=4 * settings().max_examples)
