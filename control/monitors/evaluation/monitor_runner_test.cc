// Every transition of every kind, in simulated time.
#include "control/monitors/evaluation/monitor_runner.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "control/monitors/evaluation/monitor_simulation.h"
#include "control/scrape/one_page_server.h"

namespace tidegate::control {
namespace {

using Statuses = std::vector<std::string>;

constexpr char kLoad[] =
    R"({"type":"host","name":"load","metric":"loadavg5","duration":1,"operator":">",)"
    R"("warning":5,"critical":10)";

absl::Duration M(int64_t minutes) { return absl::Minutes(minutes); }

class MonitorRunnerTest : public ::testing::Test {
 protected:
  // One value of the metric for each minute from the next one on, and its rounds.
  void Feed(const std::string& host, const std::vector<double>& values,
            const std::string& metric = "loadavg5") {
    for (const double value : values) {
      world_.Post(host, metric, world_.now() + M(1), value);
      world_.Minute();
    }
  }

  MonitorSimulation world_;
};

// --- Host metrics ---

TEST_F(MonitorRunnerTest, AHostMetricOpensChangesAndCloses) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(std::string(kLoad) + "}");
  Feed(host, {1});
  EXPECT_EQ(world_.Open(), Statuses());
  Feed(host, {6});
  EXPECT_EQ(world_.Open(), Statuses{"WARNING"});
  EXPECT_EQ(world_.Told(), "warning");
  EXPECT_EQ(world_.last_notice.at("message").as_string(), "loadavg5 6 > 5");
  Feed(host, {11});
  EXPECT_EQ(world_.Told(), "critical");
  Feed(host, {11, 12});
  EXPECT_EQ(world_.Told(), "") << "no change";
  Feed(host, {6});
  EXPECT_EQ(world_.Told(), "warning");
  Feed(host, {5});
  EXPECT_EQ(world_.Told(), "ok") << "5 is not more than 5";
  EXPECT_EQ(world_.Open(), Statuses());
  EXPECT_EQ(world_.Alerts(), Statuses{"OK"});
  EXPECT_EQ(world_.Latest().at("hostId").as_string(), host);
  EXPECT_EQ(world_.Latest().at("value").to_number<double>(), 5);
}

TEST_F(MonitorRunnerTest, TheMeanOverItsDuration) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(std::string(kLoad) + R"(,"duration":3})");
  Feed(host, {0, 0, 12});
  EXPECT_EQ(world_.Open(), Statuses()) << "4 on average";
  Feed(host, {6});
  EXPECT_EQ(world_.Open(), Statuses{"WARNING"}) << "6 on average";
  Feed(host, {100});
  EXPECT_EQ(world_.Open(), Statuses{"CRITICAL"});
}

TEST_F(MonitorRunnerTest, MaxCheckAttemptsInARow) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(std::string(kLoad) + R"(,"maxCheckAttempts":3})");
  Feed(host, {6, 6, 1, 6, 6});
  EXPECT_EQ(world_.Open(), Statuses());
  Feed(host, {6});
  EXPECT_EQ(world_.Open(), Statuses{"WARNING"});
}

TEST_F(MonitorRunnerTest, AMinuteWithoutAValueIsNoAttempt) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(std::string(kLoad) + R"(,"maxCheckAttempts":2})");
  Feed(host, {6});
  world_.RunUntil(world_.now() + M(5));
  EXPECT_EQ(world_.Open(), Statuses());
  Feed(host, {6});
  EXPECT_EQ(world_.Open(), Statuses{"WARNING"});
  world_.RunUntil(world_.now() + M(60));
  EXPECT_EQ(world_.Open(), Statuses{"WARNING"}) << "nobody said that it is over";
}

TEST_F(MonitorRunnerTest, OldValuesAreNotJudged) {
  const std::string host = world_.AddHost();
  world_.RunUntil(M(60));
  world_.Post(host, "loadavg5", M(30), 100);
  world_.AddMonitor(std::string(kLoad) + "}");
  world_.RunUntil(M(65));
  EXPECT_EQ(world_.Open(), Statuses());
}

TEST_F(MonitorRunnerTest, LessThan) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(
      R"({"type":"host","name":"free","metric":"free","duration":1,"operator":"<","warning":5})");
  Feed(host, {5, 4}, "free");
  EXPECT_EQ(world_.Open(), Statuses{"WARNING"});
}

