// Checks that hosts report, statuses of hosts, logs of alerts: as Mackerel's pages "Check
// monitoring", "Hosts" and "Alerts" have them.
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

class ReportedChecksTest : public MonitorApi {
 protected:
  ReportedChecksTest() { host_ = NewHost("{}"); }

  std::string NewHost(const std::string& members) {
    clock_.Advance(absl::Milliseconds(1));
    return Post("hosts", With(json::parse(R"({"name":"db1"})"), members)).Text("id");
  }
  json::object One(const std::string& host, const std::string& name, const std::string& status) {
    clock_.Advance(absl::Minutes(1));
    return {{"source", json::object{{"type", "host"}, {"hostId", host}}},
            {"name", name},
            {"status", status},
            {"message", name + " is " + status},
            {"occurredAt", absl::ToUnixSeconds(clock_.Now())}};
  }
  Answer Send(json::array reports) {
    return Post("monitoring/checks/report", json::object{{"reports", std::move(reports)}});
  }
  Answer Report(const std::string& status, const std::string& members = "{}",
                const std::string& name = "ntp") {
    return Send({With(One(host_, name, status), members)});
  }
  // "STATUS MESSAGE" of the open alerts, or of all.
  std::string Alerts(const std::string& query = "") {
    std::string found;
    const json::array alerts = Get("alerts" + query).Member("alerts").as_array();
    for (const json::value& alert : alerts) {
      found += std::string(alert.at("status").as_string()) + " " +
               std::string(alert.at("message").as_string()) + ";";
    }
    return found;
  }
  size_t Notices() { return documents_.List("notices/", "", 0)->size(); }
  void NewChannel() {
    EXPECT_EQ(
        Call(HttpMethod::kPost, "channels", R"({"type":"webhook","name":"w","url":"http://a"})")
            .status,
        200);
  }

  std::string host_;
};

TEST_F(ReportedChecksTest, AReportIsJudgedAtOnce) {
  NewChannel();
  EXPECT_EQ(Text(Report("OK").body), R"({"success":true})");
  EXPECT_EQ(Alerts(), "");
  Report("WARNING");
  EXPECT_EQ(Alerts(), "WARNING ntp is WARNING;");
  Report("CRITICAL");
  EXPECT_EQ(Alerts(), "CRITICAL ntp is CRITICAL;");
  Report("UNKNOWN");
  EXPECT_EQ(Alerts(), "UNKNOWN ntp is UNKNOWN;");
  const json::value alert = Get("alerts").Member("alerts").at(0);
  EXPECT_EQ(alert.at("type").as_string(), "check");
  EXPECT_EQ(alert.at("hostId").as_string(), host_);
  Report("OK");
  EXPECT_EQ(Alerts(), "");
  EXPECT_EQ(Alerts("?withClosed=true"), "OK ntp is OK;");
  EXPECT_EQ(Notices(), 4u) << "one for each change";
}

TEST_F(ReportedChecksTest, WhatIsOldOrTwiceCountsForNothing) {
  const json::object bad = One(host_, "ntp", "CRITICAL");
  EXPECT_EQ(Send({bad}).status, 200);
  EXPECT_EQ(Send({bad}).status, 200);
  EXPECT_EQ(Send({With(json::value(bad), R"({"occurredAt":1699990000,"status":"OK"})")}).status,
            200);
  EXPECT_EQ(Alerts(), "CRITICAL ntp is CRITICAL;");
  clock_.Advance(absl::Hours(7));
  json::object late = One(host_, "late", "CRITICAL");
  late["occurredAt"] = absl::ToUnixSeconds(clock_.Now()) - 6 * 3600;
  Send({late});
  EXPECT_EQ(Alerts(), "CRITICAL ntp is CRITICAL;") << "six hours behind";
}

TEST_F(ReportedChecksTest, SeveralReportsOfOneCheckCountInOrder) {
  const json::value first = With(One(host_, "ntp", "WARNING"), R"({"maxCheckAttempts":3})");
  const json::value second = With(One(host_, "ntp", "WARNING"), R"({"maxCheckAttempts":3})");
  const json::value third = With(One(host_, "ntp", "CRITICAL"), R"({"maxCheckAttempts":3})");
  EXPECT_EQ(Send({first, second}).status, 200);
  EXPECT_EQ(Alerts(), "");
  EXPECT_EQ(Send({first, second, third}).status, 200);
  EXPECT_EQ(Alerts(), "CRITICAL ntp is CRITICAL;");
}

TEST_F(ReportedChecksTest, EachChangeInOneMillisecondIsTold) {
  NewChannel();
  const json::object first = One(host_, "ntp", "WARNING");
  const json::object second = One(host_, "ntp", "CRITICAL");
  EXPECT_EQ(Send({first, second}).status, 200);
  EXPECT_EQ(Notices(), 2u);
}

TEST_F(ReportedChecksTest, AHundredAtOnce) {
  json::array reports;
  for (int i = 0; i < 100; ++i) {
    reports.push_back(One(host_, "check" + std::to_string(i), "WARNING"));
  }
  EXPECT_EQ(Send(reports).status, 200);
  EXPECT_EQ(Get("alerts?limit=100").Member("alerts").as_array().size(), 100u);
  reports.push_back(One(host_, "more", "WARNING"));
  EXPECT_EQ(Send(reports).status, 400);
}

TEST_F(ReportedChecksTest, AnUnknownHostLosesNothingOfTheOthers) {
  const Answer answer =
      Send({One("2cSZzK3XfmG", "ntp", "CRITICAL"), One(host_, "ntp", "CRITICAL")});
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.Error(), HasSubstr("2cSZzK3XfmG"));
  EXPECT_EQ(Alerts(), "CRITICAL ntp is CRITICAL;");
  Post("hosts/" + host_ + "/retire", json::object());
  EXPECT_EQ(Report("OK").status, 404);
}

