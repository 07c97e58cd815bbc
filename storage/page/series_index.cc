#include "storage/page/series_index.h"

#include <algorithm>
#include <cstring>

#include "storage/codec/bytes.h"

namespace tidegate::storage {
namespace {

absl::Status NotAnIndex(std::string_view what) {
  return absl::DataLossError("not the index of a segment: " + std::string(what));
}

template <typename T>
uint32_t Load(std::string_view bytes, uint32_t index) {
  T value;
  std::memcpy(&value, bytes.data() + size_t{index} * sizeof(T), sizeof(T));
  return value;
}

int IdBytes(uint64_t values) { return values <= 256 ? 1 : values <= 65536 ? 2 : 4; }

// Reads the stretches of one label; returns how many series have it, 0 when they make no sense.
uint64_t ReadStretches(ByteReader* in, uint32_t series_count, std::vector<LabelStretch>* out) {
  const uint64_t count = in->Count(2);
  uint64_t at = 0;
  uint64_t present = 0;
  out->reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t gap = in->Varint();
    const uint64_t length = in->Varint();
    if (!in->ok() || length == 0 || gap > series_count - at || length > series_count - at - gap) {
      return 0;
    }
    at += gap + length;
    out->push_back({.begin = static_cast<uint32_t>(at - length),
                    .end = static_cast<uint32_t>(at),
                    .ids = static_cast<uint32_t>(present)});
    present += length;
  }
  return present;
}

bool ReadPages(ByteReader* in, uint32_t series_count, model::TimestampMs least,
               std::vector<PageEntry>* pages) {
  const uint64_t count = in->Count(7);
  pages->reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    PageEntry page;
    page.kind = static_cast<PageKind>(in->U8());
    page.ordinal = static_cast<uint32_t>(in->Varint());
    const uint64_t first = in->Varint();
    const uint64_t more = in->Varint();
    const uint64_t offset = in->Varint();
    const uint64_t length = in->Varint();
    page.bytes = in->Varint();
    const uint64_t room = static_cast<uint64_t>(model::kMaxTimestamp - least);
    if (!in->ok() || first >= series_count || more >= series_count - first || offset > room ||
        length > room - offset) {
      return false;
    }
    page.first_series = static_cast<uint32_t>(first);
    page.last_series = static_cast<uint32_t>(first + more);
    page.range.min = least + static_cast<int64_t>(offset);
    page.range.max = page.range.min + static_cast<int64_t>(length);
    pages->push_back(page);
  }
  std::stable_sort(pages->begin(), pages->end(),
                   [](const PageEntry& a, const PageEntry& b) { return a.kind < b.kind; });
  // What PagesOf's search stands on.
  return std::adjacent_find(pages->begin(), pages->end(), [](const auto& a, const auto& b) {
           return a.kind == b.kind && (a.ordinal >= b.ordinal || a.last_series > b.last_series ||
                                       a.first_series > b.first_series);
         }) == pages->end();
}

// Times fit into 32 bits of ticks; no segment spans more than all of time.
constexpr int64_t kMostTick = (model::kMaxTimestamp - model::kMinTimestamp) / UINT32_MAX + 1;

}  // namespace

uint32_t LabelColumn::IdAt(uint32_t index) const {
  if (id_bytes == 1) return Load<uint8_t>(ids, index);
  if (id_bytes == 2) return Load<uint16_t>(ids, index);
  return Load<uint32_t>(ids, index);
}

bool LabelColumn::Find(uint32_t series, uint32_t* id) const {
  const auto at = std::upper_bound(stretches.begin(), stretches.end(), series,
                                   [](uint32_t s, const LabelStretch& l) { return s < l.end; });
  if (at == stretches.end() || series < at->begin) return false;
  *id = IdAt(at->ids + (series - at->begin));
  return true;
}

absl::StatusOr<std::shared_ptr<const SeriesIndex>> SeriesIndex::Parse(
    std::vector<std::string> sections) {
  if (sections.size() != 4) return NotAnIndex("the number of sections");
  std::shared_ptr<SeriesIndex> index(new SeriesIndex());
  index->names_ = std::move(sections[0]);
  index->values_ = std::move(sections[1]);
  index->ids_ = std::move(sections[2]);
  if (absl::Status status = index->ParseHead(index->names_); !status.ok()) return status;
  if (!index->ParseValues()) return NotAnIndex("the label values");
  if (!index->ParseIds()) return NotAnIndex("the value numbers");
  if (sections[3].size() != size_t{index->series_count_} * 2 * sizeof(uint32_t)) {
    return NotAnIndex("the series' times");
  }
  index->times_.resize(size_t{index->series_count_} * 2);
  std::memcpy(index->times_.data(), sections[3].data(), sections[3].size());
  index->value_counts_ = {};
  return index;
}

