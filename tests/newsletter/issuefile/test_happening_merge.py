"""Laws of merging lists of events: an editor's word stays, a calendar's comes in beside it, event by event."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.issuefile.refreshing.happening import merge

FEST = "- 2026-12-03 16:00–19:00 | Fest | Hall | https://quay.se/1"
DAWN = "- 2026-12-13 07:00 | Dawn | Quay | https://quay.se/2"
KICK = "- 2027-01-14 09:00 | Kick-off | Room | https://quay.se/3"
NEWS = "- 2026-12-16 09:00 | Breakfast | Room | https://quay.se/4"
MINE = "- 2026-12-10 kl. 17–19 | Our own party | Stairs"


def moved(line: str, when: str) -> str:
    return f"- {when} | {line.partition(' | ')[2]}"


def test_each_event_is_merged_by_itself():
    own = [FEST.replace("Fest", "Fest (bring a friend)"), MINE, KICK]
    new = [moved(FEST, "2026-12-03 16:00–20:00"), moved(DAWN, "2026-12-13 07:30"), NEWS, KICK]
    done = merge([FEST, DAWN, KICK], own, new)
    renamed = "- 2026-12-03 16:00–20:00 | Fest (bring a friend) | Hall | https://quay.se/1"
    assert done.lines == (renamed, MINE, NEWS, KICK)
    assert done.conflicts == ()


def test_a_line_without_words_is_no_event():
    done = merge([FEST, "", KICK], [FEST, "", MINE, "", KICK], [FEST, "", moved(KICK, "2027-01-15 09:00"), ""])
    assert done.lines == (FEST, MINE, moved(KICK, "2027-01-15 09:00"))
    assert done.conflicts == ()


def test_where_both_changed_the_same_field_the_editors_stays_and_the_other_is_told():
    own, new = moved(FEST, "2026-12-03 17:00"), moved(FEST, "2026-12-03 18:00")
    done = merge([FEST, KICK], [own, KICK], [new, KICK])
    assert done.lines == (own, KICK)
    assert [(one.own, one.other) for one in done.conflicts] == [((own,), (new,))]


def test_what_is_over_goes_and_what_the_editor_wrote_of_it_stays():
    assert merge([FEST, KICK], [FEST, MINE, KICK], [KICK]).lines == (MINE, KICK)
    own = FEST.replace("Hall", "Big hall")
    assert merge([FEST, KICK], [own, KICK], [KICK]).lines == (own, KICK)


def test_events_that_share_an_address_or_a_title_are_told_apart():
    base = [f"- 2026-12-0{day} | Lunch | Hall | https://quay.se/all" for day in (1, 2, 3)]
    new = [*base, "- 2026-12-04 | Lunch | Hall | https://quay.se/all"]
    assert merge(base, [base[0], base[2]], new).lines == (base[0], base[2], new[3])
    plain = ["- 2026-12-01 | Quiz", "- 2026-12-02 | Choir"]
    done = merge(plain, [plain[0], "- 2026-12-02 | Choir | Hall"], ["- 2026-12-01 | Quiz", "- 2026-12-05 | Choir"])
    assert done.lines == (plain[0], "- 2026-12-05 | Choir | Hall")


def test_an_event_that_moved_stands_in_its_order():
    new = [DAWN, moved(FEST, "2026-12-20"), KICK]
    assert merge([FEST, DAWN, KICK], [FEST, DAWN, KICK, "- 2027-02-01 | Mine"], new).lines == (
        *new,
        "- 2027-02-01 | Mine",
    )
    # An order of the editor's own stays.
    assert merge([FEST, DAWN], [DAWN, FEST], [moved(FEST, "2026-12-02"), DAWN]).lines == (
        DAWN,
        moved(FEST, "2026-12-02"),
    )


EVENTS = st.builds(
    lambda day, title, place, url: f"- 2026-12-{day:02} | {title}{place}{url}",
    st.integers(1, 28),
    st.sampled_from(["Fest", "Quiz", "Dawn \\| dusk", "Lunch"]),
    st.sampled_from(["", " | Hall", " | Quay"]),
    st.sampled_from(["", " | https://quay.se/1", " | https://quay.se/2", " | https://quay.se/3"]),
)
LISTS = st.lists(EVENTS, max_size=5, unique=True)


@given(LISTS, LISTS, LISTS)
def test_what_only_one_side_changed_is_as_it_has_it(base, own, new):
    assert merge(base, base, new).lines == tuple(new)
    assert merge(base, own, base).lines == tuple(own)
    # What the editor alone wrote is never lost.
    titles = [{line.split(" | ")[1] for line in lines} for lines in (base, own, merge(base, own, new).lines)]
    assert titles[1] - titles[0] <= titles[2]
    assert merge(base, own, own).lines == tuple(own)
