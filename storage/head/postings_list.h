// The numbers of the series that carry one label pair, ascending, in few bytes.
#ifndef TIDEGATE_STORAGE_HEAD_POSTINGS_LIST_H_
#define TIDEGATE_STORAGE_HEAD_POSTINGS_LIST_H_

#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include "storage/head/varint.h"

namespace tidegate::storage::head {

// Numbers come in ascending order, because series are numbered as they arrive; and the series of a
// target arrive together, so that most lists are a few runs. A finished run is two varints, gap and
// length - 1; the last run lives in the fields, so a pair with one series (or one run) needs no
// further memory. A roaring bitmap would be as small for the large lists, but costs 100 bytes and
// more for each of the many small ones. Not thread safe.
class PostingsList {
 public:
  PostingsList() = default;
  PostingsList(PostingsList&&) = default;
  PostingsList& operator=(PostingsList&&) = default;

  // `ref` is above all numbers so far.
  void Append(uint32_t ref) {
    ++count_;
    if (count_ > 1 && ref == run_end_) {
      ++run_end_;
      return;
    }
    if (count_ > 1) FinishRun();
    run_begin_ = ref;
    run_end_ = ref + 1;
  }

  uint32_t count() const { return count_; }
  size_t memory_bytes() const { return capacity_; }

  // Calls fn(begin, end) for each half-open run, ascending, until it returns false. False then.
  template <typename Fn>
  bool ForEachRun(const Fn& fn) const {
    if (count_ == 0) return true;
    FrameReader reader({bytes_.get(), size_});
    uint32_t at = 0;
    while (reader.remaining() > 0) {
      const uint32_t begin = at + static_cast<uint32_t>(reader.Varint());
      at = begin + static_cast<uint32_t>(reader.Varint()) + 1;
      if (!fn(begin, at)) return false;
    }
    return fn(run_begin_, run_end_);
  }

 private:
  void FinishRun() {
    char buffer[2 * kMaxVarintBytes];
    char* end = PutVarint(run_begin_ - finished_end_, buffer);
    end = PutVarint(run_end_ - run_begin_ - 1, end);
    const uint32_t bytes = static_cast<uint32_t>(end - buffer);
    if (size_ + bytes > capacity_) Grow();
    std::memcpy(bytes_.get() + size_, buffer, bytes);
    size_ += bytes;
    finished_end_ = run_end_;
  }

  void Grow() {
    const uint32_t capacity = capacity_ + capacity_ / 2 + 2 * kMaxVarintBytes;
    std::unique_ptr<char[]> bytes(new char[capacity]);
    if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  uint32_t size_ = 0;
  uint32_t capacity_ = 0;
  uint32_t count_ = 0;
  uint32_t finished_end_ = 0;  // End of the last run in bytes_.
  uint32_t run_begin_ = 0;
  uint32_t run_end_ = 0;
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_POSTINGS_LIST_H_
