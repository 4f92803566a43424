import type { Locator } from 'playwright';
import { describe, expect, test } from 'vitest';
import { noBrowser } from '../helpers/browser.ts';
import { isStatus, pageUnderTest, patience, says } from '../helpers/browser-page.ts';

const markdown = `# Rainbows

A **bow** of *light*, seen [opposite](https://example.org/sun) the sun,
and on a new line.

1. bent
2. reflected

- [x] done

\`\`\`ts
const angle = 42;
\`\`\`

| Colour | Angle |
|:--|--:|
| Red | 42.4 |
`;

/** What each piece of markup must come out as: text, or a link that leads nowhere but out. */
const hostile = [
  '<script>document.title = "hit"</script>',
  '<img src="https://evil.example/a.png" onerror="document.title = \'hit\'">',
  '<svg onload="document.title = \'hit\'"><a xlink:href="javascript:document.title=\'hit\'">x</a></svg>',
  '<iframe src="https://evil.example/"></iframe>',
  '<style>@import "https://evil.example/a.css"; body { background: url(https://evil.example/b.png) }</style>',
  '<details open ontoggle="document.title = \'hit\'">x</details>',
  '<a href="javascript:document.title = \'hit\'">html link</a>',
  '[javascript](javascript:document.title=%27hit%27)',
  '[spaced]( java\nscript:alert(1) )',
  '[entity](&#106;avascript:document.title=1)',
  '[data](data:text/html,<script>parent.document.title=1</script>)',
  '[vbscript](vbscript:msgbox)',
  '[file](file:///etc/passwd)',
  '[relative](/trpc/chat.list)',
  '[hash](#00000000-0000-7000-8000-000000000000)',
  '[protocol relative](//evil.example/x)',
  '![remote](https://evil.example/c.png)',
  '![data image](data:image/svg+xml,<svg onload=alert(1)>)',
  '[![linked](https://evil.example/d.png)](https://example.org/ok)',
  '<javascript:document.title=1>',
  '<https://example.org/auto>',
  '{document.title = "hit"} <Component onClick={() => alert(1)} />',
  '[ref]: javascript:document.title=1 "t"\n\n[ref]',
  '[^1]: <img src=x onerror=alert(1)>\n\nA note[^1].',
  '| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |\n|---|---|\n| <script>alert(1)</script> | ![i](https://evil.example/e.png) |',
  '````\n</code></pre><script>document.title = "hit"</script>\n````',
].join('\n\n');

