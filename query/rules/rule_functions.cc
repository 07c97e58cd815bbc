// What Prometheus adds to Go's templates (template/template.go), by name.
#include <absl/time/time.h>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "model/config/duration.h"
#include "query/logql/template/go_time.h"
#include "query/rules/humanize.h"
#include "query/rules/rule_input.h"
#include "query/vector/go_float.h"

namespace tidegate::query {
namespace {

using logql::Arguments;
using logql::ListPtr;
using logql::MapPtr;
using logql::TemplateFunction;
using logql::TemplateInput;
using logql::Value;
using logql::ValueList;
using logql::ValueMap;

using Result = absl::StatusOr<Value>;

const RuleTemplateData& DataOf(const TemplateInput& input) {
  return static_cast<const RuleInput&>(input).data();
}

const std::string& Text(const Value& value) { return std::get<std::string>(value); }

absl::Status Wrong(std::string message) { return absl::InvalidArgumentError(std::move(message)); }

// Numbers, texts of numbers.
absl::StatusOr<double> Number(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* number = std::get_if<int64_t>(&value)) return static_cast<double>(*number);
  const auto* const text = std::get_if<std::string>(&value);
  if (text == nullptr) {
    return Wrong(fmt::format("can't convert {} to float", logql::TypeName(value)));
  }
  const std::optional<double> number = ParseFloat(*text);
  if (number) return *number;
  return Wrong(fmt::format("strconv.ParseFloat: parsing \"{}\": invalid syntax", *text));
}

template <std::string (*kPrint)(double)>
Result Printed(Arguments args) {
  const absl::StatusOr<double> number = Number(args[0]);
  if (!number.ok()) return number.status();
  return Value(kPrint(*number));
}

// --- Samples

Value SampleValue(const TemplateSample& sample) {
  auto map = std::make_shared<ValueMap>();
  map->absent = ValueMap::Absent::kError;
  map->members["Labels"] = LabelMap(sample.labels);
  map->members["Value"] = sample.value;
  return MapPtr(std::move(map));
}

absl::StatusOr<const ValueMap*> Sample(const Value& value) {
  const auto* const map = std::get_if<MapPtr>(&value);
  const bool is_sample =
      map != nullptr && (*map)->members.contains("Value") && (*map)->members.contains("Labels");
  if (is_sample) return map->get();
  return Wrong(fmt::format("wrong type for value; expected *template.sample; got {}",
                           logql::TypeName(value)));
}

Result Query(const TemplateInput& input, Arguments args) {
  const RuleTemplateData& data = DataOf(input);
  if (!data.query) return Wrong("there is nothing to query here");
  const absl::StatusOr<std::vector<TemplateSample>> samples = data.query(Text(args[0]));
  if (!samples.ok()) return samples.status();
  auto list = std::make_shared<ValueList>();
  for (const TemplateSample& sample : *samples) list->items.push_back(SampleValue(sample));
  return Value(ListPtr(std::move(list)));
}

Result First(Arguments args) {
  const auto* const list = std::get_if<ListPtr>(&args[0]);
  if (list == nullptr) return Wrong("first() needs a vector");
  if ((*list)->items.empty()) return Wrong("first() called on vector with no elements");
  return (*list)->items.front();
}

std::string LabelOf(const Value& sample, std::string_view name) {
  const absl::StatusOr<const ValueMap*> map = Sample(sample);
  if (!map.ok()) return {};
  return logql::Print(Member(*std::get<MapPtr>((*map)->members.find("Labels")->second), name));
}

Result Label(Arguments args) {
  const absl::StatusOr<const ValueMap*> sample = Sample(args[1]);
  if (!sample.ok()) return sample.status();
  return Value(LabelOf(args[1], Text(args[0])));
}

Result ValueOf(Arguments args) {
  const absl::StatusOr<const ValueMap*> sample = Sample(args[0]);
  if (!sample.ok()) return sample.status();
  return (*sample)->members.find("Value")->second;
}

Result StrValue(Arguments args) {
  const absl::StatusOr<const ValueMap*> sample = Sample(args[0]);
  if (!sample.ok()) return sample.status();
  return Value(LabelOf(args[0], "__value__"));
}

Result SortByLabel(Arguments args) {
  const auto* const list = std::get_if<ListPtr>(&args[1]);
  if (list == nullptr) return Wrong("sortByLabel needs a vector");
  auto sorted = std::make_shared<ValueList>(**list);
  const std::string& name = Text(args[0]);
  std::stable_sort(sorted->items.begin(), sorted->items.end(), [&](const Value& a, const Value& b) {
    return LabelOf(a, name) < LabelOf(b, name);
  });
  return Value(ListPtr(std::move(sorted)));
}

// --- Texts

Result Args(Arguments args) {
  auto map = std::make_shared<ValueMap>();
  for (size_t i = 0; i < args.size(); ++i) map->members[fmt::format("arg{}", i)] = args[i];
  return Value(MapPtr(std::move(map)));
}

Result Match(const re2::RE2& pattern, Arguments args) {
  if (!pattern.ok()) return Wrong("error parsing regexp: " + pattern.error());
  return Value(re2::RE2::PartialMatch(Text(args[1]), pattern));
}

Result MatchText(Arguments args) { return Match(re2::RE2(Text(args[0]), re2::RE2::Quiet), args); }

// LogQL's regexReplaceAll has the text in front of the replacement.
Result ReplaceAll(const re2::RE2& pattern, Arguments args) {
  return logql::FindTemplateFunction("regexReplaceAll")
      ->with_regex(pattern, {{args[0], args[2], args[1]}});
}

Result ReplaceAllText(Arguments args) {
  return ReplaceAll(re2::RE2(Text(args[0]), re2::RE2::Quiet), args);
}

Result SafeHtml(Arguments args) { return args[0]; }
Result ToUpper(Arguments args) { return Value(absl::AsciiStrToUpper(Text(args[0]))); }
Result ToLower(Arguments args) { return Value(absl::AsciiStrToLower(Text(args[0]))); }

// The first letter of each word.
Result Title(Arguments args) {
  std::string text = Text(args[0]);
  bool inside = false;
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = absl::ascii_isalnum(byte) || c == '_' || c == '\'' || byte >= 0x80;
    if (letter && !inside) c = absl::ascii_toupper(byte);
    inside = letter;
  }
  return Value(std::move(text));
}

