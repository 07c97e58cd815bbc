#include <algorithm>
#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "query/federation.h"

namespace tidegate::query {
namespace {

using model::Labels;
using storage::LogBatch;
using storage::LogSelection;
using storage::StreamQuery;
using testing::ElementsAre;
using testing::IsEmpty;
using Names = std::vector<std::string>;

bool MatchesAll(const std::vector<model::CompiledMatcher>& matchers, const Labels& labels) {
  return std::all_of(matchers.begin(), matchers.end(), [&](const model::CompiledMatcher& matcher) {
    return matcher.Matches(labels.Get(matcher.name()));
  });
}

// Some streams of some tenants, in two batches each.
class Streams final : public storage::LogSource {
 public:
  absl::Status SelectLogs(const model::RequestContext& context, const LogSelection& selection,
                          storage::Sink<LogBatch>& sink) override {
    for (const Labels& labels : streams_.at(context.tenant)) {
      if (!MatchesAll(selection.matchers, labels)) continue;
      const auto stream = std::make_shared<const Labels>(labels);
      for (int64_t time : {1, 2}) {
        LogBatch batch;
        batch.stream = stream;
        batch.timestamps = {time};
        if (absl::Status status = sink.Add(std::move(batch)); !status.ok()) return status;
      }
    }
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<storage::StreamVolume>> StreamVolumes(
      const model::RequestContext& context, const StreamQuery& query) override {
    std::vector<storage::StreamVolume> found;
    for (const Labels& labels : streams_.at(context.tenant)) {
      const bool matches =
          query.selections.empty() ||
          std::any_of(query.selections.begin(), query.selections.end(),
                      [&](const auto& matchers) { return MatchesAll(matchers, labels); });
      if (matches) found.push_back({labels, 2, 10, 1});
    }
    return found;
  }
  absl::StatusOr<Names> StreamLabelNames(const model::RequestContext& context,
                                         const StreamQuery& query) override {
    Names names;
    const auto found = StreamVolumes(context, query);
    for (const auto& volume : *found) {
      for (const model::Label& label : volume.stream) names.emplace_back(label.name);
    }
    return names;
  }
  absl::StatusOr<Names> StreamLabelValues(const model::RequestContext& context,
                                          const std::string& name,
                                          const StreamQuery& query) override {
    Names values;
    const auto found = StreamVolumes(context, query);
    for (const auto& volume : *found) {
      if (volume.stream.Has(name)) values.emplace_back(volume.stream.Get(name));
    }
    return values;
  }

 private:
  const std::map<std::string, std::vector<Labels>> streams_ = {
      {"a", {Labels({{"app", "x"}}), Labels({{"__tenant_id__", "own"}})}},
      {"b", {Labels({{"app", "y"}})}},
      {"c", {Labels({{"app", "secret"}})}},
  };
};

class FederatedLogSourceTest : public testing::Test {
 protected:
  class Kept final : public storage::Sink<LogBatch> {
   public:
    absl::Status Add(LogBatch batch) override {
      texts.push_back(ToString(*batch.stream));
      return absl::OkStatus();
    }
    Names texts;
  };

  static model::RequestContext Of(const std::string& tenant) {
    model::RequestContext context;
    context.tenant = tenant;
    return context;
  }
  static std::vector<model::CompiledMatcher> Matching(const std::string& name,
                                                      const std::string& value) {
    return {*model::CompiledMatcher::Compile({model::MatchType::kEqual, name, value})};
  }
  Names Select(const std::string& tenants, std::vector<model::CompiledMatcher> matchers = {}) {
    Kept kept;
    LogSelection selection;
    selection.matchers = std::move(matchers);
    EXPECT_TRUE(source_->SelectLogs(Of(tenants), selection, kept).ok());
    return kept.texts;
  }

  Streams streams_;
  const std::unique_ptr<storage::LogSource> source_ = FederateLogTenants(&streams_);
};

TEST_F(FederatedLogSourceTest, OneTenantGoesThroughAsItIs) {
  EXPECT_THAT(Select("b"), ElementsAre(R"({app="y"})", R"({app="y"})"));
  EXPECT_THAT(*source_->StreamLabelNames(Of("b"), {}), ElementsAre("app"));
}

TEST_F(FederatedLogSourceTest, EveryStreamSaysWhoseItIs) {
  const std::string x = R"({__tenant_id__="a", app="x"})", y = R"({__tenant_id__="b", app="y"})",
                    own = R"({__tenant_id__="a", original___tenant_id__="own"})";
  EXPECT_THAT(Select("a|b"), ElementsAre(x, x, own, own, y, y));
  EXPECT_EQ(source_->StreamVolumes(Of("a|b"), {})->size(), 3u);
}

TEST_F(FederatedLogSourceTest, MatchersOnTheLabelChooseTenants) {
  const std::string y = R"({__tenant_id__="b", app="y"})";
  EXPECT_THAT(Select("a|b", Matching("__tenant_id__", "b")), ElementsAre(y, y));
  EXPECT_THAT(Select("a|b", Matching("__tenant_id__", "c")), IsEmpty());
  EXPECT_EQ(Select("a|b", Matching("original___tenant_id__", "own")).size(), 2u);
  StreamQuery query;
  query.selections.push_back(Matching("__tenant_id__", "c"));
  EXPECT_THAT(*source_->StreamVolumes(Of("a|b"), query), IsEmpty());
}

TEST_F(FederatedLogSourceTest, LabelsOfAll) {
  EXPECT_THAT(*source_->StreamLabelNames(Of("a|b"), {}),
              ElementsAre("__tenant_id__", "app", "original___tenant_id__"));
  EXPECT_THAT(*source_->StreamLabelValues(Of("a|b"), "__tenant_id__", {}), ElementsAre("a", "b"));
  EXPECT_THAT(*source_->StreamLabelValues(Of("a|b"), "app", {}), ElementsAre("x", "y"));
  EXPECT_THAT(*source_->StreamLabelValues(Of("a|b"), "original___tenant_id__", {}),
              ElementsAre("own"));
  StreamQuery one;
  one.limit = 1;
  EXPECT_EQ(source_->StreamLabelNames(Of("a|b"), one)->size(), 1u);
}

}  // namespace
}  // namespace tidegate::query
