#include "query/grpc/query_messages.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "proto/wire/matchers.h"
#include "proto/wire/points.h"

namespace tidegate::query {
namespace {

// A piece of a series ends after this many points of a kind, or when its histograms have passed
// this many bytes; a message is passed on once it holds as much.
constexpr size_t kMaxPointsPerPiece = 32 << 10;
constexpr size_t kMaxMessageBytes = 512 << 10;

v1::QueryHeader ToHeader(const QueryResult& result) {
  v1::QueryHeader header;
  header.set_kind(static_cast<v1::QueryHeader::Kind>(result.value.index()));
  if (const auto* scalar = std::get_if<ScalarResult>(&result.value)) {
    header.mutable_scalar()->set_timestamp(scalar->point.timestamp);
    header.mutable_scalar()->set_value(scalar->point.value);
  } else if (const auto* text = std::get_if<StringResult>(&result.value)) {
    header.set_string_timestamp(text->timestamp);
    header.set_string_value(text->value);
  }
  for (const std::string& warning : result.warnings) header.add_warnings(warning);
  for (const std::string& info : result.infos) header.add_infos(info);
  header.set_samples_read(result.stats.samples_read);
  header.set_series_read(result.stats.series_read);
  header.set_peak_bytes(result.stats.peak_bytes);
  header.set_queue_seconds(result.stats.queue_seconds);
  header.set_prepare_seconds(result.stats.prepare_seconds);
  header.set_evaluate_seconds(result.stats.evaluate_seconds);
  header.set_sort_seconds(result.stats.sort_seconds);
  header.set_first_step(result.stats.first_step);
  header.set_step_ms(result.stats.step_ms);
  for (const uint64_t samples : result.stats.total_per_step) header.add_total_per_step(samples);
  for (const uint64_t samples : result.stats.read_per_step) header.add_read_per_step(samples);
  return header;
}

const std::vector<ResultSeries>& SeriesOf(const QueryResult& result) {
  static const std::vector<ResultSeries> kNone;
  if (const auto* vector = std::get_if<VectorResult>(&result.value)) return vector->series;
  if (const auto* matrix = std::get_if<MatrixResult>(&result.value)) return matrix->series;
  return kNone;
}

// Where the next piece of a series begins.
struct Place {
  size_t floats = 0;
  size_t histograms = 0;

