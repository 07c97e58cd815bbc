// The labels of one entry while its stages run.
#ifndef TIDEGATE_QUERY_LOGQL_PIPELINE_ENTRY_LABELS_H_
#define TIDEGATE_QUERY_LOGQL_PIPELINE_ENTRY_LABELS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/labels.h"
#include "query/logql/lines/line_arena.h"

namespace tidegate::logql {

inline constexpr std::string_view kErrorLabel = "__error__";
inline constexpr std::string_view kErrorDetailsLabel = "__error_details__";

enum class LabelCategory : uint8_t { kStream, kMetadata, kParsed };

// Labels of the stream, structured metadata, and what stages read from the line or set. Metadata
// whose name the stream has too is `<name>_extracted`. Owned by one thread; used again for every
// entry, so that an entry whose labels no stage touches costs nothing.
//
// Source of the rules: Loki's pkg/logql/log/labels.go.
class EntryLabels {
 public:
  // Of the entries to come. The labels must outlive their use here.
  void SetStream(const model::Labels& stream);
  void SetMetadata(const model::Labels& metadata);
  // Begins the next entry of the same stream with the same metadata.
  void Begin();

  // Empty when there is none. `__error__` and `__error_details__` are labels too.
  std::string_view Get(std::string_view name) const;
  bool Has(std::string_view name) const;
  LabelCategory CategoryOf(std::string_view name) const;  // kParsed when there is none.
  // Whether a field of that name was read from the line, or a stage has set it.
  bool HasParsed(std::string_view name) const;

  // A field that was read from the line: `<name>_extracted` if the entry came with a label of that
  // name; the first value of a name counts. The bytes are copied.
  void Extract(std::string_view name, std::string_view value);
  // Replaces it in every category. The bytes are copied.
  void Set(LabelCategory category, std::string_view name, std::string_view value);
  void Erase(std::string_view name);

  // The last error of an entry counts.
  void SetError(std::string_view error, std::string_view details);
  bool has_error() const { return !error_.empty(); }

  // Names and values of all labels, errors included.
  struct Item {
    std::string_view name, value;
    LabelCategory category = LabelCategory::kStream;
    bool erased = false;
  };
  // Erased ones among them; without errors.
  const std::vector<Item>& items() const { return items_; }

  // An error that the query asks for by name (`| __error__!=""`): it is data like any other.
  void PreserveError() { preserves_error_ = true; }
  bool preserves_error() const { return preserves_error_; }

  // Whether a stage has changed anything since Begin.
  bool changed() const { return changed_ || has_error() || !error_details_.empty(); }
  // Labels without a value are among them: `| json a="missing"` gives a="". Canonical but for that.
  model::Labels All() const;
  model::Labels Of(LabelCategory category) const;  // Errors count as parsed.

 private:
  Item* Find(std::string_view name);
  const Item* Find(std::string_view name) const;
  bool InBase(std::string_view name) const;
  model::Labels Build(bool all, LabelCategory category) const;
  void Rebase();

  std::vector<Item> stream_, metadata_;
  std::vector<std::string> renamed_;  // Names of metadata whose own name the stream has.
  std::vector<Item> items_;
  size_t base_size_ = 0;
  bool base_changed_ = true;  // items_ does not begin with stream_ and metadata_ as they are.
  bool changed_ = false;
  bool preserves_error_ = false;
  std::string error_, error_details_;
  LineArena arena_;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_PIPELINE_ENTRY_LABELS_H_
