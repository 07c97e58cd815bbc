#include "ingest/decode/loki/loki_json.h"

#include <simdjson.h>

#include <charconv>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "fmt/format.h"
#include "ingest/decode/decompress.h"
#include "ingest/decode/loki/push_streams.h"

namespace tidegate::ingest {
namespace {

static_assert(simdjson::SIMDJSON_PADDING <= kReadableBehind);

namespace ondemand = simdjson::ondemand;

// Reads one body. The parser owns the strings that had escapes, so it lives as long as the push.
class Decoder {
 public:
  Decoder(std::string_view body, DecodedPush* push)
      : body_(body), push_(*push), streams_(push), parser_(std::make_shared<ondemand::parser>()) {
    push->parsed = parser_;
  }

  absl::Status Run(bool legacy);

 private:
  absl::Status ReadStreams(ondemand::document& document, bool legacy);
  absl::Status ReadStream(ondemand::object stream);
  absl::Status ReadLegacyStream(ondemand::object stream);
  absl::Status ReadLabels(ondemand::value value);
  absl::Status ReadValues(ondemand::value value);
  absl::Status ReadValue(ondemand::value value);
  absl::Status ReadMetadata(ondemand::value value);
  absl::Status ReadLegacyEntry(ondemand::value value);
  absl::Status Fail(std::string_view problem) const;

  const std::string_view body_;
  DecodedPush& push_;
  PushStreams streams_;
  std::shared_ptr<ondemand::parser> parser_;
  size_t stream_ = 0;
  size_t value_ = 0;
};

absl::Status Decoder::Fail(std::string_view problem) const {
  return absl::InvalidArgumentError(
      fmt::format("streams[{}], value {}: {}", stream_, value_, problem));
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && static_cast<uint8_t>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

// The text of a scalar: a string's content, or the token as it stands.
bool ScalarText(ondemand::value value, std::string_view* text) {
  ondemand::json_type type;
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  switch (type) {
    case ondemand::json_type::string:
      return value.get_string().get(*text) == simdjson::SUCCESS;
    case ondemand::json_type::number: {
      *text = Trim(value.raw_json_token());
      double number = 0;
      return value.get_double().get(number) == simdjson::SUCCESS;
    }
    case ondemand::json_type::boolean: {
      bool truth = false;
      if (value.get_bool().get(truth) != simdjson::SUCCESS) return false;
      *text = truth ? "true" : "false";
      return true;
    }
    case ondemand::json_type::null:
      *text = "null";
      return value.is_null();
    default:
      return false;
  }
}

absl::Status Decoder::ReadLabels(ondemand::value value) {
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) {
    return Fail("\"stream\" must be an object of labels");
  }
  std::vector<model::Label> labels;
  for (auto field : object) {
    std::string_view name;
    std::string_view text;
    ondemand::value content;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS ||
        field.value().get(content) != simdjson::SUCCESS || !ScalarText(content, &text)) {
      return Fail("\"stream\" must be an object of labels with strings as values");
    }
    labels.push_back({name, text});
  }
  streams_.BeginStream(std::move(labels));
  return absl::OkStatus();
}

absl::Status Decoder::ReadMetadata(ondemand::value value) {
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) {
    return Fail("structured metadata must be an object");
  }
  for (auto field : object) {
    std::string_view name;
    std::string_view text;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS ||
        field.value().get_string().get(text) != simdjson::SUCCESS) {
      return Fail("structured metadata must have strings as values");
    }
    streams_.AddMetadata(name, text);
  }
  return absl::OkStatus();
}

absl::Status Decoder::ReadValue(ondemand::value value) {
  ondemand::array parts;
  if (value.get_array().get(parts) != simdjson::SUCCESS) {
    return Fail("must be an array of timestamp, line and optional metadata");
  }
  model::TimestampNs timestamp = 0;
  std::string_view line;
  size_t count = 0;
  for (auto part : parts) {
    ondemand::value element;
    if (part.get(element) != simdjson::SUCCESS) return Fail("malformed JSON");
    if (count == 0) {
      std::string_view text;
      if (element.get_string().get(text) != simdjson::SUCCESS) {
        return Fail("the timestamp must be a string of nanoseconds");
      }
      const char* const end = text.data() + text.size();
      const auto parsed = std::from_chars(text.data(), end, timestamp);
      if (parsed.ec != std::errc() || parsed.ptr != end) {
        return Fail(fmt::format("{} is no timestamp in nanoseconds", text.substr(0, 40)));
      }
    } else if (count == 1) {
      if (element.get_string().get(line) != simdjson::SUCCESS) {
        return Fail("the line must be a string");
      }
    } else if (count == 2) {
      if (absl::Status status = ReadMetadata(element); !status.ok()) return status;
    } else {
      return Fail("must have two or three elements");
    }
    ++count;
  }
  if (count < 2) return Fail("must have two or three elements");
  streams_.AddEntry(timestamp, line);
  return absl::OkStatus();
}

