"""The site of tests/bwc that has what came later: rules of its own with a table, a zone and a threshold per terminal;
a case with attachments that took another in, let it go and was handed over; a hold; unmaskings; a request of a data
subject; alerts on paper. `make` makes it once, `kept` says what of it must be found for ever."""
import hashlib
import os
import shutil
import time
from urllib.parse import quote

from printer import Printer
from server_test import wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
DETECTORS = os.path.join(HERE, "..", "detectors")
FEEDS = {"came_for_collected_container": "fires_second_on_the_same_day",
         "canary_looked_up": "fires_position_asked", "card_refused_at_several_readers": "fires_amid_others",
         "deselection_without_second": "fires_approved_by_oneself", "seal_continuity": "fires_at_discharge"}
OWN_RULE = """title: Hauliers with a contract
table:
  name: hauliers
  csv: |
    party,valid_from,valid_until
    HT-QIRP,2026-01-01,2026-12-31
---
title: Anchorage
zone:
  name: anchorage
  ring: [[13.70, 45.50], [13.80, 45.50], [13.80, 45.60], [13.70, 45.60]]
---
title: Collected by a haulier without a contract
id: 0b6d1c52-5d0e-4c5b-9a43-6f3f3c1d7a10
logsource: {product: port, category: container}
detection:
  out: {event.type: container.gate_out, party.code|exists: true}
  heavy: {container.weight_kg|gte|expand: '%kg%'}
  contracted: {let.contracted: true}
  condition: out and not contracted and not heavy
falsepositives: [A new haulier whose contract is not entered yet.]
level: high
quaywatch:
  direction: [inbound]
  group_by: [container.number]
  params: {kg: {default: 500, unit: kg, min: 100, max: 40000, facility: {ZZQAY/T1: 30000}}}
  let: {contracted: 'in_table(hauliers, party.code)'}
---
title: Logged far out
id: 5b2f31a6-0a1c-4e0e-8c1b-3c1b8d2c7e11
logsource: {product: port, category: container}
detection:
  passing: {event.type: vessel.positioned}
  there: {let.anchored: true}
  condition: passing and there
falsepositives: [She waits for a berth.]
level: low
quaywatch:
  direction: [inbound]
  group_by: [vessel.imo]
  let: {anchored: 'in_zone(anchorage, position.latitude, position.longitude)'}
"""
WHY = "the guard reports a forged badge"
SEAL = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40


def rule_files():
    out = [{"path": "contracts/rule.yml", "text": OWN_RULE}]
    for name in FEEDS:
        with open(os.path.join(DETECTORS, name, "rule.yml"), encoding="utf-8") as f:
            out.append({"path": f"{name}/rule.yml", "text": f.read()})
    return out


def ok(answer):
    assert answer.status in (200, 201, 204), answer.body
    return answer.json if answer.body else None


def make(test):
    """Fills the site of `test`; its server is running, and is stopped by the caller."""
    printer = Printer()
    drop = os.path.join(test.folder.name, "drop")
    os.mkdir(drop)
    os.makedirs(test.home, exist_ok=True)
    test.agree()
    with open(os.path.join(test.home, "site.toml"), "w", encoding="utf-8") as f:
        f.write('[rules]\napprovers = ["admin", "second"]\n')
    with open(os.path.join(test.home, "telling.toml"), "w", encoding="utf-8") as f:
        f.write('[[channel]]\nname = "gatehouse"\nkind = "printer"\norganisation = "Site"\nlanguage = "es"\n'
                f'url = "ipp://127.0.0.1:{printer.port}/ipp/print"\n')
    server, admin = test.first_start(drop, "--settle", "0")
    second = test.add_colleague(admin, server, "second", ["officer"])
    dpo = test.add_colleague(admin, server, "dpo", ["auditor"])
    police = test.add_user(admin, server, "police", ["officer"], "police")
    ok(admin.call("proposeRuleSet", body={"files": rule_files(), "reason": "ours"}))
    ok(second.call("decideRuleSet", {"version": 1}, body={"action": "approve"}))
    time.sleep(2)  # telling has begun
    for name, file in FEEDS.items():
        shutil.copy(os.path.join(DETECTORS, name, "vectors", file + ".jsonl"), os.path.join(drop, name + ".jsonl"))
    wait_until(lambda: len(admin.call("listAlerts").json["items"]) > len(FEEDS) and printer.jobs)
    time.sleep(3)
    alerts = [ok(admin.call("getAlert", {"alertId": a["alert_id"]})) for a in ok(admin.call("listAlerts"))["items"]]
    work_on_case(admin, alerts, ok(police.call("getSession"))["organisation"]["id"])
    ok(police.call("stepCase", {"caseId": ok(police.call("listCases"))["items"][0]["case_id"]},
                   body={"action": "accept", "reason": "with thanks"}))
    ask_for_hold(admin, alerts)
    account = look_behind(admin, second, alerts)
    answer_subject(dpo, account)
    printer.close()
    return server, admin


