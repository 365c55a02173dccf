// Requests: texts that a command wants in the input log while another process of the site writes it (`import --follow`
// holds the log for as long as it runs). One file each in SITE/requests, made whole or not at all, taken in the order
// of their names and removed once durable in the log; after a crash between the two a request is noted twice, so its
// text carries an id of its own. The folder is the site's (0700): who may write it may write the log. Thread-safe as
// far as the arguments are.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "ingest/input_log.h"

namespace quaywatch::ingest {

inline constexpr std::size_t kRequestBytes = 32 * 1024 * 1024;  // a text of a whole journal blob, escaped

std::string requests_folder(const std::string& data_dir);

// Durable on return; the path of the file, which is gone when the request was taken. `at` of the text is not kept: the
// taker's instant counts.
Result<std::string> leave_request(const std::string& data_dir, const journal::TextEntry& text);

// Notes what waits and commits. A file that is no request is told, and put aside with the ending .refused.
Result<void> take_requests(InputLog& log, const std::string& data_dir, Timestamp now,
                           const std::function<void(const std::string& sentence)>& told);

}  // namespace quaywatch::ingest
