#include "storage/grpc/log_messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "proto/wire/matchers.h"
#include "proto/wire/points.h"

namespace tidegate::storage {
namespace {

// A message ends after this many entries, or when lines and metadata have passed this many bytes.
constexpr size_t kMaxEntriesPerMessage = 32 << 10;
constexpr size_t kMaxMessageTextBytes = 1 << 20;

absl::Status Nonsense(std::string_view what) {
  return absl::InternalError(fmt::format("a peer sent a batch of log entries with {}", what));
}

void ToWire(const LogRange& range, v1::LogRange* out) {
  out->set_begin(range.begin);
  out->set_end(range.end);
}

LogRange FromWire(const v1::LogRange& range) { return {range.begin(), range.end()}; }

void ToWire(const LineTest& test, v1::LineTest* out) {
  out->set_kind(test.kind == LineTest::Kind::kMatches ? v1::LineTest::MATCHES
                                                      : v1::LineTest::CONTAINS);
  for (const std::string& alternative : test.alternatives) out->add_alternatives(alternative);
  out->set_negated(test.negated);
}

absl::StatusOr<LineTest> FromWire(const v1::LineTest& test) {
  if (!v1::LineTest::Kind_IsValid(test.kind())) {
    return absl::InvalidArgumentError("an unknown kind of test on lines");
  }
  LineTest result;
  result.kind =
      test.kind() == v1::LineTest::MATCHES ? LineTest::Kind::kMatches : LineTest::Kind::kContains;
  result.alternatives.assign(test.alternatives().begin(), test.alternatives().end());
  result.negated = test.negated();
  return result;
}

// Fills messages from a batch, one after the other.
class MessageCutter {
 public:
  explicit MessageCutter(const LogBatch& batch) : batch_(batch) {}

  bool done() const { return at_ == batch_.timestamps.size(); }

  v1::LogBatch Next() {
    v1::LogBatch message;
    message.set_stream(std::string(batch_.stream->bytes()));
    message.set_has_lines(!batch_.lines.empty());
    if (at_ == 0) {
      message.set_lines_scanned(batch_.lines_scanned);
      message.set_bytes_scanned(batch_.bytes_scanned);
    }
    set_numbers_.assign(batch_.metadata_sets.size(), kUnused);
    text_bytes_ = 0;
    model::TimestampNs last = 0;
    for (int count = 0; !done() && count < int{kMaxEntriesPerMessage}; ++count, ++at_) {
      if (text_bytes_ >= kMaxMessageTextBytes) break;
      message.add_timestamp_deltas(batch_.timestamps[at_] - last);
      last = batch_.timestamps[at_];
      AddColumns(&message);
    }
    return message;
  }

 private:
  static constexpr uint32_t kUnused = UINT32_MAX;

  void AddColumns(v1::LogBatch* message) {
    if (!batch_.line_sizes.empty()) message->add_line_sizes(batch_.line_sizes[at_]);
    if (!batch_.lines.empty()) {
      message->mutable_lines()->append(batch_.lines[at_]);
      text_bytes_ += batch_.lines[at_].size();
    }
    if (batch_.metadata.empty()) return;
    uint32_t& number = set_numbers_[batch_.metadata[at_]];
    if (number == kUnused) {
      number = static_cast<uint32_t>(message->metadata_sets_size());
      const std::string_view bytes = batch_.metadata_sets[batch_.metadata[at_]].bytes();
      message->add_metadata_sets(std::string(bytes));
      text_bytes_ += bytes.size();
    }
    message->add_metadata(number);
  }

