import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createChatClient } from '../../../client/index.ts';
import type { ChatClient } from '../../../client/index.ts';
import { ChatProvider } from '../../../client/react.tsx';
import { App } from './app.tsx';
import { Caught } from './caught.tsx';

/** `?server=URL` and, for a page without a provider, `&bare`. */
const query = new URLSearchParams(location.search);
const real = createChatClient({ url: query.get('server') ?? '' });
const client: ChatClient = {
  ...real,
  open(chatId) {
    globalThis.controls.opened += 1;
    return real.open(chatId);
  },
};
globalThis.controls = { show: () => {}, chat: {}, list: {}, client, opened: 0, mounted: 0 };
const app = <App client={client} />;

createRoot(document.body.appendChild(document.createElement('main'))).render(
  <StrictMode>
    <Caught>{query.has('bare') ? app : <ChatProvider client={client}>{app}</ChatProvider>}</Caught>
  </StrictMode>,
);
