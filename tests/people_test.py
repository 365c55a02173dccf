#!/usr/bin/env python3
"""People as clients of the server see them: who administers whom, resets, and the way back in on the machine itself."""
import time

from program import main
from server_test import PASSWORD, ServerTest, totp


class AdministratorTest(ServerTest):
    def make(self, admin, name, kind, status=201):
        made = admin.call("createOrganisation", body={"name": name, "kind": kind, "owners": ["*"]})
        self.assertEqual(made.status, status, made.body)
        return made.json

    def person(self, admin, login, organisation, roles, status=201):
        body = {"login": login, "name": login.title(), "organisation_id": organisation, "roles": roles}
        made = admin.call("createUser", body=body)
        self.assertEqual(made.status, status, made.body)
        return made.json

    def logins(self, admin):
        return {u["login"] for u in admin.call("listUsers").json["items"]}

    def test_whose_records_an_organisation_reads_can_be_changed(self):
        server, admin = self.first_start()
        made = admin.call("createOrganisation", body={"name": "Line", "kind": "carrier", "owners": ["teminal"]}).json
        where = {"organisationId": made["id"]}
        changed = admin.call("changeOrganisation", where, body={"owners": ["terminal"]})
        self.assertEqual((changed.status, changed.json["owners"], changed.json["name"]), (200, ["terminal"], "Line"))
        for body, field in (({"name": "Site"}, "name"), ({"owners": []}, "owners"),
                            ({"owners": [made["id"]]}, "owners"), ({"kind": "police"}, "kind")):
            refused = admin.call("changeOrganisation", where, body=body)
            self.assertEqual((refused.status, refused.json["field"]), (400, field), refused.body)
        gone = admin.call("changeOrganisation", {"organisationId": "o-0123456789abcdef"}, body={"name": "Gone"})
        self.assertEqual(gone.status, 404)
        police = self.make(admin, "Harbour police", "police")
        self.make_user(admin, server, "chief", ["administrator"], police["id"])
        refused = admin.call("changeOrganisation", {"organisationId": police["id"]}, body={"owners": ["terminal"]})
        self.assertEqual((refused.status, refused.json["code"]), (403, "not_yours"))
        done = admin.call("listAudit", query={"subject": "organisation:" + made["id"]}).json["items"]
        self.assertEqual([e["operation"] for e in done], ["changeOrganisation", "createOrganisation"])
        server.stop()
        admin = self.serve().client("admin", PASSWORD)
        found = {o["name"]: o["owners"] for o in admin.call("listOrganisations").json["items"]}
        self.assertEqual(found["Line"], ["terminal"])

    def test_an_organisation_with_an_administrator_is_its_own(self):
        server, admin = self.first_start()
        police = self.make(admin, "Harbour police", "police")
        clerk = self.person(admin, "clerk", police["id"], ["officer"])["user"]
        self.assertEqual(self.logins(admin), {"admin", "clerk"})
        chief = self.make_user(admin, server, "chief", ["administrator", "auditor"], police["id"])
        for answer in (admin.call("changeUser", {"userId": clerk["id"]}, body={"reset": True}),
                       admin.call("changeUser", {"userId": chief.user_id}, body={"roles": ["viewer"]}),
                       admin.call("createUser", body={"login": "mole", "name": "Mole", "roles": ["officer"],
                                                      "organisation_id": police["id"]})):
            self.assertEqual((answer.status, answer.json["code"]), (403, "not_yours"), answer.body)
            self.assertIn("Harbour police", answer.json["detail"])
        self.assertEqual(self.logins(admin), {"admin"})
        self.assertEqual(self.logins(chief), {"chief", "clerk"})
        elsewhere = {o["name"]: o["is_administered_elsewhere"] for o in chief.call("listOrganisations").json["items"]}
        self.assertEqual(elsewhere, {"Site": True, "Harbour police": False})
        self.assertEqual(chief.call("changeUser", {"userId": clerk["id"]}, body={"reset": True}).status, 200)
        audit = chief.call("listAudit").json["items"]
        done = [(e["operation"], e["by"]["name"]) for e in reversed(audit) if e["by"]["id"] != chief.user_id]
        self.assertEqual(done, [("createOrganisation", "Site"), ("createUser", "Site"), ("createUser", "Site")])
        self.assertNotIn("Harbour police", {e["by"]["name"] for e in admin.call("listAudit").json["items"]})

    def test_behind_the_wall_one_is_let_in_from_inside(self):
        server, admin = self.first_start("--kind", "terminal")
        customs = self.make(admin, "Customs", "customs")
        self.assertEqual(self.person(admin, "mole", customs["id"], ["officer"], 403)["code"], "not_yours")
        self.assertFalse(next(o for o in admin.call("listOrganisations").json["items"]
                              if o["id"] == customs["id"])["is_administered_elsewhere"])
        head = self.make_user(admin, server, "head", ["administrator"], customs["id"])
        self.assertEqual(self.logins(admin), {"admin"})
        self.assertEqual(self.person(admin, "mole", customs["id"], ["administrator"], 403)["code"], "not_yours")
        refused = self.make(admin, "My own customs", "customs", 403)
        self.assertEqual((refused["code"], refused["field"]), ("not_yours", "kind"))
        self.make(admin, "Carrier", "carrier")
        police = self.make(head, "Police", "police")
        self.person(head, "patrol", police["id"], ["officer"])

    def test_a_reset_of_the_password_leaves_the_second_factor(self):
        server, admin = self.first_start()
        officer = self.add_colleague(admin, server, "officer", ["officer"])
        secret = officer.call("startTotp", body={"password": PASSWORD}).json["secret"]
        self.assertEqual(officer.call("confirmTotp", body={"code": totp(secret, time.time())}).status, 200)
        reset = admin.call("changeUser", {"userId": officer.user_id}, body={"reset": True}).json
        self.assertTrue(reset["user"]["totp_enrolled"])
        body = {"login": "officer", "password": reset["one_time_password"]}
        self.assertEqual(server.client().call("signIn", body=body).json["code"], "totp_required")
        dropped = admin.call("changeUser", {"userId": officer.user_id}, body={"reset_second_factor": True}).json
        self.assertEqual((dropped["one_time_password"], dropped["user"]["totp_enrolled"]), (None, False))
        self.assertEqual(server.client().call("signIn", body=body).status, 200)
        details = [e.get("detail") for e in admin.call("listAudit").json["items"] if e["operation"] == "changeUser"]
        self.assertEqual(details, ["second factor reset", "password reset"])


