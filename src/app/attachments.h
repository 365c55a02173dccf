// The files of attachments against what the journal says of them.
#pragma once

#include <string>
#include <vector>

#include "cases/standing.h"
#include "ingest/input_log.h"
#include "journal/attachment_store.h"

namespace quaywatch::app {

// Before anything comes in: removes what no entry names, and says which of those that stand are missing.
Result<void> settle_attachments(const journal::AttachmentStore& store,
                                const std::vector<ingest::InputLog::NotedText>& texts);

void note_attachment(cases::StandingAttachments& standing, const journal::TextEntry& entry);
// A sentence for each that is not what was put there; reads all of them.
std::vector<std::string> damaged_attachments(const journal::AttachmentStore& store,
                                             const cases::StandingAttachments& standing);

}  // namespace quaywatch::app
