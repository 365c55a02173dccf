#!/usr/bin/env python3
"""Run the libFuzzer programs under AddressSanitizer and UBSan, as many at a time as there are processors.

usage: fuzz.py [--seconds N | --minutes M] [--outcomes FILE] [target...]

  --seconds N     wall seconds per target (default: 20, fewer when the whole would take longer than STAGE_SECONDS)
  --minutes M     a campaign: CPU minutes per target
  --outcomes FILE also one line per target for tools/tally.py
  target          entries of fuzz/ and adapters/*/fuzz.cpp by name (default: all)

Builds preset asan. Seeds are the vectors of the format, words the string literals of its decoder (TARGETS). What a run
adds stays in build/fuzz/corpus/ and is the next run's start. Exit status 1 on a finding, kept in build/fuzz/findings/,
and when the canary, which any fuzzer breaks in a second, was not found.
"""
import argparse
import concurrent.futures
import gzip
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "build/asan/bin"
BUILD = ROOT / "build/fuzz"
SECONDS = 20
STAGE_SECONDS = 90  # of all targets together: ./test has other stages
SLOW_SECONDS = 10  # of CPU for one input. libFuzzer's clock is the wall's, which says little where others compute too
LIMITS = ("-timeout=100", f"-report_slow_units={SLOW_SECONDS}", "-rss_limit_mb=2048", "-max_len=65536",
          "-print_final_stats=1", "-handle_usr1=1", "-close_fd_mask=1")
WORDS_MOST = 2000
WORD = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
WORD_BYTES = range(2, 41)
KEY = re.compile(r"^\s*-?\s*\[*([A-Za-z_][\w.|]+)\]*\s*[:=\]]", re.M)
VECTORS = ["adapters/*/vectors/*", "data/mappings/*/vectors/*"]
EDIFACT = ["adapters/*/vectors/*.edi"]
LOGS = ["adapters/syslog/vectors/*.log", "adapters/cef/vectors/*.log", "adapters/mapped/vectors/*.log"]

# What no adapter's folder tells: target -> globs of seeds, globs of files whose words matter.
TARGETS = {
    "age": (["src/envelope/vectors/*.age", "src/envelope/vectors/identity.txt"], []),
    "archive": (["build/fuzz/packed/*"], []),
    "backup": (["fuzz/seeds/backup/*"], ["src/keeping/manifest.cpp"]),
    "charset": (EDIFACT, ["src/codec/charset.cpp"]),
    "csv": (["adapters/*/vectors/*.csv", "data/mappings/*/vectors/*.csv"], ["src/codec/csv.cpp"]),
    "edifact": (EDIFACT, ["src/adapter/edifact_*", "adapters/*/adapter.cpp"]),
    "framing": (LOGS, []),
    "interchange": (EDIFACT, ["src/codec/interchange.cpp", "src/codec/edifact.cpp"]),
    "journal": (["src/journal/golden/*/*"], ["src/model/fields.toml"]),
    "json": (["adapters/*/vectors/*.json*", "data/mappings/*/vectors/*.jsonl"], ["src/codec/json_*.cpp"]),
    "log_lines": (LOGS, ["src/codec/syslog.cpp", "src/codec/cef.cpp", "src/codec/log_*.cpp"]),
    "mapped": (["adapters/mapped/vectors/*", *VECTORS[1:]], ["adapters/mapped/*.cpp"]),
    "mapping": (["data/mappings/*/*.toml", "adapters/*/vectors/*.toml"],
                ["data/mappings/*/*.toml", "adapters/mapped/parse.cpp"]),
    "minisign": (["src/envelope/vectors/*.minisig", "src/envelope/vectors/*.pub", "src/envelope/vectors/*.key"], []),
    "rules": (["detectors/*/rule.yml"], ["detectors/*/rule.yml", "src/rules/*.cpp"]),
    "segments": (EDIFACT, ["src/codec/edifact.cpp"]),
    "workbook": (["fuzz/seeds/workbook/*"], ["src/codec/workbook.cpp"]),
}


