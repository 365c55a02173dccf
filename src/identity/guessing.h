// Guessing: whether a password is among the first ten thousand million guesses of whoever tries common passwords,
// words, names, dates, rows of keys and their usual disguises first. By zxcvbn (D. Wheeler, USENIX Security 2016),
// whose lists are in the library; English words for the most part. Thread-safe.
#pragma once

#include <string>
#include <vector>

namespace quaywatch::identity {

// `known`: what such a person knows of the user, such as the login.
bool is_guessable(const std::string& password, const std::vector<std::string>& known);

}  // namespace quaywatch::identity
