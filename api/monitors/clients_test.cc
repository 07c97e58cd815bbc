// What real clients send and can read: bodies as Mackerel's Go client writes them, and members of
// the types that it decodes (a whole number must not come as 3.0 or 1e9).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>
#include <string>

#include "api/monitors/testing/monitor_api.h"

namespace tidegate::api {
namespace {

namespace json = boost::json;

// Members that clients read as whole numbers, wherever they stand.
const std::set<std::string, std::less<>>& WholeNumbers() {
  static const auto* const kNames =
      new std::set<std::string, std::less<>>{"duration",
                                             "maxCheckAttempts",
                                             "notificationInterval",
                                             "missingDurationWarning",
                                             "missingDurationCritical",
                                             "responseTimeDuration",
                                             "certificationExpirationWarning",
                                             "certificationExpirationCritical",
                                             "trainingPeriodFrom",
                                             "createdAt",
                                             "retiredAt",
                                             "openedAt",
                                             "closedAt",
                                             "start",
                                             "interval",
                                             "until",
                                             "time",
                                             "suspendedAt"};
  return *kNames;
}

void ExpectReadable(const json::value& value, const std::string& where) {
  if (value.is_array()) {
    for (const json::value& element : value.get_array()) ExpectReadable(element, where + "[]");
  }
  if (!value.is_object()) return;
  for (const auto& [name, member] : value.get_object()) {
    const std::string path = where + "." + std::string(name);
    const bool whole = WholeNumbers().contains(std::string(name));
    EXPECT_TRUE(!whole || member.is_null() || member.is_int64()) << path;
    ExpectReadable(member, path);
  }
}

class ClientsTest : public MonitorApi {
 protected:
  Answer Sent(HttpMethod method, const std::string& path, const std::string& body) {
    const Answer answer = Call(method, path, body);
    EXPECT_EQ(answer.status, 200) << path << " " << body << answer.body;
    ExpectReadable(answer.body, path);
    return answer;
  }
  Answer Posted(const std::string& path, const std::string& body) {
    return Sent(HttpMethod::kPost, path, body);
  }
  Answer Got(const std::string& path) { return Sent(HttpMethod::kGet, path, ""); }
};

TEST_F(ClientsTest, MonitorsOfEachKind) {
  const char* const kBodies[] = {
      R"({"type":"connectivity"})",
      R"({"name":"disk.aa-00.writes.delta","type":"host","metric":"disk.aa-00.writes.delta",)"
      R"("operator":">","warning":20000,"critical":400000,"duration":3,"maxCheckAttempts":3,)"
      R"("scopes":["Hatena-Blog"],"excludeScopes":["Hatena-Bookmark: db-master"]})",
      R"({"name":"a","type":"host","metric":"custom.foo.bar","operator":">","warning":200,)"
      R"("critical":null,"duration":3,"maxCheckAttempts":5})",
      R"({"name":"b","type":"host","metric":"custom.foo.baz","operator":"<","warning":null,)"
      R"("critical":300,"duration":7,"maxCheckAttempts":2})",
      R"({"name":"c","type":"service","notificationInterval":60,"service":"Hatena-Blog",)"
      R"("metric":"access_num.4xx_count","operator":">","warning":50,"critical":100,)"
      R"("duration":1,"maxCheckAttempts":5})",
      R"({"name":"d","type":"service","notificationInterval":60,"service":"Hatena-Blog",)"
      R"("metric":"m","operator":">","warning":null,"critical":0,"duration":3,)"
      R"("maxCheckAttempts":3})",
      R"({"name":"e","type":"service","notificationInterval":60,"service":"Hatena-Blog",)"
      R"("metric":"m","operator":">","warning":null,"critical":null,"duration":3,)"
      R"("maxCheckAttempts":3,"missingDurationWarning":360,"missingDurationCritical":720})",
      R"({"name":"f","type":"external","method":"POST","url":"https://example.com",)"
      R"("maxCheckAttempts":7,"service":"Hatena-Blog","responseTimeCritical":3000,)"
      R"("responseTimeWarning":2000,"responseTimeDuration":7,"requestBody":"Request Body",)"
      R"("certificationExpirationCritical":60,"certificationExpirationWarning":90,)"
      R"("headers":[{"name":"Cache-Control","value":"no-cache"}]})",
      R"({"name":"g","type":"external","method":"POST","url":"https://example.com",)"
      R"("maxCheckAttempts":5,"requestBody":"Request Body","headers":[]})",
      R"({"name":"h","type":"external","url":"https://example.com","headers":null})",
      R"x({"name":"i","type":"expression","expression":"avg(roleSlots('service:role','loadavg5'))",)x"
      R"("operator":">","warning":20,"critical":30})",
      R"({"name":"j","type":"anomalyDetection","warningSensitivity":"insensitive",)"
      R"("trainingPeriodFrom":1561429260,"maxCheckAttempts":3,)"
      R"("scopes":["Hatena-Bookmark: db-master"]})",
      R"({"name":"k","type":"query","query":"up{k8s.node.name=\"n\"}","legend":"l",)"
      R"("operator":">","warning":70,"critical":90,"notificationInterval":60})"};
  for (const char* body : kBodies) {
    const Answer made = Posted("monitors", body);
    const Answer got = Got("monitors/" + made.Text("id"));
    EXPECT_EQ(got.Member("monitor"), made.body);
    EXPECT_EQ(
        Sent(HttpMethod::kPut, "monitors/" + made.Text("id"), json::serialize(made.body)).body,
        made.body)
        << "what was read can be written back";
  }
  EXPECT_EQ(Got("monitors").Member("monitors").as_array().size(), std::size(kBodies));
}

TEST_F(ClientsTest, HeadersThatAreNullAreTheDefault) {
  const Answer made = Posted(
      "monitors", R"({"type":"external","name":"n","url":"http://example.com","headers":null})");
  EXPECT_EQ(made.Member("headers").as_array().size(), 1u);
}

TEST_F(ClientsTest, HostsWithNothing) {
  const Answer made = Posted("hosts", R"({"name":"mydb002","meta":{},"interfaces":null,)"
                                      R"("roleFullnames":null,"checks":null})");
  const std::string id = made.Text("id");
  Sent(HttpMethod::kPut, "hosts/" + id,
       R"({"name":"mydb002","meta":{},"interfaces":null,)"
       R"("roleFullnames":["My-Service:db-master","My-Service:db-slave"],"checks":null})");
  const json::value host = Got("hosts/" + id).Member("host");
  EXPECT_EQ(json::serialize(host.at("roles")), R"({"My-Service":["db-master","db-slave"]})");
  for (const char* member : {"id", "name", "size", "status", "memo", "roles", "isRetired",
                             "createdAt", "meta", "interfaces"}) {
    EXPECT_TRUE(host.as_object().contains(member)) << member;
  }
  EXPECT_EQ(Got("hosts?service=My-Service&role=db-master&name=mydb002&status=working"
                "&status=standby")
                .Member("hosts")
                .as_array()
                .size(),
            1u);
  Posted("hosts/" + id + "/status", R"({"status":"maintenance"})");
  Sent(HttpMethod::kPut, "hosts/" + id + "/role-fullnames",
       R"({"roleFullnames":["testservice:testrole","testservice:testrole2"]})");
  Posted("hosts/bulk-update-statuses", R"({"ids":[")" + id + R"("],"status":"working"})");
  Posted("hosts/" + id + "/retire", R"("{}")");
  EXPECT_TRUE(Got("hosts/" + id).Member("host").at("isRetired").as_bool());
}

TEST_F(ClientsTest, ReportsOfLongAgo) {
  const std::string id = Posted("hosts", R"({"name":"h","meta":{}})").Text("id");
  EXPECT_EQ(json::serialize(Posted("monitoring/checks/report",
                                   R"({"reports":[{"source":{"type":"host","hostId":")" + id +
                                       R"("},"name":"chchch","status":"CRITICAL","message":"OKOK",)"
                                       R"("occurredAt":100}]})")
                                .body),
            R"({"success":true})");
  EXPECT_EQ(Got("alerts").Member("alerts").as_array().size(), 0u);
}

