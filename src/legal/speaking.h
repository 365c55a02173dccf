// Speaking: what the documents say in one language, and what is written where nobody stated something. Within
// src/legal. Pure.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "legal/documents.h"
#include "model/texts.h"

namespace quaywatch::legal {

inline constexpr Words kFeed{"Feed", "Fuente"};
inline constexpr Words kController{"Controller", "Responsable del tratamiento"};
inline constexpr Words kPurpose{"Purpose", "Finalidad"};
inline constexpr Words kLegalBasis{"Legal basis", "Base jurídica"};
inline constexpr Words kRetention{"Kept for", "Plazo de conservación"};
inline constexpr Words kContact{"Contact", "Contacto"};
inline constexpr Words kOfficer{"Data protection officer", "Delegado de protección de datos"};
inline constexpr Words kTransfers{"Transfers to third countries", "Transferencias a terceros países"};

struct Speaking {
  Language language;

  std::string in(const Words& words) const { return std::string(words.in(language)); }
  std::string meaning(std::string_view sentence) const { return std::string(meaning_in(language, sentence)); }
  template <typename... Values>
  std::string fill(const Words& words, const Values&... values) const {
    return fmt::format(fmt::runtime(words.in(language)), values...);
  }
  std::vector<std::string> heads(std::initializer_list<Words> all) const;
  // A key of [legal] in site.toml.
  Cell stated(const Statements& statements, std::string_view key) const;
  // A key of the table [controller] of the feed's contract.
  Cell of_feed(const Feed& feed, const std::string& value, std::string_view key) const;
};

}  // namespace quaywatch::legal
