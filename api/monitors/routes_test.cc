// One test per line of the tables of Mackerel's page "Monitors", over the routes as a client sees
// them.
#include "api/monitors/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>
#include <string>

#include "api/monitors/testing/monitor_api.h"

namespace tidegate::api {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

// --- Input: each member of each kind, as it is sent and as it is answered ---

struct Member {
  const char* name;  // Of the test.
  const char* kind;
  const char* given;   // Members that are put over the smallest monitor of the kind.
  const char* answer;  // Members that are answered; {"x": null} for none or null.
};

class MonitorMembers : public MonitorApi, public ::testing::WithParamInterface<Member> {};

TEST_P(MonitorMembers, AreAnswered) {
  const Member& member = GetParam();
  const Answer answer = Post("monitors", With(Smallest(member.kind), member.given));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const json::object expected = json::parse(member.answer).as_object();
  for (const Answer& again :
       {answer, Answer{200, Get("monitors/" + answer.Text("id")).Member("monitor")}}) {
    for (const auto& [name, value] : expected) {
      const json::value* const found = again.body.as_object().if_contains(name);
      if (value.is_null()) {
        EXPECT_TRUE(found == nullptr || found->is_null()) << name;
      } else {
        ASSERT_NE(found, nullptr) << name;
        EXPECT_EQ(json::serialize(*found), json::serialize(value)) << name;
      }
    }
  }
}

constexpr Member kMembers[] = {
    // Host metrics
    {"host_type", "host", "{}", R"({"type":"host"})"},
    {"host_name", "host", R"({"name":"disk"})", R"({"name":"disk"})"},
    {"host_memo", "host", R"({"memo":"text"})", R"({"memo":"text"})"},
    {"host_no_memo", "host", "{}", R"({"memo":null})"},
    {"host_duration", "host", R"({"duration":10})", R"({"duration":10})"},
    {"host_metric", "host", R"({"metric":"disk.aa-00.writes.delta"})",
     R"({"metric":"disk.aa-00.writes.delta"})"},
    {"host_percent", "host", R"({"metric":"memory%","warning":0,"critical":100})",
     R"({"metric":"memory%","warning":0,"critical":100})"},
    {"host_operator", "host", R"({"operator":"<"})", R"({"operator":"<"})"},
    {"host_warning", "host", R"({"warning":20000.5})", R"({"warning":20000.5})"},
    {"host_no_warning", "host", R"({"warning":null,"critical":1})", R"({"warning":null})"},
    {"host_critical", "host", R"({"critical":-4})", R"({"critical":-4})"},
    {"host_attempts", "host", R"({"maxCheckAttempts":3})", R"({"maxCheckAttempts":3})"},
    {"host_attempts_default", "host", "{}", R"({"maxCheckAttempts":1})"},
    {"host_interval", "host", R"({"notificationInterval":60})", R"({"notificationInterval":60})"},
    {"host_no_interval", "host", "{}", R"({"notificationInterval":null})"},
    {"host_scopes", "host", R"({"scopes":["Hatena-Blog"]})", R"({"scopes":["Hatena-Blog"]})"},
    {"host_exclude_scopes", "host", R"({"excludeScopes":["Hatena-Bookmark: db-master"]})",
     R"({"excludeScopes":["Hatena-Bookmark: db-master"]})"},
    {"host_role_without_blank", "host", R"({"scopes":["Hatena-Bookmark:db-master"]})",
     R"({"scopes":["Hatena-Bookmark:db-master"]})"},
    {"host_is_mute", "host", R"({"isMute":true})", R"({"isMute":true})"},
    // Connectivity
    {"connectivity_type", "connectivity", "{}", R"({"type":"connectivity"})"},
    {"connectivity_name", "connectivity", R"({"name":"c 1"})", R"({"name":"c 1"})"},
    {"connectivity_name_default", "connectivity", "{}", R"({"name":"connectivity"})"},
    {"connectivity_memo", "connectivity", R"({"memo":"text"})", R"({"memo":"text"})"},
    {"connectivity_on_gone", "connectivity", R"({"alertStatusOnGone":"WARNING"})",
     R"({"alertStatusOnGone":"WARNING"})"},
    {"connectivity_on_gone_default", "connectivity", "{}", R"({"alertStatusOnGone":"CRITICAL"})"},
    {"connectivity_scopes", "connectivity", R"({"scopes":["Hatena-Blog"]})",
     R"({"scopes":["Hatena-Blog"],"excludeScopes":[]})"},
    {"connectivity_exclude_scopes", "connectivity",
     R"({"excludeScopes":["Hatena-Bookmark: db-master"]})",
     R"({"excludeScopes":["Hatena-Bookmark: db-master"],"scopes":[]})"},
    {"connectivity_interval", "connectivity", R"({"notificationInterval":10})",
     R"({"notificationInterval":10})"},
    {"connectivity_is_mute", "connectivity", R"({"isMute":false})", R"({"isMute":false})"},
    // Service metrics
    {"service_type", "service", "{}", R"({"type":"service"})"},
    {"service_name", "service", R"({"name":"n"})", R"({"name":"n"})"},
    {"service_memo", "service", R"({"memo":"text"})", R"({"memo":"text"})"},
    {"service_service", "service", R"({"service":"Hatena-Blog"})", R"({"service":"Hatena-Blog"})"},
    {"service_duration", "service", R"({"duration":1})", R"({"duration":1})"},
    {"service_metric", "service", R"({"metric":"access_num.4xx_count"})",
     R"({"metric":"access_num.4xx_count"})"},
    {"service_operator", "service", R"({"operator":">"})", R"({"operator":">"})"},
    {"service_warning", "service", R"({"warning":50.5})", R"({"warning":50.5})"},
    {"service_critical", "service", R"({"critical":100.5})", R"({"critical":100.5})"},
    {"service_attempts", "service", R"({"maxCheckAttempts":10})", R"({"maxCheckAttempts":10})"},
    {"service_attempts_default", "service", "{}", R"({"maxCheckAttempts":1})"},
    {"service_missing_warning", "service", R"({"missingDurationWarning":360})",
     R"({"missingDurationWarning":360})"},
    {"service_missing_critical", "service", R"({"missingDurationCritical":10080})",
     R"({"missingDurationCritical":10080})"},
    {"service_interval", "service", R"({"notificationInterval":60})",
     R"({"notificationInterval":60})"},
    {"service_is_mute", "service", R"({"isMute":true})", R"({"isMute":true})"},
    // External
    {"external_type", "external", "{}", R"({"type":"external"})"},
    {"external_name", "external", R"({"name":"Example"})", R"({"name":"Example"})"},
    {"external_memo", "external", R"({"memo":"text"})", R"({"memo":"text"})"},
    {"external_url", "external", R"({"url":"http://example.com"})",
     R"({"url":"http://example.com"})"},
    {"external_method", "external", R"({"method":"DELETE"})", R"({"method":"DELETE"})"},
    {"external_method_default", "external", "{}", R"({"method":"GET"})"},
    {"external_service", "external", R"({"service":"Hatena-Blog"})",
     R"({"service":"Hatena-Blog"})"},
    {"external_interval", "external", R"({"notificationInterval":60})",
     R"({"notificationInterval":60})"},
    {"external_response_time", "external",
     R"({"service":"Hatena-Blog","responseTimeWarning":5000,"responseTimeCritical":10000,)"
     R"("responseTimeDuration":3})",
     R"({"responseTimeWarning":5000,"responseTimeCritical":10000,"responseTimeDuration":3})"},
    {"external_response_time_warning_only", "external",
     R"({"service":"Hatena-Blog","responseTimeWarning":5000,"responseTimeDuration":10})",
     R"({"responseTimeWarning":5000,"responseTimeCritical":null})"},
    {"external_response_time_critical_only", "external",
     R"({"service":"Hatena-Blog","responseTimeCritical":5000.5,"responseTimeDuration":1})",
     R"({"responseTimeCritical":5000.5,"responseTimeDuration":1})"},
    {"external_contains", "external", R"({"containsString":"Example"})",
     R"({"containsString":"Example"})"},
    {"external_attempts", "external", R"({"maxCheckAttempts":3})", R"({"maxCheckAttempts":3})"},
    {"external_attempts_default", "external", "{}", R"({"maxCheckAttempts":1})"},
    {"external_certificate_warning", "external", R"({"certificationExpirationWarning":90})",
     R"({"certificationExpirationWarning":90,"certificationLimitWarning":null})"},
    {"external_certificate_critical", "external", R"({"certificationExpirationCritical":30})",
     R"({"certificationExpirationCritical":30,"certificationLimitCritical":null})"},
    {"external_skip", "external", R"({"skipCertificateVerification":true})",
     R"({"skipCertificateVerification":true})"},
    {"external_is_mute", "external", R"({"isMute":false})", R"({"isMute":false})"},
    {"external_headers", "external", R"({"headers":[{"name":"X-A","value":"b c"}]})",
     R"({"headers":[{"name":"X-A","value":"b c"}]})"},
    {"external_headers_default", "external", "{}",
     R"({"headers":[{"name":"Cache-Control","value":"no-cache"}]})"},
    {"external_headers_null", "external", R"({"headers":null})",
     R"({"headers":[{"name":"Cache-Control","value":"no-cache"}]})"},
    {"external_no_headers", "external", R"({"headers":[]})", R"({"headers":[]})"},
    {"external_body", "external", R"({"requestBody":"a=b"})", R"({"requestBody":"a=b"})"},
    {"external_follow", "external", R"({"followRedirect":true})", R"({"followRedirect":true})"},
    // Expression
    {"expression_type", "expression", "{}", R"({"type":"expression"})"},
    {"expression_name", "expression", R"({"name":"n"})", R"({"name":"n"})"},
    {"expression_memo", "expression", R"({"memo":"text"})", R"({"memo":"text"})"},
    {"expression_expression", "expression",
     R"x({"expression":"avg(roleSlots(\"service:role\",\"loadavg5\"))"})x",
     R"x({"expression":"avg(roleSlots(\"service:role\",\"loadavg5\"))"})x"},
    {"expression_operator", "expression", R"({"operator":"<"})", R"({"operator":"<"})"},
    {"expression_warning", "expression", R"({"warning":5.5})", R"({"warning":5.5})"},
    {"expression_critical", "expression", R"({"critical":10.5})", R"({"critical":10.5})"},
    {"expression_interval", "expression", R"({"notificationInterval":60})",
     R"({"notificationInterval":60})"},
    {"expression_is_mute", "expression", R"({"isMute":true})", R"({"isMute":true})"},
    // Anomaly detection
    {"anomaly_type", "anomalyDetection", "{}", R"({"type":"anomalyDetection"})"},
    {"anomaly_name", "anomalyDetection", R"({"name":"n"})", R"({"name":"n"})"},
    {"anomaly_memo", "anomalyDetection", R"({"memo":"text"})", R"({"memo":"text"})"},
    {"anomaly_scopes", "anomalyDetection", R"({"scopes":["Hatena-Bookmark: db-master"]})",
     R"({"scopes":["Hatena-Bookmark: db-master"]})"},
    {"anomaly_warning", "anomalyDetection", R"({"warningSensitivity":"insensitive"})",
     R"({"warningSensitivity":"insensitive"})"},
    {"anomaly_critical", "anomalyDetection",
     R"({"warningSensitivity":null,"criticalSensitivity":"sensitive"})",
     R"({"criticalSensitivity":"sensitive","warningSensitivity":null})"},
    {"anomaly_attempts", "anomalyDetection", R"({"maxCheckAttempts":5})",
     R"({"maxCheckAttempts":5})"},
    {"anomaly_attempts_default", "anomalyDetection", "{}", R"({"maxCheckAttempts":3})"},
    {"anomaly_training", "anomalyDetection", R"({"trainingPeriodFrom":1561429260})",
     R"({"trainingPeriodFrom":1561429260})"},
    {"anomaly_interval", "anomalyDetection", R"({"notificationInterval":60})",
     R"({"notificationInterval":60})"},
    {"anomaly_is_mute", "anomalyDetection", R"({"isMute":true})", R"({"isMute":true})"},
    // Query
    {"query_type", "query", "{}", R"({"type":"query"})"},
    {"query_name", "query", R"({"name":"n"})", R"({"name":"n"})"},
    {"query_memo", "query", R"({"memo":"text"})", R"({"memo":"text"})"},
    {"query_query", "query",
     R"({"query":"container.cpu.utilization{k8s.deployment.name=\"httpbin\"}"})",
     R"({"query":"container.cpu.utilization{k8s.deployment.name=\"httpbin\"}"})"},
    {"query_legend", "query", R"({"legend":"cpu.utilization {{k8s.node.name}}"})",
     R"({"legend":"cpu.utilization {{k8s.node.name}}"})"},
    {"query_operator", "query", R"({"operator":"<"})", R"({"operator":"<"})"},
    {"query_warning", "query", R"({"warning":70.5,"critical":null})",
     R"({"warning":70.5,"critical":null})"},
    {"query_critical", "query", R"({"critical":90.5})", R"({"critical":90.5})"},
    {"query_interval", "query", R"({"notificationInterval":60})", R"({"notificationInterval":60})"},
    {"query_is_mute", "query", R"({"isMute":true})", R"({"isMute":true})"},
};

INSTANTIATE_TEST_SUITE_P(Seed, MonitorMembers, ::testing::ValuesIn(kMembers),
                         [](const auto& row) { return row.param.name; });

// --- Refusals: 400 with a text, at registration and at update ---

struct Refusal {
  const char* name;
  const char* kind;
  const char* given;
  const char* text;  // In the message.
};

class MonitorRefusals : public MonitorApi, public ::testing::WithParamInterface<Refusal> {};

TEST_P(MonitorRefusals, Are400AndSayWhy) {
  const Refusal& refusal = GetParam();
  const json::value bad = With(Smallest(refusal.kind), refusal.given);
  const Answer created = Post("monitors", bad);
  EXPECT_EQ(created.status, 400);
  EXPECT_THAT(created.Error(), HasSubstr(refusal.text));
  const std::string id = Post("monitors", Smallest(refusal.kind)).Text("id");
  const Answer updated = Put("monitors/" + id, bad);
  EXPECT_EQ(updated.status, 400);
  EXPECT_THAT(updated.Error(), HasSubstr(refusal.text));
}

#define SHARED(kind)                                                                       \
  {kind "_name_empty", kind, R"({"name":""})", "name is empty"},                           \
      {kind "_memo_too_long", kind, LongMemo(), "memo is longer than 2048 characters"},    \
      {kind "_interval_too_short", kind, R"({"notificationInterval":9})",                  \
       "notificationInterval is not from 10 minutes"},                                     \
      {kind "_format_name", kind, R"({"name":1})", "name is not a text"},                  \
      {kind "_format_memo", kind, R"({"memo":[]})", "memo is not a text"},                 \
      {kind "_format_mute", kind, R"({"isMute":"yes"})", "isMute is not true or false"}, { \
    kind "_format_interval", kind, R"({"notificationInterval":"60"})",                     \
        "notificationInterval is not a whole number"                                       \
  }

const char* LongMemo() {
  static const std::string memo = R"({"memo":")" + std::string(2049, 'm') + "\"}";
  return memo.c_str();
}

const Refusal kRefusals[] = {
    SHARED("host"),
    {"host_name_missing", "host", R"({"name":null})", "name is missing"},
    {"host_duration_0", "host", R"({"duration":0})", "duration is not from 1 to 10"},
    {"host_duration_11", "host", R"({"duration":11})", "duration is not from 1 to 10"},
    {"host_duration_missing", "host", R"({"duration":null})", "duration is missing"},
    {"host_metric_missing", "host", R"({"metric":null})", "metric is missing"},
    {"host_operator_missing", "host", R"({"operator":null})", "operator is missing"},
    {"host_operator_unknown", "host", R"({"operator":">="})", "operator is not one of >, <"},
    {"host_cpu_warning", "host", R"({"metric":"cpu%","warning":101})",
     "warning is not from 0 to 100"},
    {"host_memory_critical", "host", R"({"metric":"memory%","critical":-1})",
     "critical is not from 0 to 100"},
    {"host_disk_critical", "host", R"({"metric":"disk%","critical":100.1})",
     "critical is not from 0 to 100"},
    {"host_swap_warning", "host", R"({"metric":"swap%","warning":1e9})",
     "warning is not from 0 to 100"},
    {"host_container_cpu", "host", R"({"metric":"container-cpu%","warning":101})",
     "warning is not from 0 to 100"},
    {"host_container_memory", "host", R"({"metric":"container-memory%","warning":101})",
     "warning is not from 0 to 100"},
    {"host_attempts_0", "host", R"({"maxCheckAttempts":0})",
     "maxCheckAttempts is not from 1 to 10"},
    {"host_attempts_11", "host", R"({"maxCheckAttempts":11})",
     "maxCheckAttempts is not from 1 to 10"},
    {"host_scope_unknown", "host", R"({"scopes":["other"]})", "there is no such service or role"},
    {"host_scope_role_unknown", "host", R"({"scopes":["Hatena-Blog: db"]})",
     "there is no such service or role"},
    {"host_exclude_unknown", "host", R"({"excludeScopes":["x:y"]})",
     "there is no such service or role"},
    {"host_scopes_format", "host", R"({"scopes":"Hatena-Blog"})", "is not an array of texts"},
    {"host_type_missing", "host", R"({"type":null})", "type is missing"},
    SHARED("connectivity"),
    {"connectivity_on_gone", "connectivity", R"({"alertStatusOnGone":"UNKNOWN"})",
     "alertStatusOnGone is not one of CRITICAL, WARNING"},
    {"connectivity_scope_unknown", "connectivity", R"({"scopes":["other"]})",
     "there is no such service or role"},
    {"connectivity_exclude_unknown", "connectivity", R"({"excludeScopes":["Hatena-Blog:x1"]})",
     "there is no such service or role"},
    SHARED("service"),
    {"service_duration_0", "service", R"({"duration":0})", "duration is not from 1 to 10"},
    {"service_duration_11", "service", R"({"duration":11})", "duration is not from 1 to 10"},
    {"service_attempts_0", "service", R"({"maxCheckAttempts":0})",
     "maxCheckAttempts is not from 1 to 10"},
    {"service_attempts_11", "service", R"({"maxCheckAttempts":11})",
     "maxCheckAttempts is not from 1 to 10"},
    {"service_missing_warning_15", "service", R"({"missingDurationWarning":15})",
     "missingDurationWarning is not a multiple of 10 minutes"},
    {"service_missing_warning_week", "service", R"({"missingDurationWarning":10090})",
     "missingDurationWarning is not a multiple of 10 minutes"},
    {"service_missing_critical_15", "service", R"({"missingDurationCritical":15})",
     "missingDurationCritical is not a multiple of 10 minutes"},
    {"service_missing_critical_week", "service", R"({"missingDurationCritical":10090})",
     "missingDurationCritical is not a multiple of 10 minutes"},
    {"service_unknown", "service", R"({"service":"other"})", "there is no such service"},
    {"service_missing", "service", R"({"service":null})", "service is missing"},
    SHARED("external"),
    {"external_scheme", "external", R"({"url":"ftp://example.com"})",
     "url does not begin with http:// or https://"},
    {"external_no_scheme", "external", R"({"url":"example.com"})",
     "url does not begin with http:// or https://"},
    {"external_url_missing", "external", R"({"url":null})", "url is missing"},
    {"external_url_blank", "external", R"({"url":"http://a b"})", "url is not a URL"},
    {"external_url_no_host", "external", R"({"url":"http://"})", "url is not a URL"},
    {"external_attempts_0", "external", R"({"maxCheckAttempts":0})",
     "maxCheckAttempts is not from 1 to 10"},
    {"external_attempts_11", "external", R"({"maxCheckAttempts":11})",
     "maxCheckAttempts is not from 1 to 10"},
    {"external_method", "external", R"({"method":"PATCH"})",
     "method is not one of GET, POST, PUT, DELETE"},
    {"external_service_unknown", "external", R"({"service":"other"})", "there is no such service"},
    {"external_response_time_without_service", "external",
     R"({"responseTimeWarning":1,"responseTimeDuration":1})",
     "responseTimeWarning needs a service"},
    {"external_response_time_without_duration", "external",
     R"({"service":"Hatena-Blog","responseTimeCritical":1})",
     "responseTimeCritical needs responseTimeDuration"},
    {"external_response_time_duration_11", "external",
     R"({"service":"Hatena-Blog","responseTimeCritical":1,"responseTimeDuration":11})",
     "responseTimeDuration is not from 1 to 10"},
    {"external_duration_without_service", "external", R"({"responseTimeDuration":1})",
     "responseTimeDuration needs a service"},
    {"external_headers_format", "external", R"({"headers":{"a":"b"}})", "headers is not an array"},
    {"external_header_smuggled", "external", R"({"headers":[{"name":"A","value":"b\r\nC: d"}]})",
     "headers.value has control characters"},
    {"external_header_name", "external", R"({"headers":[{"name":"A:","value":"b"}]})",
     "headers.name is not the name of a header field"},
    {"external_certificate", "external", R"({"certificationExpirationWarning":-1})",
     "certificationExpirationWarning is not from 0"},
    SHARED("expression"),
    {"expression_invalid", "expression", R"({"expression":"avg(roleSlots("})",
     "expression is not valid"},
    {"expression_unknown_function", "expression", R"x({"expression":"median(host(a,b))"})x",
     "there is no function"},
    {"expression_many_series", "expression", R"x({"expression":"role('a:b', loadavg5)"})x",
     "expression does not give exactly one series"},
    {"expression_missing", "expression", R"({"expression":null})", "expression is missing"},
    {"expression_operator", "expression", R"({"operator":"="})", "operator is not one of"},
    SHARED("anomalyDetection"),
    {"anomaly_scope_unknown", "anomalyDetection", R"({"scopes":["other: role"]})",
     "there is no such service or role"},
    {"anomaly_scopes_missing", "anomalyDetection", R"({"scopes":null})", "scopes is missing"},
    {"anomaly_warning_unknown", "anomalyDetection", R"({"warningSensitivity":"high"})",
     "warningSensitivity is not one of insensitive, normal, sensitive"},
    {"anomaly_critical_unknown", "anomalyDetection", R"({"criticalSensitivity":"high"})",
     "criticalSensitivity is not one of insensitive, normal, sensitive"},
    {"anomaly_no_sensitivity", "anomalyDetection", R"({"warningSensitivity":null})",
     "warningSensitivity and criticalSensitivity are both missing"},
    {"anomaly_future", "anomalyDetection", R"({"trainingPeriodFrom":1700000001})",
     "trainingPeriodFrom is in the future"},
    {"anomaly_attempts_11", "anomalyDetection", R"({"maxCheckAttempts":11})",
     "maxCheckAttempts is not from 1 to 10"},
    SHARED("query"),
    {"query_invalid", "query", R"({"query":"sum("})", "query is not valid"},
    {"query_missing", "query", R"({"query":null})", "query is missing"},
    {"query_legend_missing", "query", R"({"legend":null})", "legend is missing"},
    {"query_no_thresholds", "query", R"({"warning":null,"critical":null})",
     "warning and critical are both null"},
    {"query_operator", "query", R"({"operator":""})", "operator is not one of"},
};

INSTANTIATE_TEST_SUITE_P(Seed, MonitorRefusals, ::testing::ValuesIn(kRefusals),
                         [](const auto& row) { return row.param.name; });

// --- Registration ---

TEST_F(MonitorApi, AnIdIsGivenAndTheRestComesBackAsItWasSent) {
  const char* const sent =
      R"({"type":"host","name":"disk.aa-00.writes.delta","memo":"This monitor is for Hatena Blog.",)"
      R"("duration":3,"metric":"disk.aa-00.writes.delta","operator":">","warning":20000.0,)"
      R"("critical":400000.0,"maxCheckAttempts":3,"notificationInterval":60,)"
      R"("scopes":["Hatena-Blog"],"excludeScopes":["Hatena-Bookmark: db-master"]})";
  const Answer answer = Post("monitors", json::parse(sent));
  EXPECT_EQ(answer.status, 200);
  json::object got = answer.body.as_object();
  EXPECT_THAT(answer.Text("id"), MatchesRegex("[1-9A-HJ-NP-Za-km-z]{11}"));
  got.erase("id");
  EXPECT_EQ(got.size(), 12u);
  const json::object expected = json::parse(sent).as_object();
  for (const auto& [name, value] : expected) {
    const json::value& found = got.at(name);
    if (value.is_double()) {
      EXPECT_EQ(found.to_number<double>(), value.get_double()) << name;
    } else {
      EXPECT_EQ(found, value) << name;
    }
  }
}

TEST_F(MonitorApi, WhatIsNoJsonObjectIs400) {
  for (const char* body : {"", "{", "[]", "1", "null"}) {
    const Answer answer = Call(HttpMethod::kPost, "monitors", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_FALSE(answer.Error().empty());
  }
  EXPECT_EQ(Post("monitors", json::parse(R"({"type":"other","name":"n"})")).status, 400);
}

TEST_F(MonitorApi, AMemoOf2048CharactersIsNotTooLong) {
  json::value body = Smallest("host");
  std::string memo;
  for (int i = 0; i < 2048; ++i) memo += "あ";
  body.as_object()["memo"] = memo;
  EXPECT_EQ(Post("monitors", body).status, 200);
}

// --- Permissions ---

TEST_F(MonitorApi, WithoutAKeyOrWithAWrongOneIs401) {
  for (const char* key : {"", "guess"}) {
    key_ = key;
    EXPECT_EQ(Get("monitors").status, 401);
    EXPECT_EQ(Post("monitors", Smallest("host")).status, 401);
    EXPECT_FALSE(Get("monitors").Error().empty());
  }
}

TEST_F(MonitorApi, AKeyThatMayOnlyReadIs403ForChanges) {
  const std::string id = Post("monitors", Smallest("host")).Text("id");
  key_ = "read-1";
  EXPECT_EQ(Get("monitors").status, 200);
  EXPECT_EQ(Get("monitors/" + id).status, 200);
  EXPECT_EQ(Post("monitors", Smallest("host")).status, 403);
  EXPECT_EQ(Put("monitors/" + id, Smallest("host")).status, 403);
  EXPECT_EQ(Delete("monitors/" + id).status, 403);
  EXPECT_EQ(Post("monitors", json::value("no object")).status, 403) << "before the body";
}

TEST_F(MonitorApi, AKeyThatMayOnlyWriteIs403) {
  key_ = "write-1";
  EXPECT_EQ(Get("monitors").status, 403);
  EXPECT_EQ(Post("monitors", Smallest("host")).status, 403);
}

TEST_F(MonitorApi, AnAddressOutsideOfTheKeysRangesIs403) {
  key_ = "office-1";
  peer_ = "10.1.2.3:4000";
  EXPECT_EQ(Get("monitors").status, 200);
  EXPECT_EQ(Post("monitors", Smallest("host")).status, 200);
  peer_ = "11.1.2.3:4000";
  EXPECT_EQ(Get("monitors").status, 403);
  EXPECT_EQ(Post("monitors", Smallest("host")).status, 403);
  EXPECT_FALSE(Post("monitors", Smallest("host")).Error().empty());
}

TEST_F(MonitorApi, TenantsDoNotSeeEachOther) {
  const std::string id = Post("monitors", Smallest("expression")).Text("id");
  key_ = "other-1";
  EXPECT_EQ(Get("monitors").Member("monitors").as_array().size(), 0u);
  EXPECT_EQ(Get("monitors/" + id).status, 404);
  EXPECT_EQ(Delete("monitors/" + id).status, 404);
}

// --- List ---

TEST_F(MonitorApi, AListIsInTheOrderOfKindsThenNames) {
  for (const char* kind :
       {"query", "anomalyDetection", "expression", "external", "service", "connectivity", "host"}) {
    for (const char* name : {"b", "a"}) {
      json::value body = Smallest(kind);
      body.as_object()["name"] = name;
      ASSERT_EQ(Post("monitors", body).status, 200);
    }
  }
  std::string order;
  const json::array monitors = Get("monitors").Member("monitors").as_array();
  for (const json::value& monitor : monitors) {
    order += std::string(monitor.at("type").as_string()) + ":" +
             std::string(monitor.at("name").as_string()) + " ";
  }
  EXPECT_EQ(order,
            "host:a host:b connectivity:a connectivity:b service:a service:b external:a "
            "external:b expression:a expression:b anomalyDetection:a anomalyDetection:b query:a "
            "query:b ");
}

TEST_F(MonitorApi, AListOfNone) {
  EXPECT_EQ(json::serialize(Get("monitors").body), R"({"monitors":[]})");
}

// --- Update ---

TEST_F(MonitorApi, AnUpdateReplacesTheMonitor) {
  const std::string id =
      Post("monitors", With(Smallest("host"),
                            R"({"memo":"m","scopes":["Hatena-Blog"],"excludeScopes":)"
                            R"(["Hatena-Bookmark"],"notificationInterval":60,"isMute":true})"))
          .Text("id");
  const Answer answer = Put("monitors/" + id, With(Smallest("host"), R"({"name":"new"})"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.Text("id"), id);
  EXPECT_EQ(answer.Text("name"), "new");
  EXPECT_EQ(json::serialize(answer.body.at("scopes")), "[]") << "omitted scopes are removed";
  EXPECT_EQ(json::serialize(answer.body.at("excludeScopes")), "[]");
  EXPECT_FALSE(answer.body.as_object().contains("memo"));
  EXPECT_FALSE(answer.body.as_object().contains("notificationInterval"));
  EXPECT_EQ(Get("monitors/" + id).Member("monitor"), answer.body);
}

TEST_F(MonitorApi, AMissingMemberOfAnUpdateIs400) {
  const std::string id = Post("monitors", Smallest("host")).Text("id");
  for (const char* name : {"type", "name", "duration", "metric", "operator"}) {
    json::value body = Smallest("host");
    body.as_object().erase(name);
    EXPECT_EQ(Put("monitors/" + id, body).status, 400) << name;
  }
}

TEST_F(MonitorApi, TheTypeCannotBeChanged) {
  const std::string id = Post("monitors", Smallest("host")).Text("id");
  const Answer answer = Put("monitors/" + id, Smallest("connectivity"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.Error(), HasSubstr("type cannot be changed"));
}

TEST_F(MonitorApi, OmittedAlertStatusOnGoneStays) {
  const std::string id =
      Post("monitors", With(Smallest("connectivity"), R"({"alertStatusOnGone":"WARNING"})"))
          .Text("id");
  EXPECT_EQ(Put("monitors/" + id, Smallest("connectivity")).Text("alertStatusOnGone"), "WARNING");
  EXPECT_EQ(
      Put("monitors/" + id, With(Smallest("connectivity"), R"({"alertStatusOnGone":"CRITICAL"})"))
          .Text("alertStatusOnGone"),
      "CRITICAL");
}

TEST_F(MonitorApi, OmittedHeadersStay) {
  const std::string id =
      Post("monitors", With(Smallest("external"), R"({"headers":[{"name":"A","value":"b"}]})"))
          .Text("id");
  for (const char* given : {"{}", R"({"headers":null})"}) {
    const Answer answer = Put("monitors/" + id, With(Smallest("external"), given));
    EXPECT_EQ(json::serialize(answer.body.at("headers")), R"([{"name":"A","value":"b"}])");
  }
  EXPECT_EQ(json::serialize(Put("monitors/" + id, With(Smallest("external"), R"({"headers":[]})"))
                                .body.at("headers")),
            "[]");
}

TEST_F(MonitorApi, AnUnknownMonitorIs404) {
  for (const char* id : {"2cSZzK3XfmG", "x", "..", "a%2fb"}) {
    const std::string path = std::string("monitors/") + id;
    EXPECT_EQ(Get(path).status, 404);
    EXPECT_EQ(Put(path, Smallest("host")).status, 404);
    EXPECT_EQ(Delete(path).status, 404);
    EXPECT_FALSE(Delete(path).Error().empty());
  }
}

// --- Delete ---

TEST_F(MonitorApi, ADeletedMonitorIsAnsweredAsItWas) {
  const Answer created = Post("monitors", Smallest("query"));
  const Answer deleted = Delete("monitors/" + created.Text("id"));
  EXPECT_EQ(deleted.status, 200);
  EXPECT_EQ(deleted.body, created.body);
  EXPECT_EQ(Get("monitors/" + created.Text("id")).status, 404);
}

TEST_F(MonitorApi, AStoreThatIsAwayIs503) {
  documents_.Fail(absl::UnavailableError("away"));
  const Answer answer = Get("monitors");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.Error(), "away");
}

}  // namespace
}  // namespace tidegate::api
