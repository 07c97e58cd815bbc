#include "ingest/service/push_path.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "ingest/service/fakes.h"
#include "ingest/service/push_body.h"
#include "model/metrics/metrics_registry.h"

namespace tidegate::ingest {
namespace {

constexpr model::TimestampMs kNow = 1'700'000'000'000;

class PushPathTest : public testing::Test {
 protected:
  PushPathTest() : head_(&log_), metrics_(&registry_) {
    clock_.SetMs(kNow);
    limits_ = &tenants_.Add("a");
    UseBound(1 << 20);
  }

  void UseBound(uint64_t max_in_flight_bytes, uint64_t max_head_bytes = 0) {
    path_ = std::make_unique<PushPath>(
        PushPathParts{&log_, &head_, &store_, &tenants_, &clock_, &metrics_, &pressure_},
        max_in_flight_bytes, max_head_bytes);
  }

  absl::StatusOr<PushResult> PushBytes(const std::string& body, const std::string& tenant = "a") {
    model::RequestContext context;
    context.tenant = tenant;
    PushRequest request;
    request.body = body;
    return path_->Push(context, request);
  }
  absl::StatusOr<PushResult> Push(const PushBody& body) { return PushBytes(body.Compressed()); }

  std::string RejectedText(const PushBody& body) {
    const auto result = Push(body);
    EXPECT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->rejected.code(), absl::StatusCode::kInvalidArgument);
    return std::string(result->rejected.message());
  }

  double Rejected(RejectReason reason) {
    return metrics_.ForTenant("a").rejected[static_cast<size_t>(reason)]->Value();
  }
  double Requests(PushOutcome outcome) { return metrics_.ForTenant("a").Requests(outcome).Value(); }

  FakeLog log_;
  FakeHead head_;
  FakeStore store_;
  FakeTenants tenants_;
  model::TenantLimits* limits_ = nullptr;
  model::ManualClock clock_;
  model::MetricsRegistry registry_;
  IngestMetrics metrics_;
  EntryPressure pressure_{&head_,
                          {.cut_bytes = 0, .max_bytes = 0, .max_wait = absl::ZeroDuration()},
                          nullptr,
                          &metrics_};
  std::unique_ptr<PushPath> path_;
};

TEST_F(PushPathTest, AFullHeadSendsPushesAwayUntilACutIsTaken) {
  UseBound(1 << 20, /*max_head_bytes=*/16);
  PushBody body;
  body.Metric("up", {{kNow, 1}}).Metric("down", {{kNow, 1}});
  ASSERT_TRUE(Push(body).ok());  // 32 bytes, as the fake counts.
  UseBound(1 << 20, /*max_head_bytes=*/16);
  const auto refused = Push(body);
  EXPECT_TRUE(absl::IsUnavailable(refused.status())) << refused.status();
  UseBound(1 << 20, /*max_head_bytes=*/32);
  EXPECT_TRUE(Push(body).ok());
}

TEST_F(PushPathTest, StoresAndCounts) {
  const auto result =
      Push(PushBody().Metric("up", {{kNow, 1}, {kNow + 1, 2}}).Metric("x", {{1, 3}}));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->rejected.ok());
  EXPECT_EQ(result->samples, 3u);
  EXPECT_EQ(head_.Stats("").samples, 3u);
  EXPECT_EQ(metrics_.ForTenant("a").samples->Count(), 3);
  EXPECT_EQ(Requests(PushOutcome::kStored), 1);
}

TEST_F(PushPathTest, EveryDecoderIsCounted) {
  const DecoderMetrics& version_1 = metrics_.ForDecoder(PushFormat::kRemoteWrite1);
  ASSERT_TRUE(Push(PushBody().Metric("up", {{kNow, 1}})).ok());
  EXPECT_EQ(version_1.decoded->Value(), 1);
  EXPECT_GT(version_1.bytes->Value(), 0);
  EXPECT_FALSE(PushBytes("\xff nonsense").ok());
  EXPECT_EQ(version_1.malformed->Value(), 1);
  limits_->max_decompressed_bytes = 1;
  EXPECT_FALSE(Push(PushBody().Metric("up", {{kNow, 1}})).ok());
  EXPECT_EQ(version_1.refused->Value(), 1);
  EXPECT_EQ(metrics_.ForDecoder(PushFormat::kRemoteWrite2).decoded->Value(), 0);
}

TEST_F(PushPathTest, AnEmptyRequestIsASuccess) {
  ASSERT_TRUE(Push(PushBody()).ok());
  EXPECT_EQ(log_.SizeBytes(), 0u);
}

