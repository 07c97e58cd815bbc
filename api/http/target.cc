#include "api/http/target.h"

namespace tidegate::api {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Removes "scheme://authority" of an absolute-form target.
std::optional<std::string_view> StripAuthority(std::string_view target) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (!EqualsIgnoreCase(target.substr(0, scheme.size()), scheme)) continue;
    const size_t end = target.find_first_of("/?", scheme.size());
    return end == target.npos ? std::string_view("/") : target.substr(end);
  }
  return std::nullopt;
}

bool DecodePair(std::string_view pair, Parameters* out) {
  if (pair.find(';') != pair.npos) return false;
  const size_t equals = pair.find('=');
  auto name = PercentDecode(pair.substr(0, equals), /*plus_is_space=*/true);
  auto value = equals == pair.npos ? std::string()
                                   : PercentDecode(pair.substr(equals + 1), /*plus_is_space=*/true);
  if (!name || !value) return false;
  out->Add(*std::move(name), *std::move(value));
  return true;
}

}  // namespace

std::optional<SplitTarget> ParseTarget(std::string_view target) {
  target = target.substr(0, target.find('#'));
  if (target.empty()) return std::nullopt;
  if (target.front() != '/') {
    const auto stripped = StripAuthority(target);
    if (!stripped) return std::nullopt;
    target = *stripped;
  }
  const size_t question = target.find('?');
  if (question == target.npos) return SplitTarget{target, {}};
  return SplitTarget{target.substr(0, question), target.substr(question + 1)};
}

std::optional<std::vector<std::string>> DecodePath(std::string_view path) {
  std::vector<std::string> segments;
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  if (path.empty()) return segments;
  while (true) {
    const size_t slash = path.find('/');
    auto segment = PercentDecode(path.substr(0, slash), /*plus_is_space=*/false);
    if (!segment) return std::nullopt;
    segments.push_back(*std::move(segment));
    if (slash == path.npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

bool DecodeForm(std::string_view text, Parameters* out) {
  bool well_formed = true;
  while (!text.empty()) {
    const size_t ampersand = text.find('&');
    const std::string_view pair = text.substr(0, ampersand);
    text.remove_prefix(ampersand == text.npos ? text.size() : ampersand + 1);
    if (!pair.empty() && !DecodePair(pair, out)) well_formed = false;
  }
  return well_formed;
}

std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '+' && plus_is_space) {
      out.push_back(' ');
    } else if (c != '%') {
      out.push_back(c);
    } else {
      if (text.size() - i < 3) return std::nullopt;
      const int high = HexDigit(text[i + 1]);
      const int low = HexDigit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high << 4 | low));
      i += 2;
    }
  }
  return out;
}

}  // namespace tidegate::api
