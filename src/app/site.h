// The site: the data directory of this machine (keys, journal, record of reveals), and how personal values look
// outside. Folder: $QUAYWATCH_HOME, else $XDG_DATA_HOME/quaywatch, else ~/.local/share/quaywatch; keys are 0600.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "journal/key_ring.h"
#include "model/catalogue.h"

namespace quaywatch::app {

// The folder of the site; it may not exist yet.
std::string site_folder();

class Site {
 public:
  // Makes the folder and the key on first use.
  static Result<Site> open();
  // One that is there already. not_found: nothing at this place is a site.
  static Result<Site> open_existing(const std::string& folder);

  // KeyRing::pseudonym shortened to 60 bits: account-3f9a1c2b7d04e1a. The same person, card or plate has the same
  // pseudonym in every feed of this site and in no other.
  std::string pseudonym(PersonalClass personal, std::string_view value) const;
  // Notes that clear values were shown: when, by which command, of which files (DESIGN section 5, --reveal).
  Result<void> record_reveal(std::string_view command, const std::vector<std::string>& paths) const;
  const std::string& folder() const { return folder_; }
  journal::KeyRing& keys() const { return *keys_; }

 private:
  static Result<Site> with_keys(const std::string& folder);

  std::string folder_;
  std::unique_ptr<journal::KeyRing> keys_;  // on the heap: the journal's logs point to it
};

// How values are shown: clear only after a recorded reveal.
class Display {
 public:
  Display(const Site& site, bool reveal) : site_(site), reveal_(reveal) {}
  std::string value(FieldId field, std::string_view text) const;  // pseudonym or text
  std::string label(FieldId field, std::string_view text) const;  // for people: TRHU 387124-7
  std::string redact(PersonalClass personal, std::string_view text) const;
  bool reveals() const { return reveal_; }

 private:
  const Site& site_;
  bool reveal_;
};

}  // namespace quaywatch::app
