"""The whole day: the run-up on 11 March, the 12th itself, and one file of the 13th. Returns files and truth."""
from sample_day.cast import DEPOT, FIRST_SHIP, FORWARDERS, HAULIERS, NEXT_PORTS, SECOND_SHIP, TERMINAL, at, minutes
from sample_day.flows import Port, collect, desk, hand_over, new_import
from sample_day.plants import plant_boxes, plant_people

SEED = 20260312


def spread(first, last, n):
    """n instants from first to last."""
    return [first + (last - first) * i / max(1, n - 1) for i in range(n)]


def clean(t):
    return t.replace(microsecond=0)


def imports(port):
    d = port.dice
    early = [new_import(port, FIRST_SHIP, clean(t)) for t in spread(at("11 05:10"), at("11 12:30"), 104)]
    for box, t in zip(early[:90], spread(at("11 08:50"), at("11 16:30"), 90)):
        port.firm[box.number] = hand_over(port, box, clean(t), d.pick(list(FORWARDERS)), d.pick(HAULIERS))
    for box in early[90:]:
        port.release(box, clean(at("12 09:05") + d.span(0, 300)), d.pick(list(FORWARDERS)))
    for box, t in zip(early[20:65], spread(at("12 00:20"), at("12 05:20"), 45)):
        port.ordered_move(box, "HSKP", port.cast.position("C"), clean(t), d.span(10, 400))
    for box, t in zip(early[:14], spread(at("11 15:10"), at("11 20:40"), 14)):
        late_enough(port, box, clean(t))
    for box, t in zip(early[14:82], spread(at("12 06:50"), at("12 20:20"), 68)):
        if d.chance(0.5):
            desk(port, box, clean(at("12 07:00") + d.span(0, 500)))
        collect(port, box, clean(t), port.firm[box.number])
    late = [new_import(port, SECOND_SHIP, clean(t), "A") for t in spread(at("12 06:00"), at("12 10:30"), 60)]
    for box, t in zip(late[:40], spread(at("12 07:30"), at("12 12:30"), 40)):
        port.firm[box.number] = hand_over(port, box, clean(t), d.pick(list(FORWARDERS)), d.pick(HAULIERS))
    for box, t in zip(late[:8], spread(at("12 17:30"), at("12 21:30"), 8)):
        late_enough(port, box, clean(t))
    port.feeds.stowage += [(box, "HRPLE") for box in late]
    number_slots(early + late)
    return early, late


def late_enough(port, box, t):
    """Collected the same day: announced after the right was passed on."""
    firm = port.firm[box.number]
    port.announce(box, t - port.dice.span(52, 75), firm)
    port.gate_out(box, t, firm)


def number_slots(boxes):
    for n, box in enumerate(boxes):
        box.slot = f"{(n // 24) * 4 + 1:03}{n % 24 // 4 + 1:02}{(n % 4) * 2 + 82:02}"


def exports(port):
    d = port.dice
    first = []
    for t in spread(at("11 13:00"), at("11 20:40"), 38):
        first.append(port.cast.box("2"))
        port.deliver(first[-1], clean(t), d.pick(HAULIERS))
    through = []
    for t in spread(at("11 09:03"), at("11 12:20"), 14):
        box = port.cast.box("6")
        port.discharge(box, FIRST_SHIP, clean(t), "T")
        through.append(box)
    second = []
    for t in spread(at("12 05:55"), at("12 12:40"), 34):
        second.append(port.cast.box("2"))
        port.deliver(second[-1], clean(t), d.pick(HAULIERS))
    number_slots(through)
    # What lies on the quay side first is loaded first; the rest follows in the order of its arrival.
    loads = first + through + second + port.outbound
    for n, (box, t) in enumerate(zip(loads, spread(at("12 13:05"), at("12 23:41"), len(loads)))):
        box.load_port = d.pick(NEXT_PORTS) if box.status != "6" else box.load_port
        box.slot = f"{(n // 24) * 4 + 3:03}{n % 24 // 4 + 1:02}{(n % 4) * 2 + 2:02}"
        port.load(box, SECOND_SHIP, clean(t))
    return loads


def empties(port):
    for t in spread(at("11 04:20"), at("11 21:30"), 13) + spread(at("12 05:10"), at("12 23:52"), 20):
        box = port.cast.box("3", full=False)
        port.deliver(box, clean(t), port.dice.pick(HAULIERS))
    for n in range(40):  # remain on board of the second ship
        box = port.cast.box("6")
        box.slot = f"{(n // 24) * 4 + 41:03}{n % 24 // 4 + 1:02}{(n % 4) * 2 + 82:02}"
        port.feeds.stowage.append((box, "ITTRS"))


