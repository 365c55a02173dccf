// The file that answers a request for access (GDPR Article 15): what is held on one person, why, for how long, from
// whom, and who was or may be given it. Values as they may be disclosed: whoever gathers them leaves out what may not
// be, and the file says the same whether something was left out or not. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "legal/documents.h"
#include "legal/subject_request.h"

namespace quaywatch::legal {

struct HeldFeed {
  Feed stated;
  bool is_of_ours = false;  // what our own users did, which no contract covers
  std::size_t records = 0;
  Timestamp first, last;  // of the records
};

// One record that names the person.
struct HeldRecord {
  Timestamp at;
  std::string feed;
  EventType type{};
  // "vehicle.plate plate-3f9a1c2b7d04e1a": the fields that name him, and the rest.
  std::vector<std::string> own, others;
};

// An alert that is over.
enum class AlertEnd : std::uint8_t { laid_aside, case_closed, withdrawn };
struct HeldAlert {
  Timestamp at;
  std::string title;  // in the words of its rule
  AlertEnd end{};
};

struct HeldCase {
  Timestamp opened_at, closed_at;
};

// Somebody looked: a clear value, or what stands here.
struct HeldLook {
  Timestamp at;
  std::string role, organisation;  // in the words of identity::name
};

struct Held {
  std::uint64_t number = 0;
  Timestamp received_on;
  std::vector<Identifier> identifiers;
  Statements statements;
  std::vector<HeldFeed> feeds;
  std::size_t all_records = 0;
  std::vector<HeldRecord> records;  // the newest, newest first
  std::vector<HeldAlert> alerts;
  std::vector<HeldCase> cases;
  std::vector<HeldLook> unmaskings, lookups;
  std::optional<Timestamp> lookups_from;  // older ones stand in the journal alone
  std::vector<Recipient> recipients;
};

Document subject_file(const Held& held, Language language);

}  // namespace quaywatch::legal
