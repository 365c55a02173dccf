"""Who and what the sample port day is made of. Every firm, ship, terminal, plate, account and box is invented: owner
codes, call signs, plates and party codes carry Q or X where no real register issues them. Only the UN/LOCODEs are real.
"""
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

PORT, TERMINAL, DEPOT = "HRPLE", "QXT", "QXD"  # Ploce, Croatia; terminal and depot are invented
ZONE = "Europe/Zagreb"
UTC_OFFSET = timedelta(hours=1)  # CET: summer time begins on 2026-03-29
LINE, AGENT = "QXL", "QMAR"
FORWARDERS = {
    "FW-QDAN": "DANUBIA QX SPED GMBH", "FW-QINT": "INTERQX \u0160PEDICIJA D.O.O.", "FW-QALP": "ALPQX O'NEIL & CO",
    "FW-QJUG": "JUGOQX \u010cVOR D.O.O.", "FW-QBAL": "BALQX LOGISTIKA D.D.", "FW-QMED": "MEDQX FORWARDING SRL",
}
HAULIERS = ["HT-XMOR", "HT-XALP", "HT-XPAN", "HT-XTIR", "HT-XADR", "HT-XNOV", "HT-XKAR"]
CONSIGNEES = {
    "CN-QKEM": "KEMIJA QX D.O.O.", "CN-QPOH": "POHI\u0160TVO QX D.O.O.", "CN-QAVT": "AVTO QX D.D.",
    "CN-QSAD": "SADJE QX D.O.O.", "CN-QTEH": "TEHNIKA QX A.D.",
}
OWNER_CODES = ["QXCU", "XQLU", "QAXU", "XKQU", "QZBU"]
SIZE_TYPES = ["22G1", "42G1", "45G1", "22G1", "45G1"]
OLD_SPELLING = {"22G1": "2210", "42G1": "4310"}  # ISO 6346 before 1995: the same boxes
CARGO = ["RESIN IN BAGS", "TYRES NEW", "HOUSEHOLD APPLIANCES", "CERAMIC TILES", "FURNITURE", "COFFEE GREEN"]
LOAD_PORTS = ["EGPSD", "TRMER", "INNSA", "ECGYE", "CNSHK"]
NEXT_PORTS = ["ITTRS", "GRPIR", "MTMAR"]


@dataclass(frozen=True)
class Ship:
    name: str
    call_sign: str
    voyage: str


FIRST_SHIP = Ship("QUARNARO XEBEC", "QXA3", "117W")
SECOND_SHIP = Ship("LAGUNA QUIXOTE", "QXB8", "0642E")


def at(text):
    """Local time of March 2026: "12 06:15" or "12 06:15:30"."""
    day, clock = text.split()
    parts = [int(p) for p in clock.split(":")] + [0]
    return datetime(2026, 3, int(day), *parts[:3])


def minutes(n):
    return timedelta(minutes=n)


class Dice:
    """The one source of chance. Only Random.random() is used: its sequence is the same in every Python."""

    def __init__(self, seed):
        self._random = random.Random(seed)

    def whole(self, low, high):
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, values):
        return values[int(self._random.random() * len(values))]

    def chance(self, share):
        return self._random.random() < share

    def seconds(self, low, high):
        return timedelta(seconds=self.whole(low, high))

    def span(self, low, high):
        """Minutes, to the second."""
        return timedelta(seconds=self.whole(low * 60, high * 60))


def check_digit(first_ten):
    """ISO 6346:2022 annex A: letters count 10 to 38 without the multiples of 11."""
    values = [v for v in range(10, 39) if v % 11]
    total = sum((values[ord(c) - 65] if c.isalpha() else int(c)) << i for i, c in enumerate(first_ten))
    return total % 11


@dataclass
class Box:
    number: str
    size_type: str
    status: str  # EDIFACT 8249: 2 export, 3 import, 6 transhipment
    seals: list
    weight: int
    cargo: str
    bill: str
    full: bool = True
    load_port: str = ""
    consignee: str = ""
    release: str = ""
    holder: str = ""
    slot: str = ""
    position: str = ""
    stories: list = field(default_factory=list)


class Cast:
    """Numbers that are used once."""

    def __init__(self, dice):
        self.dice = dice
        self._numbers, self._positions = set(), set()
        self._bills, self._releases = 0, 0

    def box(self, status, full=True, size_type=None):
        d = self.dice
        while True:
            first = d.pick(OWNER_CODES) + f"{d.whole(100000, 999999)}"
            digit = check_digit(first)
            if digit < 10 and first not in self._numbers:
                break
        self._numbers.add(first)
        self._bills += 1
        kind = "BN" if status == "2" else LINE
        box = Box(first + str(digit), size_type or d.pick(SIZE_TYPES), status, [], 0, "EMPTY", "")
        box.full = full
        box.bill = f"{kind}2603{self._bills:04}"
        if full:
            box.seals = [f"{LINE}{d.whole(4000000, 9999999):08}" if status != "2" else f"HR{d.whole(10000, 99999):06}"]
            box.weight = d.whole(6200, 27900)
            box.cargo = d.pick(CARGO)
        box.load_port = d.pick(LOAD_PORTS)
        box.consignee = d.pick(list(CONSIGNEES))
        return box

    def position(self, block):
        d = self.dice
        while True:
            place = f"{block}{d.whole(1, 5)}-{d.whole(1, 40):02}-{d.whole(1, 4)}"
            if place not in self._positions:
                self._positions.add(place)
                return place

    def release_ref(self):
        self._releases += 1
        return f"QXT2603{self._releases:04}"


@dataclass(frozen=True)
class Person:
    holder: str
    card: str
    post: str   # QUAY, YARD, REEFER: the zone of the duty; OFFICE, SERVER
    crew: str   # A, B, C by shift; D: free on these days; O: office hours


def staff():
    people, n = [], 0
    for crew in "ABCD":
        for post in ["QUAY"] * 4 + ["YARD"] * 7 + ["REEFER"] * 2:
            n += 1
            people.append(Person(f"H-{300 + n}", f"C-{1100 + n}", post, crew))
    for post in ["OFFICE"] * 9 + ["SERVER"] * 2:
        n += 1
        people.append(Person(f"H-{300 + n}", f"C-{1100 + n}", post, "O"))
    return people


SHIFTS = {"A": (6, 8), "B": (14, 8), "C": (22, 8), "O": (8, 8)}  # first hour, hours


def crew_at(t):
    return "A" if 6 <= t.hour < 14 else "B" if 14 <= t.hour < 22 else "C"
