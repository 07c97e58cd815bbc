#include "tests/conformance/loki_vectors/door_vectors.h"

#include <zlib.h>

#include <cstdlib>
#include <map>
#include <regex>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "api/http/target.h"
#include "api/json/json_writer.h"
#include "api/loki/log_result_json.h"
#include "api/loki/parameters.h"
#include "api/push/log_push_handler.h"
#include "fmt/format.h"
#include "ingest/admit/logs/detected_level.h"
#include "ingest/admit/logs/level_detection.h"
#include "ingest/admit/logs/log_checks.h"
#include "ingest/decode/loki/push_streams.h"
#include "ingest/decode/loki/stream_labels.h"
#include "ingest/service/body_decoding.h"
#include "model/labels.h"
#include "tests/conformance/loki_vectors/vector_values.h"

namespace tidegate::conformance {
namespace {

namespace json = boost::json;
const json::object& Expect(const json::object& vector) { return vector.at("expect").as_object(); }

// One push through the product's decoder.
struct Push {
  ingest::InFlightBytes in_flight{1 << 30};
  ingest::PushBuffer buffer;
  model::TenantLimits limits;
  model::OtlpMetricRules otlp;
  absl::Status status;
  std::optional<ingest::BodyDecoding> decoding;

  void Decode(const ingest::PushRequest& request) {
    decoding.emplace(limits, otlp, nullptr, &in_flight, &buffer);
    status = decoding->Run(request, 0);
  }
  const model::WriteBatch& batch() const { return buffer.push.batch; }
};

Failure CheckStreams(const Push& push, const json::array& want, bool with_entries) {
  const model::WriteBatch& batch = push.batch();
  if (batch.series.size() != want.size()) {
    return fmt::format("{} streams instead of {}", batch.series.size(), want.size());
  }
  for (size_t i = 0; i < want.size(); ++i) {
    const json::object& stream = want[i].as_object();
    json::object holder;
    holder["labels"] = with_entries ? stream.at("labels") : json::value(stream);
    const std::string labels = model::ToString(LabelsOf(holder, "labels"));
    const model::BatchSeries& got = batch.series[i];
    if (Failure failure =
            Differ("labels", model::ToString(model::LabelsView(got.label_bytes)), labels)) {
      return failure;
    }
    if (!with_entries) continue;
    const json::array& entries = stream.at("entries").as_array();
    if (got.entries_end - got.entries_begin != entries.size())
      return "the number of entries differs";
    for (size_t n = 0; n < entries.size(); ++n) {
      const json::array& entry = entries[n].as_array();
      const model::LogEntryView& view = batch.entries[got.entries_begin + n];
      holder["metadata"] = entry.size() > 2 ? entry[2] : json::value(nullptr);
      const std::string want_text = fmt::format("{} {} {}", Text(entry[0]), Text(entry[1]),
                                                model::ToString(LabelsOf(holder, "metadata")));
      const std::string got_text =
          fmt::format("{} {} {}", view.timestamp, view.line,
                      model::ToString(model::LabelsView(view.structured_metadata)));
      if (Failure failure = Differ("entry", got_text, want_text)) return failure;
    }
  }
  return std::nullopt;
}

Failure RunPushJson(const json::object& vector) {
  Push push;
  const std::string body = Member(vector, "body");
  push.Decode({ingest::PushFormat::kLokiJson, ingest::PushEncoding::kIdentity, body});
  const json::object& expect = Expect(vector);
  if (expect.contains("error")) {
    return push.status.ok() ? Failure("accepted") : std::nullopt;
  }
  if (!push.status.ok()) return std::string(push.status.message());
  return CheckStreams(push, expect.at("streams").as_array(), true);
}

std::string Deflated(const std::string& text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(compressBound(text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = text.size();
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = out.size();
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Failure RunPushHttp(const json::object& vector) {
  const json::object& request = vector.at("request").as_object();
  const json::object& expect = Expect(vector);
  const bool valid = expect.at("valid").as_bool();
  std::string body = Member(request, "body");
  const std::string packed = Member(request, "body_actually_compressed_with");
  if (packed == "gzip") body = Deflated(body, 15 + 16);
  if (packed == "deflate") body = Deflated(body, -15);
  const auto media_type =
      api::ReadLokiMediaType(Member(request, "content_type"), Member(request, "content_encoding"),
                             Member(request, "path") == "/api/prom/push");
  if (!media_type.ok())
    return valid ? Failure(std::string(media_type.status().message())) : std::nullopt;
  Push push;
  push.Decode({media_type->format, media_type->encoding, body});
  if (push.status.ok() != valid) return fmt::format("valid: {}", !valid);
  if (!valid || !expect.contains("streams")) return std::nullopt;
  return CheckStreams(push, expect.at("streams").as_array(), false);
}

Failure RunTimeParameter(const json::object& vector) {
  const auto time = api::ParseLokiTime(Member(vector, "input"));
  const json::object& expect = Expect(vector);
  if (expect.contains("error")) return time.ok() ? Failure("accepted") : std::nullopt;
  if (!time.ok()) return std::string(time.status().message());
  const std::string want = Member(expect, "ns");
  // Some are written with an exponent, which has not all digits.
  if (want.find('e') == want.npos) return Differ("ns", std::to_string(*time), want);
  const bool equal = static_cast<double>(*time) == std::strtod(want.c_str(), nullptr);
  return equal ? std::nullopt : Failure(std::to_string(*time));
}

Failure RunBounds(const json::object& vector) {
  const json::object& input = vector.at("input").as_object();
  const json::object& expect = Expect(vector);
  api::Parameters parameters;
  for (const char* name : {"start", "end", "since"}) parameters.Add(name, Member(input, name));
  const int64_t now = std::stoll(Member(input, "now_ns"));
  const auto range = api::ReadBounds(parameters, now, absl::Hours(1));
  if (const std::string part = Member(expect, "error_contains"); !part.empty()) {
    if (range.ok()) return "accepted";
    const std::string error(range.status().message());
    return error.find(part) != error.npos ? std::nullopt : Failure(error);
  }
  if (!range.ok()) return std::string(range.status().message());
  if (Failure failure = Differ("start", std::to_string(range->begin), Member(expect, "start_ns"))) {
    return failure;
  }
  return Differ("end", std::to_string(range->end), Member(expect, "end_ns"));
}

Failure RunQueryParameters(const json::object& vector) {
  const json::object& expect = Expect(vector);
  std::string query_string = Member(vector, "query_string");
  if (query_string.starts_with('?')) query_string.erase(0, 1);
  api::Parameters parameters;
  if (!api::DecodeForm(query_string, &parameters)) return "the query string cannot be decoded";
  constexpr int64_t kNow = 1'800'000'000'000'000'000;
  std::map<std::string, std::string> got;
  absl::Status status;
  const auto name = [](query::LogDirection direction) {
    return direction == query::LogDirection::kForward ? "FORWARD" : "BACKWARD";
  };
  if (Member(vector, "path").ends_with("query_range")) {
    const auto request = api::ReadRangeRequest(parameters, kNow);
    status = request.status();
    if (request.ok()) {
      got = {{"step_ns", std::to_string(request->step_ns)},
             {"interval_ns", std::to_string(request->interval_ns)},
             {"start_ns", std::to_string(request->start)},
             {"end_ns", std::to_string(request->end)},
             {"limit", std::to_string(request->limit)},
             {"direction", name(request->direction)}};
    }
  } else {
    const auto request = api::ReadInstantRequest(parameters, kNow);
    status = request.status();
    if (request.ok()) {
      got = {{"ts_ns", std::to_string(request->time)},
             {"limit", std::to_string(request->limit)},
             {"direction", name(request->direction)}};
    }
  }
  if (status.ok() != expect.at("valid").as_bool()) return fmt::format("valid: {}", status.ok());
  for (const auto& member : expect) {
    const std::string key(member.key());
    if (key == "valid" || !status.ok()) continue;
    if (got.count(key) == 0) return fmt::format("there is no {} here", key);
    if (Failure failure = Differ(key, got[key], Text(member.value()))) return failure;
  }
  return std::nullopt;
}

Failure RunStreamLabels(const json::object& vector) {
  ingest::ByteArena arena;
  std::vector<model::Label> labels;
  const std::string input = Member(vector, "input");
  const absl::Status status = ingest::ParseStreamLabels(input, &arena, &labels);
  const json::object& expect = Expect(vector);
  if (expect.contains("error")) return status.ok() ? Failure("accepted") : std::nullopt;
  if (!status.ok()) return std::string(status.message());
  const model::LabelsView got(ingest::LabelBytes(labels, &arena));
  return Differ("labels", model::ToString(got), model::ToString(LabelsOf(expect, "labels")));
}

// The vectors' limits have the names of Loki's code.
absl::Status SetLimit(std::string_view name, const json::value& value, model::LogLimits* limits) {
  const auto number = [&] { return static_cast<uint32_t>(value.to_number<int64_t>()); };
  if (name == "MaxLabelNamesPerSeries") {
    limits->max_label_names_per_series = number();
  } else if (name == "MaxLabelNameLength") {
    limits->max_label_name_length = number();
  } else if (name == "MaxLabelValueLength") {
    limits->max_label_value_length = number();
  } else if (name == "MaxLineSize") {
    limits->max_line_size = number();
  } else if (name == "MaxLineSizeTruncate") {
    limits->max_line_size_truncate = value.as_bool();
  } else if (name == "AllowStructuredMetadata") {
    limits->allow_structured_metadata = value.as_bool();
  } else if (name == "MaxStructuredMetadataSize") {
    limits->max_structured_metadata_size = number();
  } else if (name == "MaxStructuredMetadataEntriesCount" || name == "MaxStructuredMetadataCount") {
    limits->max_structured_metadata_entries_count = number();
  } else if (name == "RejectOldSamples") {
    limits->reject_old_samples = value.as_bool();
  } else {
    return absl::InvalidArgumentError(fmt::format("there is no limit {} here", name));
  }
  return absl::OkStatus();
}

// A text in which %s, %d and %v stand for anything.
bool MatchesFormat(const std::string& text, const std::string& format) {
  std::string pattern;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] == '%' && i + 1 < format.size()) {
      pattern += "[\\s\\S]*";
      ++i;
    } else {
      if (std::string_view("^$\\.*+?()[]{}|/").find(format[i]) != std::string_view::npos) {
        pattern += '\\';
      }
      pattern += format[i];
    }
  }
  return std::regex_match(text, std::regex(pattern + "(, oldest.*)?"));
}

Failure RunValidate(const json::object& vector) {
  model::LogLimits limits;
  // The vectors' defaults are Loki's.
  limits.discover_service_name.clear();
  limits.discover_log_levels = false;
  limits.max_label_names_per_series = 15;
  limits.max_label_name_length = 1024;
  limits.max_label_value_length = 2048;
  limits.reject_old_samples = true;
  limits.creation_grace_period = absl::Minutes(10);
  limits.max_line_size = 256 << 10;
  limits.max_structured_metadata_size = 64 << 10;
  limits.max_structured_metadata_entries_count = 128;
  for (const auto& limit : vector.at("limits").as_object()) {
    const absl::Status known =
        SetLimit({limit.key().data(), limit.key().size()}, limit.value(), &limits);
    if (!known.ok()) return std::string(known.message());
  }
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  ingest::DecodedPush push;
  ingest::PushStreams streams(&push);
  const std::string labels = vector.contains("labels_string")
                                 ? Member(vector, "labels_string")
                                 : model::ToString(LabelsOf(vector, "stream_labels"));
  const model::Labels metadata = LabelsOf(vector, "structured_metadata");
  const std::string line = Member(vector, "line");
  std::string offset = Member(vector, "timestamp_offset_from_now");
  if (offset.starts_with('+')) offset.erase(0, 1);
  absl::Duration ahead;
  if (!offset.empty() && !absl::ParseDuration(offset, &ahead)) return "unknown offset " + offset;
  streams.BeginStream(labels);
  for (const model::Label& label : metadata) streams.AddMetadata(label.name, label.value);
  streams.AddEntry(absl::ToUnixNanos(now + ahead), line);
  streams.EndStream();
  ingest::LogRates rates;
  ingest::Rejections rejections;
  const absl::Status status = ingest::CheckLogs("fake", limits, now, &rates, &push, &rejections);
  const std::string got(status.ok() ? rejections.ToLogStatus().message() : status.message());
  const json::object& expect = Expect(vector);
  if (expect.contains("valid")) return Differ("error", got, "");
  if (expect.contains("error")) return Differ("error", got, Member(expect, "error"));
  const std::string format = Member(expect, "error_format");
  return MatchesFormat(got, format) ? std::nullopt : Failure("error: " + got);
}

Failure RunDetectLevel(const json::object& vector) {
  const std::string want = Member(Expect(vector), "detected_level");
  const std::string line = Member(vector, "line");
  const model::Labels labels =
      LabelsOf(vector, vector.contains("labels") ? "labels" : "stream_labels");
  const model::Labels metadata =
      LabelsOf(vector, vector.contains("metadata") ? "metadata" : "structured_metadata");
  ingest::ByteArena arena;
  const std::string_view bytes = ingest::DetectedLevel(labels, &arena).Add(line, metadata.bytes());
  return Differ("level", model::LabelsView(bytes).Get(ingest::kDetectedLevel), want);
}

Failure RunResponse(const json::object& vector) {
  query::StreamsResult streams;
  for (const json::value& value : vector.at("input_streams").as_array()) {
    const json::object& input = value.as_object();
    query::LogStream& stream = streams.streams.emplace_back();
    stream.labels = LabelsOf(input, "labels");
    // The vectors give whatever is printed; telling the stream's own labels apart is the engine's.
    stream.stream_labels = stream.labels;
    for (const json::value& one : input.at("entries").as_array()) {
      json::object holder;
      holder["metadata"] = one.as_array()[2];
      holder["parsed"] = one.as_array()[3];
      query::LogResultEntry& entry = stream.entries.emplace_back();
      entry.timestamp = std::stoll(Text(one.as_array()[0]));
      entry.line = Text(one.as_array()[1]);
      entry.structured_metadata = LabelsOf(holder, "metadata");
      entry.parsed = LabelsOf(holder, "parsed");
    }
  }
  query::LogQueryResult result;
  result.value = std::move(streams);
  bool categorize = false;
  for (const json::value& flag : vector.at("encoding_flags").as_array()) {
    categorize |= api::WantsCategorizedLabels(Text(flag));
  }
  api::StringSink sink;
  api::JsonWriter writer(&sink);
  api::WriteLogQueryResult(result, categorize, writer);
  writer.Flush();
  json::object data = json::parse(sink.text()).as_object();
  data.erase("stats");
  const json::value& want = Expect(vector).at("json_without_stats").at("data");
  return json::value(data) == want ? std::nullopt : Failure("got " + json::serialize(data));
}

const VectorRunners& Runners() {
  static const auto* const kRunners = new VectorRunners{
      {"push_json", RunPushJson},
      {"push_http", RunPushHttp},
      {"time_param", RunTimeParameter},
      {"bounds", RunBounds},
      {"query_params", RunQueryParameters},
      {"stream_labels", RunStreamLabels},
      {"validate_labels", RunValidate},
      {"validate_entry", RunValidate},
      {"detect_level_plain_line", RunDetectLevel},
      {"detect_level_entry", RunDetectLevel},
      {"response_json", RunResponse},
  };
  return *kRunners;
}

}  // namespace

bool IsDoorKind(std::string_view kind) { return Runners().find(kind) != Runners().end(); }

std::optional<std::string> RunDoorVector(const json::object& vector) {
  return RunVector(Runners(), vector);
}

}  // namespace tidegate::conformance
