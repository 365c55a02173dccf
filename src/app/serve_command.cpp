
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "api/answer.h"
#include "api/backtests.h"
#include "api/console_files.h"
#include "api/hold_sender.h"
#include "api/hold_watch.h"
#include "api/observe.h"
#include "api/parameters.h"
#include "api/routes.h"
#include "api/teller.h"
#include "app/attachments.h"
#include "app/decide.h"
#include "app/follow_options.h"
#include "app/print.h"
#include "app/read_input.h"
#include "app/reference_files.h"
#include "app/refused_passwords.h"
#include "app/run_input.h"
#include "app/serve.h"
#include "app/site_configuration.h"
#include "app/site_people.h"
#include "app/texts.h"
#include "base/limits.h"
#include "base/text.h"
#include "io/certificates.h"
#include "io/clock.h"
#include "io/device_encryption.h"
#include "io/environment.h"
#include "io/files.h"
#include "io/http_server.h"
#include "io/signals.h"
#include "telling/send.h"

namespace quaywatch::app {
namespace {

constexpr Duration kTellingRound = seconds(1);  // how exact the clocks of on-call and of retries are

bool has_tls(const ServeOptions& options) {
  return !options.http_certificate.empty() || options.without_tls;
}

// Nothing is open to a network by accident.
Result<io::ListenAddress> http_address(const ServeOptions& options) {
  auto address = io::parse_listen_address("tcp:" + options.http);
  if (!address) return address;
  const bool is_here = address->host.starts_with("127.") || address->host == "::1";
  if (is_here || has_tls(options)) return address;
  return fail(ErrorCode::invalid_argument,
              fmt::format("'{}' is open to others without TLS: give --http-certificate and --http-key, or say "
                          "--without-tls where a proxy before it does TLS",
                          options.http),
              "--http");
}

// Without blanks and line ends around it.
Result<std::string> metrics_token(const std::string& path) {
  constexpr std::size_t kLeast = 16, kMost = 256;
  if (path.empty()) return std::string();
  const auto text = io::read_file(path, kMost);
  if (!text) return tl::unexpected(text.error());
  std::string token(trim(*text));
  const bool is_word = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (token.size() >= kLeast && is_word) return token;
  return fail(ErrorCode::invalid_argument,
              fmt::format("the token for /metrics is one word of at least {} ASCII characters", kLeast), path);
}

// Who sits at the machine itself has its files too: only where others reach it a second factor is demanded unasked.
std::uint8_t second_factor_roles(const ServeOptions& options, const SiteConfiguration& site) {
  if (site.second_factor) return identity::bits(*site.second_factor);
  if (!has_tls(options)) return 0;
  return identity::bits({identity::Role::administrator, identity::Role::officer});
}

// Beside the installed program, or in the tree that it was built in.
std::string console_folder(const std::string& named) {
  if (!named.empty()) return named;
  const std::string program = io::program_path();
  const std::string folder = program.substr(0, program.rfind('/'));
  for (const char* relative : {"/../share/quaywatch/console", "/../../../console/dist"})
    if (io::exists(folder + relative + "/index.html")) return folder + relative;
  return {};
}

// Said at each start: the folder holds the keys.
std::string storage_sentence(const io::DeviceEncryption& storage) {
  switch (storage.encryption) {
    case io::Encryption::dm_crypt:
      return say("the folder of the site lies on an encrypted device ({})", one_line(storage.device));
    case io::Encryption::none:
      return say(
          "the folder of the site lies on {}, which the system does not encrypt: who has the disk has "
          "the keys. See 'An encrypted disk' in docs/reference/installing.md",
          one_line(storage.device));
    case io::Encryption::unknown:
      break;
  }
  return say(
      "whether the folder of the site lies on an encrypted device cannot be told: it has no block device of its own");
}

// The first user, where there is none: its password is printed here and nowhere else.
Result<void> make_first_user(const ServeOptions& options, const Site& site, identity::Directory& directory) {
  if (!directory.users().empty()) return {};
  const auto kind = identity::find_organisation_kind(options.kind);
  std::string organisation_id;
  for (const auto& known : directory.organisations()) organisation_id = known.id;
  if (organisation_id.empty()) {
    auto made = directory.prepare(identity::Organisation{{}, options.organisation, kind.value(), {"*"}});
    if (!made) return tl::unexpected(made.error());
    if (auto kept = directory.keep(*made); !kept) return kept;
    organisation_id = made->id;
  }
  using enum identity::Role;
  const auto user =
      directory.prepare(identity::NewUser{options.administrator,
                                          options.administrator,
                                          organisation_id,
                                          {administrator, officer, auditor},
                                          {site.pseudonym(PersonalClass::account, options.administrator)}});
  if (!user) return tl::unexpected(user.error());
  if (auto kept = directory.keep(*user); !kept) return kept;
  const auto made = directory.reset(user->id, io::now());
  if (!made) return tl::unexpected(made.error());
  print(stdout, "first start: sign in as '{}' with the one-time password {}\n", options.administrator,
        made->one_time_password);
  return {};
}

// Brings the database to what the journal states of people, and states those of whom it says nothing.
Result<void> settle_people(const ServeOptions& options, const Site& site, identity::Directory& directory,
                           live::Live& live) {
  const auto people = stated_people(directory, live.texts());
  if (!people) return tl::unexpected(people.error());
  if (directory.users().empty() && !people->users.empty())
    return fail(ErrorCode::not_found,
                fmt::format("'{}/{}' holds no users, but the journal does; make it again with 'quaywatch rebuild', or "
                            "restore it from the backup",
                            site.folder(), identity::kDatabaseName));
  if (auto kept = directory.keep(*people); !kept) return tl::unexpected(kept.error());
  if (auto made = make_first_user(options, site, directory); !made) return made;
  const auto unstated = directory.unstated(*people);
  if (!unstated) return tl::unexpected(unstated.error());
  std::vector<journal::TextEntry> texts;
  for (const identity::Statement& s : *unstated) texts.push_back({s.topic, io::now(), s.body});
  return live.begin_with(texts);
}

// Why something could not be recorded, into the log: once a minute at most, as those who are refused come again.
class Reasons {
 public:
  void say(const io::HttpRequest& request, const std::string& reason);