TEST_F(ReportedChecksTest, BadReports) {
  for (const char* members :
       {R"({"source":null})", R"({"source":"host"})", R"({"source":{"type":"service"}})",
        R"({"source":{"type":"host"}})", R"({"name":""})", R"({"name":null})",
        R"({"status":"BAD"})", R"({"status":"ok"})", R"({"status":null})", R"({"message":null})",
        R"({"message":1})", R"({"occurredAt":null})", R"({"occurredAt":"now"})",
        R"({"occurredAt":-1})", R"({"maxCheckAttempts":0})", R"({"maxCheckAttempts":11})",
        R"({"notificationInterval":"often"})"}) {
    EXPECT_EQ(Report("OK", members).status, 400) << members;
  }
  EXPECT_EQ(Report("OK", R"({"message":")" + std::string(1025, 'x') + R"("})").status, 400);
  EXPECT_EQ(Report("OK", R"({"message":")" + std::string(1024, 'x') + R"("})").status, 200);
  for (const char* body : {"", "[]", "{}", R"({"reports":{}})", R"({"reports":[1]})"}) {
    EXPECT_EQ(Call(HttpMethod::kPost, "monitoring/checks/report", body).status, 400) << body;
  }
  EXPECT_EQ(Send({}).status, 200);
  key_ = "read-1";
  EXPECT_EQ(Report("OK").status, 403);
  key_ = "office-1";
  peer_ = "192.168.0.1:1";
  EXPECT_EQ(Report("OK").status, 403);
}

TEST_F(ReportedChecksTest, RemindersAreTenMinutesApartAtLeast) {
  NewChannel();
  Report("WARNING", R"({"notificationInterval":1})");
  for (int i = 0; i < 9; ++i) Report("WARNING", R"({"notificationInterval":1})");
  EXPECT_EQ(Notices(), 1u);
  Report("WARNING", R"({"notificationInterval":1})");
  EXPECT_EQ(Notices(), 2u);
}

