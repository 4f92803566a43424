import { useCallback, useEffect, useState } from 'react';
import { readDraftJson, writeDraft } from '../chat/draft.ts';
import { keep } from '../files/kept-files.ts';
import type { FormField, Written } from './form-fields.ts';

export interface UseWritten {
  readonly written: Written;
  /** The same at each render. */
  readonly write: (name: string, text: string) => void;
  /** Once it is answered. */
  readonly forget: (fields: readonly FormField[]) => void;
}

/** What is written in the fields of a question; it survives a reload of this tab, as a message in the making does. */
export function useWritten(questionId: string): UseWritten {
  const key = `answer:${questionId}`;
  const [written, setWritten] = useState<Written>(() => readDraftJson(key, {}));
  useEffect(() => {
    if (Object.keys(written).length > 0) writeDraft(key, JSON.stringify(written));
  }, [key, written]);
  const write = useCallback((name: string, text: string): void => {
    setWritten((before) => ({ ...before, [name]: text }));
  }, []);
  const forget = (fields: readonly FormField[]): void => {
    writeDraft(key, '');
    for (const { name } of fields) keep(filesOwner(questionId, name), []);
  };
  return { written, write, forget };
}

/** By whom the files of a field are kept. */
export function filesOwner(questionId: string, name: string): string {
  return `${questionId} ${name}`;
}
