// What a sample costs before it reaches the head: decompression and decoding, beside the generated
// protobuf decoder.
#include <benchmark/benchmark.h>
#include <snappy.h>

#include <string>
#include <vector>

#include "bench/ingest/fleet.h"
#include "bench/write_request.h"
#include "ingest/decode/byte_buffer.h"
#include "ingest/decode/decoded_push.h"
#include "ingest/decode/remote_write.h"
#include "ingest/decode/remote_write_2.h"
#include "ingest/decode/snappy_block.h"
#include "proto/prometheus/remote.pb.h"

namespace tidegate::bench {
namespace {

constexpr model::TimestampMs kTimestamp = 1'763'793'895'123;

std::vector<std::string> Round(const benchmark::State& state) {
  FleetOptions options;
  options.labels = static_cast<int>(state.range(0));
  return ScrapeRound(options, kTimestamp);
}

// Runs `decode_fn` over all requests in turn and reports the time per series.
template <typename DecodeFn>
void RunPerSample(benchmark::State& state, const std::vector<std::string>& bodies,
                  DecodeFn decode_fn) {
  const FleetOptions options;
  size_t at = 0;
  for (auto _ : state) {
    decode_fn(bodies[at]);
    at = at + 1 == bodies.size() ? 0 : at + 1;
  }
  const double samples = static_cast<double>(state.iterations()) * options.series_per_request;
  state.counters["per_sample"] =
      benchmark::Counter(samples, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void BM_Decode(benchmark::State& state) {
  ingest::DecodedPush push;
  RunPerSample(state, Round(state), [&](const std::string& body) {
    push.Clear();
    if (!ingest::DecodeRemoteWrite(body, &push).ok()) state.SkipWithError("refused");
  });
}
BENCHMARK(BM_Decode)->ArgName("labels")->Arg(6)->Arg(10)->Arg(13);

// The same requests in version 2.0.
std::vector<std::string> AsVersion2(const std::vector<std::string>& bodies) {
  std::vector<std::string> converted;
  ingest::DecodedPush push;
  for (const std::string& body : bodies) {
    push.Clear();
    (void)ingest::DecodeRemoteWrite(body, &push);
    WriteRequest request(2);
    for (const model::BatchSeries& series : push.batch.series) {
      request.Add(series.label_bytes, push.batch.values[series.samples_begin],
                  push.batch.timestamps[series.samples_begin]);
    }
    converted.push_back(request.Take());
  }
  return converted;
}

void BM_DecodeVersion2(benchmark::State& state) {
  ingest::DecodedPush push;
  ingest::SymbolTable symbols;
  RunPerSample(state, AsVersion2(Round(state)), [&](const std::string& body) {
    push.Clear();
    const auto status = ingest::DecodeRemoteWrite2(
        body, 0, [](size_t) { return absl::OkStatus(); }, &symbols, &push);
    if (!status.ok()) state.SkipWithError("refused");
  });
}
BENCHMARK(BM_DecodeVersion2)->ArgName("labels")->Arg(6)->Arg(10)->Arg(13);

void BM_DecompressAndDecode(benchmark::State& state) {
  std::vector<std::string> bodies = Round(state);
  for (std::string& body : bodies) {
    std::string block;
    snappy::Compress(body.data(), body.size(), &block);
    body = std::move(block);
  }
  ingest::ByteBuffer buffer;
  ingest::DecodedPush push;
  RunPerSample(state, bodies, [&](const std::string& block) {
    const auto size = ingest::DecompressedSize(block, 128 << 20);
    const auto body = ingest::DecompressSnappyBlock(block, *size, &buffer);
    push.Clear();
    if (!ingest::DecodeRemoteWrite(*body, &push).ok()) state.SkipWithError("refused");
  });
}
BENCHMARK(BM_DecompressAndDecode)->ArgName("labels")->Arg(10);

void BM_GeneratedDecoder(benchmark::State& state) {
  prompb::WriteRequest request;
  RunPerSample(state, Round(state), [&](const std::string& body) {
    if (!request.ParseFromString(body)) state.SkipWithError("refused");
  });
}
BENCHMARK(BM_GeneratedDecoder)->ArgName("labels")->Arg(10);

}  // namespace
}  // namespace tidegate::bench
