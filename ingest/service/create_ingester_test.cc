// The ingester over the real log, head and store.
#include <snappy.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "ingest/ingester.h"
#include "ingest/service/fakes.h"
#include "ingest/service/push_body.h"
#include "model/clock.h"
#include "model/metrics/metrics_registry.h"
#include "proto/prometheus/remote.pb.h"
#include "storage/store.h"

namespace tidegate::ingest {
namespace {

constexpr model::TimestampMs kNow = 1'700'000'000'000;

using Points = std::vector<std::pair<model::TimestampMs, double>>;

class SeriesSink final : public storage::Sink<storage::SelectedSeries> {
 public:
  absl::Status Add(storage::SelectedSeries item) override {
    series.push_back(std::move(item));
    return absl::OkStatus();
  }
  std::vector<storage::SelectedSeries> series;
};

class ExemplarSink final : public storage::Sink<storage::SelectedExemplars> {
 public:
  absl::Status Add(storage::SelectedExemplars item) override {
    exemplars.insert(exemplars.end(), item.exemplars.begin(), item.exemplars.end());
    return absl::OkStatus();
  }
  std::vector<model::Exemplar> exemplars;
};

class CreateIngesterTest : public testing::Test {
 protected:
  CreateIngesterTest()
      : directory_(testing::TempDir() + "/" +
                   testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_ + "/store");
    clock_.SetMs(kNow);
    tenants_.Add("a");
    tenants_.Add("b");
    storage::LocalStoreOptions store_options;
    store_options.directory = directory_ + "/store";
    store_options.maintenance_interval = absl::ZeroDuration();
    auto store = storage::OpenLocalStore(store_options, &clock_, &tenants_);
    EXPECT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    options_.directory = directory_ + "/ingester";
    options_.head_cut_interval = absl::InfiniteDuration();
    options_.log_segment_bytes = 1 << 20;
    Restart();
  }

  // As after a crash: nothing is sealed first.
  void Restart() {
    ingester_.reset();
    metrics_ = std::make_unique<model::MetricsRegistry>();
    auto ingester = CreateIngester(options_, store_.get(), &tenants_, &clock_, metrics_.get());
    ASSERT_TRUE(ingester.ok()) << ingester.status();
    ingester_ = *std::move(ingester);
    while (!ingester_->Ready().ok()) absl::SleepFor(absl::Milliseconds(1));
  }

  static model::RequestContext Context(const std::string& tenant = "a") {
    model::RequestContext context;
    context.tenant = tenant;
    return context;
  }

  absl::StatusOr<PushResult> PushBytes(const std::string& block, const std::string& tenant = "a") {
    PushRequest request;
    request.body = block;
    return ingester_->Push(Context(tenant), request);
  }
  void PushPoints(const std::string& metric, const Points& points) {
    const auto result = PushBytes(PushBody().Metric(metric, points).Compressed());
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_TRUE(result->rejected.ok()) << result->rejected;
    EXPECT_EQ(result->samples, points.size());
  }

  static std::vector<storage::SelectedSeries> Read(storage::SeriesSource& source,
                                                   const std::string& tenant = "a") {
    SeriesSink sink;
    const absl::Status status = source.Select(Context(tenant), {}, sink);
    EXPECT_TRUE(status.ok()) << status;
    return std::move(sink.series);
  }
  static Points PointsOf(storage::SeriesSource& source, const std::string& metric,
                         const std::string& tenant = "a") {
    Points points;
    for (const storage::SelectedSeries& series : Read(source, tenant)) {
      if (series.labels.metric_name() != metric) continue;
      for (size_t i = 0; i < series.columns.values.size(); ++i) {
        points.emplace_back((*series.columns.timestamps)[i], series.columns.values[i]);
      }
    }
    return points;
  }

