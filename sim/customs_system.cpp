// What customs hand out: the control list of the targeting unit (UTC, at one in the morning), the scans (local time;
// a row when the scan ends and again when the picture is judged) and the controls step by step (UTC), where officers
// are named by their team numbers only.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "sim/calendar.h"
#include "sim/exports.h"
#include "sim/systems.h"

namespace quaywatch::sim {
namespace {

std::string utc(Timestamp at) { return dashed(to_civil_utc(at)); }

std::string account_text(const World& world, Index account) {
  return account == kNone ? "" : world.port().accounts[account].name;
}

// Teams of four, by their place on the roll; who is none of customs appears with the account.
std::string officer_text(const World& world, Index account) {
  if (account == kNone) return {};
  const auto& roll = world.port().companies[world.port().customs_office].accounts;
  const auto place = std::find(roll.begin(), roll.end(), account);
  if (place == roll.end()) return account_text(world, account);
  const auto number = place - roll.begin();
  return fmt::format("T{}-{:02}", 1 + number / 4, 11 + number);
}

std::string device_text(const World& world, Index device) {
  return device == kNone ? "" : world.port().devices[device].id;
}

class SelectionSystem final : public System {
 public:
  SelectionSystem(const Deliver& deliver, Timestamp first)
      : file_(deliver, "feeds/customs/customs_selection_{day}.csv",
              "entry,ts_utc,action,control,container,bill,by,approved_by,reason,risk\n", 1, first) {}

  void see(const World& world, const Happening& h) override {
    if (h.act != Act::selected && h.act != Act::deselected) return;
    static constexpr auto kReasons = std::to_array<std::string_view>(
        {"origin and consignee", "profile 17", "profile 31", "first import", "random sample", "routing",
         "weight and goods"});
    static constexpr auto kAnswers =
        std::to_array<std::string_view>({"papers received", "consignee known", "entered twice"});
    Random random = world.stream("selection reason", ++entries_);
    const bool on = h.act == Act::selected;
    const std::string_view drawn = on ? random.pick(kReasons) : random.pick(kAnswers);
    const std::string reason = h.note.empty() ? std::string(drawn) : h.note;
    const Box& b = world.box(h.box);
    file_.add(h.at,
              fmt::format("L{:07},{},{},{},{},{},{},{},{},{}\n", entries_, utc(h.at), on ? "ADD" : "REMOVE", h.ref,
                          b.number, b.bill, account_text(world, h.account), account_text(world, h.other),
                          csv_field(reason, ','), random.chance(0.7) ? "RED" : "ORANGE"));
  }
  void tick(const World&, Timestamp now) override { file_.tick(now); }
  void close(const World&, Timestamp until) override { file_.close(until); }

 private:
  DailyFile file_;
  std::uint64_t entries_ = 0;
};

class ScanSystem final : public System {
 public:
  ScanSystem(const Deliver& deliver, Timestamp first)
      : file_(deliver, "feeds/customs/scans_{day}.csv",
              "scan;container;device;started;ended;analysed;analyst;result\r\n", 2, first) {}

  void see(const World& world, const Happening& h) override {
    if (h.act == Act::scanned) {
      Random random = world.stream("scan", ++scans_);
      std::string row = fmt::format("X{:06};{};{};{};{}", scans_, world.box(h.box).number, device_text(world, h.device),
                                    local(h.at), local(h.at + seconds(random.between(40, 240))));
      file_.add(h.at, row + ";;;\r\n");
      open_[h.ref] = std::move(row);
    } else if (h.act == Act::scan_analysed) {
      const auto row = open_.find(h.ref);
      if (row == open_.end()) return;  // scanned before the first day
      file_.add(h.at, fmt::format("{};{};{};{}\r\n", row->second, local(h.at), officer_text(world, h.account), h.note));
      open_.erase(row);
    }
  }
  void tick(const World&, Timestamp now) override { file_.tick(now); }
  void close(const World&, Timestamp until) override { file_.close(until); }

 private:
  static std::string local(Timestamp at) { return dashed(local_time(at)); }
  DailyFile file_;
  std::map<std::string, std::string> open_;  // scans not judged yet, by control
  std::uint64_t scans_ = 0;
};

class InspectionSystem final : public System {
 public:
  InspectionSystem(const Deliver& deliver, Timestamp first)
      : file_(deliver, "feeds/customs/inspections_{day}.csv",
              "control,step,kind,ts_utc,container,officer,second_officer,opened,result,seals\n", 2, first) {}

  void see(const World& world, const Happening& h) override {
    switch (h.act) {
      case Act::control_ordered: return add(world, h, fmt::format("ORDERED,{}", h.note), ",,");
      case Act::box_opened: return add(world, h, "OPENED,", "yes,,");
      case Act::control_ended:
        return add(world, h, "RESULT,",
                   fmt::format("{},{},", h.other == kNone ? "no" : "yes", csv_field(h.note, ',')));
      case Act::resealed:
        if (news(world, h.ref) == News::without_seal) return;
        return add(world, h, "RESEALED,", fmt::format("yes,,{}>{}", h.seal_before, h.seal));
      default: return;
    }
  }
  void tick(const World&, Timestamp now) override {
    const auto due = std::stable_partition(late_.begin(), late_.end(), [&](const Late& l) { return l.enters > now; });
    for (auto l = due; l != late_.end(); ++l) file_.add(now, std::move(l->row));
    late_.erase(due, late_.end());
    file_.tick(now);
  }
  void close(const World&, Timestamp until) override { file_.close(until); }

 private:
  enum class News { in_time, late, without_seal };
  struct Late {
    Timestamp enters;
    std::string row;
  };
  // Of what reaches the terminal late or in part, half comes days later and half without the new seal.
  static News news(const World& world, const std::string& control) {
    Random random = world.stream("reseal news " + control);
    if (random.chance(world.figures().value("customs.reseal_share"))) return News::in_time;
    return random.chance(0.5) ? News::late : News::without_seal;
  }
  void add(const World& world, const Happening& h, std::string_view step, std::string_view rest) {
    std::string row = fmt::format("{},{},{},{},{},{},{}\n", h.ref, step, utc(h.at), world.box(h.box).number,
                                  officer_text(world, h.account), officer_text(world, h.other), rest);
    if (h.other == kNone || news(world, h.ref) != News::late) return file_.add(h.at, std::move(row));
    Random random = world.stream("reseal days late " + h.ref);
    late_.push_back({h.at + hours(random.between(24, 96)), std::move(row)});
  }
  DailyFile file_;
  std::vector<Late> late_;
};

}  // namespace

std::unique_ptr<System> selection_system(const Deliver& deliver, Timestamp first) {
  return std::make_unique<SelectionSystem>(deliver, first);
}
std::unique_ptr<System> scan_system(const Deliver& deliver, Timestamp first) {
  return std::make_unique<ScanSystem>(deliver, first);
}
std::unique_ptr<System> inspection_system(const Deliver& deliver, Timestamp first) {
  return std::make_unique<InspectionSystem>(deliver, first);
}

}  // namespace quaywatch::sim
