import type { RunRow } from '../model/run.ts';
