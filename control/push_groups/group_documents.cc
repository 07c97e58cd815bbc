#include "control/push_groups/group_documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "control/limits/limit_guard.h"
#include "control/push_groups/group_body.h"
#include "model/labels.h"
#include "model/series_id.h"

namespace tidegate::control {
namespace {

constexpr std::string_view kChanges = "push_group_changes";
constexpr std::string_view kRoot = "push_groups/";
// Two pushes to one group at the same time: the later one sees what the other did.
constexpr int kAttempts = 5;
// Documents that are in memory at once while they are counted: each may be as large as a group.
constexpr size_t kCountedAtOnce = 32;

std::string Prefix(const std::string& tenant) { return fmt::format("{}{}/", kRoot, tenant); }

std::string KeyOf(const std::string& tenant, const PushLabels& labels) {
  const model::Labels sorted{PushLabels(labels)};
  const model::SeriesId id = model::HashLabelBytes(sorted.bytes());
  return fmt::format("{}{:016x}{:016x}", Prefix(tenant), id.high, id.low);
}

}  // namespace

absl::StatusOr<GroupDocuments::Stored> GroupDocuments::Read(const std::string& tenant,
                                                            const PushLabels& labels) {
  Stored stored;
  const absl::StatusOr<storage::Document> document = documents_.Get(KeyOf(tenant, labels));
  if (absl::IsNotFound(document.status())) {
    stored.group.labels = labels;
    return stored;
  }
  if (!document.ok()) return document.status();
  stored.version = document->version;
  absl::StatusOr<PushGroup> group = DecodeGroup(document->value);
  // What cannot be read is replaced.
  stored.group = group.ok() ? *std::move(group) : PushGroup{.labels = labels, .families = {}};
  return stored;
}

absl::Status GroupDocuments::Write(const std::string& tenant, const Stored& before,
                                   const PushGroup* after) {
  storage::DocumentWrite write = {KeyOf(tenant, before.group.labels), std::nullopt, before.version};
  if (after != nullptr) {
    write.value = EncodeGroup(*after);
    const uint64_t most = LimitsOf(limits_, tenant).max_push_group_bytes;
    if (most > 0 && write.value->size() > most) {
      CountRefused(limits_, tenant, "max_push_group_bytes");
      return absl::OutOfRangeError(fmt::format(
          "the group takes {} bytes, max_push_group_bytes is {}", write.value->size(), most));
    }
  }
  return documents_.Commit(
      {std::move(write), {std::string(kChanges), fmt::format("{}", clock_.NowMs()), std::nullopt}});
}

absl::Status GroupDocuments::Send(const model::RequestContext& context, const PushGroup& before,
                                  const PushGroup* after) {
  const model::TimestampMs now = clock_.NowMs();
  PushBody body;
  std::set<std::string> gone;
  if (before.pushed != 0 || before.failed != 0) gone = GroupSeries(before);
  if (after != nullptr) {
    AppendGroup(*after, now, &body);
    for (const std::string& label_bytes : GroupSeries(*after)) gone.erase(label_bytes);
  }
  for (const std::string& label_bytes : gone) body.AddSample(label_bytes, now, model::StaleNan());
  if (body.empty()) return absl::OkStatus();
  ingest::PushRequest request;
  request.format = ingest::PushFormat::kRemoteWrite1;
  request.encoding = ingest::PushEncoding::kIdentity;
  request.body = body.bytes();
  const absl::StatusOr<ingest::PushResult> result = ingester_.Push(context, request);
  return result.ok() ? result->rejected : result.status();
}

absl::Status GroupDocuments::CheckRoom(const std::string& tenant) {
  const uint32_t most = LimitsOf(limits_, tenant).max_push_groups;
  if (most == 0) return absl::OkStatus();
  const absl::StatusOr<uint64_t> groups = CountUpTo(tenant, most);
  if (!groups.ok()) return groups.status();
  if (*groups < most) return absl::OkStatus();
  CountRefused(limits_, tenant, "max_push_groups");
  return absl::OutOfRangeError(fmt::format(
      "the tenant has {} groups of pushed metrics, max_push_groups is {}", *groups, most));
}

absl::Status GroupDocuments::TryPush(const model::RequestContext& context, const PushLabels& labels,
                                     const PushedFamilies& families, bool replace_all) {
  const absl::StatusOr<Stored> before = Read(context.tenant, labels);
  if (!before.ok()) return before.status();
  if (before->version == 0) {
    if (absl::Status status = CheckRoom(context.tenant); !status.ok()) return status;
  }
  PushGroup after = before->group;
  if (replace_all) after.families.clear();
  for (const auto& [name, family] : families) after.families[name] = family;
  after.pushed = clock_.NowMs();
  if (absl::Status status = Send(context, before->group, &after); !status.ok()) return status;
  return Write(context.tenant, *before, &after);
}

void GroupDocuments::NoteFailure(const model::RequestContext& context, const PushLabels& labels) {
  const absl::StatusOr<Stored> before = Read(context.tenant, labels);
  if (!before.ok() || before->version == 0) return;
  PushGroup after = before->group;
  after.failed = clock_.NowMs();
  if (Send(context, before->group, &after).ok()) (void)Write(context.tenant, *before, &after);
}

absl::Status GroupDocuments::Push(const model::RequestContext& context, const PushLabels& labels,
                                  PushGroupFormat format, std::string_view body, bool replace_all) {
  PushLabels sorted = labels;
  std::sort(sorted.begin(), sorted.end());
  const absl::StatusOr<PushedFamilies> families =
      ParseGroupBody(format, body, sorted, clock_.NowMs());
  absl::Status status = families.status();
  for (int i = 0; i < kAttempts && families.ok(); ++i) {
    status = TryPush(context, sorted, *families, replace_all);
    if (!absl::IsAborted(status)) break;
  }
  if (absl::IsInvalidArgument(status)) NoteFailure(context, sorted);
  return absl::IsAborted(status) ? absl::UnavailableError("the group is being changed") : status;
}

absl::Status GroupDocuments::Delete(const model::RequestContext& context,
                                    const PushLabels& labels) {
  PushLabels sorted = labels;
  std::sort(sorted.begin(), sorted.end());
  absl::Status status;
  for (int i = 0; i < kAttempts; ++i) {
    const absl::StatusOr<Stored> before = Read(context.tenant, sorted);
    if (!before.ok()) return before.status();
    if (before->version == 0) return absl::OkStatus();
    // First the group, so that nobody sends it again behind the markers.
    status = Write(context.tenant, *before, nullptr);
    if (status.ok()) return Send(context, before->group, nullptr);
    if (!absl::IsAborted(status)) return status;
  }
  return absl::UnavailableError("the group is being changed");
}

absl::StatusOr<std::vector<PushGroup>> GroupDocuments::List(const model::RequestContext& context) {
  const auto documents = documents_.List(Prefix(context.tenant), "", 0);
  if (!documents.ok()) return documents.status();
  std::vector<PushGroup> groups;
  for (const storage::Document& document : *documents) {
    absl::StatusOr<PushGroup> group = DecodeGroup(document.value);
    if (group.ok()) groups.push_back(*std::move(group));
  }
  std::sort(groups.begin(), groups.end(),
            [](const PushGroup& a, const PushGroup& b) { return a.labels < b.labels; });
  return groups;
}

absl::StatusOr<uint64_t> GroupDocuments::CountUpTo(const std::string& tenant, uint64_t most) {
  uint64_t count = 0;
  std::string after;
  while (count < most) {
    const auto page = documents_.List(Prefix(tenant), after, kCountedAtOnce);
    if (!page.ok()) return page.status();
    count += page->size();
    if (page->size() < kCountedAtOnce) break;
    after = page->back().key;
  }
  return count;
}

absl::StatusOr<uint64_t> GroupDocuments::Count(const model::RequestContext& context) {
  return CountUpTo(context.tenant, std::numeric_limits<uint64_t>::max());
}

absl::StatusOr<uint64_t> GroupDocuments::Version() {
  const absl::StatusOr<storage::Document> changes = documents_.Get(kChanges);
  if (absl::IsNotFound(changes.status())) return 0;
  if (!changes.ok()) return changes.status();
  return changes->version;
}

absl::StatusOr<std::vector<std::pair<std::string, PushGroup>>> GroupDocuments::Everything() {
  const auto documents = documents_.List(kRoot, "", 0);
  if (!documents.ok()) return documents.status();
  std::vector<std::pair<std::string, PushGroup>> groups;
  for (const storage::Document& document : *documents) {
    const std::string_view rest = std::string_view(document.key).substr(kRoot.size());
    absl::StatusOr<PushGroup> group = DecodeGroup(document.value);
    if (group.ok())
      groups.emplace_back(std::string(rest.substr(0, rest.find('/'))), *std::move(group));
  }
  return groups;
}

std::unique_ptr<PushGroups> OpenPushGroups(storage::Documents* documents,
                                           ingest::Ingester* ingester, const model::Clock* clock,
                                           LimitGuard* limits) {
  return std::make_unique<GroupDocuments>(documents, ingester, clock, limits);
}

}  // namespace tidegate::control