struct HostPort {
  std::string host;
  std::string port;
};

// As Go's net.SplitHostPort; false when it is no host with a port.
bool SplitHostPort(const std::string& text, HostPort* out) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return false;
  std::string host = text.substr(0, colon);
  if (!host.empty() && host.front() == '[') {
    if (host.back() != ']') return false;
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string::npos) {
    return false;
  }
  *out = {std::move(host), text.substr(colon + 1)};
  return true;
}

bool IsAddress(const std::string& host) {
  unsigned char buffer[16];
  return inet_pton(AF_INET, host.c_str(), buffer) == 1 ||
         inet_pton(AF_INET6, host.c_str(), buffer) == 1;
}

Result StripPort(Arguments args) {
  HostPort parts;
  return Value(SplitHostPort(Text(args[0]), &parts) ? parts.host : Text(args[0]));
}

Result StripDomain(Arguments args) {
  const std::string& text = Text(args[0]);
  HostPort parts{text, ""};
  SplitHostPort(text, &parts);
  if (IsAddress(parts.host)) return Value(text);
  std::string host = parts.host.substr(0, parts.host.find('.'));
  if (parts.port.empty()) return Value(std::move(host));
  return Value(host + ":" + parts.port);
}

// --- Times

// Of a number of seconds.
absl::StatusOr<absl::Time> Moment(double seconds) {
  if (std::abs(seconds) > 9.2e9) return Wrong(fmt::format("timestamp {} overflows", seconds));
  return absl::FromUnixNanos(static_cast<int64_t>(seconds * 1e9));
}

Result HumanizeTimestamp(Arguments args) {
  const absl::StatusOr<double> seconds = Number(args[0]);
  if (!seconds.ok()) return seconds.status();
  if (!std::isfinite(*seconds)) return Value(Humanize(*seconds));
  const absl::StatusOr<absl::Time> time = Moment(*seconds);
  if (!time.ok()) return time.status();
  return Value(logql::Print(Value(logql::TimeValue{*time})));
}

