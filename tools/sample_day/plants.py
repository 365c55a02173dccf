"""The planted violations, each once, and two look-alikes of each that must stay silent. Truth is written down where the
records are made, so that the two cannot drift apart.
"""
from datetime import timedelta

from sample_day.cast import AGENT, DEPOT, FIRST_SHIP, at, minutes
from sample_day.feeds import utc
from sample_day.flows import collect, hand_over, new_import

RULES = {
    "I2": "0c5d7b1e-6a43-4f0e-9d57-1f2a6c8b9e01", "I5": "5b7f0f52-3f0d-4a5c-8c43-7d1f9e2a4b02",
    "I6": "9f1f6a0c-2d5e-4b8f-a2a7-0a4d8f3c6b03", "I8": "c2f3b9d4-71aa-4d28-9f6e-6e0b1a2d3c05",
    "I9": "e6a1d2f8-0b57-4c39-b1de-93f5a7c80907", "card": "4e2d9a60-c7b8-4f15-8d3a-0f6b5e7c1d09",
    "exit": "8c6f1b3a-2e9d-47c0-a5b4-d7e8f9012a10", "roster": "2f7e8d9c-4b1a-4c6e-9f35-a1b2c3d4e511",
}
YARD_HAULIER = "HT-XTIR"


def plant(port, key, title, t, show, **fields):
    line = {"rule": RULES[key], "status": "final", "event_time": f"{utc(t):%Y-%m-%dT%H:%M:%SZ}"}
    line.update({k.replace("__", "."): v for k, v in fields.items()})
    port.truth.append({"key": key, "title": title, "t": t, "show": show, "line": line})


def look_alike(port, key, subject, seen, why, proof, without=()):
    """`without`: (file, text of the record) of the proof. Without these records the alert must stand; empty where the
    proof is not a record that can be missing."""
    port.look_alikes.append({"key": key, "subject": subject, "seen": seen, "why": why, "proof": proof,
                             "without": list(without)})


def import_box(port, clock, size_type=None):
    return new_import(port, FIRST_SHIP, at(clock), size_type=size_type)


def move_without_order(port):
    box = import_box(port, "11 06:02")
    t = at("12 02:36:20")
    target = "C9-40-1"
    port.move(box, target, t, machine="SC04")
    plant(port, "I2", "move without an order", t,
          f"moved to {target} by SC04 at night; its only order is that of the discharge, carried out the day before",
          container__number=box.number, location__to=target)

    early = import_box(port, "11 06:10")
    order = port.order(early, "HSKP", port.cast.position("C"), at("11 16:05:12"), by="plan.02")
    port.move(early, order.target, at("12 02:58:41"), order, names_order=False)
    look_alike(port, "I2", early.number,
               "a move at night without an order number, and no order for it in the day's file",
               "the planner ordered it eleven hours ahead",
               f"yard_orders_20260311.csv, order of 16:05:12 to {order.target}",
               [("yard_orders_20260311.csv", f"HSKP;{early.number};")])

    twice = import_box(port, "11 06:17")
    order = port.order(twice, "HSKP", port.cast.position("C"), at("12 03:01:09"), by="plan.02")
    port.move(twice, "BUFFER-2", at("12 03:12:30"), order)
    port.move(twice, order.target, at("12 03:40:02"), order, machine="SC02")
    look_alike(port, "I2", twice.number, "two moves, the second by another machine, and one order",
               "one order, carried out in two steps over the buffer lane", "yard_moves: both name the order",
               [("yard_orders_20260312.csv", f"HSKP;{twice.number};")])


def late_order(port):
    box = import_box(port, "11 06:25")
    target = port.cast.position("C")
    order = port.order(box, "HSKP", target, at("12 20:14:10"), machine="SC03", by="plan.01")
    order.file_day = "20260313"
    port.move(box, target, at("12 20:31:44"), order, names_order=False)
    port.late = {"box": box.number, "to": target, "t": at("12 20:31:44"), "issued": at("12 20:14:10"),
                 "without": [("yard_orders_20260313.csv", f"HSKP;{box.number};")]}


