// Hands a message to its channel's receiver. Done means that the receiver has taken it: a 2xx of the webhook, the
// relay's 250, a job of the printer; syslog has no such answer, there it means that it was handed to the network.
// Thread-safe.
#pragma once

#include <string>

#include "base/result.h"
#include "telling/configuration.h"
#include "telling/notice.h"
#include "telling/parcel.h"

namespace quaywatch::telling {

Result<void> send(const Channel& channel, const std::string& console, const Message& message, Timestamp now);
// By smtp or webhook. `to`: the address, where it is not the channel's.
Result<void> send_parcel(const Channel& channel, const std::string& to, const Parcel& parcel, Timestamp now);

}  // namespace quaywatch::telling
