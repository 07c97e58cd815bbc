// The value of one series, scrape after scrape.
#ifndef TIDEGATE_BENCH_SERIES_WALK_H_
#define TIDEGATE_BENCH_SERIES_WALK_H_

#include <cstddef>
#include <cstdint>
#include <random>

#include "bench/series_template.h"

namespace tidegate::bench {

// What the series of one host have in common in one scrape.
struct Scrape {
  double timestamp_s = 0;
  double interval_s = 0;
  double activity = 1;      // How busy the host is: scales what counters grow by.
  double observations = 0;  // Of the histogram that is being walked through, up to this bucket.
};

// Owned by one thread; `series` (given to the constructor) must outlive it.
class SeriesWalk {
 public:
  // Draws a first value near the template's, so that hosts differ.
  SeriesWalk(const SeriesTemplate& series, std::mt19937_64* random);

  // Moves to the next scrape and returns its value. The series of a histogram are called in the
  // order of their template: each adds to scrape->observations for the next.
  double Next(std::mt19937_64* random, Scrape* scrape);

 private:
  double Value() const { return ticks_ * scale_.multiplier / scale_.divisor; }
  void Move(std::mt19937_64* random, Scrape* scrape);
  void MoveHistogram(std::mt19937_64* random, Scrape* scrape);
  void Wander(std::mt19937_64* random);
  double NextRecorded(std::mt19937_64* random);

  const SeriesTemplate* series_;
  Scale scale_;
  double ticks_ = 0;   // Whole.
  double center_ = 0;  // Of a gauge; of a recorded one, the factor of this host.
  double noise_ = 0;   // Of a recorded gauge, since its last change.
  size_t index_ = 0;   // In the recording.
};

}  // namespace tidegate::bench

#endif  // TIDEGATE_BENCH_SERIES_WALK_H_
