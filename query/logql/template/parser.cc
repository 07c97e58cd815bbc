#include "query/logql/template/parser.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "model/quote.h"
#include "query/logql/lines/line_arena.h"
#include "query/logql/lines/line_text.h"

namespace tidegate::logql {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool IsWordChar(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_'; }
bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// Recursive descent over the characters. The first error stays in status_.
class Parser {
 public:
  Parser(std::string_view name, std::string_view text, const TemplateLanguage& language)
      : name_(name), text_(text), language_(language) {}

  absl::StatusOr<TemplateTree> Parse() {
    const std::string end = List(&tree_.nodes);
    if (ok() && !end.empty()) Fail(fmt::format("unexpected {{{{{}}}}}", end));
    if (!ok()) return status_;
    return std::move(tree_);
  }

 private:
  bool ok() const { return status_.ok(); }
  void Fail(std::string_view message) {
    if (!ok()) return;
    const size_t at = std::min(position_, text_.size());
    const auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<long>(at), '\n');
    status_ = absl::InvalidArgumentError(fmt::format("template: {}:{}: {}", name_, line, message));
  }

  std::string_view Rest() const { return text_.substr(std::min(position_, text_.size())); }
  bool At(std::string_view what) const { return Rest().substr(0, what.size()) == what; }
  bool Take(std::string_view what) {
    if (!At(what)) return false;
    position_ += what.size();
    return true;
  }
  void SkipBlanks() {
    position_ = std::min(text_.find_first_not_of(kBlanks, position_), text_.size());
  }
  std::string Word() {
    const size_t begin = position_;
    while (position_ < text_.size() && IsWordChar(text_[position_])) ++position_;
    return std::string(text_.substr(begin, position_ - begin));
  }

  // Nodes up to an action that ends the list, whose keyword it returns ("end", "else"), or the end
  // of the text ("").
  std::string List(std::vector<TemplateNode>* nodes) {
    while (ok()) {
      const size_t open = text_.find("{{", position_);
      std::string_view text = text_.substr(position_, open - position_);
      const bool last = open == std::string_view::npos;
      position_ = last ? text_.size() : open + 2;
      if (!last && Rest().size() > 1 && At("-") && kBlanks.find(Rest()[1]) != kBlanks.npos) {
        text = text.substr(0, text.find_last_not_of(kBlanks) + 1);
        ++position_;
      }
      if (!text.empty()) AddText(text, nodes);
      if (last) return "";
      SkipBlanks();
      if (Take("/*")) {
        Comment();
        continue;
      }
      const size_t word_at = position_;
      const std::string word = Word();
      if (word == "end" || word == "else") return word;
      if (Statement(word, nodes)) continue;
      position_ = word_at;
      TemplateNode node;
      node.kind = TemplateNode::Kind::kAction;
      node.pipeline = Pipeline(1);
      CloseAction();
      nodes->push_back(std::move(node));
    }
    return "";
  }

  // Behind its keyword; false when the word is none.
  bool Statement(const std::string& word, std::vector<TemplateNode>* nodes) {
    if (word == "if" || word == "with" || word == "range") {
      nodes->push_back(Block(word));
    } else if (word == "define") {
      Define();
    } else if (word == "template") {
      nodes->push_back(Invocation());
      CloseAction();
    } else if (word == "block") {
      nodes->push_back(Invocation());
      CloseAction();
      Definition(nodes->back().text);
    } else if (word == "break" || word == "continue") {
      if (ranges_ == 0) Fail(fmt::format("{{{{{}}}}} outside {{{{range}}}}", word));
      CloseAction();
      nodes->emplace_back().kind =
          word == "break" ? TemplateNode::Kind::kBreak : TemplateNode::Kind::kContinue;
    } else {
      return false;
    }
    return true;
  }

  std::string QuotedName(const char* context) {
    SkipBlanks();
    TemplateOperand operand;
    if (!At("\"") && !At("`")) {
      Fail(fmt::format("unexpected \"{}\" in {}", Rest().substr(0, RuneLength(Rest())), context));
      return {};
    }
    Quoted(text_[position_], &operand);
    return ok() ? std::get<std::string>(operand.literal) : std::string();
  }

  // {{define "name"}}: only outside of everything.
  void Define() {
    if (depth_ > 0) return Fail("unexpected {{define}}");
    const std::string name = QuotedName("define clause");
    CloseAction();
    Definition(name);
  }

  // Up to its {{end}}. Sees no variables but its own.
  void Definition(const std::string& name) {
    if (++depth_ > kMaxTemplateDepth) Fail("blocks are nested too deep");
    const std::set<std::string> outer = std::exchange(variables_, {});
    const int ranges = std::exchange(ranges_, 0);
    std::vector<TemplateNode> body;
    const std::string end = List(&body);
    if (ok() && end != "end") Fail(end.empty() ? "unexpected EOF" : "unexpected {{else}}");
    CloseAction();
    tree_.definitions[name] = std::move(body);
    variables_ = outer;
    ranges_ = ranges;
    --depth_;
  }

  // "name" [pipeline], up to the end of the action.
  TemplateNode Invocation() {
    TemplateNode node;
    node.kind = TemplateNode::Kind::kTemplate;
    SkipBlanks();
    node.range.begin = position_;
    node.text = QuotedName("template clause");
    node.range.end = position_;
    SkipBlanks();
    if (ok() && !At("}}") && !At("-}}")) node.pipeline = Pipeline(1);
    return node;
  }

  static void AddText(std::string_view text, std::vector<TemplateNode>* nodes) {
    TemplateNode node;
    node.text = std::string(text);
    nodes->push_back(std::move(node));
  }

  void Comment() {
    const size_t end = text_.find("*/", position_);
    if (end == std::string_view::npos) return Fail("unclosed comment");
    position_ = end + 2;
    CloseAction();
  }

  void CloseAction() {
    SkipBlanks();
    if (Take("-}}")) return SkipBlanks();
    if (Take("}}")) return;
    if (position_ >= text_.size()) return Fail("unclosed action");
    Fail(fmt::format("unexpected \"{}\" in command", Rest().substr(0, RuneLength(Rest()))));
  }

  // Behind the keyword, which an "else" may have led to.
  TemplateNode Block(const std::string& keyword) {
    using Kind = TemplateNode::Kind;
    TemplateNode node;
    const bool is_range = keyword == "range";
    node.kind = is_range ? Kind::kRange : keyword == "if" ? Kind::kIf : Kind::kWith;
    if (++depth_ > kMaxTemplateDepth) Fail("blocks are nested too deep");
    const std::set<std::string> outer = variables_;
    SkipBlanks();
    node.range.begin = position_;
    node.pipeline = Pipeline(is_range ? 2 : 1);
    node.range.end = position_;
    CloseAction();
    if (ok()) Bodies(keyword, &node);
    variables_ = outer;
    --depth_;
    return node;
  }

  void Bodies(const std::string& keyword, TemplateNode* node) {
    const std::set<std::string> outer = variables_;
    const bool is_range = keyword == "range";
    if (is_range) ++ranges_;
    std::string end = List(&node->body);
    if (is_range) --ranges_;
    variables_ = outer;
    if (end == "else") {
      SkipBlanks();
      const size_t word_at = position_;
      if (!is_range && Word() == keyword) {
        node->otherwise.push_back(Block(keyword));
        return;  // One {{end}} ends the whole chain.
      }
      position_ = word_at;
      CloseAction();
      end = List(&node->otherwise);
    }
    if (end == "else") return Fail("unexpected {{else}}");
    if (end.empty()) return Fail("unexpected EOF");
    CloseAction();
  }

  TemplatePipeline Pipeline(size_t most_variables) {
    TemplatePipeline pipeline;
    // In parentheses and/or may skip the declaration that what follows relies on.
    if (parentheses_ == 0) Declaration(most_variables, &pipeline);
    do {
      SkipBlanks();
      pipeline.commands.push_back(Command());
      SkipBlanks();
    } while (ok() && Take("|"));
    for (const std::string& variable : pipeline.variables) {
      if (pipeline.declares) variables_.insert(variable);
      if (variables_.count(variable) == 0) Fail("undefined variable \"$" + variable + "\"");
    }
    return pipeline;
  }

  void Declaration(size_t most_variables, TemplatePipeline* pipeline) {
    const size_t begin = position_;
    std::vector<std::string> names;
    while (Take("$")) {
      names.push_back(Word());
      SkipBlanks();
      if (names.size() == most_variables || !Take(",")) break;
      SkipBlanks();
    }
    const bool named =
        !names.empty() && std::none_of(names.begin(), names.end(),
                                       [](const std::string& name) { return name.empty(); });
    pipeline->declares = named && Take(":=");
    if (named && (pipeline->declares || Take("="))) {
      pipeline->variables = std::move(names);
    } else {
      position_ = begin;
    }
  }

  bool AtCommandEnd() const {
    return position_ >= text_.size() || At("|") || At(")") || At("}}") || At("-}}");
  }

  TemplateCommand Command() {
    TemplateCommand command;
    command.range.begin = position_;
    while (ok() && !AtCommandEnd()) {
      command.operands.push_back(Operand());
      command.range.end = position_;
      SkipBlanks();
    }
    if (position_ >= text_.size()) Fail("unclosed action");
    if (command.operands.empty()) Fail("missing value for command");
    if (ok()) CompileExpression(&command);
    return command;
  }

  // An expression that stands in the template is compiled once. A bad one is an error of every
  // entry, as in Go.
  static void CompileExpression(TemplateCommand* command) {
    TemplateOperand& first = command->operands.front();
    if (first.function == nullptr || first.function->with_regex == nullptr) return;
    if (command->operands.size() < 2) return;
    const TemplateOperand& argument = command->operands[1];
    if (argument.kind != TemplateOperand::Kind::kLiteral) return;
    const auto* const text = std::get_if<std::string>(&argument.literal);
    if (text == nullptr) return;
    first.regex = std::make_shared<const re2::RE2>(*text, re2::RE2::Quiet);
  }

  TemplateOperand Operand() {
    TemplateOperand operand;
    operand.range.begin = position_;
    const char c = text_[position_];
    const bool fraction = c == '.' && Rest().size() > 1 && IsDigit(Rest()[1]);
    if (c == '.' && !fraction) {
      operand.kind = TemplateOperand::Kind::kDot;
      if (Rest().size() < 2 || !IsWordChar(Rest()[1])) ++position_;
    } else if (c == '$') {
      ++position_;
      Variable(&operand);
    } else if (c == '(') {
      ++position_;
      Parentheses(&operand);
    } else if (c == '"' || c == '`') {
      Quoted(c, &operand);
    } else if (c == '\'') {
      Character(&operand);
    } else if (fraction || IsDigit(c) || c == '-' || c == '+') {
      Number(&operand);
    } else if (IsWordChar(c)) {
      Name(&operand);
    } else {
      Fail(fmt::format("unexpected \"{}\" in operand", Rest().substr(0, RuneLength(Rest()))));
    }
    Fields(&operand);
    operand.range.end = position_;
    return operand;
  }

  void Fields(TemplateOperand* operand) {
    using Kind = TemplateOperand::Kind;
    const bool may = operand->kind == Kind::kDot || operand->kind == Kind::kVariable ||
                     operand->kind == Kind::kPipeline;
    while (ok() && may && Rest().size() > 1 && At(".") && IsWordChar(Rest()[1])) {
      ++position_;
      operand->fields.push_back(Word());
    }
  }

  void Variable(TemplateOperand* operand) {
    operand->kind = TemplateOperand::Kind::kVariable;
    operand->name = Word();
    if (!operand->name.empty() && variables_.count(operand->name) == 0) {
      Fail(fmt::format("undefined variable \"${}\"", operand->name));
    }
  }

  void Parentheses(TemplateOperand* operand) {
    operand->kind = TemplateOperand::Kind::kPipeline;
    if (++depth_ > kMaxTemplateDepth) return Fail("parentheses are nested too deep");
    ++parentheses_;
    SkipBlanks();
    operand->pipeline = Pipeline(1);
    --parentheses_;
    --depth_;
    SkipBlanks();
    if (!Take(")")) Fail("unclosed left paren");
  }

  void Quoted(char quote, TemplateOperand* operand) {
    operand->kind = TemplateOperand::Kind::kLiteral;
    const size_t begin = ++position_;
    while (position_ < text_.size() && text_[position_] != quote) {
      position_ += quote != '`' && text_[position_] == '\\' ? 2 : 1;
    }
    if (position_ >= text_.size()) return Fail("unterminated quoted string");
    const std::string_view inside = text_.substr(begin, position_ - begin);
    ++position_;
    LineArena arena;
    const auto value = quote == '`' ? std::optional<std::string_view>(inside)
                                    : Unescape(inside, Escapes::kLogfmt, &arena);
    if (!value) return Fail("invalid syntax");
    operand->literal = std::string(*value);
  }

  // 'a' is the number of a character.
  void Character(TemplateOperand* operand) {
    const size_t begin = position_ + 1;
    Quoted('\'', operand);
    if (!ok()) return;
    const std::string text = std::get<std::string>(operand->literal);
    const model::CodePoint rune = model::DecodeUtf8(text);
    if (text.empty() || static_cast<size_t>(rune.size) != text.size()) {
      position_ = begin;
      return Fail("malformed character constant");
    }
    operand->literal = static_cast<int64_t>(rune.value);
  }

  void Number(TemplateOperand* operand) {
    operand->kind = TemplateOperand::Kind::kLiteral;
    const size_t begin = position_++;
    while (position_ < text_.size() && (IsWordChar(text_[position_]) || text_[position_] == '.')) {
      ++position_;
    }
    std::string_view digits = text_.substr(begin, position_ - begin);
    const std::string_view whole = digits;
    if (digits[0] == '+') digits.remove_prefix(1);
    const char* const end = digits.data() + digits.size();
    int64_t integer = 0;
    double number = 0;
    const bool hexadecimal = digits.size() > 2 && digits[0] == '0' && (digits[1] | 0x20) == 'x';
    if (hexadecimal && std::from_chars(digits.data() + 2, end, integer, 16).ptr == end) {
      operand->literal = integer;
    } else if (std::from_chars(digits.data(), end, integer).ptr == end && !digits.empty()) {
      operand->literal = integer;
    } else if (std::from_chars(digits.data(), end, number).ptr == end && !digits.empty()) {
      operand->literal = number;
    } else {
      Fail(fmt::format("bad number syntax: \"{}\"", whole));
    }
  }

  void Name(TemplateOperand* operand) {
    using Kind = TemplateOperand::Kind;
    operand->name = Word();
    const std::string& name = operand->name;
    operand->kind = Kind::kLiteral;
    if (name == "true" || name == "false") {
      operand->literal = name == "true";
    } else if (name == "nil") {
      operand->literal = std::monostate();
    } else if (name == "and" || name == "or") {
      operand->kind = name == "and" ? Kind::kAnd : Kind::kOr;
    } else if (language_.has_entry && name == "__line__") {
      operand->kind = Kind::kLine;
    } else if (language_.has_entry && name == "__timestamp__") {
      operand->kind = Kind::kTimestamp;
    } else if (language_.has_entry && name == "now") {
      operand->kind = Kind::kNow;
    } else {
      operand->kind = Kind::kFunction;
      operand->function = language_.find_function(name);
      if (operand->function == nullptr) {
        Fail(fmt::format("function \"{}\" not defined", name));
      }
    }
  }

  const std::string_view name_;
  const std::string_view text_;
  const TemplateLanguage& language_;
  size_t position_ = 0;
  TemplateTree tree_;
  int depth_ = 0;                    // Of blocks and parentheses.
  int ranges_ = 0;                   // Around position_, in the same definition.
  int parentheses_ = 0;              // Around position_.
  std::set<std::string> variables_;  // In scope.
  absl::Status status_;
};

}  // namespace

absl::StatusOr<TemplateTree> ParseTemplate(std::string_view name, std::string_view text,
                                           const TemplateLanguage& language) {
  return Parser(name, text, language).Parse();
}

}  // namespace tidegate::logql
