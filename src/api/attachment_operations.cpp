#include <charconv>
#include <memory>

#include "api/answer.h"
#include "api/attachments.h"
#include "api/case_pages.h"
#include "api/case_steps.h"
#include "api/file_names.h"
#include "api/operations.h"
#include "api/parameters.h"
#include "base/limits.h"
#include "base/limits_server.h"
#include "base/text.h"
#include "io/files.h"

namespace quaywatch::api {
namespace {

using cases::CaseAttachment;
using cases::Step;
using cases::StepAction;

io::HttpResponse no_attachment() {
  return problem(404, "not_found", "there is no such attachment in the case", "attachmentId");
}

// What the headers say of a file, as the step that puts it to the case; or why it cannot be.
tl::expected<Step, io::HttpResponse> attach_step(const Context& context, const Call& call) {
  const auto refused = [](int status, std::string_view code, std::string_view why, std::string_view header = {}) {
    return tl::unexpected(problem(status, code, why, header));
  };
  const auto c = find_case(context, call, call.path.at("caseId"));
  if (!c) return tl::unexpected(no_case());
  if (trim(call.http.header("content-type")) != "application/octet-stream")
    return refused(415, "wrong_type", "the body is the file itself, with Content-Type: application/octet-stream");
  const auto name = header_text(call.http.header("x-file-name"));
  const auto description = header_text(call.http.header("x-file-description"));
  Step s = step_of(call, *c, StepAction::attach);
  s.attachment.emplace().name = clean_file_name(name.value_or(""));
  if (s.attachment->name.empty() || s.attachment->name.size() > limits::kAttachmentNameBytes)
    return refused(400, "invalid", "the name of the file is needed, percent-encoded UTF-8 of at most 255 bytes",
                   "X-File-Name");
  if (!description || description->size() > limits::kAttachmentTextBytes)
    return refused(400, "invalid", "the description is percent-encoded UTF-8 of at most 500 bytes",
                   "X-File-Description");
  s.text = *description;
  if (const std::string why = refuse_step(context, call, s); !why.empty()) return refused(409, "conflict", why);
  return s;
}

// Attachments leave alone what is kept for decisions and look-ups, and intake with them.
bool has_room(const Context& context, std::uint64_t bytes) {
  const auto free = io::free_bytes(context.live->options().data_dir);
  return free && *free >= 2 * limits::kIntakeRoomBytes + bytes;
}

std::uint64_t stated_bytes(const io::HttpRequest& request) {
  const std::string_view text = request.header("content-length");
  std::uint64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;  // 0: sent in chunks
}

}  // namespace

journal::KeptAttachment kept_of(const cases::Attachment& file) {
  journal::KeptAttachment out{file.kept, file.bytes, {}};
  // What is no hash fits no content.
  [[maybe_unused]] const bool is_hash = parse_hex(file.sha256, out.content);
  return out;
}

tl::expected<std::shared_ptr<Upload>, io::HttpResponse> begin_attachment(Context& context, const Call& call) {
  if (const auto s = attach_step(context, call); !s) return tl::unexpected(s.error());
  const std::uint64_t bytes = stated_bytes(call.http);
  const auto full = [] {
    return tl::unexpected(problem(503, "journal_full", "the disk of the server has no room for the file; nothing of it "
                                                       "was kept. Send it again when there is room"));
  };
  if (!has_room(context, bytes)) return full();
  auto writer = context.attachments->begin(bytes);
  if (!writer) return full();
  return std::make_shared<Upload>(Upload{std::move(*writer), {}});  // clang 14: no parentheses for aggregates
}

io::HttpResponse add_attachment(Context& context, const Call& call) {
  if (!call.upload) return problem(400, "invalid", "the file is missing");
  auto s = attach_step(context, call);
  if (!s) return std::move(s.error());
  auto id = identity::random_id("f-");
  if (!id) return problem(id.error());
  const auto kept = call.upload->writer.finish();
  if (!kept) return problem(kept.error());
  s->attachment->id = std::move(*id);
  s->attachment->kept = kept->id;
  s->attachment->media_type = media_type_of(call.upload->first_bytes);
  s->attachment->bytes = kept->bytes;
  s->attachment->sha256 = to_hex(kept->content);
  if (auto refused = step(context, call, *s)) {
    // Whether an entry that failed stands the next start knows, which sweeps what no entry names.
    if (refused->status < 500) [[maybe_unused]] const auto removed = context.attachments->remove(kept->id);
    return std::move(*refused);
  }
  return case_answer(context, call, s->case_id, 201);
}

io::HttpResponse get_attachment(Context& context, const Call& call) {
  const auto c = find_case(context, call, call.path.at("caseId"));
  if (!c) return no_case();
  const std::string& id = call.path.at("attachmentId");
  const CaseAttachment* a = c->attachment(id);
  if (a == nullptr || !may_read(context, call, *a)) return no_attachment();
  if (auto recorded = record(context, call, {"getAttachment", "case:" + c->id, id, {}, {}}); !recorded)
    return problem(recorded.error());
  // Read whole before: who gets it must not find out at its end.
  const auto checked = context.attachments->check(kept_of(a->file));
  auto reader = checked ? context.attachments->open(a->file.kept) : tl::unexpected(checked.error());
  if (!reader)
    return problem(410, "damaged", reader.error().code == ErrorCode::not_found
                                       ? "the file is missing on the server; it may be in a backup"
                                       : "the file is not any more what was put here; it may be whole in a backup");
  io::HttpResponse answer;
  answer.content_type = "application/octet-stream";
  answer.headers = {{"Content-Disposition", content_disposition(a->file.name)}, {"Cache-Control", "no-store"}};
  answer.blocks_bytes = a->file.bytes;
  // Functions of the standard library are copied, readers are not.
  auto blocks = std::make_shared<journal::AttachmentReader>(std::move(*reader));
  answer.blocks = [blocks] { return blocks->next(); };
  return answer;
}

io::HttpResponse remove_attachment(Context& context, const Call& call) {
  const auto c = find_case(context, call, call.path.at("caseId"));
  if (!c) return no_case();
  Reading in(call.body, {"reason"});
  const std::string reason = in.text("reason", limits::kReasonBytes, true);
  if (!in.is_good()) return invalid(in);
  const CaseAttachment* a = c->attachment(call.path.at("attachmentId"));
  if (a == nullptr || !may_read(context, call, *a)) return no_attachment();
  Step s = step_of(call, *c, StepAction::remove_attachment);
  s.attachment_id = a->file.id;
  s.text = reason;
  if (auto refused = step(context, call, s)) return std::move(*refused);
  if (!context.attachments->remove(a->file.kept))
    return problem(503, "journal_full", "it is removed, and nobody gets it any more; but its content could not be "
                                        "destroyed yet, which the next start of the server does");
  return case_answer(context, call, c->id, 200);
}

}  // namespace quaywatch::api