def work_on_case(admin, alerts, police):
    ids = [a["summary"]["alert_id"] for a in alerts]
    first, other = (ok(admin.call("openCase", body={"title": title, "alert_ids": [i]}))["summary"]["case_id"]
                    for title, i in (("Box asked for early", ids[0]), ("The same box again", ids[1])))
    step = lambda **body: ok(admin.call("stepCase", {"caseId": first}, body=body))
    step(action="merge", other=other)
    ok(admin.call("addAttachment", {"caseId": first}, body=SEAL, content_type="application/octet-stream",
                  headers={"X-File-Name": "seal.jpg", "X-File-Description": quote("the seal, torn")}))
    step(action="undo_merge", other=other)
    step(action="hand_over", organisation_id=police, reason="yours by law")


def ask_for_hold(admin, alerts):
    box = next(a for a in alerts if a["summary"]["triage"]["state"] == "new"
               and any(s["kind"] == "container" for s in a["summary"]["subjects"]))
    made = ok(admin.call("requestHold", {"alertId": box["summary"]["alert_id"]}, body={"reason": "look at it first"}))
    ok(admin.call("answerHold", {"holdId": made["holds"][0]["hold_id"]}, body={"answer": "refused", "reason": "gone"}))


def look_behind(admin, second, alerts):
    """One asked for and granted, one with broken glass; the clear value of the first."""
    named = {s["kind"]: {"pseudonym": s["value"], "alert_id": a["summary"]["alert_id"], "reason": WHY}
             for a in alerts for s in a["summary"]["subjects"]}
    asked = ok(admin.call("requestUnmasking", body=named["account"]))["unmasking_id"]
    ok(second.call("decideUnmasking", {"unmaskingId": asked}, body={"decision": "approve", "reason": WHY}))
    clear = ok(admin.call("readUnmasked", {"unmaskingId": asked}))["value"]
    broken = ok(admin.call("breakGlass", body=named["credential"]))["unmasking_id"]
    ok(second.call("reviewBrokenGlass", {"unmaskingId": broken}, body={"verdict": "justified", "reason": WHY}))
    return clear


def answer_subject(dpo, account):
    made = ok(dpo.call("openSubjectRequest", body={
        "kind": "access", "received_on": time.strftime("%Y-%m-%d", time.gmtime()), "accounts": [account],
        "identity_check": "he showed his passport at the desk"}))
    file = dpo.call("readSubjectFile", {"requestId": made["request_id"]}, body={"language": "en"})
    assert file.status == 200, file.body
    ok(dpo.call("stepSubjectRequest", {"requestId": made["request_id"]}, body={
        "action": "answer", "decision": "granted", "given": "by letter", "words": "it is his right to know",
        "sha256": hashlib.sha256(file.body).hexdigest()}))


def kept(server):
    """In words that outlive a change of the interface."""
    admin, dpo = server.client("admin"), server.client("dpo")
    rules = ok(admin.call("listRuleSets"))
    own = ok(admin.call("getRuleSet", {"version": 1}))
    out = {"rules": [rules["in_force"]["version"], rules["in_force"]["problem"], rules["in_force"]["rules"],
                     sorted(f["path"] for f in own["files"])],
           "agreements": len(rules["agreements"]), "cases": [], "attachments": [], "told": []}
    out["unmaskings"] = sorted([u["pseudonym"], u["state"], u["decided"] is not None, len(u["readings"])]
                               for u in ok(admin.call("listUnmaskings"))["items"])
    out["subject_requests"] = [[r["kind"], r["state"], r["identifiers"]]
                               for r in ok(dpo.call("listSubjectRequests"))["items"]]
    for row in ok(admin.call("listCases"))["items"]:
        case = ok(admin.call("getCase", {"caseId": row["case_id"]}))
        out["cases"].append([case["summary"]["title"], case["summary"]["holder"]["name"],
                             [m["undone"] is not None for m in case["merges"]], [h["state"] for h in case["hops"]]])
        for a in case["attachments"]:
            content = admin.call("getAttachment", {"caseId": row["case_id"], "attachmentId": a["attachment_id"]}).body
            out["attachments"].append([a["name"], a["description"], hashlib.sha256(content).hexdigest() == a["sha256"]])
    for row in ok(admin.call("listAlerts"))["items"]:
        alert = ok(admin.call("getAlert", {"alertId": row["alert_id"]}))
        out["told"] += [[row["title"], row["status"], t["channel"], t["outcome"]] for t in alert["telling"]["told"]]
    out["told"].sort()
    return out
