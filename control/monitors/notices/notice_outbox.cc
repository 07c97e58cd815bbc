#include "control/monitors/notices/notice_outbox.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>
#include <utility>

#include "control/monitors/json/fields.h"
#include "control/monitors/json/json_text.h"
#include "control/monitors/settings/stored_resources.h"

namespace tidegate::control {
namespace {

namespace json = boost::json;

constexpr std::string_view kCollection = "notices/";

}  // namespace

void AddNotices(const std::vector<const NoticeChannel*>& channels, const Notice& notice,
                absl::Time about, absl::Time now, std::vector<storage::DocumentWrite>* writes) {
  bool any = false;
  for (const NoticeChannel* channel : channels) {
    json::object stored{{"channel", channel->id},
                        {"alert", notice.alert->id},
                        {"madeMs", absl::ToUnixMillis(now)},
                        {"body", NoticeBody(*channel, notice)}};
    if (channel->type == "email") {
      if (channel->emails.empty()) continue;
      stored["to"] = json::array(channel->emails.begin(), channel->emails.end());
      stored["subject"] = NoticeSubject(notice);
    } else {
      if (channel->url.empty()) continue;
      stored["url"] = channel->url;
    }
    std::string key = fmt::format("{}{}/{:014}-{}-{}", kCollection, notice.tenant,
                                  absl::ToUnixMillis(about), notice.alert->id, channel->id);
    writes->push_back({std::move(key), JsonText(stored), std::nullopt});
    any = true;
  }
  if (any) writes->push_back({std::string(kNoticeChanges), "", std::nullopt});
}

absl::StatusOr<std::vector<PendingNotice>> LoadNotices(storage::Documents* documents) {
  const auto found = documents->List(kCollection, "", 0);
  if (!found.ok()) return found.status();
  std::vector<PendingNotice> notices;
  for (const storage::Document& document : *found) {
    const auto object = StoredObject(document);
    const std::string rest = document.key.substr(kCollection.size());
    if (!object.ok()) {
      spdlog::error("a notification is not sent: {}", std::string(object.status().message()));
      continue;
    }
    notices.push_back({document.key, rest.substr(0, rest.find('/')), TextOf(*object, "channel"),
                       TextOf(*object, "url"), TextsOf(*object, "to"), TextOf(*object, "subject"),
                       TextOf(*object, "alert"), TextOf(*object, "body"),
                       absl::FromUnixMillis(IntegerOf(*object, "madeMs"))});
  }
  return notices;
}

}  // namespace tidegate::control