def globbed(patterns):
    return sorted({path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()})


def target_names():
    own = [path.stem for path in (ROOT / "fuzz").glob("*.cpp") if path.stem != "canary"]
    return sorted(own + [path.parent.name for path in ROOT.glob("adapters/*/fuzz.cpp")])


def sources_of(target):
    folder = f"adapters/{target}"
    return TARGETS.get(target, ([f"{folder}/vectors/*"], [f"{folder}/*.cpp", "src/adapter/*.cpp"]))


def words(paths):
    """String literals of sources, keys of YAML and TOML: what a decoder compares bytes with."""
    found = {}
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        for match in (*WORD.findall(text), *(KEY.findall(text) if path.suffix in (".toml", ".yml") else ())):
            if len(match) in WORD_BYTES and "\\" not in match:
                found[match] = None
    return list(found)[:WORDS_MOST]


def write_dictionary(target, path):
    lines = ['"--"\n']  # libFuzzer refuses an empty file
    for word in words(globbed(sources_of(target)[1])):
        text = "".join(chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\x{b:02X}" for b in word.encode())
        lines.append(f'"{text}"\n')
    path.write_text("".join(lines))


def pack_seeds():
    """Archives cannot be vectors that a person reads: they are made of those."""
    folder = BUILD / "packed"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in globbed(["fuzz/seeds/workbook/*"]):
        parts = re.split(r"^== (.*)\n", path.read_text(), flags=re.M)[1:]
        for method, name in ((zipfile.ZIP_DEFLATED, "deflated"), (zipfile.ZIP_STORED, "stored")):
            with zipfile.ZipFile(folder / f"{path.stem}_{name}.xlsx", "w", method) as archive:
                for part, text in zip(parts[::2], parts[1::2]):
                    archive.writestr(zipfile.ZipInfo(part), text.rstrip("\n"), method)
        (folder / f"{path.stem}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0) * 2)


def copy_seeds(target, folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number, path in enumerate(globbed(sources_of(target)[0])):
        shutil.copyfile(path, folder / f"{number:04}_{path.name}")


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run_program(target, findings, options, cpu_most):
    """Runs to its end, or asks it to end after `cpu_most` CPU seconds. -> exit code, CPU seconds, log"""
    log = BUILD / f"logs/{target}.log"
    environment = dict(os.environ, UBSAN_OPTIONS="print_stacktrace=1")
    symbolizer = shutil.which("llvm-symbolizer") or shutil.which("llvm-symbolizer-14")
    if symbolizer:
        environment["ASAN_SYMBOLIZER_PATH"] = symbolizer
    with log.open("wb") as out:
        command = [PROGRAMS / f"fuzz_{target}", f"-artifact_prefix={findings}/{target}-", *LIMITS, *options]
        program = subprocess.Popen(command, stdout=out, stderr=out, env=environment, cwd=BUILD)
        used = 0.0
        while program.poll() is None:
            try:
                used = cpu_seconds(program.pid)
            except (OSError, IndexError):
                continue
            if cpu_most and used >= cpu_most:
                program.send_signal(signal.SIGUSR1)
                cpu_most = None
            time.sleep(0.2)
    return program.returncode, used, log.read_text(errors="replace")


def number(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def is_slow(target, path):
    """Whether the input takes as long as that when it is the only one."""
    command = [PROGRAMS / f"fuzz_{target}", path]
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    usage = os.wait4(program.pid, 0)[2]
    return usage.ru_utime + usage.ru_stime >= SLOW_SECONDS


def fuzz(target, seconds, cpu_most):
    corpus, seeds, dictionary = BUILD / f"corpus/{target}", BUILD / f"seeds/{target}", BUILD / f"words/{target}.dict"
    corpus.mkdir(parents=True, exist_ok=True)
    copy_seeds(target, seeds)
    write_dictionary(target, dictionary)
    findings = BUILD / "findings"
    before = set(findings.glob(f"{target}-*"))
    options = [f"-dict={dictionary}", corpus, seeds]
    if not cpu_most:
        options.insert(0, f"-max_total_time={seconds}")
    code, cpu, log = run_program(target, findings, options, cpu_most)
    kept = [path for path in sorted(set(findings.glob(f"{target}-*")) - before)
            if "-slow-unit-" not in path.name or is_slow(target, path)]
    return {"target": target, "failed": bool(code or kept), "code": code, "cpu": cpu, "kept": kept,
            "runs": number(r"stat::number_of_executed_units:\s*(\d+)", log) or number(r"#(\d+)\t", log),
            "coverage": number(r" cov: (\d+)", log), "new": number(r"stat::new_units_added:\s*(\d+)", log)}


def canary_found():
    findings = BUILD / "canary"
    shutil.rmtree(findings, ignore_errors=True)
    findings.mkdir(parents=True)
    run_program("canary", findings, [f"-max_total_time={SECONDS}"], None)
    return any(path.read_bytes().startswith(b"QUAY") for path in findings.glob("canary-crash-*"))


def line(result):
    return (f"{result['target']:<14}{result['runs']:>12}{result['runs'] / max(result['cpu'], 0.1):>10.0f}"
            f"{result['coverage']:>8}{result['new']:>8}{result['cpu'] / 60:>9.1f}{len(result['kept']):>10}")


def complain(result):
    print(f"  failed: exit status {result['code']}; log: build/fuzz/logs/{result['target']}.log")
    for path in result["kept"]:
        print(f"  reproduce: build/asan/bin/fuzz_{result['target']} {path.relative_to(ROOT)}")


def build():
    command = '. tools/setup.sh && build_preset asan fuzz_programs'
    return subprocess.run(["bash", "-c", command], cwd=ROOT, check=False).returncode == 0


def run_all(targets, seconds, cpu_most):
    print(f"{'target':<14}{'executions':>12}{'per CPU s':>10}{'edges':>8}{'new':>8}{'CPU min':>9}{'findings':>10}")
    results = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = [pool.submit(fuzz, target, seconds, cpu_most) for target in targets]
        for run in concurrent.futures.as_completed(runs):
            results.append(run.result())
            print(line(results[-1]), flush=True)
            if results[-1]["failed"]:
                complain(results[-1])
    total = {key: sum(r[key] for r in results) for key in ("runs", "coverage", "new", "cpu")}
    print(line({"target": "all", "kept": [k for r in results for k in r["kept"]], **total}))
    return results


def write_outcomes(path, results, is_canary_found):
    rows = [("passed", "canary", "") if is_canary_found else ("failed", "canary", "the fuzzers find nothing")]
    for r in sorted(results, key=lambda r: r["target"]):
        reason = ", ".join(str(k.relative_to(ROOT)) for k in r["kept"]) or f"exit status {r['code']}"
        rows.append(("failed", r["target"], reason) if r["failed"] else ("passed", r["target"], ""))
    Path(path).write_text("".join(f"{outcome}\tfuzz/{name}\t{reason}\n" for outcome, name, reason in rows))


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1])
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--outcomes")
    parser.add_argument("targets", nargs="*")
    options = parser.parse_args()
    known = target_names()
    targets = options.targets or known
    unknown = [t for t in targets if t not in known]
    if unknown:
        sys.exit(f"fuzz: no target {unknown[0]}; there are {', '.join(known)}")
    if not build():
        sys.exit(1)
    for folder in ("findings", "logs", "words"):
        (BUILD / folder).mkdir(parents=True, exist_ok=True)
    pack_seeds()
    seconds = options.seconds or max(1, min(SECONDS, STAGE_SECONDS * os.cpu_count() // len(targets)))
    is_canary_found = canary_found()
    if not is_canary_found:
        print("canary: NOT found; the fuzzers are broken, see build/fuzz/logs/canary.log")
    results = run_all(targets, seconds, options.minutes and options.minutes * 60)
    if options.outcomes:
        write_outcomes(options.outcomes, results, is_canary_found)
    sys.exit(0 if is_canary_found and not any(r["failed"] for r in results) else 1)


if __name__ == "__main__":
    main()
