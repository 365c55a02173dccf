// The decisions on rules that an input log noted, folded. Pure.
#pragma once

#include "base/result.h"
#include "ingest/input_log.h"
#include "rulebook/deployments.h"

namespace quaywatch::live {

// corrupt: an entry that this program cannot have written.
Result<rulebook::Deployments> deployments_of(const ingest::InputLog& log);

}  // namespace quaywatch::live