  const LogBatch& batch_;
  size_t at_ = 0;
  size_t text_bytes_ = 0;
  std::vector<uint32_t> set_numbers_;  // In the message, by number in the batch.
};

absl::Status ReadTimestamps(const v1::LogBatch& message, LogBatch* batch) {
  model::TimestampNs time = 0;
  batch->timestamps.reserve(message.timestamp_deltas_size());
  for (const int64_t delta : message.timestamp_deltas()) {
    if (__builtin_add_overflow(time, delta, &time)) return Nonsense("absurd timestamps");
    batch->timestamps.push_back(time);
  }
  return absl::OkStatus();
}

absl::Status ReadLines(const v1::LogBatch& message, LogBatch* batch) {
  const size_t count = batch->timestamps.size();
  const size_t sizes = message.line_sizes_size();
  if ((sizes != 0 && sizes != count) || (message.has_lines() && sizes != count)) {
    return Nonsense("columns of different length");
  }
  batch->line_sizes.assign(message.line_sizes().begin(), message.line_sizes().end());
  if (!message.has_lines()) return absl::OkStatus();
  const auto text = std::make_shared<const std::string>(message.lines());
  std::string_view rest = *text;
  batch->lines.reserve(count);
  for (const uint32_t size : batch->line_sizes) {
    if (size > rest.size()) return Nonsense("lines that are cut off");
    batch->lines.push_back(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  if (!rest.empty()) return Nonsense("bytes behind its lines");
  batch->memory = text;
  return absl::OkStatus();
}

absl::Status ReadMetadata(const v1::LogBatch& message, LogBatch* batch) {
  const size_t numbers = message.metadata_size();
  if (numbers != 0 && numbers != batch->timestamps.size()) {
    return Nonsense("columns of different length");
  }
  for (const std::string& bytes : message.metadata_sets()) {
    absl::StatusOr<model::Labels> labels = wire::LabelsFromWire(bytes);
    if (!labels.ok()) return labels.status();
    batch->metadata_sets.push_back(*std::move(labels));
  }
  batch->metadata.assign(message.metadata().begin(), message.metadata().end());
  const bool known = std::ranges::all_of(
      batch->metadata, [batch](uint32_t number) { return number < batch->metadata_sets.size(); });
  return known ? absl::OkStatus() : Nonsense("unknown structured metadata");
}

}  // namespace

absl::StatusOr<LogSelection> FromWire(const v1::LogSelection& selection) {
  if (!v1::LogSelection::Lines_IsValid(selection.lines())) {
    return absl::InvalidArgumentError("an unknown choice of columns");
  }
  auto matchers = wire::FromWire(selection.matchers());
  if (!matchers.ok()) return matchers.status();
  LogSelection result;
  result.matchers = *std::move(matchers);
  result.range = FromWire(selection.range());
  for (const v1::LineTest& message : selection.tests()) {
    auto test = FromWire(message);
    if (!test.ok()) return test.status();
    result.tests.push_back(*std::move(test));
  }
  result.lines = static_cast<LineColumn>(selection.lines());
  result.structured_metadata = selection.structured_metadata();
  result.order = selection.backward() ? LogOrder::kBackward : LogOrder::kForward;
  result.limit = selection.limit();
  return result;
}

void ToWire(const LogSelection& selection, v1::LogSelection* out) {
  wire::ToWire(selection.matchers, out->mutable_matchers());
  ToWire(selection.range, out->mutable_range());
  for (const LineTest& test : selection.tests) ToWire(test, out->add_tests());
  out->set_lines(static_cast<v1::LogSelection::Lines>(selection.lines));
  out->set_structured_metadata(selection.structured_metadata);
  out->set_backward(selection.order == LogOrder::kBackward);
  out->set_limit(selection.limit);
}

absl::StatusOr<StreamQuery> FromWire(const v1::StreamQuery& query) {
  StreamQuery result;
  for (const auto& message : query.selections()) {
    auto matchers = wire::FromWire(message.matchers());
    if (!matchers.ok()) return matchers.status();
    result.selections.push_back(*std::move(matchers));
  }
  result.range = FromWire(query.range());
  result.limit = query.limit();
  return result;
}

void ToWire(const StreamQuery& query, v1::StreamQuery* out) {
  for (const auto& matchers : query.selections) {
    wire::ToWire(matchers, out->add_selections()->mutable_matchers());
  }
  ToWire(query.range, out->mutable_range());
  out->set_limit(query.limit);
}

absl::Status ToMessages(const LogBatch& batch,
                        const std::function<absl::Status(const v1::LogBatch&)>& message_fn) {
  MessageCutter cutter(batch);
  do {
    if (absl::Status status = message_fn(cutter.Next()); !status.ok()) return status;
  } while (!cutter.done());
  return absl::OkStatus();
}

absl::StatusOr<LogBatch> FromWire(const v1::LogBatch& message) {
  absl::StatusOr<model::Labels> stream = wire::LabelsFromWire(message.stream());
  if (!stream.ok()) return stream.status();
  LogBatch batch;
  batch.stream = std::make_shared<const model::Labels>(*std::move(stream));
  absl::Status status = ReadTimestamps(message, &batch);
  if (status.ok()) status = ReadLines(message, &batch);
  if (status.ok()) status = ReadMetadata(message, &batch);
  if (!status.ok()) return status;
  batch.lines_scanned = message.lines_scanned();
  batch.bytes_scanned = message.bytes_scanned();
  batch.memory_bytes = message.lines().size() +
                       batch.timestamps.size() * (sizeof(model::TimestampNs) + sizeof(uint32_t) +
                                                  sizeof(std::string_view) + sizeof(uint32_t));
  for (const model::Labels& set : batch.metadata_sets) batch.memory_bytes += set.bytes().size();
  return batch;
}

void ToWire(const StreamVolume& volume, v1::StreamVolume* out) {
  out->set_stream(std::string(volume.stream.bytes()));
  out->set_entries(volume.entries);
  out->set_bytes(volume.bytes);
  out->set_chunks(volume.chunks);
}

absl::StatusOr<StreamVolume> FromWire(const v1::StreamVolume& volume) {
  absl::StatusOr<model::Labels> stream = wire::LabelsFromWire(volume.stream());
  if (!stream.ok()) return stream.status();
  return StreamVolume{*std::move(stream), volume.entries(), volume.bytes(), volume.chunks()};
}

}  // namespace tidegate::storage
