// An array that grows without moving its elements.
#ifndef TIDEGATE_STORAGE_HEAD_PAGED_ARRAY_H_
#define TIDEGATE_STORAGE_HEAD_PAGED_ARRAY_H_

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace tidegate::storage::head {

// Elements live in zeroed pages that are made when one of their elements is first asked for, so
// that growing by one never copies the others and a fresh array over a million series costs
// nothing. Not thread safe.
template <typename T, size_t kPageElements>
class PagedArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  // The element, made (all zero bytes) if need be.
  T& At(size_t index) {
    const size_t page = index / kPageElements;
    if (page >= pages_.size()) pages_.resize(page + 1);
    if (pages_[page] == nullptr) pages_[page] = NewPage();
    return pages_[page].get()[index % kPageElements];
  }

  // nullptr when nothing near it was ever asked for.
  const T* Find(size_t index) const {
    const size_t page = index / kPageElements;
    if (page >= pages_.size() || pages_[page] == nullptr) return nullptr;
    return &pages_[page].get()[index % kPageElements];
  }

  // Elements that have memory are below this.
  size_t bound() const { return pages_.size() * kPageElements; }

  size_t memory_bytes() const {
    size_t bytes = pages_.capacity() * sizeof(pages_[0]);
    for (const Page& page : pages_) bytes += page == nullptr ? 0 : kPageElements * sizeof(T);
    return bytes;
  }

 private:
  struct Free {
    void operator()(T* page) const { std::free(page); }
  };
  using Page = std::unique_ptr<T, Free>;

  static Page NewPage() {
    void* page = std::calloc(kPageElements, sizeof(T));
    if (page == nullptr) throw std::bad_alloc();
    return Page(static_cast<T*>(page));
  }

  std::vector<Page> pages_;
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_PAGED_ARRAY_H_