def wrong_collector(port):
    box = import_box(port, "11 06:33")
    port.release(box, at("11 08:40"), "FW-QDAN")
    port.transfer(box, at("11 12:02:27"), "FW-QDAN", "HT-XALP")
    port.announce(box, at("12 07:25:03"), "HT-XALP")
    t = at("12 13:17:00")
    port.gate_out(box, t, "HT-XKAR")
    plant(port, "I6", "wrong collector", t,
          "HT-XKAR left with the box; the right lies with HT-XALP, which had announced it and was never at the gate",
          container__number=box.number, party__code="HT-XKAR", release__holder="HT-XALP")

    chain = import_box(port, "11 06:41")
    port.release(chain, at("11 08:41"), "FW-QINT")
    port.transfer(chain, at("11 10:05:20"), "FW-QINT", "HT-XMOR")
    port.transfer(chain, at("11 15:48:02"), "HT-XMOR", "HT-XADR")
    collect(port, chain, at("12 10:44"), "HT-XADR")
    look_alike(port, "I6", chain.number,
               "the collector HT-XADR is neither the forwarder of the release nor its haulier",
               "two transfers, FW-QINT to HT-XMOR to HT-XADR", "pcs_audit_20260311.jsonl, two RELEASE_TRANSFER",
               [("pcs_audit_20260311.jsonl", f'"RELEASE_TRANSFER", "cntr": "{chain.number}"')])

    swapped = import_box(port, "11 06:50")
    port.release(swapped, at("11 08:41"), "FW-QALP")
    port.release(swapped, at("11 14:20"), "FW-QJUG", function=5)
    collect(port, swapped, at("12 11:32"), "FW-QJUG")
    look_alike(port, "I6", swapped.number, "collected by FW-QJUG, the release names FW-QALP",
               "the release was replaced", "coreor_20260311_1400.edi, the message with function 5",
               [("coreor_20260311_1400.edi", swapped.number)])


def lookup_then_pickup(port):
    box = import_box(port, "11 06:58", "45R1")
    port.release(box, at("11 08:42"), "FW-QMED")
    port.transfer(box, at("11 11:15:09"), "FW-QMED", "HT-XPAN")
    port.view(box, at("12 11:52:14"), "qma.tin", AGENT)
    port.view(box, at("12 11:52:51"), "qma.tin", AGENT, "UNIT_LOCATE")
    # A colleague's honest look-up an hour later must not hide the other one.
    port.view(box, at("12 12:58:30"), "qma.ana", AGENT)
    port.ticket(box, at("12 12:55"), "qma.ana", "consignee asks for status")
    announced = at("12 18:31:07")
    port.announce(box, announced, "HZ-XQUE")
    out = at("12 21:08:00")
    port.gate_out(box, out, "HZ-XQUE")
    show = "qma.tin opened the release and located the box without a ticket; seven hours later HZ-XQUE, which never " \
           "held the right, announced it with the right code"
    stamp = next(r["ts"] for r in port.feeds.audit if r["fn"] == "PICKUP_ANNOUNCE" and r["org"] == "HZ-XQUE")
    plant(port, "I5", "look-up, then pick-up by a stranger", announced, show, event_time=stamp,
          container__number=box.number, lookup__account="qma.tin", party__code="HZ-XQUE")
    plant(port, "I6", "the same, announced", announced, "HZ-XQUE never held the right; HT-XPAN does", event_time=stamp,
          container__number=box.number, party__code="HZ-XQUE", release__holder="HT-XPAN")
    plant(port, "I6", "the same, at the gate", out, "and left with the box",
          container__number=box.number, party__code="HZ-XQUE", release__holder="HT-XPAN")

    asked = import_box(port, "11 07:05")
    port.release(asked, at("11 08:43"), "FW-QBAL")
    port.transfer(asked, at("11 13:31:40"), "FW-QBAL", "HT-XNOV")
    port.view(asked, at("12 09:40:11"), "qma.ivo", AGENT)
    port.ticket(asked, at("12 09:58"), "qma.ivo", "consignee asks for status",
                number=f"{asked.number[:4]} {asked.number[4:10]}-{asked.number[10]}")
    collect(port, asked, at("12 15:52"), "HT-XNOV")
    look_alike(port, "I5", asked.number, "qma.ivo opened the release without a task; collected six hours later",
               "the ticket was written 18 minutes later, with the number spaced and dashed; the collector holds the "
               "right",
               "agency_tickets_20260312.csv; pcs_audit_20260311.jsonl, RELEASE_TRANSFER",
               [("agency_tickets_20260312.csv", asked.number[4:10]),
                ("pcs_audit_20260311.jsonl", f'"RELEASE_TRANSFER", "cntr": "{asked.number}"')])

    alone = import_box(port, "11 07:13")
    port.release(alone, at("11 08:44"), "FW-QDAN")
    port.view(alone, at("12 08:15:55"), "qma.lea", AGENT)
    port.announce(alone, at("12 12:40:30"), "FW-QDAN")
    port.gate_out(alone, at("12 16:21"), "FW-QDAN")
    look_alike(port, "I5", alone.number,
               "qma.lea opened the release and has no ticket at all; collected eight hours later",
               "the forwarder of the release collected it with its own lorry: a look-up alone is no alert",
               "coreor_20260311_0800.edi, NAD+FW")


