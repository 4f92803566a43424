import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { ChatClient } from '../../client/index.ts';
import { createChatClient } from '../../client/index.ts';
import type { Chat } from '../../shared/chat.ts';
import { launchBrowser } from './browser.ts';
import { dictation } from './browser-dictation.ts';
import type { Dictation } from './browser-dictation.ts';
import type { ProviderAnswer, ProviderRequest } from './model-provider.ts';
import { openReactTab, serveReactPage } from './react-page.ts';
import type { ReactPage, ReactTab, ReactVersion } from './react-page.ts';
import { startServerWithModel } from './server.ts';
import type { ServerWithModel } from './server.ts';

export const patience = { timeout: 10_000, interval: 10 };

export interface ReactSetUp {
  /** Opens the page, over another address of the server or with more in its query where that is named. */
  open(options?: { readonly server?: string; readonly query?: string }): Promise<ReactTab>;
  /** The provider says from now on what the returned dictation is told. */
  dictate(): Dictation;
  /** The provider answers from now on with these pieces. */
  answers(...pieces: string[]): void;
  /** Somebody else, on another connection. */
  readonly other: ChatClient;
  /** An empty chat that the other one has made. */
  create(title?: string): Promise<Chat>;
  /** Streams that are open at the server. */
  streams(): number;
  readonly url: string;
}

/** For a `describe`: a browser, a server with a provider double, and the test page with this version of React. */
export function reactSetUp(version: ReactVersion): ReactSetUp {
  let answer: (request: ProviderRequest) => ProviderAnswer = () => ['fine'];
  let browser: Browser;
  let page: ReactPage;
  let server: ServerWithModel;
  let other: ChatClient;
  beforeAll(async () => {
    server = await startServerWithModel({ answer: (request) => answer(request) });
    page = await serveReactPage(version);
    browser = await launchBrowser();
    other = createChatClient({ url: server.url });
  });
  afterEach(async () => {
    await expect.poll(() => server.server.census(), patience).toEqual({ connections: 1, runs: 0, streams: 0 });
  });
  afterAll(async () => {
    await other.close();
    await browser.close();
    await page[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  return {
    open: (options = {}) => openReactTab(browser, page, options.server ?? server.url, options.query),
    dictate() {
      const spoken = dictation();
      answer = ({ signal }) => spoken.chunks(signal);
      return spoken;
    },
    answers(...pieces) {
      answer = () => pieces;
    },
    get other() {
      return other;
    },
    create: (title) => other.api.chat.create.mutate(title === undefined ? {} : { title }),
    streams: () => server.server.census().streams,
    get url() {
      return server.url;
    },
  };
}
