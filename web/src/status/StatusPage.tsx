import { buildInfo } from "../api/status";
import { useLoad } from "../api/useLoad";
import { Failure, Waiting } from "../shell/Notice";

export default function StatusPage() {
  const { value, error, loading, reload } = useLoad(buildInfo, []);
  return (
    <>
      <div class="page-head">
        <h1>Status</h1>
        {value && <span class="soft">{value.revision}</span>}
      </div>
      <Waiting active={loading} />
      <Failure error={error} retry={reload} />
    </>
  );
}
