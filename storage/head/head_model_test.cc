// A head against the simplest thing that could be right: a map per series. Random pushes in any
// order, conflicts, cuts, releases and restarts from the log; after each step both answer the same.

#include <fmt/format.h>

#include <bit>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "storage/head.h"
#include "storage/head/head_tester.h"
#include "storage/log/fake_log.h"

namespace tidegate::storage::head {
namespace {

constexpr model::TimestampMs kT = 1'700'000'000'000;

LabelPairs LabelsOf(int series) {
  return {{"__name__", fmt::format("metric_{}", series % 5)},
          {"instance", fmt::format("host-{}", series)}};
}

// Points that are not sealed yet, of all series. A point of the frozen part that was sent again is
// not kept twice, but it is logged again: after the cut's release a restart brings it back.
class ModelHead {
 public:
  // True when the point is accepted.
  bool AddSample(int series, model::TimestampMs t, double value, model::TimestampMs start) {
    const std::string name = Name(series);
    const uint64_t bits = std::bit_cast<uint64_t>(value);
    for (Answer* part : {&open_, &frozen_}) {
      auto& known = part->series[name];
      if (known.histograms.contains(t)) return false;
      const auto found = known.samples.find(t);
      if (found == known.samples.end()) continue;
      if (found->second != bits) return false;
      if (part == &frozen_) PutSample(t, bits, start, &sent_again_.series[name]);
      return true;
    }
    PutSample(t, bits, start, &open_.series[name]);
    return true;
  }
  bool AddHistogram(int series, model::TimestampMs t, const model::Histogram& histogram) {
    const std::string name = Name(series);
    std::string encoded;
    model::EncodeHistogram(histogram, &encoded);
    for (Answer* part : {&open_, &frozen_}) {
      auto& known = part->series[name];
      if (known.samples.contains(t)) return false;
      const auto found = known.histograms.find(t);
      if (found == known.histograms.end()) continue;
      if (found->second != encoded) return false;
      if (part == &frozen_) sent_again_.series[name].histograms.try_emplace(t, encoded);
      return true;
    }
    open_.series[name].histograms[t] = encoded;
    return true;
  }
  void Cut() {
    frozen_ = std::exchange(open_, {});
    frozen_sent_again_ = std::exchange(sent_again_, {});
  }
  void Release() {
    frozen_ = {};
    frozen_sent_again_ = {};
  }
  // In the order of the log; the first one of a timestamp stays.
  void ReplayLog() {
    Answer all;
    for (Answer* part : {&frozen_sent_again_, &frozen_, &sent_again_, &open_}) {
      Replay(*part, &all);
      *part = {};
    }
    open_ = std::move(all);
  }

  Answer All(const model::TimeRange& range) const {
    Answer answer;
    for (const Answer* part : {&open_, &frozen_}) {
      for (const auto& [name, series] : part->series) {
        CopyRange(series.samples, range, &answer, name, &Answer::Series::samples);
        CopyRange(series.starts, range, &answer, name, &Answer::Series::starts);
        CopyRange(series.histograms, range, &answer, name, &Answer::Series::histograms);
      }
    }
    return answer;
  }
  uint64_t Points() const {
    uint64_t points = 0;
    for (const auto& [name, series] : All({}).series) {
      points += series.samples.size() + series.histograms.size();
    }
    return points;
  }

 private:
  static std::string Name(int series) { return model::ToString(model::Labels(LabelsOf(series))); }

  static void PutSample(model::TimestampMs t, uint64_t bits, model::TimestampMs start,
                        Answer::Series* to) {
    if (to->histograms.contains(t) || !to->samples.try_emplace(t, bits).second) return;
    if (start != 0) to->starts[t] = start;
  }

  static void Replay(const Answer& part, Answer* all) {
    for (const auto& [name, series] : part.series) {
      Answer::Series& to = all->series[name];
      for (const auto& [t, bits] : series.samples) {
        const auto start = series.starts.find(t);
        PutSample(t, bits, start == series.starts.end() ? 0 : start->second, &to);
      }
      for (const auto& [t, encoded] : series.histograms) {
        if (!to.samples.contains(t)) to.histograms.try_emplace(t, encoded);
      }
    }
  }

  template <typename Map>
  static void CopyRange(const Map& from, const model::TimeRange& range, Answer* answer,
                        const std::string& name, Map Answer::Series::*field) {
    for (const auto& [t, value] : from) {
      if (range.Contains(t)) (answer->series[name].*field)[t] = value;
    }
  }

  Answer open_;
  Answer frozen_;
  Answer sent_again_;         // Since the last cut, known from the frozen part.
  Answer frozen_sent_again_;  // The same between the last cut and the one before.
};

// Walks a head and its model through random steps.
class Walk {
 public:
  explicit Walk(uint64_t seed) : random_(seed) {}

  void Step() {
    switch (Below(20)) {
      case 0:
        return Cut();
      case 1:
        return Release();
      case 2:
        return Restart();
      case 3:
        clock_ += 60'000;
        return;
      default:
        return Push();
    }
  }