TEST_F(ReportedChecksTest, AHostThatIsNotWorkingTellsNobodyAndADowntimeChangesNothing) {
  NewChannel();
  Post("hosts/" + host_ + "/status", json::object{{"status", "standby"}});
  Report("WARNING");
  EXPECT_EQ(Alerts(), "WARNING ntp is WARNING;");
  EXPECT_EQ(Notices(), 0u);
  Report("OK");
  Post("downtimes",
       json::object{{"name", "d"}, {"start", absl::ToUnixSeconds(clock_.Now())}, {"duration", 10}});
  Report("CRITICAL");
  EXPECT_EQ(Alerts(), "");
  clock_.Advance(absl::Minutes(10));
  Report("CRITICAL");
  EXPECT_EQ(Alerts(), "CRITICAL ntp is CRITICAL;");
}

TEST_F(ReportedChecksTest, OneThatIsClosedByHandOpensAgain) {
  Report("WARNING");
  const std::string id(Get("alerts").Member("alerts").at(0).at("id").as_string());
  EXPECT_EQ(Post("alerts/" + id + "/close", json::object{{"reason", "seen"}}).Text("status"), "OK");
  EXPECT_EQ(Alerts(), "");
  Report("WARNING");
  EXPECT_EQ(Alerts(), "WARNING ntp is WARNING;");
}

TEST_F(ReportedChecksTest, NamesAreListedPageByPage) {
  Report("OK", "{}", "b");
  Report("OK", "{}", "a");
  Report("OK", "{}", "c d");
  const json::array all = Get("monitoring/checks").Member("checks").as_array();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].at("name").as_string(), "b") << "in the order of their making";
  const Answer page = Get("monitoring/checks?limit=2");
  EXPECT_EQ(page.Member("checks").as_array().size(), 2u);
  const Answer last = Get("monitoring/checks?limit=2&nextId=" + page.Text("nextId"));
  EXPECT_EQ(Text(last.Member("checks")), "[" + Text(all[2]) + "]");
  EXPECT_FALSE(last.body.as_object().contains("nextId"));
  EXPECT_EQ(Get("monitoring/checks?limit=0").status, 400);
  EXPECT_EQ(Get("monitoring/checks?limit=101").status, 400);
}

TEST_F(ReportedChecksTest, OneNameIsOneMonitorForAllHosts) {
  const std::string other = NewHost("{}");
  Send({One(host_, "ntp", "WARNING"), One(other, "ntp", "WARNING")});
  EXPECT_EQ(Get("monitoring/checks").Member("checks").as_array().size(), 1u);
  EXPECT_EQ(Get("alerts").Member("alerts").as_array().size(), 2u);
  const std::string id(Get("monitoring/checks").Member("checks").at(0).at("id").as_string());
  EXPECT_EQ(Post("notification-groups",
                 json::parse(R"({"name":"g","notificationLevel":"all",)"
                             R"("childNotificationGroupIds":[],"childChannelIds":[],)"
                             R"("monitors":[{"id":")" +
                             id + R"("}]})"))
                .status,
            200);
  EXPECT_EQ(Post("downtimes", json::object{{"name", "d"},
                                           {"start", 1'563'600'000},
                                           {"duration", 1},
                                           {"monitorScopes", json::array{id}}})
                .status,
            200);
}

TEST_F(ReportedChecksTest, ChecksThatAHostDoesNotDoAnyMoreAreForgotten) {
  Report("OK", "{}", "ntp");
  Report("WARNING", "{}", "disk");
  Report("OK", "{}", "gone");
  const std::string host = R"({"name":"db1","checks":[{"name":"ntp","memo":"clock"}]})";
  EXPECT_EQ(Put("hosts/" + host_, json::parse(host)).status, 200);
  EXPECT_EQ(Get("monitoring/checks").Member("checks").as_array().size(), 2u)
      << "the one with an alert stays";
  EXPECT_EQ(Put("hosts/" + host_, json::parse(R"({"name":"db1","checks":null})")).status, 200);
  EXPECT_EQ(Get("monitoring/checks").Member("checks").as_array().size(), 2u);
  EXPECT_EQ(Get("hosts/" + host_).Member("host").as_object().contains("checks"), false);
  for (const char* checks :
       {R"({})", R"([1])", R"([{"name":""}])", R"([{"name":"a b"}])", R"([{"memo":"x"}])"}) {
    EXPECT_EQ(
        Put("hosts/" + host_, json::parse(R"({"name":"x","checks":)" + std::string(checks) + "}"))
            .status,
        400)
        << checks;
  }
}