TEST_F(MonitorRunnerTest, PercentOfItsParts) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(
      R"({"type":"host","name":"m","metric":"memory%","duration":1,"operator":">","warning":80,)"
      R"("critical":90})");
  for (const auto& [at, used] : {std::pair(1, 70.0), std::pair(2, 85.0), std::pair(3, 95.0)}) {
    world_.Post(host, "memory.total", M(at), 100);
    world_.Post(host, "memory.used", M(at), used);
  }
  world_.RunUntil(M(3));
  EXPECT_EQ(world_.Told(), "warning critical");
  EXPECT_EQ(world_.Latest().at("value").to_number<double>(), 95);
}

TEST_F(MonitorRunnerTest, ScopesAndExcludedScopes) {
  const std::string app = world_.AddHost(R"(,"roleFullnames":["web1:app"])");
  const std::string db = world_.AddHost(R"(,"roleFullnames":["web1:db"])");
  const std::string other = world_.AddHost(R"(,"roleFullnames":["mail:app"])");
  world_.AddMonitor(std::string(kLoad) + R"(,"scopes":["web1"],"excludeScopes":["web1: db"]})");
  for (const std::string& host : {app, db, other}) world_.Post(host, "loadavg5", M(1), 100);
  world_.RunUntil(M(1));
  EXPECT_EQ(world_.Open(), Statuses{"CRITICAL"});
  EXPECT_EQ(world_.Latest().at("hostId").as_string(), app);
}

TEST_F(MonitorRunnerTest, StatusesOfHosts) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(std::string(kLoad) + "}");
  const auto set = [&](const std::string& status) {
    ASSERT_TRUE(world_.hosts.SetStatus("default", host, R"({"status":")" + status + R"("})").ok());
  };
  set("maintenance");
  Feed(host, {11});
  set("poweroff");
  Feed(host, {11});
  EXPECT_EQ(world_.Open(), Statuses()) << "not watched";
  set("standby");
  Feed(host, {11});
  EXPECT_EQ(world_.Open(), Statuses{"CRITICAL"});
  EXPECT_EQ(world_.Told(), "") << "but nobody is told";
  set("maintenance");
  Feed(host, {1});
  EXPECT_EQ(world_.Open(), Statuses{"CRITICAL"}) << "stays while it is not watched";
  set("working");
  Feed(host, {1});
  EXPECT_EQ(world_.Told(), "ok");
}

// --- What may happen to an alert from outside ---

TEST_F(MonitorRunnerTest, AMutedMonitorTellsNobody) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(std::string(kLoad) + R"(,"isMute":true,"notificationInterval":10})");
  for (int i = 0; i < 15; ++i) Feed(host, {11});
  EXPECT_EQ(world_.Open(), Statuses{"CRITICAL"});
  EXPECT_EQ(world_.Told(), "");
}

TEST_F(MonitorRunnerTest, RemindersUntilItIsOver) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(std::string(kLoad) + R"(,"notificationInterval":10})");
  for (int i = 0; i < 25; ++i) Feed(host, {11});
  EXPECT_EQ(world_.Told(), "critical critical critical");
  Feed(host, {1});
  EXPECT_EQ(world_.Told(), "ok");
  world_.RunUntil(world_.now() + M(60));
  EXPECT_EQ(world_.Told(), "");
}

TEST_F(MonitorRunnerTest, SomebodyClosesIt) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(std::string(kLoad) + R"(,"maxCheckAttempts":2})");
  Feed(host, {11, 11});
  const std::string id(world_.Latest().at("id").as_string());
  world_.Told();
  const auto closed = world_.alerts.Close("default", id, R"({"reason":"known"})");
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_EQ(boost::json::parse(*closed).at("reason").as_string(), "known");
  EXPECT_EQ(world_.Told(), "ok");
  EXPECT_EQ(world_.last_notice.at("alert").at("trigger").as_string(), "manual");
  Feed(host, {11});
  EXPECT_EQ(world_.Open(), Statuses()) << "counted anew";
  Feed(host, {11});
  EXPECT_EQ(world_.Alerts(), (Statuses{"CRITICAL", "OK"}));
  EXPECT_NE(world_.Latest().at("id").as_string(), id);
}

