#include "storage/page/log_outlines.h"

#include <algorithm>
#include <utility>

#include "storage/codec/bytes.h"
#include "storage/log_page/line_skeleton.h"
#include "storage/log_page/log_page_format.h"
#include "storage/page/page_sections.h"

namespace tidegate::storage {

void LogOutlinesBuilder::Add(uint32_t ordinal, const PageOutline& outline,
                             const std::vector<std::string>& texts, std::string_view filter) {
  std::vector<uint32_t> numbers;
  for (const std::string& text : texts) {
    const auto [at, added] =
        text_numbers_.try_emplace(text, static_cast<uint32_t>(text_numbers_.size()));
    numbers.push_back(at->second);
    if (!added) continue;
    PutVarint(text.size(), &text_sizes_);
    texts_ += text;
  }
  std::string bytes;
  EncodeOutline(outline, numbers, &bytes);
  PutVarint(ordinal - next_ordinal_, &pages_bytes_);
  PutU8(outline.classes(), &pages_bytes_);
  PutBytes(filter, &pages_bytes_);
  PutBytes(bytes, &pages_bytes_);
  next_ordinal_ = ordinal + 1;
  ++pages_;
}

std::vector<std::string> LogOutlinesBuilder::Finish() const {
  std::vector<std::string> sections(2);
  PutVarint(text_numbers_.size(), &sections[0]);
  sections[0] += text_sizes_;
  sections[0] += texts_;
  PutVarint(pages_, &sections[1]);
  sections[1] += pages_bytes_;
  return sections;
}

bool LogOutlines::ParseTexts(std::string_view section) {
  ByteReader in(section);
  std::vector<uint64_t> sizes(in.Count(1));
  for (uint64_t& size : sizes) size = in.Varint();
  std::vector<std::string_view> texts;
  for (const uint64_t size : sizes) texts.push_back(in.Take(size));
  if (in.done()) Sort(texts);
  return in.done();
}

// Those that hold a kTextMark behind the others: more can stand in them.
void LogOutlines::Sort(const std::vector<std::string_view>& texts) {
  size_t bytes = 0;
  for (const std::string_view text : texts) {
    bytes += text.size();
    marks_.push_back(static_cast<uint32_t>(std::count_if(text.begin(), text.end(), IsMark)));
  }
  texts_bytes_.reserve(bytes);
  texts_.resize(texts.size());
  for (const bool open : {false, true}) {
    for (size_t i = 0; i < texts.size(); ++i) {
      if ((texts[i].find(kTextMark) != std::string_view::npos) != open) continue;
      const size_t begin = texts_bytes_.size();
      texts_bytes_ += texts[i];
      texts_[i] = std::string_view(texts_bytes_).substr(begin);
    }
    if (!open) closed_bytes_ = texts_bytes_.size();
  }
}

std::string_view LogOutlines::closed_texts() const {
  return std::string_view(texts_bytes_).substr(0, closed_bytes_);
}

std::string_view LogOutlines::open_texts() const {
  return std::string_view(texts_bytes_).substr(closed_bytes_);
}

bool LogOutlines::ParsePages() {
  ByteReader in(pages_bytes_);
  pages_.resize(in.Count(4));
  uint64_t ordinal = 0;
  for (Page& page : pages_) {
    ordinal += in.Varint();
    if (ordinal >= kLogOutlinesOrdinal) return false;
    page.ordinal = static_cast<uint32_t>(ordinal++);
    page.classes = in.U8();
    page.filter = in.Bytes();
    page.outline = in.Bytes();
    if ((page.classes & ~kTextClasses) != 0) return false;
    classes_ |= page.classes;
  }
  return in.done();
}

absl::StatusOr<std::shared_ptr<const LogOutlines>> LogOutlines::Parse(
    std::vector<std::string> sections) {
  std::shared_ptr<LogOutlines> outlines(new LogOutlines());
  bool ok = sections.size() == 2 && outlines->ParseTexts(sections[0]);
  if (ok) outlines->pages_bytes_ = std::move(sections[1]);
  ok = ok && outlines->ParsePages();
  if (!ok) return absl::DataLossError("not the outlines of log pages");
  return outlines;
}

const LogOutlines::Page* LogOutlines::Find(uint32_t ordinal) const {
  const auto at = std::lower_bound(pages_.begin(), pages_.end(), ordinal,
                                   [](const Page& page, uint32_t n) { return page.ordinal < n; });
  return at != pages_.end() && at->ordinal == ordinal ? &*at : nullptr;
}

uint64_t LogOutlines::memory_bytes() const {
  return sizeof(LogOutlines) + texts_bytes_.size() + pages_bytes_.size() +
         texts_.size() * (sizeof(texts_[0]) + sizeof(marks_[0])) + pages_.size() * sizeof(Page);
}

absl::StatusOr<std::shared_ptr<const LogOutlines>> ReadLogOutlines(const SegmentId& id,
                                                                   const PageSource& source) {
  auto sections = ReadSections(PageKey(id, kLogOutlinesOrdinal, PageKind::kLogOutlines),
                               PageKind::kLogOutlines, source);
  if (!sections.ok()) return sections.status();
  return LogOutlines::Parse(*std::move(sections));
}

}  // namespace tidegate::storage
