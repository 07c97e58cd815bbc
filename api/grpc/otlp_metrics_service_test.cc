#include "api/grpc/otlp_metrics_service.h"

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <memory>

#include "api/testing/fake_ingester.h"
#include "api/testing/fake_tenants.h"
#include "proto/grpc/server.h"

namespace tidegate::api {
namespace {

namespace v1 = opentelemetry::proto::collector::metrics::v1;

class OtlpMetricsServiceTest : public testing::Test {
 protected:
  OtlpMetricsServiceTest() {
    tenants_.Add("other", {});
    server_ = *rpc::Server::Start("127.0.0.1:0", {&service_});
    stub_ = v1::MetricsService::NewStub(
        grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials()));
  }
  ~OtlpMetricsServiceTest() override { server_->Shutdown(absl::Now()); }

  grpc::Status Export(const std::string& body, const std::string& tenant = "") {
    grpc::ClientContext call;
    if (!tenant.empty()) call.AddMetadata("x-scope-orgid", tenant);
    v1::ExportMetricsServiceRequest request;
    EXPECT_TRUE(request.ParseFromString(body));
    return stub_->Export(&call, request, &response_);
  }

  FakeTenants tenants_;
  FakeIngester ingester_;
  TenantResolver resolver_{&tenants_, /*trust_org_id=*/true};
  OtlpMetricsService service_{&resolver_, &ingester_};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::MetricsService::Stub> stub_;
  v1::ExportMetricsServiceResponse response_;
};

TEST_F(OtlpMetricsServiceTest, BytesArriveAsTheyWereSent) {
  const std::string body("\x0a\x02\x12\x00", 4);
  ASSERT_TRUE(Export(body).ok());
  ASSERT_EQ(ingester_.pushed().size(), 1u);
  EXPECT_EQ(ingester_.pushed()[0].body, body);
  EXPECT_EQ(ingester_.pushed()[0].tenant, "default");
  EXPECT_EQ(ingester_.pushed()[0].format, ingest::PushFormat::kOtlpMetricsProtobuf);
  EXPECT_FALSE(response_.has_partial_success());
}

TEST_F(OtlpMetricsServiceTest, TheTenantIsInTheMetadata) {
  ASSERT_TRUE(Export("", "other").ok());
  EXPECT_EQ(ingester_.pushed()[0].tenant, "other");
  EXPECT_EQ(Export("", "nobody").error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(OtlpMetricsServiceTest, RefusedPointsAreAPartialSuccess) {
  ingester_.Reject(absl::InvalidArgumentError("two points"));
  ASSERT_TRUE(Export("").ok());
  EXPECT_EQ(response_.partial_success().rejected_data_points(), 2);
  EXPECT_EQ(response_.partial_success().error_message(), "two points");
}

TEST_F(OtlpMetricsServiceTest, StatusesSayWhetherToSendAgain) {
  ingester_.Fail(absl::InvalidArgumentError("broken"));
  EXPECT_EQ(Export("").error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  ingester_.Fail(absl::OutOfRangeError("large"));
  EXPECT_EQ(Export("").error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  for (const auto& again : {absl::ResourceExhaustedError("busy"), absl::UnavailableError("away"),
                            absl::InternalError("fault")}) {
    ingester_.Fail(again);
    EXPECT_EQ(Export("").error_code(), grpc::StatusCode::UNAVAILABLE);
  }
}

}  // namespace
}  // namespace tidegate::api
