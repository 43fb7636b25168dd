"""Which groups are named where there is no timetable."""

from timetable.tests.wizard import at, offer, option
from timetable.wizard.conflicts import Cause, Conflict, find_conflict
from timetable.wizard.generate import generate
from timetable.wizard.problem import Group, Option

CAP = 1_000_000


def conflict(*groups, cap=CAP, **fixed):
    return find_conflict(offer(*groups, **fixed), cap=cap)


def nine(day=1):
    return option(at(day, 9, 10))


def test_groups_that_can_meet_are_no_conflict():
    assert conflict([nine(1)], [nine(2)]) is None


def test_two_groups_that_clash_are_named_and_no_others():
    assert conflict([nine(3)], [nine()], [nine(2), nine(4)], [nine()]) == Conflict((1, 3), Cause.CLASH)


def test_three_groups_of_which_any_two_can_meet_are_named_together():
    groups = [[nine(1), nine(2)] for _ in range(3)]
    assert conflict([nine(5)], *groups) == Conflict((1, 2, 3), Cause.CLASH)


def test_a_group_with_too_few_subjects_is_named_alone():
    assert conflict([nine()], []) == Conflict((1,), Cause.TOO_FEW)
    sections = tuple(option(subject="A") for _ in range(3))
    assert conflict([nine()], Group(sections, 2)) == Conflict((1,), Cause.TOO_FEW)


def test_a_group_that_clashes_with_itself_is_named_alone():
    assert conflict([nine(2)], Group((nine(), nine()), 2)) == Conflict((1,), Cause.CLASH)


def test_what_is_fixed_is_blamed_where_it_is_to_blame():
    assert conflict([nine(2)], [nine()], meetings=(at(1, 8, 12),)) == Conflict((1,), Cause.FIXED)
    assert conflict([option(subject="A")], subjects=frozenset("A")) == Conflict((0,), Cause.FIXED)
    assert conflict([nine()], [nine()], meetings=(at(2, 8, 12),)) == Conflict((0, 1), Cause.CLASH)


def test_two_groups_can_clash_because_of_what_is_fixed():
    groups = [[nine(1), nine(2)] for _ in range(2)]
    assert conflict(*groups, meetings=(at(2, 8, 12),)) == Conflict((0, 1), Cause.FIXED)


def pigeons(groups, holes):
    """Each group has ten sections in each of some hours that are fewer than the groups."""
    return [[option(at(1, 8 + n % holes, 9 + n % holes)) for n in range(10 * holes)] for _ in range(groups)]


def test_sections_at_the_same_hours_are_tried_once():
    assert conflict(*pigeons(6, 5), cap=100_000) == Conflict((0, 1, 2, 3, 4, 5), Cause.CLASH)


def test_what_takes_too_long_to_find_out_is_left_undecided():
    groups = pigeons(6, 5)
    assert conflict(*groups, cap=100) is None
    outcome = generate(offer(*groups), (), limit=1, cap=100)
    assert (outcome.proposals, outcome.is_complete, outcome.conflict) == ((), False, None)


def test_groups_that_may_not_all_be_to_blame_are_said_to_be_so():
    groups = [*pigeons(6, 5), [nine(2)], [nine(3)]]
    enough = conflict(*groups)
    assert enough == Conflict((0, 1, 2, 3, 4, 5), Cause.CLASH)
    found = [conflict(*groups, cap=cap) for cap in range(5_000, 100_000, 5_000)]
    unsure = [one for one in found if one is not None and not one.is_minimal]
    assert unsure
    assert all(set(one.groups) >= set(enough.groups) for one in unsure)


def test_a_section_that_is_hard_to_place_does_not_stand_in_for_one_that_is_easy():
    hard = Option(key=-1, subject="A", meetings=(at(1, 9, 12),))
    easy = Option(key=-2, subject="B", meetings=(at(1, 9, 10),))
    assert conflict([hard, easy], [option(at(1, 10, 12))]) is None
    assert conflict([easy, hard], [option(at(1, 10, 12))]) is None


def test_of_several_of_a_group_another_subject_does_not_stand_in():
    lectures = [nine(1), nine(2), nine(3)]
    assert conflict(Group(tuple(lectures), 3)) is None
