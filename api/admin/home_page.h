// `/` of a process without the page: one plain text that says what runs here.
#ifndef TIDEGATE_API_ADMIN_HOME_PAGE_H_
#define TIDEGATE_API_ADMIN_HOME_PAGE_H_

#include <string>
#include <string_view>

#include "api/http/router.h"

namespace tidegate::api {

struct HomePageFacts {
  std::string version;
  std::string target;
  bool serves_push = false;
  bool serves_queries = false;
  // The page would be here, but the binary was built without it.
  bool page_left_out = false;
};

// HTML of its own: no scripts, no external resources.
std::string HomePage(const HomePageFacts& facts);

void AddHomePageRoute(const HomePageFacts& facts, Router* router);

// & < > " ' as character references.
std::string EscapeHtml(std::string_view text);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_ADMIN_HOME_PAGE_H_
