#include "api/microprofile/json_format.h"

#include <cmath>
#include <cstdint>
#include <string>

namespace tidegate::api {
namespace {

constexpr double kNanoseconds = 1e9;

// Whole numbers without a fraction, as counters and most gauges are.
void WriteNumber(double value, JsonWriter* json) {
  constexpr double kExact = 9007199254740992;  // 2^53
  if (value == std::floor(value) && std::abs(value) < kExact) {
    json->Integer(static_cast<int64_t>(value));
  } else {
    json->Double(value);
  }
}

class ValueWriter {
 public:
  explicit ValueWriter(JsonWriter* json) : json_(*json) {}

  void operator()(const Gauge& gauge) { WriteNumber(gauge.value, &json_); }
  void operator()(const Counter& counter) { WriteNumber(counter.value, &json_); }

  void operator()(const MeterFigures& meter) {
    json_.BeginObject();
    Count(meter.rates.count);
    Rates(meter.rates);
    json_.EndObject();
  }

  void operator()(const HistogramFigures& histogram) {
    json_.BeginObject();
    Count(histogram.values.count);
    Values(histogram.values, 1);
    json_.EndObject();
  }

  void operator()(const TimerFigures& timer) {
    json_.BeginObject();
    Count(timer.rates.count);
    Rates(timer.rates);
    Values(timer.seconds, kNanoseconds);
    json_.EndObject();
  }

 private:
  void Count(uint64_t count) {
    json_.Key("count");
    json_.Unsigned(count);
  }

  void Field(std::string_view key, double value) {
    json_.Key(key);
    json_.Double(value);
  }

  void Rates(const model::RateFigures& rates) {
    Field("meanRate", rates.mean);
    Field("oneMinRate", rates.one_minute);
    Field("fiveMinRate", rates.five_minutes);
    Field("fifteenMinRate", rates.fifteen_minutes);
  }

  void Values(const model::ValueFigures& values, double factor) {
    json_.Key("min");
    WriteNumber(values.min * factor, &json_);
    json_.Key("max");
    WriteNumber(values.max * factor, &json_);
    Field("mean", values.mean * factor);
    Field("stddev", values.stddev * factor);
    Field("p50", values.p50 * factor);
    Field("p75", values.p75 * factor);
    Field("p95", values.p95 * factor);
    Field("p98", values.p98 * factor);
    Field("p99", values.p99 * factor);
    Field("p999", values.p999 * factor);
  }

  JsonWriter& json_;
};

void Field(std::string_view key, std::string_view value, JsonWriter* json) {
  if (value.empty()) return;
  json->Key(key);
  json->String(value);
}

// "memory.usedHeap" -> "Memory Used Heap".
std::string DisplayName(std::string_view name) {
  std::string words;
  bool begins = true;
  for (char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool letter = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!letter) {
      begins = true;
      continue;
    }
    if ((begins || upper) && !words.empty()) words += ' ';
    words += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    begins = false;
  }
  return words;
}

}  // namespace

void WriteValue(const Metric& metric, JsonWriter* json) {
  std::visit(ValueWriter(json), metric.value);
}

void WriteMetadata(std::string_view name, const Metric& metric, const Tags& global_tags,
                   JsonWriter* json) {
  std::string tags;
  for (const Tags* some : {&global_tags, &metric.tags}) {
    for (const auto& [tag, value] : *some) {
      tags.append(tags.empty() ? "" : ",").append(tag).append("=").append(value);
    }
  }
  json->BeginObject();
  Field("unit", metric.unit, json);
  Field("type", TypeName(metric.value), json);
  Field("description", metric.description, json);
  Field("displayName", DisplayName(name), json);
  Field("tags", tags, json);
  json->EndObject();
}

}  // namespace tidegate::api
