#include "bench/head/fleet.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <map>
#include <random>
#include <utility>

#include "model/labels.h"

namespace tidegate::bench {
namespace {

constexpr model::TimestampMs kStart = 1'795'321'800'000;
constexpr model::TimestampMs kStep = 15'000;
constexpr size_t kBatchSamples = 2000;

using Pairs = std::vector<std::pair<std::string, std::string>>;

// name{a="b",c="d"}: enough of the text format for node_exporter, whose values hold no quotes.
Pairs ParseSeries(std::string_view text) {
  Pairs pairs;
  const size_t brace = text.find('{');
  pairs.emplace_back("__name__", std::string(text.substr(0, brace)));
  if (brace == std::string_view::npos) return pairs;
  text.remove_prefix(brace + 1);
  while (true) {
    const size_t equals = text.find("=\"");
    if (equals == std::string_view::npos) return pairs;
    const size_t quote = text.find('"', equals + 2);
    if (quote == std::string_view::npos) return pairs;
    std::string_view name = text.substr(0, equals);
    if (name.starts_with(',')) name.remove_prefix(1);
    pairs.emplace_back(std::string(name), std::string(text.substr(equals + 2, quote - equals - 2)));
    text.remove_prefix(quote + 1);
  }
}

Exporter SyntheticExporter(size_t scrapes) {
  std::mt19937_64 random(1);
  Exporter exporter;
  for (int i = 0; i < 500; ++i) {
    const Pairs pairs = {{"__name__", fmt::format("node_metric_{}_total", i / 8)},
                         {"cpu", fmt::format("{}", i % 4)},
                         {"mode", fmt::format("mode{}", i % 8)}};
    exporter.labels.push_back(std::string(model::Labels(pairs).bytes()));
    std::vector<double>& values = exporter.values.emplace_back();
    double value = static_cast<double>(random() % 1'000'000);
    for (size_t scrape = 0; scrape < scrapes; ++scrape) {
      if (i % 100 >= 67) value += static_cast<double>(random() % 2000);
      if (i % 100 < 85) {
        values.push_back(value);
      } else {
        values.push_back(i % 100 < 97 ? value / 100 : value / 3);
      }
    }
  }
  return exporter;
}

}  // namespace

Exporter LoadExporter(const std::string& path, size_t max_scrapes) {
  std::ifstream file(path);
  if (path.empty() || !file) return SyntheticExporter(max_scrapes);
  std::map<std::string, std::vector<double>> columns;
  size_t scrapes = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#TS")) {
      if (++scrapes > max_scrapes) break;
      continue;
    }
    const size_t space = line.rfind(' ');
    if (line.empty() || line[0] == '#' || space == std::string::npos) continue;
    double value = 0;
    std::from_chars(line.data() + space + 1, line.data() + line.size(), value);
    columns[line.substr(0, space)].push_back(value);
  }
  scrapes = std::min(scrapes, max_scrapes);
  Exporter exporter;
  for (auto& [text, values] : columns) {
    if (values.size() != scrapes) continue;
    exporter.labels.push_back(std::string(model::Labels(ParseSeries(text)).bytes()));
    exporter.values.push_back(std::move(values));
  }
  return exporter;
}

Fleet::Fleet(const Exporter& exporter, size_t series) : exporter_(exporter) {
  for (size_t i = 0; i < series; ++i) {
    const size_t host = i / exporter.labels.size();
    model::LabelsBuilder labels(model::LabelsView(exporter.labels[i % exporter.labels.size()]));
    labels.Set("instance", fmt::format("host-{:05}.example.net:9100", host));
    labels.Set("job", "node").Set("cluster", fmt::format("cluster-{}", host % 4));
    labels.Set("env", "production").Set("datacenter", fmt::format("dc-{}", host % 3));
    labels_.push_back(std::string(labels.Build().bytes()));
    ids_.push_back(model::HashLabelBytes(labels_.back()));
  }
}

std::vector<model::WriteBatch> Fleet::Scrape(size_t round) const {
  std::vector<model::WriteBatch> batches;
  const model::TimestampMs now = kStart + static_cast<model::TimestampMs>(round) * kStep;
  for (size_t i = 0; i < labels_.size(); ++i) {
    if (i % kBatchSamples == 0) batches.emplace_back();
    model::WriteBatch& batch = batches.back();
    const uint32_t at = static_cast<uint32_t>(batch.timestamps.size());
    const std::vector<double>& column = exporter_.values[i % exporter_.values.size()];
    batch.timestamps.push_back(now);
    batch.values.push_back(column[round % column.size()]);
    batch.series.push_back(
        {.label_bytes = labels_[i], .id = ids_[i], .samples_begin = at, .samples_end = at + 1});
  }
  return batches;
}

}  // namespace tidegate::bench
