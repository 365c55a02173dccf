"""The feeds of the sample day, as separate systems export them: rows are collected in any order and written sorted.
All times come in as local time without a zone; each feed writes its own clock.
"""
import json
from dataclasses import dataclass
from datetime import datetime

from sample_day.cast import AGENT, CONSIGNEES, DEPOT, FORWARDERS, LINE, OLD_SPELLING, PORT, TERMINAL, UTC_OFFSET

BOM = b"\xef\xbb\xbf"


def utc(t):
    return t - UTC_OFFSET


def edi_minute(t):
    return t.strftime("%Y%m%d%H%M")


def escape(text):
    return "".join("?" + c if c in "?+:'" else c for c in text)


@dataclass
class Order:
    kind: str
    box: object
    source: str
    target: str
    issued: datetime
    equipment: str
    operator: str
    issued_by: str
    file_day: str = ""  # when the nightly file of another day brings it
    number: int = 0


class Messages:
    """One interchange: messages of one type from one sender, with their counts."""

    def __init__(self, sender, recipient, prepared, reference, syntax="UNOA:2", una=False):
        self._head = f"UNB+{syntax}+{sender}+{recipient}+{prepared:%y%m%d:%H%M}+{reference}"
        self._reference, self._una, self._messages = reference, una, []

    def add(self, kind, association, segments):
        n = len(self._messages) + 1
        lines = [f"UNH+{n}+{kind}:D:95B:UN:{association}", *segments]
        self._messages.append([*lines, f"UNT+{len(lines) + 1}+{n}"])

    def text(self, line_end="\n"):
        segments = [self._head, *[s for m in self._messages for s in m]]
        segments.append(f"UNZ+{len(self._messages)}+{self._reference}")
        body = "".join(s + "'" + line_end for s in segments)
        return ("UNA:+.? '" + line_end if self._una else "") + body


def transport(ship, stage="13"):
    return f"TDT+20+{ship.voyage}+1+{stage}+{LINE}:172:ZZZ+++{ship.call_sign}:103::{ship.name}"


def place(qualifier, terminal=""):
    return f"LOC+{qualifier}+{PORT}:139:6" + (f"+{terminal}:TER:ZZZ" if terminal else "")


def equipment(box, size_type=None):
    return f"EQD+CN+{box.number}+{size_type or box.size_type}:102:5++{box.status}+{5 if box.full else 4}"


