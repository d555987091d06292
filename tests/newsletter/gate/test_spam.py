"""SpamAssassin itself, where it is installed: our letters score next to nothing, a bad one is told."""

import shutil
from pathlib import Path

import pytest

from newsletter.cli.look import gating
from newsletter.cli.look.spam import scores
from newsletter.files.shipped import shipped
from newsletter.files.workspace import Workspace
from newsletter.gate import mime
from tests.letters import PUBLIC

pytestmark = pytest.mark.spamassassin

BAD = b"""From: "WIN NOW" <x1234567890@example.org>\r
To: you\r
Subject: YOU HAVE WON $$$ 1,000,000 MILLION DOLLARS!!! ACT NOW\r
Content-Type: text/html\r
\r
<html><body bgcolor=red><font size=7 color=red>CLICK HERE NOW!!! Viagra cheap, buy now, 100% free, no risk,\r
money back guarantee. Dear friend, I am a prince with million dollars for transfer to your bank account.</font>\r
<a href="http://192.0.2.1/x">http://www.bank.example/</a></body></html>\r
"""


def test_the_sample_issues_score_under_one_in_every_language(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_text(
        PUBLIC.replace('base_url = "', 'languages = ["en", "sv"]\nbase_url = "'), encoding="utf-8"
    )
    shutil.copytree(shipped("issues") / "0002-everything", tmp_path / "issues" / "0002-everything")
    run = gating.Run(Workspace(tmp_path))
    run.look(gating.issuefiles.load(run.workspace, "0002-everything"))
    messages = {one.rendered.language: one.beside.message for one in run.proofs if one.beside.message}
    found = scores(messages)
    assert set(found) == {"en", "sv"}
    assert {language: score for language, score in found.items() if score.points >= 1.0} == {}


def test_many_messages_are_asked_about_in_one_go_and_a_bad_one_is_told_with_the_rules_that_it_broke() -> None:
    quiet = BAD.replace(b"YOU HAVE WON $$$ 1,000,000 MILLION DOLLARS!!! ACT NOW", b"June by the harbour")
    found = scores({"loud": BAD, "quiet": quiet, "from": quiet.replace(b"<html>", b"\r\nFrom here on\r\n<html>")})
    assert list(found) == ["loud", "quiet", "from"]
    assert found["loud"].points > found["quiet"].points
    (finding,) = mime.spam(found["loud"].points, found["loud"].rules, "en")
    assert finding.id == "spam-score"
    assert "SUBJ_ALL_CAPS" in finding.message


def test_nothing_is_said_where_there_is_nothing_to_ask_about() -> None:
    assert scores({}) == {}
