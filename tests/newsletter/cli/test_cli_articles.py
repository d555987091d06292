"""Laws of `newsletter fetch` and `newsletter articles`, as a person or a program calls them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.editor import Editor
from tests.newsletter.fetch.test_fetch_feed import RSS
from tests.shell import Shell, source, sources
from tests.smtpserver import Server
from tests.sourceserver import Site

KEYS = {"key", "title", "url", "published", "language", "source", "tags", "summary"}
PAGE = "Kelp for all\n\nThe trays are gone from a compost heap within six weeks.\n"


def test_the_real_page_gives_four_articles_in_its_order(run: Shell, seed_page: Path) -> None:
    for _ in range(2):
        articles = run.json("articles", "add", str(seed_page))["articles"]
        assert len(articles) == 4
        assert set(articles[0]) >= KEYS
        assert [one["key"] for one in articles] == [f"text:{str(one['key'])[5:]}" for one in articles]
    first = seed_page.read_text(encoding="utf-8").partition("\n")[0]
    assert articles[0]["title"] == first
    assert [one["title"] for one in run.json("articles", "list")["articles"]] == [one["title"] for one in articles]


def test_neither_a_list_of_the_pool_nor_serve_loads_what_reads_pages(run: Shell) -> None:
    program = (
        "import sys\nfrom newsletter.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print('lxml' in sys.modules)\nimport newsletter.cli.run.shift\n"
        "print([name for name in ('newsletter.article', 'newsletter.fetch') if name in sys.modules])\n"
    )
    command = [sys.executable, "-c", program, "--workspace", str(run.folder), "articles", "list"]
    assert subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout == "False\n[]\n"


def test_a_file_is_added_and_a_form_written_without_what_reads_or_serves_the_web(
    run: Shell, tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_text("# Nytt sjöbad\n\nI maj öppnar badet i hamnen.\n", encoding="utf-8")
    for command in (["articles", "add", str(tmp_path / "a.md")], ["form"]):
        program = (
            "import sys\nfrom newsletter.cli.main import main\n"
            "try:\n    main(sys.argv[1:])\nexcept SystemExit as end:\n    assert not end.code\n"
            "heavy = {'asyncio', 'httpx', 'starlette', 'cryptography', 'newsletter.fetch'}\n"
            "print(heavy & set(sys.modules), file=sys.stderr)\n"
        )
        called = [sys.executable, "-c", program, "--workspace", str(run.folder), *command]
        done = subprocess.run(called, capture_output=True, text=True, timeout=60, check=True)
        assert done.stderr.endswith("set()\n")


def test_a_page_that_may_be_several_stories_is_told_with_what_makes_it_them(run: Shell, tmp_path: Path) -> None:
    stories = (
        (
            "An arm that mends satellites is sold",
            "Orbit Tools has sold two of its small arms to a firm in Norrvik.",
        ),
        (
            "Four villages bake through the night",
            "Bakers from the coast filled the square before it opened at eight.",
        ),
        (
            "New ferry waits for its captain",
            "The boat lies at the pier since May and nobody has the right papers.",
        ),
    )
    page = tmp_path / "coast.txt"
    page.write_text("\n\n".join(f"{title}\n\n{text}" for title, text in stories), encoding="utf-8")
    assert run("articles", "add", str(page)) == 0
    told = " ".join(run.err.split())
    assert "1 article: 1 new" in told
    assert "may be 3 stories" in told
    assert "write News on a line of its own above the first of them in “coast.txt”" in told
    page.write_text(f"News\n\n{page.read_text(encoding='utf-8')}", encoding="utf-8")
    assert run("articles", "add", str(page)) == 0
    assert "3 articles: 2 new, 1 updated" in run.err
    assert "may be" not in run.err
    asked = "\n\n".join(f"What is new number {n}?\n\n{text}" for n, (_, text) in enumerate(stories))
    page.write_text(f"Three questions for the harbour\n\n{asked}\n", encoding="utf-8")
    assert run("articles", "add", str(page)) == 0
    assert "may be" not in run.err


def test_an_article_without_a_title_is_told_to_be_called_by_its_first_words(run: Shell, tmp_path: Path) -> None:
    page, told = tmp_path / "arm.txt", "Orbit Tools has sold two of its small arms. They mend what flies above us."
    page.write_text(f"{told}\n\nThe firm has eleven people and a lathe, and looks for a hall.\n", encoding="utf-8")
    assert run("articles", "add", str(page)) == 0
    assert "No title was found for “Orbit Tools has sold two of its small arms”" in " ".join(run.err.split())
    page.write_text(f"An arm for all\n\n{page.read_text(encoding='utf-8')}", encoding="utf-8")
    assert run("articles", "add", str(page)) == 0
    assert "No title" not in run.err


def test_an_added_page_is_listed_shown_searched_and_hidden(run: Shell, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    [one] = run.json("articles", "add", str(page), "--language", "sv", "--tag", "sea", "--tag", "food")["articles"]
    assert (one["language"], one["tags"], one["source"]) == ("sv", ["sea", "food"], "page.txt")
    assert run.json("articles", "list", "--tag", "SEA")["articles"] == [one]
    assert run.json("articles", "list", "--language", "en")["articles"] == []
    assert run.json("articles", "search", "compo")["articles"] == [one]
    assert "six weeks" in str(run.json("articles", "show", "kelp")["articles"][0]["text"])
    assert run("articles", "show", "KELP FOR") == 0
    assert run.out.startswith("Kelp for all\n")
    assert run("articles", "hide", "kelp") == 0
    assert run.json("articles", "list")["articles"] == []
    assert len(run.json("articles", "list", "--hidden")["articles"]) == 1
    assert run("articles", "hide", "kelp", "--undo") == 0
    assert run.json("articles", "list")["articles"] == [one]


def add(run: Shell, folder: Path, name: str, text: str, *words: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    assert run("articles", "add", str(folder / name), *words) == 0


def titles(run: Shell, *words: str) -> list[object]:
    return [one["title"] for one in run.json("articles", "list", *words)["articles"]]


def test_the_list_can_be_narrowed_down(run: Shell, workspace: Path, tmp_path: Path) -> None:
    for number, name in enumerate(("kelp", "bridge", "choir"), 1):
        dated = f"---\ntitle: The {name}\ndate: 2025-06-0{number}\ntags: [{name}]\n---\nWords of the {name}."
        add(run, tmp_path, f"{name}.md", dated, "--language", "en")
    assert titles(run) == ["The choir", "The bridge", "The kelp"]
    assert titles(run, "--since", "2025-06-02", "--until", "2025-06-02") == ["The bridge"]
    assert titles(run, "--search", "wor bri") == []
    assert titles(run, "--search", "words bri", "--tag", "bridge", "--source", "bridge.md") == ["The bridge"]
    assert titles(run, "--limit", "1") == ["The choir"]
    issue = workspace / "issues" / "2025-06"
    issue.mkdir(parents=True)
    (issue / "issue.md").write_text('---\nsubject: x\n---\n::: brief {src="text:the-choir"}\n## A\n:::\n')
    assert titles(run, "--unused") == ["The bridge", "The kelp"]
    assert titles(run, "--unused", "--limit", "1") == ["The bridge"]
    assert run("articles", "show", "choir") == 0
    assert "In issue 2025-06" in run.out


def test_the_editors_word_on_an_article_is_kept_and_shown(run: Shell, tmp_path: Path) -> None:
    add(run, tmp_path, "page.txt", PAGE)
    for command, flag in (("pin", "pinned"), ("hold", "held"), ("hide", "hidden")):
        [one] = run.json("articles", command, "kelp")["articles"]
        assert [name for name in ("pinned", "held", "hidden") if one[name]] == [flag]
        assert titles(run, f"--{flag}") == ["Kelp for all"]
        assert run("articles", "list", f"--{flag}") == 0
        assert (f"({flag})" in run.out) == (flag != "hidden")
    assert run("articles", "hide", "kelp", "--undo") == 0
    assert "free to be picked" in run.err
    assert titles(run, "--pinned") == titles(run, "--held") == titles(run, "--hidden") == []
    assert run("articles", "pin", "nothing") == 4


def test_a_corrected_article_shows_what_it_said(run: Shell, tmp_path: Path) -> None:
    add(run, tmp_path, "page.txt", PAGE)
    add(run, tmp_path, "page.txt", PAGE.replace("six weeks", "nine weeks"))
    assert run("articles", "show", "kelp") == 0
    head, _, before = run.out.partition("\nUntil ")
    assert "nine weeks" in head
    assert "six weeks" not in head
    assert "within six weeks" in before
    [one] = run.json("articles", "show", "kelp")["articles"]
    assert ["six weeks" in str(said["text"]) for said in one["revisions"]] == [True]
    assert one["sources"] == ["page.txt"]


def test_people_are_told_what_to_do_next(run: Shell, tmp_path: Path) -> None:
    assert run("articles", "list") == 0
    assert "newsletter fetch" in run.err
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    assert run("articles", "add", str(page)) == 0
    assert "1 article: 1 new." in run.err
    assert "newsletter compose 20" in run.err
    [month] = re.findall(r"newsletter compose (\d{4}-\d{2})", run.err)
    assert run("compose", month) == 0
    assert run("articles", "add", str(page)) == 0
    assert f"newsletter pull {month} --add" in run.err
    assert "Kelp for all" in run.out


def test_who_is_ahead_of_the_calendar_is_led_to_their_draft(run: Shell, tmp_path: Path) -> None:
    add(run, tmp_path, "page.txt", PAGE)
    assert run("compose", "2999-04") == 0
    add(run, tmp_path, "page.txt", PAGE.replace("six weeks", "nine weeks"))
    assert "newsletter pull 2999-04 --add" in run.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("articles", "show", "nothing"), 4, "articles list"),
        (("articles", "add", "nothing.txt"), 4, "no such file"),
        (("articles", "add", "park.example/news/mill"), 4, "write https://park.example/news/mill"),
        (("articles", "add", "file:///etc/passwd"), 1, "only http:// and https://"),
        (("articles", "add", "http://127.0.0.1:1/"), 1, "--allow-private"),
        (("articles", "add", "http://169.254.169.254/", "--allow-private"), 1, "no source may be there"),
        (("articles", "add"), 2, "missing argument"),
        (("articles", "list", "--since", "soon"), 2, "2025-06-12"),
        (("fetch", "nobody"), 4, "known: notes"),
    ],
)
def test_every_mistake_has_its_code_and_its_remedy(
    run: Shell, words: tuple[str, ...], code: int, said: str
) -> None:
    assert run(*words) == code
    assert said in run.err
    assert run(*words, "--json") == code
    error = json.loads(run.out)["error"]
    assert said in f"{error['message']} {error['hint']}"


def test_a_draft_is_told_to_wait(run: Shell, tmp_path: Path) -> None:
    page = tmp_path / "later.md"
    page.write_text("---\ntitle: Later\ndraft: true\n---\nWords.")
    assert run("articles", "add", str(page)) == 0
    assert "a draft waits" in run.err
    past = tmp_path / "past.ics"
    event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20200101T100000Z\r\nSUMMARY:Talk\r\nEND:VEVENT\r\n"
    past.write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event}END:VCALENDAR\r\n")
    assert run("articles", "add", str(past)) == 0
    assert "a calendar has nothing ahead" in run.err


def test_what_cannot_be_read_keeps_nothing_else_out(run: Shell, tmp_path: Path) -> None:
    page, empty, nothing = (tmp_path / name for name in ("page.txt", "empty.txt", "nothing.txt"))
    page.write_text(PAGE)
    empty.write_text("Not found\n")
    assert run("articles", "add", str(nothing), str(page), str(empty)) == 1
    assert "Kelp for all" in run.out
    wrong = [line for line in run.err.splitlines() if line.startswith("Error: ")]
    assert [re.search(r"\w+\.txt", line)[0] for line in wrong] == ["nothing.txt", "empty.txt"]  # type: ignore[index]
    assert [one["title"] for one in run.json("articles", "list")["articles"]] == ["Kelp for all"]
    assert run("articles", "add", str(nothing), str(empty)) == 1
    assert run.out == ""
    assert run.err.count("Error: ") == 2


def test_programs_learn_what_could_not_be_read(run: Shell, tmp_path: Path) -> None:
    page, nothing = tmp_path / "page.txt", tmp_path / "nothing.txt"
    page.write_text(PAGE)
    assert run("articles", "add", "--json", str(nothing), str(page)) == 1
    told = json.loads(run.out)
    assert [one["title"] for one in told["articles"]] == ["Kelp for all"]
    assert told["failed"] == [
        {"where": str(nothing), "message": "there is no such file", "hint": "check the name"}
    ]


def test_a_file_in_a_folder_that_is_called_as_its_site_is_read(
    run: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So wget keeps a site."""
    (tmp_path / "quay.example").mkdir()
    (tmp_path / "quay.example" / "kelp.txt").write_text(PAGE)
    monkeypatch.chdir(tmp_path)
    [one] = run.json("articles", "add", "quay.example/kelp.txt")["articles"]
    assert one["source"] == "kelp.txt"
    assert run("articles", "add", "quay.example/cod.txt") == 4
    assert "for a page, write https://quay.example/cod.txt" in run.err


