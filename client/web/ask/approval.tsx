import { useRef, useState } from 'react';
import type { ToolPart } from '../../../shared/message.ts';
import { useAttempt } from '../ui/attempt.ts';
import { JsonField } from './json-field.tsx';
import { parseJson } from './parse-json.ts';

/** UTF-16 units of a reason, as the server takes it. */
const reasonLength = 2_000;

interface ApprovalProps {
  /** Absent where the call is not among the messages that are shown. */
  readonly call: ToolPart | undefined;
  readonly onAnswer: (value: unknown) => Promise<unknown>;
}

/** Whether a tool may be called, and with which arguments: those of the model, or others. */
export function Approval({ call, onAnswer }: ApprovalProps) {
  const proposed = JSON.stringify(call?.input, null, 2) ?? '';
  const [text, setText] = useState(proposed);
  const [reason, setReason] = useState('');
  const [mistake, setMistake] = useState<string | null>(null);
  const { isBusy, problem, attempt } = useAttempt();
  const field = useRef<HTMLTextAreaElement>(null);

  const approve = (): void => {
    if (isBusy) return;
    const parsed = text === proposed ? null : parseJson(text);
    setMistake(parsed?.mistake ?? null);
    if (parsed && parsed.mistake !== null) field.current?.focus();
    else void attempt(() => onAnswer({ decision: 'approve', ...(parsed && { input: parsed.value }) }));
  };
  const deny = (): void => {
    if (isBusy) return;
    const why = reason.trim();
    void attempt(() => onAnswer({ decision: 'deny', ...(why !== '' && { reason: why }) }));
  };

  return (
    <>
      {call && (
        <>
          <p className="soft">
            The tool <code>{call.name}</code> is called with these arguments. You may change them.
          </p>
          <JsonField field={field} label="Arguments, as JSON" text={text} mistake={mistake} onChange={setText} />
        </>
      )}
      <label className="labelled">
        Reason, if you deny it (the model is told)
        <input value={reason} maxLength={reasonLength} onChange={(event) => setReason(event.target.value)} />
      </label>
      {problem !== null && (
        <p className="problem" role="alert">
          Not answered: {problem}
        </p>
      )}
      <div className="actions">
        <button type="button" className="quiet" aria-disabled={isBusy} onClick={deny}>
          Deny
        </button>
        <button type="button" aria-disabled={isBusy} onClick={approve}>
          Approve
        </button>
      </div>
    </>
  );
}
