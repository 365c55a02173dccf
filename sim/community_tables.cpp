// Tables of the port community system and the appointment system, a row for what happened and a file a day: the
// ledger of release rights, announcements of collections made on its pages, appointments, who collected for whom.
#include <fmt/format.h>

#include "sim/calendar.h"
#include "sim/community.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

// The row of a happening; empty: the table has none of it. `number` counts its rows.
using Row = std::string (*)(const World& world, const Happening& h, std::uint64_t number);

class Table final : public System {
 public:
  Table(const Deliver& deliver, Timestamp first, std::string path, std::string header, int out_at, Row row)
      : file_(deliver, std::move(path), std::move(header), out_at, first), row_(row) {}
  void see(const World& world, const Happening& h) override {
    if (h.box == kNone || h.company == kNone) return;
    std::string row = row_(world, h, rows_ + 1);
    if (row.empty()) return;
    ++rows_;
    file_.add(h.at, std::move(row));
  }
  void tick(const World&, Timestamp now) override { file_.tick(now); }
  void close(const World&, Timestamp until) override { file_.close(until); }

 private:
  DailyFile file_;
  Row row_;
  std::uint64_t rows_ = 0;
};

std::string_view name_of(const Port& port, Index account) {
  return account == kNone ? std::string_view() : std::string_view(port.accounts[account].name);
}
std::string_view plate_of(const Port& port, Index vehicle) {
  return vehicle == kNone ? std::string_view() : std::string_view(port.vehicles[vehicle].plate);
}

std::string with_offset(Timestamp at) {
  std::string out = dashed(local_time(at));
  out[10] = 'T';
  return out + (offset_at(at) == hours(2) ? "+02:00" : "+01:00");
}

std::string ledger_row(const World& world, const Happening& h, std::uint64_t number) {
  const std::string_view action = h.act == Act::release_issued        ? "ISSUED"
                                  : h.act == Act::release_replaced    ? "REPLACED"
                                  : h.act == Act::release_cancelled   ? "CANCELLED"
                                  : h.act == Act::release_transferred ? "TRANSFERRED"
                                                                      : "";
  if (action.empty()) return {};
  const Port& port = world.port();
  const Box& b = world.box(h.box);
  std::string at = stamp_utc_ms(h.at);
  at[10] = ' ';
  at.pop_back();
  return fmt::format("L{:07};{};{};{};{};{};{};{};{};{}\n", number, at, action, b.release, b.number, b.bill,
                     code_of(port, h.company), code_of(port, h.other), name_of(port, h.account),
                     code_of(port, h.company));
}

// What comes as a message is confirmed by message and not listed; refusals are listed whatever they came by.
std::string announcement_row(const World& world, const Happening& h, std::uint64_t) {
  const bool refused = h.act == Act::pickup_refused;
  if (!refused && h.act != Act::pickup_announced && h.act != Act::pickup_withdrawn) return {};
  if (!refused && sends_messages(world, h.company)) return {};
  const Port& port = world.port();
  const Box& b = world.box(h.box);
  const std::string_view outcome = h.act == Act::pickup_announced ? "ACCEPTED"
                                   : !refused                     ? "WITHDRAWN"
                                   : h.note.empty()               ? "WRONG_CODE"
                                                                  : std::string_view(h.note);
  return fmt::format("{},{},{},{},{},{},{},{},{}\n", h.ref, with_offset(h.at), csv_field(outcome, ','),
                     code_of(port, h.company), name_of(port, h.account), b.number, b.release,
                     plate_of(port, h.vehicle), b.due == Timestamp{} ? "" : with_offset(b.due));
}

std::string appointment_row(const World& world, const Happening& h, std::uint64_t) {
  if (h.act != Act::appointment_made && h.act != Act::appointment_changed) return {};
  const Port& port = world.port();
  const Box& b = world.box(h.box);
  const CivilTime due = local_time(h.due);
  const Timestamp slot = h.due - minutes(due.minute) - seconds(due.second);
  return fmt::format("{};{};{};{};{};{};{};{};{};{};{};{};{}\r\n", h.ref, b.appointment_version,
                     b.appointment_version == 1 ? "BOOKED" : "CHANGED",
                     b.trade == Trade::export_trade ? "DELIVERY" : "PICKUP", dotted(local_time(h.at)),
                     name_of(port, h.account), code_of(port, h.company), plate_of(port, h.vehicle),
                     h.vehicle == kNone ? "" : port.vehicles[h.vehicle].driver_card, b.number, b.release,
                     dotted(local_time(slot)).substr(0, 16), dotted(local_time(slot + hours(1))).substr(0, 16));
}

