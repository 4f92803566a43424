import { describe, expect, test } from 'vitest';
import { newUser } from '../helpers/store-chat.ts';
import { noBrowser } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { violations } from '../helpers/browser-axe.ts';
import { pageUnderTest, patience, says } from '../helpers/browser-page.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

const field = ({ page }: Tab) => page.getByLabel('Token or API key');

async function signIn(tab: Tab, token: string): Promise<void> {
  await field(tab).fill(token);
  await field(tab).press('Enter');
}

describe.skipIf(noBrowser)('a page on a server that asks for tokens', () => {
  const page = pageUnderTest({ authSecret });

  test('[PAGE-37] asks for a token once, keeps it in its tab over a reload, and forgets it when somebody signs out', async () => {
    page.answer(() => ['hello ann']);
    const token = await tokenFor(newUser());
    await using tab = await page.open();
    await field(tab).waitFor();
    await signIn(tab, ` ${token}\n`);
    await tab.composer.waitFor();
    await tab.send('who am I?');
    await says(tab, 'hello ann');
    await tab.page.reload();
    await says(tab, 'hello ann');
    expect(await field(tab).count()).toBe(0);
    const kept = () => tab.page.evaluate(() => JSON.stringify([sessionStorage, localStorage]));
    expect(await kept()).toContain(token);
    expect(await tab.page.evaluate(() => JSON.stringify(localStorage))).not.toContain(token);
    expect(tab.page.url()).not.toContain(token);
    await tab.composer.fill('not sent yet');
    await tab.page.getByRole('button', { name: 'Sign out' }).click();
    await field(tab).waitFor();
    expect(await kept()).not.toMatch(/not sent yet|"token"/);
    await tab.page.reload();
    await field(tab).waitFor();
    expect(await tab.page.getByRole('alert').count()).toBe(0);
  });

  test('[PAGE-38] says that a token is not accepted, and asks again when it ends', async () => {
    await using tab = await page.open();
    await signIn(tab, 'x');
    const alert = tab.page.getByRole('alert');
    await expect.poll(() => alert.textContent(), patience).toMatch(/does not accept this token/);
    await signIn(tab, await tokenFor(newUser(), { expiresIn: 5 }));
    await tab.composer.waitFor();
    await expect.poll(() => alert.count(), patience).toBe(1);
    expect(await field(tab).inputValue()).toBe('');
  });

  test('[PAGE-31] axe finds nothing wrong with the question for a token, light and dark, wide and narrow', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await using tab = await page.open({ colorScheme, viewport: { width: 360, height: 640 } });
      await signIn(tab, 'x');
      await tab.page.getByRole('alert').waitFor();
      expect(await violations(tab.page)).toEqual([]);
      await tab.page.setViewportSize({ width: 1280, height: 800 });
      expect(await violations(tab.page)).toEqual([]);
    }
  });
});
