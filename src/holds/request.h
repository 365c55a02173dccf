// A hold request in the forms in which it goes out: a COHAOR order (UN/EDIFACT D.95B, as adapters/cohaor reads it), a
// CSV row (RFC 4180) and the text of a mail. Neither reason nor alert is in them: who handles the order at the terminal
// may be who the alert is about. Pure; thread-safe.
#pragma once

#include <string>

#include "base/language.h"
#include "holds/hold.h"

namespace quaywatch::holds {

struct Order {
  std::string hold_id, container, facility;  // facility: UN/LOCODE and terminal, such as SIKOP/KTV; may be empty
  std::string asked_by;                      // name of the organisation
  Timestamp at;
};

std::string cohaor(const Order& order);
std::string csv(const Order& order);
std::string subject(const Order& order, Language language);  // of the mail
std::string body(const Order& order, Language language);
std::string mail_text(const Order& order, Language language);  // both

}  // namespace quaywatch::holds
