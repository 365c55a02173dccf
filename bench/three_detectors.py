#!/usr/bin/env python3
"""Three stateful detectors over one history, here and in Esper, PostgreSQL and DuckDB: answers first, then times.

usage: three_detectors.py [--program build/release/bin/quaywatch] [--events N] [--rounds 3] [--keep DIR]

D1  the third or a later look-up of releases by one person within ten minutes
D2  a release opened, and within two hours the container taken out by another person
D3  a container taken out with no customs release in the 72 hours before

The history: 30 days, 400,000 containers and 45,000 persons per 5 million events, fewer in proportion; every event has
an instant of its own. Ours is the shipped command from JSON lines to alerts on disk; a detector whose rule it refuses
is left out. Esper 9 runs in its own JVM process from CSV to alerts on disk, its start and compilation not counted.
PostgreSQL 15 and DuckDB run window SQL, their load counted. What is not installed is fetched (jars from Maven Central,
duckdb from PyPI) or left out with the reason. The answer of a peer is the set of events that complete a detector, ours
are alerts: one per person or container and episode, which ends when the timespan of the rule passes without such an
event. The events of the peers are put together in the same way, outside the time taken; answers are equal when both
say of each episode when it began and how many events it has. What differs is shown, and times are compared only where
every detector ran with the same answer. The customs feed states that it covers the three days before the history, too:
without that we would say of the first exits that the release may have come before, where SQL says that there was none.
"""
import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from make_history import container

HERE = os.path.dirname(os.path.abspath(__file__))
SPAN_MS = 30 * 86_400_000
T0 = 1_767_225_600  # 2026-01-01T00:00:00Z
KINDS = [0, 1, 2, 3, 4]  # look-up, release opened, exit, customs release, move
WEIGHTS = [20, 8, 8, 8, 56]
MAVEN = "https://repo.maven.apache.org/maven2/"
JARS = [
    "com/espertech/esper-common/9.0.0/esper-common-9.0.0.jar",
    "com/espertech/esper-compiler/9.0.0/esper-compiler-9.0.0.jar",
    "com/espertech/esper-runtime/9.0.0/esper-runtime-9.0.0.jar",
    "org/antlr/antlr4-runtime/4.13.1/antlr4-runtime-4.13.1.jar",
    "org/codehaus/janino/janino/3.1.12/janino-3.1.12.jar",
    "org/codehaus/janino/commons-compiler/3.1.12/commons-compiler-3.1.12.jar",
    "org/slf4j/slf4j-api/1.7.36/slf4j-api-1.7.36.jar",
]
SQL = {
    "D1": "select id from (select id, count(*) over (partition by person order by ms range between 600000 preceding"
    " and current row) as n from event where kind = 0) as q where n >= 3",
    "D2": "select distinct g.id from event as g join event as r on r.box = g.box and r.person <> g.person"
    " and r.ms between g.ms - 7200000 and g.ms where g.kind = 2 and r.kind = 1",
    "D3": "select g.id from event as g where g.kind = 2 and not exists (select 1 from event as c where c.kind = 3"
    " and c.box = g.box and c.ms between g.ms - 259200000 and g.ms)",
}
# Of an alert: the column of event.csv that it is about, and the timespan in milliseconds that ends an episode.
EPISODES = {"D1": (4, 600_000), "D2": (3, 1000), "D3": (3, 259_200_000)}
TABLE = "create table event (id integer, ms bigint, kind integer, box integer, person integer)"