TEST_F(MonitorRunnerTest, ItsMonitorIsDeleted) {
  const std::string host = world_.AddHost();
  const std::string monitor = world_.AddMonitor(std::string(kLoad) + "}");
  Feed(host, {11});
  world_.Told();
  ASSERT_TRUE(world_.monitors.Delete("default", monitor).ok());
  world_.Minute();
  EXPECT_EQ(world_.Alerts(), Statuses{"OK"});
  EXPECT_EQ(world_.Told(), "ok");
  EXPECT_EQ(world_.last_notice.at("alert").at("trigger").as_string(), "monitorDelete");
  EXPECT_EQ(world_.documents.List("monitor_states/", "", 0)->size(), 0u);
}

TEST_F(MonitorRunnerTest, ItsHostRetires) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(std::string(kLoad) + "}");
  Feed(host, {11});
  world_.Told();
  ASSERT_TRUE(world_.hosts.Retire("default", host, "{}").ok());
  world_.Minute();
  EXPECT_EQ(world_.Alerts(), Statuses{"OK"});
  EXPECT_EQ(world_.Told(), "ok");
  EXPECT_EQ(world_.last_notice.at("alert").at("trigger").as_string(), "hostRetire");
}

TEST_F(MonitorRunnerTest, NothingHappensInADowntime) {
  const std::string host = world_.AddHost(R"(,"roleFullnames":["web1:app"])");
  world_.AddMonitor(std::string(kLoad) + "}");
  const int64_t start = absl::ToUnixSeconds(MonitorSimulation::Start() + M(2));
  MonitorSimulation::Must(world_.downtimes.Create(
      "default", R"({"name":"d","duration":3,"start":)" + std::to_string(start) +
                     R"(,"serviceScopes":["web1"]})"));
  Feed(host, {1, 11, 11, 11});
  EXPECT_EQ(world_.Open(), Statuses()) << "minutes 2, 3 and 4";
  Feed(host, {11});
  EXPECT_EQ(world_.Open(), Statuses{"CRITICAL"});
}

TEST_F(MonitorRunnerTest, AnAlertInItsBodyHasMackerelsMembers) {
  const std::string host = world_.AddHost(R"(,"roleFullnames":["web1:app"])");
  world_.AddMonitor(std::string(kLoad) + R"(,"memo":"look"})");
  Feed(host, {11});
  world_.Told();
  boost::json::object& body = world_.last_notice;
  EXPECT_EQ(body.at("orgName").as_string(), "default");
  EXPECT_EQ(body.at("event").as_string(), "alert");
  EXPECT_EQ(body.at("type").as_string(), "host");
  EXPECT_EQ(body.at("memo").as_string(), "look");
  EXPECT_TRUE(body.at("imageUrl").is_null());
  EXPECT_EQ(body.at("host").at("id").as_string(), host);
  EXPECT_EQ(body.at("host").at("roles").at(0).at("fullname").as_string(), "web1: app");
  const boost::json::object alert = body.at("alert").as_object();
  EXPECT_EQ(alert.at("monitorName").as_string(), "load");
  EXPECT_EQ(alert.at("metricLabel").as_string(), "loadavg5");
  EXPECT_EQ(alert.at("metricValue").to_number<double>(), 11);
  EXPECT_EQ(alert.at("criticalThreshold").to_number<double>(), 10);
  EXPECT_EQ(alert.at("warningThreshold").to_number<double>(), 5);
  EXPECT_EQ(alert.at("monitorOperator").as_string(), ">");
  EXPECT_EQ(alert.at("duration").as_int64(), 1);
  EXPECT_TRUE(alert.at("isOpen").as_bool());
  EXPECT_FALSE(alert.contains("closedAt"));
  EXPECT_TRUE(alert.at("url").as_string().starts_with("http://tidegate/api/v0/alerts/"));
}

// --- Connectivity ---

TEST_F(MonitorRunnerTest, AHostThatHasGoneAndComesBack) {
  const std::string host = world_.AddHost();
  world_.AddHost();  // Has never posted.
  world_.AddMonitor(R"({"type":"connectivity"})");
  for (int at = 1; at <= 10; ++at) {
    world_.Alive(host, M(at));
    world_.Minute();
  }
  world_.RunUntil(M(14));
  EXPECT_EQ(world_.Open(), Statuses());
  world_.RunUntil(M(15));
  EXPECT_EQ(world_.Open(), Statuses{"CRITICAL"});
  EXPECT_EQ(world_.Latest().at("hostId").as_string(), host);
  world_.Alive(host, M(16));
  world_.Minute();
  EXPECT_EQ(world_.Told(), "critical ok");
}

