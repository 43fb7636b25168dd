"""The wizard against trying everything: an independent reading of the rules, on small offers."""

from itertools import chain, combinations, pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from timetable.times import Meeting, clash
from timetable.wizard.generate import generate
from timetable.wizard.problem import Group, Offer, Option
from timetable.wizard.wishes import FreeDays, Lunch, MaxGap, NoneAfter, NoneBefore, Professor, Rating

TRIES = settings(deadline=None)
HOURS = st.integers(8, 18)
WEEKS = st.sampled_from([(None, None), (None, None), (1, 5), (6, 16), (5, 6)])


@st.composite
def meetings(draw):
    start = draw(HOURS) * 60
    first, last = draw(WEEKS)
    return Meeting(
        draw(st.integers(1, 3)), start, start + draw(st.sampled_from([30, 60, 120])), "", first, last
    )


def options(keys):
    return st.builds(
        Option,
        key=keys,
        subject=st.sampled_from("ABCDE"),
        meetings=st.lists(meetings(), max_size=2).map(tuple),
        professors=st.frozensets(st.sampled_from("xyz"), max_size=2),
        rating=st.sampled_from([0, 100, 250, 500]),
    )


@st.composite
def groups(draw):
    several = draw(st.lists(options(st.integers(1, 6)), max_size=4, unique_by=lambda option: option.key))
    return Group(tuple(several), draw(st.sampled_from([1, 1, 2])))


@st.composite
def offers(draw):
    """A lecture is the same wherever it stands."""
    known = {}
    several = []
    for group in draw(st.lists(groups(), min_size=1, max_size=4)):
        kept = tuple(known.setdefault(option.key, option) for option in group.options)
        several.append(Group(kept, group.choose))
    fixed = draw(st.lists(meetings(), max_size=2).map(tuple))
    return Offer(tuple(several), fixed, draw(st.frozensets(st.sampled_from("AB"), max_size=1)))


WEIGHTS = st.integers(1, 10)
MINUTES = st.integers(8, 20).map(lambda hour: hour * 60)
WISHES = st.lists(
    st.one_of(
        st.builds(FreeDays, WEIGHTS, st.just((1, 2, 3)), st.integers(1, 3)),
        st.builds(NoneBefore, WEIGHTS, MINUTES),
        st.builds(NoneAfter, WEIGHTS, MINUTES),
        st.builds(Lunch, WEIGHTS, st.just(690), st.just(840), st.sampled_from([30, 60, 90])),
        st.builds(MaxGap, WEIGHTS, st.sampled_from([0, 60, 180])),
        st.builds(Professor, WEIGHTS, st.frozensets(st.sampled_from("xyz"), min_size=1, max_size=2)),
        st.builds(Rating, WEIGHTS),
    ),
    max_size=4,
)


def all_timetables(offer, numbers=None):
    """Every timetable of some groups, the same lectures once."""
    picked = [offer.groups[n] for n in (range(len(offer.groups)) if numbers is None else numbers)]
    found = {}
    for choice in product(*(combinations(group.options, group.choose) for group in picked)):
        chosen = list(chain(*choice))
        if is_timetable(chosen, offer):
            found[frozenset(option.key for option in chosen)] = chosen
    return found


def is_timetable(chosen, offer):
    subjects = [option.subject for option in chosen]
    if len(set(subjects)) < len(subjects) or offer.subjects & set(subjects):
        return False
    blocks = [offer.meetings, *(option.meetings for option in chosen)]
    return not any(clash(one, other) for one, other in combinations(blocks, 2))


def days_of(chosen, offer):
    """The minutes of each weekday that are taken."""
    days = {weekday: set() for weekday in range(1, 8)}
    for meeting in chain(offer.meetings, *(option.meetings for option in chosen)):
        days[meeting.weekday] |= set(range(meeting.start, meeting.end))
    return days


def longest_gap(taken):
    ordered = sorted(taken)
    return max((later - one - 1 for one, later in pairwise(ordered)), default=0)