def stamp(ms):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(T0 + ms // 1000)) + ".%03dZ" % (ms % 1000)


def write_history(folder, n):
    """The same events as rows and as JSON lines; ours has only what a real feed states of each."""
    rng = random.Random(1)
    boxes, persons, step = max(1, n * 2 // 25), max(1, n * 9 // 1000), SPAN_MS // n
    kinds = rng.choices(KINDS, WEIGHTS, k=n)
    with open(os.path.join(folder, "event.csv"), "w") as rows, open(os.path.join(folder, "event.jsonl"), "w") as lines:
        before, end = stamp(-3 * 86_400_000), stamp(SPAN_MS)
        lines.write(
            '{"type":"feed.coverage","feed":"customs","facility":"ZZQAY/T1","types":["customs.released"],'
            f'"from":"{before}","until":"{end}"}}\n'
        )
        for i, kind in enumerate(kinds):
            ms, b, p = i * step + rng.randrange(step), rng.randrange(boxes), rng.randrange(persons)
            rows.write(f"{i},{ms},{kind},{b},{p}\n")
            at, person, box = stamp(ms), f"P{p:05d}", container(b)
            head = f'"facility":"ZZQAY/T1","event_time":"{at}","received_at":"{at}"'
            if kind == 0:
                text = f'"type":"account.queried","feed":"audit",{head},"account.id":"{person}"'
            elif kind == 1:
                text = (
                    f'"type":"release.viewed","feed":"releases",{head},"account.id":"{person}",'
                    f'"account.organisation":"{person}","container.number":"{box}"'
                )
            elif kind == 2:
                text = (
                    f'"type":"container.gate_out","feed":"gate",{head},"container.number":"{box}",'
                    f'"party.code":"{person}"'
                )
            elif kind == 3:
                text = f'"type":"customs.released","feed":"customs",{head},"container.number":"{box}"'
            else:
                text = f'"type":"container.moved","feed":"yard",{head},"container.number":"{box}","location.to":"A01-1"'
            lines.write("{" + text + "}\n")


def pinned(command):
    return ["taskset", "-c", "0", *command] if shutil.which("taskset") else command


class Left(Exception):
    """Why a peer is left out."""


def ours(program, folder):
    """Answers as (instant of the first event, events) of each alert."""
    alerts, rules = os.path.join(folder, "ours.jsonl"), os.path.join(folder, "rules")
    shutil.rmtree(rules, ignore_errors=True)
    os.makedirs(rules)
    env = {**os.environ, "QUAYWATCH_HOME": os.path.join(folder, "home")}
    refused = {}
    for d in SQL:  # a rule that is compiled only in part would do other work
        path = os.path.join(HERE, "three_detectors", "rules", d.lower() + ".yml")
        check = [program, "rules", "check", "--strict", path]
        done = subprocess.run(check, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env)
        if done.returncode:
            said = [line for line in done.stdout.splitlines() if d.lower() + ".yml:" in line]
            refused[d] = said[-1].split(".yml:", 1)[1] if said else done.stdout.strip()
        else:
            shutil.copy(path, rules)
    command = [program, "detect", "--format", "jsonl", "--time-zone", "UTC", "--rules", rules]
    command += [os.path.join(folder, "event.jsonl")]
    started = time.monotonic()
    with open(alerts, "w") as out:
        done = subprocess.run(pinned(command), stdout=out, stderr=subprocess.PIPE, text=True, env=env)
    seconds = time.monotonic() - started
    if done.returncode:
        raise Left(done.stderr.strip())
    found = {d: set() for d in SQL if d not in refused}
    with open(alerts) as f:
        for line in f:
            alert = json.loads(line)
            if alert["rule_id"][-2] == "0":
                found["D" + alert["rule_id"][-1]].add((same_instant(alert["event_time"]), alert["matches"]))
    return seconds, found, refused


def esper(folder):
    jars = os.path.join(folder, "jars")
    os.makedirs(jars, exist_ok=True)
    for jar in JARS:
        path = os.path.join(jars, os.path.basename(jar))
        try:
            if not os.path.exists(path):
                urllib.request.urlretrieve(MAVEN + jar, path)
        except OSError as e:
            raise Left(f"{jar}: {e}")
    if not shutil.which("javac"):
        raise Left("no Java compiler: apt-get install openjdk-17-jdk-headless")
    out = os.path.join(folder, "esper.txt")
    source = os.path.join(HERE, "three_detectors", "ThreeDetectors.java")
    command = ["java", "-Xmx6g", "-cp", os.path.join(jars, "*"), source, os.path.join(folder, "event.csv"), out]
    done = subprocess.run(pinned(command), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Left((done.stderr.strip().splitlines() or ["no output"])[-1])
    found = {d: set() for d in SQL}
    with open(out) as f:
        for line in f:
            name, row = line.split()
            found[name].add(int(row))
    return float(done.stdout.split()[0]), found, {}


def duckdb(folder):
    home = os.path.join(folder, "duckdb")
    if not os.path.isdir(home):
        pip = [sys.executable, "-m", "pip", "install", "-q", "--target", home, "duckdb"]
        if subprocess.run(pip, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            raise Left("pip install duckdb failed")
    sys.path.insert(0, home)
    import duckdb as module

    started = time.monotonic()
    db = module.connect()
    db.execute("set threads = 1")
    db.execute(TABLE)
    db.execute(f"copy event from '{folder}/event.csv' (format csv, header false)")
    found = {d: {row[0] for row in db.execute(sql).fetchall()} for d, sql in SQL.items()}
    return time.monotonic() - started, found, {}


def postgresql(folder):
    bins = "/usr/lib/postgresql/15/bin"
    if not os.path.exists(bins + "/initdb"):
        raise Left("no PostgreSQL 15: apt-get install postgresql-15")
    data = os.path.join(folder, "postgres")
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    shutil.rmtree(data, ignore_errors=True)
    os.makedirs(data)
    if as_user:
        shutil.chown(data, "postgres")
        os.chmod(folder, 0o755)

    def run(*command, **kw):
        done = subprocess.run([*as_user, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **kw)
        if done.returncode:
            raise Left(done.stdout.strip().splitlines()[-1])
        return done.stdout

    run(bins + "/initdb", "-D", data, "-A", "trust", "-U", "bench", cwd="/")
    options = f"-k {data} -c listen_addresses= -c max_parallel_workers_per_gather=0 -c work_mem=256MB"
    log = os.path.join(data, "log")
    run(bins + "/pg_ctl", "-D", data, "-l", log, "-w", "-o", options + " -c fsync=off", "start", cwd="/")
    try:
        psql = [bins + "/psql", "-h", data, "-U", "bench", "-d", "postgres", "-qAt", "-v", "ON_ERROR_STOP=1", "-c"]
        started = time.monotonic()
        run(*psql, TABLE, cwd="/")
        run(*psql, f"\\copy event from '{folder}/event.csv' csv", cwd="/")
        run(*psql, "create index on event (box, ms) where kind in (1, 3); analyze event", cwd="/")
        found = {d: {int(row) for row in run(*psql, sql, cwd="/").split()} for d, sql in SQL.items()}
        return time.monotonic() - started, found, {}
    finally:
        subprocess.run([*as_user, bins + "/pg_ctl", "-D", data, "-m", "immediate", "stop"], stdout=subprocess.DEVNULL)


def episodes(folder, d, rows):
    """Row numbers as (instant of the first event, events) of each episode; instants are all different."""
    column, timespan = EPISODES[d]
    wanted, open_ones, out = set(rows), {}, set()
    with open(os.path.join(folder, "event.csv")) as f:
        for i, line in enumerate(f):
            if i not in wanted:
                continue
            columns = [int(c) for c in line.split(",")]
            ms, key = columns[1], columns[column]
            first, last, n = open_ones.get(key, (ms, ms, 0))
            if ms - last > timespan:
                out.add((stamp(first), n))
                first, n = ms, 0
            open_ones[key] = (first, ms, n + 1)
    return out | {(stamp(first), n) for first, _, n in open_ones.values()}


def same_instant(text):
    """Fractions are printed without trailing zeros."""
    whole, _, fraction = text.rstrip("Z").partition(".")
    return f"{whole}.{fraction.ljust(3, '0')}Z"


def report(folder, results, n):
    answers = {d: results[first][0][1][d] for d in SQL for first in results if first != "quaywatch"}
    print("answers: " + ", ".join(f"{d} {len(rows)}" for d, rows in sorted(answers.items())))
    agreed = {}
    for name, rounds in results.items():
        found, refused = rounds[0][1], rounds[0][2]
        for d in SQL:
            if d in refused or d not in found:
                print(f"{name} {d}: not run: {refused.get(d, 'no rule')}")
            elif name == "quaywatch":
                expected = episodes(folder, d, answers[d]) if d in answers else set()
                agreed[d] = found[d] == expected
                print(f"{name} {d}: {len(found[d])} alerts, {'the same' if agreed[d] else 'NOT THE SAME'}")
                for text, some in (("only ours", found[d] - expected), ("only theirs", expected - found[d])):
                    if some:
                        print(f"  {text}: {len(some)}, such as {min(some)}")
            elif found[d] != answers[d]:
                print(f"{name} {d}: {len(found[d])} events, NOT THE SAME")
    for name, rounds in results.items():
        seconds = statistics.median(r[0] for r in rounds)
        print(f"{name:10} {seconds:8.2f} s {n / seconds:12.0f} events/s")
    if "quaywatch" not in results:
        return
    if len(agreed) < len(SQL) or not all(agreed.values()):
        print(f"quaywatch told {sum(agreed.values())} of {len(SQL)} answers: not equal work, no ratio")
        return
    for name, rounds in results.items():
        if name != "quaywatch":
            ratios = [peer[0] / own[0] for peer, own in zip(rounds, results["quaywatch"])]
            spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
            print(f"{name} took {statistics.median(ratios):.2f} times our time ({spread})")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--program", default=os.path.join(HERE, "..", "build", "release", "bin", "quaywatch"))
    p.add_argument("--events", type=int, default=5_000_000)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--keep", help="a folder for the history, jars and answers")
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = os.path.abspath(a.keep or scratch)
        os.makedirs(folder, exist_ok=True)
        write_history(folder, a.events)
        engines = {
            "quaywatch": lambda: ours(a.program, folder),
            "esper": lambda: esper(folder),
            "duckdb": lambda: duckdb(folder),
            "postgresql": lambda: postgresql(folder),
        }
        results = {}
        for _ in range(a.rounds):
            for name, engine in list(engines.items()):
                try:
                    results.setdefault(name, []).append(engine())
                except (Left, OSError) as e:
                    print(f"{name}: left out: {e}")
                    results.pop(name, None)
                    del engines[name]
        report(folder, results, a.events)


if __name__ == "__main__":
    main()