absl::Status Decoder::ReadValues(ondemand::value value) {
  ondemand::array values;
  if (value.get_array().get(values) != simdjson::SUCCESS)
    return Fail("\"values\" must be an array");
  for (auto one : values) {
    ondemand::value element;
    if (one.get(element) != simdjson::SUCCESS) return Fail("malformed JSON");
    if (absl::Status status = ReadValue(element); !status.ok()) return status;
    ++value_;
  }
  return absl::OkStatus();
}

// Members come in any order; `stream` is looked for first.
absl::Status Decoder::ReadStream(ondemand::object stream) {
  ondemand::value labels;
  if (stream.find_field_unordered("stream").get(labels) == simdjson::SUCCESS) {
    if (absl::Status status = ReadLabels(labels); !status.ok()) return status;
  } else {
    streams_.BeginStream(std::vector<model::Label>());
  }
  ondemand::value values;
  const simdjson::error_code error = stream.find_field_unordered("values").get(values);
  if (error == simdjson::SUCCESS) {
    if (absl::Status status = ReadValues(values); !status.ok()) return status;
  } else if (error != simdjson::NO_SUCH_FIELD) {
    return Fail(simdjson::error_message(error));
  }
  streams_.EndStream();
  return absl::OkStatus();
}

absl::Status Decoder::ReadLegacyEntry(ondemand::value value) {
  ondemand::object entry;
  std::string_view time_text;
  std::string_view line;
  if (value.get_object().get(entry) != simdjson::SUCCESS) return Fail("must be an object");
  const simdjson::error_code no_time = entry.find_field_unordered("ts").get_string().get(time_text);
  if (no_time != simdjson::SUCCESS) return Fail("\"ts\" must be a time of RFC 3339");
  const simdjson::error_code no_line = entry.find_field_unordered("line").get_string().get(line);
  if (no_line != simdjson::SUCCESS && no_line != simdjson::NO_SUCH_FIELD) {
    return Fail("\"line\" must be a string");
  }
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, {time_text.data(), time_text.size()}, &time, &error)) {
    return Fail(fmt::format("{} is no time of RFC 3339", time_text.substr(0, 40)));
  }
  streams_.AddEntry(absl::ToUnixNanos(time), line);
  return absl::OkStatus();
}

absl::Status Decoder::ReadLegacyStream(ondemand::object stream) {
  std::string_view labels;
  if (stream.find_field_unordered("labels").get_string().get(labels) != simdjson::SUCCESS) {
    return Fail("\"labels\" must be a string");
  }
  streams_.BeginStream(labels);
  ondemand::array entries;
  const simdjson::error_code error =
      stream.find_field_unordered("entries").get_array().get(entries);
  if (error == simdjson::NO_SUCH_FIELD) {
    streams_.EndStream();
    return absl::OkStatus();
  }
  if (error != simdjson::SUCCESS) return Fail("\"entries\" must be an array");
  for (auto one : entries) {
    ondemand::value element;
    if (one.get(element) != simdjson::SUCCESS) return Fail("malformed JSON");
    if (absl::Status status = ReadLegacyEntry(element); !status.ok()) return status;
    ++value_;
  }
  streams_.EndStream();
  return absl::OkStatus();
}

absl::Status Decoder::ReadStreams(ondemand::document& document, bool legacy) {
  ondemand::object root;
  if (document.get_object().get(root) != simdjson::SUCCESS) {
    return absl::InvalidArgumentError("the body must be a JSON object with \"streams\"");
  }
  ondemand::array streams;
  const simdjson::error_code error = root.find_field_unordered("streams").get_array().get(streams);
  if (error == simdjson::NO_SUCH_FIELD) return absl::OkStatus();
  if (error != simdjson::SUCCESS) {
    return absl::InvalidArgumentError("\"streams\" must be an array of objects");
  }
  for (auto one : streams) {
    ondemand::object stream;
    value_ = 0;
    if (one.get_object().get(stream) != simdjson::SUCCESS) return Fail("must be an object");
    absl::Status status = legacy ? ReadLegacyStream(stream) : ReadStream(stream);
    if (!status.ok()) return status;
    ++stream_;
  }
  return absl::OkStatus();
}

absl::Status Decoder::Run(bool legacy) {
  // Checks UTF-8 and the structure's brackets before anything is read.
  ondemand::document document;
  const simdjson::error_code error =
      parser_->iterate(body_.data(), body_.size(), body_.size() + kReadableBehind).get(document);
  if (error != simdjson::SUCCESS) {
    return absl::InvalidArgumentError(
        fmt::format("the body is no JSON: {}", simdjson::error_message(error)));
  }
  return ReadStreams(document, legacy);
}

}  // namespace

absl::Status DecodeLokiJson(std::string_view body, DecodedPush* push) {
  return Decoder(body, push).Run(/*legacy=*/false);
}

absl::Status DecodeLegacyLokiJson(std::string_view body, DecodedPush* push) {
  return Decoder(body, push).Run(/*legacy=*/true);
}

}  // namespace tidegate::ingest
