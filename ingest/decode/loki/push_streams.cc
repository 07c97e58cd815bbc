#include "ingest/decode/loki/push_streams.h"

#include <string>
#include <utility>

#include "fmt/format.h"
#include "ingest/decode/loki/stream_labels.h"
#include "model/quote.h"

namespace tidegate::ingest {
namespace {

constexpr size_t kMaxShownBytes = 256;

bool IsLabelName(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && !(c >= '0' && c <= '9')) return false;
  }
  return true;
}

std::string Text(const std::vector<model::Label>& labels) {
  std::string text = "{";
  for (const model::Label& label : labels) {
    if (text.size() > 1) text += ", ";
    text += fmt::format("{}={}", label.name, model::Quoted(label.value));
  }
  return text + "}";
}

}  // namespace

PushStreams::PushStreams(DecodedPush* push) : push_(*push), metadata_(&push->arena) {}

void PushStreams::BeginStream(std::string_view labels_text) {
  const absl::Status status = ParseStreamLabels(labels_text, &push_.arena, &labels_);
  if (status.ok()) return Open(labels_);
  Refuse(labels_text, status);
}

void PushStreams::BeginStream(std::vector<model::Label> labels) {
  SortLabels(&labels);
  for (const model::Label& label : labels) {
    if (!IsLabelName(label.name)) {
      return Refuse(Text(labels), absl::InvalidArgumentError(fmt::format(
                                      "{} is no label name", model::Quoted(label.name))));
    }
    if (!model::IsValidUtf8(label.value)) {
      return Refuse(Text(labels), absl::InvalidArgumentError("a value that is not UTF-8"));
    }
  }
  Open(labels);
}

void PushStreams::Open(const std::vector<model::Label>& labels) {
  readable_ = true;
  model::BatchSeries series;
  series.label_bytes = LabelBytes(labels, &push_.arena);
  series.entries_begin = static_cast<uint32_t>(push_.batch.entries.size());
  push_.batch.series.push_back(series);
}

void PushStreams::Refuse(std::string_view labels_text, const absl::Status& status) {
  readable_ = false;
  unreadable_entries_ = 0;
  const std::string shown(labels_text.substr(0, kMaxShownBytes));
  push_.unreadable_streams.push_back({fmt::format("error parsing labels '{}' with error: {}", shown,
                                                  std::string(status.message())),
                                      0});
}

void PushStreams::AddEntry(model::TimestampNs timestamp, std::string_view line) {
  const std::string_view metadata = metadata_.Finish();
  if (!readable_) {
    ++unreadable_entries_;
    return;
  }
  push_.batch.entries.push_back({timestamp, line, metadata});
}

void PushStreams::EndStream() {
  if (readable_) {
    push_.batch.series.back().entries_end = static_cast<uint32_t>(push_.batch.entries.size());
  } else {
    push_.unreadable_streams.back().entries = unreadable_entries_;
  }
}

}  // namespace tidegate::ingest
