"""`doctor --domain`: what DNS says of the sender, in an operator's words, with the record to add."""

import re
from dataclasses import replace

import pytest

from newsletter.lookup.resolver import Resolver
from newsletter.mail import dkim
from newsletter.trust.dmarc import aligned
from newsletter.trust.domain import judge
from newsletter.trust.spf import SpfError, check
from newsletter.trust.verdict import Sender
from tests import dnsserver
from tests.dnsserver import Zone, quoted
from tests.editor import Editor
from tests.newsletter.cli.test_cli_dkim import add

KEY = dkim.record(dkim.load(dkim.generate("rsa")))
NAME = "news._domainkey.letter.example"
GOOD = {
    ("letter.example", "MX"): ["20 b.letter.example.", "10 a.letter.example."],
    ("a.letter.example", "A"): ["192.0.2.20"],
    ("b.letter.example", "AAAA"): ["2001:db8::20"],
    ("mail.letter.example", "A"): ["192.0.2.21"],
    ("letter.example", "TXT"): ['"v=spf1 include:_spf.relay.example -all"', '"site=1"'],
    ("_spf.relay.example", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 ~all"'],
    (NAME, "TXT"): [quoted(KEY)],
    ("_dmarc.letter.example", "TXT"): ['"v=DMARC1; p=quarantine"'],
    ("smtp.relay.example", "A"): ["192.0.2.7"],
    ("7.2.0.192.in-addr.arpa", "PTR"): ["smtp.relay.example."],
}
ASKED = "v=DMARC1; p=none; rua=mailto:postmaster@letter.example"
SENDER = Sender("letter.example", "letter.example", "letter.example", {NAME: KEY}, ["smtp.relay.example"])


def without(*names):
    return {key: value for key, value in GOOD.items() if key not in names}


def verdicts(records, sender=SENDER, **zone):
    with dnsserver.serve(Zone(records, **zone)) as port:
        return list(judge(sender, Resolver(f"127.0.0.1:{port}")))


def one(name, records, sender=SENDER):
    return next(each for each in verdicts(records, sender) if each.name == name and each.state != "ok")


def spf(records):
    return [each for each in verdicts(records) if each.name == "spf"]


def test_a_domain_in_good_order_is_found_so():
    found = verdicts(GOOD)
    assert [(each.name, each.state, each.record) for each in found] == [
        (name, "ok", None) for name in ("mx", "spf", "dkim", "dmarc", "ptr")
    ]
    assert found[0].message == "mail to letter.example goes to a.letter.example"


@pytest.mark.parametrize(
    ("name", "gone", "state", "record"),
    [
        ("mx", ("letter.example", "MX"), "error", ("letter.example", "MX", "10 mail.letter.example.")),
        ("spf", ("letter.example", "TXT"), "error", ("letter.example", "TXT", "v=spf1 a:smtp.relay.example ~all")),
        ("dkim", (NAME, "TXT"), "error", (NAME, "TXT", KEY)),
        (
            "dmarc",
            ("_dmarc.letter.example", "TXT"),
            "error",
            ("_dmarc.letter.example", "TXT", "v=DMARC1; p=none; rua=mailto:postmaster@letter.example"),
        ),
        (
            "ptr",
            ("7.2.0.192.in-addr.arpa", "PTR"),
            "warning",
            ("7.2.0.192.in-addr.arpa", "PTR", "smtp.relay.example."),
        ),
    ],
)
def test_what_is_missing_is_told_with_the_record_that_mends_it(name, gone, state, record):
    found = verdicts(without(gone))
    (bad,) = [each for each in found if each.state != "ok"]
    assert (bad.name, bad.state) == (name, state)
    assert (bad.record.name, bad.record.kind, bad.record.value) == record
    # Whoever adds just that has mended it.
    value = quoted(record[2]) if record[1] == "TXT" else record[2]
    mended = {**without(gone), (record[0], record[1]): [value]}
    assert [each.state for each in verdicts(mended)] == ["ok"] * 5


@pytest.mark.parametrize(
    ("name", "changed", "words"),
    [
        ("spf", {("letter.example", "TXT"): ['"v=spf1 -all"']}, "does not let smtp.relay.example send"),
        ("spf", {("letter.example", "TXT"): ['"v=spf1 +all"']}, "lets everybody send"),
        ("spf", {("letter.example", "TXT"): ['"v=spf1 -all"', '"v=spf1 ~all"']}, "2 SPF records"),
        (
            "spf",
            {("letter.example", "TXT"): ['"v=spf1 include:letter.example -all"']},
            "the first that is too many is include:letter.example in that of letter.example",
        ),
        ("spf", {("letter.example", "TXT"): ['"v=spf1 ipv4:192.0.2.7 -all"']}, "“ipv4:192.0.2.7”"),
        ("spf", {("letter.example", "TXT"): ['"v=spf1 include:none.example -all"']}, "which has none"),
        ("dkim", {(NAME, "TXT"): [quoted(KEY.replace("MIIB", "MIIC"))]}, "another key"),
        ("spf", {("letter.example", "TXT"): ['"v=spf1 a/33 -all"']}, "“a/33”, no address or name"),
        ("spf", {("letter.example", "TXT"): ['"v=spf1 +ALL"']}, "lets everybody send"),
        ("spf", {("letter.example", "TXT"): ['"v=spf1 redirect=none.example"']}, "leave redirect= out"),
        ("spf", {("letter.example", "TXT"): ['"v=spf1 a:1.example a:2.example mx:3.example ~all"']}, "not there"),
        ("dkim", {(NAME, "TXT"): ['"v=DKIM1; p="']}, "has taken its key back"),
        ("dkim", {(NAME, "TXT"): [quoted(KEY.replace(";", "\\\\;"))]}, "backslashes"),
        ("dkim", {(NAME, "TXT"): [quoted(KEY.replace("DKIM1", "dkim1"))]}, "does not begin with v=DKIM1"),
        ("dkim", {(NAME, "TXT"): [quoted(KEY.replace("k=rsa", "k=ed25519"))]}, "of another kind (k=ed25519)"),
        ("dkim", {(NAME, "TXT"): [quoted(KEY.replace("k=rsa", "k=rsa; h=sha1"))]}, "not for sha256"),
        ("dkim", {(NAME, "TXT"): [quoted(KEY.replace("k=rsa", "k=rsa; s=tlsrpt"))]}, "not for mail"),
        ("dkim", {(NAME, "TXT"): [quoted(KEY.replace("k=rsa", "k=rsa; t=y"))]}, "only a test"),
        ("dkim", {(NAME, "TXT"): [quoted(KEY), '"v=DKIM1; p=AAAA"']}, "2 keys"),
        ("dmarc", {("_dmarc.letter.example", "TXT"): ['"v=DMARC1; rua=mailto:x@letter.example"']}, "no policy"),
        (
            "dmarc",
            {("_dmarc.letter.example", "TXT"): ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"']},
            "2 DMARC",
        ),
        ("spf", {("letter.example", "TXT"): ['"v=spf1 ip4:192.0.2.7/0 -all"']}, "lets everybody send"),
        ("spf", {("letter.example", "TXT"): ['"v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all"']}, "lets everybody"),
        ("spf", {("letter.example", "TXT"): ['"v=spf1 redirect=a.example redirect=b.example"']}, "two redirect="),
        ("dkim", {(NAME, "TXT"): [quoted(f"{KEY}; n=key; n=our key")]}, "n= stands there twice"),
        ("dkim", {(NAME, "TXT"): [quoted(KEY.replace(";", ""))]}, "says “v=DKIM1 k=rsa p=MII"),
        ("ptr", {("7.2.0.192.in-addr.arpa", "PTR"): ["other.example."]}, "says otherwise"),
        ("ptr", {("smtp.relay.example", "A"): []}, "has no address"),
        ("mx", {("letter.example", "MX"): ["0 ."]}, "letter.example says that it takes no mail"),
        (
            "mx",
            {("letter.example", "MX"): ["10 none.example."]},
            "none.example, which has no address: bounces are",
        ),
        ("mx", {("letter.example", "MX"): ["10 192.0.2.20."]}, "192.0.2.20, which has no address"),
        (
            "mx",
            {("a.letter.example", "CNAME"): ["web.letter.example."]},
            "(CNAME): some servers do not go there; name web.letter.example in the MX record",
        ),
        ("mx", {("letter.example", "MX"): ["0 .", "10 a.letter.example."]}, "leave that one out"),
        ("mx", {("a.letter.example", "A"): []}, "goes to b.letter.example, but a.letter.example in its MX has no"),
    ],
)
def test_what_is_wrong_is_told_in_words(name, changed, words):
    assert words in one(name, {**GOOD, **changed}).message


def dmarc(text, more=None):
    """Return the states and words of what is told of a DMARC record."""
    found = verdicts({**GOOD, ("_dmarc.letter.example", "TXT"): [quoted(text)], **(more or {})})
    return [(each.state, each.message) for each in found if each.name == "dmarc"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rua=post@letter.example", "“post@letter.example” (rua=), which is no address to receivers; write mail"),
        ("rua=mailto:a@letter.example, b@letter.example", "write mailto:b@letter.example"),
        ("ruf=https://letter.example/in", "(ruf=), which is no address to receivers; write it as mailto:"),
        ("rua=mailto:a@letter.example mailto:b@letter.example", "with commas between"),
        ("np=rejcet", "np=rejcet, which receivers do not know"),
        ("t=yes", "t=yes, which receivers do not know"),
        ("adkim=strict", "adkim=strict, which receivers do not know"),
        ("pct=101", "pct=101, which receivers do not know"),
        ("rua=mailto:a@desk.example", "sends reports to desk.example, which does not say that it wants them"),
    ],
)
def test_what_a_policy_says_in_vain_is_told(text, words):
    ((state, message),) = dmarc(f"v=DMARC1; p=none; {text}")
    assert state == "warning"
    assert words in message


@pytest.mark.parametrize("text", ["p=none; p=reject", "p=reject; P=none", "p=none; rua=mailto:a@b.example; rua=x"])
def test_a_policy_that_says_a_thing_twice_does_not_count(text):
    ((state, message),) = dmarc(f"v=DMARC1; {text}")
    assert state == "error"
    assert "twice, so nothing of it counts" in message


@pytest.mark.parametrize(
    "text",
    [
        "rua=mailto:a@letter.example!10m,mailto:b@sub.letter.example; ruf=MAILTO:c@letter.example",
        "sp=reject; adkim=r; aspf=s; pct=100; fo=1:d:s; ri=3600; np=none; psd=n; t=y",
        "rua=mailto:a@desk.example",
    ],
)
def test_what_receivers_understand_is_well(text):
    wanted = {("letter.example._report._dmarc.desk.example", "TXT"): ['"v=DMARC1;"']}
    assert dmarc(f"v=DMARC1; p=none; {text}", wanted) == [("ok", "_dmarc.letter.example says p=none")]


@pytest.mark.parametrize("hosts", [(), ("smtp.relay.example",)])
@pytest.mark.parametrize(
    ("record", "words"),
    [
        (['"v=spf1 ip4:192.0.2.7 -all"', '"v=spf1 ip4:192.0.2.8 ~all"'], "2 SPF records"),
        (['"v=spf1 ip4:192.0.2.7 ipv4:192.0.2.8 -all"'], "“ipv4:192.0.2.8”"),
        (['"v=spf1 ip4:192.0.2.7 include:letter.example -all"'], "more than 10 look-ups"),
    ],
)
def test_a_record_is_read_to_its_end_whoever_sends(hosts, record, words):
    """Also where all mail leaves by a server on this machine."""
    sender = replace(SENDER, hosts=hosts)
    assert words in one("spf", {**GOOD, ("letter.example", "TXT"): record}, sender).message


@pytest.mark.parametrize(("number", "state"), [(10, "ok"), (11, "error")])
def test_ten_look_ups_are_allowed_and_not_one_more(number, state):
    """RFC 7208 section 4.6.4; a receiver who counts refuses all mail by such a record."""
    hosts = [f"h{each}.example" for each in range(number)]
    record = f'"v=spf1 {" ".join(f"a:{each}" for each in hosts)} ip4:192.0.2.7 -all"'
    there = {(each, "A"): ["198.51.100.1"] for each in hosts}
    (verdict,) = spf({**GOOD, **there, ("letter.example", "TXT"): [record]})
    assert (verdict.state, "more than 10 look-ups" in verdict.message) == (state, state == "error")


@pytest.mark.parametrize(
    ("term", "state"), [("exists:{}.none.example", "error"), ("exists:%{{i}}.{}.example", "ok")]
)
def test_a_list_that_the_sender_is_not_in_is_no_name_that_is_not_there(term, state):
    """Each mail asks it for another name (RFC 7208 section 5.7); a plain one is not there for anybody."""
    terms = " ".join(term.format(each) for each in "abc")
    record = {("letter.example", "TXT"): [f'"v=spf1 {terms} ip4:192.0.2.7 -all"']}
    assert [each.state for each in spf({**GOOD, **record})] == [state]


def test_an_address_is_named_by_the_name_that_leads_back_to_it():
    names = {("7.2.0.192.in-addr.arpa", "PTR"): ["old.relay.example.", "smtp.relay.example."]}
    (found,) = (each for each in verdicts({**GOOD, **names}) if each.name == "ptr")
    assert (found.state, found.message) == ("ok", "192.0.2.7 is smtp.relay.example, both ways")


@pytest.mark.parametrize(
    ("name", "published", "record"),
    [
        ("letter.example", ['"v=spf1 mx -all"', '"v=spf1 ip4:192.0.2.7 -all"'], "v=spf1 ip4:192.0.2.7 mx -all"),
        ("letter.example", ['"v=spf1" "ip4:192.0.2.7 ~all"'], "v=spf1 ip4:192.0.2.7 ~all"),
        ("letter.example", ['"\\"v=spf1 ip4:192.0.2.7 ~all\\""'], "v=spf1 ip4:192.0.2.7 ~all"),
        ("letter.example", ['"v=spf1 mx +all"'], "v=spf1 a:smtp.relay.example mx ~all"),
        ("letter.example", ['"v=spf1 a:all.example +all"'], "v=spf1 a:smtp.relay.example a:all.example ~all"),
        ("letter.example", ['"v=spf10 -all"'], "v=spf1 a:smtp.relay.example ~all"),
        ("_dmarc.letter.example", ['"p=none; v=DMARC1; pct=50"'], "v=DMARC1; pct=50; p=none"),
        ("_dmarc.letter.example", ['"v=DMARC1, p=none"'], "v=DMARC1; p=none"),
        ("_dmarc.letter.example", ['"v=dmarc1 sp=none"'], ASKED),
        ("_dmarc.letter.example", ['"v=dmarc1; p=reject"'], "v=DMARC1; p=reject"),
        ("_dmarc.letter.example", ['"v=DMARC1\\\\; p=reject"'], "v=DMARC1; p=reject"),
        ("_dmarc.letter.example", ['"\\"v=DMARC1; p=reject\\""'], "v=DMARC1; p=reject"),
    ],
)
def test_a_record_that_is_nearly_right_is_told_as_it_should_be(name, published, record):
    verdict = one("spf" if name == "letter.example" else "dmarc", {**GOOD, (name, "TXT"): published})
    assert verdict.state == "error"
    assert (verdict.record.name, verdict.record.value) == (name, record)
    assert [each.state for each in verdicts({**GOOD, (name, "TXT"): [quoted(record)]})] == ["ok"] * 5


def test_a_strict_policy_wants_the_domain_itself():
    policy = {("_dmarc.letter.example", "TXT"): ['"v=DMARC1; p=reject; adkim=s; aspf=s"']}
    below = Sender("letter.example", "b.letter.example", "sub.letter.example", {NAME: KEY}, [])
    assert "will look forged" in one("dmarc", {**GOOD, **policy}, below).message
    signs = replace(below, signer="letter.example")
    assert any(each.name == "dmarc" and each.state == "ok" for each in verdicts({**GOOD, **policy}, signs))


def test_two_domains_below_one_that_has_a_policy_are_aligned():
    spf = {("b.letter.example", "TXT"): ['"v=spf1 ~all"']}
    beside = Sender("news.letter.example", "b.letter.example", "keys.letter.example", {NAME: KEY}, [])
    told = " ".join(each.message for each in verdicts({**GOOD, **spf}, beside))
    assert "does not count" not in told
    gone = without(("_dmarc.letter.example", "TXT"))
    assert "does not count" in " ".join(each.message for each in verdicts({**gone, **spf}, beside))


def test_other_domains_must_be_aligned():
    away = Sender("letter.example", "bounces.other.example", "other.example", {NAME: KEY}, [])
    found = verdicts({**GOOD, ("bounces.other.example", "TXT"): ['"v=spf1 ~all"']}, away)
    texts = " ".join(each.message for each in found if each.state != "ok")
    assert "SPF does not count for DMARC" in texts
    assert "set domain in [dkim] to letter.example" in texts
    assert "bounces are lost" in texts
    assert aligned("mail.letter.example", "letter.example")
    assert not aligned("badletter.example", "letter.example")


def test_a_policy_above_counts():
    records = {**without(("_dmarc.letter.example", "TXT")), ("_dmarc.mail.letter.example", "TXT"): []}
    records[("_dmarc.letter.example", "TXT")] = ['"v=DMARC1; p=reject"']
    below = Sender("mail.letter.example", "mail.letter.example", "letter.example", {NAME: KEY}, [])
    assert any("_dmarc.letter.example says p=reject" in each.message for each in verdicts(records, below))
    records[("_dmarc.letter.example", "TXT")] = ['"v=DMARC1; p=reject; sp=none"']
    assert any("letter.example says sp=none for" in each.message for each in verdicts(records, below))


def test_a_server_that_fails_is_no_verdict():
    found = verdicts(GOOD, failing=["letter.example"])
    assert {each.state for each in found if each.name in ("mx", "spf")} == {"warning"}
    texts = [each.message for each in found if each.name in ("mx", "spf")]
    assert all("every server that was asked fails" in text for text in texts)


@pytest.mark.parametrize(
    ("record", "address", "result"),
    [
        ("v=spf1 ip4:192.0.2.0/28 -all", "192.0.2.15", "pass"),
        ("v=spf1 ip4:192.0.2.0/28 -all", "192.0.2.16", "fail"),
        ("v=spf1 ip6:2001:db8::/32 ~all", "2001:db8::1", "pass"),
        ("v=spf1 a/24 ?all", "192.0.2.200", "pass"),
        ("v=spf1 mx -all", "192.0.2.25", "pass"),
        ("v=spf1 redirect=other.example", "198.51.100.1", "pass"),
        ("v=spf1 exists:%{i}.x.example -all", "192.0.2.1", "fail"),
        ("v=spf1 exists:%{ir}.%{v}.%{d2}.x.example -all", "192.0.2.9", "pass"),
        ("v=spf1 exists:%{i}.six.example -all", "2001:db8::1", "pass"),
        ("v=spf1 include:%{i}._ip.%{h}._spf.x.example ~all", "192.0.2.9", "unknown"),
        ("v=spf1 include:%{l}.x.example ip4:192.0.2.9 -all", "192.0.2.9", "pass"),
        ("V=spf1 IP4:192.0.2.0/28 -ALL", "192.0.2.16", "fail"),
        ("v=spf1 redirect=%{o}.x.example", "192.0.2.1", "pass"),
        ("v=spf1 exp=why.example", "192.0.2.1", "neutral"),
        ("", "192.0.2.1", "none"),
    ],
)
def test_spf_is_read_as_receivers_read_it(record, address, result):
    known = {
        ("d.example", "TXT"): (record,) if record else (),
        ("d.example", "A"): ("192.0.2.3",),
        ("d.example", "MX"): ("mx.d.example",),
        ("mx.d.example", "A"): ("192.0.2.25",),
        ("other.example", "TXT"): ("v=spf1 ip4:198.51.100.0/24 -all",),
        ("9.2.0.192.in-addr.d.example.x.example", "A"): ("127.0.0.2",),
        (f"2.0.0.1.0.d.b.8.{'0.' * 23}1.six.example", "A"): ("127.0.0.2",),
        ("d.example.x.example", "TXT"): ("v=spf1 ip4:192.0.2.1",),
    }
    assert check(lambda name, kind: known.get((name, kind), ()), "d.example", address) == result


@pytest.mark.parametrize(
    ("terms", "part"),
    [
        ("a:localhost -all", "a:localhost"),
        ("include: -all", "include:"),
        ("mx: -all", "mx:"),
        ("a:mail.example:25 -all", "a:mail.example:25"),
        ("include:spf..example -all", "include:spf..example"),
        ("a:-mail.example.- -all", "a:-mail.example.-"),
        ("all:mail.example", "all:mail.example"),
        ("ip4:192.0.2.1/032 -all", "ip4:192.0.2.1/032"),
        ("ip4:192.0.2.1/24/24 -all", "ip4:192.0.2.1/24/24"),
        ("a:mäil.example -all", "a:mäil.example"),
        ("a:mail.example,a:mail.other.example -all", None),
        ("exists:%{x}.example -all", "exists:%{x}.example"),
        ("exists:%{i0}.example -all", "exists:%{i0}.example"),
        ("exists:100%.example -all", "exists:100%.example"),
        ("redirect=", "redirect="),
        ("exp=%{c}.example -all", "exp=%{c}.example"),
        ("note=50% -all", "note=50%"),
        ("include:%{d2}.x.example exists:%{i}._spf.%{d} a:mail.example. x=%{d}%%%_ -all", None),
        ("a:_spf.mail.xn--p1ai -all", None),
    ],
)
def test_a_term_that_is_not_written_as_receivers_want_it_makes_the_record_void(terms, part):
    def lookup(name, kind):
        return (f"v=spf1 {terms}",) if kind == "TXT" and name == "d.example" else ()

    try:
        check(lookup, "d.example", "192.0.2.1")
        told = ""
    except SpfError as error:
        told = str(error)
    assert (f"“{part}”, no address or name" in told) if part else "no address" not in told


@pytest.mark.parametrize(
    ("term", "meant"),
    [("a:192.0.2.1", "ip4:192.0.2.1"), ("+a:192.0.2.0/24", "ip4:192.0.2.0/24"), ("mx:::1", "ip6:::1")],
)
def test_an_address_where_a_host_is_named_is_told_as_it_should_be(term, meant):
    with pytest.raises(SpfError, match=f"names no host; write {meant}$"):
        check(lambda name, kind: (f"v=spf1 {term} -all",) if kind == "TXT" else (), "d.example", "192.0.2.1")


@pytest.mark.parametrize(
    ("text", "state", "words"),
    [
        ("rua=mailto:a@letter.example", "warning", "says no policy (p=), so receivers take it for p=none"),
        ("p=reject; sp=rejcet; rua=mailto:a@letter.example", "warning", "says sp=rejcet, so receivers take"),
        ("p=reject; sp=rejcet", "error", "says sp=rejcet, so it does not count"),
        ("p=monitor; rua=a@letter.example", "error", "says p=monitor, so it does not count"),
    ],
)
def test_a_policy_that_nobody_understands_counts_as_receivers_count_it(text, state, words):
    ((found, message),) = dmarc(f"v=DMARC1; {text}")
    assert found == state
    assert words in message


def test_more_mail_servers_than_receivers_ask_for_are_an_error():
    def lookup(name, kind):
        return {"TXT": ("v=spf1 mx -all",), "MX": tuple(f"mx{n}.example" for n in range(11))}.get(kind, ())

    with pytest.raises(SpfError, match="more than 10 are an error"):
        check(lookup, "d.example", "192.0.2.1")


def test_a_relay_with_two_records_lets_nobody_send():
    def lookup(name, kind):
        texts = (
            ("v=spf1 +all", "v=spf1 -all") if name == "relay.example" else ("v=spf1 include:relay.example -all",)
        )
        return texts if kind == "TXT" else ()

    with pytest.raises(SpfError, match=r"relay\.example has 2 SPF records, and may have one; join them into one"):
        check(lookup, "d.example", "192.0.2.1")


def test_a_record_that_nobody_understands_is_an_error():
    with pytest.raises(SpfError, match="no address"):
        check(lambda name, kind: ("v=spf1 ip4:300.1.1.1 -all",) if kind == "TXT" else (), "d.example", "192.0.2.1")


@pytest.mark.parametrize("way", ['sender = "News@Bounces.Example"', 'sender_domain = "bounces.example"'])
def test_bounces_go_where_the_route_says(tmp_path, capfd, way):
    editor = Editor(tmp_path, capfd)
    editor.settings("news@example.org", "news@letter.example")
    editor.settings('host = "127.0.0.1"\nport = 2525\ntls = "none"', f'host = "smtp.relay.example"\n{way}')
    with dnsserver.serve(Zone(GOOD)) as port:
        out = editor("doctor", "--domain", "--resolver", f"127.0.0.1:{port}")[1]
    assert "bounces.example" in out


def test_the_command_prints_the_record_and_ends_with_findings(tmp_path, capfd):
    editor = Editor(tmp_path, capfd)
    editor.settings("news@example.org", "news@letter.example")
    editor.settings('host = "127.0.0.1"\nport = 2525\ntls = "none"', 'host = "smtp.relay.example"')
    _, out, _ = editor("dkim", "init")
    with dnsserver.serve(Zone(GOOD)) as port:
        waiting = editor("doctor", "--domain", "--resolver", f"127.0.0.1:{port}")[1]
    assert "publishes another key" in waiting
    assert "your key signs nothing yet" in waiting
    add(editor, out[out.index("[dkim]") :])
    with dnsserver.serve(Zone(without((NAME, "TXT")))) as port:
        code, out, _ = editor("doctor", "--domain", "--resolver", f"127.0.0.1:{port}")
        _, document = editor.json("doctor", "--domain", "--resolver", f"127.0.0.1:{port}")
    assert code == 3
    assert re.search(r"MEND  dkim +the key that signs is not published", out)
    assert f'add: {NAME}. IN TXT "v=DKIM1; k=rsa; p=' in out
    checks = {each["name"]: each for each in document["checks"] if each["record"]}
    assert checks["dkim"]["record"]["kind"] == "TXT"
    for key in (editor.root / "subscribers").glob("dkim-*.key"):
        key.unlink()
    with dnsserver.serve(Zone(GOOD)) as port:
        code, out, _ = editor("doctor", "--domain", "--resolver", f"127.0.0.1:{port}")
    # A key that is gone is told once, and keeps nothing else from being looked at.
    assert (code, out.count("MEND  dkim"), out.count("dkim-news.key")) == (3, 1, 1)
    assert re.search("ok  dmarc", out)
    assert editor("doctor", "--domain", "--resolver", "nowhere")[0] == 2
