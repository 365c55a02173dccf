// Hold requests: what may follow what, and the forms in which they go out. That the order reads back as the same box is
// tested with the program's own decoder (tests/telling_test.py).
#include "holds/hold.h"

#include <gtest/gtest.h>

#include "holds/request.h"

namespace quaywatch::holds {
namespace {

const Timestamp kNow = *parse_rfc3339("2026-03-12T08:00:00Z");
const std::string kAlert(32, 'a');

class HoldTest : public testing::Test {
 protected:
  static HoldStep step(Step step, std::string reason = "as agreed", std::string organisation = "o-1") {
    HoldStep out{kNow, "u-1", std::move(organisation), "h-1", step, std::move(reason), {}, {}, {}};
    if (step == Step::request) out.alert_id = kAlert, out.container = "QAYU1000011", out.facility = "ZZQAY/T1";
    return out;
  }
  // What goes through the journal and comes back; the reason why it may not.
  std::string take(const HoldStep& s) {
    std::string why = book_.refuse(s);
    if (why.empty()) book_.apply(read_hold_step(to_text(s), s.at).value());
    return why;
  }
  State state() const { return book_.find("h-1")->state; }
  HoldBook book_;
};

TEST_F(HoldTest, IsAskedForSentAndAnswered) {
  EXPECT_EQ(take(step(Step::request)), "");
  EXPECT_EQ(state(), State::requested);
  EXPECT_EQ(take(step(Step::sent, "")), "");
  EXPECT_EQ(take(step(Step::sent, "")), "the hold is requested already");
  EXPECT_EQ(take(step(Step::answer)), "");
  EXPECT_EQ(state(), State::answered);
  EXPECT_EQ(book_.find("h-1")->answered_at, kNow);
  EXPECT_EQ(book_.find("h-1")->steps.size(), 3u);
}

TEST_F(HoldTest, ALateRecordMayOverturnAnAnswer) {
  take(step(Step::request));
  take(step(Step::answer));
  EXPECT_EQ(book_.open(kNow + days(60)).size(), 1u);
  EXPECT_TRUE(book_.open(kNow + days(61)).empty()) << "its records are forgotten by then";
  EXPECT_EQ(take(step(Step::too_late)), "");
  EXPECT_EQ(state(), State::too_late);
  EXPECT_TRUE(book_.open(kNow).empty());
  EXPECT_EQ(take(step(Step::answer)), "the hold is too_late already");
}

TEST_F(HoldTest, IsLookedOutForAtTheGateUntilItIsOver) {
  take(step(Step::request));
  EXPECT_EQ(book_.at_gate("o-1", kNow + days(7)).size(), 1u);
  EXPECT_TRUE(book_.at_gate("o-2", kNow).empty()) << "of others";
  EXPECT_TRUE(book_.at_gate("o-1", kNow + days(8)).empty()) << "nobody answered, and nobody tries any more";
  take(step(Step::answer));
  EXPECT_EQ(book_.at_gate("o-1", kNow + days(3)).size(), 1u);
  EXPECT_TRUE(book_.at_gate("o-1", kNow + days(4)).empty());
  take(step(Step::too_late));
  EXPECT_TRUE(book_.at_gate("o-1", kNow).empty());
}

TEST_F(HoldTest, IsHandedToItsReceiverUntilItWasTaken) {
  HoldStep asked = step(Step::request);
  asked.receiver = "Yard office";
  take(asked);
  EXPECT_EQ(book_.find("h-1")->sending(kNow), Sending::waiting);
  for (std::uint32_t attempt = 1; attempt <= 3; ++attempt) {
    HoldStep failed = step(Step::failed, "the webhook answered 503");
    failed.attempt = attempt;
    EXPECT_EQ(take(failed), "");
  }
  EXPECT_EQ(book_.find("h-1")->sending(kNow), Sending::failed);
  EXPECT_EQ(book_.find("h-1")->failures, 3u);
  ASSERT_EQ(book_.find("h-1")->steps.size(), 2u) << "of failures the last";
  EXPECT_EQ(book_.find("h-1")->steps.back().attempt, 3u);
  EXPECT_EQ(book_.to_send(kNow).size(), 1u);
  EXPECT_EQ(take(step(Step::delivered, "")), "");
  EXPECT_EQ(book_.find("h-1")->sending(kNow + days(8)), Sending::delivered);
  EXPECT_TRUE(book_.to_send(kNow).empty());
  EXPECT_NE(take(step(Step::delivered, "")), "");
  EXPECT_NE(take(step(Step::failed)), "");
  EXPECT_EQ(take(step(Step::answer)), "");
}

TEST_F(HoldTest, IsNotSentAnyMoreOnceItWasAnsweredOrIsOld) {
  HoldStep asked = step(Step::request);
  asked.receiver = "Yard office";
  take(asked);
  EXPECT_EQ(book_.to_send(kNow + days(7)).size(), 1u);
  EXPECT_TRUE(book_.to_send(kNow + days(7) + seconds(1)).empty());
  take(step(Step::answer));
  EXPECT_TRUE(book_.to_send(kNow).empty());
  EXPECT_EQ(book_.find("h-1")->sending(kNow), Sending::stopped);
  EXPECT_EQ(take(step(Step::delivered, "")), "") << "it was on its way when the answer came";
  EXPECT_EQ(state(), State::answered);
}

TEST_F(HoldTest, WithoutAReceiverNobodyIsSentIt) {
  take(step(Step::request));
  EXPECT_EQ(book_.find("h-1")->sending(kNow), Sending::none);
  EXPECT_TRUE(book_.to_send(kNow).empty());
  EXPECT_NE(take(step(Step::delivered, "")), "");
}

TEST_F(HoldTest, NothingFollowsARefusalButANewRequest) {
  take(step(Step::request));
  EXPECT_NE(take(step(Step::request)), "") << "it stands already";
  EXPECT_EQ(take(step(Step::refuse)), "");
  EXPECT_NE(take(step(Step::answer)), "");
  HoldStep again = step(Step::request);
  again.hold_id = "h-2";
  EXPECT_EQ(take(again), "");
}

TEST_F(HoldTest, NeedsAReason) {
  EXPECT_EQ(take(step(Step::request, "")), "a reason is needed");
}

TEST_F(HoldTest, BelongsToWhoAsked) {
  take(step(Step::request));
  EXPECT_EQ(take(step(Step::answer, "x", "o-2")), "there is no such hold");
  EXPECT_TRUE(book_.of_alert(kAlert, "o-2").empty());
  EXPECT_EQ(book_.of_alert(kAlert, "o-1").size(), 1u);
}

TEST(HoldStepText, RefusesWhatIsNotOfItsForm) {
  for (const char* text : {"", "[]", "{}", R"({"hold_id":"h-1","step":"eaten"})"})
    EXPECT_FALSE(read_hold_step(text, kNow)) << text;
}

TEST(HoldRequest, IsACohaorOfKnownBytes) {
  EXPECT_EQ(cohaor({"h-0123456789abcdef", "QAYU1000011", "ZZQAY/T1", "Customs' unit: 1", kNow}),
            "UNB+UNOA:2+QUAYWATCH+ZZQAYT1+260312:0800+23456789ABCDEF'\n"
            "UNH+1+COHAOR:D:95B:UN:ITG12'\n"
            "BGM+127+H0123456789ABCDEF+9'\n"
            "DTM+137:202603120800:203'\n"
            "RFF+ATX:H0123456789ABCDEF'\n"
            "NAD+MS+CUSTOMS?' UNIT?: 1'\n"
            "EQD+CN+QAYU1000011'\n"
            "LOC+165+ZZQAY:139:6+T1:TER:ZZZ'\n"
            "HAN+:::HOLD'\n"
            "FTX+HAN+++DO NOT RELEASE, MOVE OR LOAD UNTIL THE HOLD IS LIFTED'\n"
            "CNT+16:1'\n"
            "UNT+11+1'\n"
            "UNZ+1+23456789ABCDEF'\n");
}

TEST(HoldRequest, TellsNoReason) {
  const Order order{"h-0123456789abcdef", "QAYU1000011", "", "The \"unit\"", kNow};
  EXPECT_EQ(csv(order),
            "hold_ref,container,facility,requested_at,requested_by,request\r\n"
            "h-0123456789abcdef,\"QAYU1000011\",\"\",2026-03-12T08:00:00Z,\"The \"\"unit\"\"\",HOLD\r\n");
  EXPECT_NE(mail_text(order, Language::en).find("to hold container QAYU1000011.\n"), std::string::npos);
  EXPECT_EQ(mail_text({"h-1", "QAYU1000011", "ZZQAY/T1", "Aduana", kNow}, Language::es),
            "Subject: Solicitud de retención h-1: contenedor QAYU1000011\n\n"
            "Aduana le pide que retenga el contenedor QAYU1000011 en ZZQAY/T1.\n\n"
            "No lo entregue, mueva ni cargue hasta que se levante la retención. Pedido el 2026-03-12T08:00:00Z.\n"
            "Responda con la referencia h-1: retenido, o no y por qué. Si ya ha salido, diga cuándo y cómo.\n\n"
            "La misma orden va adjunta como COHAOR (UN/EDIFACT D.95B, horas en UTC) y como CSV.\n");
  EXPECT_EQ(cohaor(order).find("LOC"), std::string::npos);
}

}  // namespace
}  // namespace quaywatch::holds
