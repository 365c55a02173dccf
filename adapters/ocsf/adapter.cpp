// OCSF events as JSON lines or as one array, by the two tables below. A record becomes more than log.recorded only
// where class and activity say what an account did, and nothing says that it failed.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>

#include "adapter/format.h"
#include "adapter/json_records.h"
#include "adapter/log_record.h"
#include "base/text.h"

namespace quaywatch::adapters::ocsf {
namespace {

using adapter::JsonVerdict;
using codec::JsonKind;
using codec::JsonMember;
using Members = std::span<const JsonMember>;

struct ActivityRow {
  std::string_view class_uid, activity_id;
  EventType type;
};
constexpr ActivityRow kActivities[] = {
    {"1001", "1", EventType::account_changed},   // File System Activity: create
    {"1001", "2", EventType::account_queried},   // read
    {"1001", "3", EventType::account_changed},   // update
    {"1001", "4", EventType::account_changed},   // delete
    {"1001", "5", EventType::account_changed},   // rename
    {"3001", "1", EventType::account_created},   // Account Change: create
    {"3001", "2", EventType::account_changed},   // enable
    {"3001", "3", EventType::account_changed},   // password change
    {"3001", "4", EventType::account_changed},   // password reset
    {"3001", "5", EventType::account_disabled},  // disable
    {"3001", "6", EventType::account_disabled},  // delete
    {"3001", "7", EventType::account_privilege_granted},   // attach policy
    {"3001", "8", EventType::account_privilege_revoked},   // detach policy
    {"3001", "9", EventType::account_disabled},            // lock
    {"3001", "10", EventType::account_changed},            // second factor enabled
    {"3001", "11", EventType::account_changed},            // second factor disabled
    {"3002", "1", EventType::account_logged_in},           // Authentication: logon, see type_of
    {"3002", "2", EventType::account_logged_out},          // logoff
    {"3005", "1", EventType::account_privilege_granted},   // User Access Management: assign
    {"3005", "2", EventType::account_privilege_revoked},   // revoke
    {"3006", "1", EventType::account_privilege_granted},   // Group Management: assign
    {"3006", "2", EventType::account_privilege_revoked},   // revoke
    {"3006", "3", EventType::account_privilege_granted},   // add user
    {"3006", "4", EventType::account_privilege_revoked},   // remove user
    {"6001", "7", EventType::account_exported},            // Web Resources Activity: export
    {"6003", "1", EventType::account_changed},             // API Activity: create
    {"6003", "2", EventType::account_queried},             // read
    {"6003", "3", EventType::account_changed},             // update
    {"6003", "4", EventType::account_changed},             // delete
    {"6005", "1", EventType::account_queried},             // Datastore Activity: read
    {"6005", "2", EventType::account_changed},             // update
    {"6005", "4", EventType::account_queried},             // query
    {"6005", "5", EventType::account_changed},             // write
    {"6005", "6", EventType::account_changed},             // create
    {"6005", "7", EventType::account_changed},             // delete
    {"6005", "8", EventType::account_queried},             // list
};

// In order; a field keeps the first value it gets. `classes` empty: all.
struct FieldRow {
  std::string_view path;
  FieldId field;
  std::string_view classes = {};
};
constexpr FieldRow kFields[] = {
    {"user.name", FieldId::account_id, "3002"},  // who logs in; in other classes who is changed
    {"user.uid", FieldId::account_id, "3002"},
    {"actor.user.name", FieldId::account_id},
    {"actor.user.uid", FieldId::account_id},
    {"actor.user.org.name", FieldId::account_organisation},
    {"user.name", FieldId::account_target, "3001 3005 3006"},
    {"user.uid", FieldId::account_target, "3001 3005 3006"},
    {"privileges", FieldId::account_privilege},
    {"policy.name", FieldId::account_privilege},
    {"group.name", FieldId::account_privilege, "3006"},
    {"api.operation", FieldId::account_function},
    {"activity_name", FieldId::account_function},
    {"status", FieldId::account_result},
    {"status_detail", FieldId::event_reason},
    {"file.path", FieldId::account_object, "1001"},
    {"file.name", FieldId::account_object, "1001"},
    {"table.name", FieldId::account_object, "6005"},
    {"databucket.name", FieldId::account_object, "6005"},
    {"database.name", FieldId::account_object, "6005"},
    {"resources.name", FieldId::account_object, "6003"},
    {"resources.uid", FieldId::account_object, "6003"},
    {"web_resources.name", FieldId::account_object, "6001"},
    {"web_resources.url_string", FieldId::account_object, "6001"},
    {"resources.type", FieldId::account_object_kind, "6003"},
    {"web_resources.type", FieldId::account_object_kind, "6001"},
    {"session.uid", FieldId::account_session},
    {"actor.session.uid", FieldId::account_session},
    {"src_endpoint.hostname", FieldId::account_workstation},
    {"src_endpoint.ip", FieldId::net_source},
    {"metadata.uid", FieldId::event_source_id},
    {"device.hostname", FieldId::log_host},
    {"metadata.product.name", FieldId::log_program},
    {"class_name", FieldId::log_class},
    {"class_uid", FieldId::log_class},
    {"type_uid", FieldId::log_message_id},
    {"message", FieldId::log_message},
};

const JsonMember* find(Members members, std::string_view path) {
  const auto it = std::find_if(members.begin(), members.end(),
                               [&](const JsonMember& m) { return m.path == path && m.kind != JsonKind::null; });
  return it == members.end() ? nullptr : &*it;
}

std::string_view text_of(Members members, std::string_view path) {
  const JsonMember* m = find(members, path);
  return m == nullptr ? std::string_view{} : m->text;
}

// `classes` are numbers with a blank between.
bool lists(std::string_view classes, std::string_view class_uid) {
  return class_uid.size() == 4 && class_uid.find(' ') == class_uid.npos && classes.find(class_uid) != classes.npos;
}

// status_id: 1 success, 2 failure, anything else does not say.
EventType type_of(Members members) {
  const std::string_view class_uid = text_of(members, "class_uid"), activity = text_of(members, "activity_id");
  const std::string_view status = text_of(members, "status_id");
  const auto row = std::find_if(std::begin(kActivities), std::end(kActivities), [&](const ActivityRow& r) {
    return r.class_uid == class_uid && r.activity_id == activity;
  });
  if (row == std::end(kActivities)) return EventType::log_recorded;
  if (row->type != EventType::account_logged_in) return status == "2" ? EventType::log_recorded : row->type;
  // A logon is a request (OCSF Authentication, activity 1): without its outcome nobody is known to be in.
  return status == "1"   ? EventType::account_logged_in
         : status == "2" ? EventType::account_login_failed
                         : EventType::log_recorded;
}

class Decoder {
 public:
  Decoder(std::string_view bytes, const adapter::Source& source, adapter::Sink& sink)
      : bytes_(bytes), sink_(sink), records_(source, "ocsf", sink) {}

