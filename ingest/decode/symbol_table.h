// The symbols of a remote-write 2.0 request, and label bytes written from references to them.
#ifndef TIDEGATE_INGEST_DECODE_SYMBOL_TABLE_H_
#define TIDEGATE_INGEST_DECODE_SYMBOL_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/decode/byte_arena.h"

namespace tidegate::ingest {

// Owned by one thread, reused between requests (Clear keeps capacity). The request's bytes must
// outlive its content.
//
// A symbol lies on the wire as a length and its text, which is also how label bytes carry a name or
// a value: writing a label is two copies and four bytes of framing. Neighbouring series share most
// of their labels, so that most of the bytes are copied from the series before, run by run.
class SymbolTable {
 public:
  // `readable_end`: bytes up to it may be read, whatever they are.
  void Clear(const char* readable_end);

  // Adds what stands on the wire: a minimal varint and so many bytes.
  void AddFramed(std::string_view framed, size_t prefix);
  // Adds a text whose length has another form; the arena holds its framed copy.
  void AddText(std::string_view text, ByteArena* arena);

  size_t size() const { return symbols_.size(); }
  std::string_view text(uint32_t reference) const {
    const Symbol& symbol = symbols_[reference];
    return {symbol.framed + symbol.prefix, symbol.size - symbol.prefix};
  }

  // Label bytes (model/labels.h) are written in two steps. Plan takes name and value references in
  // turn, all of them below size() and even in number, and returns how many bytes of the arena they
  // may take. Write writes them: canonical bytes when no name comes twice and nothing is empty, and
  // in any case every label once, sorted by name. What it returns must stay until the next Write.
  size_t Plan(const std::vector<uint32_t>& references);
  std::string_view Write(ByteArena* arena);

 private:
  struct Symbol {
    const char* framed = nullptr;     // Length and text.
    uint32_t size = 0;                // Of both.
    uint8_t prefix = 0;               // Of the length.
    bool is_short = false;            // kShort bytes can be read at `framed`, and are enough.
    uint32_t successor = UINT32_MAX;  // A reference that was found to be greater; none yet.
  };

  struct LabelReference {
    uint32_t name, value;
    friend bool operator==(const LabelReference&, const LabelReference&) = default;
  };

  static constexpr size_t kShort = 32;

  void Add(Symbol symbol);
  bool InOrder(uint32_t before, uint32_t after);
  bool SharedWithLast(size_t label) const {
    return label < last_.size() && planned_[label] == last_[label];
  }
  static char* AppendSymbol(const Symbol& symbol, char* out);
  char* AppendLabel(LabelReference label, char* out) const;

  std::vector<Symbol> symbols_;
  const char* readable_end_ = nullptr;
  std::vector<LabelReference> planned_;
  size_t planned_bytes_ = 0;
  // What was written last: its labels, where each begins in the bytes, and the end.
  std::vector<LabelReference> last_;
  std::vector<uint32_t> offsets_, last_offsets_;
  const char* last_bytes_ = nullptr;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_SYMBOL_TABLE_H_
