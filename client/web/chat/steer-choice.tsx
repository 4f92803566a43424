interface SteerChoiceProps {
  readonly isChosen: boolean;
  readonly onChoose: (isChosen: boolean) => void;
}

/** Whether the message is for the answer that is being written; otherwise it waits for one of its own. */
export function SteerChoice({ isChosen, onChoose }: SteerChoiceProps) {
  return (
    <label className="steer" title="The answer takes it up at its next step. Otherwise it waits for its turn.">
      <input type="checkbox" checked={isChosen} onChange={(event) => onChoose(event.target.checked)} />
      Add to this answer
    </label>
  );
}
