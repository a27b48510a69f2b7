import { ProductError } from '../../base/errors.ts';
import type { Session } from './session.ts';

const MAX_LINES = 10;
const PAGE_SIZE = 200;
/** Of a run with very many tasks, not all are read to find those that wait. */
const MAX_PAGES = 10;

/** What steps of a run that goes on wait for, one line each: `/train  waits for 1 nvidia.com/gpu: 0 of 2 free`. */
export async function waitingLines({ own }: Session, runId: string): Promise<string[]> {
  const lines: string[] = [];
  let page_token = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { view: 'BASIC', page_size: PAGE_SIZE, page_token };
    const reply = await own.call('Task_List', { params: { run_id: runId }, query }).catch((error: unknown) => {
      // Another Kubeflow Pipelines does not tell them.
      if (error instanceof ProductError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    });
    for (const { path = '', state, state_reason } of reply?.tasks ?? [])
      if (state === 'PENDING' && state_reason) lines.push(`${path}  ${state_reason}`);
    page_token = reply?.next_page_token ?? '';
    if (page_token === '') break;
  }
  const more = lines.length - MAX_LINES;
  return more > 0 ? [...lines.slice(0, MAX_LINES), `and ${more} more`] : lines;
}
