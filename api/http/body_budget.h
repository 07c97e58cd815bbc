// The bound on the bodies of all requests in memory.
#ifndef TIDEGATE_API_HTTP_BODY_BUDGET_H_
#define TIDEGATE_API_HTTP_BODY_BUDGET_H_

#include <atomic>
#include <cstddef>
#include <utility>

namespace tidegate::api {

// Thread safe; must outlive its reservations.
class BodyBudget {
 public:
  // The bytes of one body, until they are released. Empty by default.
  class Reservation {
   public:
    Reservation() = default;
    Reservation(Reservation&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), bytes_(other.bytes_) {}
    Reservation& operator=(Reservation&& other) noexcept {
      Release();
      budget_ = std::exchange(other.budget_, nullptr);
      bytes_ = other.bytes_;
      return *this;
    }
    ~Reservation() { Release(); }

    // Idempotent.
    void Release() {
      if (budget_ != nullptr) budget_->used_.fetch_sub(bytes_);
      budget_ = nullptr;
    }
    // False when the budget was exceeded. No body always fits.
    bool ok() const { return budget_ != nullptr || bytes_ == 0; }

   private:
    friend class BodyBudget;
    Reservation(BodyBudget* budget, size_t bytes) : budget_(budget), bytes_(bytes) {}

    BodyBudget* budget_ = nullptr;
    size_t bytes_ = 0;
  };

  explicit BodyBudget(size_t max_bytes) : max_bytes_(max_bytes) {}

  Reservation Reserve(size_t bytes) {
    if (bytes == 0) return Reservation();
    if (used_.fetch_add(bytes) + bytes <= max_bytes_) return Reservation(this, bytes);
    used_.fetch_sub(bytes);
    return Reservation(nullptr, bytes);
  }

 private:
  const size_t max_bytes_;
  std::atomic<size_t> used_{0};
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_BODY_BUDGET_H_
