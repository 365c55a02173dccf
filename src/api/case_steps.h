// Steps of cases on their way from a request into the journal.
#pragma once

#include <optional>
#include <string>

#include "api/context.h"

namespace quaywatch::api {

io::HttpResponse no_case();
// The case as it stands now.
io::HttpResponse case_answer(Context& context, const Call& call, const std::string& id, int status);
// One of the caller's in that case; what it does is to be filled in.
cases::Step step_of(const Call& call, const cases::Case& c, cases::StepAction action);
// Why the step cannot be made as things stand; empty: it can. What `step` asks besides is not asked.
std::string refuse_step(const Context& context, const Call& call, const cases::Step& s);
// Writes the step, or says why not.
std::optional<io::HttpResponse> step(Context& context, const Call& call, const cases::Step& s);

}  // namespace quaywatch::api
