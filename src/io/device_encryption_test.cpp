#include "io/device_encryption.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <filesystem>
#include <fstream>

namespace quaywatch::io {
namespace {

namespace fs = std::filesystem;

// A /sys as the kernel lays it out: devices in folders, links to them by number and from what is made of them.
class DeviceEncryptionTest : public testing::Test {
 protected:
  DeviceEncryptionTest() {
    std::string pattern = testing::TempDir() + "quaywatch-sys-XXXXXX";
    sys_ = ::mkdtemp(pattern.data());
    fs::create_directories(sys_ / "dev/block");
  }
  ~DeviceEncryptionTest() override { fs::remove_all(sys_); }

  fs::path device(const std::string& name, const std::string& uuid = {}) {
    const fs::path out = sys_ / "devices" / name;
    fs::create_directories(out / "slaves");
    if (!uuid.empty()) {
      fs::create_directories(out / "dm");
      std::ofstream(out / "dm/uuid") << uuid << '\n';
    }
    return out;
  }
  static void put(const fs::path& upper, const fs::path& lower) {
    fs::create_directory_symlink(lower, upper / "slaves" / lower.filename());
  }
  // Where the folder of the site lies.
  std::string seen(const fs::path& device) {
    struct stat st {};
    EXPECT_EQ(::stat(sys_.c_str(), &st), 0);
    const fs::path link =
        sys_ / "dev/block" / (std::to_string(major(st.st_dev)) + ":" + std::to_string(minor(st.st_dev)));
    fs::remove(link);
    fs::create_directory_symlink(device, link);
    const auto found = device_encryption(sys_.string(), sys_.string());
    EXPECT_EQ(found.device, device.filename().string());
    return std::string(name_of(found.encryption));
  }

  fs::path sys_;
};

TEST_F(DeviceEncryptionTest, LuksItselfAndWhatLiesOnIt) {
  const fs::path disk = device("sda"), luks = device("dm-0", "CRYPT-LUKS2-0123-crypt");
  const fs::path volume = device("dm-1", "LVM-abc");
  put(luks, disk);
  put(volume, luks);
  EXPECT_EQ(seen(luks), "dm_crypt");
  EXPECT_EQ(seen(volume), "dm_crypt");
  EXPECT_EQ(seen(disk), "none");
}

TEST_F(DeviceEncryptionTest, APartitionIsAsItsDevice) {
  const fs::path array = device("md0");
  put(array, device("dm-0", "CRYPT-LUKS1-0123-a"));
  const fs::path partition = device("md0/md0p1");
  std::ofstream(partition / "partition") << "1\n";
  EXPECT_EQ(seen(partition), "dm_crypt");
  const fs::path plain = device("sda/sda1");
  std::ofstream(plain / "partition") << "1\n";
  EXPECT_EQ(seen(plain), "none");
}

TEST_F(DeviceEncryptionTest, EachDeviceBelowMustBe) {
  const fs::path array = device("md0"), half = device("md1");
  put(array, device("dm-0", "CRYPT-LUKS2-0123-a"));
  put(array, device("dm-1", "CRYPT-PLAIN-b"));
  put(half, sys_ / "devices/dm-0");
  put(half, device("sdb"));
  EXPECT_EQ(seen(array), "dm_crypt");
  EXPECT_EQ(seen(half), "none");
}

TEST_F(DeviceEncryptionTest, WhatOnlyComparesIsNoSecret) {
  const fs::path verity = device("dm-0", "CRYPT-VERITY-0123-root"), integrity = device("dm-1", "CRYPT-INTEGRITY-x");
  put(verity, device("sda"));
  put(integrity, device("dm-2", "CRYPT-LUKS2-0123-b"));
  EXPECT_EQ(seen(verity), "none");
  EXPECT_EQ(seen(integrity), "dm_crypt");
}

TEST_F(DeviceEncryptionTest, WhatNobodyCanSayIsUnknown) {
  const fs::path loop = device("loop0"), mixed = device("md0"), circle = device("dm-5", "LVM-x");
  fs::create_directories(loop / "loop");
  put(mixed, loop);
  put(mixed, device("dm-0", "CRYPT-LUKS2-0123-a"));
  put(circle, circle);
  EXPECT_EQ(seen(loop), "unknown");
  EXPECT_EQ(seen(mixed), "unknown");
  EXPECT_EQ(seen(circle), "unknown");
  const auto nowhere = device_encryption(sys_.string(), sys_.string() + "/nothing");
  EXPECT_EQ(name_of(nowhere.encryption), "unknown");
  EXPECT_EQ(nowhere.device, "");
  EXPECT_EQ(name_of(device_encryption("/there/is/none").encryption), "unknown");
}

}  // namespace
}  // namespace quaywatch::io
