import { Field, Select, TextInput } from '../../ui/field.tsx';
import { Segments } from '../../ui/segments.tsx';
import { NextTimes } from './next-times.tsx';
import { type Schedule, UNITS } from './schedule.ts';
import { PRESETS } from './schedule-text.ts';
import classes from './schedule-field.module.css';

/** When runs start: a cron expression with what it means, or a period. */
export function ScheduleField({
  schedule,
  onChange,
}: {
  readonly schedule: Schedule;
  readonly onChange: (schedule: Schedule) => void;
}) {
  const { kind, cron, count, unit } = schedule;
  const change = (part: Partial<Schedule>) => onChange({ ...schedule, ...part });
  return (
    <div className={classes['schedule']}>
      <Segments
        label="Kind of schedule"
        value={kind}
        options={[
          { value: 'cron', label: 'At times' },
          { value: 'periodic', label: 'Periodic' },
        ]}
        onChange={(value) => change({ kind: value as Schedule['kind'] })}
      />
      {kind === 'periodic' ? (
        <div className={classes['period']}>
          <span>Every</span>
          <TextInput
            aria-label="Period"
            inputMode="numeric"
            value={count}
            onChange={(event) => change({ count: event.target.value })}
          />
          <Select aria-label="Unit" value={unit} options={UNITS} onChange={(event) => change({ unit: event.target.value })} />
        </div>
      ) : (
        <>
          <div className={classes['row']}>
            <Field label="Often used">
              {(control) => (
                <Select
                  {...control}
                  value={PRESETS.some((preset) => preset.cron === cron) ? cron : ''}
                  options={[
                    ...PRESETS.map(({ cron: value, text }) => ({ value, label: text })),
                    { value: '', label: 'Something else' },
                  ]}
                  onChange={(event) => event.target.value && change({ cron: event.target.value })}
                />
              )}
            </Field>
            <Field label="Cron expression" hint="second minute hour day month weekday">
              {(control) => (
                <TextInput
                  {...control}
                  className="mono"
                  value={cron}
                  onChange={(event) => change({ cron: event.target.value })}
                />
              )}
            </Field>
          </div>
          <NextTimes trigger={{ cron_schedule: { cron } }} />
        </>
      )}
    </div>
  );
}
