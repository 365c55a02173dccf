#include "app/site_people.h"

#include <algorithm>

namespace quaywatch::app {

Result<identity::Directory> open_directory(const Site& site) {
  identity::SecretKey key{};
  const Digest derived = site.keys().derive("second factor");
  std::copy(derived.begin(), derived.end(), key.begin());
  return identity::Directory::open(site.folder(), key);
}

Result<identity::People> stated_people(const identity::Directory& directory,
                                       const std::vector<ingest::InputLog::NotedText>& texts) {
  identity::People people;
  for (const auto& noted : texts)
    if (auto taken = directory.take(people, noted.text.topic, noted.text.body); !taken)
      return tl::unexpected(taken.error());
  return people;
}

}  // namespace quaywatch::app
