import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListQuery } from '../../src/store/catalogue-store.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { NO_POSTGRES, query, startPostgres } from '../support/postgres-cluster.ts';

/** 2,500 reports, then twice as many as are passed on a walk, of which every tenth is a summary. */
const FILL = `insert into runs (run_id, namespace, display_name, pipeline_name, document_digest, arguments, pipeline_root, settings,
    created_at_ms, scheduled_at_ms, state)
  select 'r' || i, 'default', case when i < 2500 then 'Report ' || i when i % 10 = 0 then 'summary ' || i else 'zz ' || i end,
    'p', 'd', '{}', '/data', '{}', i, i, case when i % 2 = 0 then 'SUCCEEDED' else 'FAILED' end
  from generate_series(0, 42499) as i`;

const numbers = (count: number, numberOf: (at: number) => number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `r${numberOf(at)}`);

test(
  'Runs with a part of a name come in their order, be they few or many, old or new, with or without its index.',
  {
    skip: NO_POSTGRES,
  },
  async () => {
    await using cluster = await startPostgres();
    const url = await cluster.createDatabase('names');
    await using store = await openPostgresStore({ url });
    await query(url, FILL);
    const named = (text: string) => ({ field: 'display_name', operation: 'contains', values: [text] }) as const;
    const failed = { field: 'state', operation: 'eq', values: ['FAILED'] } as const;
    const check = async (predicates: ListQuery['predicates'], expected: readonly string[], total: number) => {
      const asked = { predicates, sort: { field: 'created_at_ms', descending: true }, limit: 3 };
      const first = await store.catalogue().listCataloguedRuns(asked);
      const after = first.next;
      const second = after && (await store.catalogue().listCataloguedRuns({ ...asked, after }));
      const ids = [...first.rows, ...(second?.rows ?? [])].map((row) => row.run.runId);
      const words = JSON.stringify(predicates);
      assert.deepEqual(ids, expected, words);
      assert.deepEqual([first.total, second?.total ?? total], [total, total], words);
    };
    for (const index of ['with', 'without']) {
      if (index === 'without') await query(url, 'drop index runs_name_trigrams');
      await check(
        [named('REPORT')],
        numbers(6, (at) => 2499 - at),
        2000,
      );
      await check(
        [named('summary')],
        numbers(6, (at) => 42_490 - 10 * at),
        2000,
      );
      await check(
        [named('zz')],
        numbers(6, (at) => 42_499 - at),
        2000,
      );
      await check(
        [named('report 24'), failed],
        numbers(6, (at) => 2499 - 2 * at),
        55,
      );
      await check(
        [named('report'), failed],
        numbers(6, (at) => 2499 - 2 * at),
        1250,
      );
      await check([named('report 249')], ['r2499', 'r2498', 'r2497', 'r2496', 'r2495', 'r2494'], 11);
      await check([named('report 7_')], [], 0);
    }
  },
);
