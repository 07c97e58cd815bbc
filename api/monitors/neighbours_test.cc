// What monitors stand on: services, hosts, channels, groups, downtimes, alerts, as Mackerel's pages
// have them and its Go client expects them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>

#include "api/monitors/testing/monitor_api.h"

namespace tidegate::api {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

std::string Text(const json::value& value) { return json::serialize(value); }

class Neighbours : public MonitorApi {
 protected:
  Answer Sent(HttpMethod method, const std::string& path, const std::string& body) {
    return Call(method, path, body);
  }
  Answer PostText(const std::string& path, const std::string& body) {
    return Call(HttpMethod::kPost, path, body);
  }
  Answer PutText(const std::string& path, const std::string& body) {
    return Call(HttpMethod::kPut, path, body);
  }
  std::string NewHost(const std::string& members = "{}") {
    const Answer answer = Post("hosts", With(json::parse(R"({"name":"db1"})"), members));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.Text("id");
  }
  json::value Host(const std::string& id) { return Get("hosts/" + id).Member("host"); }
  std::string NewMonitor() { return Post("monitors", Smallest("host")).Text("id"); }
};

// --- Services and roles ---

TEST_F(Neighbours, ServicesWithTheirRoles) {
  EXPECT_EQ(Text(Get("services").body),
            R"({"services":[{"name":"Hatena-Blog","memo":"","roles":[]},)"
            R"({"name":"Hatena-Bookmark","memo":"b","roles":["db-master"]}]})");
  EXPECT_EQ(Text(Get("services/Hatena-Bookmark/roles").body),
            R"({"roles":[{"name":"db-master","memo":"m"}]})");
}

TEST_F(Neighbours, AServiceIsMadeOnce) {
  const Answer made = PostText("services", R"({"name":"ExampleService","memo":"text"})");
  EXPECT_EQ(Text(made.body), R"({"name":"ExampleService","memo":"text","roles":[]})");
  EXPECT_EQ(PostText("services", R"({"name":"ExampleService"})").status, 400);
  for (const char* name : {"a", "-ab", "_ab", "a b", "ä1", ""}) {
    EXPECT_EQ(Post("services", json::object{{"name", name}}).status, 400) << name;
  }
  EXPECT_EQ(Post("services", json::object{{"name", std::string(64, 'a')}}).status, 400);
  EXPECT_EQ(Post("services", json::object{{"name", std::string(63, 'a')}}).status, 200);
}

TEST_F(Neighbours, RolesAreMadeAndDeleted) {
  EXPECT_EQ(Text(PostText("services/Hatena-Blog/roles", R"({"name":"app","memo":"x"})").body),
            R"({"name":"app","memo":"x"})");
  EXPECT_EQ(PostText("services/Hatena-Blog/roles", R"({"name":"app"})").status, 400);
  EXPECT_EQ(PostText("services/Hatena-Blog/roles", R"({"name":"a"})").status, 400);
  EXPECT_EQ(PostText("services/other/roles", R"({"name":"app"})").status, 404);
  EXPECT_EQ(Get("services/other/roles").status, 404);
  EXPECT_EQ(Text(Delete("services/Hatena-Blog/roles/app").body), R"({"name":"app","memo":"x"})");
  EXPECT_EQ(Delete("services/Hatena-Blog/roles/app").status, 404);
}

TEST_F(Neighbours, AServiceGoesWithItsMonitors) {
  const std::string monitor = Post("monitors", Smallest("service")).Text("id");
  const Answer deleted = Delete("services/Hatena-Blog");
  EXPECT_EQ(Text(deleted.body), R"({"name":"Hatena-Blog","memo":"","roles":[]})");
  EXPECT_EQ(Get("monitors/" + monitor).status, 404);
  EXPECT_EQ(Delete("services/Hatena-Blog").status, 404);
}

// --- Hosts ---

TEST_F(Neighbours, AHostAsItWasRegistered) {
  const std::string id = NewHost(
      R"({"displayName":"db","customIdentifier":"c1","meta":{"agent-name":"mackerel-agent",)"
      R"("memory":{"total":"1kB"},"cpu":[{"mhz":1}]},"interfaces":[{"name":"eth0",)"
      R"("ipAddress":"10.0.0.9","macAddress":"00:11"}],"roleFullnames":["Hatena-Bookmark:db-master",)"
      R"("New-Service: New-Role"],"checks":[]})");
  EXPECT_EQ(
      Text(Host(id)),
      R"({"createdAt":1700000000,"id":")" + id +
          R"(","name":"db1","displayName":"db","customIdentifier":"c1",)"
          R"("meta":{"agent-name":"mackerel-agent","memory":{"total":"1kB"},"cpu":[{"mhz":1}]},)"
          R"("interfaces":[{"name":"eth0","ipAddress":"10.0.0.9","macAddress":"00:11"}],)"
          R"("type":"agent","size":"standard","status":"working","memo":"","isRetired":false,)"
          R"("roles":{"Hatena-Bookmark":["db-master"],"New-Service":["New-Role"]}})");
  EXPECT_EQ(Text(Get("services/New-Service/roles").body),
            R"({"roles":[{"name":"New-Role","memo":""}]})")
      << "made with the host";
}

