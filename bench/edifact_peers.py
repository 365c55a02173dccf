#!/usr/bin/env python3
"""EDIFACT of gate moves to typed events, held against npm edifact and PyPI pydifact: same file, same answers, one run.

  cmake --preset bench && cmake --build --preset bench --target edifact_events
  python3 bench/edifact_peers.py [--mb 134] [--runs 3] [--program build/bench/bin/edifact_events]

Prints MB/s (10^6 bytes) of processor time, and ratios, of the fastest of interleaved runs, each in a fresh process
that times the reading alone; all threads of a process count, and what else runs on the machine does not. The answers
(segments, containers, checksum of container numbers) are compared first; a difference ends the run with exit code 1.
The peers only cut segments into elements; ours also checks the counts and makes the events. A peer that cannot be
installed is named and left out.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys

LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                   (10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 34, 35, 36, 37,
                    38)))
PYDIFACT_BYTES = 5_000_000
NPM_EDIFACT = "edifact@1.2.12"

# Both compute the checksum of edifact_events.cpp.
NODE = """
const fs = require('fs');
const Parser = require('edifact/parser.js');
const data = fs.readFileSync(process.argv[2], 'latin1');
let segments = 0, containers = 0, checksum = 0n, element = 0, component = 0, isEquipment = false;
const parser = new Parser();
parser.on('opensegment', (tag) => { segments += tag !== 'UNA'; element = 0; isEquipment = tag === 'EQD'; });
parser.on('element', () => { element++; component = 0; });
parser.on('component', (value) => {
  if (isEquipment && element === 2 && component === 0) {
    containers++; checksum += BigInt(Number(value.slice(4)) * (containers % 1000));
  }
  component++;
});
parser.encoding('UNOA');
const start = process.cpuUsage();
// Pieces end behind a segment: this reader mistakes a release character at the end of a piece.
for (let at = 0, end; at < data.length; at = end) {
  const terminator = data.indexOf("'\\n", at + 65536);
  end = terminator < 0 ? data.length : terminator + 2;
  parser.write(data.slice(at, end));
}
parser.end();
const used = process.cpuUsage(start);
const cpu_s = (used.user + used.system) / 1e6;
console.log(`{"segments": ${segments}, "containers": ${containers}, "checksum": ${checksum}, "cpu_s": ${cpu_s}}`);
"""

PYTHON = """
import json, sys, time
from pydifact.segmentcollection import RawSegmentCollection
text = open(sys.argv[1], encoding='latin-1', newline='').read()
start = time.process_time()
read = RawSegmentCollection.from_str(text).segments
segments = containers = checksum = 0
for s in read:
    segments += s.tag != 'UNA'
    if s.tag == 'EQD':
        containers += 1
        checksum += int(s.elements[1][4:]) * (containers % 1000)
