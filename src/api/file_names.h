// Names of files that others gave: as they are kept, and as a header of an answer says them. Hostile input: total and
// bounded by it. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace quaywatch::api {

// The last part of a path in UTF-8, each character that a file system, a terminal or a reader's eye could take for
// something else as '_'. Empty: nothing of it is a name.
std::string clean_file_name(std::string_view given);
// To be saved, never shown (RFC 6266; the name as RFC 8187 writes it, and in ASCII for who does not read that).
std::string content_disposition(std::string_view name);
// What the first bytes of a file show, for people; nothing rests on it. application/octet-stream: nothing known.
std::string_view media_type_of(std::string_view first_bytes);

}  // namespace quaywatch::api