TEST_F(Neighbours, AddressesOfNewerAgents) {
  const std::string id =
      NewHost(R"({"interfaces":[{"name":"eth0","ipv4Addresses":["10.0.0.9","10.0.0.10"]}]})");
  EXPECT_EQ(Host(id).at("interfaces").at(0).at("ipAddress").as_string(), "10.0.0.9");
}

TEST_F(Neighbours, OneRegistryWithTheServersOfWorkspaces) {
  const std::string id = NewHost(R"({"interfaces":[{"name":"eth0","ipAddress":"10.0.0.9"}]})");
  const auto server = hosts_->Find("t1", id);
  ASSERT_TRUE(server.ok() && server->has_value());
  EXPECT_EQ((*server)->address, "10.0.0.9");
  hosts_->SetConfigured({{"t1", "h9", "from the file", "10.0.0.7", "", ""}}, {});
  const json::array hosts = Get("hosts").Member("hosts").as_array();
  ASSERT_EQ(hosts.size(), 2u);
  EXPECT_EQ(hosts[1].at("id").as_string(), "h9");
  EXPECT_EQ(Host("h9").at("interfaces").at(0).at("ipAddress").as_string(), "10.0.0.7");
  EXPECT_EQ(PostText("hosts/h9/status", R"({"status":"standby"})").status, 400);
}

TEST_F(Neighbours, BadHosts) {
  for (const char* body :
       {"", "[]", "{}", R"({"name":""})", R"({"name":1})", R"({"name":"a","meta":[]})",
        R"({"name":"a","interfaces":{}})", R"({"name":"a","interfaces":["eth0"]})",
        R"({"name":"a","roleFullnames":["x"]})", R"({"name":"a","roleFullnames":["a b:c d"]})"}) {
    EXPECT_EQ(PostText("hosts", body).status, 400) << body;
  }
}

TEST_F(Neighbours, AnUpdateKeepsRolesThatItDoesNotName) {
  const std::string id = NewHost(R"({"roleFullnames":["Hatena-Bookmark:db-master"]})");
  const Answer answer =
      PutText("hosts/" + id, R"({"name":"db2","roleFullnames":["Hatena-Blog:app"]})");
  EXPECT_EQ(Text(answer.body), R"({"id":")" + id + R"("})");
  EXPECT_EQ(Host(id).at("name").as_string(), "db2");
  EXPECT_EQ(Text(Host(id).at("roles")),
            R"({"Hatena-Blog":["app"],"Hatena-Bookmark":["db-master"]})");
  EXPECT_EQ(PutText("hosts/2cSZzK3XfmG", R"({"name":"x"})").status, 404);
  EXPECT_EQ(PutText("hosts/" + id, "{").status, 400);
}

