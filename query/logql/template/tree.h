// Templates as trees. Built by parser.h, immutable afterwards.
#ifndef TIDEGATE_QUERY_LOGQL_TEMPLATE_TREE_H_
#define TIDEGATE_QUERY_LOGQL_TEMPLATE_TREE_H_

#include <cstddef>
#include <cstdint>
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
  std::string variable;   // `$x := ...` or `$x = ...`; else empty.
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
    kLine,  // __line__
    kLiteral,
    kPipeline,  // In parentheses.
  };
  Kind kind = Kind::kDot;
  SourceRange range;
  std::string name;
  std::vector<std::string> fields;
  const TemplateFunction* function = nullptr;
  Value literal;
  TemplatePipeline pipeline;
};

// The first operand; if it is a function, the others are its arguments.
struct TemplateCommand {
  SourceRange range;
  std::vector<TemplateOperand> operands;
};

struct TemplateNode {
  enum class Kind : uint8_t { kText, kAction, kIf, kWith };
  Kind kind = Kind::kText;
  std::string text;
  TemplatePipeline pipeline;
  std::vector<TemplateNode> body;
  std::vector<TemplateNode> otherwise;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_TEMPLATE_TREE_H_
