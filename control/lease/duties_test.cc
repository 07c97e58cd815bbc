#include "control/lease/duties.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>

#include "storage/testing/documents_in_memory.h"

namespace tidegate::control {
namespace {

class CountingDuty final : public Duty {
 public:
  bool HasWork() override { return work; }
  void Begin() override { ++begun; }
  void Continue() override { ++continued; }
  void End() override { ++ended; }
  bool active() const { return begun > ended; }

  std::atomic<bool> work{true};
  std::atomic<int> begun{0}, continued{0}, ended{0};
};

void Await(const std::function<bool()>& wanted) {
  const absl::Time end = absl::Now() + absl::Seconds(20);
  while (!wanted() && absl::Now() < end) std::this_thread::yield();
  EXPECT_TRUE(wanted());
}

class DutiesTest : public ::testing::Test {
 protected:
  LeaseOptions Named(const std::string& holder) {
    LeaseOptions options;
    options.holder = holder;
    return options;
  }

  storage::DocumentsInMemory documents_;
  model::ManualClock clock_;
  Lease a_{Named("a"), &documents_, &clock_};
  Lease b_{Named("b"), &documents_, &clock_};
  CountingDuty of_a_, of_b_;
};

TEST_F(DutiesTest, OneProcessDoesThemAndTheOtherTakesOver) {
  Duties first(&a_, {&of_a_}, absl::Milliseconds(1));
  Await([&] { return of_a_.continued > 3; });
  Duties second(&b_, {&of_b_}, absl::Milliseconds(1));
  first.Stop();
  EXPECT_FALSE(of_a_.active());
  Await([&] { return of_b_.continued > 3; });
  EXPECT_EQ(of_a_.begun, 1);
  EXPECT_EQ(b_.epoch(), 2u);
}

TEST_F(DutiesTest, WithoutWorkNothingIsWritten) {
  of_a_.work = false;
  Duties duties(&a_, {&of_a_}, absl::Milliseconds(1));
  duties.Wake();
  EXPECT_TRUE(absl::IsNotFound(documents_.Get("leases/control").status()));
  of_a_.work = true;
  Await([&] { return of_a_.active(); });
  of_a_.work = false;
  Await([&] { return !of_a_.active() && !a_.held(); });
  EXPECT_GE(of_a_.continued, 1) << "what was taken away is still worked off";
}

TEST_F(DutiesTest, AStoreThatIsAwayEndsThem) {
  Duties duties(&a_, {&of_a_}, absl::Milliseconds(1));
  Await([&] { return of_a_.active(); });
  documents_.Fail(absl::UnavailableError("away"));
  clock_.Advance(absl::Seconds(5));
  Await([&] { return !of_a_.active(); });
  documents_.Fail(absl::OkStatus());
  Await([&] { return of_a_.active(); });
}

}  // namespace
}  // namespace tidegate::control
