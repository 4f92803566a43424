import { useCallback, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useClient } from '../../react.tsx';
import { PaneHead } from '../chat/pane-head.tsx';
import { useAsked } from '../ui/use-asked.ts';
import { TodayUsage } from './today-usage.tsx';
import { UsageTable } from './usage-table.tsx';

interface UsagePaneProps {
  /** What stands at the left of the head on a phone. */
  readonly toggle: ReactNode;
}

const title = 'Your usage';

/** Days until today that can be chosen; the server tells at most 92 at once. */
const spans = [7, 30, 92];

/** What one's model calls have used, by day, and what is left of today. */
export function UsagePane({ toggle }: UsagePaneProps) {
  const { api } = useClient();
  const [days, setDays] = useState(30);
  const load = useCallback(() => api.account.usage.query({ days }), [api, days]);
  const { value, problem, ask } = useAsked(load);
  useEffect(() => {
    document.title = `${title} · Switchboard`;
  }, []);
  return (
    <section className="pane" aria-label={title}>
      <PaneHead toggle={toggle}>
        <h1>{title}</h1>
      </PaneHead>
      {/* Reached by Tab, so that the arrow keys scroll it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="scroller" tabIndex={0} role="group" aria-label="Usage">
        <div className="conversation usage" aria-busy={value === null && problem === null}>
          {problem !== null && (
            <p className="problem" role="alert">
              Your usage could not be loaded: {problem}
            </p>
          )}
          {value && <TodayUsage usage={value} />}
          <div className="actions">
            <label className="labelled">
              Shown
              <select value={days} onChange={(event) => setDays(Number(event.target.value))}>
                {spans.map((span) => (
                  <option key={span} value={span}>
                    the last {span} days
                  </option>
                ))}
              </select>
            </label>
            <button type="button" className="quiet" onClick={ask}>
              Ask again
            </button>
          </div>
          {value && <UsageTable usage={value} />}
        </div>
      </div>
    </section>
  );
}