Result ToTime(Arguments args) {
  const absl::StatusOr<double> seconds = Number(args[0]);
  if (!seconds.ok()) return seconds.status();
  if (!std::isfinite(*seconds)) return Wrong("value is NaN or Inf");
  const absl::StatusOr<absl::Time> time = Moment(*seconds);
  if (!time.ok()) return time.status();
  return Value(logql::TimeValue{*time});
}

Result ParseDuration(Arguments args) {
  const absl::StatusOr<absl::Duration> duration = model::ParseDuration(Text(args[0]));
  if (duration.ok()) return Value(absl::ToDoubleSeconds(*duration));
  return Wrong(fmt::format("not a valid duration string: \"{}\"", Text(args[0])));
}

Result Now(const TemplateInput& input, Arguments) {
  return Value(static_cast<double>(DataOf(input).timestamp) / 1000);
}

// --- Addresses

Result ExternalUrl(const TemplateInput& input, Arguments) {
  return Value(std::string(DataOf(input).external_url));
}

Result PathPrefix(const TemplateInput& input, Arguments) {
  std::string_view url = DataOf(input).external_url;
  const size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  const size_t path = url.find('/');
  return Value(path == std::string_view::npos ? std::string() : std::string(url.substr(path)));
}

std::string Escaped(const Value& expression) {
  return logql::Print(*logql::FindTemplateFunction("urlquery")->call({expression}));
}

Result GraphLink(Arguments args) {
  return Value(fmt::format("/graph?g0.expr={}&g0.tab=0", Escaped(args[0])));
}

Result TableLinkOf(Arguments args) { return Value(TableLink(Text(args[0]))); }

Result UrlQueryEscape(Arguments args) { return Value(Escaped(args[0])); }

constexpr TemplateFunction kFunctions[] = {
    {"args", 0, TemplateFunction::kAny, Args},
    {"externalURL", 0, 0, nullptr, "", nullptr, ExternalUrl},
    {"first", 1, 1, First},
    {"graphLink", 1, 1, GraphLink, "s"},
    {"humanize", 1, 1, Printed<Humanize>},
    {"humanize1024", 1, 1, Printed<Humanize1024>},
    {"humanizeDuration", 1, 1, Printed<HumanizeDuration>},
    {"humanizePercentage", 1, 1, Printed<HumanizePercentage>},
    {"humanizeTimestamp", 1, 1, HumanizeTimestamp},
    {"label", 2, 2, Label, "sa"},
    {"match", 2, 2, MatchText, "s", Match},
    {"now", 0, 0, nullptr, "", nullptr, Now},
    {"parseDuration", 1, 1, ParseDuration, "s"},
    {"pathPrefix", 0, 0, nullptr, "", nullptr, PathPrefix},
    {"query", 1, 1, nullptr, "s", nullptr, Query},
    {"reReplaceAll", 3, 3, ReplaceAllText, "s", ReplaceAll},
    {"safeHtml", 1, 1, SafeHtml, "s"},
    {"sortByLabel", 2, 2, SortByLabel, "sa"},
    {"stripDomain", 1, 1, StripDomain, "s"},
    {"stripPort", 1, 1, StripPort, "s"},
    {"strvalue", 1, 1, StrValue},
    {"tableLink", 1, 1, TableLinkOf, "s"},
    {"title", 1, 1, Title, "s"},
    {"toLower", 1, 1, ToLower, "s"},
    {"toTime", 1, 1, ToTime},
    {"toUpper", 1, 1, ToUpper, "s"},
    {"urlQueryEscape", 1, 1, UrlQueryEscape, "s"},
    {"value", 1, 1, ValueOf},
};

}  // namespace

Value LabelMap(const model::Labels& labels) {
  auto map = std::make_shared<ValueMap>();
  map->absent = ValueMap::Absent::kEmptyText;
  for (const model::Label& label : labels) {
    map->members.emplace(std::string(label.name), std::string(label.value));
  }
  return MapPtr(std::move(map));
}

std::string TableLink(std::string_view expression) {
  return fmt::format("/graph?g0.expr={}&g0.tab=1", Escaped(Value(std::string(expression))));
}

const TemplateFunction* FindRuleFunction(std::string_view name) {
  for (const TemplateFunction& function : kFunctions) {
    if (function.name == name) return &function;
  }
  return logql::FindGoFunction(name);
}

}  // namespace tidegate::query
