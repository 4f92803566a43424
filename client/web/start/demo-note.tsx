import { useState } from 'react';
import { useCatalog } from '../../react.tsx';
import { ConnectModel } from './connect-model.tsx';

/** Says that nobody thinks here yet, and how to change that; gone as soon as a model is connected. */
export function DemoNote() {
  const isDemo = useCatalog()?.models[0]?.demo ?? false;
  const [isOpen, setOpen] = useState(false);
  if (!isDemo) return null;
  return (
    <div className="demo" role="note" aria-label="Demo">
      <p title="Answers come from a built-in script.">
        <strong>Demo</strong>
        <span className="demo-more">: no language model is connected.</span>
      </p>
      <button type="button" className="link" aria-label="Connect a model" onClick={() => setOpen(true)}>
        Connect<span className="demo-more"> a model</span>
      </button>
      {isOpen && <ConnectModel onClose={() => setOpen(false)} />}
    </div>
  );
}
