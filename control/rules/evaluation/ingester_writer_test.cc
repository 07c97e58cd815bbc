#include "control/rules/evaluation/ingester_writer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "proto/prometheus/remote.pb.h"

namespace tidegate::control {
namespace {

// Keeps the last body, and answers as it is told.
class OneIngester final : public ingest::Ingester {
 public:
  absl::StatusOr<ingest::PushResult> Push(const model::RequestContext& context,
                                          const ingest::PushRequest& request) override {
    if (context.IsCancelled()) return absl::CancelledError("cancelled");
    if (!failure.ok()) return failure;
    tenant = context.tenant;
    EXPECT_TRUE(body.ParseFromString(std::string(request.body)));
    ingest::PushResult result;
    result.rejected = rejected;
    return result;
  }
  absl::Status Flush(const model::RequestContext&) override { return absl::OkStatus(); }
  storage::SeriesSource& series() override { std::abort(); }
  storage::LogSource& logs() override { std::abort(); }
  absl::StatusOr<ingest::IngesterStats> Stats(const model::RequestContext&) override {
    return ingest::IngesterStats();
  }
  absl::Status Ready() const override { return absl::OkStatus(); }

  absl::Status failure, rejected;
  std::string tenant;
  prompb::WriteRequest body;
};

class IngesterWriterTest : public testing::Test {
 protected:
  absl::Status Write(double value) {
    return writer_.Write("t", {{model::Labels{{"__name__", "a"}, {"x", "y"}}, 5, value, nullptr}});
  }

  OneIngester ingester_;
  IngesterWriter writer_{&ingester_};
};

TEST_F(IngesterWriterTest, PushesSamplesAndHistograms) {
  auto histogram = std::make_shared<model::FloatHistogram>();
  histogram->count = 3;
  ASSERT_TRUE(writer_
                  .Write("t", {{model::Labels{{"__name__", "a"}, {"x", "y"}}, 5, 2.5, nullptr},
                               {model::Labels{{"__name__", "h"}}, 6, 0, histogram}})
                  .ok());
  EXPECT_EQ(ingester_.tenant, "t");
  ASSERT_EQ(ingester_.body.timeseries_size(), 2);
  const prompb::TimeSeries& series = ingester_.body.timeseries(0);
  EXPECT_EQ(series.labels(1).name(), "x");
  EXPECT_EQ(series.samples(0).timestamp(), 5);
  EXPECT_EQ(series.samples(0).value(), 2.5);
  EXPECT_EQ(ingester_.body.timeseries(1).histograms(0).timestamp(), 6);
  EXPECT_EQ(ingester_.body.timeseries(1).histograms(0).count_float(), 3);
}

TEST_F(IngesterWriterTest, ARefusalIsAnErrorUnlessItIsOfStaleMarkers) {
  ingester_.rejected = absl::InvalidArgumentError("another value");
  EXPECT_EQ(Write(1), ingester_.rejected);
  EXPECT_TRUE(Write(model::StaleNan()).ok());
  ingester_.failure = absl::UnavailableError("full");
  EXPECT_EQ(Write(model::StaleNan()), ingester_.failure);
}

TEST_F(IngesterWriterTest, CanBeCancelled) {
  writer_.Cancel();
  EXPECT_TRUE(absl::IsCancelled(Write(1)));
}

}  // namespace
}  // namespace tidegate::control
