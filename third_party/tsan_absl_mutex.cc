// Teaches TSan what absl::Mutex does. Debian's libabsl is compiled without TSan, and absl::Mutex is
// built on atomics and futexes, so TSan sees neither its locks nor the order they make: every
// correct use would be reported as a race (std::mutex needs none of this, TSan intercepts pthread).
//
// Linked into TSan builds only. The functions below take the place of the library's (a program's
// symbols come before those of the shared libraries it uses, also for the libraries' own calls),
// tell TSan, and call the real one. Not covered: Await() while holding the reader lock.

#include <absl/synchronization/mutex.h>
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace {

// The library's own function behind one of ours, looked up at its first call: locks are taken
// before main(), when the constructor of a global would not have run yet.
template <typename Result, typename... Args>
class Real {
 public:
  constexpr explicit Real(const char* mangled_name) : name_(mangled_name) {}

  Result operator()(Args... args) {
    Function* function = function_.load(std::memory_order_relaxed);
    if (function == nullptr) {
      function = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name_));
      if (function == nullptr) {
        std::fprintf(stderr, "tsan_absl_mutex.cc does not fit this libabsl: no %s\n", name_);
        std::abort();
      }
      function_.store(function, std::memory_order_relaxed);
    }
    return function(args...);
  }

 private:
  using Function = Result(Args...);
  const char* name_;
  std::atomic<Function*> function_ = nullptr;
};

using absl::Condition;
using absl::CondVar;
using absl::Duration;
using absl::Mutex;
using absl::Time;

constinit Real<void, Mutex*> real_destroy("_ZN4absl7debian35MutexD1Ev");
constinit Real<void, Mutex*> real_lock("_ZN4absl7debian35Mutex4LockEv");
constinit Real<void, Mutex*> real_unlock("_ZN4absl7debian35Mutex6UnlockEv");
constinit Real<bool, Mutex*> real_try_lock("_ZN4absl7debian35Mutex7TryLockEv");
constinit Real<void, Mutex*> real_reader_lock("_ZN4absl7debian35Mutex10ReaderLockEv");
constinit Real<void, Mutex*> real_reader_unlock("_ZN4absl7debian35Mutex12ReaderUnlockEv");
constinit Real<bool, Mutex*> real_reader_try_lock("_ZN4absl7debian35Mutex13ReaderTryLockEv");
constinit Real<void, Mutex*, const Condition&> real_lock_when(
    "_ZN4absl7debian35Mutex8LockWhenERKNS0_9ConditionE");
constinit Real<bool, Mutex*, const Condition&, Duration> real_lock_when_with_timeout(
    "_ZN4absl7debian35Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE");
constinit Real<bool, Mutex*, const Condition&, Time> real_lock_when_with_deadline(
    "_ZN4absl7debian35Mutex20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE");
constinit Real<void, Mutex*, const Condition&> real_reader_lock_when(
    "_ZN4absl7debian35Mutex14ReaderLockWhenERKNS0_9ConditionE");
constinit Real<bool, Mutex*, const Condition&, Duration> real_reader_lock_when_with_timeout(
    "_ZN4absl7debian35Mutex25ReaderLockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE");
constinit Real<bool, Mutex*, const Condition&, Time> real_reader_lock_when_with_deadline(
    "_ZN4absl7debian35Mutex26ReaderLockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE");
constinit Real<void, Mutex*, const Condition&> real_await(
    "_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE");