TEST_F(MonitorRunnerTest, ANewLevelReachesAnOpenAlertAtItsReminder) {
  const std::string host = world_.AddHost();
  const std::string monitor =
      world_.AddMonitor(R"({"type":"connectivity","notificationInterval":10})");
  world_.Alive(host, M(1));
  world_.RunUntil(M(6));
  EXPECT_EQ(world_.Told(), "critical");
  ASSERT_TRUE(world_.monitors
                  .Update("default", monitor,
                          R"({"type":"connectivity","notificationInterval":10,)"
                          R"("alertStatusOnGone":"WARNING"})")
                  .ok());
  world_.RunUntil(M(15));
  EXPECT_EQ(world_.Open(), Statuses{"CRITICAL"});
  EXPECT_EQ(world_.Told(), "");
  world_.RunUntil(M(16));
  EXPECT_EQ(world_.Open(), Statuses{"WARNING"});
  EXPECT_EQ(world_.Told(), "warning");
}

TEST_F(MonitorRunnerTest, AfterAnOutageHostsHaveTimeToPost) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(R"({"type":"connectivity"})");
  world_.Alive(host, M(1));
  world_.RunUntil(M(1));
  world_.Skip(M(30));
  world_.Minute();
  EXPECT_EQ(world_.Open(), Statuses());
  world_.RunUntil(M(36));
  EXPECT_EQ(world_.Open(), Statuses());
  world_.RunUntil(M(38));
  EXPECT_EQ(world_.Open(), Statuses{"CRITICAL"});
}

// --- Services ---

class ServiceMonitorTest : public MonitorRunnerTest {
 protected:
  ServiceMonitorTest() {
    EXPECT_TRUE(world_.services.Create("default", R"({"name":"blog"})").ok());
  }
  void Add(const std::string& members) {
    world_.AddMonitor(
        R"({"type":"service","name":"s","service":"blog","metric":"m","operator":">",)" + members +
        "}");
  }
};

TEST_F(ServiceMonitorTest, TheMeanOfItsPoints) {
  Add(R"("duration":3,"warning":10)");
  world_.PostService("blog", "m", M(1), 12);
  world_.RunUntil(M(1));
  EXPECT_EQ(world_.Open(), Statuses{"WARNING"}) << "of those that there are";
  world_.PostService("blog", "m", M(11), 1);
  world_.PostService("blog", "m", M(21), 1);
  world_.RunUntil(M(21));
  EXPECT_EQ(world_.Open(), Statuses());
  world_.PostService("blog", "m", M(31), 31);
  world_.RunUntil(M(31));
  EXPECT_EQ(world_.Open(), Statuses{"WARNING"}) << "points, not minutes";
}

TEST_F(ServiceMonitorTest, MissingValues) {
  Add(R"("duration":1,"missingDurationWarning":10,"missingDurationCritical":20)");
  for (int at = 1; at <= 5; ++at) world_.PostService("blog", "m", M(at), 1);
  world_.RunUntil(M(14));
  EXPECT_EQ(world_.Open(), Statuses());
  world_.RunUntil(M(15));
  EXPECT_EQ(world_.Told(), "warning");
  world_.RunUntil(M(25));
  EXPECT_EQ(world_.Told(), "critical");
  EXPECT_EQ(world_.Latest().at("message").as_string(), "no value of m for 20 minutes");
  world_.PostService("blog", "m", M(26), 1);
  world_.RunUntil(M(26));
  EXPECT_EQ(world_.Told(), "ok");
}

TEST_F(ServiceMonitorTest, WhatNeverCameIsMissingSinceTheMonitorWasMade) {
  world_.RunUntil(M(100));
  Add(R"("duration":1,"missingDurationCritical":10)");
  world_.RunUntil(M(109));
  EXPECT_EQ(world_.Open(), Statuses());
  world_.RunUntil(M(111));
  EXPECT_EQ(world_.Open(), Statuses{"CRITICAL"});
}

