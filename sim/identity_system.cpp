// The identity provider of the terminal: sessions as OCSF 1.3 Authentication (class 3002), one JSON object a line, a
// file an hour in which anything happened. Milliseconds since 1970.
#include <fmt/format.h>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

class IdentitySystem final : public System {
 public:
  explicit IdentitySystem(const Deliver& deliver) : deliver_(deliver) {}

  void see(const World& world, const Happening& h) override {
    if (h.act != Act::logged_in && h.act != Act::login_failed && h.act != Act::logged_out) return;
    if (h.account == kNone || world.port().accounts[h.account].company != world.port().terminal) return;
    const bool off = h.act == Act::logged_out, failed = h.act == Act::login_failed;
    const std::int64_t ms = h.at.us / 1000;
    // Names are of letters, digits, dots and dashes: nothing to escape.
    lines_ += fmt::format(
        R"({{"class_uid":3002,"class_name":"Authentication","category_uid":3,"activity_id":{0},"activity_name":"{1}",)"
        R"("type_uid":{2},"severity_id":{3},"time":{4},"status_id":{5},"status":"{6}",{7}"user":{{"name":"{8}"}},)"
        R"("src_endpoint":{{"hostname":"{9}"}},"metadata":{{"version":"1.3.0","uid":"idp-{10}",)"
        R"("logged_time":{11},"product":{{"name":"Invented Sign-on","vendor_name":"Invented"}}}}}})"
        "\n",
        off ? 2 : 1, off ? "Logoff" : "Logon", off ? 300202 : 300201, failed ? 2 : 1, ms, failed ? 2 : 1,
        failed ? "Failure" : "Success", failed ? R"("status_detail":"wrong password",)" : "",
        world.port().accounts[h.account].name, h.place, ++numbers_, ms + 850);
  }
  void tick(const World&, Timestamp now) override {
    if (lines_.empty()) return;
    deliver_(fmt::format("feeds/identity/idp_{}.jsonl", stamp_minute(to_civil_utc(now))), lines_, now);
    lines_.clear();
  }
  void close(const World& world, Timestamp until) override { tick(world, until); }

 private:
  const Deliver& deliver_;
  std::string lines_;
  std::uint64_t numbers_ = 0;
};

}  // namespace

std::unique_ptr<System> identity_system(const Deliver& deliver, Timestamp) {
  return std::make_unique<IdentitySystem>(deliver);
}

}  // namespace quaywatch::sim