TEST_F(Neighbours, RolesAreReplacedWhole) {
  const std::string id = NewHost(R"({"roleFullnames":["Hatena-Bookmark:db-master"]})");
  const Answer answer =
      PutText("hosts/" + id + "/role-fullnames", R"({"roleFullnames":["Hatena-Blog:app"]})");
  EXPECT_EQ(Text(answer.body), R"({"success":true})");
  EXPECT_EQ(Text(Host(id).at("roles")), R"({"Hatena-Blog":["app"]})");
  EXPECT_EQ(PutText("hosts/" + id + "/role-fullnames", R"({"roleFullnames":["x"]})").status, 400);
  EXPECT_EQ(PutText("hosts/" + id + "/role-fullnames", "{}").status, 400);
  EXPECT_EQ(PutText("hosts/2cSZzK3XfmG/role-fullnames", R"({"roleFullnames":[]})").status, 404);
  key_ = "write-1";
  EXPECT_EQ(PutText("hosts/" + id + "/role-fullnames", R"({"roleFullnames":[]})").status, 200);
}

TEST_F(Neighbours, StatusesAndRetirement) {
  const std::string id = NewHost(R"({"interfaces":[{"name":"e","ipAddress":"10.0.0.9"}]})");
  for (const char* status : {"standby", "maintenance", "poweroff", "working"}) {
    EXPECT_EQ(Text(Post("hosts/" + id + "/status", json::object{{"status", status}}).body),
              R"({"success":true})");
    EXPECT_EQ(Host(id).at("status").as_string(), status);
  }
  EXPECT_EQ(PostText("hosts/" + id + "/status", R"({"status":"off"})").status, 400);
  EXPECT_EQ(PostText("hosts/2cSZzK3XfmG/status", R"({"status":"working"})").status, 404);
  EXPECT_EQ(PostText("hosts/" + id + "/retire", "{").status, 400);
  EXPECT_EQ(Text(PostText("hosts/" + id + "/retire", R"("{}")").body), R"({"success":true})")
      << "as the Go client sends it";
  EXPECT_TRUE(Host(id).at("isRetired").as_bool());
  EXPECT_EQ(Host(id).at("retiredAt").as_int64(), 1'700'000'000);
  EXPECT_EQ(Get("hosts").Member("hosts").as_array().size(), 0u);
  EXPECT_FALSE(hosts_->Find("t1", id)->has_value());
  EXPECT_EQ(PostText("hosts/2cSZzK3XfmG/retire", "{}").status, 404);
}

TEST_F(Neighbours, ListsByServiceRoleNameAndStatus) {
  const std::string a = NewHost(R"({"name":"a1","roleFullnames":["Hatena-Blog:app"]})");
  clock_.Advance(absl::Milliseconds(1));  // Hosts are listed in the order of their making.
  const std::string b =
      NewHost(R"({"name":"b1","customIdentifier":"c1","roleFullnames":["Hatena-Blog:db"]})");
  const auto ids = [&](const std::string& query) {
    std::string found;
    const json::array hosts = Get("hosts" + query).Member("hosts").as_array();
    for (const json::value& host : hosts) found += host.at("name").as_string();
    return found;
  };
  EXPECT_EQ(ids(""), "a1b1");
  EXPECT_EQ(ids(".json"), "a1b1");
  EXPECT_EQ(ids("?service=Hatena-Blog"), "a1b1");
  EXPECT_EQ(ids("?service=Hatena-Blog&role=db"), "b1");
  EXPECT_EQ(ids("?service=Hatena-Blog&role=db&role=app"), "a1b1");
  EXPECT_EQ(ids("?service=Hatena-Bookmark"), "");
  EXPECT_EQ(ids("?role=db"), "a1b1") << "without a service it does not matter";
  EXPECT_EQ(ids("?name=a1"), "a1");
  EXPECT_EQ(ids("?customIdentifier=c1"), "b1");
  PostText("hosts/" + a + "/status", R"({"status":"maintenance"})");
  EXPECT_EQ(ids(""), "b1");
  EXPECT_EQ(ids("?status=maintenance"), "a1");
  EXPECT_EQ(ids("?status=maintenance&status=working"), "a1b1");
}

// --- Posted values ---

TEST_F(Neighbours, ValuesOfHostsAreOrdinarySeries) {
  const std::string id = NewHost();
  key_ = "write-1";
  const Answer answer = Post(
      "tsdb", json::array{json::object{
                  {"hostId", id}, {"name", "loadavg5"}, {"time", 1700000000}, {"value", 0.5}}});
  EXPECT_EQ(Text(answer.body), R"({"success":true})");
  ASSERT_EQ(ingester_.pushed().size(), 1u);
  EXPECT_EQ(ingester_.pushed()[0].tenant, "t1");
  EXPECT_THAT(ingester_.pushed()[0].body, HasSubstr("loadavg5"));
  EXPECT_THAT(ingester_.pushed()[0].body, HasSubstr("monitored_host_post"));
  EXPECT_THAT(ingester_.pushed()[0].body, HasSubstr(id));
}

TEST_F(Neighbours, BadValues) {
  const std::string id = NewHost();
  const auto value = [&](const std::string& members) {
    return "[" +
           Text(With(json::object{{"hostId", id}, {"name", "a.b"}, {"time", 1}, {"value", 1}},
                     members)) +
           "]";
  };
  for (const std::string& body :
       {std::string("{}"), std::string("["), std::string("[1]"), value(R"({"hostId":null})"),
        value(R"({"name":"a b"})"), value(R"({"name":""})"), value(R"({"time":"now"})"),
        value(R"({"time":null})"), value(R"({"value":"1"})"), value(R"({"value":null})")}) {
    EXPECT_EQ(PostText("tsdb", body).status, 400) << body;
  }
  EXPECT_TRUE(ingester_.pushed().empty());
  EXPECT_EQ(PostText("tsdb", "[]").status, 200);
}

TEST_F(Neighbours, AnUnknownHostLosesNothingOfTheOthers) {
  const std::string id = NewHost();
  json::array values;
  for (const std::string& host : {id, std::string("2cSZzK3XfmG")}) {
    values.push_back(json::object{{"hostId", host}, {"name", "a"}, {"time", 1}, {"value", 1}});
  }
  const Answer answer = Post("tsdb", values);
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.Error(), HasSubstr("2cSZzK3XfmG"));
  ASSERT_EQ(ingester_.pushed().size(), 1u);
  EXPECT_THAT(ingester_.pushed()[0].body, HasSubstr(id));
}

