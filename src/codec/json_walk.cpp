// The walk over pieces (json_documents.h): finds where values end without reading them.
#include <algorithm>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/text.h"
#include "codec/json_documents.h"
#include "codec/json_plain.h"

namespace quaywatch::codec {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kHeadings = 32;
constexpr std::string_view kBlanks = " \t\r\n";
static_assert(limits::kJsonScanDepth <= 64, "value_end keeps a bit for each level");

// Behind the closing quote of the text that opens at `at`. A line end ends it as broken: JSON has none inside a text,
// and a lost quote must not swallow the records behind it.
std::size_t text_end(std::string_view bytes, std::size_t at) {
  const char* const end = bytes.data() + bytes.size();
  for (std::size_t i = at + 1; i < bytes.size(); ++i) {
    i = static_cast<std::size_t>(plain_end(bytes.data() + i, end, end) - bytes.data());
    if (i == bytes.size()) return kNone;
    const char c = bytes[i];
    if (c == '"') return i + 1;
    if (c == '\n') return kNone;
    if (c == '\\') ++i;
  }
  return kNone;
}

// Behind the object, array or text that opens at `at`; kNone when it does not close, or closes what did not open.
std::size_t value_end(std::string_view bytes, std::size_t at) {
  if (bytes[at] == '"') return text_end(bytes, at);
  std::uint64_t objects = 0;  // a bit for each open level: is it an object
  std::size_t depth = 0;
  char before = ':';  // the last character that is no blank
  for (std::size_t i = at; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    if (c == '"') {
      i = text_end(bytes, i);
      if (i == kNone) return kNone;
      --i;
    } else if (c == '{' || c == '[') {
      // Where no value can begin, a brace was lost before.
      if (before != ':' && before != ',' && before != '[') return kNone;
      if (++depth > limits::kJsonScanDepth) return kNone;
      objects = objects << 1 | (c == '{' ? 1U : 0U);
    } else if (c == '}' || c == ']') {
      if ((objects & 1) != (c == '}' ? 1U : 0U)) return kNone;
      objects >>= 1;
      if (--depth == 0) return i + 1;
    }
    before = c;
  }
  return kNone;
}

enum class Went { on, astray, resumed };  // resumed: broken and dealt with; the walk goes on at a new document

class Walk {
 public:
  Walk(std::string_view bytes, std::span<const std::string_view> paths, JsonTreeReader& trees,
       const std::function<void(const JsonPiece&)>& piece)
      : bytes_(bytes), paths_(paths), trees_(trees), piece_(piece) {
    headings_.reserve(kHeadings);  // pieces point into it
  }

