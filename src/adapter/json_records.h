// What the adapters of JSON events share: the drive over a file's records, and rows from a path in a record to a field
// of the catalogue. A value that does not fit its field is left out or kept with a finding, as the field's identifier
// rule says. Pure; nothing is thrown.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "adapter/adapter.h"
#include "codec/json_documents.h"
#include "codec/json_paths.h"

namespace quaywatch::adapter {

// What became of a record. `reason` as in SpanReport; empty when accepted.
struct JsonVerdict {
  SpanKind kind = SpanKind::accepted;
  std::string_view reason;
  std::string message;
};
JsonVerdict reject(std::string_view reason, std::string message);
JsonVerdict ignore(std::string_view reason, std::string message);

struct JsonRecord {
  const codec::JsonNode& root;
  std::uint64_t offset;
  std::uint32_t size;
  std::span<const codec::JsonHeading> headings;
};

// Every byte in one span: the envelope is accepted, a record becomes what `decode` says of it, and a file without
// any record is ignored as "no_records". The finding "truncated" tells of a document that does not end.
void decode_json_records(std::string_view bytes, Sink& sink, std::span<const std::string_view> record_paths,
                         const std::function<JsonVerdict(const JsonRecord&)>& decode);

// An event of a record with what the source's contract says; `feed` where that names none.
boost::intrusive_ptr<Event> make_event(EventType type, const JsonRecord& record, const Source& source,
                                       std::string_view feed);

// Adds a value (of an array each element) as the field's kind. Text is also taken from numbers. Container numbers,
// plates and codes are put into normal form; a wrong check digit is a finding and the value is kept. Null adds nothing.
void add_json(FieldId field, const codec::JsonNode& node, Event& event, Sink& sink);
// The same for text that is no value of its own, such as the end of a URI. `offset` is where it stands.
void add_text(FieldId field, std::string_view text, std::uint64_t offset, Event& event, Sink& sink);

template <const auto& paths>
struct JsonRow {
  codec::JsonPath<paths> path;
  FieldId field;
};
// Rows in order; of several for one field the first that has a value counts.
template <const auto& paths>
void add_rows(std::type_identity_t<std::span<const JsonRow<paths>>> rows, const codec::JsonMembers<paths>& members,
              Event& event, Sink& sink) {
  for (const JsonRow<paths>& row : rows)
    if (const codec::JsonNode* node = members.find(row.path); node != nullptr && !event.fields.has(row.field))
      add_json(row.field, *node, event, sink);
}

// The rows of one table that have a value in records of a layout: found once, like codec::JsonMembersByLayout.
template <const auto& paths>
class JsonRowsByLayout {
 public:
  explicit JsonRowsByLayout(std::span<const JsonRow<paths>> rows) : rows_(rows) {}
  // Of the members of a record of that layout. Valid until the next call.
  std::span<const JsonRow<paths>> of(const codec::JsonMembers<paths>& members, std::uint32_t layout) {
    if (layout >= known_.size()) known_.resize(layout + 1);
    Rows& known = known_[layout];
    if (layout != 0 && known.are_found) return known.rows;
    known.are_found = true;
    known.rows.clear();
    for (const JsonRow<paths>& row : rows_)
      if (members.find(row.path) != nullptr) known.rows.push_back(row);
    return known.rows;
  }

 private:
  struct Rows {
    bool are_found = false;
    std::vector<JsonRow<paths>> rows;
  };
  std::span<const JsonRow<paths>> rows_;
  std::vector<Rows> known_;
};

// The member that stands at `path` as an instant (RFC 3339 with offset). False: absent (null) or unreadable; `verdict`
// rejects with missing_key or bad_time.
bool read_time(const codec::JsonNode* node, std::string_view path, Timestamp& out, JsonVerdict& verdict);
// The same where the record can do without it: unreadable is the finding bad_value, `out` is left alone.
void read_optional_time(const codec::JsonNode* node, std::string_view path, Timestamp& out, Sink& sink);

}  // namespace quaywatch::adapter
