#include "io/print_client.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace quaywatch::io {
namespace {

// RFC 8010 section 3.5, RFC 8011 section 5.4.15.
enum class Tag : char { operation = 0x01, end = 0x03, name = 0x42, uri = 0x45, charset = 0x47, language = 0x48,
                        media = 0x49 };
constexpr std::uint16_t kPrintJob = 0x0002;
constexpr std::uint16_t kFirstRefusal = 0x0100;  // below: it is taken, perhaps with remarks
constexpr std::size_t kAnswerHead = 8;           // version, status, id of the request

struct Refusal {
  std::uint16_t status;
  std::string_view words;
};
// RFC 8011 appendix B: those that a site can do something about.
constexpr std::string_view kNoText =
    "it prints no plain text; name a print queue that turns it into what the printer takes";
constexpr std::array<Refusal, 9> kRefusals{{{0x0401, "we are not allowed to print there"},
                                            {0x0402, "it wants to know who prints, and nobody can sign in from here"},
                                            {0x0406, "it has no such queue; check the path of the address"},
                                            {0x040a, kNoText},
                                            {0x040b, kNoText},  // of what we state nothing else can be unsupported
                                            {0x0503, "it has a fault"},
                                            {0x0506, "it accepts no jobs"},
                                            {0x0507, "it is busy"},
                                            {0x0502, "it is not available"}}};

std::string two_bytes(std::size_t value) {
  return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}

void add(std::string& out, Tag tag, std::string_view name, std::string_view value) {
  out += static_cast<char>(tag);
  out.append(two_bytes(name.size())).append(name).append(two_bytes(value.size())).append(value);
}

// The order of the first three is prescribed (RFC 8011 section 4.1.4).
std::string request(const PrintJob& job) {
  const std::string_view scheme = job.printer.is_secure ? "ipps" : "ipp";
  std::string out = "\x01\x01" + two_bytes(kPrintJob) + two_bytes(0) + two_bytes(1);
  out += static_cast<char>(Tag::operation);
  add(out, Tag::charset, "attributes-charset", "utf-8");
  add(out, Tag::language, "attributes-natural-language", "en");
  add(out, Tag::uri, "printer-uri", fmt::format("{}://{}{}", scheme, authority(job.printer), job.printer.target));
  add(out, Tag::name, "requesting-user-name", "quaywatch");
  add(out, Tag::name, "job-name", job.name);
  add(out, Tag::media, "document-format", "text/plain");
  out += static_cast<char>(Tag::end);
  return out + job.text;
}

std::uint16_t status_of(std::string_view answer) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(answer[2]) << 8 | static_cast<unsigned char>(answer[3]));
}

Result<void> read_answer(const HttpAnswer& answer) {
  if (answer.status != 200) return fail(ErrorCode::io_failure, fmt::format("the printer answered {}", answer.status));
  if (answer.body.size() < kAnswerHead)
    return fail(ErrorCode::malformed, "what answers there is no printer; check the address");
  const std::uint16_t status = status_of(answer.body);
  if (status < kFirstRefusal) return {};
  for (const Refusal& refusal : kRefusals)
    if (refusal.status == status)
      return fail(ErrorCode::io_failure, fmt::format("the printer refuses it: {}", refusal.words));
  return fail(ErrorCode::io_failure, fmt::format("the printer refuses it: IPP status {:#06x}", status));
}

}  // namespace

Result<void> print_text(const PrintJob& job, Duration at_most) {
  const Posting posting{job.printer, {{"Content-Type", "application/ipp"}}, request(job), job.ca_file};
  const auto answer = http_ask(posting, at_most, kAnswerHead);
  if (!answer) return tl::unexpected(answer.error());
  return read_answer(*answer);
}

}  // namespace quaywatch::io