  void ExpectEqual() {
    const model::TimestampMs from = kT + Below(clock_ - kT + 1) - 1000;
    for (const model::TimeRange& range :
         {model::TimeRange{}, model::TimeRange{from, from + Below(200'000)}}) {
      const Answer expected = model_.All(range);
      const Answer actual = SelectAll(*head_, "a", range);
      ASSERT_EQ(actual, expected) << "is:\n"
                                  << Describe(actual) << "should be:\n"
                                  << Describe(expected);
    }
    ASSERT_EQ(head_->Stats("a").samples, model_.Points());
  }

 private:
  int64_t Below(int64_t bound) {
    return static_cast<int64_t>(random_() % static_cast<uint64_t>(bound));
  }

  double Value() {
    switch (Below(4)) {
      case 0:
        return static_cast<double>(Below(3));
      case 1:
        return static_cast<double>(Below(1000)) / 100;
      case 2:
        return model::StaleNan();
      default:
        return std::bit_cast<double>(random_());
    }
  }

  model::TimestampMs Time() {
    if (Below(4) != 0) return clock_ += Below(3) == 0 ? 15'000 : 0;
    return kT + Below(clock_ - kT + 1) / 1000 * 1000;  // Late, and often a known time.
  }

  void Push() {
    BatchBuilder batch;
    uint64_t samples = 0;
    uint64_t histograms = 0;
    const auto entries = 1 + Below(8);
    // The head takes the floats of a push before its histograms.
    struct LaterHistogram {
      int series;
      model::TimestampMs t;
      model::Histogram histogram;
    };
    std::vector<LaterHistogram> later;
    for (int64_t i = 0; i < entries; ++i) {
      const int series = static_cast<int>(Below(12));
      batch.Series(LabelsOf(series));
      for (int64_t n = Below(4); n >= 0; --n) {
        const model::TimestampMs t = Time();
        if (Below(10) == 0) {
          const model::Histogram histogram = TestHistogram(random_() % 3);
          batch.Histogram(t, histogram);
          later.push_back({series, t, histogram});
        } else {
          const double value = Value();
          const model::TimestampMs start = Below(12) == 0 ? t - Below(3) * 1000 - 1 : 0;
          batch.Sample(t, value, start);
          samples += model_.AddSample(series, t, value, start) ? 1 : 0;
        }
      }
    }
    for (const LaterHistogram& h : later) {
      histograms += model_.AddHistogram(h.series, h.t, h.histogram) ? 1 : 0;
    }
    const auto result = head_->Append(TestContext(), batch.batch(), TestAdmission());
    ASSERT_TRUE(result.ok());
    ASSERT_EQ(result->samples, samples);
    ASSERT_EQ(result->histograms, histograms);
    uint64_t rejected = 0;
    for (const Rejection& rejection : result->rejections) {
      rejected += rejection.samples + rejection.histograms;
    }
    ASSERT_EQ(samples + histograms + rejected,
              batch.batch().timestamps.size() + batch.batch().histograms.size());
  }

  void Cut() {
    if (cut_ != nullptr) return;
    auto cut = head_->Cut();
    ASSERT_TRUE(cut.ok());
    cut_ = *std::move(cut);
    model_.Cut();
  }

  void Release() {
    if (cut_ == nullptr) return;
    head_->Release(*cut_);
    committed_ = cut_->position();
    cut_ = nullptr;
    model_.Release();
  }

  void Restart() {
    cut_ = nullptr;
    head_ = CreateHead({.idle_cuts = 1}, &log_);
    const absl::Status status = log_.Replay(
        committed_,
        [this](LogPosition after, std::string_view frame) { return head_->Replay(after, frame); },
        [](const LogDamage&) {});
    ASSERT_TRUE(status.ok()) << status.ToString();
    model_.ReplayLog();
  }

  std::mt19937_64 random_;
  FakeLog log_;
  std::unique_ptr<Head> head_ = CreateHead({.idle_cuts = 1}, &log_);
  std::shared_ptr<const HeadCut> cut_;
  LogPosition committed_;
  ModelHead model_;
  model::TimestampMs clock_ = kT;
};

TEST(HeadModel, RandomWalksAgree) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Walk walk(seed);
    for (int step = 0; step < 200; ++step) {
      ASSERT_NO_FATAL_FAILURE(walk.Step()) << "seed " << seed << " step " << step;
      if (step % 5 == 0) {
        ASSERT_NO_FATAL_FAILURE(walk.ExpectEqual()) << "seed " << seed << " step " << step;
      }
    }
  }
}

TEST(HeadModel, LongSeriesFillManyChunks) {
  FakeLog log;
  std::unique_ptr<Head> head = CreateHead({}, &log);
  ModelHead model;
  std::mt19937_64 random(7);
  for (int push = 0; push < 30; ++push) {
    BatchBuilder batch;
    batch.Series(LabelsOf(1));
    for (int i = 0; i < 200; ++i) {
      // Every tenth sample comes late, some of them twice.
      const model::TimestampMs newest = kT + (push * 200 + i) * 1000;
      const model::TimestampMs t =
          i % 10 == 0 ? newest - 500 - 1000 * static_cast<int64_t>(random() % 2000) : newest;
      const double value = static_cast<double>(t % 777);
      batch.Sample(t, value);
      model.AddSample(1, t, value, 0);
    }
    ASSERT_TRUE(head->Append(TestContext(), batch.batch(), TestAdmission()).ok());
  }
  ASSERT_EQ(SelectAll(*head), model.All({}));
  const model::TimeRange middle{kT + 1'000'000, kT + 1'200'000};
  ASSERT_EQ(SelectAll(*head, "a", middle), model.All(middle));
}

}  // namespace
}  // namespace tidegate::storage::head
