#include "bench/ingest/fleet.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "model/labels.h"

namespace tidegate::bench {
namespace {

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

void AppendField(char tag, std::string_view content, std::string* out) {
  out->push_back(tag);
  AppendVarint(content.size(), out);
  out->append(content);
}

std::string SeriesLabels(const FleetOptions& options, int index) {
  const int pod = index / 40;  // Forty metrics per container.
  std::vector<std::pair<std::string, std::string>> labels = {
      {"__name__", fmt::format("container_network_metric_{}_total", index % 40)},
      {"instance", fmt::format("10.{}.{}.7:10250", pod / 250 % 250, pod % 250)},
      {"job", "kubernetes-cadvisor"},
      {"namespace", fmt::format("team-{}", pod % 17)},
      {"pod", fmt::format("checkout-service-7d9f8b6c5-{:05x}", pod * 7919 % 0xfffff)}};
  for (int i = 5; i < options.labels; ++i) {
    labels.emplace_back(fmt::format("label_{}", i),
                        fmt::format("eu-central-{}-value", pod % (i * 3)));
  }
  return std::string(model::Labels(std::move(labels)).bytes());
}

std::string Sample(double value, model::TimestampMs timestamp) {
  std::string sample(9, '\x09');
  std::memcpy(sample.data() + 1, &value, sizeof(value));
  sample.push_back('\x10');
  AppendVarint(static_cast<uint64_t>(timestamp), &sample);
  return sample;
}

}  // namespace

std::vector<std::string> ScrapeRound(const FleetOptions& options, model::TimestampMs timestamp) {
  std::vector<std::string> bodies;
  for (int first = 0; first < options.series; first += options.series_per_request) {
    std::string& body = bodies.emplace_back();
    const int end = std::min(options.series, first + options.series_per_request);
    for (int i = first; i < end; ++i) {
      std::string series = SeriesLabels(options, i);
      const double value = static_cast<double>(timestamp / 1000 % 100'000 * (1 + i % 9) + i);
      AppendField('\x12', Sample(value, timestamp), &series);
      AppendField('\x0a', series, &body);
    }
  }
  return bodies;
}

}  // namespace tidegate::bench
