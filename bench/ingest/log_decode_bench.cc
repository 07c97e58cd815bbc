// What a log line costs before it reaches the head: decompression, decoding, checks and the
// detection of its level, in bytes of text a second.
#include <benchmark/benchmark.h>
#include <snappy.h>

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "fmt/format.h"
#include "ingest/admit/logs/level_detection.h"
#include "ingest/admit/logs/log_checks.h"
#include "ingest/decode/byte_buffer.h"
#include "ingest/decode/decoded_push.h"
#include "ingest/decode/loki/loki_protobuf.h"
#include "ingest/decode/snappy_block.h"
#include "proto/loki/push.pb.h"

namespace tidegate::bench {
namespace {

constexpr int kLines = 2000;

std::vector<std::string> PlainLines() {
  std::vector<std::string> lines;
  for (int i = 0; i < kLines; ++i) {
    lines.push_back(fmt::format(
        "2024-03-{:02} 10:{:02}:{:02} worker-{} handled request {} of client 10.0.{}.{} in {} ms, "
        "the answer had {} bytes and went out over connection {}",
        i % 28 + 1, i % 60, i % 59, i % 7, i * 7919, i % 250, i % 200, i % 900, i * 31, i % 333));
  }
  return lines;
}

std::vector<std::string> LogfmtLines() {
  std::vector<std::string> lines;
  for (int i = 0; i < kLines; ++i) {
    lines.push_back(fmt::format(
        "ts=2024-03-01T10:00:{:02}Z caller=server.go:{} level=info msg=\"request done\" path=/a/{} "
        "status=200 duration={}ms bytes={}",
        i % 60, i % 900, i, i % 777, i * 31));
  }
  return lines;
}

std::vector<std::string> JsonLines() {
  std::vector<std::string> lines;
  for (int i = 0; i < kLines; ++i) {
    lines.push_back(fmt::format(
        R"({{"ts":"2024-03-01T10:00:{:02}Z","caller":"server.go:{}","msg":"request done",)"
        R"("path":"/a/{}","status":200,"duration":{},"level":"warn","bytes":{}}})",
        i % 60, i % 900, i, i % 777, i * 31));
  }
  return lines;
}

size_t TextBytes(const std::vector<std::string>& lines) {
  size_t bytes = 0;
  for (const std::string& line : lines) bytes += line.size();
  return bytes;
}

void DetectAll(benchmark::State& state, const std::vector<std::string>& lines) {
  for (auto _ : state) {
    int sum = 0;
    for (const std::string& line : lines) sum += static_cast<int>(ingest::DetectLevel(line));
    benchmark::DoNotOptimize(sum);
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * TextBytes(lines)));
}

void BM_DetectLevelPlain(benchmark::State& state) { DetectAll(state, PlainLines()); }
BENCHMARK(BM_DetectLevelPlain);
void BM_DetectLevelLogfmt(benchmark::State& state) { DetectAll(state, LogfmtLines()); }
BENCHMARK(BM_DetectLevelLogfmt);
void BM_DetectLevelJson(benchmark::State& state) { DetectAll(state, JsonLines()); }
BENCHMARK(BM_DetectLevelJson);

std::string Body(const std::vector<std::string>& lines) {
  lokipb::PushRequest request;
  for (int s = 0; s < 10; ++s) {
    lokipb::Stream* stream = request.add_streams();
    stream->set_labels(fmt::format("{{app=\"shop\", pod=\"shop-{}\"}}", s));
    for (size_t i = s; i < lines.size(); i += 10) {
      lokipb::Entry* entry = stream->add_entries();
      entry->mutable_timestamp()->set_seconds(1'700'000'000);
      entry->mutable_timestamp()->set_nanos(static_cast<int>(i));
      entry->set_line(lines[i]);
    }
  }
  const std::string message = request.SerializeAsString();
  std::string block;
  snappy::Compress(message.data(), message.size(), &block);
  return block;
}

// Everything in front of the head.
void BM_Door(benchmark::State& state) {
  const std::vector<std::string> lines = state.range(0) == 0 ? PlainLines() : LogfmtLines();
  const std::string body = Body(lines);
  const model::LogLimits limits;
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  ingest::LogRates rates;
  ingest::ByteBuffer buffer;
  ingest::DecodedPush push;
  for (auto _ : state) {
    const auto size = ingest::DecompressedSize(body, 128 << 20);
    const auto message = ingest::DecompressSnappyBlock(body, *size, &buffer);
    push.Clear();
    ingest::Rejections rejections;
    if (!ingest::DecodeLokiProtobuf(*message, &push).ok() ||
        !ingest::CheckLogs("t", limits, now, &rates, &push, &rejections).ok()) {
      state.SkipWithError("refused");
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * TextBytes(lines)));
}
BENCHMARK(BM_Door)->ArgName("logfmt")->Arg(0)->Arg(1);

}  // namespace
}  // namespace tidegate::bench
