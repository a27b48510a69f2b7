/**
 * Deciding, as one tick does it: events are decided about until no more follow from them, and ready steps are looked up in the
 * cache, offered for admission and admitted. What must be recorded first before it is done is collected.
 */
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import type { RecordedEvent } from '../model/events.ts';
import type { Store } from '../store/store.ts';
import { launchedEvent, refusedEvents } from './attempt-events.ts';
import { decide } from './decide.ts';
import type { Command, Effects } from './effects.ts';
import type { Inbox } from './inbox.ts';
import type { LeafAdmission, Launched, Offer } from './leaf-admission.ts';
import type { LiveRuns } from './live-runs.ts';
import type { StepNote } from './live-attempts.ts';
import { answerLookUps, type LookUp } from './look-up.ts';
import type { RunData } from './run-data.ts';

export interface DecidingOptions {
  readonly store: Store;
  readonly artifacts: ArtifactStore;
  readonly clock: Clock;
  readonly inbox: Inbox;
  readonly runs: LiveRuns;
  readonly admission: LeafAdmission;
  /** Does what writes to the store; while that is full, waits and does it again. */
  readonly withSpace: <T>(work: () => Promise<T>) => Promise<T>;
  readonly onNote: (note: StepNote) => void;
}

/** What one tick has decided: to be recorded, and then to be done. */
export interface DecidedTick {
  readonly effects: Effects;
  /** The events that were decided about, in order. */
  readonly events: Map<RunData, RecordedEvent[]>;
  /** Admitted steps, to be handed to the executor. */
  readonly launched: Launched[];
  readonly acts: Command[];
}

/** A tick decides at most this often before it records, so that a long chain of cache hits is shown while it goes on. */
const MAX_ROUNDS_PER_TICK = 200;

export async function decideTick(options: DecidingOptions): Promise<DecidedTick> {
  const { inbox } = options;
  const tick: DecidedTick = { effects: inbox.takeEffects(), events: new Map(), launched: [], acts: [] };
  const { commands } = tick.effects;
  for (let round = 0; round < MAX_ROUNDS_PER_TICK; round += 1) {
    decideInbox(tick, options);
    await answer(tick, route(tick, options), options);
    admit(tick, options);
    if (!inbox.hasEvents && commands.length === 0) break;
  }
  // What the last round left undecided keeps its place: its tasks are recorded as ready, its commands come first next time.
  inbox.leave(commands);
  return tick;
}

function decideInbox(tick: DecidedTick, { inbox, clock, runs }: DecidingOptions): void {
  const atMs = clock.now();
  for (const { run, event } of inbox.takeEvents()) {
    // A run that has ended and left may still be answered (an import in flight when it was cancelled): nothing to do.
    if (runs.isHere(run)) decideOne(tick, run, { atMs, event });
  }
}

function decideOne({ effects, events }: DecidedTick, run: RunData, event: RecordedEvent): void {
  decide(run, event, effects);
  const known = events.get(run);
  if (known) known.push(event);
  else events.set(run, [event]);
}

/** Sorts commands: look-ups and offers are dealt with before recording, everything else after. */
function route({ effects, acts }: DecidedTick, options: DecidingOptions): LookUp[] {
  const lookUps: LookUp[] = [];
  for (const command of effects.commands.splice(0)) {
    if ('run' in command && !options.runs.isHere(command.run)) continue;
    if (command.kind === 'look-up') lookUps.push(command);
    else if (command.kind === 'offer') offer({ run: command.run, task: command.task }, options);
    else acts.push(command);
  }
  return lookUps;
}

async function answer({ effects }: DecidedTick, lookUps: readonly LookUp[], options: DecidingOptions): Promise<void> {
  if (lookUps.length === 0) return;
  const { store, artifacts, inbox, withSpace } = options;
  for (const answered of await withSpace(() => answerLookUps({ store, artifacts, pending: effects.cache }, lookUps))) {
    const { run, task } = answered.lookUp;
    if (answered.hit) inbox.post(run, answered.hit);
    else offer({ run, task, cacheMiss: answered.miss }, options);
  }
}

/** Lets a step wait for its turn. A request that can never be met fails the step at once. */
function offer(leaf: Offer, { admission, clock, inbox, runs, onNote }: DecidingOptions): void {
  const { run, task } = leaf;
  const { refusal, warning } = admission.offer(leaf);
  if (refusal) for (const event of refusedEvents(task, refusal, clock.now())) inbox.post(run, event);
  if (warning === undefined || !runs.isFirstWarning(run, task.template.name)) return;
  onNote({ runId: run.definition.runId, task, message: `this step ${warning}`, severity: 'warning' });
}

function admit(tick: DecidedTick, { admission, clock, runs }: DecidingOptions): void {
  const atMs = clock.now();
  for (;;) {
    const admitted = admission.next((run) => runs.isHere(run));
    if (!admitted) return;
    decideOne(tick, admitted.run, { atMs, event: launchedEvent(admitted) });
    assert(admitted.task.phase === 'running', 'an admitted step runs');
    tick.launched.push(admitted);
  }
}
