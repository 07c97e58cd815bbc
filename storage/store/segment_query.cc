#include "storage/store/segment_query.h"

#include <algorithm>
#include <numeric>

#include "absl/container/flat_hash_set.h"
#include "storage/logs/line_filter.h"
#include "storage/logs/stream_batches.h"
#include "storage/logs/template_filter.h"
#include "storage/logs/volume_set.h"
#include "storage/store/limited_batches.h"
#include "storage/store/point_merge.h"

namespace tidegate::storage {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;

// What no retention hides.
LogRange Younger(LogRange range, model::TimestampMs oldest) {
  if (oldest > range.begin / kNanosPerMilli) range.begin = NanosecondsOf({oldest, oldest}).begin;
  return range;
}

// The series that any of the selections matches; every series when there is none.
std::vector<uint32_t> MatchAny(const SeriesIndex& index, const LabelQuery& query) {
  if (query.selections.empty()) return index.Match({}, query.range);
  std::vector<uint32_t> all;
  for (const auto& matchers : query.selections) {
    const std::vector<uint32_t> found = index.Match(matchers, query.range);
    std::vector<uint32_t> joined;
    std::set_union(all.begin(), all.end(), found.begin(), found.end(), std::back_inserter(joined));
    all = std::move(joined);
  }
  return all;
}

// nullptr when nothing in the segment is hidden, as nearly always.
std::unique_ptr<const SegmentDeletions> DeletionsIn(const DeletionList& deletions,
                                                    const Segment& segment,
                                                    const SeriesIndex& index, PageKind index_kind) {
  if (deletions.empty()) return nullptr;
  auto hidden = std::make_unique<const SegmentDeletions>(deletions, segment.entry, index,
                                                         index_kind == PageKind::kStreamIndex);
  return hidden->empty() ? nullptr : std::move(hidden);
}

// Which value numbers of a label the series have. Both ascend.
std::vector<uint8_t> UsedValues(const LabelColumn& label, const std::vector<uint32_t>& series) {
  std::vector<uint8_t> used(label.values.size());
  size_t stretch = 0;
  for (const uint32_t s : series) {
    while (stretch < label.stretches.size() && label.stretches[stretch].end <= s) ++stretch;
    if (stretch == label.stretches.size()) break;
    const LabelStretch& at = label.stretches[stretch];
    if (at.begin <= s) used[label.IdAt(at.ids + (s - at.begin))] = 1;
  }
  return used;
}

bool AnyHas(const LabelColumn& label, const std::vector<uint32_t>& series) {
  return std::any_of(label.stretches.begin(), label.stretches.end(), [&](const LabelStretch& at) {
    const auto first = std::lower_bound(series.begin(), series.end(), at.begin);
    return first != series.end() && *first < at.end;
  });
}

std::vector<std::string> Limited(const std::set<std::string, std::less<>>& found, size_t limit) {
  std::vector<std::string> result;
  for (const std::string& item : found) {
    if (limit != 0 && result.size() == limit) break;
    result.push_back(item);
  }
  return result;
}

}  // namespace

// The segments in the range with series that match, without readers.
absl::StatusOr<std::vector<JoinInput>> SegmentQuery::Match(PageKind index_kind,
                                                           const Selection& selection) {
  std::vector<JoinInput> inputs;
  for (const auto& segment : input_.segments) {
    if (!segment->entry.range.Overlaps(selection.range)) continue;
    if (absl::Status status = input_.context->Check(); !status.ok()) return status;
    auto index = input_.indexes->Get(*segment, index_kind);
    if (!index.ok()) return index.status();
    if (*index == nullptr) continue;
    JoinInput input{.segment = segment,
                    .index = *index,
                    .series = (*index)->Match(selection.matchers, selection.range),
                    .reader = nullptr,
                    .deletions = DeletionsIn(input_.deletions, *segment, **index, index_kind)};
    if (input.deletions != nullptr) input.deletions->DropHidden(&input.series);
    if (!input.series.empty()) inputs.push_back(std::move(input));
  }
  return inputs;
}

