"""The walls of the house: which part may import which."""

# Lowest first; what stands in one set never imports the other members of it.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"", "resources", "errors", "ids", "logs", "words"}),
    frozenset({"config", "decoding", "threads", "atlas"}),
    frozenset({"artwork", "education"}),
    frozenset({"screening"}),
    frozenset({"charting"}),
    frozenset({"storage", "rendering", "fhir"}),
    frozenset({"service", "pages"}),
    frozenset({"api", "demo"}),
    frozenset({"app"}),
    frozenset({"cli"}),
    frozenset({"__main__"}),
)

# The steps of a placement in charting, from what was stated to what lies there, first to last.
STEPS: tuple[frozenset[str], ...] = (
    frozenset({"new_versions"}),
    frozenset({"placement_record"}),
    frozenset({"rules", "trigger_point", "perimeter"}),
    frozenset({"whole_muscles"}),
    frozenset({"resolution"}),
    frozenset({"needle_way"}),
    frozenset({"place_flags", "side_of_point"}),
    frozenset({"flags"}),
    frozenset({"placement"}),
)

# The rooms of rendering, lowest first, as above. What several rooms stand on is modules on the ground.
ROOMS: tuple[frozenset[str], ...] = (
    frozenset({"ground"}),
    frozenset({"look"}),
    frozenset({"output"}),
    frozenset({"wording"}),
    frozenset({"marks", "frame"}),
    frozenset({"audience"}),
    frozenset({"body"}),
    frozenset({"chart", "comparison", "course", "legend"}),
)
GROUND = frozenset(
    {
        "blocks",
        "boxes",
        "faces",
        "focus",
        "options",
        "panels",
        "plain_session",
        "regions",
        "scene",
        "text_metrics",
        "treated",
    }
)
