#include "adapters/edifact.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "adapters/registry.gen.h"
#include "base/text.h"

namespace quaywatch::adapters {
namespace {

using adapter::EdifactContext;
using adapter::SpanKind;

SpanKind span_kind(codec::PieceKind kind) {
  switch (kind) {
    case codec::PieceKind::accepted:
      return SpanKind::accepted;
    case codec::PieceKind::rejected:
      return SpanKind::rejected;
    case codec::PieceKind::ignored:
      return SpanKind::ignored;
  }
  return SpanKind::rejected;
}

class File final : public codec::InterchangeVisitor {
 public:
  File(adapter::Source source, adapter::Sink& sink) : stated_feed_(source.feed), context_{std::move(source), sink} {}

  std::string_view message(const codec::Message& m) override {
    const adapter::EdifactAdapter* adapter = find_edifact_adapter(m.type);
    if (adapter == nullptr) return "message_type_not_mapped";
    context_.source.feed =
        !stated_feed_.empty() ? stated_feed_ : fmt::format("{}/{}", adapter->id, m.interchange->sender);
    return adapter::decode_rows(*adapter, m, context_);
  }
  void piece(codec::Piece p) override {
    context_.sink.span({span_kind(p.kind), p.offset, p.size, p.reason, std::move(p.message)});
  }
  void note(codec::Note n) override {
    context_.sink.finding({n.code, std::string(n.field), std::move(n.value), n.offset, std::move(n.message)});
  }
  void finish() {
    for (const auto& [tag, count] : context_.unmapped_tags)
      context_.sink.finding({"segment_not_mapped", tag, fmt::format("{}", count), 0,
                             fmt::format("{} {} segments are not read", count, tag)});
    for (const auto& [place, code] : context_.unknown_codes)
      context_.sink.finding({"unknown_code", place.first, place.second, code.first,
                             fmt::format("'{}' in {} means nothing here, {} times; a [[kind]] or [[row]] of the feed's "
                                         "contract can say what it means",
                                         place.second, place.first, code.count)});
  }

 private:
  std::string stated_feed_;
  EdifactContext context_;
};

}  // namespace

std::span<const adapter::EdifactAdapter* const> edifact_adapters() {
  return kEdifactAdapters;
}

std::span<const std::string_view> edifact_messages() {
  static const std::vector<std::string_view> types = [] {
    std::vector<std::string_view> out;
    for (const adapter::EdifactAdapter* a : kEdifactAdapters) out.push_back(a->message);
    return out;
  }();
  return types;
}

const adapter::EdifactAdapter* find_edifact_adapter(std::string_view message) {
  const auto at = std::find_if(std::begin(kEdifactAdapters), std::end(kEdifactAdapters),
                               [&](const auto* a) { return a->message == message; });
  return at == std::end(kEdifactAdapters) ? nullptr : *at;
}

bool may_name_persons(std::string_view bytes) {
  return std::any_of(std::begin(kEdifactAdapters), std::end(kEdifactAdapters), [&](const auto* a) {
    bool is_personal = false;
    adapter::each_row(*a, [&](const adapter::EdifactRow& row) {
      is_personal = is_personal || (row.field && info(*row.field).personal != PersonalClass::none);
    });
    return is_personal && bytes.find(a->message) != std::string_view::npos;
  });
}

void decode_edifact(std::string_view bytes, adapter::Source source, adapter::Sink& sink) {
  File file(std::move(source), sink);
  codec::walk_interchanges(bytes, file);
  file.finish();
}

}  // namespace quaywatch::adapters
