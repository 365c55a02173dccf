// The members of one JSON object with their demands. The first thing that is wrong is kept as the error, whose context
// is the place (path:line) and whose message begins with a stable word: bad_json, missing_field, bad_value,
// unknown_kind, too_many. Nothing is guessed: what is wrong reads as an empty value and the caller asks error() once.
// Belongs to one thread; lives no longer than its JsonNode.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "codec/json_documents.h"

namespace quaywatch::score {

class JsonFields {
 public:
  // `inside`: what messages put before a key, such as "acts.".
  JsonFields(const codec::JsonNode& object, std::string place, std::string_view inside = {})
      : object_(object), place_(std::move(place)), inside_(inside) {}

  std::string text(std::string_view key);
  Timestamp time(std::string_view key);
  std::int64_t whole(std::string_view key, std::int64_t least, std::int64_t most);
  bool flag(std::string_view key);
  std::vector<std::string> texts(std::string_view key);  // an array, or one text; absent: none
  const codec::JsonNode* array(std::string_view key);    // nullptr after an error
  const codec::JsonNode* object(std::string_view key);

  void adopt(const JsonFields& part);  // what is wrong with a part is wrong with the whole
  void refuse(std::string_view reason, std::string_view message);
  const std::string& place() const { return place_; }
  const std::optional<Error>& error() const { return error_; }

 private:
  const codec::JsonNode* member(std::string_view key, codec::JsonType type, std::string_view wanted);
  const codec::JsonNode& object_;
  std::string place_;
  std::string_view inside_;
  std::optional<Error> error_;
};

// Calls `record` for each line of `bytes` that is not blank, with its object and place; the first error ends it.
Result<void> each_json_line(std::string_view bytes, std::string_view path,
                            const std::function<Result<void>(JsonFields&)>& record);
// The one object that `bytes` are.
Result<void> read_json_object(std::string_view bytes, std::string_view path,
                              const std::function<Result<void>(JsonFields&)>& record);

}  // namespace quaywatch::score
