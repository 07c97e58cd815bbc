// What a series of the generated fleet is called and how its value moves.
#ifndef TIDEGATE_BENCH_SERIES_TEMPLATE_H_
#define TIDEGATE_BENCH_SERIES_TEMPLATE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tidegate::bench {

// How a value moves from scrape to scrape.
enum class Motion {
  kConstant,
  kCounter,          // Grows in every scrape.
  kRareCounter,      // Grows in about one scrape out of ten.
  kGauge,            // Wanders around its first value, in nearly every scrape.
  kRareGauge,        // The same in about one scrape out of five.
  kDuration,         // A fresh positive number each time, with nanoseconds: hard to compress.
  kClock,            // The time of the scrape in seconds, a double without a short decimal form.
  kFirstBucket,      // The lowest bucket of a cumulative histogram ...
  kBucket,           // ... the next one, never below the one before it ...
  kHistogramCount,   // ... and the number of observations, equal to the last bucket.
  kRecordedCounter,  // The increases of a recording, each varied by chance.
  kRecordedGauge,    // The values of a recording, scaled per host and varied by chance.
};

// Values are whole ticks times `multiplier` / `divisor`: seconds with two decimals have divisor
// 100, bytes in pages have multiplier 4096. Dividing makes them the doubles nearest to their short
// decimal form, which is what an exporter's text is read as.
struct Scale {
  double multiplier = 1;
  double divisor = 1;
};

// One series of a real exporter, a value a scrape. Immutable.
struct Recording {
  std::vector<double> values;
  // False for values that are no short decimals; they are then taken as they are.
  bool has_scale = false;
  Scale scale;
};

struct SeriesTemplate {
  // With __name__; without the labels that tell hosts apart.
  std::vector<std::pair<std::string, std::string>> labels;
  Motion motion = Motion::kConstant;
  Scale scale;
  double first = 0;   // Ticks; of a constant, the value itself.
  double change = 0;  // Ticks: a second for counters, a scrape for gauges.
  std::shared_ptr<const Recording> recording;
};

}  // namespace tidegate::bench

#endif  // TIDEGATE_BENCH_SERIES_TEMPLATE_H_