  void decode_lines() {
    records_.each_line(bytes_, [this](std::string_view text) {
      const JsonVerdict verdict = read(static_cast<std::size_t>(text.data() - bytes_.data()), text.size());
      verdict.reason.empty() ? records_.accept(type_) : records_.reject(verdict.reason, verdict.message);
    });
  }

  void decode_array() {
    adapter::decode_json_records(bytes_, sink_, {}, [this](const adapter::JsonRecord& record) {
      records_.begin(record.offset, record.size);
      JsonVerdict verdict = read(record.offset, record.size);
      if (verdict.reason.empty()) records_.emit(type_);
      return verdict;
    });
  }

 private:
  JsonVerdict read(std::size_t offset, std::size_t size) {
    const auto read = json_.read(bytes_, offset, size);
    if (!read)
      return adapter::reject(read.error().reason,
                             fmt::format("{} (byte {} of the record)", read.error().message, read.error().offset));
    const Members members = *read;
    if (find(members, "class_uid") == nullptr)
      return adapter::reject("no_class", "an OCSF event states its class in 'class_uid'; this object does not");
    const auto happened = time_of(members, "time", "time_dt");
    if (!happened)
      return adapter::reject("bad_time", fmt::format("'time' must be milliseconds since 1970, not '{}'",
                                                     text_of(members, "time").substr(0, 40)));
    records_.set_event_time({*happened, 0});
    if (const auto logged = time_of(members, "metadata.logged_time", "metadata.logged_time_dt"))
      records_.event().reported_at = *logged;
    add_fields(members);
    type_ = type_of(members);
    return {};
  }

  // Milliseconds, or the text that the profile datetime adds.
  static std::optional<Timestamp> time_of(Members members, std::string_view ms, std::string_view text) {
    for (const std::string_view path : {ms, text}) {
      const auto time = codec::read_log_time(text_of(members, path));
      if (time && time->instant) return time->instant;
    }
    return std::nullopt;
  }

  void add_fields(Members members) {
    const std::string_view class_uid = text_of(members, "class_uid");
    for (const FieldRow& row : kFields)
      if (row.classes.empty() || lists(row.classes, class_uid)) add_first(members, row);
    const std::string_view uid = text_of(members, "metadata.uid");
    Event& event = records_.event();
    if (!uid.empty()) event.natural_key = make_natural_key(event.feed, uid);
  }

  void add_first(Members members, const FieldRow& row) {
    const JsonMember* m = find(members, row.path);
    if (m == nullptr || records_.event().fields.has(row.field)) return;
    records_.add_text(row.field, m->text);
    for (const JsonMember& other : members.subspan(static_cast<std::size_t>(m - members.data()) + 1))
      if (other.path == row.path && !other.text.empty())
        records_.finding("many_values", info(row.field).name, other.text,
                         fmt::format("'{}' holds one value; a further one in '{}' was left out", info(row.field).name,
                                     row.path));
  }

  std::string_view bytes_;
  adapter::Sink& sink_;
  adapter::LogRecords records_;
  codec::JsonLineReader json_;
  EventType type_{};  // of the record that was read last
};

// Behind a byte-order mark and blanks.
bool is_array(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  return trim(head.substr(0, head.find('[') + 1)) == "[";  // npos + 1 is 0
}

void decode(std::string_view bytes, const adapter::Source& source, adapter::Sink& sink) {
  Decoder decoder(bytes, source, sink);
  is_array(bytes) ? decoder.decode_array() : decoder.decode_lines();
}

int recognises(std::string_view head) {
  const std::string_view first = is_array(head) ? head : head.substr(0, head.find('\n'));
  const bool is_json = first.starts_with('{') || is_array(head);
  return is_json && first.find("\"class_uid\"") != first.npos && first.find("\"metadata\"") != first.npos ? 70 : 0;
}

}  // namespace

extern const adapter::FormatAdapter kFormat;
const adapter::FormatAdapter kFormat{"ocsf", recognises, decode};

}  // namespace quaywatch::adapters::ocsf
