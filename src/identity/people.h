// People: organisations and users as the input log states them, all but what lets them in. A statement says all of one
// of them; the latest of an id counts. Names and logins are locked with a key of the site. Layout:
// docs/formats/journal.md, "People".
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "identity/secrets.h"
#include "identity/words.h"

namespace quaywatch::identity {

// DO NOT CHANGE THESE WORDS: they stand in the journal.
inline constexpr std::string_view kOrganisationTopic = "organisation.stated", kUserTopic = "user.stated";

// The body of a text entry.
struct Statement {
  std::string topic, body;
};
Statement state(const Organisation& organisation);
Result<Statement> state(const User& user, const SecretKey& key);  // without what depends on secrets

struct People {
  std::map<std::string, Organisation> organisations;  // by id
  std::map<std::string, User> users;

  // One text entry of the input log, in order; topics of others are passed over. corrupt: an entry that this program
  // cannot have written, or not with this key.
  Result<void> take(std::string_view topic, std::string_view body, const SecretKey& key);
};

}  // namespace quaywatch::identity