  bool run() {
    if (bytes_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    while (skip(kBlanks)) document();
    cut(bytes_.size());
    return complete_;
  }

 private:
  // The piece that is open reaches to the next one: so no byte is left out.
  void open(JsonPieceKind kind, std::size_t offset) {
    if (kind == JsonPieceKind::envelope && open_.kind == kind) return;
    cut(offset);
    open_ = {kind, offset, 0, 0, {}, {}, {}, {}};
    if (kind == JsonPieceKind::record) open_.headings = headings_;
  }
  void open_broken(std::size_t offset, std::string_view reason, std::string_view message) {
    if (open_.kind != JsonPieceKind::broken || open_.reason != reason) open(JsonPieceKind::broken, offset);
    open_.reason = reason;
    open_.message = message;
  }
  void cut(std::size_t end) {
    open_.size = end - open_.offset;
    if (open_.size > 0) piece_(open_);
  }

  bool skip(std::string_view characters) {
    at_ = std::min(bytes_.find_first_not_of(characters, at_), bytes_.size());
    return at_ < bytes_.size();
  }

  void document() {
    const std::size_t start = at_;
    if (bytes_[at_] == '[') {
      open(JsonPieceKind::envelope, start);
      headings_.clear();
      ++at_;
      if (elements(false) == Went::astray) complete_ = false;
      return;
    }
    if (bytes_[at_] != '{') return no_object();
    open(JsonPieceKind::record, start);
    headings_.clear();
    open_.headings = {};
    if (paths_.empty()) return record(start, true);
    if (is_record_ && read_plain(start)) {
      const std::uint32_t layout = open_.root->layout;
      if (layout != 0 && layout == plain_layout_) return;
      if (!holds_records(*open_.root, {})) return void(plain_layout_ = layout);
      open_.root = nullptr;
      open_.value_size = 0;
      at_ = start;
    }
    is_record_ = true;
    const Went went = members({});
    if (went == Went::on && is_record_) open_.value_size = at_ - start;
    if (went != Went::astray) return;
    const bool ended = at_ == bytes_.size();
    if (is_record_)
      broken(start, true);
    else if (ended)
      complete_ = false;
    else
      broken(at_, true);
  }

  // Reads the object at `start` on the way, where it is plain.
  bool read_plain(std::size_t start) {
    open_.root = trees_.read_plain(bytes_, start, open_.value_size);
    if (open_.root == nullptr) return false;
    at_ = start + open_.value_size;
    return true;
  }

  // The object at `start`, for which a record piece is open.
  void record(std::size_t start, bool is_document) {
    if (read_plain(start)) return;
    const std::size_t end = value_end(bytes_, start);
    if (end == kNone) return broken(start, is_document);
    open_.value_size = end - start;
    at_ = end;
  }

  void no_object() {
    open_broken(at_, "not_an_object", "a record is an object {...}; something else stands here");
    const char c = bytes_[at_];
    const std::size_t end = c == '"' || c == '[' ? value_end(bytes_, at_) : kNone;
    at_ = end != kNone ? end : std::min(bytes_.find_first_of(",]{\n", at_ + 1), bytes_.size());
  }

  // Everything from `start` to where the next record certainly begins.
  void broken(std::size_t start, bool is_document) {
    open_broken(start, "bad_json", "not valid JSON: a quote, brace or comma is missing; where it ends cannot be told");
    resumed_document_ = is_document;
    const std::size_t line = start == 0 ? 0 : bytes_.find_last_of('\n', start - 1) + 1;  // npos + 1 is 0
    const std::string_view indent = bytes_.substr(line, start - line);
    if (indent.find_first_not_of(kBlanks) == kNone) {
      const std::string_view ahead = bytes_.substr(0, start + std::min(limits::kCsvRowBytes, bytes_.size() - start));
      const auto next = ahead.find("\n" + std::string(indent) + "{", start);
      if (next != kNone) return void(at_ = next + 1 + indent.size());
    }
    const auto next = bytes_.find("\n{", start);
    resumed_document_ = true;
    at_ = next == kNone ? bytes_.size() : next + 1;
  }

  // Behind the '[' of an array of records. `inside`: of an object.
  Went elements(bool inside) {
    while (skip(" \t\r\n,")) {
      if (bytes_[at_] == ']') {
        open(JsonPieceKind::envelope, at_++);
        return Went::on;
      }
      if (bytes_[at_] == '{') {
        resumed_document_ = false;
        open(JsonPieceKind::record, at_);
        record(at_, false);
        if (resumed_document_) return Went::resumed;
      } else if (inside && bytes_[at_] == '}') {
        return Went::astray;
      } else {
        no_object();
      }
    }
    return Went::astray;
  }

  // At the '{' of a document or of an object on the way to its records.
  Went members(const std::string& path) {
    ++at_;
    while (skip(" \t\r\n,")) {
      if (bytes_[at_] == '}') return ++at_, Went::on;
      if (bytes_[at_] != '"') return Went::astray;
      const std::size_t end = text_end(bytes_, at_);
      if (end == kNone) return Went::astray;
      const std::string_view key = bytes_.substr(at_ + 1, end - at_ - 2);
      at_ = end;
      if (!skip(kBlanks) || bytes_[at_] != ':') return Went::astray;
      ++at_;
      if (!skip(kBlanks)) return Went::astray;
      if (const Went went = member(path, key); went != Went::on) return went;
    }
    return Went::astray;
  }

  Went member(const std::string& path, std::string_view key) {
    const char c = bytes_[at_];
    if (c == '[' && leads(path, key, true)) {
      if (is_record_) open_.kind = JsonPieceKind::envelope;
      is_record_ = false;
      open(JsonPieceKind::envelope, at_++);
      return elements(true);
    }
    if (c == '{' && leads(path, key, false)) return members(path + std::string(key) + ".");
    const std::size_t start = at_;
    if (c == '{' || c == '[' || c == '"')
      at_ = value_end(bytes_, at_);
    else
      at_ = bytes_.find_first_of(",}] \t\r\n", at_);
    if (at_ == kNone || at_ == start) return at_ = start, Went::astray;
    if (c == '"' && path.empty() && headings_.size() < kHeadings)
      headings_.push_back({key, bytes_.substr(start + 1, at_ - start - 2)});
    return Went::on;
  }

  bool holds_records(const JsonNode& object, const std::string& path) const {
    for (const JsonNode& node : object) {
      if (node.type == JsonType::array && leads(path, node.key, true)) return true;
      if (node.type == JsonType::object && leads(path, node.key, false) &&
          holds_records(node, path + std::string(node.key) + "."))
        return true;
    }
    return false;
  }

  // Does the key lead to records: is it where they are (`there`), or on the way?
  bool leads(const std::string& path, std::string_view key, bool there) const {
    for (const std::string_view wanted : paths_) {
      if (!wanted.starts_with(path)) continue;
      const std::string_view rest = wanted.substr(path.size());
      if (there ? rest == key : rest.starts_with(key) && rest.substr(key.size()).starts_with('.')) return true;
    }
    return false;
  }

  std::string_view bytes_;
  std::span<const std::string_view> paths_;
  JsonTreeReader& trees_;
  const std::function<void(const JsonPiece&)>& piece_;
  JsonPiece open_;
  std::vector<JsonHeading> headings_;
  std::size_t at_ = 0;
  std::uint32_t plain_layout_ = 0;  // that of the last document which holds no records
  bool complete_ = true;
  bool is_record_ = true;          // the document, as long as no records were found inside
  bool resumed_document_ = false;  // the last broken piece ends where a new document begins
};

}  // namespace

bool walk_json(std::string_view bytes, std::span<const std::string_view> record_paths, JsonTreeReader& trees,
               const std::function<void(const JsonPiece&)>& piece) {
  return Walk(bytes, record_paths, trees, piece).run();
}

}  // namespace quaywatch::codec