TEST_F(PushPathTest, AResendIsASuccess) {
  const PushBody body = PushBody().Metric("up", {{kNow, 1}});
  ASSERT_TRUE(Push(body).ok());
  const auto again = Push(body);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->rejected.ok());
  EXPECT_EQ(again->samples, 1u);
}

TEST_F(PushPathTest, AConflictIsNamedAndTheRestIsStored) {
  ASSERT_TRUE(Push(PushBody().Metric("up", {{kNow, 1}})).ok());
  const auto result = Push(PushBody().Metric("up", {{kNow, 2}, {kNow + 1, 3}}));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->samples, 1u);
  EXPECT_EQ(result->rejected.message(),
            "not stored: 1 sample (duplicate_timestamp: 1); duplicate sample for timestamp "
            "1700000000000: series {__name__=\"up\"}");
  EXPECT_EQ(Rejected(RejectReason::kDuplicateTimestamp), 1);
  EXPECT_EQ(Requests(PushOutcome::kPartial), 1);
}

TEST_F(PushPathTest, InvalidSeriesDoNotHurtTheValidOnes) {
  const auto result = Push(PushBody()
                               .Series({{"job", "nameless"}}, {{kNow, 1}})
                               .Metric("good", {{kNow, 1}})
                               .Series({{"__name__", "x"}, {"a", "1"}, {"a", "2"}}, {{kNow, 1}}));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->samples, 1u);
  EXPECT_EQ(result->rejected.message(),
            "not stored: 2 samples (invalid_labels: 2); invalid metric name or labels, got "
            "{job=\"nameless\"}; invalid labels for series, labels {__name__=\"x\", a=\"1\", "
            "a=\"2\"}, duplicated label a");
  EXPECT_EQ(Rejected(RejectReason::kInvalidLabels), 2);
}

TEST_F(PushPathTest, LimitsOnLabelsAreCountedApart) {
  limits_->max_labels_per_series = 1;
  const auto result = Push(
      PushBody().Metric("good", {{kNow, 1}}).Series({{"__name__", "x"}, {"a", "1"}}, {{kNow, 1}}));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->samples, 1u);
  EXPECT_EQ(result->rejected.message(),
            "not stored: 1 sample (label_limit: 1); the series has 2 labels, the limit is 1: "
            "{__name__=\"x\", a=\"1\"}");
  EXPECT_EQ(Rejected(RejectReason::kLabelLimit), 1);
}

TEST_F(PushPathTest, TheSeriesLimitRefusesNewSeriesOnly) {
  limits_->max_series = 1;
  ASSERT_TRUE(Push(PushBody().Metric("old", {{1, 1}})).ok());
  EXPECT_EQ(RejectedText(PushBody().Metric("old", {{2, 1}}).Metric("new", {{2, 1}})),
            "not stored: 1 sample (series_limit: 1); the tenant has 1 series with recent samples, "
            "the limit is 1: series {__name__=\"new\"}");
  EXPECT_EQ(head_.Stats("").samples, 2u);
}

TEST_F(PushPathTest, TimesAreHeldAgainstTheClock) {
  EXPECT_NE(RejectedText(PushBody().Metric("up", {{kNow, 1}, {kNow + 3'600'000, 1}}))
                .find("out of bounds: timestamp is too far in the future"),
            std::string::npos);
  clock_.Advance(absl::Hours(1));
  const auto later = Push(PushBody().Metric("up", {{kNow + 3'600'000, 1}}));
  ASSERT_TRUE(later.ok());
  EXPECT_TRUE(later->rejected.ok());
}

