#include "storage/grpc/series_messages.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "proto/wire/matchers.h"
#include "proto/wire/points.h"

namespace tidegate::storage {
namespace {

// The part of a column that goes into the piece that begins at `begin`.
template <typename T>
std::span<const T> Part(const std::vector<T>& column, size_t begin) {
  if (begin >= column.size()) return {};
  return std::span(column).subspan(begin, std::min(kMaxPointsPerPiece, column.size() - begin));
}

// Adds items from `*at` on until the piece is full; `add_fn` returns the bytes of the item.
template <typename T, typename AddFn>
void Fill(const std::vector<T>& items, size_t* at, AddFn add_fn) {
  const size_t end = *at + Part(items, *at).size();
  for (size_t bytes = 0; *at < end && bytes < kMaxPieceBytes; ++*at) bytes += add_fn(items[*at]);
}

absl::Status Misplaced(std::string_view what) {
  return absl::InternalError(fmt::format("a peer sent a piece of {} that fits nowhere", what));
}

// The engine adds lookbacks and offsets to what lies in these bounds, without a check.
bool IsStorable(model::TimestampMs timestamp) {
  return model::kMinTimestamp <= timestamp && timestamp <= model::kMaxTimestamp;
}

// Opens an item or continues the one that is open.
template <typename Piece, typename Item>
absl::Status AcceptLabels(const Piece& piece, std::string_view what, std::optional<Item>* open) {
  if (piece.continued()) {
    const bool fits = open->has_value() && piece.labels() == (*open)->labels.bytes();
    return fits ? absl::OkStatus() : Misplaced(what);
  }
  absl::StatusOr<model::Labels> labels = wire::LabelsFromWire(piece.labels());
  if (!labels.ok()) return labels.status();
  open->emplace();
  (*open)->labels = *std::move(labels);
  return absl::OkStatus();
}

template <typename Item>
absl::Status PassOn(std::optional<Item>* open, Sink<Item>* sink) {
  if (!open->has_value()) return absl::OkStatus();
  Item item = **std::move(open);
  open->reset();
  return sink->Add(std::move(item));
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

absl::Status ToPieces(const SelectedSeries& series,
                      const std::function<absl::Status(v1::Series)>& piece_fn) {
  const SeriesColumns& columns = series.columns;
  size_t floats = 0;
  size_t histograms = 0;
  do {
    v1::Series piece;
    piece.set_labels(std::string(series.labels.bytes()));
    piece.set_continued(floats > 0 || histograms > 0);
    wire::ToWire(Part(*columns.timestamps, floats), piece.mutable_timestamp_deltas());
    const auto values = Part(columns.values, floats);
    piece.mutable_values()->Add(values.begin(), values.end());
    const auto starts = Part(columns.start_timestamps, floats);
    piece.mutable_start_timestamps()->Add(starts.begin(), starts.end());
    floats += values.size();
    Fill(columns.histograms, &histograms, [&piece](const model::HistogramSample& sample) {
      v1::HistogramPoint* point = piece.add_histograms();
      wire::ToWire(sample, point);
      return point->histogram().size();
    });
    if (absl::Status status = piece_fn(std::move(piece)); !status.ok()) return status;
  } while (floats < columns.values.size() || histograms < columns.histograms.size());
  return absl::OkStatus();
}

absl::Status ToPieces(const SelectedExemplars& series,
                      const std::function<absl::Status(v1::ExemplarSeries)>& piece_fn) {
  size_t at = 0;
  do {
    v1::ExemplarSeries piece;
    piece.set_labels(std::string(series.labels.bytes()));
    piece.set_continued(at > 0);
    Fill(series.exemplars, &at, [&piece](const model::Exemplar& exemplar) {
      wire::ToWire(exemplar, piece.add_exemplars());
      return exemplar.labels.bytes().size();
    });
    if (absl::Status status = piece_fn(std::move(piece)); !status.ok()) return status;
  } while (at < series.exemplars.size());
  return absl::OkStatus();
}

absl::Status SeriesJoiner::Add(const v1::Series& piece) {
  if (!piece.continued()) {
    if (absl::Status status = Finish(); !status.ok()) return status;
  }
  if (absl::Status status = AcceptLabels(piece, "a series", &open_); !status.ok()) return status;
  if (absl::Status status = AddFloats(piece); !status.ok()) return status;
  return AddHistograms(piece);
}

absl::Status SeriesJoiner::AddFloats(const v1::Series& piece) {
  const int points = piece.values_size();
  const int starts = piece.start_timestamps_size();
  SeriesColumns& columns = open_->columns;
  // All pieces of a series with floats know start timestamps, or none does.
  const bool uniform =
      points == 0 || columns.values.empty() || (starts > 0) == !columns.start_timestamps.empty();
  if (piece.timestamp_deltas_size() != points || (starts != 0 && starts != points) || !uniform) {
    return Misplaced("a series");
  }
  absl::Status status = wire::AppendFromWire(piece.timestamp_deltas(), &timestamps_);
  if (!status.ok()) return status;
  if (!timestamps_.empty() &&
      !(IsStorable(timestamps_.front()) && IsStorable(timestamps_.back()))) {
    return absl::InternalError("a peer sent timestamps out of bounds");
  }
  columns.values.insert(columns.values.end(), piece.values().begin(), piece.values().end());
  columns.start_timestamps.insert(columns.start_timestamps.end(), piece.start_timestamps().begin(),
                                  piece.start_timestamps().end());
  return absl::OkStatus();
}

absl::Status SeriesJoiner::AddHistograms(const v1::Series& piece) {
  std::vector<model::HistogramSample>& histograms = open_->columns.histograms;
  for (const v1::HistogramPoint& point : piece.histograms()) {
    absl::StatusOr<model::HistogramSample> sample = wire::FromWire(point);
    if (!sample.ok()) return sample.status();
    const bool ascends = histograms.empty() || sample->timestamp > histograms.back().timestamp;
    if (!ascends || !IsStorable(sample->timestamp)) {
      return absl::InternalError("a peer sent histograms out of order");
    }
    histograms.push_back(*std::move(sample));
  }
  return absl::OkStatus();
}

absl::Status SeriesJoiner::Finish() {
  if (!open_.has_value()) return absl::OkStatus();
  if (last_column_ == nullptr || *last_column_ != timestamps_) {
    last_column_ = std::make_shared<const std::vector<model::TimestampMs>>(std::move(timestamps_));
  }
  timestamps_.clear();
  open_->columns.timestamps = last_column_;
  return PassOn(&open_, sink_);
}

absl::Status ExemplarJoiner::Add(const v1::ExemplarSeries& piece) {
  if (!piece.continued()) {
    if (absl::Status status = Finish(); !status.ok()) return status;
  }
  if (absl::Status status = AcceptLabels(piece, "exemplars", &open_); !status.ok()) return status;
  for (const v1::Exemplar& message : piece.exemplars()) {
    absl::StatusOr<model::Exemplar> exemplar = wire::FromWire(message);
    if (!exemplar.ok()) return exemplar.status();
    open_->exemplars.push_back(*std::move(exemplar));
  }
  return absl::OkStatus();
}

absl::Status ExemplarJoiner::Finish() { return PassOn(&open_, sink_); }

}  // namespace tidegate::storage
