// Parcel: a request and its papers, for a receiver who is told of no alert. What stands in it is the caller's; telling
// only carries it. Values; thread-safe.
#pragma once

#include <string>
#include <vector>

namespace quaywatch::telling {

struct Document {
  std::string content_type;
  std::string file_name;  // printable ASCII without quotes; empty: the text that the others are attached to
  std::string bytes;
};

struct Parcel {
  std::string id;  // the same when the same is sent again: receivers drop what they have
  std::string subject;
  std::vector<Document> documents;  // at least one; a webhook is sent the first
};

}  // namespace quaywatch::telling