class Feeds:
    def __init__(self):
        self.orders, self.moves = [], []
        self.audit, self.tickets, self.customs = [], [], []
        self.access, self.roster, self.roster_changes, self.cards, self.readers = [], [], [], [], []
        self.ship_moves, self.gate_moves, self.releases, self.stowage = [], [], [], []
        self.old_spelling = set()  # numbers whose size-type the gate still writes in the older code

    # --- EDIFACT ---------------------------------------------------------------------------------------------------

    def coarri(self, name, ship, kind, since, until, line_end="\n"):
        rows = sorted((t, b.number, b) for t, s, k, b in self.ship_moves
                      if s is ship and k == kind and since <= t < until)
        document = f"QXTC{since:%d%H}{kind}"
        own, other = ("11", "9") if kind == "44" else ("9", "11")
        out = [f"BGM+{kind}+{document}+9", transport(ship), place(own, TERMINAL), f"NAD+CF+{LINE}:160:ZZZ"]
        for t, _, box in rows:
            out += [equipment(box), f"RFF+{'BN' if box.status == '2' else 'BM'}:{box.bill}", "TMD+3",
                    f"DTM+203:{edi_minute(t)}:203", f"LOC+{other}+{box.load_port}:139:6", f"LOC+147+{box.slot}::5"]
            if box.full:
                out += [f"MEA+AAE+EGW+KGM:{box.weight}", *[f"SEL+{escape(s)}+CA" for s in box.seals],
                        f"FTX+AAA+++{escape(box.cargo)}"]
        out.append(f"CNT+16:{len(rows)}")
        interchange = Messages("QXTHRPLE", "QXLLINE", rows[-1][0], document)
        interchange.add("COARRI", "ITG12", out)
        return name, interchange.text(line_end).encode("ascii")

    def codeco(self, name, terminal, since, until):
        rows = sorted((m["t"], m["box"].number, m["kind"], i) for i, m in enumerate(self.gate_moves)
                      if m["terminal"] == terminal and since <= m["t"] < until)
        sender = "QXTHRPLE" if terminal == TERMINAL else "QXDEPOT"
        interchange = Messages(sender, "QXLLINE", rows[-1][0], f"K{terminal}{since:%d%H}")
        for n, (_, _, _, i) in enumerate(rows):
            m = self.gate_moves[i]
            interchange.add("CODECO", "ITG14", self._codeco(m, f"{terminal}{since:%d%H}{n + 1:03}"))
        return name, interchange.text().encode("ascii")

    def _codeco(self, m, document):
        box = m["box"]
        size_type = OLD_SPELLING.get(box.size_type) if box.number in self.old_spelling else None
        out = [f"BGM+{m['kind']}+{document}+9", f"NAD+CF+{LINE}:160:ZZZ", equipment(box, size_type),
               f"RFF+{'BN' if box.status == '2' else 'BM'}:{box.bill}"]
        if m["kind"] == "36" and box.release:
            out.append(f"RFF+RE:{box.release}")
        out += [f"DTM+7:{edi_minute(m['t'])}:203", place("165", m["terminal"])]
        if box.full:
            out += [f"MEA+AAE+G+KGM:{m['weight']}", *[f"SEL+{escape(s)}+CA" for s in m["seals"]]]
        out += [f"TDT+1++3++{m['haulier']}:172:ZZZ+++{m['plate']}:146", "CNT+16:1"]
        return out

    def coreor(self, name, since, until):
        rows = sorted(((t, n, f, b, h) for n, (t, f, b, h) in enumerate(self.releases) if since <= t < until),
                      key=lambda r: r[:2])
        interchange = Messages("QMARAG", "QXPCS", rows[-1][0], f"J{since:%d%H}", "UNOD:3", una=True)
        for t, n, function, box, holder in rows:
            interchange.add("COREOR", "ITG12", [
                f"BGM+129+QMA{n + 1:06}+{function}", f"DTM+137:{edi_minute(t)}:203", f"RFF+BM:{box.bill}",
                place("11", TERMINAL), f"NAD+MS+{AGENT}:160:ZZZ", f"NAD+CF+{LINE}:160:ZZZ",
                f"NAD+FW+{holder}:160:ZZZ++{escape(FORWARDERS[holder])}",
                f"NAD+CN+{box.consignee}:160:ZZZ++{escape(CONSIGNEES[box.consignee])}", equipment(box),
                f"RFF+RE:{box.release}", "DTM+36:202603202359:203", f"MEA+AAE+G+KGM:{box.weight}",
                f"FTX+AAA+++{escape(box.cargo)}", "CNT+16:1"])
        return name, interchange.text().encode("iso8859-2")

    def baplie(self, name, ship, t):
        out = [f"BGM++QXLSTOW{t:%d%H%M}+9", f"DTM+137:{t:%y%m%d%H%M}:201",
               f"TDT+20+{ship.voyage}+++{LINE}:172:20+++{ship.call_sign}:103::{ship.name}", "LOC+5+GRPIR:139:6",
               f"LOC+61+{PORT}:139:6", "RFF+VON:0642W"]
        for box, discharge in sorted(self.stowage, key=lambda r: r[0].slot):
            out += [f"LOC+147+{box.slot}::5", f"MEA+WT++KGM:{box.weight or 2200}", f"LOC+9+{box.load_port}:139:6",
                    f"LOC+11+{discharge}:139:6", f"RFF+BM:{box.bill}",
                    f"EQD+CN+{box.number}+{box.size_type}+++{5 if box.full else 4}", f"NAD+CA+{LINE}:172:20"]
        interchange = Messages("QXLLINE", "QXTHRPLE", t, f"B{t:%d%H%M}")
        interchange.add("BAPLIE", "SMDG20", out)
        return name, interchange.text().encode("ascii")

    # --- CSV and JSON lines ----------------------------------------------------------------------------------------

    @staticmethod
    def csv(name, header, rows, separator, line_end="\n", bom=False):
        quoted = [[f'"{value}"' if separator in value else value for value in row] for row in rows]
        text = "".join(separator.join(row) + line_end for row in [header, *quoted])
        return name, (BOM if bom else b"") + text.encode("utf-8")

    def number_orders(self):
        for n, order in enumerate(sorted(self.orders, key=lambda o: (o.issued, o.box.number, o.target))):
            order.number = 810001 + n

    def order_file(self, day):
        head = ["order_no", "kind", "container", "from", "to", "equipment", "operator", "issued_by", "issued"]
        rows = [[str(o.number), o.kind, o.box.number, o.source, o.target, o.equipment, o.operator, o.issued_by,
                 o.issued.strftime("%d.%m.%Y %H:%M:%S")]
                for o in sorted(self.orders, key=lambda o: o.number) if (o.file_day or f"{o.issued:%Y%m%d}") == day]
        return self.csv(f"yard_orders_{day}.csv", head, rows, ";", "\r\n", bom=True)

    def move_file(self):
        head = ["move_id", "utc", "equipment", "operator", "container", "from", "to", "order_no"]
        rows = [[f"M{70001 + n}", f"{utc(t):%Y-%m-%dT%H:%M:%SZ}", eq, op, box.number, src, dst,
                 str(order.number) if order else ""]
                for n, (t, _, eq, op, box, src, dst, order) in enumerate(
                    sorted(self.moves, key=lambda m: (m[0], m[1])))]
        return self.csv("yard_moves_20260311-12.csv", head, rows, ",")

    def audit_file(self, day):
        rows = [r for r in sorted(self.audit, key=lambda r: (r["ts"], r["cntr"], r["fn"])) if r["ts"].startswith(day)]
        text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
        return f"pcs_audit_{day.replace('-', '')}.jsonl", text.encode("utf-8")

    def ticket_file(self, day):
        head = ["ticket", "opened_local", "agent_user", "container", "subject", "channel"]
        chosen = sorted(r for r in self.tickets if f"{r[0]:%Y%m%d}" == day)
        rows = [[f"T-{day[-2:]}{n + 101}", f"{t:%d.%m.%Y %H:%M}", *rest] for n, (t, *rest) in enumerate(chosen)]
        return self.csv(f"agency_tickets_{day}.csv", head, rows, ";")

    def customs_file(self, day):
        head = ["ts_utc", "container", "action", "channel", "officer", "second_officer", "reason", "ref"]
        rows = [[f"{utc(t):%Y-%m-%d %H:%M:%S}", *rest] for t, *rest in sorted(self.customs)
                if f"{utc(t):%Y%m%d}" == day]
        return self.csv(f"customs_control_{day}.csv", head, rows, ",")

    def access_file(self, day):
        head = ["panel_time", "reader", "zone", "card", "holder", "holder_type", "direction", "result", "reason"]
        rows = [[f"{t:%Y-%m-%d %H:%M:%S}", *rest] for t, *rest in sorted(self.access) if f"{t:%Y%m%d}" == day]
        return self.csv(f"access_{day}.csv", head, rows, ";")

    def plain_files(self):
        stamp = "%d.%m.%Y %H:%M"
        head = ["holder", "action", "from", "until"]
        for name, plan in (("roster_2026-W11.csv", self.roster), ("roster_changes_2026-W11.csv", self.roster_changes)):
            rows = [[h, a, f.strftime(stamp), u.strftime(stamp)] for f, h, a, u in sorted(plan)]
            yield self.csv(name, head, rows, ";")
        rows = [[f"{t:%Y-%m-%d %H:%M:%S}", *rest] for t, *rest in sorted(self.cards)]
        yield self.csv("card_register_2026-03.csv", ["local_time", "card", "holder", "action", "note"], rows, ";")
        rows = [[f"{t:%Y-%m-%d %H:%M:%S}", *rest] for t, *rest in sorted(self.readers)]
        yield self.csv("reader_status_2026-03.csv", ["local_time", "device", "zone", "status", "note"], rows, ";")
