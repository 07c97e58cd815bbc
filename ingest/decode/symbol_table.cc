#include "ingest/decode/symbol_table.h"

#include <algorithm>
#include <cstring>

namespace tidegate::ingest {
namespace {

constexpr char kLabelTag = 0x0A;
constexpr char kNameTag = 0x0A;
constexpr char kValueTag = 0x12;
// Tag and length of a label, tags of name and value.
constexpr size_t kMaxFraming = 1 + 5 + 1 + 1;

char* AppendVarint(uint64_t value, char* out) {
  for (; value >= 0x80; value >>= 7) *out++ = static_cast<char>(value | 0x80);
  *out++ = static_cast<char>(value);
  return out;
}

}  // namespace

void SymbolTable::Clear(const char* readable_end) {
  symbols_.clear();
  last_.clear();
  last_offsets_.clear();
  readable_end_ = readable_end;
}

void SymbolTable::Add(Symbol symbol) {
  symbol.is_short = symbol.size <= kShort && symbol.framed <= readable_end_ &&
                    static_cast<size_t>(readable_end_ - symbol.framed) >= kShort;
  symbols_.push_back(symbol);
}

void SymbolTable::AddFramed(std::string_view framed, size_t prefix) {
  Add({.framed = framed.data(),
       .size = static_cast<uint32_t>(framed.size()),
       .prefix = static_cast<uint8_t>(prefix)});
}

void SymbolTable::AddText(std::string_view text, ByteArena* arena) {
  char* const framed = arena->Allocate(text.size() + 5);
  char* const content = AppendVarint(text.size(), framed);
  if (!text.empty()) std::memcpy(content, text.data(), text.size());
  const auto prefix = static_cast<uint8_t>(content - framed);
  // Not short: what lies behind it in the arena is nobody's yet.
  symbols_.push_back(
      {.framed = framed, .size = static_cast<uint32_t>(text.size() + prefix), .prefix = prefix});
}

// Neighbours repeat from series to series, so that most comparisons are one of numbers.
bool SymbolTable::InOrder(uint32_t before, uint32_t after) {
  Symbol& symbol = symbols_[before];
  if (symbol.successor == after) return true;
  if (text(before) >= text(after)) return false;
  symbol.successor = after;
  return true;
}

size_t SymbolTable::Plan(const std::vector<uint32_t>& references) {
  const size_t labels = references.size() / 2;
  planned_.resize(labels);
  if (labels > 0) std::memcpy(planned_.data(), references.data(), labels * sizeof(LabelReference));
  planned_bytes_ = kShort;
  bool sorted = true;
  bool shared_before = true;
  for (size_t i = 0; i < labels; ++i) {
    const bool shared = SharedWithLast(i);
    if (shared) {
      planned_bytes_ += last_offsets_[i + 1] - last_offsets_[i];
    } else {
      planned_bytes_ +=
          kMaxFraming + symbols_[planned_[i].name].size + symbols_[planned_[i].value].size;
    }
    if (i > 0 && !(shared && shared_before)) {
      sorted = sorted && InOrder(planned_[i - 1].name, planned_[i].name);
    }
    shared_before = shared;
  }
  if (sorted) return planned_bytes_;
  std::stable_sort(planned_.begin(), planned_.end(),
                   [this](const LabelReference& a, const LabelReference& b) {
                     return text(a.name) < text(b.name);
                   });
  planned_bytes_ = kShort;
  for (const LabelReference& label : planned_) {
    planned_bytes_ += kMaxFraming + symbols_[label.name].size + symbols_[label.value].size;
  }
  return planned_bytes_;
}

inline char* SymbolTable::AppendSymbol(const Symbol& symbol, char* out) {
  if (symbol.is_short) {
    std::memcpy(out, symbol.framed, kShort);  // A known size is two instructions.
  } else {
    std::memcpy(out, symbol.framed, symbol.size);
  }
  return out + symbol.size;
}

inline char* SymbolTable::AppendLabel(LabelReference label, char* out) const {
  const Symbol& name = symbols_[label.name];
  const Symbol& value = symbols_[label.value];
  *out++ = kLabelTag;
  out = AppendVarint(uint64_t{2} + name.size + value.size, out);
  *out++ = kNameTag;
  out = AppendSymbol(name, out);
  *out++ = kValueTag;
  return AppendSymbol(value, out);
}

std::string_view SymbolTable::Write(ByteArena* arena) {
  char* const begin = arena->Allocate(planned_bytes_);
  char* out = begin;
  const size_t labels = planned_.size();
  offsets_.resize(labels + 1);
  for (size_t i = 0; i < labels;) {
    size_t run = i;
    while (run < labels && SharedWithLast(run)) {
      offsets_[run] = static_cast<uint32_t>(out - begin) + last_offsets_[run] - last_offsets_[i];
      ++run;
    }
    if (run > i) {
      const size_t bytes = last_offsets_[run] - last_offsets_[i];
      std::memcpy(out, last_bytes_ + last_offsets_[i], bytes);
      out += bytes;
      i = run;
      continue;
    }
    offsets_[i] = static_cast<uint32_t>(out - begin);
    out = AppendLabel(planned_[i++], out);
  }
  const size_t size = out - begin;
  offsets_[labels] = static_cast<uint32_t>(size);
  arena->Shrink(planned_bytes_ - size);
  last_.swap(planned_);
  last_offsets_.swap(offsets_);
  last_bytes_ = begin;
  return {begin, size};
}

}  // namespace tidegate::ingest
