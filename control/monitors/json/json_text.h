// JSON values as texts that people like to read.
#ifndef TIDEGATE_CONTROL_MONITORS_JSON_JSON_TEXT_H_
#define TIDEGATE_CONTROL_MONITORS_JSON_JSON_TEXT_H_

#include <boost/json.hpp>
#include <string>

namespace tidegate::control {

// One line; members in their order. Numbers are plain digits where that is short (20000, 0.5), with
// an exponent beyond 21 digits; NaN and infinities are null.
std::string JsonText(const boost::json::value& value);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_JSON_JSON_TEXT_H_
