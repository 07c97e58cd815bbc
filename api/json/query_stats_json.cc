#include "api/json/query_stats_json.h"

#include <string_view>

namespace tidegate::api {
namespace {

void WriteSeconds(std::string_view key, double seconds, JsonWriter& json) {
  json.Key(key);
  json.Double(seconds);
}

void WriteCount(std::string_view key, uint64_t count, JsonWriter& json) {
  json.Key(key);
  json.Unsigned(count);
}

void WriteTimings(const query::QueryStats& stats, JsonWriter& json) {
  const double evaluation = stats.prepare_seconds + stats.evaluate_seconds + stats.sort_seconds;
  json.BeginObject();
  WriteSeconds("evalTotalTime", evaluation, json);
  WriteSeconds("resultSortTime", stats.sort_seconds, json);
  WriteSeconds("queryPreparationTime", stats.prepare_seconds, json);
  WriteSeconds("innerEvalTime", stats.evaluate_seconds, json);
  WriteSeconds("execQueueTime", stats.queue_seconds, json);
  WriteSeconds("execTotalTime", stats.queue_seconds + evaluation, json);
  json.EndObject();
}

}  // namespace

void WriteQueryStats(const query::QueryStats& stats, JsonWriter& json) {
  // This engine counts memory: the peak in samples is how many of 16 bytes would fit into that.
  constexpr uint64_t kSampleBytes = 16;
  json.BeginObject();
  json.Key("timings");
  WriteTimings(stats, json);
  json.Key("samples");
  json.BeginObject();
  WriteCount("totalQueryableSamples", stats.samples_read, json);
  WriteCount("peakSamples", stats.peak_bytes / kSampleBytes, json);
  WriteCount("samplesRead", stats.samples_read, json);
  WriteCount("seriesRead", stats.series_read, json);
  WriteCount("peakBytes", stats.peak_bytes, json);
  json.EndObject();
  json.EndObject();
}

}  // namespace tidegate::api
