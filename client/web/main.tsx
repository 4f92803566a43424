import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createChatClient } from '../index.ts';
import { Page } from './page.tsx';
import { createWorkspace, WorkspaceContext } from './workspace.ts';

const root = document.querySelector('#page');
if (!root) throw new Error('index.html: expected an element with the id "page", found none');

const workspace = createWorkspace(createChatClient({ url: location.origin }));

createRoot(root).render(
  <StrictMode>
    <WorkspaceContext value={workspace}>
      <Page />
    </WorkspaceContext>
  </StrictMode>,
);
