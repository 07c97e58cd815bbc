// The page in a browser: where it is found.
#ifndef TIDEGATE_API_WEB_PAGE_ROUTES_H_
#define TIDEGATE_API_WEB_PAGE_ROUTES_H_

#include "api/http/router.h"
#include "api/web/page_files.h"

namespace tidegate::api {

// Adds /ui/ and all below it, and leads / and /ui there. /graph, where links in alerts lead
// (Prometheus' generatorURL), goes to the page's place for expressions, with its query string.
// Nobody has to authenticate for the page: it holds no data and asks for a key where one is needed.
// Answers come from memory, on io threads: the page opens when every worker is busy.
void AddPageRoutes(const PageFiles& files, Router* router);

}  // namespace tidegate::api

#endif  // TIDEGATE_API_WEB_PAGE_ROUTES_H_
