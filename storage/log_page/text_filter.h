// Which three-byte sequences occur in some texts, about: a literal whose sequences are not all
// there is in none of them (docs/formats/log-page.md).
#ifndef TIDEGATE_STORAGE_LOG_PAGE_TEXT_FILTER_H_
#define TIDEGATE_STORAGE_LOG_PAGE_TEXT_FILTER_H_

#include <bitset>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace tidegate::storage {

inline constexpr size_t kMaxTextFilterBits = size_t{1} << 15;

// ASCII letters count as lower case, so that one filter serves both kinds of search. Owned by one
// thread.
class TextFilterBuilder {
 public:
  TextFilterBuilder();
  ~TextFilterBuilder();
  void Add(std::string_view text);
  // 16 bytes to 4 KB, a power of two: as few as keep about three of four bits clear.
  std::string Finish() const;

 private:
  std::unique_ptr<std::bitset<kMaxTextFilterBits>> bits_;
};

// False only when no text that was added contains the literal, whatever the case of its letters.
// `filter` is what Finish returned; any other size holds everything.
bool MayContain(std::string_view filter, std::string_view literal);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOG_PAGE_TEXT_FILTER_H_
