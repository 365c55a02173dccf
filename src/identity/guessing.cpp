#include "identity/guessing.h"

#include <zxcvbn.h>

namespace quaywatch::identity {

bool is_guessable(const std::string& password, const std::vector<std::string>& known) {
  constexpr double kBits = 33.2;  // log2 of 10^10
  std::vector<const char*> words;
  for (const std::string& word : known) words.push_back(word.c_str());
  words.push_back(nullptr);
  return ZxcvbnMatch(password.c_str(), words.data(), nullptr) < kBits;
}

}  // namespace quaywatch::identity
