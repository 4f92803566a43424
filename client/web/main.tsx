import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './account/app.tsx';
import { Session } from './account/session.ts';
import { prepareMarkdown } from './markdown/answer-text.tsx';

const root = document.querySelector('#page');
if (!root) throw new Error('index.html: expected an element with the id "page", found none');

const session = new Session(location.origin);

createRoot(root).render(
  <StrictMode>
    <App session={session} />
  </StrictMode>,
);

// The first screen first; nobody reads an answer before that.
addEventListener('load', prepareMarkdown, { once: true });