describe.skipIf(noBrowser)('Markdown in answers', () => {
  const page = pageUnderTest();

  test('[PAGE-21] an answer is drawn as Markdown while it grows, and a message as it was written', async () => {
    const spoken = page.dictate();
    await using tab = await page.open();
    await tab.send('# not a heading');
    const answer = tab.page.locator('[data-role=assistant] > .text');
    const cut = markdown.indexOf('1. bent');
    spoken.say(markdown.slice(0, cut));
    await answer.locator('h2', { hasText: 'Rainbows' }).waitFor();
    expect(await answer.locator('strong').textContent()).toBe('bow');
    expect(await answer.locator('p').first().innerText()).toMatch(/the sun,\nand on a new line\.$/);
    await isStatus(tab, 'streaming');
    spoken.say(markdown.slice(cut));
    spoken.end();
    await isStatus(tab, 'completed');
    expect(await answer.locator('ol > li').allTextContents()).toEqual(['bent', 'reflected']);
    expect(await answer.getByRole('img', { name: 'done' }).count()).toBe(1);
    expect(await answer.locator('.code-head').textContent()).toBe('ts');
    expect(await answer.locator('.code code').textContent()).toBe('const angle = 42;');
    expect(await answer.getByRole('cell', { name: '42.4' }).count()).toBe(1);
    expect(await tab.messages.first().locator('.text').innerHTML()).toBe('# not a heading');
  });

  /** Links that the page lets through, by their text. */
  const linksOf = (answer: Locator) =>
    answer
      .locator('a')
      .evaluateAll((links) => links.map((link) => [link.textContent, (link as HTMLAnchorElement).href]));

  test.each([1, 7, 64, 1_000_000])(
    '[PAGE-11] [PAGE-22] hostile markup in pieces of %i runs nothing, fetches nothing and leads nowhere else',
    async (length) => {
      const pieces = hostile.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? [];
      const spoken = page.dictate();
      await using tab = await page.open();
      await tab.page.evaluate(() => {
        document.addEventListener('securitypolicyviolation', () => document.body.setAttribute('data-violated', ''));
      });
      await tab.send('attack');
      for (const [index, piece] of pieces.entries()) {
        spoken.say(piece);
        // So that the page draws what is half written now and then.
        if (index % 64 === 0) await tab.page.evaluate(() => new Promise(requestAnimationFrame));
      }
      spoken.end();
      await isStatus(tab, 'completed');
      const answer = tab.page.locator('[data-role=assistant] > .text');
      await answer.getByRole('link', { name: 'remote' }).waitFor();
      const elements = 'script, img, svg:not(.icon), iframe, style, details, object, form, [onerror], [onload], [id]';
      expect(await answer.locator(elements).count()).toBe(0);
      const links = await linksOf(answer);
      expect(links).toContainEqual(['remote', 'https://evil.example/c.png']);
      expect(links).toContainEqual(['https://example.org/auto', 'https://example.org/auto']);
      expect(links.filter(([, href]) => !/^(https?|mailto):/.test(href ?? ''))).toEqual([]);
      const ofSelf = links.filter(([, href]) => href?.startsWith(page.url));
      expect(ofSelf).toEqual([]);
      const rels = await answer
        .locator('a')
        .evaluateAll((found) => found.map((link) => `${link.getAttribute('target')} ${link.getAttribute('rel')}`));
      expect([...new Set(rels)]).toEqual(['_blank noopener noreferrer']);
      expect(await tab.page.title()).toBe('attack · Switchboard');
      expect(await tab.page.locator('body[data-violated]').count()).toBe(0);
    },
  );

  test('[PAGE-23] a block of code and a whole answer can be copied', async () => {
    page.answer(() => [markdown]);
    await using tab = await page.open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await tab.send('copy');
    await isStatus(tab, 'completed');
    const clipboard = () => tab.page.evaluate(() => navigator.clipboard.readText());
    await tab.page.getByRole('button', { name: 'Copy code' }).click();
    await tab.page.getByText('Copied', { exact: true }).waitFor();
    expect(await clipboard()).toBe('const angle = 42;');
    await tab.page.getByRole('button', { name: 'Copy the answer' }).click();
    await expect.poll(clipboard, patience).toBe(markdown);
  });

  test('[PAGE-24] while an answer grows, the blocks before the last one are not drawn again', async () => {
    const spoken = page.dictate();
    await using tab = await page.open();
    // Each drawing of a link asks whether its address may be followed.
    await tab.page.evaluate(() => {
      const canParse = URL.canParse.bind(URL);
      const asked: string[] = [];
      URL.canParse = (url, base) => {
        asked.push(String(url));
        return canParse(url, base);
      };
      Object.assign(globalThis, { asked });
    });
    const drawn = (name: string) =>
      tab.page.evaluate(
        (url) => (globalThis as unknown as { asked: string[] }).asked.filter((asked) => asked === url).length,
        `https://example.org/${name}`,
      );
    await tab.send('grow');
    spoken.say('A [first](https://example.org/first) block.\n\nA [second](https://example.org/second) one.\n\nAnd');
    const answer = tab.page.locator('[data-role=assistant] > .text');
    await answer.getByRole('link', { name: 'second' }).waitFor();
    await answer.getByText('And').waitFor();
    const before = [await drawn('first'), await drawn('second')];
    expect(Math.min(...before)).toBeGreaterThan(0);
    spoken.say(' a [third](https://example.org/third)');
    await answer.getByRole('link', { name: 'third' }).waitFor();
    spoken.say(' that grows');
    await answer.getByText('that grows').waitFor();
    spoken.say('.\n\n```\ncode');
    await answer.locator('code').waitFor();
    spoken.end();
    await isStatus(tab, 'completed');
    expect([await drawn('first'), await drawn('second')]).toEqual(before);
    expect(await drawn('third')).toBeGreaterThan(1);
  });

  test('[PAGE-24] a text that the parser gives up on is shown as it was written', async () => {
    const deep = `${'>'.repeat(20_000)} deep`;
    page.answer(() => [deep]);
    await using tab = await page.open();
    await tab.send('deep');
    await isStatus(tab, 'completed');
    await says(tab, deep);
    expect(await tab.page.locator('blockquote').count()).toBe(0);
  });
});
