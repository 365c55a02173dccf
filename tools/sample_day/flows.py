"""What innocent work leaves in the feeds: a discharge, a collection, a delivery, a shift. The planted cases are built
of the same steps with one of them left out or changed, so that nothing but the violation tells them apart.
"""
from collections import defaultdict
from datetime import timedelta

from sample_day.cast import AGENT, SHIFTS, TERMINAL, Cast, Dice, at, crew_at, minutes, staff
from sample_day.feeds import Feeds, Order, utc

MACHINES = ["SC01", "SC02", "SC03", "SC04", "SC05", "SC06"]
READERS = {  # zone -> readers; people use either
    "GATEHOUSE": ["R01", "R02"], "QUAY": ["R03", "R04"], "YARD": ["R05", "R06"], "REEFER": ["R07"],
    "SERVER": ["R09"], "OFFICE": ["R10"],
}
AGENTS = ["qma.ana", "qma.ivo", "qma.lea"]


class Port:
    def __init__(self, seed):
        self.dice = Dice(seed)
        self.cast = Cast(self.dice)
        self.feeds = Feeds()
        self.people = staff()
        self.truth, self.look_alikes = [], []
        self._visits = defaultdict(list)  # driver -> [(in, out)]
        self._drivers = defaultdict(list)
        self._appointments = self._jobs = 0

    def crew(self, crew, post):
        return [p for p in self.people if p.crew == crew and p.post == post]

    # --- yard ------------------------------------------------------------------------------------------------------

    def operator(self, t, machine):
        drivers = self.crew(crew_at(t), "YARD")
        return drivers[MACHINES.index(machine)].card

    def order(self, box, kind, target, issued, machine=None, by="TOS-AUTO"):
        machine = machine or self.dice.pick(MACHINES)
        order = Order(kind, box, box.position, target, issued, machine, self.operator(issued, machine), by)
        self.feeds.orders.append(order)
        return order

    def move(self, box, target, t, order=None, machine=None, names_order=True):
        machine = machine or (order.equipment if order else self.dice.pick(MACHINES))
        named = order if order and names_order else None
        row = (t, len(self.feeds.moves), machine, self.operator(t, machine), box, box.position, target, named)
        self.feeds.moves.append(row)
        box.position = target

    def ordered_move(self, box, kind, target, t, lead):
        # The position system learns the order number of four moves in five.
        order = self.order(box, kind, target, t - lead)
        self.move(box, target, t, order, names_order=self.dice.chance(0.8))

    # --- quay ------------------------------------------------------------------------------------------------------

    def discharge(self, box, ship, t, block="B"):
        self.feeds.ship_moves.append((t, ship, "44", box))
        box.position = "QUAY"
        self.ordered_move(box, "DSCH", self.cast.position(block), t + self.dice.span(3, 9), self.dice.span(25, 45))
        if box.status == "3":
            lane = "GREEN" if self.dice.chance(0.9) else "YELLOW"
            self.customs(box, t - self.dice.span(20, 90), "LANE", lane, "SYSTEM")

    def load(self, box, ship, t):
        self.ordered_move(box, "LOAD", "QUAY", t - self.dice.span(4, 10), self.dice.span(15, 120))
        self.feeds.ship_moves.append((t, ship, "46", box))

    def customs(self, box, t, action, channel, officer, second="", reason="", ref=""):
        self.feeds.customs.append((t, box.number, action, channel, officer, second, reason, ref))

    # --- release ---------------------------------------------------------------------------------------------------

    def audit(self, t, user, org, fn, box, task=None, **more):
        stamp = f"{utc(t):%Y-%m-%dT%H:%M:%S}.{self.dice.whole(0, 999):03}Z"
        row = {"ts": stamp, "sys": "PCS", "user": user, "org": org, "fn": fn, "cntr": box.number,
               "release": box.release or box.bill, "task": task, "result": "OK"}
        row.update(more)
        self.feeds.audit.append(row)

    def job(self):
        self._jobs += 1
        return f"J-{2400 + self._jobs}"

    def user(self, org, n=1):
        return f"{org.split('-')[1].lower()}.{n:02}"

    def release(self, box, t, holder, function=9):
        box.release = box.release or self.cast.release_ref()
        box.holder = holder
        self.feeds.releases.append((t, function, box, holder))

    def transfer(self, box, t, source, target):
        self.audit(t, self.user(source), source, "RELEASE_TRANSFER", box, self.job(), **{"from": source, "to": target})
        box.holder = target

    def view(self, box, t, user, org, fn="RELEASE_VIEW", task=None):
        self.audit(t, user, org, fn, box, task)

    def ticket(self, box, t, user, subject="where is my release", channel="phone", number=None):
        self.feeds.tickets.append((t.replace(second=0), user, number or box.number, subject, channel))

    def announce(self, box, t, org, fn="PICKUP_ANNOUNCE", good=True, user=None):
        more = {"pin": "OK" if good else "FAIL"} if fn == "PICKUP_ANNOUNCE" else {}
        if good:
            self._appointments += 1
            more["appt"] = f"A{61000 + self._appointments}"
        else:
            more["result"] = "DENIED"
        self.audit(t, user or self.user(org), org, fn, box, **more)

    # --- gate ------------------------------------------------------------------------------------------------------

    def driver(self, haulier, since, until):
        """(plate, card, holder) of a driver of the firm who is not inside; a firm has as many as it needs."""
        for driver in self._drivers[haulier]:
            if all(until < i - minutes(15) or since > o + minutes(15) for i, o in self._visits[driver]):
                break
        else:
            n = sum(len(d) for d in self._drivers.values()) + 1
            driver = (f"PL {300 + n}-{'QX' if n % 2 else 'XQ'}", f"D-{7000 + n}", f"DRV-{500 + n}")
            self._drivers[haulier].append(driver)
        self._visits[driver].append((since, until))
        return driver

    def lorry(self, haulier, since, until):
        plate, card, holder = self.driver(haulier, since, until)
        self.badge(since, "GATEHOUSE", card, holder, "IN", "DRIVER")
        self.badge(until, "GATEHOUSE", card, holder, "OUT", "DRIVER")
        return plate

    def gate(self, box, kind, t, haulier, plate, terminal=TERMINAL, seals=None, weight=None):
        self.feeds.gate_moves.append({
            "t": t.replace(second=0), "kind": kind, "terminal": terminal, "box": box, "haulier": haulier,
            "plate": plate, "seals": box.seals if seals is None else seals,
            "weight": weight or box.weight + self.dice.whole(-40, 40)})

    def gate_in(self, box, t, haulier, block="E", **changes):
        plate = self.lorry(haulier, t - self.dice.span(2, 5), t + self.dice.span(22, 40))
        self.gate(box, "34", t, haulier, plate, **changes)
        box.position = "TRUCK"
        self.ordered_move(box, "RECV", self.cast.position(block), t + self.dice.span(9, 18), self.dice.span(4, 8))

    def gate_out(self, box, t, haulier, **changes):
        plate = self.lorry(haulier, t - self.dice.span(30, 50), t + self.dice.span(1, 3))
        self.ordered_move(box, "DLVR", "TRUCK", t - self.dice.span(6, 12), self.dice.span(8, 18))
        self.gate(box, "36", t, haulier, plate, **changes)

    def deliver(self, box, t, haulier):
        """An export box or an empty comes in by lorry."""
        if box.full:
            self.announce(box, t - self.dice.span(90, 400), haulier, "DELIVERY_ANNOUNCE")
        self.gate_in(box, t, haulier)

    # --- people ----------------------------------------------------------------------------------------------------

    def badge(self, t, zone, card, holder, direction, holder_type="STAFF", result="GRANTED", reason="", reader=None):
        self.feeds.access.append((t, reader or self.dice.pick(READERS[zone]), zone, card, holder, holder_type,
                                  direction, result, reason))

    def passages(self, person, start, hours):
        """A duty with one break: (time, zone, direction)."""
        d, end = self.dice, start + timedelta(hours=hours)
        arrive, leave = start - d.span(8, 25), end + d.span(3, 14)
        pause = start + minutes(hours * 30) + d.span(-40, 40)
        times = [(arrive, "GATEHOUSE", "IN"), (arrive + d.span(3, 7), person.post, "IN"),
                 (pause, person.post, "OUT"), (pause + d.span(22, 38), person.post, "IN"),
                 (leave, person.post, "OUT"), (leave + d.span(2, 8), "GATEHOUSE", "OUT")]
        return times

    def duty(self, person, day):
        first, hours = SHIFTS[person.crew]
        start = at(f"{day} {first:02}:00")
        self.feeds.roster.append((start, person.holder, "PLAN", start + timedelta(hours=hours)))
        for t, zone, direction in self.passages(person, start, hours):
            # Records begin on the 11th and end with the 12th.
            if at("11 00:00") <= t < at("13 00:00"):
                self.badge(t, zone, person.card, person.holder, direction)

    def roster_only(self, person, day):
        start = at(f"{day} 06:00")
        self.feeds.roster.append((start, person.holder, "PLAN", start + timedelta(hours=8)))


