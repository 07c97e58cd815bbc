// The values of a window in order, while the window moves along a column.
#ifndef TIDEGATE_QUERY_VECTOR_SORTED_WINDOW_H_
#define TIDEGATE_QUERY_VECTOR_SORTED_WINDOW_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tidegate::query {

// NaN first, then ascending, -0 in front of 0. A step that exchanges few values costs a search and
// a move of memory for each; other steps sort anew. Owned by one thread.
class SortedWindow {
 public:
  // Forgets the column.
  void Clear();
  // The window is [begin, end) of the column now. Between two calls of Clear the column is the same
  // and neither bound goes back.
  void MoveTo(std::span<const double> column, size_t begin, size_t end);

  size_t size() const { return keys_.size(); }
  // The i-th smallest, i below size(). Any NaN comes back as a quiet one.
  double operator[](size_t i) const;

 private:
  void Insert(double value);
  void Remove(double value);

  std::vector<int64_t> keys_;  // Ordered as the values are.
  size_t begin_ = 0;
  size_t end_ = 0;
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_SORTED_WINDOW_H_