def seal_changed(port):
    box = import_box(port, "11 07:21", "45R1")
    was = box.seals[0]
    hand_over(port, box, at("11 08:45"), "FW-QINT", "HT-XMOR")
    t = at("12 15:20:00")
    port.announce(box, at("12 10:02:11"), box.holder)
    port.gate_out(box, t, box.holder, seals=["EU 4410927"], weight=box.weight - 310)
    plant(port, "I8", "seal changed without a record", t,
          f"discharged under {was}, left under EU 4410927 and 310 kg lighter; customs recorded nothing",
          container__number=box.number, seal__number="EU 4410927", seal__known=was)

    typed = import_box(port, "11 07:28")
    firm = hand_over(port, typed, at("11 08:46"), "FW-QALP", "HT-XALP")
    spelled = f"{typed.seals[0][:3]} {typed.seals[0][3:7]}-{typed.seals[0][7:]}"
    port.announce(typed, at("12 09:33:18"), firm)
    port.gate_out(typed, at("12 12:09"), firm, seals=[spelled])
    look_alike(port, "I8", typed.number, f"seal {spelled} at the gate, {typed.seals[0]} at discharge",
               "the same seal, typed with a blank and a dash", "codeco_20260312_3.edi, SEL")

    opened = import_box(port, "11 07:36")
    firm = hand_over(port, opened, at("11 08:47"), "FW-QJUG", "HT-XADR")
    old, new = opened.seals[0], "HR-CU-30417"
    for clock, action, second, reason, ref in (
            ("12 08:10", "SELECT", "", "document profile", "CK-0412"),
            ("12 09:25", "NII_SCAN", "", "image read, open", "CK-0412"),
            ("12 10:40", "RESEAL", "car.21", "opened and re-sealed", f"CK-0412 {old}>{new}"),
            ("12 11:05", "RELEASE", "", "nothing found", "CK-0412")):
        port.customs(opened, at(clock), action, "RED", "car.07", second, reason, ref)
    port.announce(opened, at("12 11:20:45"), firm)
    port.gate_out(opened, at("12 14:12"), firm, seals=[new])
    look_alike(port, "I8", opened.number, f"seal {new} at the gate, {old} at discharge",
               "customs opened it and put on a new seal, with a second officer",
               "customs_control_20260312.csv, RESEAL CK-0412",
               [("customs_control_20260312.csv", f"{opened.number},RESEAL"),
                ("customs_control_20260312.csv", f"{opened.number},NII_SCAN")])


