"""Finding regions by what clinicians type."""

import pytest

from bodymap.atlas import load_atlas
from bodymap.atlas.labels import labels
from bodymap.atlas.search import plain
from bodymap.errors import UnknownRegion, UnknownView

ATLAS = load_atlas()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("upper traps", ["trapezius-descending"]),
        ("Upper-Traps", ["trapezius-descending"]),
        ("QL", ["quadratus-lumborum"]),
        ("RHOMBOID", ["rhomboid-major", "rhomboid-minor"]),
        ("rhomboids", ["rhomboid-major", "rhomboid-minor"]),
        ("trapezius descending", ["trapezius-descending"]),
        ("descending trapezius", ["trapezius-descending"]),
        ("M. trapezius, pars descendens", ["trapezius-descending"]),
        ("trapézius", ["trapezius-descending", "trapezius-transverse", "trapezius-ascending"]),
        ("A04.3.01.002", ["trapezius-descending"]),
        ("fma32557", ["trapezius-descending"]),
        ("32557", ["trapezius-descending"]),
        ("UBERON:0005461", ["levator-scapulae"]),
        ("splenius colli", ["splenius-cervicis"]),
        ("  ", [region.id for region in ATLAS.regions]),
        ("gallbladder", []),
        ("%", []),
        ("Musculus trapezius", ["trapezius-descending", "trapezius-transverse", "trapezius-ascending"]),
        ("supraspinatus muscle", ["supraspinatus"]),
        ("Trapezmuskel", ["trapezius-descending", "trapezius-transverse", "trapezius-ascending"]),
        ("Treppenmuskel", ["scalenus-anterior", "scalenus-medius", "scalenus-posterior"]),
        ("Trepenmuskel", ["scalenus-anterior", "scalenus-medius", "scalenus-posterior"]),
        ("levator scapulæ", ["levator-scapulae"]),
        ("levater scapule", ["levator-scapulae"]),
        ("\N{SYRINGE}", []),
        ("infra spinatus", ["infraspinatus"]),
        ("sub-scapularis muscle", ["subscapularis"]),
        ("levatorscapulae", ["levator-scapulae"]),
        ("rotator cuff", ["supraspinatus", "infraspinatus", "teres-minor", "subscapularis"]),
        ("Rotatorenmanschette", ["supraspinatus", "infraspinatus", "teres-minor", "subscapularis"]),
        ("coiffe", ["supraspinatus", "infraspinatus", "teres-minor", "subscapularis"]),
        ("gmed", ["gluteus-medius"]),
        ("LT", ["trapezius-ascending"]),
        ("Oberer Trapezius", ["trapezius-descending"]),
        ("Schulterblattheber", ["levator-scapulae"]),
        ("großer Gesäßmuskel", ["gluteus-maximus"]),
        ("Multifidusmuskel", ["multifidus-lumborum", "multifidus-cervicis", "multifidus-thoracis"]),
    ],
)
def test_what_is_typed_finds_what_is_meant(query: str, found: list[str]) -> None:
    """Case, accents, hyphens, order of words, aliases, Latin and codes all lead to the region."""
    assert [region.id for region in ATLAS.find_regions(q=query)] == found


def test_the_best_match_comes_first() -> None:
    """A whole name comes before names that merely begin with or contain it."""
    assert ATLAS.find_regions(q="infra")[0].id == "infraspinatus"
    assert ATLAS.find_regions(q="supra")[0].id == "supraspinatus"
    assert ATLAS.find_regions(q="scalenus anterior")[0].id == "scalenus-anterior"


@pytest.mark.parametrize(
    ("query", "first", "others"),
    [
        ("paraspinal", "multifidus-lumborum", {"longissimus-thoracis", "semispinalis-capitis", "rotatores"}),
        ("Rückenstrecker", "longissimus-capitis", {"iliocostalis-lumborum", "spinalis-thoracis"}),
        ("serratus", "serratus-anterior", {"serratus-posterior-superior", "serratus-posterior-inferior"}),
        ("multifidi", "multifidus-lumborum", {"multifidus-cervicis", "multifidus-thoracis"}),
    ],
)
def test_what_several_are_called_lists_the_commonest_first(query: str, first: str, others: set[str]) -> None:
    """The name of a group finds its members, and of what shares a name the one that is mostly meant comes first."""
    found = [region.id for region in ATLAS.find_regions(q=query)]
    assert found[0] == first
    assert others < set(found)


