#include "bench/series_walk.h"

#include <algorithm>
#include <cmath>

namespace tidegate::bench {
namespace {

constexpr double kRareCounterChance = 0.1;
constexpr double kRareGaugeChance = 0.2;

// [0, 1). Not std::uniform_real_distribution: its numbers differ between standard libraries.
double Random(std::mt19937_64* random) {
  return static_cast<double>((*random)() >> 11) / 9007199254740992.0;
}

// [0.5, 1.5), 1 on average.
double Factor(std::mt19937_64* random) { return 0.5 + Random(random); }

}  // namespace

SeriesWalk::SeriesWalk(const SeriesTemplate& series, std::mt19937_64* random)
    : series_(&series), scale_(series.scale) {
  if (series.motion == Motion::kConstant) return;
  if (series.recording != nullptr) {
    const Recording& recording = *series.recording;
    scale_ = recording.scale;
    index_ = static_cast<size_t>(Random(random) * static_cast<double>(recording.values.size()));
    center_ = 0.7 + 0.6 * Random(random);
    ticks_ = std::round(recording.values[index_] * scale_.divisor / scale_.multiplier * center_);
    return;
  }
  ticks_ = std::round(series.first * Factor(random));
  center_ = ticks_;
}

double SeriesWalk::Next(std::mt19937_64* random, Scrape* scrape) {
  if (series_->motion == Motion::kConstant) return series_->first;
  if (series_->recording != nullptr) return NextRecorded(random);
  if (series_->motion == Motion::kClock) return scrape->timestamp_s + 0.01 * Random(random);
  Move(random, scrape);
  return Value();
}

void SeriesWalk::Move(std::mt19937_64* random, Scrape* scrape) {
  const double growth = series_->change * scrape->interval_s * scrape->activity * Factor(random);
  switch (series_->motion) {
    case Motion::kCounter:
      ticks_ += std::round(growth);
      break;
    case Motion::kRareCounter:
      if (Random(random) < kRareCounterChance) ticks_ += std::ceil(growth / kRareCounterChance);
      break;
    case Motion::kRareGauge:
      if (Random(random) < kRareGaugeChance) Wander(random);
      break;
    case Motion::kGauge:
      Wander(random);
      break;
    case Motion::kDuration:  // Skewed: mostly around `first`, now and then many times that.
      ticks_ = std::ceil(series_->first * Factor(random) / (1.001 - Random(random)));
      break;
    default:
      MoveHistogram(random, scrape);
      break;
  }
}

void SeriesWalk::MoveHistogram(std::mt19937_64* random, Scrape* scrape) {
  if (series_->motion == Motion::kFirstBucket) scrape->observations = 0;
  scrape->observations +=
      std::round(series_->change * scrape->interval_s * scrape->activity * Random(random));
  ticks_ += scrape->observations;
}

// Towards the center by a tenth of the distance, and a step by chance; never below zero.
void SeriesWalk::Wander(std::mt19937_64* random) {
  const double step = series_->change * (Random(random) - 0.5) * 2;
  ticks_ = std::max(0.0, std::round(ticks_ + (center_ - ticks_) / 10 + step));
}

double SeriesWalk::NextRecorded(std::mt19937_64* random) {
  const Recording& recording = *series_->recording;
  const double before = recording.values[index_];
  index_ = (index_ + 1) % recording.values.size();
  const double now = recording.values[index_];
  const double per_tick = scale_.multiplier / scale_.divisor;
  double change = (now - before) / per_tick;
  if (series_->motion == Motion::kRecordedCounter) {
    change = std::max(0.0, change) * Factor(random);  // The recording's end is no reset.
    ticks_ += recording.has_scale ? std::round(change) : change;
    return Value();
  }
  if (change != 0) noise_ = change * (Random(random) - 0.5);
  ticks_ = now / per_tick * center_ + noise_;
  if (recording.has_scale) ticks_ = std::round(ticks_);
  return Value();
}

}  // namespace tidegate::bench
