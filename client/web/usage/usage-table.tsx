import { sumUsage } from '../../../shared/sum-usage.ts';
import type { AccountUsage, UsageTotal } from '../../../shared/usage.ts';
import { numberWords, tokenWords } from './number-words.ts';

/** A row for each day and model, the newest day first, and what they are together. */
export function UsageTable({ usage: { days, from, to } }: { readonly usage: AccountUsage }) {
  if (days.length === 0) return <p className="note">Nothing was used in these days.</p>;
  return (
    <>
      <table className="counts">
        <caption className="unseen">
          Tokens by day and model, from {from} to {to}, days as UTC counts them
        </caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Model</th>
            {['Calls', 'Input', 'Output'].map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(({ day, model, ...total }) => (
            <tr key={`${day} ${model}`}>
              <th scope="row">{day}</th>
              <td>{model ?? 'unknown'}</td>
              <Numbers total={total} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              All
            </th>
            <Numbers total={sumUsage(days)} />
          </tr>
        </tfoot>
      </table>
      <p className="field-hint">Days begin at midnight UTC. Numbers with ~ are estimated.</p>
    </>
  );
}

function Numbers({ total: { calls, inputTokens, outputTokens, source } }: { readonly total: UsageTotal }) {
  return [numberWords(calls), tokenWords(inputTokens, source), tokenWords(outputTokens, source)].map((words, index) => (
    // Three cells that never change places.
    // oxlint-disable-next-line react/no-array-index-key
    <td key={index} className="number">
      {words}
    </td>
  ));
}
