import { describe, expect, test } from 'vitest';
import { noBrowser } from '../helpers/browser.ts';
import { pageUnderTest } from '../helpers/browser-page.ts';

describe.skipIf(noBrowser)('how the page is served', () => {
  const page = pageUnderTest();

  /** What the files of the first screen take on the wire, as the browser counted it. */
  async function transferred(): Promise<{ name: string; bytes: number }[]> {
    await using tab = await page.open();
    await tab.page.getByText('Chat with').waitFor();
    // It comes after the first screen and belongs to it all the same: the first answer needs it.
    await tab.page.waitForFunction(() =>
      performance.getEntriesByType('resource').some(({ name }) => name.includes('/markdown-')),
    );
    return await tab.page.evaluate(() =>
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map((entry) => ({
        name: entry.name,
        bytes: (entry as PerformanceResourceTiming).transferSize,
      })),
    );
  }

  test('[PAGE-18] the first screen takes less than 200 KB', async () => {
    const files = await transferred();
    const names = files.map(({ name }) => name.replace(page.url, ''));
    for (const kind of [/^\/$/, /\/index-.*\.js$/, /\.css$/, /\/markdown-.*\.js$/]) {
      expect(names.some((name) => kind.test(name))).toBe(true);
    }
    expect(files.every(({ bytes }) => bytes > 0)).toBe(true);
    expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(200_000);
  });

  test('[PAGE-36] nothing on the screen moves while the rest is loaded', async () => {
    page.answer(() => ['# An answer\n\nof two blocks']);
    const chatId = await page.chatOf(['one', 'two', 'three'], 'a chat');
    for (const path of ['', `#${chatId}`]) {
      await using tab = await page.open();
      await tab.page.addInitScript(() => {
        const seen = globalThis as { moved?: number };
        seen.moved = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            seen.moved = (seen.moved ?? 0) + (entry as PerformanceEntry & { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await tab.page.goto(`${page.url}/?fresh${path}`);
      await tab.page.locator('.entry').first().waitFor();
      await tab.page
        .locator(path === '' ? '.app' : 'h2:text("An answer")')
        .first()
        .waitFor();
      await tab.page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      );
      expect(await tab.page.evaluate(() => (globalThis as { moved?: number }).moved)).toBeLessThan(0.02);
    }
  });

  test('[PAGE-32] files come compressed as asked for, and may be kept as long as their name means them', async () => {
    const html = await (await fetch(page.url)).text();
    const [script = ''] = /\/assets\/index-[^"]+\.js/.exec(html) ?? [];
    const get = (path: string, encoding: string) =>
      fetch(`${page.url}${path}`, { headers: { 'accept-encoding': encoding } });
    const bodies = new Set<string>();
    for (const [asked, sent] of [
      ['br, gzip', 'br'],
      ['gzip', 'gzip'],
      ['identity', null],
    ] as const) {
      const response = await get(script, asked);
      expect(response.headers.get('content-encoding')).toBe(sent);
      expect(response.headers.get('vary')).toContain('Accept-Encoding');
      expect(response.headers.get('content-type')).toMatch(/javascript/);
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      bodies.add(await response.text());
    }
    expect(bodies.size).toBe(1);
    const index = await get('/', 'br');
    await index.text();
    expect(index.headers.get('content-encoding')).toBe('br');
    expect(index.headers.get('cache-control')).toBe('no-cache');
    const again = await fetch(page.url, {
      headers: { 'accept-encoding': 'br', 'if-none-match': index.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
    expect(again.headers.get('vary')).toContain('Accept-Encoding');
  });

  test('[PAGE-32] an unknown path is not found, whatever it looks like', async () => {
    for (const path of ['/chat/1', '/assets/gone.js', '/favicon.ico', '/../package.json', '/%2e%2e/package.json']) {
      const response = await fetch(`${page.url}${path}`);
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.text()).toBe('Nothing here.\n');
    }
  });
});
