// What every SeriesSource keeps, asked directly and through a socket.
#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "storage/grpc/series_source_client.h"
#include "storage/grpc/series_source_service.h"
#include "tests/contract/fakes/fake_series_source.h"
#include "tests/contract/loopback.h"

namespace tidegate::contract {
namespace {

using storage::SelectedExemplars;
using storage::SelectedSeries;

// Two cancellations in a row must be seen within 100 ms: one hop has half of it. A loaded machine
// gets some more.
constexpr absl::Duration kAtOnce = absl::Milliseconds(1000);

template <typename Item>
class Collect final : public storage::Sink<Item> {
 public:
  absl::Status Add(Item item) override {
    items.push_back(std::move(item));
    return items.size() == full ? absl::ResourceExhaustedError("the budget is used up")
                                : absl::OkStatus();
  }
  std::vector<Item> items;
  size_t full = 0;  // 0 = takes everything.
};

model::Labels Name(size_t i) {
  return model::Labels({{"__name__", "m"}, {"i", std::to_string(i)}});
}

storage::TimeColumn Times(size_t count) {
  auto times = std::make_shared<std::vector<model::TimestampMs>>(count);
  for (size_t i = 0; i < count; ++i)
    (*times)[i] = 1'700'000'000'000 + static_cast<int64_t>(i) * 15'000;
  return times;
}

Supply<SelectedSeries> Floats(size_t series, size_t samples) {
  const storage::TimeColumn times = Times(samples);
  return {series, [times](size_t i) {
            SelectedSeries one{Name(i), {}};
            one.columns.timestamps = times;
            one.columns.values.resize(times->size());
            std::iota(one.columns.values.begin(), one.columns.values.end(), double(i));
            return one;
          }};
}

model::RequestContext Context() {
  model::RequestContext context;
  context.tenant = "team-a";
  context.request_id = "r-1";
  return context;
}

class SeriesSourceContractTest : public testing::TestWithParam<Wiring> {
 protected:
  // The source under test, in front of fake_. Call it once, when the fake is filled.
  storage::SeriesSource& Source() {
    if (GetParam() == Wiring::kInProcess) return fake_;
    service_ = std::make_unique<storage::SeriesSourceService>(&fake_, loopback_.server_watcher());
    loopback_.Start({service_.get()});
    client_ = std::make_unique<storage::SeriesSourceClient>("store", loopback_.channel(),
                                                            loopback_.client_watcher());
    return *client_;
  }

