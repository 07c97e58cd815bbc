#include "bench/fleet.h"

#include <snappy.h>

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "model/labels.h"

namespace tidegate::bench {

Fleet::Fleet(const FleetOptions& options, std::vector<SeriesTemplate> templates)
    : options_(options),
      templates_(std::move(templates)),
      random_(options.seed),
      body_(options.version) {
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
    body_.Add(series.label_bytes, series.walk.Next(&random_, &scrape), timestamp_ms);
    ++samples_;
    if (body_.series() == options_.samples_per_request) Flush(request_fn);
  }
}

void Fleet::Flush(const std::function<void(std::string_view)>& request_fn) {
  if (body_.series() == 0) return;
  const std::string message = body_.Take();
  raw_bytes_ += message.size();
  std::string compressed;
  snappy::Compress(message.data(), message.size(), &compressed);
  request_fn(compressed);
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
