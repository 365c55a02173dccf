// walk_interchanges: every byte in one piece, every message inside the file, its segments read to the end.
#include "codec/edifact.h"
#include "fuzz/fuzz.h"

namespace {

using quaywatch::fuzz::require;

struct Visitor final : quaywatch::codec::InterchangeVisitor {
  std::uint64_t next = 0, file_size = 0;
  quaywatch::codec::Segment segment;  // reused: its tables are large

  std::string_view message(const quaywatch::codec::Message& m) override {
    require(m.offset + m.bytes.size() <= file_size);
    std::string scratch;
    std::uint64_t end = m.offset;
    for (auto reader = m.reader(); reader.next(segment); end = segment.end()) {
      require(segment.begin() >= end && segment.end() <= file_size);
      for (std::size_t e = 0; e <= segment.elements(); ++e)
        for (std::size_t c = 0; c < segment.components(e); ++c)
          require(segment.value(e, c, scratch).size() <= segment.raw(e, c).size());
      quaywatch::codec::parse_dtm(segment.raw(1, 1), segment.raw(1, 2));
    }
    return {};
  }
  void piece(quaywatch::codec::Piece p) override {
    require(p.offset == next && p.size > 0 && (p.kind == quaywatch::codec::PieceKind::accepted || !p.reason.empty()));
    next += p.size;
  }
  void note(quaywatch::codec::Note n) override { require(!n.code.empty() && n.offset <= file_size); }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Visitor visitor;
  visitor.file_size = size;
  quaywatch::codec::walk_interchanges(quaywatch::fuzz::text_of(data, size), visitor);
  require(visitor.next == size);
  return 0;
}
