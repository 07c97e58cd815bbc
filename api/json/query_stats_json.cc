#include "api/json/query_stats_json.h"

#include <numeric>
#include <string_view>
#include <vector>

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

// [[1700000000,3],...]
void WriteSteps(std::string_view key, const std::vector<uint64_t>& per_step,
                const query::QueryStats& stats, JsonWriter& json) {
  if (per_step.empty()) return;
  json.Key(key);
  json.BeginArray();
  model::TimestampMs time = stats.first_step;
  for (const uint64_t samples : per_step) {
    json.BeginArray();
    json.Timestamp(time);
    json.Unsigned(samples);
    json.EndArray();
    time += stats.step_ms;
  }
  json.EndArray();
}

// Of queries whose steps were not counted, what was loaded is known.
uint64_t SumOr(const std::vector<uint64_t>& per_step, uint64_t loaded) {
  return per_step.empty() ? loaded : std::accumulate(per_step.begin(), per_step.end(), uint64_t{0});
}

}  // namespace

void WriteQueryStats(const query::QueryStats& stats, bool per_step, JsonWriter& json) {
  // This engine counts memory: the peak in samples is how many of 16 bytes would fit into that.
  constexpr uint64_t kSampleBytes = 16;
  json.BeginObject();
  json.Key("timings");
  WriteTimings(stats, json);
  json.Key("samples");
  json.BeginObject();
  if (per_step) WriteSteps("totalQueryableSamplesPerStep", stats.total_per_step, stats, json);
  WriteCount("totalQueryableSamples", SumOr(stats.total_per_step, stats.samples_read), json);
  if (per_step) WriteSteps("samplesReadPerStep", stats.read_per_step, stats, json);
  WriteCount("samplesRead", SumOr(stats.read_per_step, stats.samples_read), json);
  WriteCount("peakSamples", stats.peak_bytes / kSampleBytes, json);
  WriteCount("seriesRead", stats.series_read, json);
  WriteCount("peakBytes", stats.peak_bytes, json);
  json.EndObject();
  json.EndObject();
}

}  // namespace tidegate::api
