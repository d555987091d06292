"""Several faults in one run, whatever they are and whenever: what is told of a message is true, or in doubt."""

import random

import pytest

from newsletter.errors import RouteError
from newsletter.model import Stage
from tests.smtpserver import EXTENSIONS, Fault, Server
from tests.wire import CHUNKING, IMPATIENT, deliver, message

STAGES = ("mail", "rcpt", "data", "body", "dot", "rset", "quit")
ACTIONS = ("drop", "421", "451", "550", "garbage", "huge", "endless", "vanish", "354")

#: Two lies at once cannot be found out: "go on" to a recipient, where that stands for "no message came before", or
#: a message refused within its body, and taken, and nothing said of that.
PLACES = {"vanish": ("dot",), "354": ("body", "dot", "rset", "quit")}

COUNT = 12


@pytest.mark.parametrize("seed", range(48))
def test_whatever_goes_wrong_together_nobody_is_told_what_is_not_so(seed):
    chosen = random.Random(seed)
    faults = []
    for _ in range(chosen.randint(1, 3)):
        action = chosen.choice(ACTIONS)
        stage = chosen.choice(PLACES.get(action, STAGES))
        faults.append(Fault(stage, action, times=chosen.randint(1, 4), skip=chosen.randint(0, 6)))
    if any(fault.action == "vanish" for fault in faults):
        faults = [fault for fault in faults if fault.stage != "body"]
    what = repr(faults)
    offered = {
        "extensions": chosen.choice([(), EXTENSIONS, CHUNKING, CHUNKING]),
        "delay": chosen.choice([0, 0, 0.002, 0.01]),
        "strict": chosen.random() < 0.1,
        "deaf": chosen.random() < 0.1,
    }
    way = {"in_flight": chosen.choice([1, 2, 4, 8]), "connections": chosen.choice([1, 2]), "together": True}
    with Server(faults=faults, **offered) as server:
        try:
            replies = deliver(server, *map(message, range(COUNT)), limits=IMPATIENT, **way)
        except RouteError:
            replies = []
        ids = server.ids()
    assert len(ids) == len(set(ids)), (what, offered, way)
    for number, reply in enumerate(replies):
        arrived = f"<{number}@example.org>" in ids
        in_doubt = (reply.stage, reply.code) == (Stage.DOT, 0)
        assert in_doubt or arrived == (reply.code == 250), (what, offered, way, number, reply)
