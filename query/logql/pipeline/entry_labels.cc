#include "query/logql/pipeline/entry_labels.h"

#include <algorithm>
#include <utility>

namespace tidegate::logql {
namespace {

constexpr std::string_view kExtractedSuffix = "_extracted";

std::vector<EntryLabels::Item> ItemsOf(const model::Labels& labels, LabelCategory category) {
  std::vector<EntryLabels::Item> items;
  for (const model::Label& label : labels) {
    items.push_back({label.name, label.value, category, false});
  }
  return items;
}

}  // namespace

void EntryLabels::SetStream(const model::Labels& stream) {
  stream_ = ItemsOf(stream, LabelCategory::kStream);
  base_changed_ = true;
}

void EntryLabels::SetMetadata(const model::Labels& metadata) {
  metadata_ = ItemsOf(metadata, LabelCategory::kMetadata);
  base_changed_ = true;
}

void EntryLabels::Begin() {
  if (base_changed_) Rebase();
  items_.resize(base_size_);
  changed_ = false;
  preserves_error_ = false;
  if (has_error() || !error_details_.empty()) {
    error_.clear();
    error_details_.clear();
  }
  arena_.Reset();
}

void EntryLabels::Rebase() {
  items_ = stream_;
  renamed_.clear();
  renamed_.reserve(metadata_.size());  // Items point into it.
  for (Item item : metadata_) {
    if (Find(item.name) != nullptr) {
      item.name = renamed_.emplace_back(std::string(item.name).append(kExtractedSuffix));
      if (Find(item.name) != nullptr) continue;
    }
    items_.push_back(item);
  }
  base_size_ = items_.size();
  base_changed_ = false;
}

const EntryLabels::Item* EntryLabels::Find(std::string_view name) const {
  for (const Item& item : items_) {
    if (item.name == name && !item.erased) return &item;
  }
  return nullptr;
}

EntryLabels::Item* EntryLabels::Find(std::string_view name) {
  return const_cast<Item*>(std::as_const(*this).Find(name));
}

std::string_view EntryLabels::Get(std::string_view name) const {
  if (const Item* item = Find(name)) return item->value;
  if (name == kErrorLabel) return error_;
  if (name == kErrorDetailsLabel) return error_details_;
  return {};
}

bool EntryLabels::Has(std::string_view name) const {
  if (Find(name) != nullptr) return true;
  return (name == kErrorLabel || name == kErrorDetailsLabel) && !Get(name).empty();
}

LabelCategory EntryLabels::CategoryOf(std::string_view name) const {
  const Item* const item = Find(name);
  return item == nullptr ? LabelCategory::kParsed : item->category;
}

bool EntryLabels::HasParsed(std::string_view name) const {
  return std::any_of(
      items_.begin() + static_cast<ptrdiff_t>(base_size_), items_.end(), [name](const Item& item) {
        return item.name == name && item.category == LabelCategory::kParsed && !item.erased;
      });
}

bool EntryLabels::InBase(std::string_view name) const {
  return std::any_of(items_.begin(), items_.begin() + static_cast<ptrdiff_t>(base_size_),
                     [name](const Item& item) { return item.name == name; });
}

void EntryLabels::Extract(std::string_view name, std::string_view value) {
  std::string renamed;
  if (InBase(name)) {
    renamed = std::string(name).append(kExtractedSuffix);
    name = renamed;
  }
  if (const Item* known = Find(name)) {
    // Metadata that was renamed itself makes room; the first field does not.
    if (known->category == LabelCategory::kParsed) return;
    Erase(name);
  }
  items_.push_back({arena_.Copy(name), arena_.Copy(value), LabelCategory::kParsed, false});
  changed_ = true;
}

void EntryLabels::Set(LabelCategory category, std::string_view name, std::string_view value) {
  const std::string_view copy = arena_.Copy(value);
  Erase(name);
  items_.push_back({arena_.Copy(name), copy, category, false});
  changed_ = true;
}

void EntryLabels::Erase(std::string_view name) {
  if (name == kErrorLabel) error_.clear();
  if (name == kErrorDetailsLabel) error_details_.clear();
  Item* const item = Find(name);
  if (item == nullptr) return;
  item->erased = true;
  base_changed_ |= item->category != LabelCategory::kParsed;
  changed_ = true;
}

void EntryLabels::SetError(std::string_view error, std::string_view details) {
  error_ = error;
  error_details_ = details;
}

model::Labels EntryLabels::All() const { return Build(true, LabelCategory::kParsed); }

model::Labels EntryLabels::Of(LabelCategory category) const { return Build(false, category); }

model::Labels EntryLabels::Build(bool all, LabelCategory category) const {
  std::vector<std::pair<std::string_view, std::string_view>> pairs;
  for (const Item& item : items_) {
    if (!item.erased && (all || item.category == category)) {
      pairs.emplace_back(item.name, item.value);
    }
  }
  if (category == LabelCategory::kParsed) {
    if (!error_.empty()) pairs.emplace_back(kErrorLabel, error_);
    if (!error_details_.empty()) pairs.emplace_back(kErrorDetailsLabel, error_details_);
  }
  // Every name is there once, unless a line has a field that is named as errors are.
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string bytes;
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (i + 1 < pairs.size() && pairs[i + 1].first == pairs[i].first) continue;
    model::AppendLabelBytes(pairs[i].first, pairs[i].second, &bytes);
  }
  return model::Labels::FromCanonical(std::move(bytes));
}

}  // namespace tidegate::logql