def test_files_that_have_but_a_title_in_common_are_all_kept(run: Shell, tmp_path: Path) -> None:
    for name, words in (("may", "The bridge opens."), ("june", "The ferry rests."), ("copy", "The bridge opens.")):
        (tmp_path / f"{name}.md").write_text(f"# News of the month\n\n{words}\n")
    names = [str(tmp_path / f"{name}.md") for name in ("may", "june", "copy")]
    keys = [one["key"] for one in run.json("articles", "add", *names)["articles"]]
    assert keys == ["text:news-of-the-month", "text:news-of-the-month-2"]
    assert [one["key"] for one in run.json("articles", "add", *names)["articles"]] == keys
    assert {one["key"] for one in run.json("articles", "list")["articles"]} == set(keys)


def test_files_that_are_named_together_are_twins_by_their_names(run: Shell, tmp_path: Path) -> None:
    for name, words in (("a.sv", "Bron"), ("a.en", "The bridge"), ("b.en", "No")):
        # So few words tell no language: the name does.
        (tmp_path / f"{name}.md").write_text(f"# {words}\n\nNorrvik: 12 mars.\n")
    names = [str(tmp_path / f"{name}.md") for name in ("a.sv", "b.en", "a.en")]
    swedish, alone, english = run.json("articles", "add", *names)["articles"]
    assert (swedish["twins"], english["twins"]) == ([english["key"]], [swedish["key"]])
    assert alone["twins"] == []
    assert run("articles", "hold", "bridge") == 0
    assert run.err.splitlines()[1:] == ["So is its twin (sv): Bron"]
    assert titles(run, "--held") == ["Bron", "The bridge"]


