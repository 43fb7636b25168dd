"""Which timetables there are, and when the search stops."""

from timetable.tests.wizard import at, best, chosen, offer, option
from timetable.wizard.generate import generate
from timetable.wizard.problem import Group
from timetable.wizard.wishes import FreeDays, Lunch, MaxGap, NoneBefore, Rating


def test_lectures_back_to_back_can_both_be_taken():
    first, second = option(at(1, 9, 10)), option(at(1, 10, 11))
    assert best([first], [second]) == [{first, second}]


def test_lectures_that_overlap_by_a_minute_cannot():
    first, second = option(at(1, 9, 10)), option(at(1, 9, 10), at(2, 9, 10))
    assert best([first], [second]) == []


def test_the_same_hour_of_another_day_is_free():
    first, second = option(at(1, 9, 10)), option(at(2, 9, 10))
    assert best([first], [second]) == [{first, second}]


def test_lectures_of_other_weeks_can_share_an_hour():
    first, second, both = (option(at(1, 9, 10, *weeks)) for weeks in ((1, 5), (6, 16), (5, 6)))
    assert best([first], [second]) == [{first, second}]
    assert best([first], [both]) == []
    assert best([second], [both]) == []


def test_a_lecture_of_some_weeks_clashes_with_one_of_all():
    assert best([option(at(1, 9, 10, 1, 5))], [option(at(1, 9, 10))]) == []


def test_a_lecture_may_overlap_itself_and_what_is_fixed_too():
    lecture = option(at(1, 9, 11), at(1, 10, 12))
    fixed = (at(2, 9, 11), at(2, 10, 12))
    assert best([lecture], meetings=fixed) == [{lecture}]


def test_lectures_without_times_clash_with_nothing():
    first, second = option(), option()
    assert best([first], [second], meetings=(at(1, 0, 24),)) == [{first, second}]


def test_what_is_fixed_blocks_what_it_overlaps_in_part():
    lecture = option(at(1, 9, 12))
    for start, end in ((8, 10), (10, 11), (11, 13), (8, 13)):
        assert best([lecture], meetings=(at(1, start, end),)) == []
    for start, end in ((7, 9), (12, 13)):
        assert best([lecture], meetings=(at(1, start, end),)) == [{lecture}]
    some_weeks = option(at(1, 9, 12, 3, 8))
    for first, last, free in ((1, 2, True), (1, 3, False), (5, 6, False), (8, 9, False), (9, 16, True)):
        assert best([some_weeks], meetings=(at(1, 9, 12, first, last),)) == ([{some_weeks}] if free else [])


def test_what_is_fixed_blocks_its_weeks_alone():
    early, late = option(at(1, 9, 10, 1, 5)), option(at(1, 9, 10, 6, 16))
    assert best([early, late], meetings=(at(1, 8, 24, 1, 5),)) == [{late}]


def test_sections_of_a_subject_are_taken_once_across_groups_too():
    first, second = option(subject="A"), option(subject="A")
    other = option(subject="B")
    assert best([first], [second, other]) == [{first, other}]
    assert best([first, other], subjects=frozenset("A")) == [{other}]


def test_several_of_a_group_come_in_every_set_once():
    lectures = [option() for _ in range(4)]
    found = best(Group(tuple(lectures), 2))
    assert len(found) == 6
    assert len(set(map(frozenset, found))) == 6
    assert all(len(one) == 2 for one in found)


def test_several_of_a_group_are_not_tried_in_every_order():
    """Three of six are 20 sets, with 10 ways to begin by two and 4 by one that leave enough to go on with."""
    lectures = tuple(option() for _ in range(6))
    assert generate(offer(Group(lectures, 3)), (), limit=50).nodes == 1 + 4 + 10 + 20


def test_a_set_of_lectures_that_two_groups_can_both_make_comes_once():
    first, second = option(), option()
    assert best([first, second], [first, second]) == [{first, second}]