class OnTheMachineTest(ServerTest):
    def test_the_administrator_who_has_nobody_to_ask_gets_in_again(self):
        server, admin = self.first_start()
        secret = admin.call("startTotp", body={"password": PASSWORD}).json["secret"]
        self.assertEqual(admin.call("confirmTotp", body={"code": totp(secret, time.time())}).status, 200)
        _, err = self.run_program("reset-password", "admin", code=1)
        self.assertIn("stop the server first", err)
        server.stop()
        _, err = self.run_program("reset-password", "nobody", code=1)
        self.assertIn("no user of this site has the login 'nobody'", err)
        _, err = self.run_program("reset-password", "Admin")
        self.assertIn("the second factor of 'admin' stays", err)
        out, _ = self.run_program("reset-password", "admin", "--second-factor")
        server = self.serve()
        once = out.split()[-1]
        admin = server.client("admin", once)
        self.assertEqual(admin.call("listAlerts").json["code"], "must_change_password")
        admin.call("changePassword", body={"current": once, "new": PASSWORD + "!"})
        entries = [e for e in admin.call("listAudit").json["items"] if e["operation"] == "resetPassword"]
        self.assertEqual([e["detail"] for e in entries], ["password reset, second factor reset", "password reset"])
        self.assertEqual({e["by"]["login"] for e in entries}, {""})


if __name__ == "__main__":
    main()
