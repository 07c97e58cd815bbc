#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/federation.h"
#include "query/query_service.h"
#include "query/service/paced_sink.h"
#include "query/service/query_turns.h"

namespace tidegate::query {
namespace {

using model::RequestContext;

class TurnTakingSource final : public storage::SeriesSource {
 public:
  TurnTakingSource(storage::SeriesSource* source, std::shared_ptr<QueryTurns> turns,
                   const model::TenantRegistry* tenants)
      : source_(*source), turns_(std::move(turns)), tenants_(*tenants) {}

  absl::Status Select(const RequestContext& context, const storage::Selection& selection,
                      storage::Sink<storage::SelectedSeries>& sink) override {
    auto turn = Take(context);
    if (!turn.ok()) return turn.status();
    PacedSink<storage::SelectedSeries> paced(turn->pacer(), sink);
    return source_.Select(context, selection, paced);
  }

  absl::Status SelectExemplars(const RequestContext& context, const storage::Selection& selection,
                               storage::Sink<storage::SelectedExemplars>& sink) override {
    auto turn = Take(context);
    if (!turn.ok()) return turn.status();
    PacedSink<storage::SelectedExemplars> paced(turn->pacer(), sink);
    return source_.SelectExemplars(context, selection, paced);
  }

  absl::StatusOr<std::vector<model::Labels>> Series(const RequestContext& context,
                                                    const storage::LabelQuery& query) override {
    auto turn = Take(context);
    if (!turn.ok()) return turn.status();
    return source_.Series(context, query);
  }

  absl::StatusOr<std::vector<std::string>> LabelNames(const RequestContext& context,
                                                      const storage::LabelQuery& query) override {
    auto turn = Take(context);
    if (!turn.ok()) return turn.status();
    return source_.LabelNames(context, query);
  }

  absl::StatusOr<std::vector<std::string>> LabelValues(const RequestContext& context,
                                                       const std::string& label_name,
                                                       const storage::LabelQuery& query) override {
    auto turn = Take(context);
    if (!turn.ok()) return turn.status();
    return source_.LabelValues(context, label_name, query);
  }

 private:
  absl::StatusOr<QueryTurns::Turn> Take(const RequestContext& context) {
    const auto config = model::FindForQueries(tenants_, context.tenant);
    return turns_->Take(context, config != nullptr ? config->limits : model::TenantLimits());
  }

  storage::SeriesSource& source_;
  const std::shared_ptr<QueryTurns> turns_;
  const model::TenantRegistry& tenants_;
};

}  // namespace

std::unique_ptr<storage::SeriesSource> TakeTurns(storage::SeriesSource* source,
                                                 std::shared_ptr<QueryTurns> turns,
                                                 const model::TenantRegistry* tenants) {
  return std::make_unique<TurnTakingSource>(source, std::move(turns), tenants);
}

}  // namespace tidegate::query
