// A local store in a temporary directory, and short ways to fill it and to ask it. Tests only.
#ifndef TIDEGATE_STORAGE_STORE_STORE_FIXTURE_H_
#define TIDEGATE_STORAGE_STORE_STORE_FIXTURE_H_

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "model/clock.h"
#include "storage/partition/partition.h"
#include "storage/store.h"
#include "storage/store/local_store.h"

namespace tidegate::storage {

// Samples as (time, value).
using Samples = std::vector<std::pair<model::TimestampMs, double>>;
// What a store answers: metric string -> samples.
using Answer = std::map<std::string, Samples>;

// 2026-01-01T00:00:00Z.
inline constexpr model::TimestampMs kTestNow = 1'767'225'600'000;

class FixedTenants final : public model::TenantRegistry {
 public:
  std::shared_ptr<const model::TenantConfig> Find(std::string_view tenant) const override {
    const auto at = tenants_.find(std::string(tenant));
    return at == tenants_.end() ? nullptr : at->second;
  }
  void SetRetention(const std::string& tenant, absl::Duration retention) {
    auto config = std::make_shared<model::TenantConfig>();
    config->name = tenant;
    config->retention = retention;
    tenants_[tenant] = std::move(config);
  }

 private:
  std::map<std::string, std::shared_ptr<const model::TenantConfig>> tenants_;
};

template <typename Item>
class Collect final : public Sink<Item> {
 public:
  absl::Status Add(Item item) override {
    items.push_back(std::move(item));
    return absl::OkStatus();
  }
  std::vector<Item> items;
};

// A directory that goes away with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = std::filesystem::temp_directory_path() / "tidegate-store-XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// One series of a cut.
struct CutSeries {
  model::Labels labels;
  Samples samples;
};

// Seals series into segments by partition as the head does.
std::vector<SealedSegment> Seal(const std::string& tenant, uint64_t producer, uint64_t position,
                                std::vector<CutSeries> series, model::TimestampMs now);

inline model::RequestContext ContextOf(const std::string& tenant) {
  model::RequestContext context;
  context.tenant = tenant;
  return context;
}

inline std::vector<model::CompiledMatcher> Matchers(std::vector<model::Matcher> matchers) {
  auto compiled = model::CompileMatchers(matchers);
  EXPECT_TRUE(compiled.ok());
  return *std::move(compiled);
}

class StoreFixture : public testing::Test {
 protected:
  void SetUp() override {
    clock_.SetMs(kTestNow);
    options_.directory = directory_.path();
    options_.maintenance_interval = absl::ZeroDuration();
    Open();
  }

  void Open() {
    auto store = OpenLocalStore(options_, &clock_, &tenants_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }
  void Reopen() {
    store_.reset();
    Open();
  }

  // Without predecessors; returns what the producer has committed.
  uint64_t Register(uint64_t producer) {
    const auto committed = store_->RegisterProducer(ContextOf(""), producer, {});
    EXPECT_TRUE(committed.ok()) << committed.status();
    return committed.ok() ? committed->value : 0;
  }

  absl::Status TryCommit(uint64_t producer, uint64_t position,
                         const std::vector<SealedSegment>& segments) {
    const auto known = store_->RegisterProducer(ContextOf(""), producer, {});
    if (!known.ok()) return known.status();
    auto hand_over = store_->StartHandOver(ContextOf(""), producer, {position});
    if (!hand_over.ok()) return hand_over.status();
    for (const SealedSegment& segment : segments) {
      if (absl::Status status = (*hand_over)->Add(segment); !status.ok()) return status;
    }
    return (*hand_over)->Commit();
  }
  void Commit(uint64_t position, std::vector<CutSeries> series,
              const std::string& tenant = "default") {
    const auto segments = Seal(tenant, 1, position, std::move(series), clock_.NowMs());
    const absl::Status status = TryCommit(1, position, segments);
    ASSERT_TRUE(status.ok()) << status;
  }

  Answer Ask(std::vector<model::Matcher> matchers = {}, model::TimeRange range = {},
             const std::string& tenant = "default") {
    Collect<SelectedSeries> found;
    const absl::Status status = store_->Select(
        ContextOf(tenant), {.matchers = Matchers(std::move(matchers)), .range = range}, found);
    EXPECT_TRUE(status.ok()) << status;
    Answer answer;
    for (const SelectedSeries& series : found.items) {
      const std::string name = model::ToMetricString(series.labels.view());
      EXPECT_FALSE(answer.contains(name)) << name << " came twice";
      Samples& samples = answer[name];
      for (size_t i = 0; i < series.columns.values.size(); ++i) {
        samples.emplace_back((*series.columns.timestamps)[i], series.columns.values[i]);
      }
    }
    return answer;
  }

  TemporaryDirectory directory_;
  model::ManualClock clock_;
  FixedTenants tenants_;
  LocalStoreOptions options_;
  std::unique_ptr<LocalStore> store_;
};

// `count` samples from `first` on, every `step` ms, values first_value, first_value + 1, ...
Samples Ramp(model::TimestampMs first, int count, int64_t step = 15'000, double first_value = 0);

model::Labels Metric(const std::string& name,
                     std::vector<std::pair<std::string, std::string>> labels = {});

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_STORE_FIXTURE_H_
