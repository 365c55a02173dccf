#include "store/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "io/append_file.h"

namespace quaywatch::store {
namespace {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

constexpr int kBusyMs = 5000;  // a backup may hold the file

int bind(sqlite3_stmt* statement, int at, const Cell& cell) {
  if (const auto* n = std::get_if<std::int64_t>(&cell)) return sqlite3_bind_int64(statement, at, *n);
  if (const auto* s = std::get_if<std::string>(&cell))
    return sqlite3_bind_text(statement, at, s->data(), static_cast<int>(s->size()), SQLITE_TRANSIENT);
  return sqlite3_bind_null(statement, at);
}

Cell read(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      return {};
    case SQLITE_INTEGER:
      return sqlite3_column_int64(statement, column);
    default:
      break;
  }
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  return std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
}

}  // namespace

std::int64_t number(const Cell& cell) {
  const auto* n = std::get_if<std::int64_t>(&cell);
  return n == nullptr ? 0 : *n;
}

const std::string& text(const Cell& cell) {
  static const std::string none;
  const auto* s = std::get_if<std::string>(&cell);
  return s == nullptr ? none : *s;
}

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

tl::unexpected<Error> Database::failure(std::string_view doing) const {
  const int code = sqlite3_errcode(handle_.get()) & 0xff;
  const bool is_damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
  return fail(is_damaged ? ErrorCode::corrupt : ErrorCode::io_failure,
              fmt::format("cannot {} '{}': {}{}", doing, path_, sqlite3_errmsg(handle_.get()),
                          is_damaged ? "; restore the file from the backup" : ""),
              path_);
}

Result<Database> Database::open(const std::string& path, std::span<const std::string_view> migrations) {
  // SQLite would make it with the mode of the umask.
  if (auto made = io::AppendFile::open(path, 0600); !made) return tl::unexpected(made.error());
  Database database;
  database.path_ = path;
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  database.handle_.reset(handle);
  if (opened != SQLITE_OK) return database.failure("open");
  sqlite3_busy_timeout(handle, kBusyMs);
  for (const std::string_view sql : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
                                     "PRAGMA foreign_keys = ON", "PRAGMA trusted_schema = OFF"})
    if (auto set = database.run(sql); !set) return tl::unexpected(set.error());
  if (auto migrated = database.migrate(migrations); !migrated) return tl::unexpected(migrated.error());
  return database;
}

Result<void> Database::migrate(std::span<const std::string_view> migrations) {
  const auto version = run("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  const auto applied = static_cast<std::size_t>(number((*version)[0][0]));
  if (applied > migrations.size())
    return fail(ErrorCode::unsupported,
                fmt::format("'{}' has version {}, this program knows {}; use the newer program that wrote it", path_,
                            applied, migrations.size()),
                path_);
  for (std::size_t i = applied; i < migrations.size(); ++i) {
    auto done = transaction([&]() -> Result<void> {
      if (sqlite3_exec(handle_.get(), std::string(migrations[i]).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return failure("migrate");
      auto noted = run(fmt::format("PRAGMA user_version = {}", i + 1));
      return noted ? Result<void>{} : tl::unexpected(noted.error());
    });
    if (!done) return done;
  }
  return {};
}

Result<std::vector<Row>> Database::run(std::string_view sql, const std::vector<Cell>& values) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()), &raw, nullptr) != SQLITE_OK)
    return failure("use");
  const Statement statement(raw);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (bind(raw, static_cast<int>(i) + 1, values[i]) != SQLITE_OK) return failure("use");
  std::vector<Row> rows;
  for (;;) {
    const int step = sqlite3_step(raw);
    if (step == SQLITE_DONE) return rows;
    if (step != SQLITE_ROW) return failure("use");
    Row& row = rows.emplace_back();
    for (int c = 0; c < sqlite3_column_count(raw); ++c) row.push_back(read(raw, c));
  }
}

Result<void> Database::transaction(const std::function<Result<void>()>& body) {
  if (auto begun = run("BEGIN IMMEDIATE"); !begun) return tl::unexpected(begun.error());
  Result<void> done = body();
  if (done)
    if (auto committed = run("COMMIT"); !committed) done = tl::unexpected(committed.error());
  // After a failed COMMIT the transaction may still be open; a ROLLBACK without one only says so.
  if (!done) [[maybe_unused]] const auto undone = run("ROLLBACK");
  return done;
}

Result<std::string> snapshot(const std::string& path) {
  using Handle = std::unique_ptr<sqlite3, decltype(&sqlite3_close_v2)>;
  const auto open = [](const char* name, int flags) {
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(name, &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    return std::pair(Handle(handle, &sqlite3_close_v2), code);
  };
  // Read and write: who opens it last must be able to settle its write-ahead log.
  auto [from, opened] = open(path.c_str(), SQLITE_OPEN_READWRITE);
  auto [to, made] = open(":memory:", SQLITE_OPEN_READWRITE);
  const auto refuse = [&](sqlite3* handle) {
    return fail(ErrorCode::io_failure, fmt::format("cannot copy '{}': {}", path, sqlite3_errmsg(handle)), path);
  };
  if (opened != SQLITE_OK) return refuse(from.get());
  if (made != SQLITE_OK) return refuse(to.get());
  sqlite3_busy_timeout(from.get(), kBusyMs);
  sqlite3_backup* backup = sqlite3_backup_init(to.get(), "main", from.get(), "main");
  if (backup == nullptr) return refuse(to.get());
  sqlite3_backup_step(backup, -1);
  if (sqlite3_backup_finish(backup) != SQLITE_OK) return refuse(to.get());
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> bytes(sqlite3_serialize(to.get(), "main", &size, 0),
                                                                      &sqlite3_free);
  if (!bytes) return refuse(to.get());
  return std::string(reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size));
}

}  // namespace quaywatch::store