TEST_F(ClientsTest, ChannelsGroupsAndDowntimes) {
  const std::string slack =
      Posted("channels",
             R"({"name":"slack channel","type":"slack","mentions":{"ok":"ok message",)"
             R"("warning":"warning message"},"enabledGraphImage":true,)"
             R"("url":"https://hooks.slack.com/services/TAAAA/BBBB/XXXXX","events":["alert"]})")
          .Text("id");
  const Answer email = Posted("channels", R"({"name":"email channel","type":"email",)"
                                          R"("emails":["test@example.com","test2@example.com"],)"
                                          R"("userIds":[],"events":["alert"]})");
  EXPECT_TRUE(email.Member("suspendedAt").is_null());
  EXPECT_FALSE(email.body.as_object().contains("url"));
  EXPECT_FALSE(email.body.as_object().contains("enabledGraphImage"));
  const Answer changed = Sent(
      HttpMethod::kPut, "channels/" + slack,
      R"({"name":"other","type":"slack","url":"https://hooks.slack.com/x","events":["alert"]})");
  EXPECT_EQ(changed.Text("name"), "other");
  const Answer group =
      Posted("notification-groups",
             R"({"name":"g","notificationLevel":"critical","childNotificationGroupIds":[],)"
             R"("childChannelIds":[")" +
                 slack + R"("]})");
  EXPECT_EQ(Got("notification-groups").Member("notificationGroups").as_array().size(), 2u);
  Sent(HttpMethod::kDelete, "notification-groups/" + group.Text("id"), "");
  const Answer downtime =
      Posted("downtimes", R"({"name":"My maintenance","memo":"This is a memo","start":1563700000,)"
                          R"("duration":30,"recurrence":{"type":"daily","interval":2,)"
                          R"("until":1573700000}})");
  EXPECT_EQ(Got("downtimes").Member("downtimes").at(0), downtime.body);
  Sent(HttpMethod::kDelete, "downtimes/" + downtime.Text("id"), "");
  Sent(HttpMethod::kDelete, "channels/" + slack, "");
}

TEST_F(ClientsTest, ErrorsHaveAMessage) {
  for (const char* path : {"monitors/x", "hosts/x", "alerts/x", "services/none/roles"}) {
    const Answer answer = Get(path);
    EXPECT_EQ(answer.status, 404);
    EXPECT_FALSE(answer.Error().empty()) << path;
  }
}

}  // namespace
}  // namespace tidegate::api
