#include "control/scrape/series_cache.h"

#include <algorithm>
#include <utility>

namespace tidegate::control {
namespace {

// A target whose scrapes all fail may write other series each time: beyond twice the last good
// number and this many, they are let go.
constexpr size_t kSpareTexts = 1000;

}  // namespace

std::optional<uint32_t> SeriesCache::Find(std::string_view text) {
  const model::SeriesId id = model::HashLabelBytes(text);
  if (expected_ < series_.size() && series_[expected_].text == id) {
    return static_cast<uint32_t>(expected_++);
  }
  const auto found = by_text_.find(id);
  if (found == by_text_.end()) return std::nullopt;
  expected_ = found->second + size_t{1};
  return found->second;
}

uint32_t SeriesCache::Add(std::string_view text, std::string_view label_bytes) {
  Series series;
  series.text = model::HashLabelBytes(text);
  series.begin = static_cast<uint32_t>(bytes_.size());
  series.size = static_cast<uint32_t>(label_bytes.size());
  bytes_.append(label_bytes);
  if (!orphans_.empty()) orphans_.erase(model::HashLabelBytes(label_bytes));
  const auto number = static_cast<uint32_t>(series_.size());
  by_text_[series.text] = number;
  series_.push_back(series);
  expected_ = series_.size();
  return number;
}

bool SeriesCache::Mark(uint32_t series, bool lasting) {
  Series& one = series_[series];
  if (one.marked == scrape_) return false;
  one.marked = scrape_;
  one.lasting = lasting;
  return true;
}

bool SeriesCache::NoteExemplar(uint32_t series, std::string_view text) {
  const uint64_t hash = model::HashLabelBytes(text).low | 1;
  return std::exchange(series_[series].exemplar, hash) != hash;
}

void SeriesCache::ReportOrphans(const Gone& gone) {
  for (const auto& [id, label_bytes] : orphans_) gone(label_bytes);
  orphans_.clear();
}

void SeriesCache::End(const Gone& gone) {
  bool all_marked = true;
  for (Series& one : series_) {
    const bool there = one.marked == scrape_;
    all_marked = all_marked && there;
    const bool alive = there && one.lasting;
    if (one.alive && !alive) gone(LabelBytes(static_cast<uint32_t>(&one - series_.data())));
    one.alive = alive;
  }
  ReportOrphans(gone);
  if (!all_marked) DropUnmarked();
  last_size_ = series_.size();
  ++scrape_;
  expected_ = 0;
}

void SeriesCache::EndWithout(const Gone& gone) {
  for (Series& one : series_) {
    if (one.alive) gone(LabelBytes(static_cast<uint32_t>(&one - series_.data())));
    one.alive = false;
  }
  ReportOrphans(gone);
  if (series_.size() > last_size_ * 2 + kSpareTexts) DropUnmarked();
  ++scrape_;
  expected_ = 0;
}

void SeriesCache::DropUnmarked() {
  std::string bytes;
  bytes.reserve(bytes_.size());
  std::erase_if(series_, [this](const Series& one) { return one.marked != scrape_; });
  by_text_.clear();
  for (Series& one : series_) {
    const auto begin = static_cast<uint32_t>(bytes.size());
    bytes.append(bytes_, one.begin, one.size);
    one.begin = begin;
    by_text_[one.text] = static_cast<uint32_t>(&one - series_.data());
  }
  bytes_ = std::move(bytes);
}

void SeriesCache::ForgetTexts() {
  for (const Series& one : series_) {
    if (!one.alive) continue;
    const std::string_view label_bytes = std::string_view(bytes_).substr(one.begin, one.size);
    orphans_.emplace(model::HashLabelBytes(label_bytes), label_bytes);
  }
  series_.clear();
  by_text_.clear();
  bytes_.clear();
  expected_ = 0;
}

}  // namespace tidegate::control
