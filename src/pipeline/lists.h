// Short lists that hold each thing once, in the order it came.
#pragma once

#include <algorithm>
#include <vector>

namespace quaywatch::pipeline {

template <typename T>
bool contains(const std::vector<T>& list, const T& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}
template <typename T>
void add_new(std::vector<T>& list, const T& item) {
  if (!contains(list, item)) list.push_back(item);
}

}  // namespace quaywatch::pipeline
