"""bodymap: a body-chart server for dry needling, drawn on real anatomy."""

__version__ = "0.1.0"
