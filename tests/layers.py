"""The walls of the house: which part may import which."""

# Lowest first; what stands in one set never imports the other members of it.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"", "resources", "errors", "ids", "logs", "words"}),
    frozenset({"config", "decoding", "threads", "atlas"}),
    frozenset({"charting", "artwork", "education"}),
    frozenset({"storage", "rendering", "screening"}),
    frozenset({"service"}),
    frozenset({"api", "demo"}),
    frozenset({"app"}),
    frozenset({"cli"}),
    frozenset({"__main__"}),
)