TEST_F(Neighbours, ValuesOfServices) {
  EXPECT_EQ(PostText("services/Hatena-Blog/tsdb", R"([{"name":"a.b","time":1,"value":2}])").status,
            200);
  EXPECT_THAT(ingester_.pushed()[0].body, HasSubstr("monitored_service"));
  EXPECT_EQ(PostText("services/other/tsdb", "[]").status, 404);
  EXPECT_EQ(Get("services/other/metrics?name=a&from=0&to=1").status, 404);
  EXPECT_EQ(Get("services/other/metric-names").status, 404);
}

TEST_F(Neighbours, WhatTheIngesterRefusesIsTold) {
  ingester_.Reject(absl::InvalidArgumentError("too far in the future"));
  const Answer answer =
      PostText("services/Hatena-Blog/tsdb", R"([{"name":"a.b","time":1,"value":2}])");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.Error(), "too far in the future");
  ingester_.Fail(absl::ResourceExhaustedError("slow down"));
  EXPECT_EQ(PostText("services/Hatena-Blog/tsdb", R"([{"name":"a","time":1,"value":2}])").status,
            429);
}

TEST_F(Neighbours, ReadingNeedsAMetricAndARange) {
  const std::string id = NewHost();
  for (const char* query : {"", "?name=a", "?name=a&from=1", "?name=a&from=x&to=2", "?from=1&to=2",
                            "?name=a&from=3&to=2"}) {
    EXPECT_EQ(Get("hosts/" + id + "/metrics" + query).status, 400) << query;
  }
  EXPECT_EQ(Get("hosts/2cSZzK3XfmG/metrics?name=a&from=1&to=2").status, 404);
  EXPECT_EQ(Get("hosts/2cSZzK3XfmG/metric-names").status, 404);
  EXPECT_EQ(Get("tsdb/latest").status, 400);
}

