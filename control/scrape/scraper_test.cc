#include "control/scrape/scraper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <map>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "control/scrape/one_page_server.h"
#include "ingest/ingester.h"
#include "model/config/config_tenant_registry.h"
#include "proto/prometheus/remote.pb.h"

namespace tidegate::control {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(5);

// Keeps the last value of every series by metric and instance.
class LastValues final : public ingest::Ingester {
 public:
  absl::StatusOr<ingest::PushResult> Push(const model::RequestContext& context,
                                          const ingest::PushRequest& request) override {
    prompb::WriteRequest message;
    if (!message.ParseFromArray(request.body.data(), static_cast<int>(request.body.size()))) {
      return absl::InvalidArgumentError("no WriteRequest");
    }
    absl::MutexLock lock(&mutex_);
    for (const auto& series : message.timeseries()) {
      std::string metric;
      for (const auto& label : series.labels()) {
        if (label.name() == "__name__") metric = label.value();
      }
      for (const auto& sample : series.samples()) {
        values_[context.tenant + " " + metric] = sample.value();
      }
    }
    return ingest::PushResult();
  }

  bool Await(const std::string& series, const std::function<bool(double)>& wanted) {
    absl::MutexLock lock(&mutex_);
    const auto there = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      const auto found = values_.find(series);
      return found != values_.end() && wanted(found->second);
    };
    return mutex_.AwaitWithTimeout(absl::Condition(&there), kPatience);
  }
  bool Await(const std::string& series, double value) {
    return Await(series, [value](double is) { return is == value; });
  }
  bool AwaitStale(const std::string& series) { return Await(series, model::IsStaleNan); }

  absl::Status Flush(const model::RequestContext&) override { return absl::OkStatus(); }
  storage::SeriesSource& series() override { std::abort(); }
  storage::LogSource& logs() override { std::abort(); }
  absl::StatusOr<ingest::IngesterStats> Stats(const model::RequestContext&) override {
    return ingest::IngesterStats();
  }
  absl::Status Ready() const override { return absl::OkStatus(); }

 private:
  absl::Mutex mutex_;
  std::map<std::string, double> values_ ABSL_GUARDED_BY(mutex_);
};

class ScraperTest : public ::testing::Test {
 protected:
  // One job of tenant t with this target, scraped every 50 ms.
  std::vector<std::shared_ptr<const Pool>> PoolOf(const std::string& address,
                                                  const std::string& more = "") {
    auto file = ParseScrapeFile(
        "scrape_configs:\n- job_name: j\n  scrape_interval: 50ms\n  scrape_timeout: 40ms\n" + more,
        "");
    EXPECT_TRUE(file.ok()) << file.status();
    std::vector<std::string> mistakes;
    return {std::make_shared<const Pool>(
        MakePool("t", std::make_shared<const ScrapeConfig>(file->jobs.at(0)),
                 {{{address}, {}, "test"}}, &mistakes))};
  }
  TargetStatus AwaitResult(ScrapeResult result) {
    model::RequestContext context;
    context.tenant = "t";
    const absl::Time end = absl::Now() + kPatience;
    while (absl::Now() < end) {
      const auto list = scraper_.List(context);
      if (list.ok() && list->active.size() == 1 && list->active[0].scraped &&
          list->active[0].result == result) {
        return list->active[0];
      }
    }
    ADD_FAILURE() << "never";
    return {};
  }

  static model::ConfigFile Tenants() {
    model::ConfigFile config;
    config.tenants.emplace_back();
    config.tenants[0].name = "t";
    return config;
  }

  LastValues ingester_;
  OnePageServer server_;
  prometheus::Registry registry_;
  model::ConfigTenantRegistry tenants_{Tenants()};
  OutboundPolicy policy_{&tenants_, {}};
  model::SystemClock clock_;
  ScrapeMetrics metrics_{&registry_};
  SampleSender sender_{{}, &ingester_, &registry_};
  Scraper scraper_{{}, &policy_, &sender_, &clock_, &metrics_};
};

