// Definitions of tenants and keys as they come over HTTP, and configuration files: refused, or what
// is written out of them reads back as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/config/tenant_definition.h"

namespace tidegate::model {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckTenant(std::string_view text) {
  const auto definition = ParseTenant(text, "a", {});
  if (!definition.ok()) return;
  const auto again = ParseTenant(definition->text, "a", {});
  Require(again.ok() && again->text == definition->text);
  Require(FormatTenantJson(again->tenant) == FormatTenantJson(definition->tenant));
}

void CheckKey(std::string_view text) {
  const auto key = ParseKey(text);
  if (!key.ok()) return;
  Require(IsValidTenantName(key->key.id) && !key->key.permissions.empty());
  const auto again = ParseKey(FormatKey(key->key));
  Require(again.ok() && FormatKey(again->key) == FormatKey(key->key));
}

void CheckFile(std::string_view text) {
  const auto config = ParseConfig(text);
  if (config.ok()) Require(!FormatConfig(*config).empty());
}

}  // namespace
}  // namespace tidegate::model

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  tidegate::model::CheckTenant(text);
  tidegate::model::CheckKey(text);
  tidegate::model::CheckFile(text);
  return 0;
}
