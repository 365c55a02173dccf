// JSON three ways over the same bytes: documents cut into records, records as trees, lines as members.
#include "base/json_text.h"
#include "codec/json_documents.h"
#include "fuzz/fuzz.h"

namespace {

using namespace quaywatch::codec;
using quaywatch::fuzz::require;

// Every node begins inside its record; the tree is bounded, so is the recursion.
std::size_t count_nodes(const JsonNode& node, std::size_t begin, std::size_t end) {
  require(node.offset >= begin && node.offset <= end && node.extent >= 1);
  std::size_t count = 1;
  for (const JsonNode& child : node) count += count_nodes(child, begin, end);
  return count;
}

bool is_same(const JsonNode& a, const JsonNode& b) {
  return a.type == b.type && a.key == b.key && a.text == b.text && a.offset == b.offset && a.extent == b.extent &&
         a.mark == b.mark;
}

void read_lines(std::string_view bytes) {
  JsonLineReader reader;
  std::size_t next = 0;
  while (const auto line = line_at(bytes, next)) {
    require(line->offset == next && line->size > 0);
    next += line->size;
    const auto members = reader.read(bytes, line->offset, line->size);
    require(members || (!members.error().reason.empty() && members.error().offset <= line->size));
  }
  require(next == bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = quaywatch::fuzz::text_of(data, size);
  static constexpr std::string_view kPaths[] = {"epcisBody.eventList", "events"};
  JsonTreeReader on_the_way, trees;
  std::size_t next = 0;
  walk_json(bytes, kPaths, on_the_way, [&](const JsonPiece& piece) {
    require(piece.offset == next && piece.size > 0);
    next += piece.size;
    require(piece.kind != JsonPieceKind::broken || !piece.reason.empty());
    if (piece.kind != JsonPieceKind::record) return;
    require(piece.value_size <= piece.size);
    const auto root = trees.read(bytes, piece.offset, piece.value_size);
    if (root) require(count_nodes(**root, piece.offset, piece.offset + piece.value_size) == (*root)->extent);
    else require(!root.error().reason.empty());
    if (piece.root == nullptr) return;
    // That reader knows the layouts of the records before, this one knows none.
    require(root && piece.root->extent == (*root)->extent);
    for (std::size_t i = 0; i < piece.root->extent; ++i) require(is_same(piece.root[i], (*root)[i]));
  });
  require(next == size);
  read_lines(bytes);

  // What we write is JSON whatever we are given.
  std::string own = "{\"a\":";
  quaywatch::append_json_string(own, bytes.substr(0, 4096));
  own += '}';
  JsonLineReader reader;
  require(reader.read(own, 0, own.size()).has_value());
  return 0;
}
