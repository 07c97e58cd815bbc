#include "query/grpc/log_query_messages.h"

#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "proto/wire/points.h"

namespace tidegate::query {
namespace {

constexpr size_t kMessageBytes = 1 << 20;

LogDirection Direction(bool forward) {
  return forward ? LogDirection::kForward : LogDirection::kBackward;
}

void ToWire(const LogQueryStats& stats, v1::LogQueryStats* out) {
  out->set_lines_processed(stats.lines_processed);
  out->set_bytes_processed(stats.bytes_processed);
  out->set_structured_metadata_bytes(stats.structured_metadata_bytes);
  out->set_lines_after_filter(stats.lines_after_filter);
  out->set_entries_returned(stats.entries_returned);
  out->set_exec_seconds(stats.exec_seconds);
  out->set_queue_seconds(stats.queue_seconds);
}

LogQueryStats FromWire(const v1::LogQueryStats& stats) {
  return {stats.lines_processed(),    stats.bytes_processed(),  stats.structured_metadata_bytes(),
          stats.lines_after_filter(), stats.entries_returned(), stats.exec_seconds(),
          stats.queue_seconds()};
}

std::string Bytes(const model::Labels& labels) { return std::string(labels.bytes()); }

// Adds streams to messages of a bounded size.
class StreamWriter {
 public:
  StreamWriter(v1::LogQueryResponse* message,
               absl::FunctionRef<bool(const v1::LogQueryResponse&)> message_fn)
      : message_(*message), message_fn_(message_fn) {}

  bool Add(const LogStream& stream) {
    v1::LogStreamPiece* piece = Open(stream, false);
    for (const LogResultEntry& entry : stream.entries) {
      if (bytes_ >= kMessageBytes) {
        if (!Flush()) return false;
        piece = Open(stream, true);
      }
      v1::LogResultEntry* out = piece->add_entries();
      out->set_timestamp(entry.timestamp);
      out->set_line(entry.line);
      out->set_structured_metadata(Bytes(entry.structured_metadata));
      out->set_parsed(Bytes(entry.parsed));
      bytes_ += 16 + entry.line.size() + out->structured_metadata().size() + out->parsed().size();
    }
    return true;
  }
  bool Flush() {
    const bool wanted = message_fn_(message_);
    message_.Clear();
    bytes_ = 0;
    return wanted;
  }

 private:
  v1::LogStreamPiece* Open(const LogStream& stream, bool continued) {
    v1::LogStreamPiece* const piece = message_.add_streams();
    piece->set_labels(Bytes(stream.labels));
    piece->set_stream_labels(Bytes(stream.stream_labels));
    piece->set_continued(continued);
    bytes_ += piece->labels().size() + piece->stream_labels().size();
    return piece;
  }

