// Templates as trees. Built by parser.h, immutable afterwards.
#ifndef TIDEGATE_QUERY_LOGQL_TEMPLATE_TREE_H_
#define TIDEGATE_QUERY_LOGQL_TEMPLATE_TREE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "query/logql/template/functions.h"
#include "query/logql/template/value.h"

namespace tidegate::logql {

// Where something stands in the template's text, for errors.
struct SourceRange {
  size_t begin = 0;
  size_t end = 0;
};

struct TemplateCommand;

// Commands of which each gets the value of the one before as its last argument.
struct TemplatePipeline {
  // `$x := ...` or `$x = ...`; in {{range}} also `$i, $x := ...`.
  std::vector<std::string> variables;
  bool declares = false;  // :=
  std::vector<TemplateCommand> commands;
};

struct TemplateOperand {
  enum class Kind : uint8_t {
    kDot,       // Followed by fields, or not.
    kVariable,  // `name`, without '$'; "" is what the dot was at the beginning.
    kFunction,
    kAnd,  // Evaluate no more than they need.
    kOr,
    kLine,       // __line__
    kTimestamp,  // __timestamp__
    kNow,        // now
    kLiteral,
    kPipeline,  // In parentheses.
  };
  Kind kind = Kind::kDot;
  SourceRange range;
  std::string name;
  std::vector<std::string> fields;
  const TemplateFunction* function = nullptr;
  // Of a function whose first argument is an expression that stands in the template. Null: none.
  std::shared_ptr<const re2::RE2> regex;
  Value literal;
  TemplatePipeline pipeline;
};

// The first operand; if it is a function, the others are its arguments.
struct TemplateCommand {
  SourceRange range;
  std::vector<TemplateOperand> operands;
};

struct TemplateNode {
  enum class Kind : uint8_t {
    kText,
    kAction,
    kIf,
    kWith,
    kRange,
    kTemplate,  // Another one, by name; without a pipeline its dot is nil.
    kBreak,
    kContinue,
  };
  Kind kind = Kind::kText;
  SourceRange range;
  std::string text;  // Or the template's name.
  TemplatePipeline pipeline;
  std::vector<TemplateNode> body;
  std::vector<TemplateNode> otherwise;
};

struct TemplateTree {
  std::vector<TemplateNode> nodes;
  // What {{define}} and {{block}} name.
  std::map<std::string, std::vector<TemplateNode>, std::less<>> definitions;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_TEMPLATE_TREE_H_
