import type { Browser, BrowserContextOptions } from 'playwright';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { createChatClient } from '../../client/index.ts';
import type { ChatClient } from '../../client/index.ts';
import type { ServerOptions } from '../../server/index.ts';
import type { Message } from '../../shared/message.ts';
import { launchBrowser, openTab } from './browser.ts';
import type { Tab } from './browser.ts';
import { buildPage } from './browser-build.ts';
import { dictation } from './browser-dictation.ts';
import type { Dictation } from './browser-dictation.ts';
import type { ModelProvider, ProviderAnswer, ProviderRequest } from './model-provider.ts';
import { startServerWithModel } from './server.ts';
import type { ServerWithModel } from './server.ts';

/** How long the page has for whatever a test waits for. */
export const patience = { timeout: 10_000, interval: 10 };

type Answer = (request: ProviderRequest) => ProviderAnswer;

/** The built page in a browser, on a server whose model says what the test says. Shared by the tests of one file. */
export interface PageUnderTest {
  readonly browser: Browser;
  readonly provider: ModelProvider;
  readonly url: string;
  /** Opens the page, or with `chatId` that chat. */
  open(options?: BrowserContextOptions & { readonly chatId?: string }): Promise<Tab>;
  /** What the model answers from now on. */
  answer(answer: Answer): void;
  /** From now on the model says what the returned dictation is told. */
  dictate(): Dictation;
  /** Talks to the server beside the page. */
  withClient<Result>(work: (client: ChatClient) => Promise<Result>): Promise<Result>;
  /** A chat in which each of these texts has been sent and answered, one after the other. */
  chatOf(texts: readonly string[], title?: string): Promise<string>;
  /** What the server has stored of the chat that a tab shows. */
  stored(tab: Tab): Promise<Message[]>;
}

/** To be called inside a `describe`: starts everything before its tests, and proves after each that nothing is left. */
export function pageUnderTest(options: ServerOptions = {}): PageUnderTest {
  let say: Answer = () => ['…'];
  let browser: Browser | undefined;
  let server: ServerWithModel | undefined;
  beforeAll(async () => {
    await buildPage();
    server = await startServerWithModel({ answer: (request) => say(request) }, options);
    browser = await launchBrowser();
  });
  afterEach(() => server?.settled());
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });
  const started = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error('pageUnderTest: expected to be used inside a test');
    return part;
  };
  const urlOf = (): string => started(server).url;

  const page: PageUnderTest = {
    get browser() {
      return started(browser);
    },
    get provider() {
      return started(server).provider;
    },
    get url() {
      return urlOf();
    },
    open: ({ chatId, ...context } = {}) =>
      openTab(started(browser), chatId === undefined ? urlOf() : `${urlOf()}/#${chatId}`, context),
    answer: (next) => {
      say = next;
    },
    dictate() {
      const spoken = dictation();
      say = ({ signal }) => spoken.chunks(signal);
      return spoken;
    },
    async withClient(work) {
      const client = createChatClient({ url: urlOf() });
      try {
        return await work(client);
      } finally {
        await client.close();
      }
    },
    chatOf: (texts, title) =>
      page.withClient(async (client) => {
        const { id: chatId } = await client.api.chat.create.mutate(title === undefined ? {} : { title });
        for (const text of texts) await client.send({ chatId, text });
        const isIdle = async () => {
          const { activeRun, queue } = await client.api.chat.get.query({ chatId });
          return activeRun === null && queue.length === 0;
        };
        await expect.poll(isIdle, patience).toBe(true);
        return chatId;
      }),
    stored: (tab) =>
      page.withClient(async ({ api }) => {
        const chatId = new URL(tab.page.url()).hash.slice(1);
        return (await api.chat.history.query({ chatId })).messages;
      }),
  };
  return page;
}

/** Waits until the newest answer says this. */
export async function says(tab: Tab, text: string): Promise<void> {
  await expect.poll(() => tab.answer(), patience).toBe(text);
}

/** Waits until the newest answer has this status. */
export const isStatus = (tab: Tab, status: Message['status']) =>
  tab.page.locator(`[data-role=assistant][data-status=${status}]`).last().waitFor();