absl::Status SegmentQuery::OpenReaders(PageKind index_kind, const LogWalk& logs,
                                       TimeColumnPool* pool, std::vector<JoinInput>* inputs) {
  std::vector<absl::StatusOr<std::unique_ptr<LogPageScreen>>> screens(inputs->size());
  OwnThread own;
  LentThreads& threads = logs.ahead == nullptr ? own : logs.ahead->threads();
  threads.ForEach(inputs->size(),
                  [&](size_t, size_t i) { screens[i] = ScreenOf(*(*inputs)[i].segment, logs); });
  for (size_t i = 0; i < inputs->size(); ++i) {
    JoinInput& input = (*inputs)[i];
    if (!screens[i].ok()) return screens[i].status();
    DamageLog* const damage = input_.damage;
    input.reader = std::make_unique<SegmentReader>(SegmentReader::Input{
        .id = input.segment->entry.id,
        .index = input.index,
        .source = input.segment->partition.get(),
        .pool = pool,
        .damage_fn = [damage](const PageDamage& d) { damage->Note(d.key, d.status); },
        .streams = index_kind == PageKind::kStreamIndex ? input.series : std::vector<uint32_t>(),
        .hidden = HiddenIn(input.deletions.get()),
        .screen = *std::move(screens[i])});
  }
  return absl::OkStatus();
}

absl::Status SegmentQuery::DropExcluded(const LogWalk& logs, std::vector<JoinInput>* inputs) {
  if (logs.ahead == nullptr || logs.read->templates == nullptr) return absl::OkStatus();
  std::vector<SegmentReader*> readers;
  for (const JoinInput& input : *inputs) readers.push_back(input.reader.get());
  const auto may_pass = logs.ahead->AnyMayPass(readers, logs.read->range);
  if (!may_pass.ok()) return may_pass.status();
  std::vector<JoinInput> kept;
  for (size_t i = 0; i < inputs->size(); ++i) {
    if ((*may_pass)[i]) kept.push_back(std::move((*inputs)[i]));
  }
  *inputs = std::move(kept);
  return absl::OkStatus();
}

absl::StatusOr<SeriesJoin> SegmentQuery::Join(PageKind index_kind, const Selection& selection,
                                              const LogWalk& logs, TimeColumnPool* pool) {
  auto inputs = Match(index_kind, selection);
  if (!inputs.ok()) return inputs.status();
  absl::Status status = OpenReaders(index_kind, logs, pool, &*inputs);
  if (status.ok()) status = DropExcluded(logs, &*inputs);
  if (!status.ok()) return status;
  return SeriesJoin(*std::move(inputs));
}

// nullptr without tests, or when the segment has no outlines, or damaged ones: they save time, and
// that is all.
absl::StatusOr<std::unique_ptr<LogPageScreen>> SegmentQuery::ScreenOf(const Segment& segment,
                                                                      const LogWalk& logs) {
  if (logs.read == nullptr || logs.read->templates == nullptr) return nullptr;
  const SegmentId& id = segment.entry.id;
  auto outlines = input_.outlines->Get(id, *segment.partition);
  if (absl::IsDataLoss(outlines.status())) {
    input_.damage->Note(PageKey(id, kLogOutlinesOrdinal, PageKind::kLogOutlines),
                        outlines.status());
    return nullptr;
  }
  if (!outlines.ok()) return outlines.status();
  if (*outlines == nullptr) return nullptr;
  return std::make_unique<LogPageScreen>(LogPageScreen::Input{.id = id,
                                                              .outlines = *std::move(outlines),
                                                              .filter = logs.read->templates,
                                                              .source = segment.partition.get(),
                                                              .context = input_.context});
}

