// The operations, one function per operationId of api/openapi.yaml. Called by `answer` with the right checked.
#pragma once

#include <memory>
#include <tl/expected.hpp>

#include "api/context.h"

namespace quaywatch::api {

io::HttpResponse get_health(Context& context, const Call& call);
io::HttpResponse get_readiness(Context& context, const Call& call);
io::HttpResponse get_metrics(Context& context, const Call& call);
io::HttpResponse get_open_api(Context& context, const Call& call);
io::HttpResponse get_service(Context& context, const Call& call);

io::HttpResponse sign_in(Context& context, const Call& call);
io::HttpResponse get_session(Context& context, const Call& call);
io::HttpResponse sign_out(Context& context, const Call& call);
io::HttpResponse change_password(Context& context, const Call& call);
io::HttpResponse start_totp(Context& context, const Call& call);
io::HttpResponse confirm_totp(Context& context, const Call& call);
io::HttpResponse list_sessions(Context& context, const Call& call);
io::HttpResponse end_sessions(Context& context, const Call& call);

io::HttpResponse list_alerts(Context& context, const Call& call);
io::HttpResponse get_alert(Context& context, const Call& call);
io::HttpResponse decide_alert(Context& context, const Call& call);
io::HttpResponse decide_alerts(Context& context, const Call& call);
io::HttpResponse undo_decision(Context& context, const Call& call);
io::HttpResponse undo_decisions(Context& context, const Call& call);
io::HttpResponse stream_events(Context& context, const Call& call);
io::HttpResponse acknowledge_alert(Context& context, const Call& call);
io::HttpResponse list_hold_receivers(Context& context, const Call& call);
io::HttpResponse request_hold(Context& context, const Call& call);
io::HttpResponse answer_hold(Context& context, const Call& call);
io::HttpResponse list_gate_holds(Context& context, const Call& call);
io::HttpResponse read_gate_hold(Context& context, const Call& call);
io::HttpResponse answer_gate_hold(Context& context, const Call& call);

io::HttpResponse get_timeline(Context& context, const Call& call);
io::HttpResponse search_subjects(Context& context, const Call& call);

io::HttpResponse get_map(Context& context, const Call& call);
io::HttpResponse get_map_state(Context& context, const Call& call);
io::HttpResponse get_map_feature(Context& context, const Call& call);

io::HttpResponse list_feeds(Context& context, const Call& call);
io::HttpResponse list_rejects(Context& context, const Call& call);
io::HttpResponse retry_rejects(Context& context, const Call& call);
io::HttpResponse take_events(Context& context, const Call& call);
io::HttpResponse get_coverage(Context& context, const Call& call);
io::HttpResponse list_rules(Context& context, const Call& call);
io::HttpResponse get_rule(Context& context, const Call& call);
io::HttpResponse list_rule_sets(Context& context, const Call& call);
io::HttpResponse check_rule_set(Context& context, const Call& call);
io::HttpResponse start_backtest(Context& context, const Call& call);
io::HttpResponse get_backtest(Context& context, const Call& call);
io::HttpResponse cancel_backtest(Context& context, const Call& call);
io::HttpResponse propose_rule_set(Context& context, const Call& call);
io::HttpResponse get_rule_set(Context& context, const Call& call);
io::HttpResponse decide_rule_set(Context& context, const Call& call);
io::HttpResponse record_agreement(Context& context, const Call& call);
io::HttpResponse decide_agreement(Context& context, const Call& call);

io::HttpResponse get_kpis(Context& context, const Call& call);
io::HttpResponse get_legal_document(Context& context, const Call& call);

io::HttpResponse list_subject_requests(Context& context, const Call& call);
io::HttpResponse open_subject_request(Context& context, const Call& call);
io::HttpResponse get_subject_request(Context& context, const Call& call);
io::HttpResponse step_subject_request(Context& context, const Call& call);
io::HttpResponse read_subject_file(Context& context, const Call& call);

io::HttpResponse list_cases(Context& context, const Call& call);
io::HttpResponse open_case(Context& context, const Call& call);
io::HttpResponse get_case(Context& context, const Call& call);
io::HttpResponse step_case(Context& context, const Call& call);
// Before the body of add_attachment comes: where it goes, or why it is not wanted.
tl::expected<std::shared_ptr<Upload>, io::HttpResponse> begin_attachment(Context& context, const Call& call);
io::HttpResponse add_attachment(Context& context, const Call& call);
io::HttpResponse get_attachment(Context& context, const Call& call);
io::HttpResponse remove_attachment(Context& context, const Call& call);

io::HttpResponse list_unmaskings(Context& context, const Call& call);
io::HttpResponse request_unmasking(Context& context, const Call& call);
io::HttpResponse break_glass(Context& context, const Call& call);
io::HttpResponse decide_unmasking(Context& context, const Call& call);
io::HttpResponse review_broken_glass(Context& context, const Call& call);
io::HttpResponse read_unmasked(Context& context, const Call& call);

io::HttpResponse list_handed_on(Context& context, const Call& call);
io::HttpResponse list_desks(Context& context, const Call& call);
io::HttpResponse list_colleagues(Context& context, const Call& call);
io::HttpResponse list_users(Context& context, const Call& call);
io::HttpResponse create_user(Context& context, const Call& call);
io::HttpResponse change_user(Context& context, const Call& call);
io::HttpResponse list_organisations(Context& context, const Call& call);
io::HttpResponse create_organisation(Context& context, const Call& call);
io::HttpResponse change_organisation(Context& context, const Call& call);
io::HttpResponse list_audit(Context& context, const Call& call);

}  // namespace quaywatch::api
