#include "ingest/admit/tenant_admission.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

class TenantAdmissionTest : public testing::Test {
 protected:
  absl::StatusOr<model::Labels> Admit(const Pairs& labels) {
    bytes_.clear();
    for (const auto& [name, value] : labels) model::AppendLabelBytes(name, value, &bytes_);
    return TenantAdmission(&limits_).Admit(bytes_);
  }
  std::string Refusal(const Pairs& labels,
                      absl::StatusCode code = absl::StatusCode::kInvalidArgument) {
    const absl::Status status = Admit(labels).status();
    EXPECT_EQ(status.code(), code);
    return std::string(status.message());
  }

  model::TenantLimits limits_;
  std::string bytes_;
};

TEST_F(TenantAdmissionTest, AdmitsAndSorts) {
  const auto labels = Admit({{"job", "node"}, {"__name__", "up"}, {"empty", ""}});
  ASSERT_TRUE(labels.ok()) << labels.status();
  EXPECT_EQ(*labels, model::Labels({{"__name__", "up"}, {"job", "node"}}));
}

TEST_F(TenantAdmissionTest, NamesMayBeAnyUtf8) {
  EXPECT_TRUE(Admit({{"__name__", "http.requests"}, {"d\u00fcsen jet", "1"}}).ok());
}

TEST_F(TenantAdmissionTest, AMetricNameIsNeeded) {
  EXPECT_EQ(Refusal({{"job", "node"}}), "invalid metric name or labels, got {job=\"node\"}");
  EXPECT_EQ(Refusal({{"__name__", ""}, {"job", "node"}}),
            "invalid metric name or labels, got {__name__=\"\", job=\"node\"}");
  EXPECT_EQ(Refusal({}), "invalid metric name or labels, got {}");
}

TEST_F(TenantAdmissionTest, InvalidTextIsRefused) {
  EXPECT_EQ(Refusal({{"__name__", "\xff"}}),
            "invalid metric name or labels, got {__name__=\"\\xff\"}");
  EXPECT_EQ(Refusal({{"", "x"}, {"__name__", "up"}}),
            "invalid metric name or labels, got {\"\"=\"x\", __name__=\"up\"}");
}

TEST_F(TenantAdmissionTest, ADuplicateIsNamed) {
  EXPECT_EQ(Refusal({{"__name__", "up"}, {"job", "a"}, {"job", "b"}}),
            "invalid labels for series, labels {__name__=\"up\", job=\"a\", job=\"b\"}, duplicated "
            "label job");
}

TEST_F(TenantAdmissionTest, LimitsAreInclusiveAndNamed) {
  constexpr auto kBeyondLimit = absl::StatusCode::kOutOfRange;
  limits_.max_labels_per_series = 2;
  limits_.max_label_name_bytes = 8;
  limits_.max_label_value_bytes = 3;
  EXPECT_TRUE(Admit({{"__name__", "abc"}, {"12345678", "123"}}).ok());
  EXPECT_EQ(Refusal({{"__name__", "up"}, {"a", "1"}, {"b", "2"}}, kBeyondLimit),
            "the series has 3 labels, the limit is 2: {__name__=\"up\", a=\"1\", b=\"2\"}");
  EXPECT_EQ(Refusal({{"__name__", "up"}, {"a23456789", "1"}}, kBeyondLimit),
            "the label name a23456789 has 9 bytes, the limit is 8: {__name__=\"up\", "
            "a23456789=\"1\"}");
  EXPECT_EQ(Refusal({{"__name__", "up"}, {"a", "1234"}}, kBeyondLimit),
            "the value of label a has 4 bytes, the limit is 3: {__name__=\"up\", a=\"1234\"}");
}

TEST_F(TenantAdmissionTest, TheSeriesLimitLetsTheLastOneIn) {
  EXPECT_TRUE(TenantAdmission(&limits_).AdmitSeriesCount(1'000'000'000).ok());
  limits_.max_series = 3;
  EXPECT_TRUE(TenantAdmission(&limits_).AdmitSeriesCount(2).ok());
  const absl::Status status = TenantAdmission(&limits_).AdmitSeriesCount(3);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message(), "the tenant has 3 series with recent samples, the limit is 3");
}

TEST_F(TenantAdmissionTest, SeriesOfAMetric) {
  EXPECT_EQ(TenantAdmission(&limits_).max_series_of_metric(), 0u);
  limits_.max_series_per_metric = 7;
  EXPECT_EQ(TenantAdmission(&limits_).max_series_of_metric(), 7u);
  EXPECT_EQ(TenantAdmission(&limits_).MetricIsFull(),
            "per-metric series limit of 7 exceeded (max_series_per_metric)");
}

}  // namespace
}  // namespace tidegate::ingest