def customs_controls(port, boxes):
    d = port.dice
    for n, box in enumerate(boxes):
        t, ref = clean(at("12 07:10") + minutes(23 * n) + d.span(0, 12)), f"CK-{420 + n:04}"
        port.customs(box, t, "SELECT", "RED", d.pick(["car.07", "car.12"]), "", "document profile", ref)
        port.customs(box, t + d.span(60, 110), "NII_SCAN", "RED", "car.12", "", "image read, nothing", ref)
        port.customs(box, t + d.span(120, 170), "RELEASE", "RED", "car.12", "", "nothing found", ref)


def duties(port):
    for person in port.people:
        if person.crew != "D":
            for day in range(9, 14):
                port.duty(person, day)
        else:
            for day in (14, 15):
                port.roster_only(person, day)
    for n in range(7):
        t = clean(at("12 06:20") + minutes(97 * n) + port.dice.span(0, 30))
        port.badge(t, "GATEHOUSE", f"D-{7900 + n}", f"DRV-{900 + n}", "IN", "DRIVER", "DENIED", "expired")
    port.feeds.readers += [(at("2 11:02:10"), "R03", "QUAY", "OFFLINE", "network switch"),
                           (at("2 11:31:55"), "R03", "QUAY", "ONLINE", ""),
                           (at("12 22:40:18"), "R10", "OFFICE", "OFFLINE", "firmware"),
                           (at("12 22:58:31"), "R10", "OFFICE", "ONLINE", "")]
    port.feeds.cards += [(at("2 09:15"), "C-1150", "H-350", "ISSUED", "new staff"),
                         (at("6 13:40"), "C-1093", "H-293", "REVOKED", "retired")]


def build():
    port = Port(SEED)
    port.firm, port.outbound = {}, []
    plant_boxes(port)
    early, late = imports(port)
    exports(port)
    empties(port)
    for box in early[82:90]:
        desk(port, box, clean(at("11 15:00") + port.dice.span(0, 200)))
    customs_controls(port, late[40:52])
    duties(port)
    plant_people(port)
    boxes = {b.number: b for _, _, _, b in port.feeds.ship_moves}
    boxes.update((m["box"].number, m["box"]) for m in port.feeds.gate_moves)
    slotless = [b for b in boxes.values() if not b.slot]
    number_slots(slotless)
    # A third of the gate's older boxes are still known there under the spelling of before 1995.
    port.feeds.old_spelling.update(b.number for b in early[14:44:3])
    return port, len(boxes)


def files(port):
    f = port.feeds
    f.number_orders()
    out = [
        f.coarri("coarri_20260311_part1.edi", FIRST_SHIP, "44", at("11 00:00"), at("11 09:00"), line_end=""),
        f.coarri("coarri_20260311_part2.edi", FIRST_SHIP, "44", at("11 09:00"), at("12 00:00")),
        f.coarri("coarri_20260312_discharge.edi", SECOND_SHIP, "44", at("12 00:00"), at("12 12:00")),
        f.coarri("coarri_20260312_load1.edi", SECOND_SHIP, "46", at("12 12:00"), at("12 18:00")),
        f.coarri("coarri_20260312_load2.edi", SECOND_SHIP, "46", at("12 18:00"), at("13 00:00"), line_end="\r\n"),
        f.baplie("baplie_20260312_0642E.edi", SECOND_SHIP, at("12 01:30")),
        f.codeco("codeco_20260311_1.edi", TERMINAL, at("11 00:00"), at("11 14:00")),
        f.codeco("codeco_20260311_2.edi", TERMINAL, at("11 14:00"), at("12 00:00")),
        f.codeco("codeco_depot_20260311.edi", DEPOT, at("11 00:00"), at("12 00:00")),
        f.codeco("codeco_depot_20260312.edi", DEPOT, at("12 00:00"), at("13 00:00")),
        f.coreor("coreor_20260311_0800.edi", at("11 08:00"), at("11 12:00")),
        f.coreor("coreor_20260311_1400.edi", at("11 12:00"), at("12 00:00")),
        f.coreor("coreor_20260312_0700.edi", at("12 00:00"), at("13 00:00")),
        f.move_file(),
    ]
    edges = ["12 00:00", "12 07:00", "12 11:00", "12 14:00", "12 18:00", "13 00:00"]
    for n, (since, until) in enumerate(zip(edges, edges[1:])):
        out.append(f.codeco(f"codeco_20260312_{n + 1}.edi", TERMINAL, at(since), at(until)))
    out.append(("codeco_20260312_3_resent.edi", dict(out)["codeco_20260312_3.edi"]))
    for day in ("20260311", "20260312"):
        out += [f.audit_file(f"{day[:4]}-{day[4:6]}-{day[6:]}"), f.ticket_file(day), f.customs_file(day),
                f.access_file(day)]
    out += [f.order_file(day) for day in ("20260311", "20260312", "20260313")]
    out += f.plain_files()
    return dict(out)
