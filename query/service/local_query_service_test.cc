#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "model/labels.h"
#include "query/query_service.h"

namespace tidegate::query {
namespace {

using model::Labels;
using model::RequestContext;
using storage::LabelQuery;
using storage::SelectedExemplars;
using storage::SelectedSeries;
using storage::Selection;
using storage::Sink;

bool Matches(const Labels& labels, const std::vector<model::CompiledMatcher>& matchers) {
  for (const model::CompiledMatcher& matcher : matchers) {
    if (!matcher.Matches(labels.Get(matcher.name()))) return false;
  }
  return true;
}

// One sample a minute for each series; can be told to fail or to wait.
class FakeSource final : public storage::SeriesSource {
 public:
  FakeSource& Series(Labels labels, std::vector<double> values) {
    series_[std::move(labels)] = std::move(values);
    return *this;
  }
  FakeSource& Fails(absl::Status status) {
    failure_ = std::move(status);
    return *this;
  }
  FakeSource& BlocksUntil(absl::Notification* notification) {
    gate_ = notification;
    return *this;
  }
  std::vector<RequestContext> asked() const {
    std::lock_guard lock(asked_mutex_);
    return asked_;
  }

  absl::Status Select(const RequestContext& context, const Selection& selection,
                      Sink<SelectedSeries>& sink) override {
    {
      std::lock_guard lock(asked_mutex_);
      asked_.push_back(context);
    }
    if (gate_ != nullptr) gate_->WaitForNotification();
    if (!failure_.ok()) return failure_;
    for (const auto& [labels, values] : series_) {
      if (!Matches(labels, selection.matchers)) continue;
      auto times = std::make_shared<std::vector<model::TimestampMs>>();
      for (size_t i = 0; i < values.size(); ++i) times->push_back(static_cast<int64_t>(i) * 60'000);
      SelectedSeries found;
      found.labels = labels;
      found.columns.timestamps = std::move(times);
      found.columns.values = values;
      absl::Status status = sink.Add(std::move(found));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::Status SelectExemplars(const RequestContext&, const Selection& selection,
                               Sink<SelectedExemplars>& sink) override {
    if (!failure_.ok()) return failure_;
    for (const auto& [labels, values] : series_) {
      if (!Matches(labels, selection.matchers)) continue;
      SelectedExemplars found{.labels = labels, .exemplars = {model::Exemplar()}};
      found.exemplars[0].value = values[0];
      absl::Status status = sink.Add(std::move(found));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<Labels>> Series(const RequestContext&,
                                             const LabelQuery& query) override {
    if (!failure_.ok()) return failure_;
    std::vector<Labels> found;
    for (const auto& [labels, values] : series_) {
      bool wanted = query.selections.empty();
      for (const auto& matchers : query.selections) wanted = wanted || Matches(labels, matchers);
      if (wanted && (query.limit == 0 || found.size() < query.limit)) found.push_back(labels);
    }
    return found;
  }
  absl::StatusOr<std::vector<std::string>> LabelNames(const RequestContext& context,
                                                      const LabelQuery& query) override {
    return Strings(context, query, [](const model::Label& label) { return label.name; });
  }
  absl::StatusOr<std::vector<std::string>> LabelValues(const RequestContext& context,
                                                       const std::string& label_name,
                                                       const LabelQuery& query) override {
    return Strings(context, query, [&](const model::Label& label) {
      return label.name == label_name ? label.value : std::string_view();
    });
  }

 private:
  template <typename PickFn>
  absl::StatusOr<std::vector<std::string>> Strings(const RequestContext& context,
                                                   const LabelQuery& query, const PickFn& pick_fn) {
    LabelQuery unlimited = query;
    unlimited.limit = 0;
    const auto series = Series(context, unlimited);
    if (!series.ok()) return series.status();
    std::map<std::string, bool> found;
    for (const Labels& labels : *series) {
      for (const model::Label& label : labels) {
        if (!pick_fn(label).empty()) found.emplace(pick_fn(label), true);
      }
    }
    std::vector<std::string> strings;
    for (const auto& [text, unused] : found) {
      if (query.limit == 0 || strings.size() < query.limit) strings.push_back(text);
    }
    return strings;
  }

  std::map<Labels, std::vector<double>> series_;
  absl::Status failure_;
  absl::Notification* gate_ = nullptr;
  mutable std::mutex asked_mutex_;
  std::vector<RequestContext> asked_;
};

class FakeTenants final : public model::TenantRegistry {
 public:
  model::TenantLimits limits;
  std::shared_ptr<const model::TenantConfig> Find(std::string_view tenant) const override {
    if (tenant != "known") return nullptr;
    auto config = std::make_shared<model::TenantConfig>();
    config->limits = limits;
    return config;
  }
};

RequestContext Of(std::string tenant) {
  RequestContext context;
  context.tenant = std::move(tenant);
  return context;
}

RangeRequest Steps(int64_t start, int64_t end, int64_t step_ms, size_t limit = 0) {
  RangeRequest request;
  request.start = start;
  request.end = end;
  request.step_ms = step_ms;
  request.limit = limit;
  return request;
}

MetadataRequest Matching(std::vector<std::string> matches, size_t limit = 0) {
  MetadataRequest request;
  request.matches = std::move(matches);
  request.limit = limit;
  return request;
}

class ServiceTester {
 public:
  ServiceTester& Series(Labels labels, std::vector<double> values) {
    source.Series(std::move(labels), std::move(values));
    return *this;
  }

  ServiceTester& ExpectInstant(const std::string& query, const std::string& expected,
                               size_t limit = 0) {
    EXPECT_EQ(ToText(service->Instant(context, {.query = query, .time = 60'000, .limit = limit})),
              expected)
        << query;
    return *this;
  }
  ServiceTester& ExpectRange(const std::string& query, RangeRequest request,
                             const std::string& expected) {
    request.query = query;
    EXPECT_EQ(ToText(service->Range(context, request)), expected) << query;
    return *this;
  }
  ServiceTester& ExpectSeries(const MetadataRequest& request, const std::string& expected) {
    const auto found = service->Series(context, request);
    std::string text = found.status().ToString();
    if (found.ok()) {
      text.clear();
      for (const Labels& labels : found->series)
        absl::StrAppend(&text, ToMetricString(labels), " ");
      absl::StrAppend(&text, found->truncated ? "..." : "");
    }
    EXPECT_EQ(text, expected);
    return *this;
  }
  ServiceTester& ExpectNames(const MetadataRequest& request, const std::string& expected) {
    EXPECT_EQ(ToText(service->LabelNames(context, request)), expected);
    return *this;
  }
  ServiceTester& ExpectValues(const std::string& name, const MetadataRequest& request,
                              const std::string& expected) {
    EXPECT_EQ(ToText(service->LabelValues(context, name, request)), expected);
    return *this;
  }

  FakeSource source;
  FakeTenants tenants;
  model::ManualClock clock;
  RequestContext context = Of("known");
  std::unique_ptr<QueryService> service = CreateQueryService({}, &source, &tenants, &clock);

 private:
  static std::string ToText(const absl::StatusOr<StringsResult>& found) {
    if (!found.ok()) return found.status().ToString();
    return absl::StrCat(absl::StrJoin(found->values, " "), found->truncated ? " ..." : "");
  }
  static std::string ToText(const absl::StatusOr<QueryResult>& result) {
    if (!result.ok()) return result.status().ToString();
    std::string text;
    if (const auto* scalar = std::get_if<ScalarResult>(&result->value)) {
      absl::StrAppend(&text, "scalar ", scalar->point.value);
    }
    const std::vector<ResultSeries>* series = nullptr;
    if (const auto* vector = std::get_if<VectorResult>(&result->value)) series = &vector->series;
    if (const auto* matrix = std::get_if<MatrixResult>(&result->value)) series = &matrix->series;
    for (size_t i = 0; series != nullptr && i < series->size(); ++i) {
      absl::StrAppend(&text, i == 0 ? "" : "; ", ToMetricString((*series)[i].labels));
      for (const FloatPoint& point : (*series)[i].floats) absl::StrAppend(&text, " ", point.value);
    }
    for (const std::string& warning : result->warnings) absl::StrAppend(&text, " | ", warning);
    return text;
  }
};

class Collected final : public Sink<SelectedSeries> {
 public:
  absl::Status Add(SelectedSeries item) override {
    texts_.push_back(absl::StrCat(std::string(item.labels.metric_name()), " ",
                                  absl::StrJoin(item.columns.values, " ")));
    return absl::OkStatus();
  }
  std::vector<std::string> Sorted() {
    std::sort(texts_.begin(), texts_.end());
    return texts_;
  }

 private:
  std::vector<std::string> texts_;
};

TEST(LocalQueryService, AnswersInstantAndRange) {
  ServiceTester()
      .Series({{"__name__", "up"}, {"job", "a"}}, {1, 2, 3})
      .Series({{"__name__", "up"}, {"job", "b"}}, {4, 5, 6})
      .ExpectInstant("up", "up{job=\"a\"} 2; up{job=\"b\"} 5")
      .ExpectInstant("1 + 1", "scalar 2")
      .ExpectRange("up{job='a'}", Steps(0, 120'000, 60'000), "up{job=\"a\"} 1 2 3")
      .ExpectRange("up{job='a'}", Steps(0, 119'999, 60'000), "up{job=\"a\"} 1 2");
}

TEST(LocalQueryService, CutsToTheLimitAndSaysSo) {
  ServiceTester()
      .Series({{"__name__", "up"}, {"job", "a"}}, {1, 2})
      .Series({{"__name__", "up"}, {"job", "b"}}, {3, 4})
      .ExpectInstant("up", "up{job=\"a\"} 2 | results truncated due to limit", 1)
      .ExpectInstant("up", "up{job=\"a\"} 2; up{job=\"b\"} 4", 2)
      .ExpectRange("up", Steps(0, 0, 1, 1), "up{job=\"a\"} 1 | results truncated due to limit");
}

TEST(LocalQueryService, RefusesRangesWithoutSteps) {
  ServiceTester()
      .ExpectRange("1", Steps(0, 1, 0),
                   "INVALID_ARGUMENT: zero or negative query resolution step widths are not "
                   "accepted. Try a positive integer")
      .ExpectRange("1", Steps(2, 1, 1),
                   "INVALID_ARGUMENT: end timestamp must not be before start time");
}

TEST(LocalQueryService, LookbackOfTheRequestCounts) {
  ServiceTester tester;
  tester.Series({{"__name__", "up"}}, {1, 2, 3});
  const auto at = [&](int64_t lookback_ms) {
    const auto result = tester.service->Instant(
        tester.context, {.query = "count(up)", .time = 200'000, .lookback_ms = lookback_ms});
    return std::get<VectorResult>(result->value).series.size();
  };
  EXPECT_EQ(at(0), 1u);
  EXPECT_EQ(at(60'000), 0u);
}

TEST(LocalQueryService, TenantLimitsHold) {
  ServiceTester tester;
  tester.Series({{"__name__", "up"}}, {1, 2, 3});
  tester.tenants.limits.max_query_samples = 2;
  tester.ExpectInstant("up",
                       "RESOURCE_EXHAUSTED: query processing would load too many samples into "
                       "memory in query execution");
  tester.context.tenant = "unknown";
  tester.ExpectInstant("up", "up 2");
}

TEST(LocalQueryService, LongTextsAreRefused) {
  ServiceTester tester;
  tester.tenants.limits.max_query_expression_size_bytes = 1;
  tester.ExpectInstant("up",
                       "OUT_OF_RANGE: the raw query size in bytes exceeds the limit (query size: "
                       "2, limit: 1)");
  EXPECT_TRUE(absl::IsOutOfRange(
      tester.service->Range(Of("known"), {.query = "up", .start = 0, .end = 1, .step_ms = 1})
          .status()));
}

TEST(LocalQueryService, EndedQueriesHavePrometheusTexts) {
  ServiceTester tester;
  tester.Series({{"__name__", "up"}}, {1, 2, 3});
  tester.tenants.limits.max_query_timeout = absl::Nanoseconds(1);
  tester.ExpectInstant("up", "DEADLINE_EXCEEDED: query timed out in expression evaluation");
  tester.tenants.limits.max_query_timeout = absl::Minutes(1);
  tester.context.Cancel();
  tester.ExpectInstant("up", "CANCELLED: query was canceled in expression evaluation");
}

TEST(LocalQueryService, ErrorsOfTheSourcePassThrough) {
  ServiceTester tester;
  tester.source.Fails(absl::UnavailableError("the store is away"));
  tester.ExpectInstant("up", "UNAVAILABLE: the store is away")
      .ExpectSeries({}, "UNAVAILABLE: the store is away")
      .ExpectNames({}, "UNAVAILABLE: the store is away");
}

TEST(LocalQueryService, QueriesOfATenantWaitTheirTurn) {
  ServiceTester tester;
  tester.tenants.limits.max_concurrent_queries = 1;
  absl::Notification go_on;
  tester.source.BlocksUntil(&go_on);
  std::thread first([&] { tester.ExpectInstant("up", ""); });
  while (tester.source.asked().empty()) absl::SleepFor(absl::Milliseconds(1));
  RequestContext hurried = Of("known");
  hurried.deadline = absl::Now() + absl::Milliseconds(20);
  EXPECT_EQ(tester.service->Instant(hurried, {.query = "1", .time = 0}).status().code(),
            absl::StatusCode::kDeadlineExceeded);
  go_on.Notify();
  first.join();
}

TEST(LocalQueryService, LongRangesAreRefused) {
  ServiceTester tester;
  tester.Series({{"__name__", "up"}}, {1, 2, 3});
  tester.tenants.limits.logs.max_query_length = absl::Minutes(1);
  tester.ExpectRange("up", Steps(0, 60'000, 60'000), "up 1 2")
      .ExpectRange(
          "up", Steps(0, 60'001, 60'000),
          "OUT_OF_RANGE: the total query time range exceeds the limit (query length: 1m0s, "
          "limit: 1m0s)");
}

TEST(LocalQueryService, OldTimesAreLeftOut) {
  ServiceTester tester;
  tester.Series({{"__name__", "up"}}, {1, 2, 3});
  tester.clock.SetMs(150'000);
  tester.tenants.limits.logs.max_query_lookback = absl::Seconds(60);
  // Steps stay where they were; those before 90 s are gone.
  tester.ExpectRange("up", Steps(0, 120'000, 60'000), "up 3")
      .ExpectRange("up", Steps(0, 60'000, 60'000), "")
      .ExpectInstant("up", "");  // At 60 s.
}

TEST(LocalQueryService, RefusalsAreCountedByTenantAndLimit) {
  prometheus::Registry registry;
  ServiceTester tester;
  tester.Series({{"__name__", "up"}}, {1, 2, 3});
  EngineOptions options;
  options.metrics = &registry;
  tester.service = CreateQueryService(options, &tester.source, &tester.tenants, &tester.clock);
  model::TenantLimits& limits = tester.tenants.limits;
  const auto ask = [&] {
    InstantRequest instant;
    instant.query = "up";
    tester.service->Instant(tester.context, instant).IgnoreError();
    RangeRequest range = Steps(0, 60'000, 1000);
    range.query = "up";
    tester.service->Range(tester.context, range).IgnoreError();
  };
  ask();
  limits.max_query_samples = 2;
  ask();
  limits = {};
  limits.logs.max_query_length = absl::Seconds(1);
  ask();
  limits = {};
  limits.max_query_timeout = absl::Nanoseconds(1);
  ask();
  const std::string metrics = prometheus::TextSerializer().Serialize(registry.Collect());
  const auto has = [&](const std::string& labels_and_value) {
    return metrics.find("tidegate_query_rejected_total" + labels_and_value + "\n") !=
           std::string::npos;
  };
  EXPECT_TRUE(has(R"({reason="max_query_samples",tenant="known"} 2)")) << metrics;
  EXPECT_TRUE(has(R"({reason="max_query_length",tenant="known"} 1)")) << metrics;
  EXPECT_TRUE(has(R"({reason="max_query_timeout",tenant="known"} 2)")) << metrics;
}

// Remote read, federation and cardinality read the source without a query.
TEST(TakeTurns, ReadersWaitForQueriesOfTheirTenant) {
  ServiceTester tester;
  tester.tenants.limits.max_concurrent_queries = 1;
  EngineOptions options;
  options.turns = CreateQueryTurns(4, 0);
  tester.service = CreateQueryService(options, &tester.source, &tester.tenants, &tester.clock);
  FakeSource other;
  other.Series({{"__name__", "up"}, {"job", "a"}}, {1, 2});
  const auto in_turn = TakeTurns(&other, options.turns, &tester.tenants);
  absl::Notification go_on;
  tester.source.BlocksUntil(&go_on);
  std::thread query([&] { tester.ExpectInstant("up", ""); });
  while (tester.source.asked().empty()) absl::SleepFor(absl::Milliseconds(1));

  RequestContext hurried = Of("known");
  hurried.deadline = absl::Now() + absl::Milliseconds(20);
  Collected collected;
  EXPECT_TRUE(absl::IsDeadlineExceeded(in_turn->Select(hurried, {}, collected)));
  EXPECT_TRUE(absl::IsDeadlineExceeded(in_turn->Series(hurried, {}).status()));
  EXPECT_TRUE(absl::IsDeadlineExceeded(in_turn->LabelNames(hurried, {}).status()));
  EXPECT_TRUE(absl::IsDeadlineExceeded(in_turn->LabelValues(hurried, "job", {}).status()));
  EXPECT_TRUE(absl::IsDeadlineExceeded(tester.service->LabelNames(hurried, {}).status()));
  EXPECT_TRUE(in_turn->Series(Of("unknown"), {}).ok());  // Another tenant.
  go_on.Notify();
  query.join();
  ASSERT_TRUE(in_turn->Select(Of("known"), {}, collected).ok());
  EXPECT_EQ(collected.Sorted(), std::vector<std::string>{"up 1 2"});
  EXPECT_EQ(in_turn->Series(Of("known"), {})->size(), 1u);
  EXPECT_EQ(*in_turn->LabelNames(Of("known"), {}), (std::vector<std::string>{"__name__", "job"}));
  EXPECT_EQ(*in_turn->LabelValues(Of("known"), "job", {}), std::vector<std::string>{"a"});
}

TEST(LocalQueryService, LabelApis) {
  ServiceTester()
      .Series({{"__name__", "up"}, {"job", "b"}}, {1})
      .Series({{"__name__", "up"}, {"job", "a"}}, {1})
      .Series({{"__name__", "down"}, {"zone", "z"}}, {1})
      .ExpectSeries({}, "down{zone=\"z\"} up{job=\"a\"} up{job=\"b\"} ")
      .ExpectSeries(Matching({"up"}), "up{job=\"a\"} up{job=\"b\"} ")
      .ExpectSeries(Matching({"up{job='a'}", "down"}), "down{zone=\"z\"} up{job=\"a\"} ")
      .ExpectSeries(Matching({"up"}, 1), "up{job=\"a\"} ...")
      .ExpectSeries(Matching({"up"}, 2), "up{job=\"a\"} up{job=\"b\"} ")
      .ExpectNames({}, "__name__ job zone")
      .ExpectNames(Matching({"up"}), "__name__ job")
      .ExpectNames(Matching({}, 2), "__name__ job ...")
      .ExpectValues("job", {}, "a b")
      .ExpectValues("job", Matching({}, 1), "a ...")
      .ExpectValues("job", Matching({"down"}), "");
}

TEST(LocalQueryService, MatchersMustNameSomething) {
  ServiceTester()
      .ExpectSeries(Matching({"{job=~'.*'}"}),
                    "INVALID_ARGUMENT: match[] must contain at least one non-empty matcher")
      .ExpectNames(Matching({"up", "{}"}),
                   "INVALID_ARGUMENT: match[] must contain at least one non-empty matcher");
}

TEST(LocalQueryService, ExemplarsOfAllSelectorsOnceEach) {
  ServiceTester tester;
  tester.Series({{"__name__", "b"}}, {1})
      .Series({{"__name__", "a"}}, {2})
      .Series({{"__name__", "c"}}, {3});
  const auto found = tester.service->Exemplars(tester.context, "rate(b[1m]) + a / b", {});
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->size(), 2u);
  EXPECT_EQ((*found)[0].labels.metric_name(), "a");
  EXPECT_EQ((*found)[1].labels.metric_name(), "b");
  EXPECT_EQ((*found)[1].exemplars.size(), 1u);
}

TEST(LocalQueryService, FormatsAndParses) {
  ServiceTester tester;
  EXPECT_EQ(*tester.service->FormatQuery(tester.context, "sum  by(a)  (x)"), "sum by (a) (x)");
  EXPECT_NE(tester.service->ParseQuery(tester.context, "x")->find("vectorSelector"),
            std::string::npos);
  EXPECT_EQ(tester.service->FormatQuery(tester.context, "sum(").status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(tester.service->ParseQuery(tester.context, "sum(").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(MergedSource, SeriesOfBothSidesMeet) {
  FakeSource ingester;
  FakeSource store;
  ingester.Series({{"__name__", "both"}}, {1, 1, 1}).Series({{"__name__", "fresh"}}, {1});
  store.Series({{"__name__", "both"}}, {2, 2}).Series({{"__name__", "sealed"}}, {2});
  const auto merged = MergeSources(&ingester, &store);
  Collected collected;
  ASSERT_TRUE(merged->Select({}, {}, collected).ok());
  EXPECT_EQ(collected.Sorted(), (std::vector<std::string>{"both 2 2 1", "fresh 1", "sealed 2"}));
  EXPECT_EQ(merged->LabelValues({}, "__name__", {})->size(), 3u);
  LabelQuery two;
  two.limit = 2;
  EXPECT_EQ(merged->LabelValues({}, "__name__", two)->size(), 2u);
  EXPECT_EQ(*merged->LabelNames({}, {}), std::vector<std::string>{"__name__"});
  EXPECT_EQ(merged->Series({}, {})->size(), 3u);
}

// What the ingester sent is held until the store has answered: on the budget of the query.
TEST(MergedSource, WhatIsKeptCountsAgainstTheBudget) {
  class Budgeted final : public Sink<SelectedSeries> {
   public:
    absl::Status Add(SelectedSeries) override {
      held_at_adds.push_back(held);
      return absl::OkStatus();
    }
    absl::Status Hold(int64_t bytes) override {
      held += bytes;
      most = std::max(most, held);
      return most > limit ? absl::ResourceExhaustedError("too much") : absl::OkStatus();
    }
    int64_t limit = 1 << 20;
    int64_t held = 0;
    int64_t most = 0;
    std::vector<int64_t> held_at_adds;
  };
  FakeSource ingester;
  FakeSource store;
  ingester.Series({{"__name__", "both"}}, {1, 1, 1}).Series({{"__name__", "fresh"}}, {1});
  store.Series({{"__name__", "both"}}, {2, 2});
  const auto merged = MergeSources(&ingester, &store);
  Budgeted budgeted;
  EXPECT_TRUE(merged->Select({}, {}, budgeted).ok());
  EXPECT_GE(budgeted.most, 4 * 16);
  EXPECT_EQ(budgeted.held, 0);
  // The series that met its older part, then the other; the labels of the first are still known.
  ASSERT_EQ(budgeted.held_at_adds.size(), 2u);
  EXPECT_LT(budgeted.held_at_adds[0], budgeted.most);
  EXPECT_GE(budgeted.held_at_adds[0], budgeted.most - 3 * 16);
  Budgeted poor;
  poor.limit = 40;
  EXPECT_EQ(merged->Select({}, {}, poor).code(), absl::StatusCode::kResourceExhausted);
}

TEST(MergedSource, NeverHalfAnAnswer) {
  for (const bool ingester_fails : {false, true}) {
    FakeSource ingester;
    FakeSource store;
    (ingester_fails ? ingester : store).Fails(absl::UnavailableError("away"));
    const auto merged = MergeSources(&ingester, &store);
    Collected collected;
    EXPECT_EQ(merged->Select({}, {}, collected).code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(merged->Series({}, {}).status().code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(merged->LabelNames({}, {}).status().code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(merged->LabelValues({}, "a", {}).status().code(), absl::StatusCode::kUnavailable);
  }
}

}  // namespace
}  // namespace tidegate::query
