#include "query/vector/refused_by.h"

#include "absl/strings/cord.h"

namespace tidegate::query {
namespace {

constexpr char kKey[] = "tidegate/limit";

}  // namespace

absl::Status RefusedBy(std::string_view limit, absl::Status error) {
  error.SetPayload(kKey, absl::Cord(std::string(limit)));
  return error;
}

std::string LimitThatRefused(const absl::Status& error) {
  const auto name = error.GetPayload(kKey);
  return name.has_value() ? std::string(*name) : std::string();
}

}  // namespace tidegate::query
