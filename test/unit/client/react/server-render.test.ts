import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { App } from './everything.tsx';
import { FakeClient } from './fake-client.ts';

test('[RCT-25] rendered on a server the hooks tell that nothing is there yet, and open and ask nothing', () => {
  const fake = new FakeClient();
  const html = renderToString(createElement(App, { client: fake.client }));
  expect(html).toBe('<p>chat loading, shared loading, list loading, connecting, catalog unknown</p>');
  expect(fake.opened + fake.lists.length).toBe(0);
});
