#include "tests/contract/fakes/fake_store.h"

namespace tidegate::contract {
namespace {

class FakeHandOver final : public storage::HandOver {
 public:
  explicit FakeHandOver(FakeStore* store) : store_(*store) {}

  absl::Status Add(storage::SealedSegment segment) override {
    segments_.push_back(std::move(segment));
    return store_.add_error;
  }
  absl::Status Commit() override {
    if (store_.commit_error.ok()) store_.committed = std::move(segments_);
    return store_.commit_error;
  }

 private:
  FakeStore& store_;
  std::vector<storage::SealedSegment> segments_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<storage::HandOver>> FakeStore::StartHandOver(
    const model::RequestContext&, uint64_t, storage::LogPosition) {
  if (!start_error.ok()) return start_error;
  return std::make_unique<FakeHandOver>(this);
}

}  // namespace tidegate::contract
