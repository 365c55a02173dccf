#include "rules/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>

#include "base/limits.h"
#include "base/text.h"

namespace quaywatch::rules {
namespace {

// Builds a Node tree from parser events. After the first problem the remaining events are ignored.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(Document& document) : document_(document) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse(mark, "uses an alias; write the value out"); }
  void OnAnchor(const YAML::Mark& mark, const std::string& anchor) override {
    refuse(mark, fmt::format("uses the anchor '&{}'; anchors are refused, write the value out", anchor));
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    place(Node{Node::Kind::null, line(mark), {}, {}, {}});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    if (!check_tag(mark, tag)) return;
    place(Node{Node::Kind::scalar, line(mark), value, {}, {}});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    if (check_tag(mark, tag)) open(mark, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override {
    if (check_tag(mark, tag)) open(mark, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

  bool is_empty() const { return is_empty_; }

 private:
  struct Level {
    Node node;
    bool has_key = false;
    std::string key;
    int key_line = 0;
  };

  int line(const YAML::Mark& mark) const { return document_.line + mark.line; }
  void refuse(const YAML::Mark& mark, std::string_view what) {
    document_.problem.say(line(mark), fmt::format("the document {}", what));
  }
  // yaml-cpp gives "?" for plain and "!" for quoted scalars; anything else was written by the author.
  bool check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return true;
    refuse(mark, fmt::format("uses the tag '{}'; tags have no meaning in a rule", tag));
    return false;
  }

  void open(const YAML::Mark& mark, Node::Kind kind) {
    if (document_.problem.found()) return;
    if (levels_.size() == limits::kRuleDepth)
      return refuse(mark, fmt::format("is nested deeper than {} levels", limits::kRuleDepth));
    if (!levels_.empty() && levels_.back().node.is_map() && !levels_.back().has_key)
      return refuse(mark, "has a list or map as a key; a key must be a word");
    levels_.push_back({Node{kind, line(mark), {}, {}, {}}, false, {}, 0});
  }

  void close() {
    if (document_.problem.found()) return;
    Node done = std::move(levels_.back().node);
    levels_.pop_back();
    place(std::move(done));
  }

  void place(Node node) {
    if (document_.problem.found()) return;
    if (levels_.empty()) {
      is_empty_ = node.is_null();
      document_.root = std::move(node);
      return;
    }
    Level& top = levels_.back();
    if (top.node.is_list()) {
      top.node.items.push_back(std::move(node));
    } else if (!top.has_key) {
      take_key(top, std::move(node));
    } else {
      top.node.entries.push_back({std::move(top.key), top.key_line, std::move(node)});
      top.has_key = false;
    }
  }

  void take_key(Level& top, Node node) {
    if (!node.is_scalar())
      return document_.problem.say(node.line, "the document has an empty key; a key must be a word");
    if (const Node* earlier = top.node.find(node.text)) {
      return document_.problem.say(
          node.line, fmt::format("the key '{}' stands twice in one map (first with the value on line {}); "
                                 "only one could count",
                                 node.text, earlier->line));
    }
    top.key = std::move(node.text);
    top.key_line = node.line;
    top.has_key = true;
  }

  Document& document_;
  std::vector<Level> levels_;
  bool is_empty_ = true;
};

// A document marker is `---` at the start of a line, also inside a block scalar (YAML 1.2.2, 9.1.2).
bool is_marker(std::string_view line) {
  return line.starts_with("---") && (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

struct Piece {
  std::string_view text;  // with its marker line
  std::string_view body;  // without
  int line = 1;

  // yaml-cpp reports what is missing at the end one line behind it, which is the next document.
  int last_line() const {
    const std::string_view content = text.substr(0, text.find_last_not_of("\r\n") + 1);
    return line + static_cast<int>(std::count(content.begin(), content.end(), '\n'));
  }
};

std::vector<Piece> split_documents(std::string_view text) {
  std::vector<Piece> pieces{{}};
  std::size_t start = 0, body = 0, at = 0;
  int number = 1;
  const auto finish = [&](std::size_t end) {
    pieces.back().text = text.substr(start, end - start);
    pieces.back().body = text.substr(body, end - body);
  };
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (is_marker(text.substr(at, end - at))) {
      finish(at);
      start = at;
      body = std::min(end + 1, text.size());
      pieces.push_back({{}, {}, number});
    }
    at = end + 1;
    ++number;
  }
  finish(text.size());
  return pieces;
}

// False when the piece holds nothing but blanks and comments.
bool parse(const Piece& piece, Document& document) {
  TreeBuilder builder(document);
  try {
    std::istringstream in{std::string(piece.text)};
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(builder)) return false;
    if (!document.problem.found() && parser.HandleNextDocument(builder))
      document.problem.say(document.line, "a second document begins without a `---` line of its own");
  } catch (const YAML::Exception& e) {
    const int line = std::min(document.line + std::max(e.mark.line, 0), piece.last_line());
    document.problem.say(line, fmt::format("not valid YAML: {}", e.msg));
  } catch (const std::exception& e) {
    document.problem.say(document.line, fmt::format("not valid YAML: {}", e.what()));
  }
  return document.problem.found() || !builder.is_empty();
}

}  // namespace

void check_keys(const Node& map, std::string_view what, std::span<const std::string_view> known, Problem& problem) {
  for (const Entry& e : map.entries)
    if (std::find(known.begin(), known.end(), e.key) == known.end())
      problem.say(e.line, fmt::format("{} has the unknown key '{}'{}", what, e.key, nearest_hint(e.key, known)));
}

const Node* Node::find(std::string_view key) const {
  for (const Entry& e : entries)
    if (e.key == key) return &e.value;
  return nullptr;
}

std::vector<Document> read_documents(std::string_view text) {
  std::vector<Document> documents;
  for (const Piece& piece : split_documents(text)) {
    Document document;
    document.line = piece.line;
    document.text = piece.body;
    if (parse(piece, document)) documents.push_back(std::move(document));
  }
  return documents;
}

}  // namespace quaywatch::rules
