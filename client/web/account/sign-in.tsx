import { useState } from 'react';
import type { FormEvent } from 'react';
import { Brand } from '../ui/brand.tsx';

interface SignInProps {
  /** Whether the last token was not accepted. */
  readonly wasRefused: boolean;
  readonly onToken: (token: string) => void;
}

/** All of the page, where the server asks who somebody is. */
export function SignIn({ wasRefused, onToken }: SignInProps) {
  const [text, setText] = useState('');
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    // It is mostly pasted, and what comes along at its ends is no part of it.
    const token = text.trim();
    if (token !== '') onToken(token);
  };
  return (
    <main className="sign-in">
      <form onSubmit={onSubmit}>
        <h1>
          <Brand />
          Sign in to Switchboard
        </h1>
        <label className="labelled">
          Token or API key
          <input
            // The page has nothing else.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={text}
            onChange={(event) => setText(event.target.value)}
            type="password"
            autoComplete="current-password"
            spellCheck={false}
            required
            aria-describedby="about-token"
            aria-invalid={wasRefused}
          />
        </label>
        <p id="about-token" className="token-about">
          This server asks who you are. Whoever runs it gives you a token, or a key that begins with sb_. It stays in
          this tab until you close the tab or sign out.
        </p>
        {wasRefused && (
          <p className="problem" role="alert">
            The server does not accept this token, or not any more: it may be mistyped, have ended or been revoked.
          </p>
        )}
        <div className="actions">
          <button type="submit">Sign in</button>
        </div>
      </form>
    </main>
  );
}