// --- Channels ---

TEST_F(Neighbours, ChannelsOfEachType) {
  const Answer webhook =
      PostText("channels", R"({"type":"webhook","name":"w","url":"http://example.com/hook",)"
                           R"("enabledGraphImage":true,"events":["alert","hostStatus"]})");
  ASSERT_EQ(webhook.status, 200) << webhook.body;
  EXPECT_EQ(webhook.Text("url"), "http://example.com/hook");
  EXPECT_EQ(Text(webhook.Member("events")), R"(["alert","hostStatus"])");
  EXPECT_TRUE(webhook.Member("enabledGraphImage").as_bool());
  const Answer slack =
      PostText("channels", R"({"type":"slack","name":"s","url":"https://hooks.slack.com/x",)"
                           R"("mentions":{"ok":"fine","warning":"hm"},"events":["alert"]})");
  EXPECT_EQ(Text(slack.Member("mentions")), R"({"ok":"fine","warning":"hm"})");
  const Answer email =
      PostText("channels", R"({"type":"email","name":"e","emails":["me@example.com"],)"
                           R"("userIds":[],"events":["alert"]})");
  EXPECT_EQ(Text(email.Member("emails")), R"(["me@example.com"])");
  EXPECT_EQ(Get("channels").Member("channels").as_array().size(), 3u);
}

TEST_F(Neighbours, BadChannels) {
  for (const char* body :
       {"{", R"({"type":"line","name":"l"})", R"({"name":"w","url":"http://a"})",
        R"({"type":"webhook","name":"w"})", R"({"type":"webhook","name":"w","url":"ftp://a"})",
        R"({"type":"webhook","name":"w","url":"http:///x"})",
        R"({"type":"webhook","url":"http://a"})",
        R"({"type":"webhook","name":"w","url":"http://a","events":["everything"]})",
        R"({"type":"slack","name":"s","url":"x"})",
        R"({"type":"email","name":"e","emails":["nobody"]})",
        R"({"type":"email","name":"e","userIds":["u1"]})"}) {
    EXPECT_EQ(PostText("channels", body).status, 400) << body;
  }
}

