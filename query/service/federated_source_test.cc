#include <algorithm>
#include <map>

#include "gtest/gtest.h"
#include "query/federation.h"
#include "storage/testing/empty_source.h"

namespace tidegate::query {
namespace {

using model::Labels;
using Names = std::vector<std::string>;

std::vector<model::CompiledMatcher> Compiled(std::vector<model::Matcher> matchers) {
  std::vector<model::CompiledMatcher> compiled;
  for (model::Matcher& matcher : matchers) {
    compiled.push_back(*model::CompiledMatcher::Compile(std::move(matcher)));
  }
  return compiled;
}

bool MatchesAll(const std::vector<model::CompiledMatcher>& matchers, const Labels& labels) {
  return std::all_of(matchers.begin(), matchers.end(), [&](const model::CompiledMatcher& matcher) {
    return matcher.Matches(labels.Get(matcher.name()));
  });
}

// Some series of some tenants.
class TwoTenants final : public storage::WithoutSeries<storage::SeriesSource> {
 public:
  absl::Status Select(const model::RequestContext& context, const storage::Selection& selection,
                      storage::Sink<storage::SelectedSeries>& sink) override {
    for (const Labels& labels : series_.at(context.tenant)) {
      if (!MatchesAll(selection.matchers, labels)) continue;
      if (absl::Status status = sink.Add({labels, {}}); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<Labels>> Series(const model::RequestContext& context,
                                             const storage::LabelQuery& query) override {
    std::vector<Labels> found;
    for (const Labels& labels : series_.at(context.tenant)) {
      const bool all = query.selections.empty();
      const bool some = std::any_of(
          query.selections.begin(), query.selections.end(),
          [&](const std::vector<model::CompiledMatcher>& one) { return MatchesAll(one, labels); });
      if (all || some) found.push_back(labels);
    }
    return found;
  }
  absl::StatusOr<Names> LabelNames(const model::RequestContext& context,
                                   const storage::LabelQuery& query) override {
    Names names;
    const auto series = Series(context, query);
    for (const Labels& labels : *series) {
      for (const model::Label& label : labels) names.emplace_back(label.name);
    }
    return names;
  }
  absl::StatusOr<Names> LabelValues(const model::RequestContext& context, const std::string& name,
                                    const storage::LabelQuery& query) override {
    Names values;
    const auto series = Series(context, query);
    for (const Labels& labels : *series) {
      if (labels.Has(name)) values.emplace_back(labels.Get(name));
    }
    return values;
  }

 private:
  const std::map<std::string, std::vector<Labels>> series_ = {
      {"a", {Labels({{"__name__", "up"}}), Labels({{"__name__", "up"}, {"__tenant_id__", "x"}})}},
      {"b", {Labels({{"__name__", "up"}})}},
      {"c", {Labels({{"__name__", "secret"}})}},
  };
};

class FederatedSourceTest : public testing::Test {
 protected:
  class Kept final : public storage::Sink<storage::SelectedSeries> {
   public:
    absl::Status Add(storage::SelectedSeries item) override {
      texts.push_back(ToMetricString(item.labels));
      return absl::OkStatus();
    }
    Names texts;
  };

  static model::RequestContext Of(const std::string& tenant) {
    model::RequestContext context;
    context.tenant = tenant;
    return context;
  }
  Names Select(const std::string& tenants, std::vector<model::Matcher> matchers = {}) {
    Kept kept;
    EXPECT_TRUE(source_->Select(Of(tenants), {Compiled(std::move(matchers)), {}}, kept).ok());
    std::sort(kept.texts.begin(), kept.texts.end());
    return kept.texts;
  }

  TwoTenants tenants_;
  const std::unique_ptr<storage::SeriesSource> source_ = FederateTenants(&tenants_);
};

TEST_F(FederatedSourceTest, OneTenantGoesThroughAsItIs) {
  EXPECT_EQ(Select("a"), (Names{"up", "up{__tenant_id__=\"x\"}"}));
  EXPECT_EQ(*source_->LabelValues(Of("a"), "__tenant_id__", {}), Names{"x"});
}

TEST_F(FederatedSourceTest, EverySeriesSaysWhoseItIs) {
  EXPECT_EQ(Select("a|b"), (Names{"up{__tenant_id__=\"a\", original___tenant_id__=\"x\"}",
                                  "up{__tenant_id__=\"a\"}", "up{__tenant_id__=\"b\"}"}));
  EXPECT_EQ(source_->Series(Of("a|b"), {})->size(), 3u);
}

TEST_F(FederatedSourceTest, MatchersOnTheLabelChooseTenants) {
  EXPECT_EQ(Select("a|b", {{model::MatchType::kEqual, "__tenant_id__", "b"}}),
            Names{"up{__tenant_id__=\"b\"}"});
  EXPECT_TRUE(Select("a|b", {{model::MatchType::kEqual, "__tenant_id__", "c"}}).empty());
  EXPECT_EQ(Select("a|b", {{model::MatchType::kEqual, "original___tenant_id__", "x"}}),
            Names{"up{__tenant_id__=\"a\", original___tenant_id__=\"x\"}"});
  storage::LabelQuery query;
  query.selections.push_back(Compiled({{model::MatchType::kNotEqual, "__tenant_id__", "a"}}));
  EXPECT_EQ(*source_->LabelValues(Of("a|b"), "__tenant_id__", query), Names{"b"});
}

TEST_F(FederatedSourceTest, LabelsOfAll) {
  EXPECT_EQ(*source_->LabelNames(Of("a|b"), {}),
            (Names{"__name__", "__tenant_id__", "original___tenant_id__"}));
  EXPECT_EQ(*source_->LabelValues(Of("a|b"), "__tenant_id__", {}), (Names{"a", "b"}));
  EXPECT_EQ(*source_->LabelValues(Of("a|b"), "original___tenant_id__", {}), Names{"x"});
  storage::LabelQuery one;
  one.limit = 1;
  EXPECT_EQ(source_->LabelNames(Of("a|b"), one)->size(), 1u);
  EXPECT_EQ(source_->Series(Of("a|b"), one)->size(), 1u);
}

}  // namespace
}  // namespace tidegate::query