// --- Expressions and queries ---

TEST_F(MonitorRunnerTest, AnExpression) {
  const std::string a = world_.AddHost(R"(,"roleFullnames":["web1:app"])");
  const std::string b = world_.AddHost(R"(,"roleFullnames":["web1:app"])");
  world_.AddMonitor(
      R"x({"type":"expression","name":"x","expression":"avg(roleSlots('web1:app', loadavg5))",)x"
      R"x("operator":">","warning":5,"critical":10})x");
  world_.Post(a, "loadavg5", M(1), 1);
  world_.Post(b, "loadavg5", M(1), 7);
  world_.RunUntil(M(1));
  EXPECT_EQ(world_.Open(), Statuses());
  world_.Post(b, "loadavg5", M(2), 20);  // a posts late: its last value stands in.
  world_.RunUntil(M(2));
  EXPECT_EQ(world_.Open(), Statuses{"CRITICAL"});
  world_.Post(a, "loadavg5", M(3), 0);
  world_.Post(b, "loadavg5", M(3), 2);
  world_.RunUntil(M(3));
  EXPECT_EQ(world_.Told(), "critical ok");
}

TEST_F(MonitorRunnerTest, AQueryWatchesEachOfItsSeries) {
  world_.AddMonitor(
      R"({"type":"query","name":"q","query":"cpu.used{k8s.pod.name=~\"p.*\"}","legend":"",)"
      R"("operator":">","warning":70,"critical":90})");
  const model::Labels one{{"__name__", "cpu.used"}, {"k8s.pod.name", "p1"}};
  const model::Labels two{{"__name__", "cpu.used"}, {"k8s.pod.name", "p2"}};
  for (int at = 1; at <= 3; ++at) {
    world_.Add(one, M(at), 75);
    world_.Add(two, M(at), at == 3 ? 95 : 10);
  }
  world_.RunUntil(M(2));
  EXPECT_EQ(world_.Open(), Statuses{"WARNING"});
  EXPECT_EQ(boost::json::serialize(world_.Latest().at("series")),
            R"({"name":"cpu.used","labels":{"k8s.pod.name":"p1"}})");
  world_.RunUntil(M(3));
  EXPECT_EQ(world_.Open(), (Statuses{"CRITICAL", "WARNING"}));
  world_.Add(two, M(4), 1);
  world_.RunUntil(M(4));
  EXPECT_EQ(world_.Open(), Statuses{"WARNING"});
  world_.RunUntil(M(20));
  EXPECT_EQ(world_.Open(), Statuses{"WARNING"}) << "has no value since minute 8";
  world_.RunUntil(M(40));
  EXPECT_EQ(world_.Open(), Statuses()) << "vanished";
}

TEST_F(MonitorRunnerTest, ManyAtOnceAreAllKeptAndTold) {
  world_.AddMonitor(
      R"({"type":"query","name":"q","query":"many","legend":"","operator":">","warning":1,)"
      R"("critical":null})");
  for (int i = 0; i < 900; ++i) {
    world_.Add({{"__name__", "many"}, {"i", std::to_string(i)}}, M(1), 2);
  }
  world_.RunUntil(M(1));
  EXPECT_EQ(world_.documents.List("open_alerts/", "", 0)->size(), 900u);
  EXPECT_EQ(world_.documents.List("notices/", "", 0)->size(), 900u);
}

// --- Anomalies ---

TEST_F(MonitorRunnerTest, AHostThatIsUnlikeItsRole) {
  std::vector<std::string> hosts;
  for (int i = 0; i < 4; ++i) hosts.push_back(world_.AddHost(R"(,"roleFullnames":["web1:app"])"));
  world_.Skip(M(1440));
  for (int at = 0; at <= 1440; at += 5) {
    for (const std::string& host : hosts) {
      world_.Post(host, "loadavg5", M(at), 1 + 0.2 * std::sin(at * 0.7 + host.size()));
    }
  }
  world_.AddMonitor(
      R"({"type":"anomalyDetection","name":"a","scopes":["web1: app"],"maxCheckAttempts":2,)"
      R"("warningSensitivity":"sensitive","criticalSensitivity":"insensitive"})");
  const auto minute = [&](double strange) {
    for (const std::string& host : hosts) {
      world_.Post(host, "loadavg5", world_.now() + M(1), host == hosts[2] ? strange : 1.1);
    }
    world_.Minute();
  };
  for (int i = 0; i < 5; ++i) minute(1.2);
  EXPECT_EQ(world_.Open(), Statuses());
  for (int i = 0; i < 4; ++i) minute(3);
  EXPECT_EQ(world_.Open(), Statuses{"WARNING"});
  EXPECT_EQ(world_.Latest().at("hostId").as_string(), hosts[2]);
  for (int i = 0; i < 6; ++i) minute(50);
  EXPECT_EQ(world_.Open(), Statuses{"CRITICAL"});
  for (int i = 0; i < 6; ++i) minute(1);
  EXPECT_EQ(world_.Open(), Statuses());
}