  FakeSeriesSource fake_;
  std::unique_ptr<storage::SeriesSourceService> service_;
  Loopback loopback_;
  std::unique_ptr<storage::SeriesSource> client_;
};

INSTANTIATE_TEST_SUITE_P(Wirings, SeriesSourceContractTest,
                         testing::Values(Wiring::kInProcess, Wiring::kGrpc), WiringName);

TEST_P(SeriesSourceContractTest, TellsWhoAsksForWhatUntilWhen) {
  storage::SeriesSource& source = Source();
  model::RequestContext context = Context();
  context.deadline = absl::Now() + absl::Minutes(1);
  const std::vector<model::Matcher> matchers = {{model::MatchType::kEqual, "__name__", "up"},
                                                {model::MatchType::kNotEqual, "a", ""},
                                                {model::MatchType::kRegex, "job", "a|b.*"},
                                                {model::MatchType::kNotRegex, "é", "\n.+"}};
  const storage::Selection selection{*model::CompileMatchers(matchers), {-5, 1'700'000'000'000}};
  Collect<SelectedSeries> found;
  ASSERT_TRUE(source.Select(context, selection, found).ok());
  const Asked asked = fake_.asked();
  EXPECT_EQ(asked.context.tenant, "team-a");
  EXPECT_EQ(asked.context.request_id, "r-1");
  EXPECT_LT(absl::AbsDuration(asked.context.deadline - context.deadline), absl::Milliseconds(100));
  EXPECT_EQ(asked.selection.range, selection.range);
  ASSERT_EQ(asked.selection.matchers.size(), matchers.size());
  for (size_t i = 0; i < matchers.size(); ++i) {
    EXPECT_EQ(asked.selection.matchers[i].matcher(), matchers[i]);
  }
}

TEST_P(SeriesSourceContractTest, HasNoDeadlineUnlessThereIsOne) {
  storage::SeriesSource& source = Source();
  Collect<SelectedSeries> found;
  ASSERT_TRUE(source.Select(Context(), {}, found).ok());
  EXPECT_EQ(fake_.asked().context.deadline, absl::InfiniteFuture());
}

TEST_P(SeriesSourceContractTest, SeriesComeWithEveryBit) {
  SelectedSeries mixed{model::Labels({{"__name__", "mixed"}, {"label", "ü\n"}}), {}};
  mixed.columns.timestamps =
      std::make_shared<std::vector<model::TimestampMs>>(std::initializer_list<int64_t>{-7, 0, 12});
  mixed.columns.values = {-0.0, model::StaleNan(), 1e-310};
  mixed.columns.start_timestamps = {0, -9, 11};
  model::IntHistogram ints;
  ints.schema = 3;
  ints.count = 4;
  ints.sum = 2.5;
  ints.positive_spans = {{-2, 1}, {3, 1}};
  ints.positive_deltas = {1, 2};
  model::FloatHistogram floats;
  floats.schema = model::kCustomBucketsSchema;
  floats.custom_values = {1, 2.5};
  floats.positive_spans = {{0, 3}};
  floats.positive_buckets = {0.5, 0, 7};
  floats.counter_reset_hint = model::CounterResetHint::kGauge;
  mixed.columns.histograms = {{1, 0, ints}, {2, 1, floats}};
  SelectedSeries unnamed{model::Labels(), {}};  // Only histograms, and no label at all.
  unnamed.columns.timestamps = Times(0);
  unnamed.columns.histograms = {{5, 0, floats}};
  const std::vector<SelectedSeries> all = {mixed, unnamed, Floats(1, 3).make(7)};
  fake_.series = {all.size(), [&all](size_t i) { return all[i]; }};

  Collect<SelectedSeries> found;
  ASSERT_TRUE(Source().Select(Context(), {}, found).ok());
  ASSERT_EQ(found.items.size(), all.size());
  for (size_t i = 0; i < all.size(); ++i) {
    const storage::SeriesColumns& want = all[i].columns;
    const storage::SeriesColumns& got = found.items[i].columns;
    EXPECT_EQ(found.items[i].labels, all[i].labels);
    EXPECT_EQ(*got.timestamps, *want.timestamps);
    ASSERT_EQ(got.values.size(), want.values.size());
    for (size_t k = 0; k < want.values.size(); ++k) {
      EXPECT_TRUE(model::SameBits(got.values[k], want.values[k])) << k;
    }
    EXPECT_EQ(got.start_timestamps, want.start_timestamps);
    ASSERT_EQ(got.histograms.size(), want.histograms.size());
    for (size_t k = 0; k < want.histograms.size(); ++k) {
      EXPECT_EQ(got.histograms[k].timestamp, want.histograms[k].timestamp);
      EXPECT_EQ(got.histograms[k].start_timestamp, want.histograms[k].start_timestamp);
      EXPECT_TRUE(model::SameBits(got.histograms[k].histogram, want.histograms[k].histogram));
    }
  }
}

TEST_P(SeriesSourceContractTest, SeriesOfOneScrapeShareTheirTimes) {
  fake_.series = Floats(3, 1000);
  Collect<SelectedSeries> found;
  ASSERT_TRUE(Source().Select(Context(), {}, found).ok());
  ASSERT_EQ(found.items.size(), 3U);
  EXPECT_EQ(found.items[0].columns.timestamps, found.items[1].columns.timestamps);
  EXPECT_EQ(found.items[0].columns.timestamps, found.items[2].columns.timestamps);
}

TEST_P(SeriesSourceContractTest, OneSeriesOfAMillionSamples) {
  constexpr size_t kSamples = 1'000'000;
  fake_.series = Floats(1, kSamples);
  Collect<SelectedSeries> found;
  ASSERT_TRUE(Source().Select(Context(), {}, found).ok());
  ASSERT_EQ(found.items.size(), 1U);
  const storage::SeriesColumns& columns = found.items[0].columns;
  EXPECT_EQ(*columns.timestamps, *Times(kSamples));
  ASSERT_EQ(columns.values.size(), kSamples);
  EXPECT_EQ(columns.values.back(), kSamples - 1);
}

TEST_P(SeriesSourceContractTest, AHundredThousandSeries) {
  constexpr size_t kSeries = 100'000;
  fake_.series = Floats(kSeries, 2);
  for (size_t i = 0; i < kSeries; ++i) fake_.label_sets.push_back(Name(i));
  storage::SeriesSource& source = Source();
  Collect<SelectedSeries> found;
  ASSERT_TRUE(source.Select(Context(), {}, found).ok());
  ASSERT_EQ(found.items.size(), kSeries);
  EXPECT_EQ(found.items[kSeries - 1].labels, Name(kSeries - 1));
  const auto label_sets = source.Series(Context(), {});
  ASSERT_TRUE(label_sets.ok());
  EXPECT_EQ(*label_sets, fake_.label_sets);
}

TEST_P(SeriesSourceContractTest, ExemplarsOfOneSeriesInTheirOrder) {
  SelectedExemplars many{Name(1), {}};
  for (int i = 0; i < 100'000; ++i) {
    many.exemplars.push_back({model::Labels({{"trace", std::to_string(i)}}), 0.5 * i, i});
  }
  fake_.exemplars = {1, [&many](size_t) { return many; }};
  Collect<SelectedExemplars> found;
  ASSERT_TRUE(Source().SelectExemplars(Context(), {}, found).ok());
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_EQ(found.items[0].labels, many.labels);
  EXPECT_EQ(found.items[0].exemplars, many.exemplars);
}

TEST_P(SeriesSourceContractTest, LabelCallsCarryTheirQueryAndAnswer) {
  for (int i = 0; i < 50'000; ++i) fake_.strings.push_back("value-" + std::to_string(i));
  storage::SeriesSource& source = Source();
  storage::LabelQuery query;
  query.selections = {*model::CompileMatchers({{model::MatchType::kEqual, "a", "1"}}), {}};
  query.range = {1, 2};
  query.limit = 60'000;
  const auto values = source.LabelValues(Context(), "job", query);
  ASSERT_TRUE(values.ok()) << values.status();
  EXPECT_EQ(*values, fake_.strings);
  const Asked asked = fake_.asked();
  EXPECT_EQ(asked.label_name, "job");
  EXPECT_EQ(asked.query.limit, 60'000U);
  EXPECT_EQ(asked.query.range, query.range);
  ASSERT_EQ(asked.query.selections.size(), 2U);
  EXPECT_EQ(asked.query.selections[0][0].matcher(), query.selections[0][0].matcher());
  EXPECT_TRUE(asked.query.selections[1].empty());
  const auto names = source.LabelNames(Context(), query);
  ASSERT_TRUE(names.ok()) << names.status();
  EXPECT_EQ(*names, fake_.strings);
}

// Unavailable is left out: the name of the peer goes in front of its text.
TEST_P(SeriesSourceContractTest, ErrorsComeThroughUnchanged) {
  storage::SeriesSource& source = Source();
  const std::string text = "line 1\nline 2 \"quoted\" é \x7f %41";
  for (const absl::StatusCode code :
       {absl::StatusCode::kInvalidArgument, absl::StatusCode::kResourceExhausted,
        absl::StatusCode::kInternal, absl::StatusCode::kOutOfRange,
        absl::StatusCode::kDeadlineExceeded, absl::StatusCode::kNotFound}) {
    const absl::Status error(code, text);
    fake_.FailAfter(0, error);
    Collect<SelectedSeries> series;
    EXPECT_EQ(source.Select(Context(), {}, series), error);
    Collect<SelectedExemplars> exemplars;
    EXPECT_EQ(source.SelectExemplars(Context(), {}, exemplars), error);
    EXPECT_EQ(source.Series(Context(), {}).status(), error);
    EXPECT_EQ(source.LabelNames(Context(), {}).status(), error);
    EXPECT_EQ(source.LabelValues(Context(), "a", {}).status(), error);
  }
}

TEST_P(SeriesSourceContractTest, UnavailableStaysUnavailableAndKeepsItsText) {
  storage::SeriesSource& source = Source();
  fake_.FailAfter(0, absl::UnavailableError("starting"));
  Collect<SelectedSeries> found;
  const absl::Status status = source.Select(Context(), {}, found);
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_NE(std::string(status.message()).find("starting"), std::string::npos) << status;
}

// Damage is reported behind what could be read, and that is all there.
TEST_P(SeriesSourceContractTest, DataLossComesBehindTheReadableSeries) {
  fake_.series = Floats(3, 10);
  fake_.FailAfter(3, absl::DataLossError("page 7 is damaged"));
  storage::SeriesSource& source = Source();
  Collect<SelectedSeries> found;
  EXPECT_EQ(source.Select(Context(), {}, found), absl::DataLossError("page 7 is damaged"));
  EXPECT_EQ(found.items.size(), 3U);
}

TEST_P(SeriesSourceContractTest, ASinkErrorIsTheAnswerAndStopsTheWork) {
  constexpr size_t kSeries = 1'000'000;
  fake_.series = Floats(kSeries, 100);
  Collect<SelectedSeries> found;
  found.full = 5;
  EXPECT_EQ(Source().Select(Context(), {}, found),
            absl::ResourceExhaustedError("the budget is used up"));
  EXPECT_EQ(found.items.size(), 5U);
  EXPECT_FALSE(fake_.AwaitEnd().ok());
  EXPECT_LT(fake_.handed_out(), kSeries / 2);
}

TEST_P(SeriesSourceContractTest, AnUnavailableSinkKeepsItsText) {
  class Away final : public storage::Sink<SelectedSeries> {
    absl::Status Add(SelectedSeries) override { return absl::UnavailableError("sink is away"); }
  };
  fake_.series = Floats(10, 1);
  Away away;
  EXPECT_EQ(Source().Select(Context(), {}, away), absl::UnavailableError("sink is away"));
}

// The source waits when nobody takes its series: it must not run ahead into memory.
TEST_P(SeriesSourceContractTest, ASlowSinkHoldsTheSourceBack) {
  class Slow final : public storage::Sink<SelectedSeries> {
   public:
    explicit Slow(FakeSeriesSource* fake) : fake_(*fake) {}
    absl::Status Add(SelectedSeries) override {
      if (++taken == 1) ahead = Settled();
      return absl::OkStatus();
    }
    size_t taken = 0;
    size_t ahead = 0;  // How many the source had handed out while the first was held.

   private:
    size_t Settled() const {
      size_t before = fake_.handed_out() + 1;
      for (size_t now = 0; now != before;) {
        before = fake_.handed_out();
        absl::SleepFor(absl::Milliseconds(300));
        now = fake_.handed_out();
        if (now == before) break;
      }
      return fake_.handed_out();
    }
    FakeSeriesSource& fake_;
  };
  constexpr size_t kSeries = 1000;  // 160 MB of samples.
  fake_.series = Floats(kSeries, 10'000);
  Slow slow(&fake_);
  ASSERT_TRUE(Source().Select(Context(), {}, slow).ok());
  EXPECT_EQ(slow.taken, kSeries);
  EXPECT_LT(slow.ahead, kSeries / 4);
}

TEST_P(SeriesSourceContractTest, CancellationReachesTheWorkAtOnce) {
  fake_.series = Floats(10, 1);
  fake_.HangAfter(1);
  storage::SeriesSource& source = Source();
  const model::RequestContext context = Context();
  absl::Status status;
  std::thread asking([&] {
    Collect<SelectedSeries> found;
    status = source.Select(context, {}, found);
  });
  ASSERT_TRUE(fake_.AwaitHang());
  const absl::Time cancelled = absl::Now();
  context.Cancel();
  EXPECT_TRUE(absl::IsCancelled(fake_.AwaitEnd()));
  asking.join();
  EXPECT_LT(absl::Now() - cancelled, kAtOnce);
  EXPECT_EQ(status, absl::CancelledError("the client has gone away"));
}

TEST_P(SeriesSourceContractTest, TheDeadlineEndsTheWork) {
  fake_.HangAfter(0);
  storage::SeriesSource& source = Source();
  model::RequestContext context = Context();
  context.deadline = absl::Now() + absl::Milliseconds(200);
  Collect<SelectedSeries> found;
  EXPECT_EQ(source.Select(context, {}, found),
            absl::DeadlineExceededError("the request's deadline has passed"));
  EXPECT_LT(absl::Now() - context.deadline, kAtOnce);
  EXPECT_FALSE(fake_.AwaitEnd().ok());
}

TEST_P(SeriesSourceContractTest, WhatIsOverBeforeItBeginsFails) {
  fake_.series = Floats(10, 1);
  storage::SeriesSource& source = Source();
  const model::RequestContext cancelled = Context();
  cancelled.Cancel();
  fake_.HangAfter(0);
  Collect<SelectedSeries> found;
  EXPECT_TRUE(absl::IsCancelled(source.Select(cancelled, {}, found)));
  model::RequestContext late = Context();
  late.deadline = absl::InfinitePast();
  EXPECT_TRUE(absl::IsDeadlineExceeded(source.Select(late, {}, found)));
  EXPECT_TRUE(absl::IsDeadlineExceeded(source.LabelNames(late, {}).status()));
  EXPECT_TRUE(found.items.empty());
}

TEST_P(SeriesSourceContractTest, ManyAskAtOnce) {
  fake_.series = Floats(200, 50);
  storage::SeriesSource& source = Source();
  std::vector<std::thread> askers;
  std::vector<size_t> found(16);
  for (size_t i = 0; i < found.size(); ++i) {
    askers.emplace_back([&source, &found, i] {
      for (int round = 0; round < 5; ++round) {
        Collect<SelectedSeries> sink;
        EXPECT_TRUE(source.Select(Context(), {}, sink).ok());
        found[i] += sink.items.size();
      }
    });
  }
  for (std::thread& asker : askers) asker.join();
  EXPECT_EQ(found, std::vector<size_t>(16, 1000));
}

}  // namespace
}  // namespace tidegate::contract
