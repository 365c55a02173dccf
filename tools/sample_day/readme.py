"""README.md of the sample: what is planted where, and what only looks like it."""
from sample_day.feeds import utc

RULE_NAMES = {
    "I2": "I2 move without order", "I5": "I5 look-up, then pick-up", "I6": "I6 wrong collector",
    "I8": "I8 seal continuity", "I9": "I9 identity continuity", "card": "dead card used",
    "exit": "exit without entry", "roster": "presence off roster",
}

HEAD = """# A port day

12 March 2026 at an invented terminal (HRPLE/QXT), with its run-up on the 11th, as its systems would export it.
Only the UN/LOCODEs are real: firms, ships, accounts, cards, plates and boxes are invented, any likeness is chance.
{boxes} containers. Written by `tools/make_sample_day.py` (same bytes each time), which also writes this page and the
truth for machines in `tests/samples/`: `port-day.expected.jsonl` (what stands) and `port-day.proofs.jsonl` (which
record keeps a look-alike silent). Mappings and contracts `*.toml` are written by hand.

    quaywatch detect --now 2026-03-14T00:00:00Z data/samples/port-day

## Feeds

| file | system | clock |
|---|---|---|
| coarri_* | terminal to line, D.95B: discharged (44), loaded (46); part 1 has no line breaks | local, no offset |
| codeco_* | terminal's gate, D.95B; `_3_resent` is `_3` again; `codeco_depot_*`: an inland depot's gate | local |
| coreor_* | shipping agent, D.95B, ISO 8859-2: releases (9), one replaced (5) | local |
| baplie_* | bay plan of the second ship, SMDG 2.0 | local |
| yard_orders_* | work orders of the terminal operating system, nightly, `;`, byte-order mark | local, dd.mm.yyyy |
| yard_moves_* | position system of the straddle carriers; one move in five has no order number | UTC |
| pcs_audit_* | audit trail of the port community system, JSON lines | UTC, milliseconds |
| agency_tickets_* | customer tickets of the agent; numbers typed by hand | local, minutes |
| customs_control_* | lane, selection, scan, reseal, nightly | UTC without a mark |
| access_* | badge panels, in and out | local |
| roster_* | planned duties of the week, and the changes to them | local |
| card_register_* | cards issued, replaced, revoked this month | local |
| reader_status_* | outages of badge readers this month | local |

All local times are Europe/Zagreb (UTC+1 on these days). Times below are local.
"""

FOOT = """
## The late order

{box} was moved to {to} at {t:%H:%M:%S} on the 12th. The order was issued at {issued:%H:%M:%S}, before the move, but the
nightly file of the 12th does not hold it: it comes with `yard_orders_20260313.csv`. No alert may stand in the end;
without that file an I2 alert on this box stands, and that is right too.

## Left and right of it

Also in the data, and silent: half of the look-ups have their ticket only in the agent's own system; codes mistyped by
rightful holders; export boxes that come over the depot; size-types that the gate writes in the spelling of before 1995;
readers that were dead; expired driver cards that were refused; people whose shift began before the records do.
"""


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(r) + " |" for r in rows]) + "\n"


def subject(line):
    keys = ("container.number", "party.code", "lookup.account", "credential.id", "access.zone")
    return ", ".join(line[k] for k in keys if k in line)


def page(port, boxes):
    planted = [[RULE_NAMES[p["key"]], subject(p["line"]), f"{p['t']:%d.%m. %H:%M:%S}", f"{utc(p['t']):%H:%M:%S}Z",
                p["show"]] for p in port.truth]
    innocent = [[RULE_NAMES[a["key"]], a["subject"], a["seen"], a["why"], a["proof"]] for a in port.look_alikes]
    return (HEAD.format(boxes=boxes) + "\n## What is planted\n\n" +
            "Each once. An I5 is an I6 as well, and the announcement and the gate are told apart: three lines for one "
            "box.\n\n" +
            table(["invariant", "subject", "local", "UTC", "what must be shown"], planted) +
            "\n## Look-alikes that must stay silent\n\n" +
            table(["of", "subject", "what a naive rule sees", "why it is innocent", "which record proves it"],
                  innocent) +
            FOOT.format(**port.late))