TEST_F(Neighbours, ChannelsAreChangedAndDeleted) {
  const std::string id =
      PostText("channels", R"({"type":"webhook","name":"w","url":"http://a"})").Text("id");
  const Answer changed =
      PutText("channels/" + id, R"({"type":"webhook","name":"v","url":"http://b"})");
  EXPECT_EQ(changed.Text("name"), "v");
  EXPECT_EQ(changed.Text("id"), id);
  EXPECT_EQ(PutText("channels/" + id, R"({"type":"slack","name":"v","url":"http://b"})").status,
            400)
      << "another type";
  EXPECT_EQ(PutText("channels/2cSZzK3XfmG", "{}").status, 404);
  EXPECT_EQ(Delete("channels/" + id).body, changed.body);
  EXPECT_EQ(Delete("channels/" + id).status, 404);
}

// --- Notification groups ---

TEST_F(Neighbours, TheDefaultGroupHasEveryNewChannel) {
  const std::string in =
      PostText("channels", R"({"type":"webhook","name":"w","url":"http://a"})").Text("id");
  PostText("channels", R"({"type":"webhook","name":"x","url":"http://a",)"
                       R"("addToDefaultNotificationGroup":false})");
  const json::array groups = Get("notification-groups").Member("notificationGroups").as_array();
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].at("name").as_string(), "Default");
  EXPECT_EQ(Text(groups[0].at("childChannelIds")), R"([")" + in + R"("])");
  EXPECT_FALSE(groups[0].as_object().contains("isDefault"));
  const std::string id(groups[0].at("id").as_string());
  EXPECT_EQ(Delete("notification-groups/" + id).status, 400);
  EXPECT_EQ(PutText("notification-groups/" + id,
                    R"({"name":"Other","notificationLevel":"all","childNotificationGroupIds":[],)"
                    R"("childChannelIds":[]})")
                .status,
            400)
      << "its name";
  EXPECT_EQ(PutText("notification-groups/" + id,
                    R"({"name":"Default","notificationLevel":"critical",)"
                    R"("childNotificationGroupIds":[],"childChannelIds":[]})")
                .status,
            200);
  EXPECT_EQ(Delete("notification-groups/" + id).status, 400) << "still the default";
  Delete("channels/" + in);
}

TEST_F(Neighbours, AGroupComesBackAsItWasSent) {
  const std::string monitor = NewMonitor();
  const std::string channel =
      PostText("channels", R"({"type":"webhook","name":"w","url":"http://a"})").Text("id");
  const std::string sent =
      R"("name":"Example","notificationLevel":"all","childNotificationGroupIds":[],)"
      R"("childChannelIds":[")" +
      channel + R"("],"monitors":[{"id":")" + monitor +
      R"(","skipDefault":true}],"services":[{"name":"Hatena-Blog"}]})";
  const Answer answer = PostText("notification-groups", "{" + sent);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Text(answer.body), R"({"id":")" + answer.Text("id") + R"(",)" + sent);
  Delete("monitors/" + monitor);
  Delete("channels/" + channel);
  const json::array groups = Get("notification-groups").Member("notificationGroups").as_array();
  for (const json::value& group : groups) {
    if (group.at("id") != answer.body.at("id")) continue;
    EXPECT_EQ(Text(group.at("monitors")), "[]") << "what is gone is forgotten";
    EXPECT_EQ(Text(group.at("childChannelIds")), "[]");
  }
  EXPECT_EQ(Delete("notification-groups/" + answer.Text("id")).status, 200);
  EXPECT_EQ(Delete("notification-groups/" + answer.Text("id")).status, 404);
}

TEST_F(Neighbours, BadGroups) {
  const json::value good =
      json::parse(R"({"name":"g","notificationLevel":"all","childNotificationGroupIds":[],)"
                  R"("childChannelIds":[]})");
  const std::string id = Post("notification-groups", good).Text("id");
  for (const std::string& members :
       {std::string(R"({"name":""})"), std::string(R"({"notificationLevel":"some"})"),
        std::string(R"({"notificationLevel":null})"), std::string(R"({"childChannelIds":null})"),
        std::string(R"({"childChannelIds":["2cSZzK3XfmG"]})"),
        std::string(R"({"childNotificationGroupIds":["x"]})"),
        std::string(R"({"monitors":[{"id":"2cSZzK3XfmG"}]})"), std::string(R"({"monitors":["x"]})"),
        std::string(R"({"services":[{"name":"other"}]})")}) {
    EXPECT_EQ(Post("notification-groups", With(good, members)).status, 400) << members;
    EXPECT_EQ(Put("notification-groups/" + id, With(good, members)).status, 400) << members;
  }
  const std::string above =
      Post("notification-groups", With(good, R"({"childNotificationGroupIds":[")" + id + R"("]})"))
          .Text("id");
  const Answer circle = Put("notification-groups/" + id,
                            With(good, R"({"childNotificationGroupIds":[")" + above + R"("]})"));
  EXPECT_EQ(circle.status, 400);
  EXPECT_THAT(circle.Error(), HasSubstr("lead back to the group itself"));
}

// --- Downtimes ---

