#include "holds/request.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace quaywatch::holds {
namespace {

constexpr std::size_t kPartyCode = 17;      // 3039, D.95B: an..17
constexpr std::size_t kControlReference = 14;  // 0020 of UNB: an..14

// Character set UNOA (ISO 9735 section 7): what it lacks is left out, what has a meaning there is released.
std::string unoa(std::string_view text, std::size_t at_most) {
  constexpr std::string_view known = " .,-()/=", released = "+:'?";
  std::string out;
  std::size_t size = 0;
  for (const char raw : text) {
    const char c = ascii_upper(raw);
    const bool is_released = released.find(c) != std::string_view::npos;
    if (!is_ascii_upper_or_digit(c) && !is_released && known.find(c) == std::string_view::npos) continue;
    if (size++ == at_most) break;
    if (is_released) out += '?';
    out += c;
  }
  return out;
}

std::string reference(const Order& order) { return to_upper(squeeze(order.hold_id)); }

// C517 and C519 of LOC+165: place and terminal.
std::string place(const Order& order) {
  if (order.facility.empty()) return {};
  const std::size_t slash = std::min(order.facility.find('/'), order.facility.size());
  const std::string locode = unoa(std::string_view(order.facility).substr(0, slash), 25);
  const std::string terminal =
      slash < order.facility.size() ? unoa(std::string_view(order.facility).substr(slash + 1), 25) : std::string{};
  return fmt::format("LOC+165+{}:139:6{}'\n", locode, terminal.empty() ? "" : fmt::format("+{}:TER:ZZZ", terminal));
}

std::string csv_cell(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

// Formats: {0} the reference, {1} the container, {2} who asks, {3} where, {4} when.
struct Texts {
  std::string_view subject, at, body;
};
constexpr Texts kTexts[] = {
    {"Hold request {}: container {}", " at {}",
     "{2} asks you to hold container {1}{3}.\n\n"
     "Please do not release, move or load it until the hold is lifted. Asked at {4}.\n"
     "Answer with the reference {0}: held, or not and why. If it has left, say when and how.\n\n"
     "The same order is attached as COHAOR (UN/EDIFACT D.95B, times in UTC) and as CSV.\n"},
    {"Solicitud de retención {}: contenedor {}", " en {}",
     "{2} le pide que retenga el contenedor {1}{3}.\n\n"
     "No lo entregue, mueva ni cargue hasta que se levante la retención. Pedido el {4}.\n"
     "Responda con la referencia {0}: retenido, o no y por qué. Si ya ha salido, diga cuándo y cómo.\n\n"
     "La misma orden va adjunta como COHAOR (UN/EDIFACT D.95B, horas en UTC) y como CSV.\n"},
};
static_assert(std::size(kTexts) == kLanguages.size());

const Texts& texts(Language language) { return kTexts[static_cast<std::size_t>(language)]; }

}  // namespace

std::string cohaor(const Order& order) {
  const CivilTime c = to_civil_utc(order.at);
  const std::string ref = reference(order), party = unoa(order.asked_by, kPartyCode);
  const std::string date = fmt::format("{:04}{:02}{:02}", c.year, c.month, c.day);
  const std::string clock = fmt::format("{:02}{:02}", c.hour, c.minute);
  const std::string terminal = order.facility.empty() ? "TERMINAL" : unoa(squeeze(order.facility), 35);
  std::string message;
  message += "UNH+1+COHAOR:D:95B:UN:ITG12'\n";
  message += fmt::format("BGM+127+{}+9'\n", ref);
  message += fmt::format("DTM+137:{}{}:203'\n", date, clock);
  message += fmt::format("RFF+ATX:{}'\n", ref);
  message += fmt::format("NAD+MS+{}'\n", party.empty() ? "QUAYWATCH" : party);
  message += fmt::format("EQD+CN+{}'\n", unoa(order.container, 17));
  message += place(order);
  message += "HAN+:::HOLD'\n";
  message += "FTX+HAN+++DO NOT RELEASE, MOVE OR LOAD UNTIL THE HOLD IS LIFTED'\n";
  message += "CNT+16:1'\n";
  const auto segments = std::count(message.begin(), message.end(), '\n') + 1;
  const std::string control = ref.substr(ref.size() - std::min(ref.size(), kControlReference));
  return fmt::format("UNB+UNOA:2+QUAYWATCH+{}+{}:{}+{}'\n", terminal, date.substr(2), clock, control) + message +
         fmt::format("UNT+{}+1'\nUNZ+1+{}'\n", segments, control);
}

std::string csv(const Order& order) {
  return fmt::format("hold_ref,container,facility,requested_at,requested_by,request\r\n{},{},{},{},{},HOLD\r\n",
                     order.hold_id, csv_cell(order.container), csv_cell(order.facility), format_rfc3339(order.at),
                     csv_cell(order.asked_by));
}

std::string subject(const Order& order, Language language) {
  return fmt::format(fmt::runtime(texts(language).subject), order.hold_id, order.container);
}

std::string body(const Order& order, Language language) {
  const Texts& t = texts(language);
  return fmt::format(fmt::runtime(t.body), order.hold_id, order.container, order.asked_by,
                     order.facility.empty() ? "" : fmt::format(fmt::runtime(t.at), order.facility),
                     format_rfc3339(order.at));
}

std::string mail_text(const Order& order, Language language) {
  return fmt::format("Subject: {}\n\n{}", subject(order, language), body(order, language));
}

}  // namespace quaywatch::holds
