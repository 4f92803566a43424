import { useEffect, useState } from 'react';
import type { KeyboardEvent, Ref } from 'react';
import { limits } from '../../../shared/limits.ts';
import { Icon } from '../ui/icon.tsx';
import { keyNames } from '../ui/shortcuts.ts';

/** Milliseconds without a key after which the words are looked for. */
const pauseMs = 150;

interface SearchFieldProps {
  readonly field: Ref<HTMLInputElement>;
  /** Called when the person pauses, with the words as they stand. */
  readonly onSearch: (words: string) => void;
}

export function SearchField({ field, onSearch }: SearchFieldProps) {
  const [words, setWords] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => onSearch(words.trim()), words === '' ? 0 : pauseMs);
    return () => clearTimeout(timer);
  }, [words, onSearch]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || words === '') return;
    event.preventDefault();
    setWords('');
  };
  return (
    <div className="search" role="search">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        aria-label="Search titles and messages"
        placeholder="Search titles and messages"
        maxLength={limits.title}
        value={words}
        onChange={(event) => setWords(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <kbd aria-hidden="true">{keyNames.search}</kbd>
    </div>
  );
}