def second_box_of_a_number(port):
    box = port.cast.box("2")
    port.deliver(box, at("11 14:22"), "HT-XTIR")
    t = at("12 17:46:00")
    clone_place = port.cast.position("D")
    real_place, box.position = box.position, "TRUCK"
    plate = port.lorry("HT-XKAR", t - minutes(4), t + minutes(29))
    port.gate(box, "34", t, "HT-XKAR", plate, seals=[], weight=3710)
    port.ordered_move(box, "RECV", clone_place, t + minutes(12), minutes(6))
    plant(port, "I9", "a number that enters twice", t,
          f"came in on the 11th and stands at {real_place}; came in again with another lorry, without a seal",
          container__number=box.number, party__code="HT-XKAR")

    weighed = port.cast.box("2")
    port.deliver(weighed, at("12 08:05"), "HT-XPAN")
    port.gate_out(weighed, at("12 09:32"), "HT-XPAN")
    port.gate_in(weighed, at("12 10:23"), "HT-XPAN")
    port.outbound.append(weighed)
    look_alike(port, "I9", weighed.number, "enters twice within three hours",
               "it was out at the public weighbridge between", "codeco_20260312_2.edi, the gate-out of 09:32",
               [("codeco_20260312_2.edi", f"BGM\\+36.*{weighed.number}")])

    again = port.cast.box("2")
    port.deliver(again, at("12 11:14"), "HT-XNOV")
    port.outbound.append(again)
    look_alike(port, "I9", again.number, "its entry is reported twice", "the same interchange was sent again",
               "codeco_20260312_3.edi and codeco_20260312_3_resent.edi are the same bytes")


def invalid_card(port):
    card, holder = "C-1188", "H-388"
    t = at("12 01:47:22")
    port.feeds.cards += [(at("4 10:12"), card, holder, "ISSUED", "contractor"),
                         (at("11 09:30"), card, holder, "REVOKED", "contract ended")]
    port.badge(t, "GATEHOUSE", card, holder, "IN", "CONTRACTOR")
    port.badge(at("12 02:55:40"), "GATEHOUSE", card, holder, "OUT", "CONTRACTOR")
    plant(port, "card", "revoked card used", t, "revoked on the 11th at 09:30, opened the gatehouse at 01:47 and 02:55",
          credential__id=card, access__zone="GATEHOUSE")

    person = port.crew("A", "QUAY")[1]
    new, swap = "C-1201", at("12 05:39:30")
    port.feeds.cards += [(swap, person.card, person.holder, "REPLACED", f"worn out; new card {new}"),
                         (swap, new, person.holder, "ISSUED", f"replaces {person.card}")]
    rows = [r for r in port.feeds.access if r[3] == person.card and r[0] >= at("12 00:00")]
    port.feeds.access = [r for r in port.feeds.access if r not in rows]
    port.feeds.access += [(at("12 05:46:10"), *rows[0][1:])]
    port.feeds.access += [(*r[:3], new, *r[4:]) for r in rows[1:]]
    look_alike(port, "card", f"{person.card}, {new}",
               "an old card opens the gatehouse after its replacement was issued",
               "seven minutes after the exchange, on the way in; from then on only the new card is used",
               "card_register_2026-03.csv, REPLACED at 05:39:30")

    person = port.crew("B", "YARD")[2]
    port.feeds.cards += [(at("5 16:20"), person.card, person.holder, "REVOKED", "reported lost"),
                         (at("10 08:03"), person.card, person.holder, "ISSUED", "found, valid again")]
    look_alike(port, "card", person.card, "a card whose revocation is on record opens doors all shift",
               "found and made valid again on the 10th", "card_register_2026-03.csv, ISSUED on 2026-03-10",
               [("card_register_2026-03.csv", f"2026-03-10 08:03:00;{person.card};")])


def drop_return(port, person, since):
    """Takes the entry after the break out of the records; returns the exits before and after it."""
    rows = sorted(r for r in port.feeds.access if r[3] == person.card and r[2] == person.post and r[0] > since)
    out, back, end = rows[1], rows[2], rows[3]
    assert (out[6], back[6], end[6]) == ("OUT", "IN", "OUT")
    port.feeds.access.remove(back)
    return out, back, end