std::string collected(const World& world, Timestamp at, std::string_view number, Index haulier, Index trader) {
  return fmt::format("{};{};{};{}\n", dashed(local_time(at)).substr(0, 10), number, code_of(world.port(), haulier),
                     code_of(world.port(), trader));
}

std::string collection_row(const World& world, const Happening& h, std::uint64_t) {
  if (h.act != Act::gate_left || !h.carries || h.vehicle == kNone) return {};
  const Box& b = world.box(h.box);
  if (!b.full || b.trade != Trade::import) return {};
  return collected(world, h.at, b.number, h.company, b.trader);
}

constexpr std::string_view kHistoryHeader = "date;container;haulier;consignee\n";

// The collections of a year over the quay, a day.
double collections_a_day(const World& world) {
  const Figures& figures = world.figures();
  return world.port().size->boxes_per_year / 365.0 * figures.shares("flow.direction").share("import") *
         (1 - figures.value("flow.empty_import")) * figures.shares("inland.mode").share("truck");
}

// A register of ties begins with the sixty days before the first export.
class CollectionHistory final : public System {
 public:
  CollectionHistory(const Deliver& deliver, Timestamp first)
      : deliver_(deliver),
        table_(deliver, first, "feeds/port/pickup_history_{day}.csv", std::string(kHistoryHeader), 4, collection_row) {}
  void see(const World& world, const Happening& h) override { table_.see(world, h); }
  void tick(const World& world, Timestamp now) override {
    if (!begun_) begin(world);
    table_.tick(world, now);
  }
  void close(const World& world, Timestamp until) override { table_.close(world, until); }

 private:
  void begin(const World& world) {
    begun_ = true;
    const auto& traders = world.port().of_kind[static_cast<std::size_t>(CompanyKind::trader)];
    const Timestamp until = world.options().from, from = until - days(60);
    Random random = world.stream("collection history");
    std::string rows(kHistoryHeader);
    const auto count = static_cast<std::int64_t>(60 * collections_a_day(world));
    for (std::int64_t i = 0; i < count; ++i) {
      const Timestamp at = from + Duration{(until - from).us / count * i};
      const Index trader = random.pick(traders);
      const Index haulier = usual_haulier(world, trader, random);
      rows += collected(world, at, new_box_number(random), haulier, trader);
    }
    deliver_(fmt::format("feeds/port/pickup_history_{}-{}.csv", stamp_day(local_time(from)),
                         stamp_day(local_time(until - hours(1)))),
             rows, until);
  }

  const Deliver& deliver_;
  Table table_;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<System> release_ledger(const Deliver& deliver, Timestamp first) {
  return std::make_unique<Table>(
      deliver, first, "feeds/pcs/release_transfers_{day}.csv",
      "entry;ts_utc;action;release;container;bill;from_party;to_party;account;organisation\n", 1, ledger_row);
}
std::unique_ptr<System> pickup_announcements(const Deliver& deliver, Timestamp first) {
  return std::make_unique<Table>(deliver, first, "feeds/pcs/pickup_announcements_{day}.csv",
                                 "announcement,ts,outcome,company,account,container,release,plate,comes\n", 1,
                                 announcement_row);
}
std::unique_ptr<System> truck_appointments(const Deliver& deliver, Timestamp first) {
  return std::make_unique<Table>(deliver, first, "feeds/gate/truck_appointments_{day}.csv",
                                 "appointment;version;state;purpose;changed_at;by_user;haulier;plate;driver_card;"
                                 "container;release;window_from;window_until\r\n",
                                 2, appointment_row);
}
std::unique_ptr<System> collection_history(const Deliver& deliver, Timestamp first) {
  return std::make_unique<CollectionHistory>(deliver, first);
}

}  // namespace quaywatch::sim
