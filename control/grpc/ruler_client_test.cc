#include "control/grpc/ruler_client.h"

#include <gtest/gtest.h>

#include <string>

#include "control/grpc/ruler_service.h"
#include "proto/grpc/channel.h"
#include "proto/grpc/server.h"

namespace tidegate::control {
namespace {

class KnownRuler final : public Ruler {
 public:
  absl::StatusOr<RuleGroupStatuses> Groups(const model::RequestContext& context) override {
    if (!failure.ok()) return failure;
    if (context.tenant != "t") return RuleGroupStatuses();
    AlertStatus alert;
    alert.labels = model::Labels{{"alertname", "a"}};
    alert.annotations = {{"x", "y"}};
    alert.state = AlertState::kFiring;
    alert.active_at = absl::FromUnixNanos(1'700'000'000'000'000'001);
    alert.value = 2.5;
    RuleStatus rule;
    rule.alerting = true;
    rule.name = "a";
    rule.query = "up == 0";
    rule.hold = absl::Minutes(5);
    rule.keep_firing = absl::Seconds(3);
    rule.labels = {{"l", "v"}};
    rule.annotations = {{"x", "{{ $value }}"}};
    rule.alerts = {alert, alert};
    rule.alerts[1].keep_firing_since = alert.active_at + absl::Seconds(1);
    rule.health = RuleHealth::kBad;
    rule.last_error = "no";
    rule.evaluation_time = absl::Milliseconds(3);
    rule.last_evaluation = alert.active_at;
    auto group = std::make_shared<RuleGroupStatus>();
    group->name = "g";
    group->file = "f";
    group->language = query::RuleLanguage::kLogQl;
    group->interval = absl::Seconds(30);
    group->limit = 7;
    group->rules = {rule, RuleStatus()};
    group->evaluation_time = absl::Milliseconds(4);
    // More than fits into one message.
    return RuleGroupStatuses(5000, group);
  }
  absl::StatusOr<AlertmanagerUrls> Alertmanagers(const model::RequestContext&) override {
    if (!failure.ok()) return failure;
    return AlertmanagerUrls{{"http://a", "http://b"}, {"http://c"}};
  }

  absl::Status failure;
};

class RulerClientTest : public ::testing::Test {
 protected:
  struct Peer {
    explicit Peer(rpc::CallWatcher* watcher) : service(&ruler, watcher) {
      server = *rpc::Server::Start("127.0.0.1:0", {&service});
      server->SetServing(true);
      channel = rpc::OpenChannel(server->address());
    }

    KnownRuler ruler;
    RulerService service;
    std::unique_ptr<rpc::Server> server;
    std::shared_ptr<grpc::Channel> channel;
  };

  RulerClientTest() { context_.tenant = "t"; }

  rpc::CallWatcher watcher_;
  Peer a_{&watcher_}, b_{&watcher_};
  std::unique_ptr<Ruler> client_ = ConnectRuler({a_.channel, b_.channel}, &watcher_);
  model::RequestContext context_;
};

void ExpectSame(const AlertStatus& is, const AlertStatus& was) {
  EXPECT_EQ(is.labels, was.labels);
  EXPECT_EQ(is.annotations, was.annotations);
  EXPECT_EQ(is.state, was.state);
  EXPECT_EQ(is.active_at, was.active_at);
  EXPECT_EQ(is.keep_firing_since, was.keep_firing_since);
  EXPECT_EQ(is.value, was.value);
}

void ExpectSame(const RuleStatus& is, const RuleStatus& was) {
  EXPECT_EQ(is.alerting, was.alerting);
  EXPECT_EQ(is.name, was.name);
  EXPECT_EQ(is.query, was.query);
  EXPECT_EQ(is.hold, was.hold);
  EXPECT_EQ(is.keep_firing, was.keep_firing);
  EXPECT_EQ(is.labels, was.labels);
  EXPECT_EQ(is.annotations, was.annotations);
  ASSERT_EQ(is.alerts.size(), was.alerts.size());
  for (size_t i = 0; i < is.alerts.size(); ++i) ExpectSame(is.alerts[i], was.alerts[i]);
  EXPECT_EQ(is.health, was.health);
  EXPECT_EQ(is.last_error, was.last_error);
  EXPECT_EQ(is.evaluation_time, was.evaluation_time);
  EXPECT_EQ(is.last_evaluation, was.last_evaluation);
}

TEST_F(RulerClientTest, GroupsArriveAsTheyWere) {
  const auto groups = client_->Groups(context_);
  ASSERT_TRUE(groups.ok()) << groups.status();
  ASSERT_EQ(groups->size(), 5000u);
  const RuleGroupStatus& is = *groups->back();
  const auto expected = a_.ruler.Groups(context_);
  const RuleGroupStatus& was = *expected->front();
  EXPECT_EQ(is.name, was.name);
  EXPECT_EQ(is.file, was.file);
  EXPECT_EQ(is.language, was.language);
  EXPECT_EQ(is.interval, was.interval);
  EXPECT_EQ(is.limit, was.limit);
  EXPECT_EQ(is.evaluation_time, was.evaluation_time);
  EXPECT_EQ(is.last_evaluation, was.last_evaluation);
  ASSERT_EQ(is.rules.size(), 2u);
  ExpectSame(is.rules[0], was.rules[0]);
  ExpectSame(is.rules[1], was.rules[1]);
  context_.tenant = "other";
  EXPECT_TRUE(client_->Groups(context_)->empty());
}

TEST_F(RulerClientTest, UrlsArriveAsTheyWere) {
  const auto urls = client_->Alertmanagers(context_);
  ASSERT_TRUE(urls.ok()) << urls.status();
  EXPECT_EQ(urls->active, (std::vector<std::string>{"http://a", "http://b"}));
  EXPECT_EQ(urls->dropped, (std::vector<std::string>{"http://c"}));
}

TEST_F(RulerClientTest, OneThatStandsByIsPassedOver) {
  a_.ruler.failure = absl::UnavailableError("another one does");
  EXPECT_TRUE(client_->Groups(context_).ok());
  b_.ruler.failure = absl::UnavailableError("another one does");
  EXPECT_TRUE(absl::IsUnavailable(client_->Groups(context_).status()));
  a_.ruler.failure = absl::InternalError("broken");
  EXPECT_TRUE(absl::IsInternal(client_->Groups(context_).status()));
}

TEST_F(RulerClientTest, WithoutAnyNothingIsKnown) {
  EXPECT_TRUE(absl::IsUnavailable(ConnectRuler({}, &watcher_)->Groups(context_).status()));
}

}  // namespace
}  // namespace tidegate::control