TEST_F(PushPathTest, BytesThatCannotBeDecodedAreTheSendersFault) {
  EXPECT_EQ(PushBytes("not snappy").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Push(PushBody().Metric("up", {{kNow, 1}}).Bytes("\x0a")).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(head_.Stats("").samples, 0u);
  EXPECT_EQ(Requests(PushOutcome::kInvalid), 2);
}

TEST_F(PushPathTest, SizesAreHeldAgainstTheLimits) {
  const PushBody body = PushBody().Metric(std::string(5000, 'x'), {{kNow, 1}});
  limits_->max_decompressed_bytes = 5000;
  EXPECT_EQ(Push(body).status().code(), absl::StatusCode::kOutOfRange);
  limits_->max_decompressed_bytes = 6000;
  EXPECT_TRUE(Push(body).ok());
  limits_->max_body_bytes = 10;
  EXPECT_EQ(Push(body).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(Requests(PushOutcome::kTooLarge), 2);
}

TEST_F(PushPathTest, AFullLogIsUnavailableAndRecovers) {
  log_.FailAppends(absl::ResourceExhaustedError("no space left on device"));
  const PushBody body = PushBody().Metric("up", {{kNow, 1}});
  const absl::Status status = Push(body).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(status.message(), "no space left on device");
  log_.FailAppends(absl::OkStatus());
  EXPECT_TRUE(Push(body).ok());
  EXPECT_EQ(Requests(PushOutcome::kUnavailable), 1);
}

TEST_F(PushPathTest, NothingIsAcknowledgedThatIsNotDurable) {
  log_.FailSyncs(absl::UnavailableError("sync failed"));
  const PushBody body = PushBody().Metric("up", {{kNow, 1}});
  EXPECT_EQ(Push(body).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(metrics_.ForTenant("a").samples->Count(), 0);
  log_.FailSyncs(absl::OkStatus());
  EXPECT_TRUE(Push(body).ok());
}

TEST_F(PushPathTest, ACallersDeadlineStaysOne) {
  log_.FailSyncs(absl::DeadlineExceededError("late"));
  EXPECT_EQ(Push(PushBody().Metric("up", {{kNow, 1}})).status().code(),
            absl::StatusCode::kDeadlineExceeded);
}

TEST_F(PushPathTest, AnUnknownTenantIsRefusedAndNotCounted) {
  EXPECT_EQ(PushBytes(PushBody().Metric("up", {{1, 1}}).Compressed(), "b").status().code(),
            absl::StatusCode::kInvalidArgument);
  for (const auto& family : registry_.Collect()) {
    for (const auto& metric : family.metric) {
      for (const auto& label : metric.label) EXPECT_NE(label.value, "b");
    }
  }
}

TEST_F(PushPathTest, MetadataIsStoredOnceAndAgainWhenItChanges) {
  ASSERT_TRUE(Push(PushBody().Metadata("up", "first")).ok());
  ASSERT_TRUE(Push(PushBody().Metadata("up", "first")).ok());
  ASSERT_TRUE(Push(PushBody().Metadata("up", "second").Metadata("", "nameless")).ok());
  const auto stored = store_.metadata();
  ASSERT_EQ(stored.size(), 2u);
  EXPECT_EQ(stored[0].tenant, "a");
  EXPECT_EQ(stored[0].metadata.help, "first");
  EXPECT_EQ(stored[1].metadata.help, "second");
  EXPECT_EQ(Rejected(RejectReason::kInvalidMetadata), 1);
}

TEST_F(PushPathTest, MetadataOfMoreMetricsIsLeftOutAndCounted) {
  model::RequestContext context;
  context.tenant = "a";
  ASSERT_TRUE(
      store_.PutMetadata(context, {{"a", {"old", model::MetricType::kGauge, "", ""}}}).ok());
  limits_->max_global_metadata_per_user = 2;
  ASSERT_TRUE(Push(PushBody().Metadata("up", "x").Metadata("down", "x")).ok());
  ASSERT_TRUE(Push(PushBody().Metadata("up", "y").Metadata("old", "y")).ok());
  const auto stored = store_.metadata();
  ASSERT_EQ(stored.size(), 4u) << "what was there counts, and may change";
  EXPECT_EQ(stored[1].metadata.metric_family, "up");
  EXPECT_EQ(Rejected(RejectReason::kMetadataLimit), 1);
}

TEST_F(PushPathTest, AStoreThatIsAwayCostsMetadataATryAndNoSample) {
  store_.Fail(absl::UnavailableError("connection refused"));
  const PushBody body = PushBody().Metric("up", {{kNow, 1}}).Metadata("up", "help");
  const absl::Status status = Push(body).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(status.message(), "cannot store metadata: connection refused");
  EXPECT_EQ(head_.Stats("").samples, 1u);
  store_.Fail(absl::OkStatus());
  EXPECT_TRUE(Push(body).ok());
  EXPECT_EQ(store_.metadata().size(), 1u);
}

TEST_F(PushPathTest, BytesInFlightAreBoundedAndGivenBack) {
  UseBound(1);  // A request that is alone is let in all the same.
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Push(PushBody().Metric("up", {{kNow + i, 1}})).ok());
  EXPECT_EQ(metrics_.in_flight_bytes.Value(), 0);
}

}  // namespace
}  // namespace tidegate::ingest