def exit_without_entry(port):
    person = port.crew("B", "YARD")[4]
    out, _, end = drop_return(port, person, at("12 12:00"))
    plant(port, "exit", "exit without an entry", end[0],
          f"out at {out[0]:%H:%M:%S}, out again at {end[0]:%H:%M:%S}, no entry between, all readers alive",
          credential__id=person.card, access__zone="YARD")

    tech = port.crew("B", "REEFER")[0]
    out, back, end = drop_return(port, tech, at("12 12:00"))
    silent, restored = back[0] - minutes(6), back[0] + minutes(9)
    dead = [r for r in port.feeds.access if r[2] == "REEFER" and silent <= r[0] <= restored]
    for row in dead:
        port.feeds.access.remove(row)
    port.feeds.readers += [(silent, "R07", "REEFER", "OFFLINE", "panel lost"),
                           (restored, "R07", "REEFER", "ONLINE", "")]
    look_alike(port, "exit", tech.card, "leaves REEFER at the end of the shift without having come back from the break",
               f"the reader was dead from {silent:%H:%M:%S} to {restored:%H:%M:%S}", "reader_status_2026-03.csv, R07",
               [("reader_status_2026-03.csv", ";R07;")])

    other = port.crew("A", "YARD")[3]
    rows = sorted(r for r in port.feeds.access if r[3] == other.card and r[2] == "YARD" and r[0] > at("12 00:00"))
    for row, reader in zip(rows, ["R06", "R05", "R06", "R05"]):
        port.feeds.access.remove(row)
        port.feeds.access.append((row[0], reader, *row[2:]))
    look_alike(port, "exit", other.card, "leaves twice through R05 and never enters through it",
               "enters through R06, the other reader of the zone", "access_20260312.csv")


def off_roster(port):
    tech = port.crew("B", "REEFER")[1]
    t = at("12 03:18:05")
    for clock, zone, direction in (("12 03:09:40", "GATEHOUSE", "IN"), ("12 03:18:05", "REEFER", "IN"),
                                   ("12 03:51:33", "REEFER", "OUT"), ("12 03:58:10", "GATEHOUSE", "OUT")):
        port.badge(at(clock), zone, tech.card, tech.holder, direction)
    plant(port, "roster", "presence off roster", t,
          "in REEFER for half an hour, more than five hours after the end of duty",
          credential__id=tech.card, access__zone="REEFER")

    late = port.crew("B", "QUAY")[0]
    rows = sorted(r for r in port.feeds.access if r[3] == late.card and r[0] > at("12 21:00"))
    for row in rows:
        port.feeds.access.remove(row)
        port.feeds.access.append((row[0] + minutes(68), *row[1:]))
    look_alike(port, "roster", late.card, "leaves the quay more than an hour after the end of duty",
               "the ship was being finished: within the margin of the rule", "roster_2026-W11.csv, duty until 22:00")

    free = port.crew("D", "YARD")[0]
    start = at("12 14:00")
    port.feeds.roster_changes += [(start, free.holder, "PLAN", start + timedelta(hours=8))]
    for t, zone, direction in port.passages(free, start, 8):
        port.badge(t, zone, free.card, free.holder, direction)
    look_alike(port, "roster", free.card, "works a whole shift on a day off",
               "called in the day before for a colleague", "roster_changes_2026-W11.csv, PLAN for 12.03.2026 14:00",
               [("roster_changes_2026-W11.csv", f"{free.holder};PLAN")])


def depot_boxes(port):
    """Exports that come over the firm's inland depot: a visit there must have ended before one begins here."""
    for n in range(10):
        box = port.cast.box("2")
        in_day = at("11 06:30") + minutes(9 * n)
        port.gate(box, "34", in_day, "HT-XTIR", f"PL {390 + n}-QX", terminal=DEPOT)
        leaves = at("12 05:40") + minutes(14 * n)
        port.gate(box, "36", leaves, "HT-XADR", f"PL {380 + n}-XQ", terminal=DEPOT)
        port.deliver(box, leaves + port.dice.span(35, 70), "HT-XADR")
        port.outbound.append(box)


def plant_boxes(port):
    port.late = None
    move_without_order(port)
    late_order(port)
    wrong_collector(port)
    lookup_then_pickup(port)
    seal_changed(port)
    second_box_of_a_number(port)
    depot_boxes(port)


def plant_people(port):
    invalid_card(port)
    exit_without_entry(port)
    off_roster(port)