@pytest.mark.parametrize(
    ("query", "absent"),
    [
        ("calf", ["calf"]),
        ("Calves", ["calf"]),
        ("Wade", ["calf"]),
        ("gemelos", ["calf"]),
        ("mollets", ["calf"]),
        ("hamstring", ["hamstrings"]),
        ("biceps femoris", ["hamstrings"]),
        ("forearm", ["forearm-extensors", "forearm-flexors"]),
        ("avant-bras", ["forearm-extensors", "forearm-flexors"]),
        ("quads", ["quadriceps"]),
        ("hand", ["hand-intrinsics"]),
        ("Wadenmuskel", ["calf"]),
        ("piriformis", []),
        ("gallbladder", []),
        ("", []),
    ],
)
def test_what_the_atlas_does_not_show_is_known_as_that(query: str, absent: list[str]) -> None:
    """Muscles beyond the plates are named in four languages; nothing is found or suggested in their place."""
    assert [label.id for label in ATLAS.absent(query)] == absent
    if absent:
        assert ATLAS.find_regions(q=query) == []
        assert ATLAS.suggest(query) == []


@pytest.mark.parametrize("query", ["plantar fascia", "gallbladder", "knee", "Oberschenkel"])
def test_what_nothing_is_called_is_not_guessed(query: str) -> None:
    """Words that no region is nearly called suggest none."""
    assert ATLAS.find_regions(q=query) == []
    assert ATLAS.suggest(query) == []


@pytest.mark.parametrize(
    ("query", "muscles"),
    [
        ("rotator cuff", ["rotator-cuff"]),
        ("glutes", ["gluteals"]),
        ("traps", ["trapezius"]),
        ("paraspinals", ["paraspinals"]),
        ("Rückenstrecker", ["erector-spinae"]),
        ("piriformis", []),
        ("calf", []),
        ("", []),
    ],
)
def test_groups_are_found_by_their_names(query: str, muscles: list[str]) -> None:
    """The muscles of several regions and the groups have their own ids, which a placement may state."""
    assert ATLAS.named(query) == muscles


def test_a_group_is_there_only_as_a_whole() -> None:
    """Every group of the atlas has all of its members; one that lacks a member is no group of this atlas."""
    regions = {region.id for region in ATLAS.regions}
    for label in labels():
        if label.kind in ("muscle", "group"):
            known = ATLAS.muscles.get(label.id)
            assert (known is not None) == (set(label.members) <= regions), label.id
            assert known is None or set(known.regions) == set(label.members)
    assert ATLAS.muscles.groups.isdisjoint({region.muscle for region in ATLAS.regions})


def test_labels_name_no_unknown_muscle() -> None:
    """Every row has its label and its search terms in four languages, and the members of a group are regions."""
    rows = labels()
    known = {label.id for label in rows if label.kind == "region"}
    assert {region.id for region in ATLAS.regions} <= known
    assert len({label.id for label in rows}) == len(rows)
    for label in rows:
        assert set(label.names) == {"en", "de", "es", "fr"}
        assert all(label.names.values()), label.id
        assert set(label.members) <= known
        assert bool(label.members) == (label.kind != "absent")


def test_every_region_is_found_by_its_id_its_names_its_aliases_and_its_own_codes() -> None:
    """Nothing the manifest says of a region is lost to the search."""
    for region in ATLAS.regions:
        names = filter(None, (region.id, region.names.en, region.names.la, *region.aliases))
        own = (code.code for code in region.codes if code.relation == "own")
        for query in (*names, *own):
            assert region in ATLAS.find_regions(q=query), query


def test_filters_combine() -> None:
    """Group, muscle, view, layer and side each narrow the list, and all of them must fit."""
    parts = ["trapezius-descending", "trapezius-transverse", "trapezius-ascending"]
    assert [r.id for r in ATLAS.find_regions(muscle="trapezius")] == parts
    assert [r.id for r in ATLAS.find_regions(muscle="trapezius", group="neck")] == parts[:1]
    deep = ATLAS.find_regions(view="posterior", layer="deepest")
    assert {"multifidus-lumborum", "rotatores"} <= {r.id for r in deep}
    assert all(r.layers["posterior"] == "deepest" for r in deep)
    assert ATLAS.find_regions(view="left", side="right") == []
    assert ATLAS.find_regions(side="midline") == []
    assert ATLAS.find_regions(group="nowhere") == []
    assert len(ATLAS.find_regions(side="left")) == len(ATLAS.regions)
    with pytest.raises(UnknownView):
        ATLAS.find_regions(view="above")  # type: ignore[arg-type]


def test_a_muscle_is_not_a_place() -> None:
    """Asking for a muscle or a group as a region names the regions that could be meant."""
    with pytest.raises(UnknownRegion, match="trapezius-transverse") as caught:
        ATLAS.region("trapezius")
    assert len(caught.value.facts["regions"]) == 3
    with pytest.raises(UnknownRegion, match="masseter"):
        ATLAS.region("head")
    with pytest.raises(UnknownRegion, match="no region"):
        ATLAS.region("gallbladder")
    assert ATLAS.muscle("trapezius").regions == tuple(r.id for r in ATLAS.find_regions(muscle="trapezius"))
    assert ATLAS.region("masseter").muscle == "masseter"


def test_text_is_made_plain() -> None:
    """Accents, case, ligatures of compatibility and every kind of separator go."""
    assert plain("  Élé-vàtor_SCAPULÆ ﬁ ") == "ele vator scapulæ fi"
