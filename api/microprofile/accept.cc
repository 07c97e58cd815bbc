#include "api/microprofile/accept.h"

#include <algorithm>
#include <charconv>

#include "api/http/http_request.h"

namespace tidegate::api {
namespace {

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Takes what stands before the separator off the front.
std::string_view Next(std::string_view* rest, char separator) {
  const size_t end = std::min(rest->find(separator), rest->size());
  const std::string_view piece = Trimmed(rest->substr(0, end));
  rest->remove_prefix(std::min(end + 1, rest->size()));
  return piece;
}

// 0 = does not cover it, 3 = names it.
int Specificity(std::string_view range, std::string_view media_type) {
  if (EqualsIgnoreCase(range, media_type)) return 3;
  if (range == "*/*" || range == "*") return 1;
  const size_t slash = media_type.find('/');
  if (range.size() != slash + 2 || range.substr(slash) != "/*") return 0;
  return EqualsIgnoreCase(range.substr(0, slash), media_type.substr(0, slash)) ? 2 : 0;
}

// Of the parameters behind a range; 1 without any, -1 when it is no number from 0 to 1.
double Quality(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = Next(&parameters, ';');
    if (parameter.size() < 2 || !EqualsIgnoreCase(parameter.substr(0, 2), "q=")) continue;
    double quality = -1;
    const char* const end = parameter.data() + parameter.size();
    const auto read = std::from_chars(parameter.data() + 2, end, quality);
    return read.ec == std::errc() && read.ptr == end && quality >= 0 && quality <= 1 ? quality : -1;
  }
  return 1;
}

}  // namespace

double AcceptQuality(std::string_view accept, std::string_view media_type) {
  if (Trimmed(accept).empty()) return 1;
  int best = 0;
  double wanted = 0;
  while (!accept.empty()) {
    std::string_view range = Next(&accept, ',');
    const int specificity = Specificity(Next(&range, ';'), media_type);
    const double quality = Quality(range);
    if (specificity == 0 || quality < 0 || specificity < best) continue;
    wanted = specificity > best ? quality : std::max(wanted, quality);
    best = specificity;
  }
  return wanted;
}

}  // namespace tidegate::api
