"""When a whole send goes wrong: what pauses it, and what is a matter of single readers."""

from datetime import UTC, datetime

from newsletter import delivery
from newsletter.model import Reply, Stage
from newsletter.timing.breaker import FIRST, MOST_REFUSED, ROW, STRIKES, Breaker

NOW = datetime(2025, 6, 12, 7, 0, tzinfo=UTC)
TAKEN = Reply(Stage.DOT, 250, "2.0.0", "queued")
UNKNOWN = Reply(Stage.RCPT, 550, "5.1.1", "no such user")
BANNED = Reply(Stage.MAIL, 550, "5.7.1", "go away")
GREY = Reply(Stage.RCPT, 450, "4.7.1", "greylisted")


def after(breaker, *replies, attempt=1):
    """Return what each of *replies* makes the breaker say."""
    return [breaker.note(delivery.outcome(reply, attempt, NOW, 0.5)) for reply in replies]


def test_a_clean_list_has_no_more_than_one_reader_in_twenty_refused():
    taken = [TAKEN] * 189
    assert not any(after(Breaker(), *taken, *[UNKNOWN] * 10, TAKEN))
    assert after(Breaker(), *taken, *[UNKNOWN] * 11)[-1]
    assert not any(after(Breaker(), *taken, TAKEN, *[UNKNOWN] * 11))


def test_a_bad_list_is_noticed_at_its_start():
    *before, said = after(Breaker(), *[UNKNOWN] * (MOST_REFUSED + 1))
    assert before == [""] * MOST_REFUSED
    assert "11 of the first 11 readers were refused" in said


def test_the_start_of_a_list_is_over_after_its_first_readers_whatever_came_of_them():
    lost = Reply(Stage.DOT, 0, "", "the connection was lost")
    some = [*[lost] * (ROW - 1), TAKEN]
    first = (some * FIRST)[:FIRST]
    assert any(after(Breaker(), *first[: -MOST_REFUSED - 1], *[UNKNOWN] * (MOST_REFUSED + 1)))
    assert not any(after(Breaker(), *first, *[UNKNOWN] * (MOST_REFUSED + 1)))


def test_a_long_row_of_refusals_pauses_whatever_its_words_are():
    """A limit that is used up in the middle of a send, in words that nobody has seen before."""
    breaker = Breaker()
    assert not any(after(breaker, *[TAKEN] * FIRST))
    full = Reply(Stage.RCPT, 550, "", "computer says no")
    *before, said = after(breaker, *[full] * ROW)
    assert before == [""] * (ROW - 1)
    assert "20 readers in a row were refused, the last with: 550 computer says no" in said
    assert "retry --failed" in said


def test_refusals_with_others_taken_between_are_no_row():
    breaker = Breaker(seen=FIRST + 1, accepted=FIRST)
    assert not any(after(breaker, *([UNKNOWN] * (ROW - 1) + [TAKEN]) * 3))
    assert any(after(breaker, *[UNKNOWN] * ROW))


def test_a_row_is_no_change_while_nothing_was_ever_accepted():
    assert not any(after(Breaker(seen=FIRST + 1), *[UNKNOWN] * 2 * ROW))


def test_those_who_are_tried_again_are_neither_refused_nor_seen():
    assert not any(after(Breaker(), *[GREY] * 2 * FIRST))
    assert any(after(Breaker(), *[GREY] * FIRST, *[UNKNOWN] * (MOST_REFUSED + 1)))


def test_those_whose_last_try_is_over_are_no_row():
    """A domain that was silent for days ends for all of its readers at once."""
    breaker = Breaker(seen=FIRST + 1, accepted=FIRST)
    assert not any(after(breaker, *[GREY] * 2 * ROW, attempt=len(delivery.WAITS) + 1))


def test_a_row_of_messages_in_doubt_pauses_once_it_is_longer_than_what_was_under_way():
    lost = Reply(Stage.DOT, 0, text="the server closed the connection")
    breaker = Breaker(seen=FIRST, accepted=FIRST, away=30)
    assert not any(after(breaker, *([lost] * (ROW + 29) + [TAKEN]) * 3)), "a server that comes back is no trouble"
    *before, said = after(breaker, *[lost] * (ROW + 30))
    assert not any(before)
    assert "50 messages in a row left and were not answered, the last with: the server closed" in said


def test_the_first_objection_pauses_what_never_went_well_and_a_few_pause_what_did():
    assert "go away" in after(Breaker(), BANNED)[0]
    resumed = Breaker(seen=50, accepted=50)
    *before, said = after(resumed, *[BANNED] * STRIKES)
    assert before == [""] * (STRIKES - 1) == ["", ""]
    assert "go away" in said


def test_an_objection_between_messages_that_are_taken_is_about_one_of_them():
    assert not any(after(Breaker(seen=1, accepted=1), *[BANNED, BANNED, TAKEN] * 3))
