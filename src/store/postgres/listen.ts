import { setTimeout as delay } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { LeaseListener } from '../leases.ts';
import type { OpenPool } from './open-pool.ts';

export const CHANGES = 'pipewright_changes';
export const REQUESTS = 'pipewright_requests';

const PAUSE_MS = 500;

/** Listens on a connection of its own, and on another one when that is lost. */
export async function listenOn({ pool }: OpenPool, serverId: string, listener: LeaseListener): Promise<AsyncDisposable> {
  let current: PoolClient | undefined;
  let isStopped = false;
  const connect = async (): Promise<void> => {
    const client = await pool.connect();
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === CHANGES) tell(payload, serverId, listener);
      else if (payload === serverId) listener.requested();
    });
    client.once('error', (error) => {
      current = undefined;
      client.release(error);
      void again();
    });
    await client.query(`listen ${CHANGES}`);
    await client.query(`listen ${REQUESTS}`);
    current = client;
  };
  const again = async (): Promise<void> => {
    while (!isStopped) {
      await delay(PAUSE_MS);
      try {
        await connect();
        return listener.missed();
      } catch {
        // The server is not back yet.
      }
    }
  };
  await connect();
  return {
    async [Symbol.asyncDispose]() {
      isStopped = true;
      // Ended, not given back: nobody else is to hear what it listens to.
      current?.release(true);
    },
  };
}

function tell(payload: string, serverId: string, { changed }: LeaseListener): void {
  const [from, runId, tasks] = JSON.parse(payload) as [string, string, readonly number[]];
  if (from !== serverId) changed(runId, tasks);
}
