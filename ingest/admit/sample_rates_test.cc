#include "ingest/admit/sample_rates.h"

#include <gtest/gtest.h>

namespace tidegate::ingest {
namespace {

absl::Time At(int64_t milliseconds) { return absl::UnixEpoch() + absl::Milliseconds(milliseconds); }

TEST(SampleRatesTest, ZeroIsNoLimit) {
  SampleRates rates;
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(rates.AdmitRequest("a", {}, At(0)).ok());
    EXPECT_TRUE(rates.AdmitPoints("a", {}, 1'000'000, At(0)).ok());
  }
}

TEST(SampleRatesTest, ABurstThenTheRate) {
  SampleRates rates;
  model::TenantLimits limits;
  limits.ingestion_rate = 100;
  limits.ingestion_burst_size = 1000;
  EXPECT_TRUE(rates.AdmitPoints("a", limits, 1000, At(0)).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(rates.AdmitPoints("a", limits, 1, At(0))));
  EXPECT_TRUE(rates.AdmitPoints("a", limits, 50, At(500)).ok());
  EXPECT_FALSE(rates.AdmitPoints("a", limits, 51, At(1000)).ok()) << "and takes nothing";
  EXPECT_TRUE(rates.AdmitPoints("a", limits, 50, At(1000)).ok());
  EXPECT_TRUE(rates.AdmitPoints("b", limits, 1000, At(1000)).ok()) << "another tenant";
}

TEST(SampleRatesTest, ABurstOfZeroIsOneSecond) {
  SampleRates rates;
  model::TenantLimits limits;
  limits.request_rate = 2;
  EXPECT_TRUE(rates.AdmitRequest("a", limits, At(0)).ok());
  EXPECT_TRUE(rates.AdmitRequest("a", limits, At(0)).ok());
  const absl::Status status = rates.AdmitRequest("a", limits, At(0));
  EXPECT_TRUE(absl::IsResourceExhausted(status));
  EXPECT_EQ(status.message(),
            "tenant a exceeded its request_rate of 2 pushes a second with a burst of 2");
  EXPECT_TRUE(rates.AdmitRequest("a", limits, At(500)).ok());
}

TEST(SampleRatesTest, SaysWhatWouldHelp) {
  SampleRates rates;
  model::TenantLimits limits;
  limits.ingestion_rate = 10;
  EXPECT_EQ(
      rates.AdmitPoints("a", limits, 11, At(0)).message(),
      "tenant a exceeded its ingestion_rate of 10 samples a second with a burst of 10, with a "
      "push of 11: a push of that size needs a larger ingestion_burst_size");
}

TEST(SampleRatesTest, ANewLimitHoldsAtOnce) {
  SampleRates rates;
  model::TenantLimits limits;
  limits.ingestion_rate = 1;
  EXPECT_TRUE(rates.AdmitPoints("a", limits, 1, At(0)).ok());
  EXPECT_FALSE(rates.AdmitPoints("a", limits, 1, At(0)).ok());
  limits.ingestion_rate = 0;
  EXPECT_TRUE(rates.AdmitPoints("a", limits, 1000, At(0)).ok());
}

}  // namespace
}  // namespace tidegate::ingest