TEST_F(Neighbours, ADowntimeComesBackAsItWasSent) {
  const std::string monitor = NewMonitor();
  const std::string sent =
      R"("name":"nightly","memo":"m","start":1563600000,"duration":120,)"
      R"("recurrence":{"type":"weekly","interval":2,"weekdays":["Monday"],"until":1573730000},)"
      R"("serviceScopes":["Hatena-Blog"],"serviceExcludeScopes":["Hatena-Bookmark"],)"
      R"("roleScopes":["Hatena-Bookmark: db-master"],"monitorScopes":[")" +
      monitor + R"("]})";
  const Answer answer = PostText("downtimes", "{" + sent);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(Text(answer.body), R"({"id":")" + answer.Text("id") + R"(",)" + sent);
  EXPECT_EQ(Get("downtimes").Member("downtimes").at(0), answer.body);
  const Answer changed =
      PutText("downtimes/" + answer.Text("id"), R"({"name":"n","start":1563600000,"duration":1})");
  EXPECT_EQ(changed.Text("name"), "n");
  EXPECT_EQ(Delete("downtimes/" + answer.Text("id")).body, changed.body);
  EXPECT_EQ(Delete("downtimes/" + answer.Text("id")).status, 404);
  EXPECT_EQ(PutText("downtimes/" + answer.Text("id"), "{}").status, 404);
}

TEST_F(Neighbours, BadDowntimes) {
  const json::value good = json::parse(R"({"name":"n","start":1563600000,"duration":120})");
  for (const std::string& members :
       {std::string(R"({"name":""})"),
        R"({"name":")" + std::string(256, 'n') + R"("})",
        R"({"memo":")" + std::string(2049, 'n') + R"("})",
        std::string(R"({"start":null})"),
        std::string(R"({"start":"now"})"),
        std::string(R"({"duration":0})"),
        std::string(R"({"duration":null})"),
        std::string(R"({"duration":1000000})"),
        std::string(R"({"recurrence":{"type":"often","interval":1}})"),
        std::string(R"({"recurrence":{"type":"daily"}})"),
        std::string(R"({"recurrence":{"type":"daily","interval":0}})"),
        std::string(R"({"recurrence":{"type":"daily","interval":1,"weekdays":["Monday"]}})"),
        std::string(R"({"recurrence":{"type":"weekly","interval":1,"weekdays":["Mon"]}})"),
        std::string(R"({"recurrence":{"type":"daily","interval":1,"until":1}})"),
        std::string(R"({"serviceScopes":["other"]})"),
        std::string(R"({"serviceScopes":["Hatena-Blog","Hatena-Blog"]})"),
        std::string(R"({"serviceScopes":["Hatena-Blog"],"serviceExcludeScopes":["Hatena-Blog"]})"),
        std::string(R"({"roleScopes":["Hatena-Blog"]})"),
        std::string(R"({"roleExcludeScopes":["Hatena-Blog:x1"]})"),
        std::string(R"({"monitorScopes":["2cSZzK3XfmG"]})"),
        std::string(R"({"monitorExcludeScopes":["x"]})")}) {
    EXPECT_EQ(Post("downtimes", With(good, members)).status, 400) << members;
  }
  EXPECT_EQ(Post("downtimes", good).status, 200);
}

// --- Alerts ---

TEST_F(Neighbours, AlertsThatAreNotThere) {
  EXPECT_EQ(Text(Get("alerts").body), R"({"alerts":[]})");
  EXPECT_EQ(Get("alerts?limit=100").status, 200);
  for (const char* limit : {"101", "0", "x", "-1"}) {
    EXPECT_EQ(Get(std::string("alerts?limit=") + limit).status, 400) << limit;
  }
  EXPECT_EQ(Get("alerts?nextId=x").status, 400);
  EXPECT_EQ(Get("alerts/2cSZzK3XfmG").status, 404);
  EXPECT_EQ(PostText("alerts/2cSZzK3XfmG/close", R"({"reason":"r"})").status, 404);
  EXPECT_EQ(PutText("alerts/2cSZzK3XfmG", R"({"memo":"m"})").status, 404);
}

TEST_F(Neighbours, TheOrganizationIsTheTenant) {
  EXPECT_EQ(Text(Get("org").body), R"({"name":"t1"})");
}

}  // namespace
}  // namespace tidegate::api
