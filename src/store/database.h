// Database: one SQLite file with numbered migrations. What must survive without the journal, such as accounts and
// secrets, lies in one; everything else is a projection of the journal.
//
// The number of migrations applied stands in the file (PRAGMA user_version); a file with more than this program knows
// is refused by name. Write-ahead log, synchronous FULL: what a call has returned is durable. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

struct sqlite3;

namespace quaywatch::store {

using Cell = std::variant<std::monostate, std::int64_t, std::string>;
using Row = std::vector<Cell>;

// Of a cell of another kind: 0 and empty.
std::int64_t number(const Cell& cell);
const std::string& text(const Cell& cell);

class Database {
 public:
  // Makes the file (mode 0600) when it is missing. `migrations[i]` brings version i to i + 1; only ever appended to.
  static Result<Database> open(const std::string& path, std::span<const std::string_view> migrations);

  // One statement, its values by position.
  Result<std::vector<Row>> run(std::string_view sql, const std::vector<Cell>& values = {});
  // All or nothing; an Error of `body` takes everything back and is returned.
  Result<void> transaction(const std::function<Result<void>()>& body);

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  Result<void> migrate(std::span<const std::string_view> migrations);
  tl::unexpected<Error> failure(std::string_view doing) const;

  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

// The bytes of a whole file that holds what the database at `path` held at one moment, while others may write it. In
// memory: such databases are small.
Result<std::string> snapshot(const std::string& path);

}  // namespace quaywatch::store
