"""Label columns as pure geometry: apart, inside, uncrossed, the same each time."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bodymap.rendering.boxes import around
from bodymap.rendering.marks.callouts import Column, Wanted, crossing, stand
from bodymap.rendering.marks.leaders import Tied, crossed, hidden, lead

LEFT = Column("left", 100, 0, 600)
RIGHT = Column("right", 500, 0, 600)
GAP, TIE = 6.0, 5.0

marks = st.lists(
    st.tuples(st.floats(110, 490), st.floats(0, 600), st.floats(10, 60)),
    max_size=16,
).map(lambda found: [Wanted(number, *each) for number, each in enumerate(found, 1)])


@given(marks)
def test_labels_stand_apart_and_leaders_do_not_cross(wanted: list[Wanted]) -> None:
    """Labels keep their gap within the column, and no leader of either column crosses another."""
    standing = stand(wanted, (LEFT, RIGHT), 300, GAP, TIE)
    if standing is None:
        assert sum(want.height for want in wanted) > 500
        return
    heights = {want.key: want.height for want in wanted}
    places = {want.key: (want.x, want.y) for want in wanted}
    assert sorted(label.key for label in standing) == sorted(heights)
    for label in standing:
        assert label.top >= -1e-6
        assert label.top + heights[label.key] <= 600 + 1e-6
    for a, b in combinations(standing, 2):
        if a.edge == b.edge:
            upper, lower = sorted((a, b), key=lambda label: label.top)
            assert upper.top + heights[upper.key] + GAP <= lower.top + 1e-6
        assert not crossing((a.tie, places[a.key]), (b.tie, places[b.key]))


@given(marks, st.randoms())
def test_order_of_marks_does_not_matter(wanted: list[Wanted], dice: object) -> None:
    """The same marks in another order stand in the same places."""
    shuffled = list(wanted)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = (stand(each, (LEFT, RIGHT), 300, GAP, TIE) for each in (wanted, shuffled))
    assert (first and sorted(first, key=lambda s: s.key)) == (second and sorted(second, key=lambda s: s.key))


def test_labels_stand_at_their_marks_where_there_is_room() -> None:
    """A label alone has a level leader, and a mark goes to the column on its own side."""
    wanted = [Wanted(1, 150, 300, 30), Wanted(2, 450, 100, 30)]
    standing = stand(wanted, (LEFT, RIGHT), 300, GAP, TIE)
    assert standing is not None
    assert [(s.edge, s.tie) for s in standing] == [("left", (100, 300)), ("right", (500, 100))]


def test_a_full_column_gives_to_the_other() -> None:
    """Twenty marks on one side share both columns; a hundred do not fit at all."""
    crowd = [Wanted(number, 150 + number, 10.0 * number, 40) for number in range(20)]
    standing = stand(crowd, (LEFT, RIGHT), 300, GAP, TIE)
    assert standing is not None
    assert {s.edge for s in standing} == {"left", "right"}
    assert stand([Wanted(number, 150, 10, 40) for number in range(100)], (LEFT, RIGHT), 300, GAP, TIE) is None


@given(marks)
def test_leaders_bend_only_to_be_seen(wanted: list[Wanted]) -> None:
    """Leaders do not cross, bent or not; what bends was hidden and is no more, and the rest stays straight."""
    standing = stand(wanted, (LEFT, RIGHT), 300, GAP, TIE) or []
    places = {want.key: (want.x, want.y) for want in wanted}
    tied = [Tied(label.key, label.tie, places[label.key], 9) for label in standing]
    covered = [(key, around(*at, 8)) for key, at in places.items()]
    leaders = lead(tied, covered)
    for one, two in combinations(leaders, 2):
        assert not crossed(one, two)
    straight = [lead([each], [])[0] for each in tied]
    for each, leader, before in zip(tied, leaders, straight, strict=True):
        others = [around(*at, 6.5) for key, at in places.items() if key != each.key]
        assert leader == before or (len(leader) == 3 and hidden(before, others) and not hidden(leader, others))
    assert lead(tied, covered) == leaders


def test_a_leader_bends_around_the_mark_before_its_own() -> None:
    """Of two marks side by side, the leader of the further one does not pass under the nearer one."""
    tied = [Tied(1, (100, 320), (200, 300), 9), Tied(2, (100, 285), (221, 300), 9)]
    covered = [(1, around(200, 300, 8)), (2, around(221, 300, 8))]
    first, second = lead(tied, covered)
    assert len(first) == 2
    assert len(second) == 3
    assert not hidden(second, [around(200, 300, 8)])
