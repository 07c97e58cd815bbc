// Label sets and their canonical bytes.
//
// Canonical label bytes are what a well-behaved remote-write 1.0 sender puts on the wire for the
// labels of a series (prometheus/prompb/types.proto, TimeSeries.labels), back to back:
//
//   0x0A varint(n) 0x0A varint(name size) name 0x12 varint(value size) value      per label
//
// with minimal varints, names strictly ascending in byte order and no empty name or value. They are
// the identity of a series (see series_id.h): stable on disk, hashed as they arrive.
#ifndef TIDEGATE_MODEL_LABELS_H_
#define TIDEGATE_MODEL_LABELS_H_

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tidegate::model {

inline constexpr std::string_view kMetricNameLabel = "__name__";

// One label; the views live as long as the bytes they were read from.
struct Label {
  std::string_view name;
  std::string_view value;
  friend bool operator==(const Label&, const Label&) = default;
};

// Reads label bytes one label at a time. The bytes must be well formed (CheckLabelBytes) or come
// from a Labels; it does not own them.
class LabelIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = Label;
  using difference_type = std::ptrdiff_t;
  using pointer = const Label*;
  using reference = const Label&;

  LabelIterator() = default;
  explicit LabelIterator(std::string_view rest) : rest_(rest) { Read(); }

  reference operator*() const { return label_; }
  pointer operator->() const { return &label_; }
  LabelIterator& operator++() {
    rest_.remove_prefix(size_);
    Read();
    return *this;
  }
  void operator++(int) { ++*this; }
  friend bool operator==(const LabelIterator& a, const LabelIterator& b) {
    return a.rest_.size() == b.rest_.size();
  }

 private:
  void Read();

  std::string_view rest_;
  size_t size_ = 0;
  Label label_;
};

// A view of canonical label bytes; copy freely, the bytes must outlive it.
class LabelsView {
 public:
  LabelsView() = default;
  explicit LabelsView(std::string_view canonical_bytes) : bytes_(canonical_bytes) {}

  std::string_view bytes() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }
  LabelIterator begin() const { return LabelIterator(bytes_); }
  LabelIterator end() const { return LabelIterator(); }
  // The value of `name`, empty when there is no such label (an empty value and a missing label are
  // the same thing). O(labels).
  std::string_view Get(std::string_view name) const;
  bool Has(std::string_view name) const { return !Get(name).empty(); }
  std::string_view metric_name() const { return Get(kMetricNameLabel); }
  // Number of labels. O(labels).
  size_t size() const;

 private:
  std::string_view bytes_;
};

// An owned label set. Immutable; cheap to move.
class Labels {
 public:
  Labels() = default;
  // Sorts the pairs by name, drops pairs with an empty value. A name given twice keeps the last
  // one.
  Labels(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs)
      : Labels(std::vector<std::pair<std::string, std::string>>(pairs.begin(), pairs.end())) {}
  // Templates so that a brace list of pairs means only the constructor above.
  template <std::same_as<std::vector<std::pair<std::string, std::string>>> Pairs>
  explicit Labels(Pairs pairs) : bytes_(SortedBytes(std::move(pairs))) {}
  template <std::same_as<LabelsView> View>
  explicit Labels(View view) : bytes_(view.bytes()) {}
  // Takes bytes that are known to be canonical (CheckLabelBytes).
  static Labels FromCanonical(std::string bytes);

  LabelsView view() const { return LabelsView(bytes_); }
  operator LabelsView() const { return view(); }  // NOLINT: a Labels is a LabelsView that owns.
  std::string_view bytes() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }
  LabelIterator begin() const { return view().begin(); }
  LabelIterator end() const { return view().end(); }
  std::string_view Get(std::string_view name) const { return view().Get(name); }
  bool Has(std::string_view name) const { return view().Has(name); }
  std::string_view metric_name() const { return view().metric_name(); }
  size_t size() const { return view().size(); }

  friend bool operator==(const Labels&, const Labels&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Labels& labels) {
    return H::combine(std::move(h), labels.bytes_);
  }

 private:
  static std::string SortedBytes(std::vector<std::pair<std::string, std::string>> pairs);

  std::string bytes_;
};

// Prometheus' order of series (labels.Compare): label by label, name before value; a prefix comes
// first. Negative, zero or positive like strcmp.
int Compare(LabelsView a, LabelsView b);
inline bool operator<(const Labels& a, const Labels& b) { return Compare(a, b) < 0; }

// {a="b", c="d"} as Prometheus prints label sets in error texts; __name__ is printed as a label.
std::string ToString(LabelsView labels);
// name{a="b"} as Prometheus prints a series (labels.Labels.String for metrics).
std::string ToMetricString(LabelsView labels);

// Edits a label set: start from a set or from nothing, set and erase, build. Not thread safe.
class LabelsBuilder {
 public:
  LabelsBuilder() = default;
  explicit LabelsBuilder(LabelsView base);

  // An empty value erases.
  LabelsBuilder& Set(std::string_view name, std::string_view value);
  LabelsBuilder& Erase(std::string_view name) { return Set(name, {}); }
  // Keeps only / drops the given names.
  LabelsBuilder& Keep(const std::vector<std::string>& names);
  LabelsBuilder& Drop(const std::vector<std::string>& names);
  std::string_view Get(std::string_view name) const;
  Labels Build() const;

 private:
  std::vector<std::pair<std::string, std::string>> labels_;  // Sorted by name, unique.
};

// Appends the canonical bytes of one label. Callers keep the order.
void AppendLabelBytes(std::string_view name, std::string_view value, std::string* out);

// Ok when `bytes` are well-formed label bytes in canonical form. InvalidArgument names what is
// wrong: broken framing, a label out of order, a duplicate, an empty name or value, invalid UTF-8.
absl::Status CheckLabelBytes(std::string_view bytes);

// Brings label bytes as they arrived into canonical form: any protobuf field order and varint
// length is accepted, labels are sorted, labels with an empty value are dropped. InvalidArgument
// for broken framing, an empty or duplicate name, invalid UTF-8.
absl::StatusOr<Labels> CanonicalLabels(std::string_view bytes);

bool IsValidUtf8(std::string_view text);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_LABELS_H_
