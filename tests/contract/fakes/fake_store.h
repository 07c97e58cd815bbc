// A Store that keeps what is handed over, and fails where a test tells it to.
#ifndef TIDEGATE_TESTS_CONTRACT_FAKES_FAKE_STORE_H_
#define TIDEGATE_TESTS_CONTRACT_FAKES_FAKE_STORE_H_

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/store.h"
#include "storage/testing/empty_source.h"

namespace tidegate::contract {

// Hand-overs only; nothing is stored, and everything else is Unimplemented. One call at a time.
class FakeStore final : public storage::WithoutData<storage::Store> {
 public:
  // What these calls return.
  absl::Status start_error;
  absl::Status add_error;
  absl::Status commit_error;
  // Segments of the hand-over that was committed last.
  std::vector<storage::SealedSegment> committed;

  absl::StatusOr<std::unique_ptr<storage::HandOver>> StartHandOver(
      const model::RequestContext& context, uint64_t producer,
      storage::LogPosition position) override;

  absl::StatusOr<storage::LogPosition> RegisterProducer(const model::RequestContext&, uint64_t,
                                                        const std::vector<uint64_t>&) override {
    return Nothing();
  }
  storage::Documents& documents() override { std::abort(); }
  absl::Status PutMetadata(const model::RequestContext&,
                           const std::vector<storage::TenantMetadata>&) override {
    return Nothing();
  }
  absl::StatusOr<std::vector<model::MetricMetadata>> Metadata(const model::RequestContext&,
                                                              const std::string&) override {
    return Nothing();
  }
  absl::Status Ready() const override { return absl::OkStatus(); }

 private:
  static absl::Status Nothing() { return absl::UnimplementedError("only hand-overs"); }
};

}  // namespace tidegate::contract

#endif  // TIDEGATE_TESTS_CONTRACT_FAKES_FAKE_STORE_H_
