"""Alerts on paper: what a printer is given, when it refuses, over TLS; and the printer of CUPS, where it is there."""
import os
import shutil
import signal
import socket
import subprocess
import time
import unittest

from printer import Printer
from program import main
from relay import certificate
from server_test import wait_until
from telling_test import SECOND, STRANGER, TellingTest


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def is_open(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


class PaperTest(TellingTest):
    def printer(self, **more):
        printer = Printer(**more)
        self.addCleanup(printer.close)
        return printer

    def channel(self, name, url, more=""):
        return (f'[[channel]]\nname = "{name}"\nkind = "printer"\norganisation = "Site"\nurl = "{url}"\n'
                f'language = "es"\n{more}\n')

    def told(self, client, alert_id):
        return {t["channel"]: t for t in client.call("getAlert", {"alertId": alert_id}).json["telling"]["told"]}


class PrinterTest(PaperTest):
    def test_an_alert_comes_out_once_with_the_minimum(self):
        plain, pieces = self.printer(), self.printer(is_chunked=True)
        authority, context = certificate(self.folder.name)
        sealed = self.printer(tls=context)
        self.configure('console = "https://quaywatch.port.example"\n'
                       + self.channel("gate", f"ipp://127.0.0.1:{plain.port}/ipp/print")
                       + self.channel("queue", f"ipp://127.0.0.1:{pieces.port}/printers/desk")
                       + self.channel("office", f"ipps://127.0.0.1:{sealed.port}/", f'ca_file = "{authority}"')
                       + self.channel("stranger", f"ipps://127.0.0.1:{sealed.port}/"))
        server, admin = self.begin()
        self.arrives("a.jsonl", STRANGER)
        alert_id = self.only_alert(admin)
        wait_until(lambda: len(self.told(admin, alert_id)) == 4)
        told = self.told(admin, alert_id)
        self.assertEqual({name: t["outcome"] for name, t in told.items()},
                         {"gate": "delivered", "queue": "delivered", "office": "delivered", "stranger": "failed"})
        self.assertIn("whose certificate", told["stranger"]["detail"])
        attributes, text = plain.jobs[0]
        self.assertEqual((attributes["document-format"], attributes["attributes-charset"], attributes["printer-uri"]),
                         ("text/plain", "utf-8", f"ipp://127.0.0.1:{plain.port}/ipp/print"))
        self.assertEqual([pieces.jobs[0][1], sealed.jobs[0][1]], [text, text])
        self.assertIn(f"\r\nhttps://quaywatch.port.example/watch?alert={alert_id}\r\n", text)
        self.assertIn("\r\nEn qué se basa está solo en la consola.\r\n", text)
        self.assertNotIn(alert_id, attributes["job-name"])
        for subject in admin.call("getAlert", {"alertId": alert_id}).json["summary"]["subjects"]:
            self.assertNotIn(subject["value"], text)
        server.stop(signal.SIGKILL)
        self.again()
        time.sleep(3)
        self.assertEqual([len(p.jobs) for p in (plain, pieces, sealed)], [1, 1, 1], "not printed again")

    def test_a_printer_that_refuses_is_said_and_tried_again(self):
        printer = self.printer()
        printer.status = 0x0507
        self.configure(self.channel("gate", f"ipp://127.0.0.1:{printer.port}/ipp/print"))
        _, admin = self.begin()
        self.arrives("a.jsonl", STRANGER)
        alert_id = self.only_alert(admin)
        wait_until(lambda: printer.refused >= 2)
        told = self.told(admin, alert_id)["gate"]
        self.assertEqual((told["outcome"], told["detail"]), ("failed", "the printer refuses it: it is busy"))
        printer.status = 0
        wait_until(lambda: printer.jobs)
        wait_until(lambda: self.told(admin, alert_id)["gate"]["outcome"] == "delivered")
        self.arrives("b.jsonl", STRANGER, SECOND)
        wait_until(lambda: len(printer.jobs) == 2)


@unittest.skipUnless(shutil.which("ippeveprinter"), "no ippeveprinter (Debian: cups-ipp-utils)")
class IppEvePrinterTest(PaperTest):
    def start(self, port, formats):
        spool = os.path.join(self.folder.name, "spool")
        os.makedirs(spool, exist_ok=True)
        printer = subprocess.Popen(["ippeveprinter", "-r", "off", "-k", "-d", spool, "-p", str(port), "-f", formats,
                                    "gate"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (printer.kill(), printer.wait()))
        while not is_open(port):
            if printer.poll() is not None:
                self.skipTest("ippeveprinter ended at its start: it needs a running avahi-daemon")
            time.sleep(0.1)
        return spool

    def test_the_printer_of_cups_takes_it(self):
        port = free_port()
        spool = self.start(port, "text/plain")
        self.configure(self.channel("gate", f"ipp://127.0.0.1:{port}/ipp/print"))
        _, admin = self.begin()
        self.arrives("a.jsonl", STRANGER)
        alert_id = self.only_alert(admin)
        wait_until(lambda: self.told(admin, alert_id).get("gate", {}).get("outcome") == "delivered")
        wait_until(lambda: os.listdir(spool))
        with open(os.path.join(spool, os.listdir(spool)[0]), encoding="utf-8") as f:
            self.assertIn(alert_id, f.read())

    def test_one_that_prints_no_text_is_said(self):
        port = free_port()
        self.start(port, "image/pwg-raster")
        self.configure(self.channel("gate", f"ipp://127.0.0.1:{port}/ipp/print"))
        _, admin = self.begin()
        self.arrives("a.jsonl", STRANGER)
        alert_id = self.only_alert(admin)
        wait_until(lambda: "gate" in self.told(admin, alert_id))
        self.assertIn("it prints no plain text", self.told(admin, alert_id)["gate"]["detail"])


if __name__ == "__main__":
    main()