TEST_F(ReportedChecksTest, StatusesOfAHost) {
  const std::string monitor = Post("monitors", Smallest("host")).Text("id");
  const std::string elsewhere =
      Post("monitors", With(Smallest("host"), R"({"scopes":["Hatena-Blog"]})")).Text("id");
  Post("monitors", Smallest("service"));
  Put("hosts/" + host_, json::parse(R"({"name":"db1","checks":[{"name":"ntp","memo":"clock"}]})"));
  Report("WARNING");
  const std::string check(Get("monitoring/checks").Member("checks").at(0).at("id").as_string());
  EXPECT_EQ(Text(Get("hosts/" + host_ + "/monitored-statuses").body),
            R"({"monitoredStatuses":[{"monitorId":")" + monitor + R"(","status":"OK"},)" +
                R"({"monitorId":")" + check +
                R"(","status":"WARNING","detail":{"type":"check","message":"ntp is WARNING",)"
                R"("memo":"clock"}}]})");
  EXPECT_EQ(Get("hosts/2cSZzK3XfmG/monitored-statuses").status, 404);
}

TEST_F(ReportedChecksTest, LogsOfAnAlert) {
  Report("WARNING");
  const std::string alert(Get("alerts").Member("alerts").at(0).at("id").as_string());
  Report("WARNING");
  Report("CRITICAL");
  Post("alerts/" + alert + "/close", json::object{{"reason", "r"}});
  const json::array logs = Get("alerts/" + alert + "/logs").Member("logs").as_array();
  ASSERT_EQ(logs.size(), 3u) << "one for each change, the latest first";
  EXPECT_EQ(logs[0].at("status").as_string(), "OK");
  EXPECT_EQ(logs[0].at("trigger").as_string(), "manual");
  EXPECT_EQ(logs[1].at("status").as_string(), "CRITICAL");
  EXPECT_EQ(logs[2].at("trigger").as_string(), "monitoring");
  EXPECT_EQ(Text(logs[2].at("statusDetail")),
            R"({"type":"check","detail":{"message":"ntp is WARNING","memo":""}})");
  EXPECT_TRUE(logs[2].at("targetValue").is_null());
  EXPECT_TRUE(logs[2].at("createdAt").is_int64());
  const Answer page = Get("alerts/" + alert + "/logs?limit=2");
  EXPECT_EQ(page.Member("logs").as_array().size(), 2u);
  const Answer rest = Get("alerts/" + alert + "/logs?nextId=" + page.Text("nextId"));
  EXPECT_EQ(Text(rest.Member("logs")), "[" + Text(logs[2]) + "]");
  EXPECT_EQ(Get("alerts/" + alert + "/logs?nextId=x").status, 400);
  EXPECT_EQ(Get("alerts/" + alert + "/logs?limit=101").status, 400);
  EXPECT_EQ(Get("alerts/2cSZzK3XfmG/logs").status, 404);
}

TEST_F(ReportedChecksTest, TenantsDoNotMeet) {
  Report("WARNING");
  key_ = "other-1";
  EXPECT_EQ(Text(Get("monitoring/checks").body), R"({"checks":[]})");
  EXPECT_EQ(Alerts(), "");
  EXPECT_EQ(Report("OK").status, 404);
}

}  // namespace
}  // namespace tidegate::api
