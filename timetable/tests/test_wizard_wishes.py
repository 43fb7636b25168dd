"""How far each wish is fulfilled, and on which days it isn't."""

import pytest

from timetable.tests.wizard import at, best, offer, option
from timetable.wizard.generate import generate
from timetable.wizard.problem import Group
from timetable.wizard.wishes import FreeDays, Lunch, MaxGap, NoneAfter, NoneBefore, Professor, Rating


def judge(wish, *meetings, fixed=()):
    """How far a timetable of one lecture fulfils a wish, and the days against it."""
    (proposal,) = generate(offer([option(*meetings)], meetings=fixed), (wish,), limit=1).proposals
    (reason,) = proposal.reasons
    assert proposal.score == pytest.approx(100 * reason.fulfilled)
    return reason.fulfilled, reason.against


def test_free_days():
    friday, any_two = FreeDays(1, (5,), 1), FreeDays(1, (1, 2, 3), 2)
    assert judge(friday, at(1, 9, 10)) == (1, ())
    assert judge(friday, at(5, 9, 10)) == (0, (5,))
    assert judge(any_two, at(1, 9, 10)) == (1, (1,))
    assert judge(any_two, at(1, 9, 10), at(3, 9, 10)) == (0.5, (1, 3))
    assert judge(any_two, *(at(day, 9, 10) for day in (1, 2, 3))) == (0, (1, 2, 3))


def test_none_before():
    ten = NoneBefore(1, 600)
    assert judge(ten, at(1, 10, 11)) == (1, ())
    assert judge(ten, at(1, 9, 10), at(1, 8, 9), at(3, 9, 11)) == (0.6, (1, 3))
    assert judge(ten, *(at(day, 9, 10) for day in range(1, 8))) == (0, (1, 2, 3, 4, 5, 6, 7))


def test_none_after():
    six = NoneAfter(1, 1080)
    assert judge(six, at(1, 17, 18)) == (1, ())
    assert judge(six, at(1, 17, 19), at(2, 18, 19), at(3, 9, 10)) == (0.6, (1, 2))


def test_lunch():
    lunch = Lunch(1, 690, 810, 60)
    assert judge(lunch, at(1, 9, 12), at(2, 12, 13), at(3, 13, 15)) == (0.8, (2,))
    assert judge(lunch, at(1, 12, 15)) == (0.8, (1,))
    assert judge(Lunch(1, 660, 840, 60), at(1, 10, 12), at(1, 13, 15)) == (1, ())
    assert judge(Lunch(1, 660, 840, 60), at(1, 11, 12), at(1, 13, 14)) == (1, ())
    assert judge(Lunch(1, 660, 840, 61), at(1, 11, 12), at(1, 13, 14)) == (0.8, (1,))


def test_max_gap():
    hour = MaxGap(1, 60)
    assert judge(hour, at(1, 9, 10), at(1, 11, 12)) == (1, ())
    assert judge(hour, at(1, 9, 10), at(1, 12, 13), at(2, 9, 10), at(3, 9, 10), at(3, 15, 16)) == (
        0.6,
        (1, 3),
    )
    assert judge(hour, at(1, 9, 15), at(1, 10, 11), at(1, 16, 17)) == (1, ())


def test_a_gap_is_filled_by_another_lecture():
    split, filler, elsewhere = (
        option(at(1, 9, 10), at(1, 15, 16)),
        option(at(1, 11, 14)),
        option(at(2, 9, 10)),
    )
    assert best([split], [elsewhere, filler], wishes=(MaxGap(1, 60),), limit=1) == [{split, filler}]


def test_what_meets_in_some_weeks_counts_as_if_it_met_in_all():
    assert judge(FreeDays(1, (5,), 1), at(5, 9, 10, 3, 3)) == (0, (5,))
    weeks = at(1, 9, 10, 1, 8), at(1, 15, 16, 9, 16)
    assert judge(MaxGap(1, 60), *weeks) == (0.8, (1,))


def test_what_is_fixed_counts_for_days():
    assert judge(FreeDays(1, (5,), 1), at(1, 9, 10), fixed=(at(5, 9, 10),)) == (0, (5,))
    assert judge(MaxGap(1, 60), at(1, 9, 10), fixed=(at(1, 12, 13),)) == (0.8, (1,))


def test_professors_are_counted_of_as_many_as_each_group_can_have():
    kim, lee, choi = (option(professors=frozenset([name])) for name in ("kim", "lee", "choi"))
    both = option(professors=frozenset(["kim", "lee"]))
    wish = Professor(1, frozenset(["kim", "lee"]))
    groups = [kim, choi], [lee, option()], [option(), option()], Group((both, option()), 2)
    (proposal,) = generate(offer(*groups), (wish,), limit=1).proposals
    (reason,) = proposal.reasons
    assert (reason.fulfilled, reason.count, reason.most) == (1, 3, 3)
    (alone,) = generate(offer([choi], *groups[1:]), (wish,), limit=1).proposals
    assert alone.reasons[0].most == 2


def test_a_professor_who_teaches_nothing_on_offer_fulfils_nothing():
    (proposal,) = generate(offer([option()]), (Professor(1, frozenset(["kim"])),), limit=1).proposals
    assert (proposal.score, proposal.reasons[0].fulfilled, proposal.reasons[0].most) == (0, 0, 0)


def test_two_sections_of_a_subject_by_a_professor_count_once():
    sections = [option(subject="A", professors=frozenset(["kim"])) for _ in range(2)]
    group = Group((*sections, option()), 2)
    (proposal,) = generate(offer(group), (Professor(1, frozenset(["kim"])),), limit=1).proposals
    assert (proposal.score, proposal.reasons[0].most) == (100, 1)


def test_the_rating_is_the_mean_and_without_reviews_in_the_middle():
    rated = [option(rating=rating) for rating in (100, 500, 0)]
    (proposal,) = generate(offer(*([one] for one in rated)), (Rating(1),), limit=1).proposals
    assert proposal.score == pytest.approx(50)
    (proposal,) = generate(offer([rated[1]]), (Rating(1),), limit=1).proposals
    assert proposal.score == 100


def test_weights_are_weighed():
    monday, friday = option(at(1, 9, 10)), option(at(5, 9, 10))
    wishes = FreeDays(3, (5,), 1), FreeDays(1, (1,), 1)
    first, second = generate(offer([friday, monday]), wishes, limit=2).proposals
    assert (first.options[0][1], first.score) == (monday, 75)
    assert (second.options[0][1], second.score) == (friday, 25)


def test_a_wish_that_is_there_twice_counts_twice():
    monday, friday = option(at(1, 9, 10)), option(at(5, 9, 10))
    free = FreeDays(2, (1,), 1)
    (proposal,) = generate(offer([monday, friday]), (FreeDays(3, (5,), 1), free, free), limit=1).proposals
    assert (proposal.options[0][1], round(proposal.score, 2)) == (friday, 57.14)
