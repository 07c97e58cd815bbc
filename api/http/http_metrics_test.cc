#include "api/http/http_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include "model/metrics/metrics_registry.h"

namespace tidegate::api {
namespace {

using testing::HasSubstr;

class HttpMetricsTest : public testing::Test {
 protected:
  HttpMetricsTest() {
    for (const char* pattern : {"/a", "/b/:name"}) {
      Route route;
      route.pattern = pattern;
      router_.Add(std::move(route));
    }
    metrics_ = std::make_unique<HttpMetrics>(&registry_, router_);
  }

  std::string Text() { return prometheus::TextSerializer().Serialize(registry_.Collect()); }

  model::MetricsRegistry registry_;
  Router router_;
  std::unique_ptr<HttpMetrics> metrics_;
};

TEST_F(HttpMetricsTest, CountsByRouteAndCode) {
  metrics_->Answered(&router_.route(0), 200, absl::Milliseconds(2));
  metrics_->Answered(&router_.route(0), 200, absl::Milliseconds(2));
  metrics_->Answered(&router_.route(1), 503, absl::Milliseconds(2));
  EXPECT_THAT(Text(), HasSubstr("tidegate_http_requests_total{code=\"200\",route=\"/a\"} 2"));
  EXPECT_THAT(Text(), HasSubstr("tidegate_http_requests_total{code=\"503\",route=\"/b/:name\"} 1"));
}

TEST_F(HttpMetricsTest, RequestsWithoutARouteShareOneName) {
  metrics_->Answered(nullptr, 404, absl::Milliseconds(1));
  EXPECT_THAT(Text(), HasSubstr("tidegate_http_requests_total{code=\"404\",route=\"unknown\"} 1"));
}

TEST_F(HttpMetricsTest, ObservesDurations) {
  metrics_->Answered(&router_.route(0), 200, absl::Milliseconds(7));
  EXPECT_THAT(Text(), HasSubstr("duration_seconds_bucket{route=\"/a\",le=\"0.005\"} 0"));
  EXPECT_THAT(Text(), HasSubstr("duration_seconds_bucket{route=\"/a\",le=\"0.01\"} 1"));
}

TEST_F(HttpMetricsTest, GaugesGoUpAndDown) {
  metrics_->RequestStarted();
  metrics_->ConnectionOpened();
  metrics_->ConnectionOpened();
  metrics_->ConnectionClosed();
  EXPECT_THAT(Text(), HasSubstr("tidegate_http_requests_in_flight 1"));
  EXPECT_THAT(Text(), HasSubstr("tidegate_http_connections 1"));
  metrics_->RequestEnded();
  EXPECT_THAT(Text(), HasSubstr("tidegate_http_requests_in_flight 0"));
}

TEST_F(HttpMetricsTest, EveryRejectionHasAReason) {
  metrics_->Rejected(Rejection::kConnections);
  metrics_->Rejected(Rejection::kTimeout);
  EXPECT_THAT(Text(), HasSubstr("tidegate_http_rejected_total{reason=\"connections\"} 1"));
  EXPECT_THAT(Text(), HasSubstr("tidegate_http_rejected_total{reason=\"timeout\"} 1"));
  EXPECT_THAT(Text(), HasSubstr("tidegate_http_rejected_total{reason=\"queue_full\"} 0"));
}

TEST_F(HttpMetricsTest, OddStatusCodesStayInBounds) {
  metrics_->Answered(&router_.route(0), 100, absl::ZeroDuration());
  metrics_->Answered(&router_.route(0), 999, absl::ZeroDuration());
  EXPECT_THAT(Text(), HasSubstr("code=\"999\""));
}

}  // namespace
}  // namespace tidegate::api