absl::Status SegmentQuery::Walk(
    PageKind index_kind, const Selection& selection, const LogWalk& logs,
    const std::function<absl::Status(SeriesJoin&, TimeColumnPool*)>& series_fn) {
  TimeColumnPool pool;
  auto join = Join(index_kind, selection, logs, &pool);
  if (!join.ok()) return join.status();
  while (join->Next()) {
    if (absl::Status status = input_.context->Check(); !status.ok()) return status;
    if (absl::Status status = series_fn(*join, &pool); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status SegmentQuery::Select(const Selection& selection, Sink<SelectedSeries>& sink) {
  uint64_t conflicts = 0;
  const absl::Status walked =
      Walk(PageKind::kMetricIndex, selection, {}, [&](SeriesJoin& join, TimeColumnPool* pool) {
        std::vector<SegmentPoints> parts(join.members().size());
        for (size_t i = 0; i < parts.size(); ++i) {
          const SeriesJoin::Member& member = join.members()[i];
          for (const model::TimeRange& range : member.Kept(selection.range)) {
            absl::Status status = ReadPoints(member, range, &parts[i]);
            if (!status.ok()) return status;
          }
        }
        SeriesColumns columns = MergePoints(std::move(parts), pool, &conflicts);
        if (columns.values.empty() && columns.histograms.empty()) return absl::OkStatus();
        return sink.Add({.labels = join.TakeLabels(), .columns = std::move(columns)});
      });
  input_.conflicts->fetch_add(conflicts, std::memory_order_relaxed);
  return walked;
}

absl::Status SegmentQuery::SelectExemplars(const Selection& selection,
                                           Sink<SelectedExemplars>& sink) {
  return Walk(PageKind::kMetricIndex, selection, {}, [&](SeriesJoin& join, TimeColumnPool*) {
    std::vector<std::vector<model::Exemplar>> parts(join.members().size());
    for (size_t i = 0; i < parts.size(); ++i) {
      const SeriesJoin::Member& member = join.members()[i];
      for (const model::TimeRange& range : member.Kept(selection.range)) {
        absl::Status status = member.reader->ReadExemplars(member.series, range, &parts[i]);
        if (!status.ok()) return status;
      }
    }
    std::vector<model::Exemplar> exemplars = MergeExemplars(std::move(parts));
    if (exemplars.empty()) return absl::OkStatus();
    return sink.Add({.labels = join.TakeLabels(), .exemplars = std::move(exemplars)});
  });
}

absl::Status SegmentQuery::WalkStreams(
    const std::vector<model::CompiledMatcher>& matchers, const LogWalk& logs,
    const std::function<absl::Status(SeriesJoin&, std::vector<StreamMerge::Input>)>& stream_fn) {
  return Walk(PageKind::kStreamIndex, {matchers, MillisecondsOf(logs.read->range)}, logs,
              [&](SeriesJoin& join, TimeColumnPool*) {
                std::vector<StreamMerge::Input> inputs;
                for (const SeriesJoin::Member& member : join.members()) {
                  inputs.push_back({.reader = member.reader, .series = member.series});
                }
                return stream_fn(join, std::move(inputs));
              });
}

absl::Status SegmentQuery::SelectLogs(const LogSelection& selection, model::TimestampMs oldest,
                                      Sink<LogBatch>& sink) {
  absl::StatusOr<LineFilter> filter = LineFilter::Compile(selection.tests);
  if (!filter.ok()) return filter.status();
  const TemplateFilter templates(selection.tests);
  LogRead read;
  read.range = Younger(selection.range, oldest);
  read.lines = selection.lines;
  read.structured_metadata = selection.structured_metadata;
  read.order = selection.order;
  if (!filter->empty()) {
    read.filter = &*filter;
    read.templates = &templates;
  }
  OwnThread own;
  ReadAhead ahead(selection.threads == nullptr ? &own : selection.threads, selection,
                  read.templates);
  // With a limit, the next pages may never be wanted.
  const bool prepares = selection.limit == 0 && !ahead.alone();
  LimitedBatches batches(selection, &sink);
  const absl::Status status =
      WalkStreams(selection.matchers, {&read, &ahead}, [&](SeriesJoin& join, auto inputs) {
        batches.StartStream(join.TakeLabels());
        StreamMerge merge(std::move(inputs), read, prepares ? &ahead : nullptr);
        while (batches.Narrow(&merge)) {
          if (absl::Status check = input_.context->Check(); !check.ok()) return check;
          auto batch = merge.Next();
          if (!batch.ok()) return batch.status();
          const bool last = batch->timestamps.empty();
          if (absl::Status added = batches.Add(*std::move(batch)); !added.ok()) return added;
          if (last) break;
        }
        return absl::OkStatus();
      });
  return status.ok() ? batches.Finish() : status;
}

absl::StatusOr<std::vector<StreamVolume>> SegmentQuery::StreamVolumes(const StreamQuery& query,
                                                                      model::TimestampMs oldest) {
  LogRead read;
  read.range = Younger(query.range, oldest);
  read.lines = LineColumn::kSizes;
  read.structured_metadata = false;
  VolumeSet volumes(query.limit);
  for (const auto& matchers : SelectionsOf(query)) {
    volumes.StartSelection();
    absl::Status status =
        WalkStreams(matchers, {.read = &read}, [&](SeriesJoin& join, auto inputs) {
          StreamMerge merge(std::move(inputs), read);
          StreamVolume volume;
          while (true) {
            auto batch = merge.Next();
            if (!batch.ok()) return batch.status();
            if (batch->timestamps.empty()) break;
            volume.entries += batch->timestamps.size();
            volume.bytes +=
                std::accumulate(batch->line_sizes.begin(), batch->line_sizes.end(), uint64_t{0});
            ++volume.chunks;
          }
          volumes.Add(join.labels(), volume);
          return absl::OkStatus();
        });
    if (!status.ok()) return status;
  }
  return volumes.Take();
}

absl::Status SegmentQuery::ForEachMatch(PageKind index_kind, const LabelQuery& query,
                                        const MatchFn& match_fn) {
  for (const auto& segment : input_.segments) {
    if (!segment->entry.range.Overlaps(query.range)) continue;
    if (absl::Status status = input_.context->Check(); !status.ok()) return status;
    auto index = input_.indexes->Get(*segment, index_kind);
    if (!index.ok()) return index.status();
    if (*index == nullptr) continue;
    std::vector<uint32_t> series = MatchAny(**index, query);
    const auto hidden = DeletionsIn(input_.deletions, *segment, **index, index_kind);
    if (hidden != nullptr) hidden->DropHidden(&series);
    if (series.empty()) continue;
    if (absl::Status status = match_fn(**index, series); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<model::Labels>> SegmentQuery::Series(const LabelQuery& query) {
  absl::flat_hash_set<model::Labels> found;
  const absl::Status status = ForEachMatch(PageKind::kMetricIndex, query,
                                           [&](const SeriesIndex& index, const auto& series) {
                                             LabelWalker walker(&index);
                                             for (const uint32_t s : series) {
                                               if (query.limit != 0 && found.size() >= query.limit)
                                                 break;
                                               found.insert(walker.At(s));
                                             }
                                             return absl::OkStatus();
                                           });
  if (!status.ok()) return status;
  return std::vector<model::Labels>(found.begin(), found.end());
}

absl::StatusOr<std::vector<std::string>> SegmentQuery::LabelNames(PageKind index_kind,
                                                                  const LabelQuery& query) {
  std::set<std::string, std::less<>> found;
  const absl::Status status =
      ForEachMatch(index_kind, query, [&](const SeriesIndex& index, const auto& series) {
        for (const LabelColumn& label : index.labels()) {
          if (!found.contains(label.name) && AnyHas(label, series)) found.emplace(label.name);
        }
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return Limited(found, query.limit);
}

absl::StatusOr<std::vector<std::string>> SegmentQuery::LabelValues(PageKind index_kind,
                                                                   const std::string& label_name,
                                                                   const LabelQuery& query) {
  std::set<std::string, std::less<>> found;
  const absl::Status status =
      ForEachMatch(index_kind, query, [&](const SeriesIndex& index, const auto& series) {
        const LabelColumn* label = index.FindLabel(label_name);
        if (label == nullptr) return absl::OkStatus();
        const std::vector<uint8_t> used = UsedValues(*label, series);
        for (size_t i = 0; i < used.size(); ++i) {
          if (used[i] != 0) found.emplace(label->values[i]);
        }
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return Limited(found, query.limit);
}

}  // namespace tidegate::storage
