#include "ingest/decode/loki/structured_metadata.h"

#include <algorithm>

#include "ingest/decode/loki/stream_labels.h"
#include "model/quote.h"

namespace tidegate::ingest {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlnum(char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool IsNormal(std::string_view name) {
  if (name.empty() || IsDigit(name[0])) return false;
  bool any = false;
  for (size_t i = 0; i < name.size(); ++i) {
    if (IsAlnum(name[i])) {
      any = true;
    } else if (name[i] != '_' || (i > 0 && name[i - 1] == '_')) {
      return false;
    }
  }
  return any;
}

}  // namespace

std::string_view NormalizedName(std::string_view name, ByteArena* arena) {
  constexpr std::string_view kPrefix = "key_";
  if (IsNormal(name)) return name;
  if (name.empty()) return {};
  const size_t room = name.size() + kPrefix.size();
  char* const begin = arena->Allocate(room);
  char* out = begin;
  if (IsDigit(name[0])) out = std::copy(kPrefix.begin(), kPrefix.end(), out);
  bool any = false;
  for (size_t i = 0; i < name.size(); ++i) {
    if (IsAlnum(name[i])) {
      *out++ = name[i];
      any = true;
    } else if (i == 0 || out[-1] != '_') {
      *out++ = '_';
    }
  }
  arena->Shrink(room - (out - begin));
  return any ? std::string_view(begin, out - begin) : std::string_view();
}

std::string_view ValidText(std::string_view text, ByteArena* arena) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  if (model::IsValidUtf8(text) && text.find(kReplacement) == text.npos) return text;
  char* const begin = arena->Allocate(text.size());
  char* out = begin;
  for (size_t i = 0; i < text.size();) {
    const model::CodePoint point = model::DecodeUtf8(text.substr(i));
    if (!point.valid || point.value == 0xFFFD) {
      *out++ = ' ';
    } else {
      out = std::copy_n(text.data() + i, point.size, out);
    }
    i += point.size;
  }
  arena->Shrink(text.size() - (out - begin));
  return {begin, static_cast<size_t>(out - begin)};
}

void StructuredMetadata::Add(std::string_view name, std::string_view value) {
  const std::string_view normal = NormalizedName(name, &arena_);
  if (!normal.empty()) labels_.push_back({normal, ValidText(value, &arena_)});
}

std::string_view StructuredMetadata::Finish() {
  if (labels_.empty()) return {};
  SortLabels(&labels_);
  // Of equal names the last one stays.
  size_t kept = 0;
  for (size_t i = 0; i < labels_.size(); ++i) {
    if (i + 1 < labels_.size() && labels_[i + 1].name == labels_[i].name) continue;
    labels_[kept++] = labels_[i];
  }
  labels_.resize(kept);
  const std::string_view bytes = LabelBytes(labels_, &arena_);
  labels_.clear();
  return bytes;
}

}  // namespace tidegate::ingest
