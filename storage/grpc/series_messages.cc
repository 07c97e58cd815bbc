#include "storage/grpc/series_messages.h"

#include <algorithm>
#include <span>
#include <utility>

#include "proto/wire/matchers.h"
#include "proto/wire/points.h"

namespace tidegate::storage {
namespace {

// The part [begin, begin + kMaxPointsPerPiece) of a column.
template <typename T>
std::span<const T> Part(const std::vector<T>& column, size_t begin) {
  if (begin >= column.size()) return {};
  return std::span(column).subspan(begin, std::min(kMaxPointsPerPiece, column.size() - begin));
}

}  // namespace

absl::StatusOr<Selection> FromWire(const v1::Selection& selection) {
  auto matchers = wire::FromWire(selection.matchers());
  if (!matchers.ok()) return matchers.status();
  return Selection{*std::move(matchers), wire::FromWire(selection.range())};
}

void ToWire(const Selection& selection, v1::Selection* out) {
  wire::ToWire(selection.matchers, out->mutable_matchers());
  wire::ToWire(selection.range, out->mutable_range());
}

absl::StatusOr<LabelQuery> FromWire(const v1::LabelQuery& query) {
  LabelQuery out;
  for (const v1::LabelQuery::Matchers& selection : query.selections()) {
    auto matchers = wire::FromWire(selection.matchers());
    if (!matchers.ok()) return matchers.status();
    out.selections.push_back(*std::move(matchers));
  }
  out.range = wire::FromWire(query.range());
  out.limit = query.limit();
  return out;
}

void ToWire(const LabelQuery& query, v1::LabelQuery* out) {
  for (const auto& matchers : query.selections) {
    wire::ToWire(matchers, out->add_selections()->mutable_matchers());
  }
  wire::ToWire(query.range, out->mutable_range());
  out->set_limit(query.limit);
}

void ToPieces(const SelectedSeries& series, const std::function<void(v1::Series)>& piece_fn) {
  const SeriesColumns& columns = series.columns;
  const size_t points = std::max(columns.values.size(), columns.histograms.size());
  for (size_t begin = 0; begin == 0 || begin < points; begin += kMaxPointsPerPiece) {
    v1::Series piece;
    piece.set_labels(std::string(series.labels.bytes()));
    piece.set_continued(begin > 0);
    wire::ToWire(Part(*columns.timestamps, begin), piece.mutable_timestamp_deltas());
    const auto values = Part(columns.values, begin);
    piece.mutable_values()->Add(values.begin(), values.end());
    const auto starts = Part(columns.start_timestamps, begin);
    piece.mutable_start_timestamps()->Add(starts.begin(), starts.end());
    for (const model::HistogramSample& sample : Part(columns.histograms, begin)) {
      wire::ToWire(sample, piece.add_histograms());
    }
    piece_fn(std::move(piece));
  }
}

void ToPieces(const SelectedStream& stream, const std::function<void(v1::Stream)>& piece_fn) {
  // Lines are long: a piece is bounded by its bytes as well.
  constexpr size_t kMaxBytes = 1 << 20;
  size_t at = 0;
  do {
    v1::Stream piece;
    piece.set_labels(std::string(stream.labels.bytes()));
    piece.set_continued(at > 0);
    size_t bytes = 0;
    const size_t end = std::min(stream.entries.size(), at + kMaxPointsPerPiece);
    for (; at < end && bytes < kMaxBytes; ++at) {
      bytes += stream.entries[at].line.size();
      wire::ToWire(stream.entries[at], piece.add_entries());
    }
    piece_fn(std::move(piece));
  } while (at < stream.entries.size());
}

absl::Status SeriesJoiner::Add(const v1::Series& piece) {
  if (!piece.continued()) {
    if (absl::Status status = Flush(); !status.ok()) return status;
    absl::StatusOr<model::Labels> labels = wire::LabelsFromWire(piece.labels());
    if (!labels.ok()) return labels.status();
    open_.emplace();
    open_->labels = *std::move(labels);
  }
  const bool parallel =
      piece.timestamp_deltas_size() == piece.values_size() &&
      (piece.start_timestamps().empty() || piece.start_timestamps_size() == piece.values_size());
  if (!open_.has_value() || !parallel || piece.labels() != open_->labels.bytes()) {
    return absl::InternalError("a peer sent a piece of a series that fits nowhere");
  }
  SeriesColumns& columns = open_->columns;
  absl::Status status = wire::AppendFromWire(piece.timestamp_deltas(), &timestamps_);
  if (!status.ok()) return status;
  columns.values.insert(columns.values.end(), piece.values().begin(), piece.values().end());
  columns.start_timestamps.insert(columns.start_timestamps.end(), piece.start_timestamps().begin(),
                                  piece.start_timestamps().end());
  for (const v1::HistogramPoint& point : piece.histograms()) {
    absl::StatusOr<model::HistogramSample> sample = wire::FromWire(point);
    if (!sample.ok()) return sample.status();
    columns.histograms.push_back(*std::move(sample));
  }
  return absl::OkStatus();
}

absl::Status SeriesJoiner::Flush() {
  if (!open_.has_value()) return absl::OkStatus();
  const size_t starts = open_->columns.start_timestamps.size();
  if (starts != 0 && starts != open_->columns.values.size()) {
    return absl::InternalError("a peer sent start timestamps for some pieces of a series only");
  }
  if (last_column_ == nullptr || *last_column_ != timestamps_) {
    last_column_ = std::make_shared<const std::vector<model::TimestampMs>>(std::move(timestamps_));
  }
  timestamps_.clear();
  open_->columns.timestamps = last_column_;
  SelectedSeries series = *std::move(open_);
  open_.reset();
  return sink_->Add(std::move(series));
}

absl::Status SeriesJoiner::Finish() { return Flush(); }

absl::Status StreamJoiner::Add(const v1::Stream& piece) {
  if (!piece.continued()) {
    if (absl::Status status = Finish(); !status.ok()) return status;
    absl::StatusOr<model::Labels> labels = wire::LabelsFromWire(piece.labels());
    if (!labels.ok()) return labels.status();
    open_.emplace();
    open_->labels = *std::move(labels);
  }
  if (!open_.has_value() || piece.labels() != open_->labels.bytes()) {
    return absl::InternalError("a peer sent a piece of a stream that fits nowhere");
  }
  for (const v1::LogEntry& message : piece.entries()) {
    absl::StatusOr<model::LogEntry> entry = wire::FromWire(message);
    if (!entry.ok()) return entry.status();
    open_->entries.push_back(*std::move(entry));
  }
  return absl::OkStatus();
}

absl::Status StreamJoiner::Finish() {
  if (!open_.has_value()) return absl::OkStatus();
  SelectedStream stream = *std::move(open_);
  open_.reset();
  return sink_->Add(std::move(stream));
}

void ToWire(const SelectedExemplars& series, v1::ExemplarSeries* out) {
  out->set_labels(std::string(series.labels.bytes()));
  for (const model::Exemplar& exemplar : series.exemplars) {
    wire::ToWire(exemplar, out->add_exemplars());
  }
}

absl::StatusOr<SelectedExemplars> FromWire(const v1::ExemplarSeries& series) {
  SelectedExemplars out;
  absl::StatusOr<model::Labels> labels = wire::LabelsFromWire(series.labels());
  if (!labels.ok()) return labels.status();
  out.labels = *std::move(labels);
  for (const v1::Exemplar& message : series.exemplars()) {
    absl::StatusOr<model::Exemplar> exemplar = wire::FromWire(message);
    if (!exemplar.ok()) return exemplar.status();
    out.exemplars.push_back(*std::move(exemplar));
  }
  return out;
}

}  // namespace tidegate::storage
