#include "bench/fleet.h"

#include <snappy.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "fmt/format.h"
#include "model/labels.h"

namespace tidegate::bench {
namespace {

void AppendVarint(uint64_t value, std::string* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

// WriteRequest.timeseries with one sample.
void AppendSeries(std::string_view label_bytes, double value, int64_t timestamp_ms,
                  std::string* out) {
  std::string sample = "\x09";  // Sample.value
  const uint64_t bits = std::bit_cast<uint64_t>(value);
  for (int shift = 0; shift < 64; shift += 8) sample.push_back(static_cast<char>(bits >> shift));
  sample.push_back('\x10');  // Sample.timestamp
  AppendVarint(static_cast<uint64_t>(timestamp_ms), &sample);
  std::string samples = "\x12";  // TimeSeries.samples
  AppendVarint(sample.size(), &samples);
  samples += sample;
  out->push_back('\x0A');
  AppendVarint(label_bytes.size() + samples.size(), out);
  out->append(label_bytes).append(samples);
}

}  // namespace

Fleet::Fleet(const FleetOptions& options, std::vector<SeriesTemplate> templates)
    : options_(options), templates_(std::move(templates)), random_(options.seed) {
  for (int i = 0; i < options_.hosts; ++i) {
    hosts_.push_back(MakeHost(options_.step_ms * i / options_.hosts / 2 * 2));
  }
}

Fleet::Host Fleet::MakeHost(int64_t offset_ms) {
  const int number = made_hosts_++;
  Host host;
  host.offset_ms = offset_ms;
  host.activity = 0.2 + static_cast<double>(random_() % 1000) / 1000;
  for (const SeriesTemplate& series : templates_) {
    auto labels = series.labels;
    labels.emplace_back("instance", fmt::format("node-{:05}.example.net:9100", number));
    labels.emplace_back("job", "node");
    labels.emplace_back("cluster", fmt::format("cluster-{}", number % 4));
    labels.emplace_back("env", "production");
    host.series.push_back(
        {std::string(model::Labels(std::move(labels)).bytes()), SeriesWalk(series, &random_)});
  }
  series_ += host.series.size();
  return host;
}

void Fleet::Replace(int count) {
  for (int i = 0; i < count; ++i) {
    Host& oldest = hosts_[static_cast<size_t>(made_hosts_) % hosts_.size()];
    oldest = MakeHost(oldest.offset_ms);
  }
}

void Fleet::ScrapeHost(Host* host, int64_t round_ms,
                       const std::function<void(std::string_view)>& request_fn) {
  const int64_t timestamp_ms = round_ms + host->offset_ms;
  const double drift = static_cast<double>(random_() % 1000) / 1000 - 0.5;
  host->activity = std::clamp(host->activity + drift / 5, 0.1, 2.0);
  Scrape scrape;
  scrape.timestamp_s = static_cast<double>(timestamp_ms) / 1000;
  scrape.interval_s = static_cast<double>(options_.step_ms) / 1000;
  scrape.activity = host->activity;
  for (HostSeries& series : host->series) {
    AppendSeries(series.label_bytes, series.walk.Next(&random_, &scrape), timestamp_ms, &body_);
    ++samples_;
    if (++in_body_ == options_.samples_per_request) Flush(request_fn);
  }
}

void Fleet::Flush(const std::function<void(std::string_view)>& request_fn) {
  if (in_body_ == 0) return;
  raw_bytes_ += body_.size();
  std::string compressed;
  snappy::Compress(body_.data(), body_.size(), &compressed);
  request_fn(compressed);
  body_.clear();
  in_body_ = 0;
}

void Fleet::Run(const std::function<void(std::string_view)>& request_fn) {
  const int replaced = static_cast<int>(options_.churn * options_.hosts);
  for (int round = 0; round < options_.rounds; ++round) {
    if (round > 0) Replace(replaced);
    for (Host& host : hosts_) {
      ScrapeHost(&host, options_.start_ms + round * options_.step_ms, request_fn);
    }
    Flush(request_fn);
  }
}

}  // namespace tidegate::bench
