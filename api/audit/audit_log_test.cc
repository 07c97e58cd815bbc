#include "api/audit/audit_log.h"

#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "api/testing/fake_tenants.h"
#include "api/testing/recorded_response.h"

namespace tidegate::api {
namespace {

class AuditLogTest : public testing::Test {
 protected:
  AuditLogTest() {
    std::remove(path_.c_str());
    tenants_.Add("team-a");
    model::ApiKey key;
    key.id = "k1";
    key.digest = model::DigestOf("s3cret");
    key.permissions.Add(model::Permission::kAdmin);
    tenants_.AddKey("team-a", key);
    request_.method = HttpMethod::kDelete;
    request_.target = "/api/v1/admin/tenants/b?token=hidden";
    request_.path.Add("tenant", "b\n\"c\"");
    request_.peer = "192.0.2.1:5000";
    request_.headers.Add("X-Request-Id", "id-7");
  }
  std::string Written() {
    std::ifstream file(path_);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void Run(AuditLog* audit, int status) {
    const HttpHandler handler =
        audit->Audited("delete_tenant", [status](const HttpRequest&, ResponseWriter& response) {
          response.Send(TextResponse(status, "done"));
        });
    RecordedResponse response;
    handler(request_, response);
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.body, "done\n");
  }

  const std::string path_ = testing::TempDir() + "/audit.log";
  FakeTenants tenants_;
  model::ManualClock clock_;
  prometheus::Registry metrics_;
  HttpRequest request_;
};

TEST_F(AuditLogTest, ALineForEachChange) {
  AuditLog audit({.file = path_}, &tenants_, &clock_, &metrics_);
  request_.headers.Add("Authorization", "Bearer s3cret");
  Run(&audit, 202);
  EXPECT_EQ(Written(),
            R"({"time":"1970-01-01T00:00:00.000Z","action":"delete_tenant","method":"DELETE",)"
            R"("path":"/api/v1/admin/tenants/b","tenant":"b\n\"c\"","status":202,)"
            R"("by_tenant":"team-a","by_key":"k1","source":"192.0.2.1:5000","request_id":"id-7"})"
            "\n");
}

TEST_F(AuditLogTest, RefusalsToo) {
  AuditLog audit({.file = path_}, &tenants_, &clock_, &metrics_);
  request_.headers.Add("X-Api-Key", "tg_guess");
  Run(&audit, 401);
  EXPECT_NE(Written().find(R"("status":401,"by_tenant":"","by_key":"")"), std::string::npos);
  EXPECT_EQ(Written().find("guess"), std::string::npos);
}

TEST_F(AuditLogTest, WithoutAFileNothingIsKept) {
  AuditLog audit({}, &tenants_, &clock_, &metrics_);
  Run(&audit, 200);
  EXPECT_TRUE(audit.Reopen().ok());
}

TEST_F(AuditLogTest, AFullDiskDoesNotStopTheChange) {
  AuditLog audit({.file = "/dev/full"}, &tenants_, &clock_, &metrics_);
  Run(&audit, 200);
}

}  // namespace
}  // namespace tidegate::api
