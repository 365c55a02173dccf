// HoldWatch: follows hold requests: puts them into the outbox, and concludes from the records of the box that it had
// left before the answer. What the organisation of a hold may not read is not concluded from. One thread, that of
// Teller::step; the functions are thread-safe.
#pragma once

#include <memory>
#include <optional>

#include "api/context.h"
#include "holds/request.h"

namespace quaywatch::api {

holds::Order order_of(const Context& context, const holds::Hold& hold);
// Into the journal. invalid_argument: a sentence that says why it may not be.
Result<void> note_hold(Context& context, const holds::HoldStep& step);
// Writes the request of a hold into the outbox and records that. An Error: it stays to be written.
Result<void> put_into_outbox(Context& context, const holds::Hold& hold);

// The same for a person: nullopt where it is written, else the answer that says why not.
std::optional<io::HttpResponse> write_hold_step(Context& context, const holds::HoldStep& step);
// What the body of the call says was answered.
std::optional<io::HttpResponse> write_hold_answer(Context& context, const Call& call, const std::string& hold_id);

class HoldWatch {
 public:
  explicit HoldWatch(Context& context) : context_(context) {}
  // One round. Records are looked at when something came in or a hold went on since the last.
  void step();

 private:
  void follow(const holds::Hold& hold);

  Context& context_;
  std::shared_ptr<const live::View> seen_;
  std::size_t steps_ = 0;
  bool is_unsent_ = false;
};

}  // namespace quaywatch::api
