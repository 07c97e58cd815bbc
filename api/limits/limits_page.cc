#include "api/limits/limits_page.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "api/admin/home_page.h"
#include "model/config/limits_yaml.h"

namespace tidegate::api {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(10);

constexpr std::string_view kStyle =
    "body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse}td,th{padding:.2em .8em;border-bottom:1px solid #ddd;"
    "text-align:left}td.n{text-align:right}tr.full{background:#fdd}";

// Nothing may be loaded or run but this one style.
std::string ContentSecurityPolicy() {
  const model::KeyDigest digest = model::DigestOf(kStyle);
  const std::string hash = absl::Base64Escape(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
  return fmt::format(
      "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; "
      "frame-ancestors 'none'",
      hash);
}

// Rejections by limit, each as "reason: count"; those of no limit under "".
std::map<std::string, std::string> RejectionsByLimit(const TenantUse& use) {
  std::map<std::string, std::string> by_limit;
  for (const auto& [reason, count] : use.rejected) {
    std::string& text = by_limit[LimitOfReason(reason)];
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", EscapeHtml(reason), count);
  }
  return by_limit;
}

std::string Row(const std::string& name, const std::string& value, const TenantUse& use,
                const std::string& rejections) {
  const auto used = use.used.find(name);
  const bool counts = used != use.used.end();
  const std::string in_use = counts ? std::to_string(used->second) : "";
  const bool full = counts && value != "0" && in_use == value;
  return fmt::format(
      "<tr{}><td><code>{}</code></td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td>"
      "</tr>\n",
      full ? " class=\"full\"" : "", EscapeHtml(name), EscapeHtml(value), in_use, rejections);
}

// What an administrator may look at besides; nothing for others.
struct View {
  std::shared_ptr<const model::TenantConfig> tenant;
  std::vector<std::string> others;
};

absl::StatusOr<View> AdministratorsView(const model::TenantRegistry& registry,
                                        const control::TenantAdministration* tenants,
                                        const std::string& name) {
  View view;
  view.tenant = registry.Find(name);
  if (view.tenant == nullptr) {
    return absl::NotFoundError(fmt::format("tenant {} does not exist", name));
  }
  if (tenants == nullptr) return view;
  for (const control::ManagedTenant& one : tenants->List()) {
    if (one.config != nullptr) view.others.push_back(one.name);
  }
  return view;
}

absl::StatusOr<View> ViewOf(const TenantResolver& resolver, const model::TenantRegistry& registry,
                            const control::TenantAdministration* tenants,
                            const HttpRequest& request) {
  const std::string wanted(request.query.Get("tenant"));
  const auto administrator = resolver.Resolve(request, model::Permission::kAdmin);
  if (administrator.ok()) {
    return AdministratorsView(registry, tenants, wanted.empty() ? (*administrator)->name : wanted);
  }
  const auto reader = resolver.Resolve(request, model::Permission::kRead);
  if (!reader.ok()) return reader.status();
  if (wanted.empty() || wanted == (*reader)->name) return View{*reader, {}};
  return administrator.status();
}

}  // namespace

std::string LimitsPage(const model::TenantConfig& tenant, const TenantUse& use,
                       const std::vector<std::string>& others) {
  const std::string name = EscapeHtml(tenant.name);
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Limits of "
      "{0}</title>\n"
      "<style>{1}</style></head><body>\n<h1>Limits of {0}</h1>\n"
      "<p>0 is no limit. Refusals are those of the ingester and of this process since "
      "their start.</p>\n<table>\n"
      "<tr><th>limit</th><th>value</th><th>in use</th><th>refused</th></tr>\n",
      name, kStyle);
  std::map<std::string, std::string> rejections = RejectionsByLimit(use);
  for (const auto& [limit, value] : model::LimitTexts(tenant.limits)) {
    page += Row(limit, value, use, rejections[limit]);
  }
  page += "</table>\n";
  if (!rejections[""].empty()) {
    page += fmt::format("<p>Refused for other reasons: {}.</p>\n", rejections[""]);
  }
  if (!others.empty()) page += "<h2>All tenants</h2>\n<ul>\n";
  // Of a tenant's name nothing but ! and ' and * and ( and ) could matter in a link, and is none.
  for (const std::string& other : others) {
    page +=
        fmt::format("<li><a href=\"/tenant-limits?tenant={0}\">{0}</a></li>\n", EscapeHtml(other));
  }
  if (!others.empty()) page += "</ul>\n";
  return page + "</body></html>\n";
}

void AddLimitsPageRoute(const TenantResolver* resolver, const model::TenantRegistry* registry,
                        const control::TenantAdministration* tenants,
                        const TenantUseSources& sources, Router* router) {
  Route route;
  route.pattern = "/tenant-limits";
  route.handler = [=, policy = ContentSecurityPolicy()](const HttpRequest& request,
                                                        ResponseWriter& response) {
    const auto view = ViewOf(*resolver, *registry, tenants, request);
    if (!view.ok()) return response.Send(TenantRefusal(view.status()));
    model::RequestContext context = ContextFor(request, *view->tenant);
    context.deadline = absl::Now() + kTimeout;
    HttpResponse html;
    html.content_type = "text/html; charset=utf-8";
    html.headers.emplace_back("Content-Security-Policy", policy);
    html.headers.emplace_back("Cache-Control", "no-store");
    html.body = LimitsPage(*view->tenant, UseOf(sources, context), view->others);
    response.Send(std::move(html));
  };
  router->Add(std::move(route));
}

}  // namespace tidegate::api