def test_a_page_of_an_intranet_is_added_when_it_is_allowed(run: Shell, site: Site) -> None:
    url = site.says("/page.txt", PAGE, kind="text/plain")
    assert run("articles", "add", url) == 1
    [one] = run.json("articles", "add", url, "--allow-private")["articles"]
    assert (one["url"], one["source"]) == (url, "127.0.0.1")


def test_a_page_that_a_source_told_of_stays_its_own_with_what_the_page_does_not_show(
    run: Shell, workspace: Path, site: Site
) -> None:
    words = "The quay opens in May, and everybody who has a boat may land there from then on, for nothing."
    page = f"<html><head><title>The quay opens</title></head><body><main><p>{words} {{}}</p></main></body></html>"
    url = site.says("/quay", page.format("Boats with engines wait."))
    entry = (
        f"<item><title>The quay opens</title><link>{url}</link><category>Harbour</category>"
        f"<enclosure url='{site.url}/quay.jpg' type='image/jpeg'/><description>{words}</description></item>"
    )
    feed = site.says("/feed", f"<rss version='2.0'><channel>{entry}</channel></rss>")
    sources(workspace, source("town", feed))
    assert run("fetch") == 0
    for more in ("Boats with engines wait.", "Dogs may come."):
        site.says("/quay", page.format(more))
        [one] = run.json("articles", "add", url, "--allow-private")["articles"]
        [shown] = run.json("articles", "show", one["key"])["articles"]
        assert (one["source"], {*shown["sources"]}) == ("town", {"town", "127.0.0.1"})
        assert (shown["tags"], shown["image"]) == (["Harbour"], f"{site.url}/quay.jpg")
        assert shown["text"].endswith(more)


