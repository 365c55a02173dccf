// Who runs the program: on a command line a person is an account of the operating system.
//
// The account that logged in (audit login uid, /proc/self/loginuid, set by pam_loginuid(8); `su` and `sudo` leave it
// alone), so that two people who work as one service account are two. Where no log-in set it, as in a container, the
// real user id of the process. Nothing of the environment is believed. Whoever is root of the machine can be anyone.
// Thread-safe.
#pragma once

#include <string>

#include "base/result.h"

namespace quaywatch::io {

// Name of the account, or uid-N when the system has no name for it.
Result<std::string> person();

}  // namespace quaywatch::io
