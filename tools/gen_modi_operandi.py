#!/usr/bin/env python3
"""Build data/modi_operandi.toml into the program, for src/rules/modi_operandi.h.

usage: gen_modi_operandi.py OUT.inc MODI_OPERANDI.toml
"""
import json
import sys
import tomllib

from gen_rulepack import write_if_changed


def strings(name, words):
    listed = ", ".join(json.dumps(word) for word in words)
    return f"constexpr std::string_view {name}[] = {{{listed}}};\n" if words else ""


def main():
    out, path = sys.argv[1:]
    with open(path, "rb") as f:
        modi = tomllib.load(f)["mo"]
    tables, rows = "", ""
    for mo in modi:
        number, needs = mo["number"], mo.get("needs", [])
        tables += strings(f"kDirections{number}", mo["directions"]) + strings(f"kNeeds{number}", needs)
        name, why = (json.dumps(mo.get(key, ""), ensure_ascii=False) for key in ("name", "why"))
        rows += f'    {{"MO-{number}", {name}, kDirections{number}, {f"kNeeds{number}" if needs else "{}"}, {why}}},\n'
    write_if_changed(out, f"{tables}constexpr ModusOperandi kModiOperandi[] = {{\n{rows}}};\n")


if __name__ == "__main__":
    main()
