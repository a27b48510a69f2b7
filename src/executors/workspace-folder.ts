import { join } from 'node:path';

/** Folder of a run's workspace. It goes when the run has succeeded; one that failed may be resumed and needs it again. */
export function workspaceFolder(dataDir: string, runId: string): string {
  return join(dataDir, 'workspaces', runId);
}
