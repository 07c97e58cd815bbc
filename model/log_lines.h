// How the lines of the program's log look.
#ifndef TIDEGATE_MODEL_LOG_LINES_H_
#define TIDEGATE_MODEL_LOG_LINES_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "spdlog/formatter.h"

namespace tidegate::model {

// "text" (for people), "logfmt" (ts=... level=... msg="...") or "json" ({"ts", "level", "msg"});
// times are UTC with milliseconds. InvalidArgument names these.
absl::StatusOr<std::unique_ptr<spdlog::formatter>> LogLines(const std::string& format);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_LOG_LINES_H_