TEST_F(ScraperTest, ScrapesATargetUntilItIsTakenAway) {
  server_.SetPage("a 1\nb 2\n");
  scraper_.Apply(PoolOf(server_.address()));
  EXPECT_TRUE(ingester_.Await("t a", 1));
  EXPECT_TRUE(ingester_.Await("t up", 1));
  EXPECT_TRUE(ingester_.Await("t scrape_samples_scraped", 2));
  const TargetStatus status = AwaitResult(ScrapeResult::kSuccess);
  EXPECT_EQ(status.pool, "j");
  EXPECT_EQ(status.url, "http://" + server_.address() + "/metrics");
  EXPECT_EQ(status.last_error, "");
  server_.SetPage("a 3\n");
  EXPECT_TRUE(ingester_.Await("t a", 3));
  EXPECT_TRUE(ingester_.AwaitStale("t b"));
  scraper_.Apply({});
  EXPECT_TRUE(ingester_.AwaitStale("t a"));
  EXPECT_TRUE(ingester_.AwaitStale("t up"));
}

TEST_F(ScraperTest, AsksAsPrometheusDoes) {
  server_.SetPage("a 1\n");
  scraper_.Apply(PoolOf(server_.address(), "  params: {x: [y]}\n  bearer_token: secret\n"));
  ASSERT_TRUE(ingester_.Await("t a", 1));
  const std::string head = server_.requests().front();
  EXPECT_THAT(head, HasSubstr("GET /metrics?x=y HTTP/1.1\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nAuthorization: Bearer secret\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nAccept-Encoding: gzip\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nAccept: application/openmetrics-text;version=1.0.0;"));
  EXPECT_THAT(head, HasSubstr("\r\nX-Prometheus-Scrape-Timeout-Seconds: 0.04\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nUser-Agent: Tidegate\r\n"));
}

TEST_F(ScraperTest, FailuresSayWhatIsWrong) {
  server_.SetAnswer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  scraper_.Apply(PoolOf(server_.address(), "  body_size_limit: 100B\n"));
  EXPECT_EQ(AwaitResult(ScrapeResult::kHttpStatus).last_error,
            "server returned HTTP status 404 Not Found");
  EXPECT_TRUE(ingester_.Await("t up", 0));
  server_.SetPage("<html>", "text/html");
  EXPECT_THAT(AwaitResult(ScrapeResult::kUnreadable).last_error, HasSubstr("text/html"));
  server_.SetPage(std::string(101, '\n'));
  EXPECT_EQ(AwaitResult(ScrapeResult::kTooLarge).last_error, "body size limit exceeded");
  server_.SetAnswer(
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 50\r\nConnection: close\r\n"
      "\r\na 1\n");
  AwaitResult(ScrapeResult::kConnectionFailed);
  server_.SetAnswer("");
  EXPECT_EQ(AwaitResult(ScrapeResult::kTimeout).last_error, "no complete answer within 40ms");
}

TEST_F(ScraperTest, ShowsWhatRulesMakeOfLabels) {
  scraper_.Apply(PoolOf(server_.address(),
                        "  relabel_configs:\n"
                        "  - {source_labels: [__address__], target_label: a}\n"
                        "  - {source_labels: [a], regex: h.*, action: drop}\n"
                        "  - {target_label: b, replacement: c}\n"));
  model::RequestContext context;
  context.tenant = "t";
  const auto steps = scraper_.RelabelSteps(context, "j", model::Labels{{"__address__", "g:1"}});
  ASSERT_TRUE(steps.ok()) << steps.status();
  ASSERT_EQ(steps->size(), 3u);
  EXPECT_EQ((*steps)[0].output, (model::Labels{{"__address__", "g:1"}, {"a", "g:1"}}));
  EXPECT_EQ((*steps)[1].rule.regex, "h.*");
  EXPECT_EQ((*steps)[2].output.Get("b"), "c");
  const auto dropped = scraper_.RelabelSteps(context, "j", model::Labels{{"__address__", "h:1"}});
  EXPECT_TRUE((*dropped)[0].keep);
  EXPECT_FALSE((*dropped)[1].keep);
  EXPECT_FALSE((*dropped)[2].keep);
  EXPECT_TRUE((*dropped)[2].output.empty());
  EXPECT_EQ(scraper_.RelabelSteps(context, "k", {}).status().message(),
            "error retrieving scrape config: scrape pool \"k\" not found");
  context.tenant = "other";
  EXPECT_FALSE(scraper_.RelabelSteps(context, "j", {}).ok());
}

