#include "app/reference_files.h"

#include <fmt/format.h>

#include <cstdio>

#include "app/print.h"
#include "app/site.h"
#include "app/texts.h"
#include "base/limits.h"
#include "io/files.h"

namespace quaywatch::app {

std::string reference_path(ReferenceId id) {
  const auto& table = built_in_references()[static_cast<std::size_t>(id)];
  return fmt::format("{}/reference/{}.csv", site_folder(), table.name);
}

namespace {

// Null: the site has none.
Result<std::unique_ptr<const StoredReference>> read_site_reference(ReferenceId id) {
  const std::string path = reference_path(id);
  if (!io::exists(path)) return nullptr;
  auto text = io::read_file(path, limits::kReferenceFileBytes);
  if (!text) return tl::unexpected(text.error());
  return read_reference(std::move(*text), built_in_references()[static_cast<std::size_t>(id)]);
}

}  // namespace

void use_site_references() {
  for (std::size_t i = 0; i < kReferenceTables; ++i) {
    const auto id = static_cast<ReferenceId>(i);
    const std::string path = reference_path(id);
    const ReferenceTable& built_in = built_in_references()[i];
    auto table = read_site_reference(id);
    if (table)
      use_reference(id, std::move(*table));
    else
      print(stderr,
            "quaywatch: {}: {}; the built-in table of edition {} is used. Write it anew: quaywatch reference "
            "update {} FILE...\n",
            one_line(path), one_line(retold(table.error().message)), built_in.edition, built_in.name);
  }
}

Result<SiteReferences> read_site_references() {
  SiteReferences out;
  for (std::size_t i = 0; i < kReferenceTables; ++i) {
    const auto id = static_cast<ReferenceId>(i);
    auto table = read_site_reference(id);
    if (!table) return fail(table.error().code, table.error().message, reference_path(id));
    out[i] = std::move(*table);
  }
  return out;
}

void use_site_references(SiteReferences tables) {
  for (std::size_t i = 0; i < kReferenceTables; ++i) {
    const auto id = static_cast<ReferenceId>(i);
    const ReferenceTable& now = reference(id);
    // Each that was in use is kept: the same once more would only fill the memory.
    const bool is_same = tables[i] && now.cells == tables[i]->table.cells && now.edition == tables[i]->table.edition;
    if (!is_same) use_reference(id, std::move(tables[i]));
  }
}

}  // namespace quaywatch::app
