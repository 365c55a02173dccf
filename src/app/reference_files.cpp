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

void use_site_references() {
  for (std::size_t i = 0; i < kReferenceTables; ++i) {
    const auto id = static_cast<ReferenceId>(i);
    const std::string path = reference_path(id);
    if (!io::exists(path)) continue;
    const ReferenceTable& built_in = built_in_references()[i];
    auto text = io::read_file(path, limits::kReferenceFileBytes);
    auto table = text ? read_reference(std::move(*text), built_in) : tl::unexpected(text.error());
    if (table)
      use_reference(id, std::move(*table));
    else
      print(stderr,
            "quaywatch: {}: {}; the built-in table of edition {} is used. Write it anew: quaywatch reference "
            "update {} FILE...\n",
            one_line(path), one_line(retold(table.error().message)), built_in.edition, built_in.name);
  }
}

}  // namespace quaywatch::app
