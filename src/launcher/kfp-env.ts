import { derivedUuid } from '../base/ids.ts';
import type { TaskLaunch } from '../executors/executor.ts';

/** What KFP tells every step about itself (reference: backend argocompiler/common.go). The attempt plays the pod's part. */
export function kfpEnv(launch: TaskLaunch): Record<string, string> {
  const env: Record<string, string> = {
    KFP_POD_NAME: launch.attemptId,
    KFP_POD_UID: podUid(launch),
    KFP_RUN_ID: launch.runId,
    KFP_RUN_NAME: launch.run.displayName,
    KFP_PIPELINE_NAME: launch.run.pipelineName,
    KFP_TASK_NAME: launch.taskKey,
  };
  if (launch.hasRetryPolicy) env['KFP_RETRY_INDEX'] = String(launch.attempt);
  return env;
}

/** The first attempt's is the task's UUID: no hash has to be computed for most steps. */
export function podUid(launch: TaskLaunch): string {
  return launch.attempt === 0 ? launch.taskUuid : derivedUuid('pod', launch.attemptId);
}

/** Facts about the pod that `fieldPathAsEnv` can name; undefined for one we have no answer to. */
export function podFact(
  launch: TaskLaunch,
  fieldPath: string,
  host: { readonly name: string; readonly address: string },
): string | undefined {
  const [, map, key] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath) ?? [];
  if (map !== undefined && key !== undefined) return launch.platform[map as 'labels' | 'annotations'][key] ?? '';
  switch (fieldPath) {
    case 'metadata.name':
      return launch.attemptId;
    case 'metadata.uid':
      return podUid(launch);
    case 'metadata.namespace':
      return 'default';
    case 'spec.nodeName':
      return host.name;
    case 'spec.serviceAccountName':
      return 'default';
    case 'status.hostIP':
    case 'status.podIP':
    case 'status.hostIPs':
    case 'status.podIPs':
      return host.address;
    default:
      return undefined;
  }
}
