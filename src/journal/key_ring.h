// KeyRing: the keys that keep personal values of the journal unreadable, and make them unknown when they are destroyed
// (DESIGN sections 5 and 6). Layout: docs/formats/journal.md, "Keys". In DATA/keys, every file mode 0600:
//   site.key              pseudonyms and the names under which person keys are found; never leaves the site
//   person-YYYY-MM.keys   one key per person and month of receipt (UTC)
//   segment-ID.key        one key per journal segment
// Beside them, for entries that are sealed to an organisation (docs/decisions/0036), in DATA/organisation_keys:
//   ORGANISATION-ID.key   of that organisation; no other key opens what is sealed with it
// Invariants: no personal value and nothing computed from one without the site key stands in a file or its name; the
// journal refers to a person key only by a random id, so that nothing links an entry to a person once the key is gone;
// new keys are durable (`sync`) before an entry sealed with them is acknowledged.
// Thread-safe, but for destruction: nothing else may use a key or the ring's file of it meanwhile. One KeyRing per data
// directory.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "journal/cipher.h"
#include "model/catalogue.h"

namespace quaywatch::journal {

using KeyId = std::array<std::uint8_t, 16>;
std::optional<KeyId> parse_key_id(std::string_view hex);  // 32 digits, lower case

// In the folder of the site. Not among its keys: who is given those, or a backup, is not given these.
inline constexpr std::string_view kOrganisationKeys = "organisation_keys";

struct PersonKey {
  KeyId id{};
  Key salt{};    // AES-256 key of the salts
  Key cipher{};  // AES-256-GCM key of the values
};

// All of it follows from the one key in its file.
struct OrganisationKey {
  KeyId id{};
  Key salt{};     // AES-256 key of the salts
  Key cipher{};   // AES-256-GCM key of the entries
  Key persons{};  // the names under which its keys of persons are found
  Key events{};   // of the ids of its events
};

// Months since 1970-01 (UTC), clamped to 0..65535: hostile times reach no further.
using Month = std::uint16_t;
Month month_of(Timestamp t);

// The comparison form of a personal value, equal across feeds: plates and credentials squeezed (base/text.h), accounts
// and persons trimmed and in upper case.
std::string normal_form(PersonalClass personal, std::string_view value);

using RandomSource = std::function<Result<void>(std::span<std::uint8_t>)>;

class KeyRing {
 public:
  // Makes DATA/keys and the site key when neither exists. A missing site key beside other keys is refused: a new one
  // would split every pseudonym in two. `random` is replaced only to regenerate golden files.
  static Result<KeyRing> open(const std::string& data_dir, RandomSource random = {});

  // HMAC(site key, class, normal form), as every exit shows it.
  Digest pseudonym(PersonalClass personal, std::string_view value) const;

  // A key of its own for another use of the site key, by its name, such as "event id".
  Digest derive(std::string_view use) const;

  // The key of the person and month; made when there is none. The pointer lives until the key is destroyed. With `of`
  // another one, which without the key of that organisation is found by nothing but its id.
  Result<const PersonKey*> person_key(PersonalClass personal, std::string_view value, Month month,
                                      const OrganisationKey* of = nullptr);
  // By the id that stands in a ciphertext; nullptr: destroyed.
  Result<const PersonKey*> find_person_key(Month month, const KeyId& id);

  // A key of the organisation, named such as o-0123456789abcdef; made, durable, when none of its keys is here. Where
  // entries that were sealed with another were met before, that one is lost to this site until its file is back:
  // `is_new` is to be put on record. Pointers live as long as the ring.
  struct Held {
    const OrganisationKey* key = nullptr;
    bool is_new = false;
  };
  Result<Held> organisation_key(const std::string& organisation);
  // By the id that stands in an entry; nullptr: it is not here, or its file is damaged. Looked for once.
  const OrganisationKey* find_organisation_key(const std::string& organisation, const KeyId& id);
  bool has_organisation_key(const std::string& organisation) const;  // one that was read or made
  // Those that were looked for and are not here, with the path at which they are looked for.
  struct Missing {
    std::string organisation, path;
  };
  std::vector<Missing> missing_organisation_keys() const;

  // A new segment key, durable on return.
  Result<KeyId> make_segment_key();
  // not_found: destroyed.
  Result<Key> segment_key(const KeyId& id) const;

  // Makes keys handed out since the last call durable. Keys of a failed sync are tried again by the next.
  Result<void> sync();

  // Destruction: overwritten where it lies, durable on return. True when there was a key. That of a person destroys
  // what it has with organisations whose keys are here, too.
  Result<bool> erase_person(PersonalClass personal, std::string_view value, Month month);
  Result<void> erase_month(Month month);
  Result<void> erase_segment(const KeyId& id);

  // Records of key files that failed their checksum: values sealed with them read as erased.
  std::uint64_t damaged_records() const;

 private:
  using Tag = std::array<std::uint8_t, 16>;
  struct ArrayHash {  // tags and ids are uniformly distributed already
    std::size_t operator()(const std::array<std::uint8_t, 16>& a) const;
  };
  struct MonthKeys {
    std::unordered_map<Tag, PersonKey, ArrayHash> by_tag;
    std::unordered_map<KeyId, Tag, ArrayHash> tag_of;
    std::unordered_map<Tag, std::uint64_t, ArrayHash> offsets;
    std::uint64_t file_size = 0;  // whole records, without `pending`
    std::string pending;          // records not yet in the file
  };

  std::string month_path(Month month) const;
  std::string segment_path(const KeyId& id) const;
  Result<MonthKeys*> month_keys(Month month);
  Result<void> load_month(const std::string& path, MonthKeys& keys);
  Tag tag(const Key& of, PersonalClass personal, std::string_view value, Month month) const;
  Result<bool> erase_tag(Month month, MonthKeys& keys, const Tag& t);
  std::string organisation_path(const std::string& organisation, const KeyId& id) const;
  Result<void> load_organisations();
  Result<void> write_pending(Month month, MonthKeys& keys);
  Result<void> write_all_pending();
  Result<void> load_site_key();

  std::string folder_, organisation_folder_;
  RandomSource random_;
  Key site_key_{};
  // A ring is moved before it is shared.
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();  // of what follows, and of the files of months
  std::map<Month, MonthKeys> months_;
  std::map<std::string, std::map<KeyId, OrganisationKey>> organisations_;  // that were read
  std::set<std::pair<std::string, KeyId>> missing_;
  std::uint64_t damaged_records_ = 0;
};

}  // namespace quaywatch::journal
