// Attachments between cases, which know their names, and the store, which keeps their content.
#pragma once

#include "cases/decision.h"
#include "journal/attachment_store.h"

namespace quaywatch::api {

journal::KeptAttachment kept_of(const cases::Attachment& file);

}  // namespace quaywatch::api
