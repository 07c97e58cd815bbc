#include "bench/fleet.h"

#include <snappy.h>

#include <algorithm>
#include <iterator>
#include <span>
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

namespace {

// What a scraper in Kubernetes adds: name, and a value in which {} is the host's number modulo
// `distinct`.
struct ExtraLabel {
  const char* name;
  const char* value;
  int distinct;
};
constexpr int kEach = 1 << 30;
constexpr ExtraLabel kExtraLabels[] = {
    {"namespace", "team-{}-production", 40},
    {"pod", "node-exporter-7d9f8b6c5d-{:05x}", kEach},
    {"container", "node-exporter", 1},
    {"node", "ip-10-1-{}.eu-central-1.compute.internal", kEach},
    {"service", "monitoring-node-exporter", 1},
    {"endpoint", "metrics-{}", 3},
    {"region", "eu-central-{}", 2},
    {"zone", "eu-central-1{}", 3},
    {"uid", "3f2a9c1e-5b7d-4e60-9a8b-{:012x}", kEach},
    {"app_kubernetes_io_name", "prometheus-node-exporter", 1},
    {"app_kubernetes_io_version", "1.{}.2", 4},
    {"helm_sh_chart", "prometheus-node-exporter-4.{}.0", 4},
    {"team", "platform-{}", 10},
    {"prometheus", "monitoring/k8s-{}", 2},
};

}  // namespace

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
    const auto extra =
        std::min<size_t>(static_cast<size_t>(options_.extra_labels), std::size(kExtraLabels));
    for (const ExtraLabel& label : std::span(kExtraLabels).first(extra)) {
      labels.emplace_back(label.name,
                          fmt::format(fmt::runtime(label.value), number % label.distinct));
    }
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