  bool AtEnd(const ResultSeries& series) const {
    return floats >= series.floats.size() && histograms >= series.histograms.size();
  }
};

v1::ResultSeries NextPiece(const ResultSeries& series, Place* at) {
  v1::ResultSeries piece;
  piece.set_labels(std::string(series.labels.bytes()));
  piece.set_continued(at->floats > 0 || at->histograms > 0);
  const size_t floats_end = std::min(series.floats.size(), at->floats + kMaxPointsPerPiece);
  for (model::TimestampMs previous = 0; at->floats < floats_end; ++at->floats) {
    const FloatPoint& point = series.floats[at->floats];
    piece.add_timestamp_deltas(point.timestamp - previous);
    piece.add_values(point.value);
    previous = point.timestamp;
  }
  const size_t end = std::min(series.histograms.size(), at->histograms + kMaxPointsPerPiece);
  for (size_t bytes = 0; at->histograms < end && bytes < kMaxMessageBytes; ++at->histograms) {
    const HistogramPoint& point = series.histograms[at->histograms];
    v1::HistogramPoint* message = piece.add_histograms();
    wire::ToWire(model::HistogramSample{point.timestamp, 0, *point.histogram}, message);
    bytes += message->histogram().size();
  }
  return piece;
}

absl::Status Misplaced() { return absl::InternalError("a querier sent a piece that fits nowhere"); }

}  // namespace

void ToMessages(const QueryResult& result,
                const std::function<bool(const v1::QueryResponse&)>& message_fn) {
  v1::QueryResponse message;
  *message.mutable_header() = ToHeader(result);
  size_t bytes = 0;
  for (const ResultSeries& series : SeriesOf(result)) {
    Place at;
    do {
      v1::ResultSeries piece = NextPiece(series, &at);
      bytes += piece.ByteSizeLong();
      *message.add_series() = std::move(piece);
      if (bytes < kMaxMessageBytes) continue;
      if (!message_fn(message)) return;
      message.Clear();
      bytes = 0;
    } while (!at.AtEnd(series));
  }
  if (message.has_header() || !message.series().empty()) message_fn(message);
}

absl::Status ResultJoiner::Add(const v1::QueryResponse& message) {
  if (message.has_header() == has_header_) return Misplaced();
  if (message.has_header()) {
    if (absl::Status status = SetHeader(message.header()); !status.ok()) return status;
  }
  for (const v1::ResultSeries& piece : message.series()) {
    if (absl::Status status = AddPiece(piece); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ResultJoiner::SetHeader(const v1::QueryHeader& header) {
  has_header_ = true;
  switch (header.kind()) {
    case v1::QueryHeader::SCALAR:
      result_.value = ScalarResult{{header.scalar().timestamp(), header.scalar().value()}};
      break;
    case v1::QueryHeader::STRING:
      result_.value = StringResult{header.string_timestamp(), header.string_value()};
      break;
    case v1::QueryHeader::VECTOR:
      result_.value = VectorResult();
      break;
    case v1::QueryHeader::MATRIX:
      result_.value = MatrixResult();
      break;
    default:
      return absl::InternalError("a querier sent an unknown kind of answer");
  }
  result_.warnings.assign(header.warnings().begin(), header.warnings().end());
  result_.infos.assign(header.infos().begin(), header.infos().end());
  result_.stats = {
      .samples_read = header.samples_read(),
      .series_read = header.series_read(),
      .peak_bytes = header.peak_bytes(),
      .queue_seconds = header.queue_seconds(),
      .prepare_seconds = header.prepare_seconds(),
      .evaluate_seconds = header.evaluate_seconds(),
      .sort_seconds = header.sort_seconds(),
      .first_step = header.first_step(),
      .step_ms = header.step_ms(),
      .total_per_step = {header.total_per_step().begin(), header.total_per_step().end()},
      .read_per_step = {header.read_per_step().begin(), header.read_per_step().end()}};
  return absl::OkStatus();
}

absl::Status ResultJoiner::AddPiece(const v1::ResultSeries& piece) {
  if (!piece.continued()) {
    absl::StatusOr<model::Labels> labels = wire::ResultLabelsFromWire(piece.labels());
    if (!labels.ok()) return labels.status();
    series_.emplace_back();
    series_.back().labels = *std::move(labels);
  } else if (series_.empty() || piece.labels() != series_.back().labels.bytes()) {
    return Misplaced();
  }
  if (absl::Status status = AddFloats(piece, &series_.back()); !status.ok()) return status;
  return AddHistograms(piece, &series_.back());
}

absl::Status ResultJoiner::AddFloats(const v1::ResultSeries& piece, ResultSeries* series) {
  if (piece.timestamp_deltas_size() != piece.values_size()) return Misplaced();
  std::vector<model::TimestampMs> timestamps;
  if (!series->floats.empty()) timestamps.push_back(series->floats.back().timestamp);
  const size_t begin = timestamps.size();
  absl::Status status = wire::AppendFromWire(piece.timestamp_deltas(), &timestamps);
  if (!status.ok()) return status;
  series->floats.reserve(series->floats.size() + static_cast<size_t>(piece.values_size()));
  for (int i = 0; i < piece.values_size(); ++i) {
    series->floats.push_back({timestamps[begin + static_cast<size_t>(i)], piece.values(i)});
  }
  return absl::OkStatus();
}

absl::Status ResultJoiner::AddHistograms(const v1::ResultSeries& piece, ResultSeries* series) {
  for (const v1::HistogramPoint& point : piece.histograms()) {
    absl::StatusOr<model::HistogramSample> sample = wire::FromWire(point);
    if (!sample.ok()) return sample.status();
    if (!series->histograms.empty() && sample->timestamp <= series->histograms.back().timestamp) {
      return Misplaced();
    }
    series->histograms.push_back({sample->timestamp, std::make_shared<const model::FloatHistogram>(
                                                         model::ToFloat(sample->histogram))});
  }
  return absl::OkStatus();
}

absl::StatusOr<QueryResult> ResultJoiner::Finish() {
  if (!has_header_) return Misplaced();
  if (auto* vector = std::get_if<VectorResult>(&result_.value)) {
    // Readers take the one point of each series for granted.
    for (const ResultSeries& series : series_) {
      if (series.floats.size() + series.histograms.size() != 1) return Misplaced();
    }
    vector->series = std::move(series_);
  } else if (auto* matrix = std::get_if<MatrixResult>(&result_.value)) {
    matrix->series = std::move(series_);
  } else if (!series_.empty()) {
    return Misplaced();
  }
  return std::move(result_);
}

MetadataRequest FromWire(const v1::MatchRequest& request) {
  return {{request.matches().begin(), request.matches().end()},
          wire::FromWire(request.range()),
          request.limit()};
}

void ToWire(const MetadataRequest& request, v1::MatchRequest* out) {
  for (const std::string& match : request.matches) out->add_matches(match);
  wire::ToWire(request.range, out->mutable_range());
  out->set_limit(request.limit);
}

}  // namespace tidegate::query
