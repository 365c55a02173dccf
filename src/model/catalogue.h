// The field catalogue at run time: names, kinds and meanings of event types, fields and facts. Generated from
// fields.toml; immutable; every function is thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "model/fields.gen.h"
#include "model/value.h"

namespace quaywatch {

struct EventTypeInfo {
  std::string_view name;
  std::int64_t same_within_s;  // reports of different feeds inside it are one occurrence; 0: never
  std::string_view sentence;
};

struct FieldInfo {
  std::string_view name;
  Kind kind;
  std::string_view unit;
  SubjectKind subject;
  PersonalClass personal;
  IdentifierRule identifier;
  bool is_list;
  bool is_fact;
  std::string_view needs;  // event types a fact rests on: "a|b,c" reads (a or b) and c
  std::string_view sentence;
};

const EventTypeInfo& info(EventType type);
extern const FieldInfo* const kFieldInfos;  // by FieldId
inline const FieldInfo& info(FieldId field) { return kFieldInfos[static_cast<std::size_t>(field)]; }
std::string_view name(SubjectKind kind);
std::optional<SubjectKind> find_subject_kind(std::string_view name);
std::optional<EventType> find_event_type(std::string_view name);
std::optional<FieldId> find_field(std::string_view name);
std::string_view nearest_field(std::string_view word);       // empty when nothing is near
std::string_view nearest_event_type(std::string_view word);

}  // namespace quaywatch