constinit Real<bool, Mutex*, const Condition&, Duration> real_await_with_timeout(
    "_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
constinit Real<bool, Mutex*, const Condition&, Time> real_await_with_deadline(
    "_ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
constinit Real<void, CondVar*, Mutex*> real_wait("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
constinit Real<bool, CondVar*, Mutex*, Duration> real_wait_with_timeout(
    "_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
constinit Real<bool, CondVar*, Mutex*, Time> real_wait_with_deadline(
    "_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");

constexpr unsigned kWriter = 0;
constexpr unsigned kReader = __tsan_mutex_read_lock;

// The library's functions call each other through the symbols we have taken: TSan is told about
// the outermost call only.
class Outermost {
 public:
  Outermost() { ++depth_; }
  ~Outermost() { --depth_; }
  bool Is() const { return depth_ == 1; }

 private:
  static thread_local int depth_;
};

thread_local int Outermost::depth_ = 0;

// Between the two halves TSan ignores memory accesses: absl evaluates other threads' conditions
// while it takes and gives up a lock.
class Locking {
 public:
  Locking(Mutex* mutex, unsigned mode) : mutex_(mutex), mode_(mode) {
    if (outermost_.Is()) __tsan_mutex_pre_lock(mutex_, mode_);
  }
  ~Locking() {
    if (outermost_.Is()) __tsan_mutex_post_lock(mutex_, mode_, 0);
  }

  bool Tried(bool locked) {
    if (!locked) mode_ |= __tsan_mutex_try_lock_failed;
    return locked;
  }

 private:
  Outermost outermost_;
  Mutex* mutex_;
  unsigned mode_;
};

class Unlocking {
 public:
  Unlocking(Mutex* mutex, unsigned mode) : mutex_(mutex), mode_(mode) {
    if (outermost_.Is()) __tsan_mutex_pre_unlock(mutex_, mode_);
  }
  ~Unlocking() {
    if (outermost_.Is()) __tsan_mutex_post_unlock(mutex_, mode_);
  }

 private:
  Outermost outermost_;
  Mutex* mutex_;
  unsigned mode_;
};

// Waiting gives the lock up and takes it again.
class Waiting {
 public:
  explicit Waiting(Mutex* mutex) : locking_(GivenUp(mutex), kWriter) {}

 private:
  static Mutex* GivenUp(Mutex* mutex) {
    Unlocking unlocking(mutex, kWriter);
    return mutex;
  }

  Locking locking_;
};

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

Mutex::~Mutex() {
  real_destroy(this);
  __tsan_mutex_destroy(this, __tsan_mutex_not_static);
}

void Mutex::Lock() {
  Locking locking(this, kWriter);
  real_lock(this);
}

void Mutex::Unlock() {
  Unlocking unlocking(this, kWriter);
  real_unlock(this);
}

bool Mutex::TryLock() {
  Locking locking(this, kWriter | __tsan_mutex_try_lock);
  return locking.Tried(real_try_lock(this));
}

void Mutex::ReaderLock() {
  Locking locking(this, kReader);
  real_reader_lock(this);
}

void Mutex::ReaderUnlock() {
  Unlocking unlocking(this, kReader);
  real_reader_unlock(this);
}

bool Mutex::ReaderTryLock() {
  Locking locking(this, kReader | __tsan_mutex_try_lock);
  return locking.Tried(real_reader_try_lock(this));
}

void Mutex::LockWhen(const Condition& condition) {
  Locking locking(this, kWriter);
  real_lock_when(this, condition);
}

bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
  Locking locking(this, kWriter);
  return real_lock_when_with_timeout(this, condition, timeout);
}

bool Mutex::LockWhenWithDeadline(const Condition& condition, Time deadline) {
  Locking locking(this, kWriter);
  return real_lock_when_with_deadline(this, condition, deadline);
}

void Mutex::ReaderLockWhen(const Condition& condition) {
  Locking locking(this, kReader);
  real_reader_lock_when(this, condition);
}

bool Mutex::ReaderLockWhenWithTimeout(const Condition& condition, Duration timeout) {
  Locking locking(this, kReader);
  return real_reader_lock_when_with_timeout(this, condition, timeout);
}

bool Mutex::ReaderLockWhenWithDeadline(const Condition& condition, Time deadline) {
  Locking locking(this, kReader);
  return real_reader_lock_when_with_deadline(this, condition, deadline);
}

void Mutex::Await(const Condition& condition) {
  Waiting waiting(this);
  real_await(this, condition);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  Waiting waiting(this);
  return real_await_with_timeout(this, condition, timeout);
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  Waiting waiting(this);
  return real_await_with_deadline(this, condition, deadline);
}

void CondVar::Wait(Mutex* mutex) {
  Waiting waiting(mutex);
  real_wait(this, mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  Waiting waiting(mutex);
  return real_wait_with_timeout(this, mutex, timeout);
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  Waiting waiting(mutex);
  return real_wait_with_deadline(this, mutex, deadline);
}

ABSL_NAMESPACE_END
}  // namespace absl
