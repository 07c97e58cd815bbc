#include "ingest/decode/json_lines/json_lines.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "fmt/format.h"
#include "ingest/decode/decompress.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "model/series_id.h"

namespace tidegate::ingest {
namespace {

namespace dom = simdjson::dom;

static_assert(simdjson::SIMDJSON_PADDING <= kReadableBehind);

absl::Status Wrong(std::string_view what) {
  return absl::InvalidArgumentError(absl::string_view(what.data(), what.size()));
}

class Decoder {
 public:
  Decoder(size_t max_label_bytes, DecodedPush* push)
      : max_label_bytes_(max_label_bytes), push_(*push), batch_(push->batch) {}

  absl::Status Run(std::string_view body);

 private:
  struct Line {
    dom::object metric;
    dom::array values, histograms, timestamps;
    bool has_metric = false, has_values = false, has_histograms = false, has_timestamps = false;
  };

  absl::Status ReadLine(std::string_view text);
  absl::Status ReadMembers(dom::object object, Line* line);
  absl::Status BeginSeries(dom::object metric);
  absl::Status ReadValues(const Line& line);
  absl::Status ReadHistograms(const Line& line);

  const size_t max_label_bytes_;
  DecodedPush& push_;
  model::WriteBatch& batch_;
  dom::parser parser_;
  size_t label_bytes_ = 0;
};

bool ValueOf(dom::element element, double* value) {
  if (element.get_double().get(*value) == simdjson::SUCCESS) return true;
  if (element.is_null()) {
    *value = std::bit_cast<double>(model::kNormalNanBits);
    return true;
  }
  std::string_view text;
  if (element.get_string().get(text) != simdjson::SUCCESS) return false;
  const double infinity = std::numeric_limits<double>::infinity();
  if (text == "Infinity") {
    *value = infinity;
  } else if (text == "-Infinity") {
    *value = -infinity;
  } else if (text == "StaleNaN") {
    *value = model::StaleNan();
  } else {
    return false;
  }
  return true;
}

absl::Status Decoder::ReadMembers(dom::object object, Line* line) {
  for (const auto [key, value] : object) {
    bool read = false;
    if (key == "metric") {
      read = line->has_metric = value.get_object().get(line->metric) == simdjson::SUCCESS;
    } else if (key == "values") {
      read = line->has_values = value.get_array().get(line->values) == simdjson::SUCCESS;
    } else if (key == "histograms") {
      read = line->has_histograms = value.get_array().get(line->histograms) == simdjson::SUCCESS;
    } else if (key == "timestamps") {
      read = line->has_timestamps = value.get_array().get(line->timestamps) == simdjson::SUCCESS;
    } else {
      return Wrong(fmt::format("unknown member {}", std::string_view(key)));
    }
    if (!read) return Wrong(fmt::format("{} has the wrong type", std::string_view(key)));
  }
  if (!line->has_metric || !line->has_timestamps || line->has_values == line->has_histograms) {
    return Wrong("metric, timestamps, and either values or histograms are needed");
  }
  return absl::OkStatus();
}

absl::Status Decoder::BeginSeries(dom::object metric) {
  std::vector<std::pair<std::string, std::string>> labels;
  for (const auto [name, value] : metric) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) {
      return Wrong("metric must hold strings");
    }
    labels.emplace_back(std::string_view(name), text);
  }
  const model::Labels sorted(std::move(labels));
  label_bytes_ += sorted.bytes().size();
  if (max_label_bytes_ != 0 && label_bytes_ > max_label_bytes_) {
    return absl::OutOfRangeError(
        fmt::format("the labels of the request take more than {} bytes", max_label_bytes_));
  }
  model::BatchSeries& series = batch_.series.emplace_back();
  series.label_bytes = push_.arena.Copy(sorted.bytes());
  series.id = model::HashLabelBytes(series.label_bytes);
  series.samples_begin = static_cast<uint32_t>(batch_.timestamps.size());
  series.histograms_begin = static_cast<uint32_t>(batch_.histograms.size());
  return absl::OkStatus();
}

absl::Status Decoder::ReadValues(const Line& line) {
  auto value = line.values.begin();
  for (const dom::element time : line.timestamps) {
    int64_t timestamp = 0;
    double number = 0;
    if (time.get_int64().get(timestamp) != simdjson::SUCCESS) {
      return Wrong("timestamps must be integers");
    }
    if (!(value != line.values.end())) return Wrong("more timestamps than values");
    if (!ValueOf(*value, &number)) {
      return Wrong("values must be numbers, null, \"Infinity\", \"-Infinity\" or \"StaleNaN\"");
    }
    push_.AddSample(timestamp, 0, number);
    ++value;
  }
  return value != line.values.end() ? Wrong("more values than timestamps") : absl::OkStatus();
}

absl::Status Decoder::ReadHistograms(const Line& line) {
  auto encoded = line.histograms.begin();
  std::string bytes;
  for (const dom::element time : line.timestamps) {
    int64_t timestamp = 0;
    std::string_view text;
    if (time.get_int64().get(timestamp) != simdjson::SUCCESS) {
      return Wrong("timestamps must be integers");
    }
    if (!(encoded != line.histograms.end())) return Wrong("more timestamps than histograms");
    if ((*encoded).get_string().get(text) != simdjson::SUCCESS ||
        !absl::Base64Unescape(absl::string_view(text.data(), text.size()), &bytes)) {
      return Wrong("histograms must be base64");
    }
    std::string_view rest = bytes;
    absl::StatusOr<model::Histogram> histogram = model::DecodeHistogram(&rest);
    if (!histogram.ok() || !rest.empty()) return Wrong("a histogram's bytes are none");
    batch_.histograms.push_back({timestamp, 0, *std::move(histogram)});
    ++encoded;
  }
  return encoded != line.histograms.end() ? Wrong("more histograms than timestamps")
                                          : absl::OkStatus();
}

absl::Status Decoder::ReadLine(std::string_view text) {
  dom::element root;
  dom::object object;
  const simdjson::error_code error =
      parser_.parse(text.data(), text.size(), /*realloc_if_needed=*/false).get(root);
  if (error != simdjson::SUCCESS) {
    return Wrong(fmt::format("no JSON: {}", simdjson::error_message(error)));
  }
  if (root.get_object().get(object) != simdjson::SUCCESS) return Wrong("no JSON object");
  Line line;
  if (absl::Status status = ReadMembers(object, &line); !status.ok()) return status;
  if (absl::Status status = BeginSeries(line.metric); !status.ok()) return status;
  const absl::Status status = line.has_values ? ReadValues(line) : ReadHistograms(line);
  batch_.series.back().samples_end = static_cast<uint32_t>(batch_.timestamps.size());
  batch_.series.back().histograms_end = static_cast<uint32_t>(batch_.histograms.size());
  return status;
}

absl::Status Decoder::Run(std::string_view body) {
  for (size_t number = 1; !body.empty(); ++number) {
    const size_t end = std::min(body.find('\n'), body.size());
    const std::string_view line = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    const absl::Status status = ReadLine(line);
    if (!status.ok()) {
      return absl::Status(status.code(),
                          fmt::format("line {}: {}", number, std::string(status.message())));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status DecodeJsonLines(std::string_view body, size_t max_label_bytes, DecodedPush* push) {
  return Decoder(max_label_bytes, push).Run(body);
}

}  // namespace tidegate::ingest
