// The words of scenario files and what they stand for.
#pragma once

#include "sim/scenario.h"

namespace quaywatch::sim {

template <typename Value>
struct Word {
  std::string_view name;
  Value value;
};

inline constexpr Word<Trade> kTradeWords[] = {
    {"import", Trade::import}, {"export", Trade::export_trade}, {"transhipment", Trade::transhipment}};
inline constexpr Word<Mode> kModeWords[] = {{"truck", Mode::truck}, {"rail", Mode::rail}, {"barge", Mode::barge}};
inline constexpr Word<CompanyKind> kCompanyWords[] = {
    {"line", CompanyKind::line},         {"agent", CompanyKind::agent},     {"forwarder", CompanyKind::forwarder},
    {"haulier", CompanyKind::haulier},   {"trader", CompanyKind::trader},   {"terminal", CompanyKind::terminal},
    {"customs", CompanyKind::customs},   {"contractor", CompanyKind::contractor},
    {"depot", CompanyKind::depot},       {"port", CompanyKind::port}};
inline constexpr Word<Relation> kRelationWords[] = {
    {"box", Relation::of_box}, {"outside", Relation::outside}, {"new", Relation::fresh}};
inline constexpr Word<AccountUse> kAccountWords[] = {
    {"own", AccountUse::own}, {"shared", AccountUse::shared}, {"none", AccountUse::none}};
inline constexpr Word<LorryUse> kLorryWords[] = {
    {"fleet", LorryUse::fleet}, {"cloned", LorryUse::cloned}, {"rented", LorryUse::rented}};
inline constexpr Word<Role> kRoleWords[] = {
    {"straddle_driver", Role::straddle_driver}, {"crane_driver", Role::crane_driver}, {"lasher", Role::lasher},
    {"gate_clerk", Role::gate_clerk},           {"planner", Role::planner},           {"guard", Role::guard},
    {"mechanic", Role::mechanic},               {"reefer_man", Role::reefer_man},     {"office", Role::office},
    {"it_admin", Role::it_admin}};
inline constexpr Word<bool> kDutyWords[] = {{"on", true}, {"off", false}};
inline constexpr Word<bool> kWayWords[] = {{"in", true}, {"out", false}};
inline constexpr Word<Verb> kVerbWords[] = {{"add", Verb::add},
                                            {"change", Verb::change},
                                            {"drop", Verb::drop},
                                            {"mark", Verb::mark},
                                            {"silence", Verb::silence}};
inline constexpr Word<SealUse> kSealWords[] = {
    {"same", SealUse::same}, {"new", SealUse::fresh}, {"foreign", SealUse::foreign}, {"other", SealUse::other}};
inline constexpr Word<Move> kMoveWords[] = {{"yard", Move::to_yard},   {"lane", Move::to_lane},
                                            {"quay", Move::to_quay},   {"rail", Move::to_rail},
                                            {"barge", Move::to_barge}, {"control", Move::to_control},
                                            {"rehandle", Move::rehandle}};
inline constexpr Word<DeviceKind> kDeviceWords[] = {{"reader", DeviceKind::reader},
                                                    {"camera", DeviceKind::camera},
                                                    {"portal", DeviceKind::gate_portal},
                                                    {"scale", DeviceKind::scale},
                                                    {"scanner", DeviceKind::scanner}};

}  // namespace quaywatch::sim