 private:
  std::mutex mutex_;
  Duration next_{0};  // of the monotonic clock
};

std::string_view path_of(const io::HttpRequest& request) {
  return std::string_view(request.target).substr(0, request.target.find('?'));
}

void Reasons::say(const io::HttpRequest& request, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  if (io::monotonic_now() < next_) return;
  next_ = io::monotonic_now() + minutes(1);
  print(stderr, "{} {}: {}\n", request.method, one_line(path_of(request)), one_line(reason));
}

// As it goes out.
io::HttpResponse finished(Reasons& reasons, const io::HttpRequest& request, io::HttpResponse out) {
  if (!out.reason.empty()) reasons.say(request, out.reason);
  // What failed inside may name files and bytes: for who runs the server, not for who asked.
  if (out.status == 500) {
    print(stderr, "{} {}: {}\n", request.method, one_line(path_of(request)), one_line(out.body));
    out = api::problem(500, "internal", "it failed; the log of the server says why");
  }
  api::harden(out, request.is_secure);
  return out;
}

io::HttpResponse answer_request(api::Context& context, const api::ConsoleFiles& console, Reasons& reasons,
                                const io::HttpRequest& request) {
  return finished(
      reasons, request,
      api::is_of_interface(path_of(request)) ? api::answer(context, request, io::now()) : console.answer(request));
}

std::optional<io::HttpReception> receive_body(api::Context& context, Reasons& reasons, const io::HttpRequest& request) {
  auto out = api::receive(context, request, io::now());
  if (!out) return out;
  if (out->refusal) out->refusal = finished(reasons, request, std::move(*out->refusal));
  if (out->take)
    out->take = [take = std::move(out->take), is_secure = request.is_secure](std::string_view block) {
      auto refusal = take(block);
      if (refusal) api::harden(*refusal, is_secure);
      return refusal;
    };
  if (out->finish)
    out->finish = [&reasons, finish = std::move(out->finish)](const io::HttpRequest& whole) {
      return finished(reasons, whole, finish(whole));
    };
  return out;
}

// Everything that serving needs, in the order in which it must end.
struct Serving {
  api::Context context;
  std::optional<identity::Directory> directory;
  std::optional<journal::AttachmentStore> attachments;
  std::optional<api::Teller> teller;
  std::optional<api::Backtests> backtests;
  std::unique_ptr<live::Live> live;
  api::ConsoleFiles console;
  Reasons reasons;
  std::shared_ptr<io::Certificates> certificates = std::make_shared<io::Certificates>();
  std::optional<io::HttpServer> http;
  bool is_open = false;
};

Result<void> open_telling(const Site& site, Serving& s) {
  auto configuration = telling::read_configuration(site.folder());
  if (!configuration) return tl::unexpected(configuration.error());
  s.teller.emplace(s.context, std::move(*configuration), telling::send,
                   [](const std::string& sentence) { print(stderr, "{}\n", one_line(retold(sentence))); });
  s.context.teller = &*s.teller;
  s.context.outbox = site.folder() + "/outbox";
  return {};
}

// Apart from the engine: a receiver that does not answer holds nobody up, and one of holds none of alerts.
std::jthread begin_telling(Serving& s) {
  return std::jthread([&s](const std::stop_token& stop) {
    api::HoldWatch holds(s.context);
    while (!stop.stop_requested()) {
      s.teller->step();
      holds.step();
      s.teller->wait(kTellingRound);
    }
  });
}

std::jthread begin_sending_holds(Serving& s) {
  return std::jthread([&s](const std::stop_token& stop) {
    api::HoldSender sender(s.context);
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      sender.step();
      stopped.wait_for(lock, stop, std::chrono::microseconds(kTellingRound.us), [] { return false; });
    }
  });
}

// Certificates and reference tables, and what puts them in force. The start has read them before, and lets a table that
// cannot be used pass.
Result<std::function<void()>> read_renewed(Serving& s) {
  if (!s.is_open) return [] {};
  auto certificates = s.certificates->read();
  if (!certificates) return tl::unexpected(certificates.error());
  auto references = read_site_references();
  if (!references) return tl::unexpected(references.error());
  const auto tables = std::make_shared<SiteReferences>(std::move(*references));
  return [change = std::move(*certificates), tables] {
    change();
    use_site_references(std::move(*tables));
  };
}

// All of it or nothing: what cannot be used changes nothing of the rest.
Result<ingest::MappingSet> read_configuration(const ServeOptions& options, const Site& site, Serving& s) {
  api::Context& context = s.context;
  const auto configuration = read_site_configuration(site);
  if (!configuration) return tl::unexpected(configuration.error());
  auto telling = telling::read_configuration(site.folder());
  if (!telling) return tl::unexpected(telling.error());
  auto geometry = read_geometry(site, *configuration);
  if (!geometry) return tl::unexpected(geometry.error());
  if (const std::string file = refused_passwords_file(site, *configuration); !file.empty())
    if (const auto readable = is_listed(file, ""); !readable) return tl::unexpected(readable.error());
  // The folders are looked through again: mappings that came since are among them.
  auto now = follow_options(options.intake, {intake_options(options.intake.input, site, io::now()), false, {}});
  if (!now) return tl::unexpected(now.error());
  auto mappings = ingest::read_mappings(now->import.intake.mapping_paths);
  if (!mappings) return mappings;
  auto renewed = read_renewed(s);
  if (!renewed) return tl::unexpected(renewed.error());
  (*renewed)();
  context.geometry = std::make_shared<const geo::Geometry>(std::move(*geometry));
  api::demand_second_factor(context, second_factor_roles(options, *configuration));
  context.requests.set(configuration->requests_per_minute);
  context.sign_ins.set(configuration->sign_ins_per_minute);
  context.teller->configure(std::move(*telling));
  return mappings;
}

// What the site's files say at the moment that they are asked.
void answer_from_site(const Site& site, Serving& s) {
  s.context.approvers = [&site, &s] {
    return configured_approvers(site, [&s](const std::string& a) { return s.live->shown(PersonalClass::account, a); });
  };
  s.context.is_refused_password = [&site](const std::string& password) -> Result<bool> {
    const auto configuration = read_site_configuration(site);
    if (!configuration) return tl::unexpected(configuration.error());
    const std::string file = refused_passwords_file(site, *configuration);
    return file.empty() ? Result<bool>(false) : is_listed(file, password);
  };
  s.context.statements = [&site]() -> Result<legal::Statements> {
    auto configuration = read_site_configuration(site);
    if (!configuration) return tl::unexpected(configuration.error());
    return std::move(configuration->legal);
  };
}

Result<void> open(const ServeOptions& options, const Site& site, const io::ListenAddress& address,
                  const io::ReloadSignal& reload, Serving& s) {
  auto directory = open_directory(site);
  if (!directory) return tl::unexpected(directory.error());
  s.directory.emplace(std::move(*directory));
  s.context.version = QUAYWATCH_VERSION;
  s.context.storage = io::device_encryption(site.folder());
  print(stderr, "{}\n", storage_sentence(s.context.storage));
  s.context.directory = &*s.directory;
  s.context.now = [] { return io::now(); };
  answer_from_site(site, s);
  auto token = metrics_token(options.metrics_token);
  if (!token) return tl::unexpected(token.error());
  s.context.metrics_token = std::move(*token);
  if (auto telling = open_telling(site, s); !telling) return telling;
  s.backtests.emplace([] { return io::now(); },
                      [](const std::string& sentence) { print(stderr, "{}\n", one_line(retold(sentence))); });
  s.context.backtests = &*s.backtests;

  live::LiveOptions engine;
  engine.data_dir = site.folder();
  auto rules = read_rules(options.rules);
  if (!rules) return tl::unexpected(rules.error());
  engine.rules = std::move(*rules);
  engine.only_those = !options.rules.empty();
  auto following = follow_options(options.intake, {intake_options(options.intake.input, site, io::now()), false, {}});
  if (!following) return tl::unexpected(following.error());
  engine.follow = std::move(*following);
  engine.follow.listen.certificates = s.certificates;
  engine.read_configuration = [&options, &site, &s] { return read_configuration(options, site, s); };
  engine.reload_wanted = [&reload] { return reload.take(); };
  engine.follow.data_dir = site.folder();
  live::LiveObserver observer = api::observer_of(s.context);
  observer.told = [](const std::string& sentence) { print(stderr, "{}\n", one_line(retold(sentence))); };
  auto opened = live::Live::open(std::move(engine), site.keys(), std::move(observer));
  if (!opened) return tl::unexpected(opened.error());
  s.live = std::move(*opened);
  s.is_open = true;
  warn_of_missing_keys(site);
  s.context.live = s.live.get();
  if (auto settled = settle_people(options, site, *s.directory, *s.live); !settled) return settled;
  for (const std::string& sentence : s.teller->unknown()) print(stderr, "{}\n", retold(sentence));
  s.context.attachments = &s.attachments.emplace(site.folder(), site.keys());
  if (auto settled = settle_attachments(*s.attachments, s.live->texts()); !settled) return settled;

  auto console = api::ConsoleFiles::load(console_folder(options.console));
  if (!console) return tl::unexpected(console.error());
  s.console = std::move(*console);
  io::HttpOptions http;
  http.certificate_file = options.http_certificate;
  http.key_file = options.http_key;
  http.certificates = s.certificates;
  http.is_behind_tls = s.context.is_behind_proxy = options.without_tls;
  http.body_limit = api::body_limit;
  http.receive = [&s](const io::HttpRequest& request) { return receive_body(s.context, s.reasons, request); };
  const bool is_secure = has_tls(options);
  auto server = io::HttpServer::open(
      address, std::move(http),
      [&s](const io::HttpRequest& request) { return answer_request(s.context, s.console, s.reasons, request); },
      [is_secure](int status) { return api::refusal(status, is_secure); });
  if (!server) return tl::unexpected(server.error());
  s.http.emplace(std::move(*server));
  s.context.http_counters = [&s] { return s.http ? s.http->counters() : io::HttpCounters{}; };
  return {};
}

}  // namespace