  const std::string directory_;
  model::ManualClock clock_;
  FakeTenants tenants_;
  std::unique_ptr<storage::LocalStore> store_;
  std::unique_ptr<model::MetricsRegistry> metrics_;
  IngesterOptions options_;
  std::unique_ptr<LocalIngester> ingester_;
  // Of a second ingester, in tests that have one.
  std::unique_ptr<model::MetricsRegistry> other_metrics_;
  std::unique_ptr<LocalIngester> other_;
};

TEST_F(CreateIngesterTest, WhatIsPushedIsReadableAtOnce) {
  const Points points = {{kNow, 1}, {kNow + 1000, 2.5}};
  PushPoints("up", points);
  EXPECT_EQ(PointsOf(ingester_->series(), "up"), points);
  EXPECT_TRUE(Read(ingester_->series(), "b").empty()) << "another tenant's data";
}

TEST_F(CreateIngesterTest, SamplesComeInAnyOrderAndOfAnyAge) {
  PushPoints("up", {{kNow, 3}});
  PushPoints("up", {{kNow - 1000, 2}, {-5, 1}});
  EXPECT_EQ(PointsOf(ingester_->series(), "up"), (Points{{-5, 1}, {kNow - 1000, 2}, {kNow, 3}}));
}

TEST_F(CreateIngesterTest, ARestartFindsEverythingOnce) {
  PushPoints("up", {{kNow, 1}});
  PushPoints("up", {{kNow, 1}, {kNow + 1, 2}});
  for (int i = 0; i < 3; ++i) {
    Restart();
    EXPECT_EQ(PointsOf(ingester_->series(), "up"), (Points{{kNow, 1}, {kNow + 1, 2}}));
  }
}

TEST_F(CreateIngesterTest, AFlushMovesEverythingIntoTheStore) {
  PushPoints("up", {{kNow, 1}});
  ASSERT_TRUE(ingester_->Flush(Context()).ok());
  EXPECT_EQ(PointsOf(*store_, "up"), (Points{{kNow, 1}}));
  EXPECT_EQ(ingester_->Stats(Context())->samples, 0u);
  EXPECT_EQ(PointsOf(ingester_->series(), "up"), Points());
  EXPECT_TRUE(ingester_->Flush(Context()).ok()) << "nothing to do";
}

TEST_F(CreateIngesterTest, ARestartReplaysOnlyWhatIsNotSealed) {
  PushPoints("up", {{kNow, 1}});
  ASSERT_TRUE(ingester_->Flush(Context()).ok());
  PushPoints("up", {{kNow + 1, 2}});
  Restart();
  EXPECT_EQ(PointsOf(*store_, "up"), (Points{{kNow, 1}}));
  EXPECT_EQ(PointsOf(ingester_->series(), "up"), (Points{{kNow + 1, 2}}));
}

TEST_F(CreateIngesterTest, ALostProducerIdCostsNothing) {
  PushPoints("up", {{kNow, 1}});
  ASSERT_TRUE(ingester_->Flush(Context()).ok());
  PushPoints("up", {{kNow + 1, 2}});
  ingester_.reset();
  std::ofstream(options_.directory + "/producer_id") << "damaged";
  Restart();
  ASSERT_TRUE(ingester_->Flush(Context()).ok());
  EXPECT_EQ(PointsOf(*store_, "up"), (Points{{kNow, 1}, {kNow + 1, 2}}));
}

// Both run for a while, and both come back: none of what either acknowledged is lost.
TEST_F(CreateIngesterTest, ACopyOfTheDirectoryLosesNothing) {
  PushPoints("up", {{kNow, 1}});
  std::filesystem::copy(options_.directory, options_.directory + ".copy",
                        std::filesystem::copy_options::recursive);
  IngesterOptions copy_options = options_;
  copy_options.directory += ".copy";
  // The first one goes far ahead, so that its commits lie behind the end of the copy's log.
  Points expected = {{kNow, 1}};
  for (int i = 1; i <= 100; ++i) {
    PushPoints("up", {{kNow + i, i}});
    expected.push_back({kNow + i, i});
  }
  ASSERT_TRUE(ingester_->Flush(Context()).ok());
  PushPoints("up", {{kNow + 101, 101}});
  expected.push_back({kNow + 101, 101});

  std::swap(options_, copy_options);
  std::swap(ingester_, other_);
  std::swap(metrics_, other_metrics_);
  Restart();
  PushPoints("copy", {{kNow, 2}});
  Restart();
  PushPoints("copy", {{kNow + 1, 3}});
  ASSERT_TRUE(ingester_->Flush(Context()).ok());
  ASSERT_TRUE(other_->Flush(Context()).ok());
  Restart();
  ASSERT_TRUE(ingester_->Flush(Context()).ok());
  std::swap(options_, copy_options);
  std::swap(ingester_, other_);
  std::swap(metrics_, other_metrics_);
  Restart();
  ASSERT_TRUE(ingester_->Flush(Context()).ok());
  EXPECT_EQ(PointsOf(*store_, "up"), expected);
  EXPECT_EQ(PointsOf(*store_, "copy"), (Points{{kNow, 2}, {kNow + 1, 3}}));
}

TEST_F(CreateIngesterTest, AConflictIsRefusedAndTheFirstValueStays) {
  PushPoints("up", {{kNow, 1}});
  const auto result = PushBytes(PushBody().Metric("up", {{kNow, 2}, {kNow + 1, 3}}).Compressed());
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->samples, 1u);
  EXPECT_NE(result->rejected.message().find("duplicate sample for timestamp"),
            absl::string_view::npos)
      << result->rejected;
  EXPECT_EQ(PointsOf(ingester_->series(), "up"), (Points{{kNow, 1}, {kNow + 1, 3}}));
}

TEST_F(CreateIngesterTest, ValidSeriesOfAPartlyBadPushAreStored) {
  const auto result = PushBytes(PushBody()
                                    .Series({{"job", "nameless"}}, {{kNow, 1}})
                                    .Series({{"z", "1"}, {"__name__", "unsorted"}}, {{kNow, 2}})
                                    .Compressed());
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->rejected.message(),
            "not stored: 1 sample (invalid_labels: 1); invalid metric name or labels, got "
            "{job=\"nameless\"}");
  EXPECT_EQ(PointsOf(ingester_->series(), "unsorted"), (Points{{kNow, 2}}));
}

