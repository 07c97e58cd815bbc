// The monitors' API over documents in memory, for tests.
#ifndef TIDEGATE_API_MONITORS_TESTING_MONITOR_API_H_
#define TIDEGATE_API_MONITORS_TESTING_MONITOR_API_H_

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "api/monitors/routes.h"
#include "api/testing/fake_ingester.h"
#include "api/testing/fake_query_service.h"
#include "api/testing/recorded_response.h"
#include "control/hosts.h"
#include "control/monitoring.h"
#include "model/config/config_file.h"
#include "model/config/config_tenant_registry.h"
#include "storage/testing/documents_in_memory.h"

namespace tidegate::api {

// Two tenants: t1 with keys of different rights, and t2. t1 has
// the services Hatena-Blog and Hatena-Bookmark, the latter with the role db-master. It is
// 2023-11-14T22:13:20Z.
class MonitorApi : public ::testing::Test {
 protected:
  struct Answer {
    int status = 0;
    boost::json::value body;

    std::string Text(std::string_view member) const {
      return std::string(body.at(member).as_string());
    }
    const boost::json::value& Member(std::string_view member) const { return body.at(member); }
    std::string Error() const { return std::string(body.at("error").at("message").as_string()); }
  };

  MonitorApi() {
    clock_.SetMs(1'700'000'000'000);
    AddMonitorRoutes(&resolver_, monitoring_.get(), nullptr, &router_);
    EXPECT_EQ(Call(HttpMethod::kPost, "services", R"({"name":"Hatena-Blog","memo":""})").status,
              200);
    EXPECT_EQ(
        Call(HttpMethod::kPost, "services", R"({"name":"Hatena-Bookmark","memo":"b"})").status,
        200);
    EXPECT_EQ(Call(HttpMethod::kPost, "services/Hatena-Bookmark/roles",
                   R"({"name":"db-master","memo":"m"})")
                  .status,
              200);
  }

  static std::string Key(const std::string& id, const std::string& secret,
                         const std::string& permissions, const std::string& more = "") {
    return "{id: " + id + ", sha256: " + model::ToHex(model::DigestOf(secret)) +
           ", permissions: [" + permissions + "]" + more + "}";
  }

  static model::ConfigFile TwoTenants() {
    auto config = model::ParseConfig(
        "tenants:\n- name: t1\n"
        "  keys: [" +
        Key("k1", "key-1", "read, write") + ", " + Key("r1", "read-1", "read") + ", " +
        Key("w1", "write-1", "write") + ", " +
        Key("o1", "office-1", "read, write", ", allow_ips: [10.0.0.0/8]") +
        "]\n- name: t2\n  keys: [" + Key("k2", "other-1", "read, write") + "]\n");
    EXPECT_TRUE(config.ok()) << config.status();
    return *std::move(config);
  }

  Answer Call(HttpMethod method, const std::string& path, const std::string& body = "") {
    HttpRequest request;
    request.method = method;
    request.body = body;
    request.peer = peer_;
    if (!key_.empty()) request.headers.Add("X-Api-Key", key_);
    const std::string whole = "/api/v0/" + path;
    const std::string route = whole.substr(0, whole.find('?'));
    for (size_t at = 0; at < route.size();) {
      const size_t slash = route.find('/', at + 1);
      request.segments.push_back(
          route.substr(at + 1, slash == route.npos ? slash : slash - at - 1));
      at = slash == route.npos ? route.size() : slash;
    }
    for (size_t at = route.size(); at < whole.size();) {
      const size_t end = std::min(whole.find('&', at + 1), whole.size());
      const std::string pair = whole.substr(at + 1, end - at - 1);
      request.query.Add(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
      at = end;
    }
    const RouteMatch match = router_.Find(method, request.segments);
    if (match.route == nullptr) {
      ADD_FAILURE() << "no route for " << path;
      return {};
    }
    request.path = match.path;
    RecordedResponse response;
    match.route->handler(request, response);
    EXPECT_EQ(response.content_type, "application/json");
    return {response.status, boost::json::parse(response.body)};
  }
  Answer Get(const std::string& path) { return Call(HttpMethod::kGet, path); }
  Answer Delete(const std::string& path) { return Call(HttpMethod::kDelete, path); }
  Answer Post(const std::string& path, const boost::json::value& body) {
    return Call(HttpMethod::kPost, path, boost::json::serialize(body));
  }
  Answer Put(const std::string& path, const boost::json::value& body) {
    return Call(HttpMethod::kPut, path, boost::json::serialize(body));
  }

  // What a monitor of the kind must have.
  static boost::json::value Smallest(std::string_view kind) {
    if (kind == "connectivity") return boost::json::parse(R"({"type":"connectivity"})");
    if (kind == "host") {
      return boost::json::parse(
          R"({"type":"host","name":"h","duration":1,"metric":"loadavg5","operator":">",)"
          R"("warning":1,"critical":2})");
    }
    if (kind == "service") {
      return boost::json::parse(
          R"({"type":"service","name":"s","service":"Hatena-Blog","duration":1,"metric":"m",)"
          R"("operator":">","warning":1,"critical":2})");
    }
    if (kind == "external") {
      return boost::json::parse(R"({"type":"external","name":"e","url":"https://example.com"})");
    }
    if (kind == "expression") {
      return boost::json::parse(
          R"x({"type":"expression","name":"x","expression":"host(a, b)","operator":">",)x"
          R"("warning":1,"critical":2})");
    }
    if (kind == "anomalyDetection") {
      return boost::json::parse(
          R"({"type":"anomalyDetection","name":"a","scopes":["Hatena-Bookmark: db-master"],)"
          R"("warningSensitivity":"normal"})");
    }
    return boost::json::parse(
        R"({"type":"query","name":"q","query":"up","legend":"","operator":">","warning":1,)"
        R"("critical":2})");
  }

  // With these members over its own.
  static boost::json::value With(boost::json::value body, std::string_view members) {
    const boost::json::object over = boost::json::parse(members).as_object();
    for (const auto& [name, value] : over) {
      body.as_object()[name] = value;
    }
    return body;
  }

  std::string key_ = "key-1";
  std::string peer_ = "10.0.0.1:1234";

  storage::DocumentsInMemory documents_;
  model::ManualClock clock_;
  model::ConfigTenantRegistry tenants_{TwoTenants()};
  std::unique_ptr<control::ConfiguredHosts> hosts_ = control::OpenHosts(&documents_);
  FakeIngester ingester_;
  FakeQueryService queries_;
  std::unique_ptr<control::Monitoring> monitoring_ = control::OpenMonitoring(
      {&documents_, hosts_.get(), &ingester_, &queries_, nullptr, &clock_, ""});
  TenantResolver resolver_{&tenants_, false};
  Router router_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_MONITORS_TESTING_MONITOR_API_H_
