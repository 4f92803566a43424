import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createChatClient } from '../index.ts';
import { ChatProvider } from '../react.tsx';
import { prepareMarkdown } from './markdown/answer-text.tsx';
import { Page } from './page.tsx';

const root = document.querySelector('#page');
if (!root) throw new Error('index.html: expected an element with the id "page", found none');

createRoot(root).render(
  <StrictMode>
    <ChatProvider client={createChatClient({ url: location.origin })}>
      <Page />
    </ChatProvider>
  </StrictMode>,
);

// The first screen first; nobody reads an answer before that.
addEventListener('load', prepareMarkdown, { once: true });
