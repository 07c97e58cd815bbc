// Which of two formats a client wants (RFC 9110, section 12.5.1).
#ifndef TIDEGATE_API_MICROPROFILE_ACCEPT_H_
#define TIDEGATE_API_MICROPROFILE_ACCEPT_H_

#include <string_view>

namespace tidegate::api {

// How much an Accept field wants a media type without parameters, such as "text/plain": 0 to 1, by
// the most specific range that covers it; 0 = not acceptable. An empty field takes everything.
// Ranges that cannot be read count as absent.
double AcceptQuality(std::string_view accept, std::string_view media_type);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_MICROPROFILE_ACCEPT_H_
