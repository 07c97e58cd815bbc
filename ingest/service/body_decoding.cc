#include "ingest/service/body_decoding.h"

#include <cstring>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "fmt/format.h"
#include "ingest/decode/decompress.h"
#include "ingest/decode/exposition/exposition_push.h"
#include "ingest/decode/json_lines/json_lines.h"
#include "ingest/decode/loki/loki_json.h"
#include "ingest/decode/loki/loki_protobuf.h"
#include "ingest/decode/otlp/otlp_logs.h"
#include "ingest/decode/otlp_metrics/otlp_metrics.h"
#include "ingest/decode/remote_write.h"
#include "ingest/decode/remote_write_2.h"
#include "ingest/decode/snappy_block.h"

namespace tidegate::ingest {
namespace {

BodyCompression CompressionOf(PushEncoding encoding) {
  switch (encoding) {
    case PushEncoding::kDeflate:
      return BodyCompression::kDeflate;
    case PushEncoding::kZstd:
      return BodyCompression::kZstd;
    case PushEncoding::kLz4:
      return BodyCompression::kLz4;
    default:
      return BodyCompression::kGzip;
  }
}

// What a parsed document takes beside the body: its strings once more, and sixteen bytes a value at
// most. Values are counted by what stands in front of them, so that a body of brackets is told from
// one of text before anything is parsed.
uint64_t ParsedBytes(std::string_view body) {
  uint64_t values = 1;
  for (const char c : body) values += c == ',' || c == ':' || c == '[' || c == '{';
  return 2 * body.size() + 16 * values;
}

bool IsJson(PushFormat format) {
  return format == PushFormat::kLokiJson || format == PushFormat::kLokiLegacyJson ||
         format == PushFormat::kOtlpLogsJson || format == PushFormat::kOtlpMetricsJson ||
         format == PushFormat::kJsonLines;
}

}  // namespace

bool IsLogFormat(PushFormat format) {
  switch (format) {
    case PushFormat::kLokiProtobuf:
    case PushFormat::kLokiJson:
    case PushFormat::kLokiLegacyJson:
    case PushFormat::kOtlpLogsProtobuf:
    case PushFormat::kOtlpLogsJson:
      return true;
    default:
      return false;
  }
}

absl::Status BodyDecoding::Charge(uint64_t bytes) {
  absl::StatusOr<InFlightBytes::Reservation> reservation = in_flight_.Reserve(bytes);
  if (!reservation.ok()) return reservation.status();
  reservations_.push_back(*std::move(reservation));
  return absl::OkStatus();
}

absl::StatusOr<std::string_view> BodyDecoding::FromSnappy(std::string_view block,
                                                          ByteBuffer* buffer) {
  const absl::StatusOr<size_t> size = DecompressedSize(block, limits_.max_decompressed_bytes);
  if (!size.ok()) return size.status();
  if (absl::Status status = Charge(block.size() + *size); !status.ok()) return status;
  return DecompressSnappyBlock(block, *size, buffer);
}

// Parsers of JSON read whole vectors, beyond the end of the body.
absl::StatusOr<std::string_view> BodyDecoding::WithRoomBehind(std::string_view body) {
  if (absl::Status status = Charge(body.size()); !status.ok()) return status;
  char* const copy = buffer_.bytes.Reserve(body.size() + kReadableBehind);
  if (!body.empty()) std::memcpy(copy, body.data(), body.size());
  return std::string_view(copy, body.size());
}

absl::StatusOr<std::string_view> BodyDecoding::Unpacked(const PushRequest& request) {
  if (request.encoding == PushEncoding::kSnappyBlock) {
    return FromSnappy(request.body, &buffer_.bytes);
  }
  if (absl::Status status = Charge(request.body.size()); !status.ok()) return status;
  if (request.encoding == PushEncoding::kIdentity) {
    return IsJson(request.format) ? WithRoomBehind(request.body)
                                  : absl::StatusOr<std::string_view>(request.body);
  }
  return Decompress(
      CompressionOf(request.encoding), request.body, limits_.max_decompressed_bytes,
      [this](size_t bytes) { return Charge(bytes); }, &buffer_.bytes);
}

// Loki's protobuf is a snappy block, whatever HTTP wraps around it; senders that compress otherwise
// leave it out. Bytes of the one are practically never bytes of the other: a block declares its
// size.
absl::StatusOr<std::string_view> BodyDecoding::Message(const PushRequest& request) {
  absl::StatusOr<std::string_view> message = Unpacked(request);
  if (!message.ok() || request.format != PushFormat::kLokiProtobuf ||
      request.encoding == PushEncoding::kSnappyBlock) {
    return message;
  }
  absl::StatusOr<std::string_view> inner = FromSnappy(*message, &buffer_.inner_bytes);
  return absl::IsInvalidArgument(inner.status()) ? message : inner;
}

absl::Status BodyDecoding::Run(const PushRequest& request, model::TimestampNs now) {
  const absl::StatusOr<std::string_view> message = Message(request);
  if (!message.ok()) return message.status();
  if (IsJson(request.format)) {
    if (absl::Status status = Charge(ParsedBytes(*message)); !status.ok()) return status;
  }
  if (absl::Status status = Decode(request, *message, now); !status.ok()) return status;
  // Labels that were written out, and what else does not lie in the message.
  const bool charged = request.format == PushFormat::kRemoteWrite1 ||
                       request.format == PushFormat::kRemoteWrite2 || IsLogFormat(request.format);
  return charged ? absl::OkStatus() : Charge(buffer_.push.arena.capacity());
}

absl::Status BodyDecoding::Decode(const PushRequest& request, std::string_view message,
                                  model::TimestampNs now) {
  const OtlpRules rules = {&limits_.logs.otlp_index_attributes, &limits_.logs.otlp_drop_attributes,
                           now};
  switch (request.format) {
    case PushFormat::kRemoteWrite1:
      return DecodeRemoteWrite(message, &buffer_.push);
    case PushFormat::kLokiProtobuf:
      return DecodeLokiProtobuf(message, &buffer_.push);
    case PushFormat::kLokiJson:
      return DecodeLokiJson(message, &buffer_.push);
    case PushFormat::kLokiLegacyJson:
      return DecodeLegacyLokiJson(message, &buffer_.push);
    case PushFormat::kOtlpLogsProtobuf:
      return DecodeOtlpProtobuf(message, rules, &buffer_.push);
    case PushFormat::kOtlpLogsJson:
      return DecodeOtlpJson(message, rules, &buffer_.push);
    default:
      return DecodeMetrics(request, message, now);
  }
}

absl::Status BodyDecoding::DecodeMetrics(const PushRequest& request, std::string_view message,
                                         model::TimestampNs now) {
  const OtlpMetricContext otlp = {.rules = &otlp_,
                                  .deltas = deltas_,
                                  .now = static_cast<uint64_t>(now),
                                  .max_label_bytes = limits_.max_decompressed_bytes};
  ExpositionRules exposition = {.now = request.time != 0 ? request.time : now / 1'000'000,
                                .labels = &request.labels,
                                .max_label_bytes = limits_.max_decompressed_bytes};
  switch (request.format) {
    case PushFormat::kRemoteWrite2:
      return DecodeRemoteWrite2(
          message, limits_.max_decompressed_bytes, [this](size_t bytes) { return Charge(bytes); },
          &buffer_.symbols, &buffer_.push);
    case PushFormat::kOtlpMetricsProtobuf:
      return DecodeOtlpMetricsProtobuf(message, otlp, &buffer_.push);
    case PushFormat::kOtlpMetricsJson:
      return DecodeOtlpMetricsJson(message, otlp, &buffer_.push);
    case PushFormat::kOpenMetrics:
      exposition.kind = ExpositionKind::kOpenMetrics;
      return DecodeExposition(message, exposition, &buffer_.push);
    case PushFormat::kPrometheusProtobuf:
      exposition.kind = ExpositionKind::kProtobuf;
      return DecodeExposition(message, exposition, &buffer_.push);
    case PushFormat::kJsonLines:
      return DecodeJsonLines(message, limits_.max_decompressed_bytes, &buffer_.push);
    case PushFormat::kPrometheusText:
      return DecodeExposition(message, exposition, &buffer_.push);
    default:
      return absl::InternalError("unknown push format");
  }
}

}  // namespace tidegate::ingest