TEST_F(MonitorRunnerTest, NoAnomaliesBeforeThereIsTraining) {
  const std::string host = world_.AddHost(R"(,"roleFullnames":["web1:app"])");
  world_.AddMonitor(
      R"({"type":"anomalyDetection","name":"a","scopes":["web1: app"],"maxCheckAttempts":1,)"
      R"("warningSensitivity":"sensitive"})");
  Feed(host, {1, 1, 1, 1000});
  EXPECT_EQ(world_.Open(), Statuses());
}

TEST_F(MonitorRunnerTest, TrainingBeginsWhereTheMonitorSays) {
  const std::string host = world_.AddHost(R"(,"roleFullnames":["web1:app"])");
  world_.Skip(M(4 * 1440));
  for (int at = 0; at <= 4 * 1440; at += 5) {
    world_.Post(host, "loadavg5", M(at), at < 2 * 1440 ? 1 : 100);
  }
  const int64_t from = absl::ToUnixSeconds(MonitorSimulation::Start() + M(2 * 1440));
  world_.Minute();
  world_.AddMonitor(
      R"({"type":"anomalyDetection","name":"a","scopes":["web1: app"],"maxCheckAttempts":1,)"
      R"("warningSensitivity":"sensitive","trainingPeriodFrom":)" +
      std::to_string(from) + "}");
  Feed(host, {100, 101});
  EXPECT_EQ(world_.Open(), Statuses()) << "what came before does not count";
  for (int i = 0; i < 4; ++i) Feed(host, {1});
  EXPECT_EQ(world_.Open(), Statuses{"WARNING"});
}

// --- External ---

TEST_F(MonitorRunnerTest, AnExternalMonitorWithItsResponseTime) {
  OnePageServer server;
  const model::ConfigTenantRegistry tenants{model::ConfigFile()};
  const OutboundPolicy policy(&tenants, {});
  const HttpProber prober({}, &policy);
  world_.UseProber(&prober);
  ASSERT_TRUE(world_.services.Create("default", R"({"name":"blog"})").ok());
  world_.AddMonitor(R"({"type":"external","name":"e","service":"blog","responseTimeWarning":60000,)"
                    R"("responseTimeDuration":3,"url":"http://)" +
                    server.address() + R"("})");
  server.SetPage("fine");
  world_.Minute();
  EXPECT_EQ(world_.Open(), Statuses());
  server.SetAnswer("HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n");
  world_.Minute();
  EXPECT_EQ(world_.Open(), Statuses{"CRITICAL"});
  EXPECT_EQ(world_.Latest().at("message").as_string(), "the status is 500");
  server.SetPage("fine");
  world_.Minute();
  EXPECT_EQ(world_.Told(), "critical ok");
  EXPECT_GT(world_.Latest().at("value").to_number<double>(), 0);
}

// --- Restarts ---

TEST_F(MonitorRunnerTest, ARestartNeitherLosesNorDoublesAnything) {
  const std::vector<double> values = {1, 6, 6, 11, 11, 11, 1, 6, 11, 1, 1, 6, 6, 6, 6, 1};
  std::vector<std::string> told;
  for (const bool restart : {false, true}) {
    MonitorSimulation world;
    const std::string host = world.AddHost();
    world.AddMonitor(std::string(kLoad) + R"(,"maxCheckAttempts":2})");
    for (const double value : values) {
      world.Post(host, "loadavg5", world.now() + M(1), value);
      world.Minute();
      if (restart) world.Restart();
    }
    told.push_back(world.Told());
  }
  EXPECT_EQ(told[0], told[1]);
  EXPECT_EQ(told[0], "warning critical ok warning ok warning ok");
}