TEST_F(CreateIngesterTest, AnUnsortedSeriesIsTheSameSeries) {
  PushPoints("up", {{kNow, 1}});
  ASSERT_TRUE(PushBytes(PushBody()
                            .Series({{"b", "1"}, {"__name__", "x"}, {"a", "2"}}, {{kNow, 1}})
                            .Series({{"__name__", "x"}, {"a", "2"}, {"b", "1"}}, {{kNow + 1, 2}})
                            .Compressed())
                  .ok());
  EXPECT_EQ(Read(ingester_->series()).size(), 2u);
  EXPECT_EQ(PointsOf(ingester_->series(), "x"), (Points{{kNow, 1}, {kNow + 1, 2}}));
}

// A histogram, an exemplar and a stale marker, through log, head and store.
TEST_F(CreateIngesterTest, EveryKindOfPointSurvivesRestartAndSeal) {
  prompb::WriteRequest request;
  prompb::TimeSeries* series = request.add_timeseries();
  prompb::Label* name = series->add_labels();
  name->set_name("__name__");
  name->set_value("rich");
  prompb::Sample* stale = series->add_samples();
  stale->set_timestamp(kNow);
  stale->set_value(model::StaleNan());
  prompb::Histogram* histogram = series->add_histograms();
  histogram->set_timestamp(kNow + 1);
  histogram->set_count_int(3);
  histogram->set_sum(1.5);
  histogram->add_positive_spans()->set_length(1);
  histogram->add_positive_deltas(3);
  prompb::Exemplar* exemplar = series->add_exemplars();
  exemplar->set_timestamp(kNow);
  exemplar->set_value(0.5);
  std::string block;
  const std::string message = request.SerializeAsString();
  snappy::Compress(message.data(), message.size(), &block);
  const auto result = PushBytes(block);
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_TRUE(result->rejected.ok()) << result->rejected;

  const auto check = [](storage::SeriesSource& source) {
    const auto read = Read(source);
    ASSERT_EQ(read.size(), 1u);
    ASSERT_EQ(read[0].columns.values.size(), 1u);
    EXPECT_TRUE(model::IsStaleNan(read[0].columns.values[0]));
    ASSERT_EQ(read[0].columns.histograms.size(), 1u);
    EXPECT_EQ(read[0].columns.histograms[0].timestamp, kNow + 1);
    EXPECT_EQ(model::HistogramSum(read[0].columns.histograms[0].histogram), 1.5);
    ExemplarSink exemplars;
    ASSERT_TRUE(source.SelectExemplars(Context(), {}, exemplars).ok());
    ASSERT_EQ(exemplars.exemplars.size(), 1u);
    EXPECT_EQ(exemplars.exemplars[0].value, 0.5);
  };
  check(ingester_->series());
  Restart();
  check(ingester_->series());
  ASSERT_TRUE(ingester_->Flush(Context()).ok());
  check(*store_);
}

TEST_F(CreateIngesterTest, MetadataReachesTheStore) {
  ASSERT_TRUE(PushBytes(PushBody().Metadata("up", "Is it up?").Compressed()).ok());
  const auto metadata = store_->Metadata(Context(), "");
  ASSERT_TRUE(metadata.ok()) << metadata.status();
  ASSERT_EQ(metadata->size(), 1u);
  EXPECT_EQ(metadata->front().help, "Is it up?");
}

TEST_F(CreateIngesterTest, AFlushLeavesNothingPreallocatedAndPushesGoOn) {
  PushPoints("up", {{kNow, 1}});
  ASSERT_TRUE(ingester_->Flush(Context()).ok());
  uint64_t bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(options_.directory)) {
    if (file.is_regular_file()) bytes += file.file_size();
  }
  EXPECT_LT(bytes, 64u << 10);
  PushPoints("up", {{kNow + 1, 2}});
  Restart();
  EXPECT_EQ(PointsOf(ingester_->series(), "up"), (Points{{kNow + 1, 2}}));
}

TEST_F(CreateIngesterTest, ShutdownSealsAndLeavesASmallDirectory) {
  PushPoints("up", {{kNow, 1}});
  ASSERT_TRUE(ingester_->Shutdown(absl::InfiniteFuture()).ok());
  EXPECT_EQ(PointsOf(*store_, "up"), (Points{{kNow, 1}}));
  uint64_t bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(options_.directory)) {
    if (file.is_regular_file()) bytes += file.file_size();
  }
  EXPECT_LT(bytes, 64u << 10) << "nothing preallocated remains";
}

TEST_F(CreateIngesterTest, ADirectoryHasOneIngester) {
  model::MetricsRegistry metrics;
  EXPECT_EQ(CreateIngester(options_, store_.get(), &tenants_, &clock_, &metrics).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace tidegate::ingest