  v1::LogQueryResponse& message_;
  absl::FunctionRef<bool(const v1::LogQueryResponse&)> message_fn_;
  size_t bytes_ = 0;
};

}  // namespace

void ToWire(storage::LogRange range, v1::LogRange* out) {
  out->set_begin(range.begin);
  out->set_end(range.end);
}

storage::LogRange FromWire(const v1::LogRange& range) { return {range.begin(), range.end()}; }

void ToWire(const LogInstantRequest& request, v1::LogInstantRequest* out) {
  out->set_query(request.query);
  out->set_time(request.time);
  out->set_limit(request.limit);
  out->set_forward(request.direction == LogDirection::kForward);
  out->set_partial_series(request.partial_series);
}

LogInstantRequest FromWire(const v1::LogInstantRequest& request) {
  return {request.query(), request.time(), request.limit(), Direction(request.forward()),
          request.partial_series()};
}

void ToWire(const LogRangeRequest& request, v1::LogRangeRequest* out) {
  out->set_query(request.query);
  ToWire(storage::LogRange{request.start, request.end}, out->mutable_range());
  out->set_step_ns(request.step_ns);
  out->set_interval_ns(request.interval_ns);
  out->set_limit(request.limit);
  out->set_forward(request.direction == LogDirection::kForward);
  out->set_partial_series(request.partial_series);
}

LogRangeRequest FromWire(const v1::LogRangeRequest& request) {
  return {request.query(),
          request.range().begin(),
          request.range().end(),
          request.step_ns(),
          request.interval_ns(),
          request.limit(),
          Direction(request.forward()),
          request.partial_series()};
}

void ToWire(const LogLabelRequest& request, v1::LogLabelRequest* out) {
  for (const std::string& match : request.matches) out->add_matches(match);
  ToWire(request.range, out->mutable_range());
  out->set_limit(request.limit);
}

LogLabelRequest FromWire(const v1::LogLabelRequest& request) {
  return {{request.matches().begin(), request.matches().end()},
          FromWire(request.range()),
          request.limit()};
}

void ToWire(const LogVolumeRequest& request, v1::LogVolumeRequest* out) {
  out->set_query(request.query);
  ToWire(request.range, out->mutable_range());
  out->set_step_ns(request.step_ns);
  out->set_limit(request.limit);
  for (const std::string& label : request.target_labels) out->add_target_labels(label);
  out->set_aggregate_by_labels(request.aggregate_by_labels);
}

LogVolumeRequest FromWire(const v1::LogVolumeRequest& request) {
  return {request.query(),
          FromWire(request.range()),
          request.step_ns(),
          request.limit(),
          {request.target_labels().begin(), request.target_labels().end()},
          request.aggregate_by_labels()};
}

void ToWire(const DetectedFieldsRequest& request, v1::DetectedFieldsRequest* out) {
  out->set_query(request.query);
  ToWire(request.range, out->mutable_range());
  out->set_line_limit(request.line_limit);
  out->set_limit(request.limit);
}

DetectedFieldsRequest FromWire(const v1::DetectedFieldsRequest& request) {
  return {request.query(), FromWire(request.range()), request.line_limit(), request.limit()};
}

void ToWire(const std::vector<DetectedField>& fields, v1::DetectedFieldList* out) {
  for (const DetectedField& field : fields) {
    v1::DetectedFieldList::Field* const message = out->add_fields();
    message->set_label(field.label);
    message->set_type(field.type);
    message->set_cardinality(field.cardinality);
    for (const std::string& parser : field.parsers) message->add_parsers(parser);
    for (const std::string& step : field.json_path) message->add_json_path(step);
  }
}

std::vector<DetectedField> FromWire(const v1::DetectedFieldList& fields) {
  std::vector<DetectedField> result;
  for (const v1::DetectedFieldList::Field& field : fields.fields()) {
    result.push_back({field.label(),
                      field.type(),
                      field.cardinality(),
                      {field.parsers().begin(), field.parsers().end()},
                      {field.json_path().begin(), field.json_path().end()}});
  }
  return result;
}

void ToWire(const std::vector<LogPattern>& patterns, v1::LogPatterns* out) {
  for (const LogPattern& pattern : patterns) {
    v1::LogPatterns::Pattern* const message = out->add_patterns();
    message->set_pattern(pattern.pattern);
    message->set_level(pattern.level);
    for (const auto& [seconds, count] : pattern.samples) {
      message->add_seconds(seconds);
      message->add_counts(count);
    }
  }
}

std::vector<LogPattern> FromWire(const v1::LogPatterns& patterns) {
  std::vector<LogPattern> result;
  for (const v1::LogPatterns::Pattern& pattern : patterns.patterns()) {
    LogPattern& one = result.emplace_back();
    one.pattern = pattern.pattern();
    one.level = pattern.level();
    for (int i = 0; i < std::min(pattern.seconds_size(), pattern.counts_size()); ++i) {
      one.samples.emplace_back(pattern.seconds(i), pattern.counts(i));
    }
  }
  return result;
}

void ToMessages(const LogQueryResult& result,
                absl::FunctionRef<bool(const v1::LogQueryResponse&)> message_fn) {
  v1::LogQueryResponse message;
  const auto* const streams = std::get_if<StreamsResult>(&result.value);
  v1::LogQueryHeader* const header = message.mutable_header();
  header->set_streams(streams != nullptr);
  for (const std::string& warning : result.warnings) header->add_warnings(warning);
  ToWire(result.stats, header->mutable_stats());
  if (streams != nullptr) {
    StreamWriter writer(&message, message_fn);
    for (const LogStream& stream : streams->streams) {
      if (!writer.Add(stream)) return;
    }
    writer.Flush();
    return;
  }
  QueryResult metric;
  std::visit(
      [&](const auto& value) {
        if constexpr (!std::is_same_v<decltype(value), const StreamsResult&>) metric.value = value;
      },
      result.value);
  ToMessages(metric, [&](const v1::QueryResponse& piece) {
    *message.mutable_metric() = piece;
    const bool wanted = message_fn(message);
    message.Clear();
    return wanted;
  });
}

absl::Status LogResultJoiner::AddStream(const v1::LogStreamPiece& piece) {
  if (!piece.continued()) {
    absl::StatusOr<model::Labels> labels = wire::ResultLabelsFromWire(piece.labels());
    if (!labels.ok()) return labels.status();
    absl::StatusOr<model::Labels> stream_labels = wire::LabelsFromWire(piece.stream_labels());
    if (!stream_labels.ok()) return stream_labels.status();
    streams_.streams.push_back({*std::move(labels), *std::move(stream_labels), {}});
  } else if (streams_.streams.empty() || streams_.streams.back().labels.bytes() != piece.labels()) {
    return absl::InternalError("a querier sent a piece that fits nowhere");
  }
  for (const v1::LogResultEntry& entry : piece.entries()) {
    absl::StatusOr<model::Labels> metadata = wire::LabelsFromWire(entry.structured_metadata());
    if (!metadata.ok()) return metadata.status();
    absl::StatusOr<model::Labels> parsed = wire::ResultLabelsFromWire(entry.parsed());
    if (!parsed.ok()) return parsed.status();
    streams_.streams.back().entries.push_back(
        {entry.timestamp(), entry.line(), *std::move(metadata), *std::move(parsed)});
  }
  return absl::OkStatus();
}

absl::Status LogResultJoiner::Add(const v1::LogQueryResponse& message) {
  if (message.has_header() == has_header_) {
    return absl::InternalError("a querier's answer must begin with one header");
  }
  if (message.has_header()) {
    has_header_ = true;
    is_streams_ = message.header().streams();
    result_.warnings.assign(message.header().warnings().begin(), message.header().warnings().end());
    result_.stats = FromWire(message.header().stats());
  }
  for (const v1::LogStreamPiece& piece : message.streams()) {
    if (absl::Status status = AddStream(piece); !status.ok()) return status;
  }
  return message.has_metric() ? metric_.Add(message.metric()) : absl::OkStatus();
}

absl::StatusOr<LogQueryResult> LogResultJoiner::Finish() {
  if (!has_header_) return absl::InternalError("a querier answered nothing");
  if (is_streams_) {
    result_.value = std::move(streams_);
    return std::move(result_);
  }
  absl::StatusOr<QueryResult> metric = metric_.Finish();
  if (!metric.ok()) return metric.status();
  if (auto* scalar = std::get_if<ScalarResult>(&metric->value)) {
    result_.value = *scalar;
  } else if (auto* vector = std::get_if<VectorResult>(&metric->value)) {
    result_.value = std::move(*vector);
  } else if (auto* matrix = std::get_if<MatrixResult>(&metric->value)) {
    result_.value = std::move(*matrix);
  } else {
    return absl::InternalError("a querier answered a log query with a string");
  }
  return std::move(result_);
}

}  // namespace tidegate::query
