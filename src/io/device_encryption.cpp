#include "io/device_encryption.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <array>
#include <filesystem>

#include "io/files.h"

namespace quaywatch::io {
namespace {

namespace fs = std::filesystem;

constexpr int kLayersMost = 16;  // volume on array on partition: few; a loop is no system's
constexpr std::size_t kUuidMost = 1024;
constexpr std::string_view kCrypt = "CRYPT-";
constexpr std::array<std::string_view, 2> kNotSecret{"CRYPT-VERITY-", "CRYPT-INTEGRITY-"};

bool is_dm_crypt(const fs::path& device) {
  const auto uuid = read_file((device / "dm/uuid").string(), kUuidMost);
  if (!uuid || !uuid->starts_with(kCrypt)) return false;
  for (const std::string_view other : kNotSecret)
    if (uuid->starts_with(other)) return false;
  return true;
}

Encryption of_device(const fs::path& link, int layer) {
  std::error_code ec;
  const fs::path device = fs::canonical(link, ec);
  if (ec || layer == kLayersMost) return Encryption::unknown;
  if (is_dm_crypt(device)) return Encryption::dm_crypt;
  if (fs::exists(device / "loop", ec)) return Encryption::unknown;  // a file, wherever that lies
  if (fs::exists(device / "partition", ec)) return of_device(device.parent_path(), layer + 1);
  const auto slaves = list_names((device / "slaves").string());
  if (!slaves || slaves->empty()) return Encryption::none;
  auto out = Encryption::dm_crypt;
  for (const std::string& slave : *slaves) {
    const Encryption below = of_device(device / "slaves" / slave, layer + 1);
    if (below == Encryption::none) return Encryption::none;
    if (below == Encryption::unknown) out = Encryption::unknown;
  }
  return out;
}

}  // namespace

std::string_view name_of(Encryption encryption) {
  constexpr std::array<std::string_view, 3> kNames{"none", "dm_crypt", "unknown"};
  return kNames[static_cast<std::size_t>(encryption)];
}

DeviceEncryption device_encryption(const std::string& folder, const std::string& sys) {
  struct stat st {};
  if (::stat(folder.c_str(), &st) != 0) return {};
  const fs::path link = fmt::format("{}/dev/block/{}:{}", sys, major(st.st_dev), minor(st.st_dev));
  std::error_code ec;
  const fs::path device = fs::canonical(link, ec);
  if (ec) return {};
  return {of_device(device, 0), device.filename().string()};
}

}  // namespace quaywatch::io
