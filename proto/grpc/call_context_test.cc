#include "proto/grpc/call_context.h"

#include <gtest/gtest.h>

#include <string>

#include "proto/grpc/test_service.h"

namespace tidegate::rpc {
namespace {

// What arrives at the other end of a real call.
class CallContextTest : public testing::Test {
 protected:
  CallContextTest()
      : server_([this](grpc::ServerContext* call) {
          arrived_ = ContextOf(*call);
          return grpc::Status::OK;
        }) {}

  model::RequestContext Carry(const model::RequestContext& context) {
    grpc::ClientContext call;
    AttachContext(context, &call);
    const grpc::Status status = server_.Call(&call);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return arrived_;
  }
  std::string CarriedTenant(const std::string& tenant) {
    model::RequestContext context;
    context.tenant = tenant;
    return Carry(context).tenant;
  }
  std::string CarriedRequestId(const std::string& id) {
    model::RequestContext context;
    context.request_id = id;
    return Carry(context).request_id;
  }

  model::RequestContext arrived_;
  TestServer server_;
};

TEST_F(CallContextTest, CarriesTenantIdAndDeadline) {
  model::RequestContext context;
  context.tenant = "team-a";
  context.request_id = "4bf92f3577b34da6";
  context.deadline = absl::Now() + absl::Seconds(30);
  const model::RequestContext arrived = Carry(context);
  EXPECT_EQ(arrived.tenant, "team-a");
  EXPECT_EQ(arrived.request_id, "4bf92f3577b34da6");
  EXPECT_LT(absl::AbsDuration(arrived.deadline - context.deadline), absl::Milliseconds(100));
  EXPECT_FALSE(arrived.IsCancelled());
}

TEST_F(CallContextTest, NoDeadlineStaysNone) {
  EXPECT_EQ(Carry({}).deadline, absl::InfiniteFuture());
}

TEST_F(CallContextTest, ADeadlineOfLongAgoHasPassed) {
  for (const absl::Time deadline : {absl::InfinitePast(), absl::UnixEpoch() - absl::Hours(1),
                                    absl::UnixEpoch(), absl::Now() - absl::Seconds(1)}) {
    model::RequestContext context;
    context.deadline = deadline;
    grpc::ClientContext call;
    AttachContext(context, &call);
    EXPECT_EQ(server_.Call(&call).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED) << deadline;
  }
}

// One tenant never turns into another on the way.
TEST_F(CallContextTest, ATenantArrivesByteForByte) {
  for (const std::string& tenant :
       {std::string(), std::string("a b"), std::string(" a "), std::string("a\nb\r\n"),
        std::string("a\0b", 3), std::string("\xff\x80"), std::string("é/!_.*'()"),
        std::string(",a,"), std::string(1000, 't')}) {
    EXPECT_EQ(CarriedTenant(tenant), tenant);
  }
}

TEST_F(CallContextTest, AHostileRequestIdIsMadeHarmless) {
  EXPECT_EQ(CarriedRequestId("a\r\ntidegate-tenant-bin: b"), "atidegate-tenant-bin:b");
  EXPECT_EQ(CarriedRequestId(std::string("\0\x01\x7f\xff x", 6)), "x");
  EXPECT_EQ(CarriedRequestId("é"), "");
  EXPECT_EQ(CarriedRequestId(std::string(100'000, 'x')), std::string(kMaxRequestIdBytes, 'x'));
}

TEST_F(CallContextTest, ACallWithoutMetadataHasNoTenant) {
  grpc::ClientContext call;
  ASSERT_TRUE(server_.Call(&call).ok());
  EXPECT_EQ(arrived_.tenant, "");
  EXPECT_EQ(arrived_.request_id, "");
}

// A peer that does not clean its ids, as another implementation might.
TEST_F(CallContextTest, IdsAreCleanedOnArrivalToo) {
  grpc::ClientContext call;
  call.AddMetadata("tidegate-request-id", std::string(1000, 'x') + " y");
  ASSERT_TRUE(server_.Call(&call).ok());
  EXPECT_EQ(arrived_.request_id, std::string(kMaxRequestIdBytes, 'x'));
}

}  // namespace
}  // namespace tidegate::rpc
