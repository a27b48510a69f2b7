import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../../base/json.ts';

/** The plan for mount_step.py with the attempt's remote folder shown at `/s3` and its like, beside what is mounted already. */
export async function withRemoteMounts(
  plan: JsonObject | undefined,
  attempt: { readonly folder: string; readonly remote: string; readonly mountPoints: readonly string[] },
): Promise<JsonObject> {
  const scratch = join(attempt.folder, 'root');
  const earlier = (plan?.['mounts'] ?? []) as readonly JsonValue[];
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  const mounts = attempt.mountPoints.map((target) => ({ target, source: join(attempt.remote, target) }));
  for (const { source } of mounts) await mkdir(source, { recursive: true });
  return { scratch, mounts: [...earlier, ...mounts] };
}