absl::Status SeriesIndex::ParseHead(std::string_view head) {
  ByteReader in(head);
  const uint64_t series = in.Varint();
  least_time_ = in.Zigzag();
  tick_ = static_cast<int64_t>(in.Varint());
  const uint64_t labels = in.Count(3);
  if (!in.ok() || series == 0 || series > UINT32_MAX / 2 || least_time_ < model::kMinTimestamp ||
      least_time_ > model::kMaxTimestamp || tick_ <= 0 || tick_ > kMostTick) {
    return NotAnIndex("the counts");
  }
  series_count_ = static_cast<uint32_t>(series);
  for (uint64_t i = 0; i < labels; ++i) {
    LabelColumn label;
    label.name = in.Bytes();
    const uint64_t values = in.Varint();
    const uint64_t present = ReadStretches(&in, series_count_, &label.stretches);
    if (!in.ok() || label.name.empty() || present == 0 || values == 0 || values > present ||
        (!labels_.empty() && label.name <= labels_.back().name)) {
      return NotAnIndex("a label");
    }
    label.id_bytes = IdBytes(values);
    value_counts_.push_back(static_cast<uint32_t>(values));
    labels_.push_back(std::move(label));
  }
  if (!ReadPages(&in, series_count_, least_time_, &pages_)) return NotAnIndex("a page's entry");
  return in.done() ? absl::OkStatus() : NotAnIndex("the head");
}

bool SeriesIndex::ParseValues() {
  ByteReader in(values_);
  for (size_t i = 0; i < labels_.size(); ++i) {
    std::vector<std::string_view>& values = labels_[i].values;
    if (value_counts_[i] > in.remaining()) return false;
    values.reserve(value_counts_[i]);
    for (uint32_t v = 0; v < value_counts_[i]; ++v) {
      const std::string_view value = in.Bytes();
      if (value.empty() || (v > 0 && value <= values.back())) return false;
      values.push_back(value);
    }
  }
  return in.done();
}

bool SeriesIndex::ParseIds() {
  ByteReader in(ids_);
  for (LabelColumn& label : labels_) {
    const LabelStretch& last = label.stretches.back();
    const uint32_t present = last.ids + (last.end - last.begin);
    label.ids = in.Take(uint64_t{present} * static_cast<uint64_t>(label.id_bytes));
    if (!in.ok()) return false;
    for (uint32_t i = 0; i < present; ++i) {
      if (label.IdAt(i) >= label.values.size()) return false;
    }
  }
  return in.done();
}

model::Labels LabelWalker::At(uint32_t series) {
  bytes_.clear();
  for (size_t i = 0; i < positions_.size(); ++i) {
    const LabelColumn& label = index_->labels()[i];
    uint32_t& at = positions_[i];
    while (at < label.stretches.size() && label.stretches[at].end <= series) ++at;
    if (at == label.stretches.size() || series < label.stretches[at].begin) continue;
    const LabelStretch& stretch = label.stretches[at];
    const uint32_t id = label.IdAt(stretch.ids + (series - stretch.begin));
    model::AppendLabelBytes(label.name, label.values[id], &bytes_);
  }
  return model::Labels(model::LabelsView(bytes_));
}

model::TimeRange SeriesIndex::RangeOf(uint32_t series) const {
  return {.min = least_time_ + int64_t{times_[series]} * tick_,
          .max = least_time_ + int64_t{times_[series_count_ + series]} * tick_};
}

const LabelColumn* SeriesIndex::FindLabel(std::string_view name) const {
  const auto at =
      std::lower_bound(labels_.begin(), labels_.end(), name,
                       [](const LabelColumn& l, std::string_view n) { return l.name < n; });
  return at != labels_.end() && at->name == name ? &*at : nullptr;
}

std::vector<const PageEntry*> SeriesIndex::PagesOf(PageKind kind, uint32_t series,
                                                   const model::TimeRange& range) const {
  std::vector<const PageEntry*> found;
  auto page = std::lower_bound(pages_.begin(), pages_.end(), std::make_pair(kind, series),
                               [](const PageEntry& p, const std::pair<PageKind, uint32_t>& wanted) {
                                 return std::make_pair(p.kind, p.last_series) < wanted;
                               });
  for (; page != pages_.end() && page->kind == kind && page->first_series <= series; ++page) {
    if (page->range.Overlaps(range)) found.push_back(&*page);
  }
  return found;
}

size_t SeriesIndex::memory_bytes() const {
  size_t bytes = sizeof(*this) + names_.size() + values_.size() + ids_.size() +
                 times_.size() * sizeof(uint32_t) + pages_.size() * sizeof(PageEntry);
  for (const LabelColumn& label : labels_) {
    bytes += sizeof(label) + label.values.size() * sizeof(std::string_view) +
             label.stretches.size() * sizeof(LabelStretch);
  }
  return bytes;
}

}  // namespace tidegate::storage
