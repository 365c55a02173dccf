#include "ingest/unpacked.h"

#include <fmt/format.h>

#include <utility>

#include "base/limits.h"
#include "base/text.h"
#include "codec/charset.h"
#include "codec/workbook.h"

namespace quaywatch::ingest {
namespace {

using adapters::mapped::Mapping;
using codec::Encoding;
using codec::Packing;
using codec::Refusal;
using Take = std::function<void(const Unpacked&)>;

std::optional<codec::ByteOrder> byte_order(std::string_view bytes, const Mapping* mapping) {
  if (const auto marked = codec::utf16_order(bytes)) return marked;
  if (bytes.starts_with("\xEF\xBB\xBF") || mapping == nullptr) return std::nullopt;
  if (mapping->csv.encoding == Encoding::utf16_le) return codec::ByteOrder::little;
  if (mapping->csv.encoding == Encoding::utf16_be) return codec::ByteOrder::big;
  return std::nullopt;
}

// Hands on what is no archive, as UTF-8. False when nothing had to be done and `from` is empty.
bool take_text(std::string name, std::string_view bytes, std::string from, const MappingOf& mapping_of,
               const Take& take) {
  const auto order = byte_order(bytes, mapping_of(name));
  if (!order) {
    if (!from.empty()) take({std::move(name), bytes, std::move(from), std::nullopt});
    return !from.empty();
  }
  const codec::Utf8Text text = codec::utf16_to_utf8(bytes, *order);
  from = (from.empty() ? std::string(file_name(name)) : from) + " (UTF-16)";
  take({std::move(name), text.text, std::move(from), std::nullopt, text.faults, text.first_fault});
  return true;
}

Refusal nested(Packing packing) {
  if (packing == Packing::ole)
    return {"ole_workbook", "an old or password-protected office document; save it as .xlsx without a password"};
  return {"archive_nested", "an archive inside an archive is not opened; unpack the outer one and send what it holds"};
}

void take_members(const std::string& path, codec::ZipArchive& archive, const MappingOf& mapping_of, const Take& take) {
  for (const codec::ZipEntry& entry : archive.entries()) {
    std::string name = path + "/" + entry.name;
    const std::string from(file_name(path));
    const auto bytes = archive.unpack(entry, limits::kUnpackedBytes);
    if (!bytes) {
      take({std::move(name), archive.packed(entry), from, bytes.error()});
    } else if (const Packing inner = codec::packing_of(*bytes); inner != Packing::none) {
      take({std::move(name), *bytes, from, nested(inner)});
    } else {
      take_text(std::move(name), *bytes, from, mapping_of, take);
    }
  }
}

void take_sheet(const std::string& path, std::string_view packed, codec::ZipArchive& archive, const Mapping* mapping,
                const Take& take) {
  const char stated = mapping == nullptr ? '\0' : mapping->csv.separator;
  const auto csv = codec::sheet_to_csv(archive, mapping == nullptr ? std::string_view() : mapping->sheet,
                                       stated == 0 ? ',' : stated);
  const std::string from(file_name(path));
  if (csv)
    take({path, *csv, from, std::nullopt});
  else
    take({path, packed, from, csv.error()});
}

}  // namespace

bool each_unpacked(const std::string& path, std::string_view bytes, const MappingOf& mapping_of, const Take& take) {
  const Packing packing = codec::packing_of(bytes);
  const std::string from(file_name(path));
  if (packing == Packing::none) return take_text(path, bytes, {}, mapping_of, take);
  if (packing == Packing::ole) {
    take({path, bytes, from, nested(packing)});
    return true;
  }
  if (packing == Packing::gzip) {
    const auto text = codec::gunzip(bytes);
    if (!text) {
      take({path, bytes, from, text.error()});
      return true;
    }
    std::string name = path.ends_with(".gz") ? path.substr(0, path.size() - 3) : path;
    if (const Packing inner = codec::packing_of(*text); inner != Packing::none)
      take({std::move(name), *text, from, nested(inner)});
    else
      take_text(std::move(name), *text, from, mapping_of, take);
    return true;
  }
  auto archive = codec::ZipArchive::open(bytes);
  if (!archive)
    take({path, bytes, from, archive.error()});
  else if (codec::is_workbook(*archive))
    take_sheet(path, bytes, *archive, mapping_of(path), take);
  else
    take_members(path, *archive, mapping_of, take);
  return true;
}

}  // namespace quaywatch::ingest