TEST_F(MonitorRunnerTest, MissedMinutesAreCaughtUp) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(std::string(kLoad) + R"(,"maxCheckAttempts":3})");
  Feed(host, {6});
  for (int at = 2; at <= 4; ++at) world_.Post(host, "loadavg5", M(at), 6);
  world_.Skip(M(3));
  world_.Restart();
  world_.Post(host, "loadavg5", M(5), 1);
  world_.Minute();
  EXPECT_EQ(world_.Told(), "warning ok") << "minutes 2 to 5, each judged by itself";
}

TEST_F(MonitorRunnerTest, TheProcessThatHasLostCommitsNothing) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(std::string(kLoad) + "}");
  Feed(host, {1});
  std::atomic<bool> stop{false};
  OwnedDocuments successor("monitor_owner", &world_.documents, &stop);
  ASSERT_TRUE(successor.EnsureOwned().ok());
  Feed(host, {11});
  EXPECT_EQ(world_.Open(), Statuses());
  EXPECT_FALSE(world_.values().RunDue());
  world_.Restart();
  world_.Minute();
  EXPECT_EQ(world_.Open(), Statuses{"CRITICAL"}) << "the next one judges the same minute";
}

TEST_F(MonitorRunnerTest, AStoreThatIsAwayPutsTheRoundOff) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(std::string(kLoad) + "}");
  Feed(host, {1});
  world_.documents.Fail(absl::UnavailableError("away"));
  Feed(host, {11});
  world_.documents.Fail(absl::OkStatus());
  world_.Post(host, "loadavg5", world_.now() + M(1), 1);
  world_.Minute();
  EXPECT_EQ(world_.Told(), "critical ok") << "both minutes";
}

// --- Reported checks: judged when they come, but rounds see their alerts too ---

TEST_F(MonitorRunnerTest, RoundsLeaveAlertsOfReportsAlone) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(std::string(kLoad) + "}");
  world_.Report(host, "CRITICAL");
  EXPECT_EQ(world_.Told(), "critical");
  Feed(host, {1, 11, 1});
  EXPECT_EQ(world_.Told(), "critical ok") << "of the monitor";
  EXPECT_EQ(world_.Open(), Statuses{"CRITICAL"});
  world_.Restart();
  world_.Report(host, "OK");
  EXPECT_EQ(world_.Told(), "ok");
  EXPECT_EQ(world_.Open(), Statuses());
}

TEST_F(MonitorRunnerTest, AlertsOfReportsGoWithTheirHost) {
  const std::string host = world_.AddHost();
  world_.Report(host, "WARNING");
  world_.Minute();
  EXPECT_EQ(world_.Open(), Statuses{"WARNING"}) << "there is no monitor at all";
  EXPECT_TRUE(world_.hosts.Retire(MonitorSimulation::kTenant, host, "{}").ok());
  world_.Minute();
  EXPECT_EQ(world_.Open(), Statuses());
  EXPECT_EQ(world_.Told(), "warning ok");
  const std::string id(world_.Latest().at("id").as_string());
  const auto logs = world_.alerts.Logs(MonitorSimulation::kTenant, id, "", 10);
  ASSERT_TRUE(logs.ok());
  EXPECT_NE(logs->alerts.find("\"trigger\":\"hostRetire\""), std::string::npos) << logs->alerts;
}

TEST_F(MonitorRunnerTest, ALogHasEveryChangeOfAnAlert) {
  const std::string host = world_.AddHost();
  world_.AddMonitor(std::string(kLoad) + "}");
  Feed(host, {6, 6, 11, 6, 1});
  const std::string id(world_.Latest().at("id").as_string());
  const auto logs = world_.alerts.Logs(MonitorSimulation::kTenant, id, "", 10);
  ASSERT_TRUE(logs.ok());
  std::string changes;
  const boost::json::array entries = boost::json::parse(logs->alerts).as_array();
  for (const boost::json::value& entry : entries) {
    changes += std::string(entry.at("status").as_string()) + " ";
  }
  EXPECT_EQ(changes, "OK WARNING CRITICAL WARNING ");
  EXPECT_EQ(entries[2].at("targetValue"), 11);
}

}  // namespace
}  // namespace tidegate::control
