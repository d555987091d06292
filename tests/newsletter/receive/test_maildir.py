"""A maildir gives each message once, keeps it, and is held up by nothing that lies there."""

import os
import re

import pytest

from newsletter.errors import MailboxError
from newsletter.receive.maildir import Maildir


def test_a_maildir_keeps_what_is_read_and_gives_it_once(tmp_path) -> None:
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "new" / "2.host").write_bytes(b"second")
    (tmp_path / "new" / "1.host").write_bytes(b"first")
    (tmp_path / "cur" / "0.host:2,S").write_bytes(b"seen")
    (tmp_path / "cur" / "3.host:2,").write_bytes(b"shown by a mail program")
    opened = Maildir(tmp_path)
    raws = []
    for arrival in opened.arrivals():
        raws.append(arrival.raw)
        opened.done(arrival.name)
        opened.done(arrival.name)
    assert raws == [b"first", b"second", b"shown by a mail program"]
    assert list(opened.arrivals()) == []
    assert sorted(path.name for path in (tmp_path / "cur").iterdir()) == [
        "0.host:2,S", "1.host:2,S", "2.host:2,S", "3.host:2,S",
    ]  # fmt: skip


def test_what_lies_in_a_maildir_and_is_no_message_holds_up_nothing(tmp_path) -> None:
    for folder in ("new", "cur", "tmp", "new/folder.host"):
        (tmp_path / folder).mkdir()
    os.mkfifo(tmp_path / "new" / "0.pipe")
    (tmp_path / "new" / ".hidden").write_bytes(b"no")
    (tmp_path / "new" / "dangling").symlink_to(tmp_path / "nowhere")
    odd = [b"1 blank and \xff.host", "2.åäö:2,".encode(), b"3.host:2,FS", b"4,S=12:x", b"5" + b"n" * 200]
    for name in odd:
        with open(os.path.join(os.fsencode(tmp_path), b"new", name), "wb") as file:
            file.write(name)
    opened = Maildir(tmp_path)
    found = list(opened.arrivals())
    assert [one.raw for one in found] == odd
    for one in found:
        opened.done(one.name)
    assert list(opened.arrivals()) == []
    assert len(list((tmp_path / "cur").iterdir())) == len(odd)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_message_that_may_not_be_read_is_told_after_the_others(tmp_path) -> None:
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "new" / "1").touch(mode=0)
    (tmp_path / "new" / "2").write_bytes(b"second")
    arrivals = Maildir(tmp_path).arrivals()
    assert next(arrivals).raw == b"second"
    with pytest.raises(MailboxError, match="mend the permissions"):
        next(arrivals)


def test_a_maildir_that_is_gone_is_told_with_what_to_look_at(tmp_path) -> None:
    for folder in ("new", "cur", "tmp"):
        (tmp_path / "box" / folder).mkdir(parents=True)
    opened = Maildir(tmp_path / "box")
    (tmp_path / "box").rename(tmp_path / "elsewhere")
    told = f"{tmp_path}/box/new: No such file or directory; look whether its disk is there"
    with pytest.raises(MailboxError, match=re.escape(told)):
        list(opened.arrivals())
    with pytest.raises(MailboxError, match=re.escape(told)):
        opened.wait(1, lambda: False)