def has_lunch(taken, wish):
    return any(
        not taken & set(range(start, start + wish.minutes))
        for start in range(wish.start, wish.end - wish.minutes + 1)
    )


AGAINST = {
    "none_before": lambda wish, taken: any(minute < wish.minute for minute in taken),
    "none_after": lambda wish, taken: any(minute >= wish.minute for minute in taken),
    "lunch": lambda wish, taken: not has_lunch(taken, wish),
    "max_gap": lambda wish, taken: longest_gap(taken) > wish.minutes,
}


def fulfilled(wish, chosen, offer):
    days = days_of(chosen, offer)
    if wish.kind == "free_days":
        return min(1, sum(not days[weekday] for weekday in wish.days) / wish.count)
    if wish.kind == "rating":
        ratings = [(option.rating or 300) / 100 for option in chosen]
        return (sum(ratings) / len(ratings) - 1) / 4
    if wish.kind == "professor":
        possible = sum(
            min(group.choose, len({o.subject for o in group.options if o.professors & wish.names}))
            for group in offer.groups
        )
        taught = sum(bool(option.professors & wish.names) for option in chosen)
        return taught / possible if possible else 0
    return max(0, 5 - sum(AGAINST[wish.kind](wish, taken) for taken in days.values())) / 5


def score(wishes, chosen, offer):
    total = sum(wish.weight for wish in wishes)
    if not total:
        return 100
    return 100 * sum(wish.weight * fulfilled(wish, chosen, offer) for wish in wishes) / total


@TRIES
@given(offers(), WISHES, st.integers(1, 4))
def test_the_best_timetables_are_those_that_trying_everything_finds(offer, wishes, limit):
    outcome = generate(offer, wishes, limit=limit)
    every = all_timetables(offer)
    best = sorted((score(wishes, chosen, offer) for chosen in every.values()), reverse=True)[:limit]
    assert outcome.is_complete
    assert [round(proposal.score, 4) for proposal in outcome.proposals] == [round(n, 4) for n in best]
    keys = [frozenset(option.key for _, option in proposal.options) for proposal in outcome.proposals]
    assert len(set(keys)) == len(keys)
    for proposal in outcome.proposals:
        chosen = [option for _, option in proposal.options]
        assert is_timetable(chosen, offer)
        assert round(proposal.score, 4) == round(score(wishes, chosen, offer), 4)
        for reason in proposal.reasons:
            assert round(reason.fulfilled, 4) == round(fulfilled(reason.wish, chosen, offer), 4)


@TRIES
@given(offers())
def test_each_option_is_said_to_be_of_a_group_that_has_it_and_each_group_has_what_it_chooses(offer):
    for proposal in generate(offer, (), limit=3).proposals:
        for n, group in enumerate(offer.groups):
            mine = [option for number, option in proposal.options if number == n]
            assert len(mine) == group.choose
            assert set(mine) <= set(group.options)


@TRIES
@given(offers())
def test_an_offer_without_a_timetable_names_groups_of_which_none_can_be_left_out(offer):
    outcome = generate(offer, (), limit=1)
    assert (outcome.conflict is None) == bool(all_timetables(offer)) == bool(outcome.proposals)
    if outcome.conflict is not None:
        named = outcome.conflict.groups
        assert outcome.conflict.is_minimal
        assert not all_timetables(offer, named)
        for n in named:
            assert all_timetables(offer, [other for other in named if other != n])


@TRIES
@given(offers())
def test_what_is_fixed_is_to_blame_just_where_the_named_groups_could_meet_without_it(offer):
    conflict = generate(offer, (), limit=1).conflict
    if conflict is not None and conflict.cause != "too_few":
        could = bool(all_timetables(Offer(offer.groups), conflict.groups))
        assert could == (conflict.cause == "fixed")


@TRIES
@given(offers(), WISHES)
def test_the_same_offer_has_the_same_answer(offer, wishes):
    again = Offer(offer.groups, offer.meetings, offer.subjects)
    assert generate(offer, wishes, limit=3) == generate(again, wishes, limit=3)
