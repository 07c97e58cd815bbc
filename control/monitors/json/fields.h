// Reads the members of a JSON object that a client sent, and says what is wrong with them.
#ifndef TIDEGATE_CONTROL_MONITORS_JSON_FIELDS_H_
#define TIDEGATE_CONTROL_MONITORS_JSON_FIELDS_H_

#include <boost/json.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tidegate::control {

// InvalidArgument when it is no JSON, or no object, or a text in it is not UTF-8.
absl::StatusOr<boost::json::object> ParseJsonObject(std::string_view text);
// The same for any value.
absl::StatusOr<boost::json::value> ParseJson(std::string_view text);

// Code points of a UTF-8 text: what clients call characters.
size_t CharacterCount(std::string_view text);

// A member that is null is as good as none. The first mistake is remembered; what is read behind it
// does not matter. Owned by one thread; the object must outlive it.
class Fields {
 public:
  // `where` begins the texts of mistakes: "headers[1].".
  explicit Fields(const boost::json::object& object, std::string where = "")
      : object_(object), where_(std::move(where)) {}

  // nullptr: none, or null.
  const boost::json::value* Value(std::string_view name) const;
  bool Has(std::string_view name) const { return Value(name) != nullptr; }
  // Also when it is null.
  bool Names(std::string_view name) const;

  std::optional<std::string> Text(std::string_view name);
  std::optional<double> Number(std::string_view name);  // Finite.
  // 3 and 3.0, not 3.5.
  std::optional<int64_t> Integer(std::string_view name);
  std::optional<bool> Bool(std::string_view name);
  std::optional<std::vector<std::string>> Texts(std::string_view name);

  // The same, and a mistake when there is none or it is empty.
  std::string RequiredText(std::string_view name, size_t max_characters);
  // At most so many characters; empty is fine.
  std::optional<std::string> BoundedText(std::string_view name, size_t max_characters);
  // A mistake outside of low to high, both included.
  std::optional<int64_t> IntegerIn(std::string_view name, int64_t low, int64_t high);
  // One of these.
  std::optional<std::string> OneOf(std::string_view name,
                                   std::initializer_list<std::string_view> words);

  // Adds a mistake: "NAME TEXT".
  void Fail(std::string_view name, std::string_view text);
  bool ok() const { return status_.ok(); }
  const absl::Status& status() const { return status_; }
  void Update(const absl::Status& status) { status_.Update(status); }

 private:
  const boost::json::object& object_;
  const std::string where_;
  absl::Status status_;
};

// A text of Boost.JSON as ours.
inline std::string StdString(const boost::json::string& text) {
  return std::string(text.data(), text.size());
}

// Of an object that was checked before it was stored; the default when it is missing or of another
// type.
std::string TextOf(const boost::json::object& object, std::string_view name);
int64_t IntegerOf(const boost::json::object& object, std::string_view name, int64_t otherwise = 0);
double NumberOf(const boost::json::object& object, std::string_view name, double otherwise = 0);
bool BoolOf(const boost::json::object& object, std::string_view name);
std::vector<std::string> TextsOf(const boost::json::object& object, std::string_view name);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_JSON_FIELDS_H_
