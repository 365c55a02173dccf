// Whether a folder lies on a device that the kernel encrypts (dm-crypt, of which LUKS is the usual form). Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace quaywatch::io {

enum class Encryption {
  none,     // down to the disk nothing of the kernel encrypts; the disk itself may
  dm_crypt,
  unknown,  // no block device of its own: memory, network, btrfs, a container's layers
};
std::string_view name_of(Encryption encryption);  // none, dm_crypt, unknown

struct DeviceEncryption {
  Encryption encryption = Encryption::unknown;
  std::string device;  // the kernel's name, such as dm-1; empty: there is none
};

// As the kernel tells it under `sys`: the device of the folder's file system and those that it is made of, of which
// each must be encrypted.
DeviceEncryption device_encryption(const std::string& folder, const std::string& sys = "/sys");

}  // namespace quaywatch::io
