#include "api/admin/home_page.h"

#include <fmt/format.h>

#include <span>
#include <utility>

namespace tidegate::api {
namespace {

struct Link {
  std::string_view path;
  std::string_view meaning;
};

constexpr Link kQueryLinks[] = {
    {"/prometheus/api/v1/query?query=vector(1)", "instant queries (PromQL)"},
    {"/prometheus/api/v1/labels", "label names"},
    {"/prometheus/api/v1/metadata", "metric metadata"},
    {"/prometheus/api/v1/status/buildinfo", "build information"},
    {"/prometheus/api/v1/status/runtimeinfo", "run-time information"},
    {"/prometheus/api/v1/status/flags", "flags"},
    {"/prometheus/api/v1/status/config", "configuration"},
};
constexpr Link kOperationLinks[] = {
    {"/-/ready", "readiness"},
    {"/-/healthy", "liveness"},
    {"/-/metrics", "this process's own metrics"},
    {"/metrics", "the same, as MicroProfile has them"},
};

constexpr std::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Tidegate</title>\n"
    "<style>body{font:16px/1.5 sans-serif;max-width:44em;margin:3em auto;padding:0 1em}"
    "code{background:#eee;padding:0 .3em}</style></head><body>\n<h1>Tidegate</h1>\n";

void AddLinks(std::string_view title, std::span<const Link> links, std::string* page) {
  page->append(fmt::format("<h2>{}</h2>\n<ul>\n", title));
  for (const Link& link : links) {
    page->append(fmt::format("<li><a href=\"{0}\">{0}</a>: {1}</li>\n", EscapeHtml(link.path),
                             link.meaning));
  }
  page->append("</ul>\n");
}

}  // namespace

std::string HomePage(const HomePageFacts& facts) {
  std::string page(kHead);
  page.append(fmt::format(
      "<p>Version {}, running as <code>--target={}</code>. A metrics gateway that speaks "
      "Prometheus' protocols.</p>\n",
      EscapeHtml(facts.version), EscapeHtml(facts.target)));
  if (facts.page_left_out) {
    page.append(
        "<p>This binary was built without its page in the browser: <code>npm</code> or its "
        "registry "
        "could not be reached then. Everything else works; <code>./dev build</code> tries "
        "again.</p>\n");
  }
  if (facts.serves_push) {
    page.append(
        "<h2>Push</h2>\n<p>Prometheus remote write: <code>POST /api/v1/push</code> (or "
        "<code>/api/v1/write</code>).</p>\n");
  }
  if (facts.serves_queries) {
    page.append(
        "<h2>Grafana</h2>\n<p>Add a Prometheus data source with the URL of this page, or with "
        "<code>/prometheus</code> behind it.</p>\n");
    AddLinks("Queries", kQueryLinks, &page);
  }
  AddLinks("Operation", kOperationLinks, &page);
  page.append("</body></html>\n");
  return page;
}

void AddHomePageRoute(const HomePageFacts& facts, Router* router) {
  Route route;
  route.pattern = "/";
  route.handler = [page = HomePage(facts)](const HttpRequest&, ResponseWriter& response) {
    HttpResponse html;
    html.content_type = "text/html; charset=utf-8";
    html.body = page;
    response.Send(std::move(html));
  };
  router->Add(std::move(route));
}

std::string EscapeHtml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace tidegate::api