cpu_s = time.process_time() - start
print(json.dumps({'segments': segments, 'containers': containers, 'checksum': checksum, 'cpu_s': cpu_s}))
"""


def container_number(serial):
    body = f"QAYU{serial:06}"
    return body + str(sum(LETTERS.get(c) or int(c) << i if c.isdigit() else LETTERS[c] << i
                          for i, c in enumerate(body)) % 11 % 10)


def group(i):
    """A box that leaves, as terminals report it: ten segments, 256 bytes or so; every third has released characters."""
    goods = ("PUMPS ?+ VALVES", "MACHINE PARTS", "O?'NEIL TILES?: GREY", "PAPER", "FRUIT JUICE", "DOORS")[i % 6]
    return (f"EQD+CN+{container_number(i % 1_000_000)}+22G1:102:5++{2 + i % 2}+{4 + i % 2}'\n"
            f"RFF+BN:QB{i % 9999991:07}'\nRFF+RE:QR{i * 7 % 9999991:07}'\n"
            f"DTM+7:202610{1 + i // 1440 % 28:02}{i // 60 % 24:02}{i % 60:02}:203'\n"
            f"LOC+165+ZZQAY:139:6+T1:TER:ZZZ'\nLOC+11+ZZQBZ:139:6'\nMEA+AAE+G+KGM:{4000 + i * 37 % 26000}'\n"
            f"SEL+QS{i * 3 % 99999989:08}+CA'\nFTX+AAA+++{goods}'\n"
            f"TDT+1++3++QHAUL:172:ZZZ+++QX {i % 997:03}:146'\n")


def write_codeco(path, size):
    """One interchange of CODECO D.95B messages, ten containers each."""
    at = messages = 0
    with open(path, "w", encoding="latin-1", newline="") as out:
        at += out.write("UNA:+.? '\nUNB+UNOA:2+QBENCH+QLINE+261101:0100+1'\n")
        while at < size:
            groups = "".join(group(messages * 10 + k) for k in range(10))
            at += out.write(f"UNH+{messages}+CODECO:D:95B:UN:ITG14'\nBGM+36+Q{messages:08}+9'\n"
                            "TDT+20+118N+1++QLN:172:20+++9QX3:103::BENCH STAR'\nNAD+CF+QLN:160:20'\n"
                            f"{groups}CNT+16:10'\nUNT+106+{messages}'\n")
            messages += 1
        out.write(f"UNZ+{messages}+1'\n")


def first_part(path, size, out):
    """Whole messages of the first `size` bytes."""
    with open(path, "rb") as f:
        data = f.read(size)
    end = data.rindex(b"UNH+")
    pathlib.Path(out).write_bytes(data[:end])


def quietly(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    return done.returncode == 0, (done.stderr or done.stdout).strip()[-300:]


def install_node(folder):
    folder.mkdir(exist_ok=True)
    (folder / "package.json").write_text("{}")
    ok, why = quietly(["npm", "install", "--silent", NPM_EDIFACT], cwd=folder)
    (folder / "count.js").write_text(NODE)
    return (["node", str(folder / "count.js")], "") if ok else (None, why)


def install_python(folder):
    ok, why = quietly([sys.executable, "-m", "venv", str(folder)])
    if ok:
        ok, why = quietly([str(folder / "bin/pip"), "install", "-q", "pydifact"])
    (folder / "count.py").write_text(PYTHON)
    return ([str(folder / "bin/python"), str(folder / "count.py")], "") if ok else (None, why)


def run(command, path):
    return json.loads(subprocess.run([*command, str(path)], capture_output=True, text=True, check=True).stdout)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--mb", type=float, default=134)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--program", default="build/bench/bin/edifact_events")
    options.add_argument("--work", default="/tmp/edifact_peers", help="folder for data and peers")
    options = options.parse_args()
    work = pathlib.Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    whole, part = work / "codeco.edi", work / "part.edi"
    write_codeco(whole, int(options.mb * 1e6))
    first_part(whole, PYDIFACT_BYTES, part)

    ours = [options.program]
    peers = {}
    for name, (command, why), path in ((NPM_EDIFACT, install_node(work / "node"), whole),
                                       ("pydifact", install_python(work / "venv"), part)):
        if command is None:
            print(f"{name}: could not be installed, left out: {why}")
        else:
            peers[name] = (command, path)
    same = ("segments", "containers", "checksum")
    for name, (command, path) in peers.items():
        a, b = run(ours, path), run(command, path)
        print(f"{name}: " + ", ".join(f"{k} {a[k]} {'=' if a[k] == b[k] else '!='} {b[k]}" for k in same))
        if any(a[k] != b[k] for k in same):
            sys.exit(1)

    best = {}
    for _ in range(options.runs):
        for name, command, path in [("quaywatch", ours, whole), *((n, c, p) for n, (c, p) in peers.items())]:
            rate = path.stat().st_size / run(command, path)["cpu_s"] / 1e6
            best[name] = max(best.get(name, 0), rate)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {whole.stat().st_size} bytes; "
          f"fastest of {options.runs} interleaved runs")
    for name, rate in best.items():
        print(f"{name:16} {rate:8.1f} MB/s   quaywatch is {best['quaywatch'] / rate:7.1f} times as fast")


if __name__ == "__main__":
    main()
