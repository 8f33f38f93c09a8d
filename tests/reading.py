"""Formulas for how hard a text is to read."""

import warnings

with warnings.catch_warnings():
    # It asks setuptools for a version, in a way that setuptools warns of.
    warnings.simplefilter("ignore")
    import textstat

__all__ = ["textstat"]
