"""What a patient should know about the needles, as data: texts with their sources and their review, in several
languages, and which of them what was done calls for."""
