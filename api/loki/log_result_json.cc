#include "api/loki/log_result_json.h"

#include <fmt/format.h>

#include <string>
#include <variant>

#include "api/json/number_text.h"
#include "api/prometheus/result_json.h"

namespace tidegate::api {
namespace {

// What a store of another kind counts; nothing here has caches, shards or downloads.
constexpr std::string_view kNoStore =
    R"("totalChunksRef":0,"totalChunksDownloaded":0,"chunksDownloadTime":0,)"
    R"("queryReferencedStructuredMetadata":false,"queryUsedV2Engine":false,"chunk":)"
    R"({"headChunkBytes":0,"headChunkLines":0,"decompressedBytes":0,"decompressedLines":0,)"
    R"("compressedBytes":0,"totalDuplicates":0,"postFilterLines":0,)"
    R"("headChunkStructuredMetadataBytes":0,"decompressedStructuredMetadataBytes":0},)"
    R"("chunkRefsFetchTime":0,"congestionControlLatency":0,"pipelineWrapperFilteredLines":0)";
constexpr std::string_view kNoCache =
    R"({"entriesFound":0,"entriesRequested":0,"entriesStored":0,"bytesReceived":0,"bytesSent":0,)"
    R"("requests":0,"downloadTime":0,"queryLengthServed":0})";
constexpr std::string_view kCaches[] = {
    "chunk",        "index",        "result",      "statsResult",
    "volumeResult", "seriesResult", "labelResult", "instantMetricResult",
    "logResult",    "taskResult"};
constexpr std::string_view kNoIndex =
    R"({"totalChunks":0,"postFilterChunks":0,"shardsDuration":0,"usedBloomFilters":false,)"
    R"("totalStreams":0,"chunkRefsLookupTime":0,"bloomFilterTime":0})";

std::string RestOfStats() {
  std::string text = fmt::format(
      R"("querier":{{"store":{{{0}}},"querierExecTime":0}},"ingester":{{"totalReached":0,)"
      R"("totalChunksMatched":0,"totalBatches":0,"totalLinesSent":0,"store":{{{0}}}}},"cache":{{)",
      kNoStore);
  for (const std::string_view cache : kCaches) {
    if (!text.ends_with('{')) text += ",";
    text += fmt::format("\"{}\":{}", cache, kNoCache);
  }
  return text + fmt::format("}},\"index\":{}", kNoIndex);
}

uint64_t PerSecond(uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<uint64_t>(static_cast<double>(count) / seconds) : 0;
}

void WriteStats(const query::LogQueryStats& stats, JsonWriter& json) {
  static const std::string* const kRest = new std::string(RestOfStats());
  json.Raw(fmt::format(
      R"({{"summary":{{"bytesProcessedPerSecond":{},"linesProcessedPerSecond":{},)"
      R"("totalBytesProcessed":{},"totalLinesProcessed":{},"execTime":{},"queueTime":{},)"
      R"("subqueries":0,"totalEntriesReturned":{},"splits":0,"shards":0,)"
      R"("totalPostFilterLines":{},"totalStructuredMetadataBytesProcessed":{}}},{}}})",
      PerSecond(stats.bytes_processed, stats.exec_seconds),
      PerSecond(stats.lines_processed, stats.exec_seconds), stats.bytes_processed,
      stats.lines_processed, FloatText(stats.exec_seconds), FloatText(stats.queue_seconds),
      stats.entries_returned, stats.lines_after_filter, stats.structured_metadata_bytes, *kRest));
}

void WriteCategories(const query::LogResultEntry& entry, JsonWriter& json) {
  json.BeginObject();
  if (!entry.structured_metadata.empty()) {
    json.Key("structuredMetadata");
    WriteLabels(entry.structured_metadata, json);
  }
  if (!entry.parsed.empty()) {
    json.Key("parsed");
    WriteLabels(entry.parsed, json);
  }
  json.EndObject();
}

class ResultPrinter {
 public:
  ResultPrinter(bool categorize, JsonWriter& json) : categorize_(categorize), json_(json) {}

  void operator()(const query::StreamsResult& streams) {
    Type("streams");
    if (categorize_) {
      json_.Key("encodingFlags");
      json_.BeginArray();
      json_.String(kCategorizeLabels);
      json_.EndArray();
    }
    json_.Key("result");
    WriteStreams(streams.streams, categorize_, json_);
  }
  void operator()(const query::ScalarResult& scalar) {
    Type("scalar");
    json_.Key("result");
    json_.Point(scalar.point.timestamp, scalar.point.value);
  }
  void operator()(const query::VectorResult& vector) {
    Type("vector");
    WriteSeries(vector.series, "value");
  }
  void operator()(const query::MatrixResult& matrix) {
    Type("matrix");
    WriteSeries(matrix.series, "values");
  }

 private:
  void Type(std::string_view name) {
    json_.Key("resultType");
    json_.String(name);
  }
  void WriteSeries(const std::vector<query::ResultSeries>& series, std::string_view key) {
    const bool one = key == "value";
    json_.Key("result");
    json_.BeginArray();
    for (const query::ResultSeries& element : series) {
      if (!json_.ok()) return;
      if (element.floats.empty()) continue;
      json_.BeginObject();
      json_.Key("metric");
      WriteLabels(element.labels, json_);
      json_.Key(key);
      if (!one) json_.BeginArray();
      for (const query::FloatPoint& point : element.floats) {
        json_.Point(point.timestamp, point.value);
        if (one) break;
      }
      if (!one) json_.EndArray();
      json_.EndObject();
    }
    json_.EndArray();
  }

  const bool categorize_;
  JsonWriter& json_;
};

}  // namespace

bool WantsCategorizedLabels(std::string_view encoding_flags) {
  while (!encoding_flags.empty()) {
    const size_t comma = encoding_flags.find(',');
    std::string_view flag = encoding_flags.substr(0, comma);
    while (flag.starts_with(' ')) flag.remove_prefix(1);
    while (flag.ends_with(' ')) flag.remove_suffix(1);
    if (flag == kCategorizeLabels) return true;
    encoding_flags.remove_prefix(comma == encoding_flags.npos ? encoding_flags.size() : comma + 1);
  }
  return false;
}

void WriteStreams(const std::vector<query::LogStream>& streams, bool categorize, JsonWriter& json) {
  json.BeginArray();
  for (const query::LogStream& stream : streams) {
    json.BeginObject();
    json.Key("stream");
    WriteLabels(categorize ? stream.stream_labels : stream.labels, json);
    json.Key("values");
    json.BeginArray();
    for (const query::LogResultEntry& entry : stream.entries) {
      if (!json.ok()) return;
      json.BeginArray();
      json.String(std::to_string(entry.timestamp));
      json.String(entry.line);
      if (categorize) WriteCategories(entry, json);
      json.EndArray();
    }
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
}

void WriteLogQueryResult(const query::LogQueryResult& result, bool categorize, JsonWriter& json) {
  json.BeginObject();
  std::visit(ResultPrinter(categorize, json), result.value);
  json.Key("stats");
  WriteStats(result.stats, json);
  json.EndObject();
}

}  // namespace tidegate::api
