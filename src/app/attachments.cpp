#include "app/attachments.h"

#include <cstdio>
#include <set>

#include "api/attachments.h"
#include "app/print.h"
#include "app/texts.h"

namespace quaywatch::app {
namespace {

std::string why_not(const cases::StandingAttachment& a, const Error& why) {
  return say("attachment {} of case {} cannot be read: {}", a.file.id, a.case_id, retold(why.message));
}

}  // namespace

void note_attachment(cases::StandingAttachments& standing, const journal::TextEntry& entry) {
  if (entry.topic != cases::kStepTopic) return;
  if (const auto step = cases::read_step(entry.body, entry.at)) cases::apply(standing, *step);
}

Result<void> settle_attachments(const journal::AttachmentStore& store,
                                const std::vector<ingest::InputLog::NotedText>& texts) {
  cases::StandingAttachments standing;
  for (const auto& noted : texts) note_attachment(standing, noted.text);
  std::set<std::string> kept;
  for (const auto& [id, a] : standing) {
    kept.insert(a.file.kept);
    if (const auto opened = store.open(a.file.kept); !opened)
      print(stderr, "{}\n", one_line(why_not(a, opened.error())));
  }
  const auto swept = store.sweep(kept);
  if (!swept) return tl::unexpected(swept.error());
  if (*swept > 0)
    print(stderr, "{} files of attachments that no case has were destroyed: a crash left them behind\n", *swept);
  return {};
}

std::vector<std::string> damaged_attachments(const journal::AttachmentStore& store,
                                             const cases::StandingAttachments& standing) {
  std::vector<std::string> out;
  for (const auto& [id, a] : standing)
    if (const auto checked = store.check(api::kept_of(a.file)); !checked) out.push_back(why_not(a, checked.error()));
  return out;
}

}  // namespace quaywatch::app
