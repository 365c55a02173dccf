// Documents for the law, made of what feeds and rules state of themselves: the record of processing activities (GDPR
// Article 30), the draft of an impact assessment (Article 35), and what rules read of staff (Article 88). What nobody
// stated is shown as missing, with the place to state it; nothing is made up. Pure; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "legal/document.h"
#include "model/catalogue.h"
#include "rules/rule.h"

namespace quaywatch::legal {

// What the site says of itself ([legal] of site.toml); empty: not stated.
struct Statements {
  std::string controller, contact, data_protection_officer, transfers, risks, advice, views;
};
struct StatementKey {
  std::string_view key;
  std::string Statements::* value;
};
inline constexpr std::array<StatementKey, 7> kStatementKeys{{
    {"controller", &Statements::controller},
    {"contact", &Statements::contact},
    {"data_protection_officer", &Statements::data_protection_officer},
    {"transfers", &Statements::transfers},
    {"risks", &Statements::risks},
    {"advice", &Statements::advice},
    {"views", &Statements::views},
}};

enum class Correction : std::uint8_t { interval, all, none };  // what a file that is sent again replaces

// As its contract states it; empty: not stated.
struct Feed {
  std::string name, file;  // of the contract; empty: it has none
  std::vector<std::string> owners;
  std::vector<EventType> types;
  std::string controller, regime, basis, purpose, retention;
  Correction correction{};
  std::vector<FieldId> personal;
  bool is_known = true;  // what it holds; else the format of its messages says so, and none came
};

struct Recipient {
  std::string organisation, kind;
  std::vector<std::string> owners;  // of records; "*": all
};

// With those who speak for the staff; one that counts.
struct Agreement {
  std::string reference, parties, from, until;
  std::vector<std::string> rules;  // ids; none: every rule
};

struct Basis {
  Statements statements;
  std::vector<Feed> feeds;
  std::vector<Recipient> recipients;
  std::vector<const rules::Rule*> rules;  // that raise alerts
  std::vector<Agreement> agreements = {};
};

struct Kind {
  std::string_view name;
  Document (*make)(const Basis&, Language);
};
std::span<const Kind> documents();  // processing, assessment, staff
const Kind* find_document(std::string_view name);

}  // namespace quaywatch::legal