def test_each_lecture_is_told_with_its_group():
    first, second = option(), option()
    (proposal,) = generate(offer([first], [second]), (), limit=1).proposals
    assert proposal.options == ((0, first), (1, second))


def test_a_result_that_is_pushed_out_does_not_keep_a_better_one_away():
    lectures = [option(rating=rating) for rating in (100, 200, 300, 400, 500)]
    assert best(lectures, wishes=(Rating(1),), limit=2) == [{lectures[4]}, {lectures[3]}]


def test_without_wishes_the_score_is_full():
    (proposal,) = generate(offer([option()]), (), limit=1).proposals
    assert (proposal.score, proposal.reasons) == (100, ())


# --- What the search costs


def eight_groups():
    """Eight groups of thirty sections: 6.6e11 combinations."""
    return offer(
        *(
            [option(at(1 + (n + k) % 5, 9 + (3 * n + k) % 9, 10 + (3 * n + k) % 9)) for n in range(30)]
            for k in range(8)
        )
    )


WISHES = (FreeDays(5, (5,), 1), NoneBefore(3, 600), MaxGap(2, 60))


def test_a_search_that_is_cut_short_says_so_and_keeps_what_it_found():
    some = generate(eight_groups(), WISHES, limit=50, cap=30_000)
    assert not some.is_complete
    assert some.conflict is None
    assert some.proposals
    every = generate(eight_groups(), WISHES, limit=50)
    assert every.proposals[0].score >= some.proposals[0].score


def test_a_search_visits_few_of_the_combinations():
    outcome = generate(eight_groups(), (), limit=60)
    assert len(chosen(outcome)) == 60
    assert outcome.is_complete
    assert outcome.nodes < 200


def test_sections_alike_in_all_that_counts_are_not_all_tried():
    """Lunch is lost by the last two groups together, which shows when all others have been chosen from."""
    alike = [[option() for _ in range(10)] for _ in range(5)]
    early, late = ([option(at(1, hour, hour + 1)) for _ in range(12)] for hour in (11, 12))
    outcome = generate(offer(*alike, early, late), (Lunch(1, 660, 780, 60),), limit=1)
    assert (outcome.is_complete, outcome.proposals[0].score) == (True, 80)
    assert outcome.nodes < 200


def test_the_group_with_the_fewest_options_left_comes_first():
    """The only lecture of the last group leaves the first one hour, which is its last."""
    wide = [[option(at(day, 9 + n % 9, 10 + n % 9)) for n in range(30)] for day in (1, 2, 3)]
    outcome = generate(offer(*wide, [option(at(1, 9, 17))]), (), limit=1)
    assert (outcome.is_complete, outcome.nodes) == (True, 5)


def test_ratings_that_can_no_longer_be_reached_end_a_branch():
    groups = [[option(rating=500 - 10 * n - k) for n in range(30)] for k in range(8)]
    outcome = generate(offer(*groups), (Rating(1),), limit=4)
    assert outcome.is_complete
    assert outcome.nodes < 60


def test_a_gap_that_nothing_left_can_fill_ends_a_branch():
    """All but one of the first group begin at nine, long before the only other lecture of the day."""
    early = [option(at(1, 9, 10)) for _ in range(29)]
    late = option(at(1, 16, 17))
    elsewhere = [[option(at(day, 9 + n % 9, 10 + n % 9)) for n in range(30)] for day in (2, 3, 4, 5)]
    outcome = generate(offer([*early, late], [option(at(1, 17, 18))], *elsewhere), (MaxGap(1, 60),), limit=1)
    assert (outcome.is_complete, outcome.proposals[0].score) == (True, 100)
    assert outcome.nodes < 200


def test_what_a_search_may_cost_is_its_cap():
    offered = eight_groups()
    nodes = [generate(offered, WISHES, limit=1, cap=cap).nodes for cap in (0, 1, 1_000, 2_000)]
    assert nodes[:2] == [0, 1]
    assert 1 < nodes[2] < nodes[3] < 10