def test_a_page_that_only_leads_on_is_added_from_where_it_leads(run: Shell, site: Site) -> None:
    there = site.says("/page.txt", PAGE, kind="text/plain")
    leads = "<html><head><meta http-equiv=refresh content='0; url={}'></head><body>Moved</body></html>"
    assert (
        run.json("articles", "add", site.says("/old", leads.format("/page.txt")), "--allow-private")["articles"][
            0
        ]["url"]
        == there
    )
    assert run("articles", "add", site.says("/older", leads.format("/old")), "--allow-private") == 1


def test_fetch_reads_every_source_and_one_that_fails_keeps_no_other_out(
    run: Shell, workspace: Path, site: Site
) -> None:
    feed = site.says("/feed", RSS, kind="application/rss+xml", headers={"ETag": '"1"'})
    sources(
        workspace,
        source("good", feed),
        source("gone", site.url + "/gone"),
        source("refused", feed, private=False),
        source("folder", "articles", "folder"),
    )
    assert run("fetch") == 0
    assert "good: 2 new" in run.err
    assert "gone: " in run.err
    assert "no such page; check" in run.err
    assert "refused: " in run.err
    assert "folder: 1 new" in run.err
    assert "newsletter compose" in run.err
    document = run.json("fetch")
    said = {one["source"]: one for one in document["sources"]}
    assert said["good"]["error"] is None
    assert "not on the public internet" in str(said["refused"]["error"])
    assert said["refused"]["hint"]
    assert "good: nothing new since last time" in run.err
    assert len(run.json("articles", "list")["articles"]) == 3