def new_import(port, ship, t, block="B", size_type=None):
    box = port.cast.box("3", size_type=size_type)
    port.discharge(box, ship, t, block)
    return box


def hand_over(port, box, t, forwarder, firm):
    """Release to a forwarder, who mostly passes the right on. Returns who may collect."""
    d = port.dice
    port.release(box, t, forwarder)
    port.view(box, t + d.span(6, 50), port.user(forwarder), forwarder, task=port.job())
    if d.chance(0.15):
        return forwarder  # collects with its own lorry
    port.transfer(box, t + d.span(55, 180), forwarder, firm)
    return firm


def collect(port, box, t, firm):
    """Announcement and collection by a party that holds the right; t is the gate."""
    d = port.dice
    announced = t - d.span(120, 500)
    if d.chance(0.6):
        port.view(box, announced - d.span(1, 9), port.user(firm), firm)
    if d.chance(0.05):
        port.announce(box, announced - d.span(1, 4), firm, good=False)
    port.announce(box, announced, firm)
    port.view(box, t - d.span(50, 70), "qxt.gate", TERMINAL, "UNIT_LOCATE", port.job())
    port.gate_out(box, t, firm)


def desk(port, box, t):
    """The agent looks a box up because a customer asked; the ticket stands in another system."""
    user = port.dice.pick(AGENTS)
    port.view(box, t, user, AGENT)
    spelled = box.number
    if port.dice.chance(0.2):
        spelled = f"{box.number[:4]} {box.number[4:10]}-{box.number[10]}"
    port.ticket(box, t + port.dice.span(-30, 25), user, port.dice.pick(
        ["where is my release", "consignee asks for status", "validity date", "forwarder changed haulier"]),
        port.dice.pick(["phone", "e-mail", "counter"]), spelled)
    return user
