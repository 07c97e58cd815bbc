#include "query/vector/sorted_window.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace tidegate::query {
namespace {

// Below this sorting is as quick.
constexpr size_t kSmall = 8;

constexpr int64_t kNanKey = std::numeric_limits<int64_t>::min();

// The bits of a double are ordered like it, but that those of negative numbers run backwards.
int64_t KeyOf(double value) {
  if (std::isnan(value)) return kNanKey;
  const auto bits = std::bit_cast<int64_t>(value);
  return bits >= 0 ? bits : bits ^ std::numeric_limits<int64_t>::max();
}

double ValueOf(int64_t key) {
  if (key == kNanKey) return std::numeric_limits<double>::quiet_NaN();
  return std::bit_cast<double>(key >= 0 ? key : key ^ std::numeric_limits<int64_t>::max());
}

}  // namespace

void SortedWindow::Clear() {
  keys_.clear();
  begin_ = end_ = 0;
}

void SortedWindow::Insert(double value) {
  const int64_t key = KeyOf(value);
  keys_.insert(std::upper_bound(keys_.begin(), keys_.end(), key), key);
}

void SortedWindow::Remove(double value) {
  keys_.erase(std::lower_bound(keys_.begin(), keys_.end(), KeyOf(value)));
}

void SortedWindow::MoveTo(std::span<const double> column, size_t begin, size_t end) {
  const size_t exchanged = (begin - begin_) + (end - end_);
  if (begin >= end_ || end - begin < kSmall || exchanged > (end - begin) / 4) {
    keys_.clear();
    for (const double value : column.subspan(begin, end - begin)) keys_.push_back(KeyOf(value));
    std::sort(keys_.begin(), keys_.end());
  } else {
    for (size_t i = begin_; i < begin; ++i) Remove(column[i]);
    for (size_t i = end_; i < end; ++i) Insert(column[i]);
  }
  begin_ = begin;
  end_ = end;
}

double SortedWindow::operator[](size_t i) const { return ValueOf(keys_[i]); }

}  // namespace tidegate::query