def test_fetch_fails_only_when_every_source_does(run: Shell, workspace: Path, site: Site) -> None:
    sources(workspace, source("gone", site.url + "/gone"), source("broken", site.says("/x", "no feed")))
    assert run("fetch") == 1
    assert run("fetch", "gone", "--json") == 1
    assert [one["source"] for one in json.loads(run.out)["sources"]] == ["gone"]
    site.says("/gone", RSS)
    assert run("fetch") == 0


def test_changed_tags_of_a_source_reach_its_articles_although_nothing_else_is_new(
    run: Shell, workspace: Path, site: Site
) -> None:
    feed = site.says("/feed", RSS, headers={"ETag": '"1"'})
    sources(workspace, source("site", feed))
    run("fetch")
    path = workspace / "newsletter.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('name = "site"', 'name = "site"\ntags = ["sea"]'))
    run("fetch")
    assert len(run.json("articles", "list", "--tag", "sea")["articles"]) == 2


def test_a_file_that_is_gone_or_not_to_be_seen_leaves_the_pool_unless_it_was_sent(editor: Editor) -> None:
    names = ("sent", "kept", "draft", "over", "gone", "pinned")
    files = {name: editor.root / "articles" / f"{name}.md" for name in names}

    def write(name: str, more: str = "") -> None:
        text = f"---\ntitle: The {name} mill\n{more}---\nThe {name} mill has {len(name)} rooms by the river.\n"
        files[name].write_text(text, encoding="utf-8")

    write("sent")
    assert editor("fetch")[0] == 0
    editor.people(1)
    with Server() as server:
        editor.to(server)
        assert editor("compose", "2026-10")[0] == 0
        assert editor("send", "2026-10", "--yes")[0] == 0
    for name in names[1:]:
        write(name)
    assert editor("fetch")[0] == 0
    editor("articles", "pin", "The pinned mill")
    assert editor("compose", "2026-11")[0] == 0
    write("draft", "draft: true\n")
    write("over", "expiryDate: 2020-01-01\n")
    for name in ("sent", "gone", "pinned"):
        files[name].unlink()
    _, told = editor.json("fetch")
    assert {one["title"] for one in told["sources"][0]["gone"]} == {f"The {name} mill" for name in names[2:5]}
    _, findings = editor.json("check", "2026-11")
    assert sum(one["id"] == "article-withdrawn" for one in findings["findings"]) == 3
    # What may be seen again is there again, and a folder that is empty has lost its disk.
    write("draft")
    assert editor.json("fetch")[1]["sources"][0]["new"] == 1
    for path in (editor.root / "articles").iterdir():
        path.unlink()
    assert editor.json("fetch")[1]["sources"][0]["gone"] == []


def test_terminal_tricks_of_a_stranger_are_shown_as_signs(run: Shell, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text('---\ntitle: "x \\e]0;owned\\a y"\n---\nWords \x1b[31m red.')
    run("articles", "add", str(page))
    assert run("articles", "show", "x") == 0
    assert "\x1b" not in run.out + run.err
