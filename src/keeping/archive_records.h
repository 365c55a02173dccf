// What stands in the records of a ZIP archive (PKWARE APPNOTE 6.3.10, clause 4.3), for its writer and its reader.
#pragma once

#include <cstdint>

namespace quaywatch::keeping {

// Signatures of records.
inline constexpr std::uint32_t kLocal = 0x04034b50, kDescriptor = 0x08074b50, kCentral = 0x02014b50,
                               kEnd64 = 0x06064b50, kLocator64 = 0x07064b50, kEnd = 0x06054b50;
inline constexpr std::uint16_t kStored = 0, kDeflate = 8;  // methods
inline constexpr std::uint16_t kZip64Field = 1;            // the extra field that has the sizes of 64 bits
inline constexpr std::uint32_t kIn64 = 0xffffffff;         // stands in the field of 64 bits
inline constexpr std::uint16_t kCountIn64 = 0xffff;

}  // namespace quaywatch::keeping
