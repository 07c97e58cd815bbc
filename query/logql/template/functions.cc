#include "query/logql/template/functions.h"

namespace tidegate::logql {

const TemplateFunction* FindTemplateFunction(std::string_view name) {
  for (const auto family :
       {LogicFunctions(), MathFunctions(), RegexFunctions(), TextFunctions(), UnitFunctions()}) {
    for (const TemplateFunction& function : family) {
      if (function.name == name) return &function;
    }
  }
  return nullptr;
}

}  // namespace tidegate::logql
