// Many threads on one head: no acknowledged sample is lost or doubled, and readers always see a
// prefix of what a writer wrote. Run it under --config=tsan too.

#include <fmt/format.h>

#include <atomic>
#include <bit>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "storage/head.h"
#include "storage/head/head_tester.h"
#include "storage/log/fake_log.h"

namespace tidegate::storage::head {
namespace {

constexpr model::TimestampMs kT = 1'700'000'000'000;
constexpr int kWriters = 3;
constexpr int kPushes = 150;
constexpr int kSeriesPerWriter = 8;

LabelPairs SeriesOf(int writer, int series) {
  return {{"__name__", "m"},
          {"series", fmt::format("{}", series)},
          {"writer", fmt::format("{}", writer)}};
}

// Pushes samples of its own series, and new series all the time, so that indexes grow.
void Write(Head* head, int writer, const std::string& tenant) {
  for (int push = 0; push < kPushes; ++push) {
    BatchBuilder batch;
    for (int series = 0; series < kSeriesPerWriter; ++series) {
      batch.Series(SeriesOf(writer, series)).Sample(kT + push, push * series);
      if (push % 10 == 5) batch.Sample(kT + push - 500, push);  // Late.
    }
    batch.Series(SeriesOf(writer, 1000 + push)).Sample(kT + push, push);
    const auto result = head->Append(TestContext(tenant), batch.batch(), TestAdmission());
    ASSERT_TRUE(result.ok());
    ASSERT_TRUE(result->rejections.empty());
  }
}

class HeadConcurrency : public ::testing::Test {
 protected:
  // Runs writers of two tenants beside `others`, which stop when the flag is set.
  void RunBesideWriters(
      const std::vector<std::function<void(const std::atomic<bool>& stop)>>& others) {
    std::atomic<bool> stop{false};
    std::vector<std::thread> writers;
    for (int writer = 0; writer < kWriters; ++writer) {
      writers.emplace_back(Write, head_.get(), writer, writer == 0 ? "b" : "a");
    }
    std::vector<std::thread> threads;
    for (const auto& other : others) threads.emplace_back([&] { other(stop); });
    for (std::thread& thread : writers) thread.join();
    stop = true;
    for (std::thread& thread : threads) thread.join();
  }

  // Every sample that Write pushed for a tenant.
  void ExpectComplete(const Answer& answer, int writers) {
    ASSERT_EQ(answer.series.size(), static_cast<size_t>(writers * (kSeriesPerWriter + kPushes)));
    size_t samples = 0;
    for (const auto& [labels, series] : answer.series) samples += series.samples.size();
    EXPECT_EQ(samples, static_cast<size_t>(
                           writers * (kSeriesPerWriter * (kPushes + kPushes / 10) + kPushes)));
  }

  FakeLog log_;
  std::unique_ptr<Head> head_ = CreateHead({.idle_cuts = 1}, &log_);
};

TEST_F(HeadConcurrency, ReadersSeePrefixesWhileWritersWrite) {
  const auto read = [this](const std::atomic<bool>& stop) {
    size_t last = 0;
    while (!stop) {
      const Answer answer = SelectAll(
          *head_, "a", {},
          {{model::MatchType::kEqual, "series", "3"}, {model::MatchType::kEqual, "writer", "1"}});
      if (answer.series.empty()) continue;
      const auto& samples = answer.series.begin()->second.samples;
      ASSERT_GE(samples.size(), last);
      last = samples.size();
      model::TimestampMs expected = kT;
      for (const auto& [t, bits] : samples) {
        if (t < kT) continue;  // Late ones.
        ASSERT_EQ(t, expected++) << "a gap";
        ASSERT_EQ(std::bit_cast<double>(bits), static_cast<double>((t - kT) * 3));
      }
    }
  };
  const auto list = [this](const std::atomic<bool>& stop) {
    while (!stop) {
      ASSERT_TRUE(head_->LabelValues(TestContext(), "series", {}).ok());
      ASSERT_TRUE(head_->LabelNames(TestContext(), {}).ok());
      ASSERT_TRUE(head_->Series(TestContext(), {}).ok());
      AllExemplars(*head_);
      head_->Stats("");
    }
  };
  const auto exemplars = [this](const std::atomic<bool>& stop) {
    for (int push = 0; !stop; ++push) {
      BatchBuilder batch;
      batch.Series(SeriesOf(0, 0)).Exemplar({{}, 1, kT + push});
      ASSERT_TRUE(head_->Append(TestContext(), batch.batch(), TestAdmission()).ok());
    }
  };
  RunBesideWriters({read, list, exemplars});
  ExpectComplete(SelectAll(*head_, "a"), kWriters - 1);
  ExpectComplete(SelectAll(*head_, "b"), 1);
}

TEST_F(HeadConcurrency, CutsSplitTheDataWithoutLossAndSealBesideAppends) {
  std::atomic<uint64_t> sealed{0};
  const auto cut = [&](const std::atomic<bool>& stop) {
    while (!stop) {
      auto frozen = head_->Cut();
      ASSERT_TRUE(frozen.ok());
      ASSERT_TRUE((*frozen)
                      ->Seal(1, kT,
                             [&sealed](SealedSegment segment) {
                               sealed += segment.samples;
                               return absl::OkStatus();
                             })
                      .ok());
      head_->Release(**frozen);
    }
  };
  const auto read = [this](const std::atomic<bool>& stop) {
    while (!stop) SelectAll(*head_, "a");
  };
  RunBesideWriters({cut, read});
  const uint64_t all = kWriters * (kSeriesPerWriter * (kPushes + kPushes / 10) + kPushes);
  EXPECT_EQ(sealed + head_->Stats("").samples, all);
}

TEST_F(HeadConcurrency, ReplayOfAConcurrentLogGivesTheSameAnswer) {
  RunBesideWriters({});
  std::unique_ptr<Head> replayed = CreateHead({}, &log_);
  ASSERT_TRUE(log_.Replay(
                      {},
                      [&](LogPosition after, std::string_view frame) {
                        return replayed->Replay(after, frame);
                      },
                      [](const LogDamage&) {})
                  .ok());
  EXPECT_EQ(SelectAll(*replayed, "a"), SelectAll(*head_, "a"));
  EXPECT_EQ(SelectAll(*replayed, "b"), SelectAll(*head_, "b"));
}

}  // namespace
}  // namespace tidegate::storage::head