int serve(const ServeOptions& options) {
  // Before anything is made: a password that was printed by a start that failed is not printed again.
  const auto address = http_address(options);
  if (!address) return unusable(address.error());
  const auto site = open_site("serve", options.intake.input);
  if (!site) return unusable(site.error());
  // Refusals of named rules are told once, here; those of deployed ones by the engine.
  if (!options.rules.empty())
    if (const auto pack = load_pack(options.rules); !pack) return unusable(pack.error());
  const auto stop = io::StopSignals::install();
  if (!stop) return unusable(stop.error());
  const auto reload = io::ReloadSignal::install();
  if (!reload) return unusable(reload.error());
  Serving s;
  if (auto opened = open(options, *site, *address, *reload, s); !opened) return unusable(opened.error());
  const io::ListenAddress& bound = s.http->address();
  const bool is_v6 = bound.host.find(':') != std::string::npos;
  print(stdout, "serving {}://{}{}{}:{}/{}\n", options.http_certificate.empty() ? "http" : "https", is_v6 ? "[" : "",
        bound.host, is_v6 ? "]" : "", bound.port, s.console.is_there() ? "" : say("  (no console built)"));
  std::fflush(stdout);
  std::jthread telling = begin_telling(s);
  std::jthread sending = begin_sending_holds(s);
  std::jthread trying([&s](const std::stop_token& token) { s.backtests->run(token); });
  const auto done = s.live->run(*stop);
  if (!done) {
    unusable(done.error());
    print(stderr, "nothing more is taken in; what is known can still be read. Stop with Ctrl-C\n");
    while (!stop->wait(hours(1))) continue;
  }
  trying.request_stop();
  telling.request_stop();
  sending.request_stop();
  s.teller->stop();
  telling.join();
  sending.join();
  trying.join();
  s.context.hub.close_all();
  s.http->stop();
  print(stderr, "stopped; every answer that was given is kept\n");
  return done ? kDone : kUnusable;
}

}  // namespace quaywatch::app