TEST_F(ScraperTest, TheTenantsLimitsHold) {
  LimitGuard limits(&tenants_, &registry_);
  ScraperOptions options;
  options.limits = &limits;
  Scraper scraper(options, &policy_, &sender_, &clock_, &metrics_);
  model::ConfigFile config = Tenants();
  config.tenants[0].limits.control.max_scrape_body_bytes = 10;
  config.tenants[0].limits.control.min_scrape_interval = absl::Milliseconds(70);
  tenants_.Replace(config);
  server_.SetPage("a_long_name 1\n");
  scraper.Apply(PoolOf(server_.address(), "  body_size_limit: 100B\n"));
  model::RequestContext context;
  context.tenant = "t";
  const absl::Time end = absl::Now() + kPatience;
  TargetList list;
  while (absl::Now() < end && (list.active.empty() || !list.active[0].scraped)) {
    list = *scraper.List(context);
  }
  ASSERT_EQ(list.active.size(), 1u);
  EXPECT_EQ(list.active[0].last_error, "body size limit exceeded");
  EXPECT_EQ(list.active[0].interval, absl::Milliseconds(70));
  bool counted = false;
  for (const auto& family : registry_.Collect()) {
    counted |= family.name == "tidegate_control_rejected_total" && !family.metric.empty();
  }
  EXPECT_TRUE(counted);
  tenants_.Replace(Tenants());
  EXPECT_TRUE(ingester_.Await("t a_long_name", 1)) << "without a restart";
}

TEST_F(ScraperTest, NobodyListens) {
  scraper_.Apply(PoolOf("127.0.0.1:1"));
  EXPECT_THAT(AwaitResult(ScrapeResult::kConnectionFailed).last_error, HasSubstr("127.0.0.1"));
}

TEST_F(ScraperTest, ASecretThatCannotBeReadIsAFaultOfTheScrape) {
  scraper_.Apply(PoolOf(server_.address(), "  bearer_token_file: /no/such/file\n"));
  EXPECT_EQ(AwaitResult(ScrapeResult::kMisconfigured).last_error, "unable to read /no/such/file");
}

TEST_F(ScraperTest, TlsToSomethingThatIsNone) {
  server_.SetPage("a 1\n");
  scraper_.Apply(PoolOf(server_.address(), "  scheme: https\n"));
  AwaitResult(ScrapeResult::kTlsFailed);
}

TEST_F(ScraperTest, ManyTargetsBeyondTheirLimitFailWithoutBeingAsked) {
  scraper_.Apply({std::make_shared<const Pool>([this] {
    Pool pool = *PoolOf(server_.address())[0];
    Target target = *pool.active[0];
    target.forced_error = "target_limit exceeded";
    pool.active[0] = std::make_shared<const Target>(target);
    return pool;
  }())});
  EXPECT_EQ(AwaitResult(ScrapeResult::kLimitExceeded).last_error, "target_limit exceeded");
  EXPECT_TRUE(ingester_.Await("t up", 0));
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(ScraperTest, TheSameTargetInTwoPoolsIsScrapedOnce) {
  server_.SetPage("a 1\n");
  auto pools = PoolOf(server_.address());
  pools.push_back(PoolOf(server_.address())[0]);
  scraper_.Apply(pools);
  EXPECT_TRUE(ingester_.Await("t a", 1));
  scraper_.Apply(pools);
  server_.SetPage("a 2\n");
  EXPECT_TRUE(ingester_.Await("t a", 2));
  scraper_.Apply({pools[1]});
  server_.SetPage("a 3\n");
  EXPECT_TRUE(ingester_.Await("t a", 3));
}

TEST_F(ScraperTest, MetadataOfTargets) {
  server_.SetPage("# HELP a What.\n# TYPE a gauge\na 1\n");
  scraper_.Apply(PoolOf(server_.address()));
  ASSERT_TRUE(ingester_.Await("t a", 1));
  model::RequestContext context;
  context.tenant = "t";
  const auto metadata = scraper_.Metadata(context, "a");
  ASSERT_TRUE(metadata.ok());
  ASSERT_EQ(metadata->size(), 1u);
  EXPECT_EQ((*metadata)[0].metric.help, "What.");
  EXPECT_EQ((*metadata)[0].target.Get("instance"), server_.address());
  EXPECT_TRUE(scraper_.Metadata(context, "b")->empty());
  context.tenant = "other";
  EXPECT_TRUE(scraper_.Metadata(context, "")->empty());
  EXPECT_TRUE(scraper_.List(context)->active.empty());
}

}  // namespace
}  // namespace tidegate::control
