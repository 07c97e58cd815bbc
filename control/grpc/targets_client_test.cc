#include "control/grpc/targets_client.h"

#include <gtest/gtest.h>

#include <string>

#include "control/grpc/targets_service.h"
#include "proto/grpc/channel.h"
#include "proto/grpc/server.h"

namespace tidegate::control {
namespace {

class KnownTargets final : public Targets {
 public:
  absl::StatusOr<TargetList> List(const model::RequestContext& context) override {
    if (!failure.ok()) return failure;
    TargetList list;
    if (context.tenant != "t") return list;
    list.pools = {"p", "q"};
    TargetStatus status;
    status.pool = "p";
    status.discovered = model::Labels{{"__address__", "h:1"}};
    status.labels = model::Labels{{"instance", "h:1"}};
    status.url = "http://h:1/metrics";
    status.interval = absl::Seconds(15);
    status.timeout = absl::Seconds(10);
    status.scraped = true;
    status.result = ScrapeResult::kTlsFailed;
    status.last_error = "no";
    status.last_scrape = absl::FromUnixNanos(1'700'000'000'000'000'001);
    status.last_duration = absl::Milliseconds(3);
    // More than fits into one message.
    for (int i = 0; i < 5000; ++i) list.active.push_back(status);
    list.dropped = {{"q", model::Labels{{"__address__", "h:2"}}}};
    list.dropped_by_pool = {{"p", 0}, {"q", 9}};
    return list;
  }
  absl::StatusOr<std::vector<TargetMetadata>> Metadata(const model::RequestContext&,
                                                       const std::string& metric) override {
    if (!failure.ok()) return failure;
    return std::vector<TargetMetadata>{
        {model::Labels{{"instance", "h:1"}}, {metric, model::MetricType::kInfo, "Help.", "u"}}};
  }
  absl::StatusOr<std::vector<RelabelStep>> RelabelSteps(const model::RequestContext&,
                                                        const std::string& pool,
                                                        const model::Labels& labels) override {
    if (!failure.ok()) return failure;
    model::RelabelConfig rule;
    rule.source_labels = {"a", "b"};
    rule.separator = "/";
    rule.regex = pool;
    rule.modulus = 7;
    rule.target_label = "t";
    rule.replacement = "r";
    rule.action = model::RelabelAction::kLabelKeep;
    return std::vector<RelabelStep>{{rule, labels, true}, {rule, {}, false}};
  }

  absl::Status failure;
};

class TargetsClientTest : public ::testing::Test {
 protected:
  struct Peer {
    explicit Peer(rpc::CallWatcher* watcher) : service(&targets, watcher) {
      server = *rpc::Server::Start("127.0.0.1:0", {&service});
      server->SetServing(true);
      channel = rpc::OpenChannel(server->address());
    }

    KnownTargets targets;
    TargetsService service;
    std::unique_ptr<rpc::Server> server;
    std::shared_ptr<grpc::Channel> channel;
  };

  TargetsClientTest() { context_.tenant = "t"; }

  rpc::CallWatcher watcher_;
  Peer a_{&watcher_}, b_{&watcher_};
  std::unique_ptr<Targets> client_ = ConnectTargets({a_.channel, b_.channel}, &watcher_);
  model::RequestContext context_;
};

TEST_F(TargetsClientTest, AListArrivesAsItWas) {
  const auto list = client_->List(context_);
  ASSERT_TRUE(list.ok()) << list.status();
  const auto expected = a_.targets.List(context_);
  EXPECT_EQ(list->pools, expected->pools);
  EXPECT_EQ(list->dropped_by_pool, expected->dropped_by_pool);
  ASSERT_EQ(list->dropped.size(), 1u);
  EXPECT_EQ(list->dropped[0].pool, "q");
  EXPECT_EQ(list->dropped[0].discovered, expected->dropped[0].discovered);
  ASSERT_EQ(list->active.size(), 5000u);
  const TargetStatus& is = list->active[4999];
  const TargetStatus& was = expected->active[0];
  EXPECT_EQ(is.pool, was.pool);
  EXPECT_EQ(is.discovered, was.discovered);
  EXPECT_EQ(is.labels, was.labels);
  EXPECT_EQ(is.url, was.url);
  EXPECT_EQ(is.interval, was.interval);
  EXPECT_EQ(is.timeout, was.timeout);
  EXPECT_TRUE(is.scraped);
  EXPECT_EQ(is.result, was.result);
  EXPECT_EQ(is.last_error, was.last_error);
  EXPECT_EQ(is.last_scrape, was.last_scrape);
  EXPECT_EQ(is.last_duration, was.last_duration);
  context_.tenant = "other";
  EXPECT_TRUE(client_->List(context_)->active.empty());
}

TEST_F(TargetsClientTest, MetadataArrivesAsItWas) {
  const auto metadata = client_->Metadata(context_, "x");
  ASSERT_TRUE(metadata.ok()) << metadata.status();
  ASSERT_EQ(metadata->size(), 1u);
  EXPECT_EQ((*metadata)[0].target.Get("instance"), "h:1");
  EXPECT_EQ((*metadata)[0].metric,
            (model::MetricMetadata{"x", model::MetricType::kInfo, "Help.", "u"}));
}

TEST_F(TargetsClientTest, OneThatStandsByIsPassedOver) {
  a_.targets.failure = absl::UnavailableError("another one does");
  EXPECT_TRUE(client_->List(context_).ok());
  b_.targets.failure = absl::UnavailableError("another one does");
  EXPECT_TRUE(absl::IsUnavailable(client_->List(context_).status()));
  a_.targets.failure = absl::InternalError("broken");
  EXPECT_TRUE(absl::IsInternal(client_->List(context_).status()));
}

TEST_F(TargetsClientTest, WithoutAnyNothingIsKnown) {
  EXPECT_TRUE(absl::IsUnavailable(ConnectTargets({}, &watcher_)->List(context_).status()));
}

TEST_F(TargetsClientTest, StepsArriveAsTheyWere) {
  const model::Labels labels{{"__address__", "h:1"}};
  const auto steps = client_->RelabelSteps(context_, "p", labels);
  ASSERT_TRUE(steps.ok()) << steps.status();
  ASSERT_EQ(steps->size(), 2u);
  const model::RelabelConfig& rule = (*steps)[0].rule;
  EXPECT_EQ(rule.source_labels, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(rule.separator + rule.regex + rule.target_label + rule.replacement, "/ptr");
  EXPECT_EQ(rule.modulus, 7u);
  EXPECT_EQ(rule.action, model::RelabelAction::kLabelKeep);
  EXPECT_EQ((*steps)[0].output, labels);
  EXPECT_TRUE((*steps)[0].keep);
  EXPECT_TRUE((*steps)[1].output.empty());
  EXPECT_FALSE((*steps)[1].keep);
}

}  // namespace
}  // namespace tidegate::control
