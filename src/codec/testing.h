// Test support: ZIP and gzip archives made in memory, with the faults that tests need. Not used by the program.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quaywatch::codec::testing {

inline std::string deflated(std::string_view text, int window_bits) {
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, window_bits, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, static_cast<uLong>(text.size())) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}
inline std::string gzip(std::string_view text) {
  return deflated(text, 15 + 16);
}

struct Member {
  std::string name, text;
  std::uint16_t flags = 0, method = 8;  // flag 1: encrypted
  bool has_wrong_checksum = false;
};

inline std::string zip(const std::vector<Member>& members) {
  std::string out, directory;
  const auto put = [](std::string& to, std::uint64_t v, int bytes) {
    for (; bytes > 0; --bytes, v >>= 8) to += static_cast<char>(v & 0xFF);
  };
  for (const Member& m : members) {
    const std::string data = m.method == 8 ? deflated(m.text, -15) : m.text;
    const auto crc = crc32(0, reinterpret_cast<const Bytef*>(m.text.data()), static_cast<uInt>(m.text.size()));
    std::string common;  // what the local header and the directory record share
    put(common, 20, 2), put(common, m.flags, 2), put(common, m.method, 2), put(common, 0, 4);
    put(common, m.has_wrong_checksum ? crc ^ 1 : crc, 4), put(common, data.size(), 4), put(common, m.text.size(), 4);
    put(common, m.name.size(), 2), put(common, 0, 2);
    directory += "PK\x01\x02";
    put(directory, 20, 2);
    directory += common;
    put(directory, 0, 2), put(directory, 0, 2), put(directory, 0, 2), put(directory, 0, 4),
        put(directory, out.size(), 4);
    directory += m.name;
    out += "PK\x03\x04" + common + m.name + data;
  }
  const std::size_t at = out.size();
  out += directory + std::string("PK\x05\x06\0\0\0\0", 8);
  put(out, members.size(), 2), put(out, members.size(), 2), put(out, directory.size(), 4), put(out, at, 4),
      put(out, 0, 2);
  return out;
}

}  // namespace quaywatch::codec::testing
