#include "model/labels.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "fmt/format.h"
#include "model/quote.h"

namespace tidegate::model {
namespace {

constexpr char kLabelTag = 0x0A;
constexpr char kNameTag = 0x0A;
constexpr char kValueTag = 0x12;

void AppendVarint(uint64_t value, std::string* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

size_t VarintSize(uint64_t value) {
  size_t size = 1;
  while (value >= 0x80) {
    value >>= 7;
    ++size;
  }
  return size;
}

// Reads a varint of at most 64 bits; false at the end of the bytes or beyond ten of them.
bool ReadVarint(std::string_view* in, uint64_t* value) {
  uint64_t result = 0;
  for (size_t i = 0; i < in->size() && i < 10; ++i) {
    const uint8_t byte = static_cast<uint8_t>((*in)[i]);
    result |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      in->remove_prefix(i + 1);
      *value = result;
      return true;
    }
  }
  return false;
}

// For bytes that are known to be well formed.
std::string_view TakeTrusted(std::string_view bytes, size_t* at) {
  uint64_t size = 0;
  int shift = 0;
  uint8_t byte;
  do {
    byte = static_cast<uint8_t>(bytes[(*at)++]);
    size |= static_cast<uint64_t>(byte & 0x7f) << shift;
    shift += 7;
  } while (byte >= 0x80);
  const std::string_view field = bytes.substr(*at, size);
  *at += size;
  return field;
}

// Takes `size` bytes from the front of `in`; false when there are fewer.
bool TakeBytes(std::string_view* in, uint64_t size, std::string_view* out) {
  if (size > in->size()) return false;
  *out = in->substr(0, size);
  in->remove_prefix(size);
  return true;
}

bool TakeLengthDelimited(std::string_view* in, std::string_view* out) {
  uint64_t size = 0;
  return ReadVarint(in, &size) && TakeBytes(in, size, out);
}

absl::Status BrokenFraming() { return absl::InvalidArgumentError("label bytes are malformed"); }

// Skips a field that is not ours, as every protobuf reader does.
bool SkipField(std::string_view* in, uint64_t tag) {
  uint64_t ignored = 0;
  std::string_view bytes;
  switch (tag & 7) {
    case 0:
      return ReadVarint(in, &ignored);
    case 1:
      return TakeBytes(in, 8, &bytes);
    case 2:
      return TakeLengthDelimited(in, &bytes);
    case 5:
      return TakeBytes(in, 4, &bytes);
    default:
      return false;
  }
}

// One Label message in any legal encoding: fields in any order, the last one wins.
bool ReadLabelMessage(std::string_view message, Label* label) {
  while (!message.empty()) {
    uint64_t tag = 0;
    if (!ReadVarint(&message, &tag) || (tag >> 3) == 0) return false;
    std::string_view* field = tag == kNameTag    ? &label->name
                              : tag == kValueTag ? &label->value
                                                 : nullptr;
    const bool ok =
        field != nullptr ? TakeLengthDelimited(&message, field) : SkipField(&message, tag);
    if (!ok) return false;
  }
  return true;
}

std::vector<std::pair<std::string, std::string>>::iterator Find(
    std::vector<std::pair<std::string, std::string>>& labels, std::string_view name) {
  return std::lower_bound(labels.begin(), labels.end(), name,
                          [](const auto& label, std::string_view n) { return label.first < n; });
}

}  // namespace

void LabelIterator::Read() {
  size_ = 0;
  if (rest_.empty()) return;
  size_t at = 1;
  const std::string_view message = TakeTrusted(rest_, &at);
  size_ = at;
  at = 1;
  label_.name = TakeTrusted(message, &at);
  ++at;
  label_.value = TakeTrusted(message, &at);
}

std::string_view LabelsView::Get(std::string_view name) const {
  for (const Label& label : *this) {
    if (label.name == name) return label.value;
    if (label.name > name) break;
  }
  return {};
}

size_t LabelsView::size() const {
  size_t count = 0;
  for (auto it = begin(); it != end(); ++it) ++count;
  return count;
}

std::string Labels::SortedBytes(std::vector<std::pair<std::string, std::string>> pairs) {
  std::string bytes;
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (size_t i = 0; i < pairs.size(); ++i) {
    const bool replaced = i + 1 < pairs.size() && pairs[i + 1].first == pairs[i].first;
    if (!replaced && !pairs[i].second.empty()) {
      AppendLabelBytes(pairs[i].first, pairs[i].second, &bytes);
    }
  }
  return bytes;
}

Labels Labels::FromCanonical(std::string bytes) {
  Labels labels;
  labels.bytes_ = std::move(bytes);
  return labels;
}

namespace {

// How many bytes both begin with.
size_t CommonPrefix(std::string_view a, std::string_view b) {
  const size_t shorter = std::min(a.size(), b.size());
  size_t at = 0;
  for (; at + 8 <= shorter; at += 8) {
    uint64_t x, y;
    std::memcpy(&x, a.data() + at, sizeof x);
    std::memcpy(&y, b.data() + at, sizeof y);
    if (x != y) return at + static_cast<size_t>(std::countr_zero(x ^ y)) / 8;
  }
  while (at < shorter && a[at] == b[at]) ++at;
  return at;
}

}  // namespace

// Equal labels are equal bytes: they are passed over without reading them.
int Compare(LabelsView a, LabelsView b) {
  const std::string_view x = a.bytes();
  const std::string_view y = b.bytes();
  const size_t same = CommonPrefix(x, y);
  if (same == x.size() || same == y.size()) return (same < x.size()) - (same < y.size());
  size_t at = 0;  // Of the label that begins last in front of the difference.
  for (size_t next = 0; next <= same;) {
    at = next++;
    TakeTrusted(x, &next);
  }
  const Label left = *LabelIterator(x.substr(at));
  const Label right = *LabelIterator(y.substr(at));
  const int by_name = left.name.compare(right.name);
  return by_name != 0 ? by_name : left.value.compare(right.value);
}

namespace {

bool IsLegacyName(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

void AppendPair(const Label& label, std::string* out) {
  if (!out->empty() && out->back() != '{') out->append(", ");
  if (IsLegacyName(label.name)) {
    out->append(label.name);
  } else {
    AppendQuoted(label.name, out);
  }
  out->push_back('=');
  AppendQuoted(label.value, out);
}

bool IsLegacyMetricName(std::string_view name) {
  std::string without_colons(name);
  std::replace(without_colons.begin(), without_colons.end(), ':', '_');
  return IsLegacyName(without_colons);
}

}  // namespace

std::string ToString(LabelsView labels) {
  std::string out = "{";
  for (const Label& label : labels) AppendPair(label, &out);
  out.push_back('}');
  return out;
}

std::string ToMetricString(LabelsView labels) {
  const std::string_view name = labels.metric_name();
  if (name.empty()) return ToString(labels);
  std::string pairs = "{";
  if (!IsLegacyMetricName(name)) AppendQuoted(name, &pairs);
  for (const Label& label : labels) {
    if (label.name != kMetricNameLabel) AppendPair(label, &pairs);
  }
  pairs.push_back('}');
  if (!IsLegacyMetricName(name)) return pairs;
  return pairs == "{}" ? std::string(name) : std::string(name) + pairs;
}

LabelsBuilder::LabelsBuilder(LabelsView base) {
  for (const Label& label : base) labels_.emplace_back(label.name, label.value);
}

LabelsBuilder& LabelsBuilder::Set(std::string_view name, std::string_view value) {
  auto it = Find(labels_, name);
  const bool found = it != labels_.end() && it->first == name;
  if (value.empty()) {
    if (found) labels_.erase(it);
  } else if (found) {
    it->second = value;
  } else {
    labels_.emplace(it, name, value);
  }
  return *this;
}

LabelsBuilder& LabelsBuilder::Keep(const std::vector<std::string>& names) {
  std::erase_if(labels_, [&](const auto& label) {
    return std::find(names.begin(), names.end(), label.first) == names.end();
  });
  return *this;
}

LabelsBuilder& LabelsBuilder::Drop(const std::vector<std::string>& names) {
  std::erase_if(labels_, [&](const auto& label) {
    return std::find(names.begin(), names.end(), label.first) != names.end();
  });
  return *this;
}

std::string_view LabelsBuilder::Get(std::string_view name) const {
  for (const auto& [key, value] : labels_) {
    if (key == name) return value;
  }
  return {};
}

Labels LabelsBuilder::Build() const {
  std::string bytes;
  for (const auto& [name, value] : labels_) AppendLabelBytes(name, value, &bytes);
  return Labels::FromCanonical(std::move(bytes));
}

void AppendLabelBytes(std::string_view name, std::string_view value, std::string* out) {
  const size_t message =
      2 + VarintSize(name.size()) + name.size() + VarintSize(value.size()) + value.size();
  out->push_back(kLabelTag);
  AppendVarint(message, out);
  out->push_back(kNameTag);
  AppendVarint(name.size(), out);
  out->append(name);
  out->push_back(kValueTag);
  AppendVarint(value.size(), out);
  out->append(value);
}

absl::Status CheckLabelBytes(std::string_view bytes) {
  std::string_view rest = bytes;
  std::string_view previous;
  std::string canonical;
  while (!rest.empty()) {
    const std::string_view before = rest;
    std::string_view message;
    Label label;
    if (rest[0] != kLabelTag) return BrokenFraming();
    rest.remove_prefix(1);
    if (!TakeLengthDelimited(&rest, &message) || !ReadLabelMessage(message, &label)) {
      return BrokenFraming();
    }
    if (label.name.empty()) return absl::InvalidArgumentError("a label name is empty");
    if (label.value.empty()) {
      return absl::InvalidArgumentError(fmt::format("label {} has an empty value", label.name));
    }
    if (label.name == previous) {
      return absl::InvalidArgumentError(fmt::format("duplicated label {}", label.name));
    }
    if (label.name < previous) {
      return absl::InvalidArgumentError(fmt::format("label {} is out of order", label.name));
    }
    if (!IsValidUtf8(label.name) || !IsValidUtf8(label.value)) {
      return absl::InvalidArgumentError("a label is not valid UTF-8");
    }
    canonical.clear();
    AppendLabelBytes(label.name, label.value, &canonical);
    if (canonical != before.substr(0, before.size() - rest.size())) return BrokenFraming();
    previous = label.name;
  }
  return absl::OkStatus();
}

absl::StatusOr<Labels> CanonicalLabels(std::string_view bytes) {
  std::vector<Label> labels;
  while (!bytes.empty()) {
    uint64_t tag = 0;
    std::string_view message;
    Label label;
    if (!ReadVarint(&bytes, &tag) || tag != kLabelTag || !TakeLengthDelimited(&bytes, &message) ||
        !ReadLabelMessage(message, &label)) {
      return BrokenFraming();
    }
    if (label.name.empty()) return absl::InvalidArgumentError("a label name is empty");
    if (!IsValidUtf8(label.name) || !IsValidUtf8(label.value)) {
      return absl::InvalidArgumentError("a label is not valid UTF-8");
    }
    labels.push_back(label);
  }
  std::sort(labels.begin(), labels.end(),
            [](const Label& a, const Label& b) { return a.name < b.name; });
  std::string canonical;
  for (size_t i = 0; i < labels.size(); ++i) {
    if (i > 0 && labels[i].name == labels[i - 1].name) {
      return absl::InvalidArgumentError(fmt::format("duplicated label {}", labels[i].name));
    }
    if (!labels[i].value.empty()) AppendLabelBytes(labels[i].name, labels[i].value, &canonical);
  }
  return Labels::FromCanonical(std::move(canonical));
}

}  // namespace tidegate::model
