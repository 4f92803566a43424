import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { Assistant } from '../../../shared/assistant.ts';
import { type AppId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';
import { WorkflowDefinition } from '../../../shared/workflow.ts';
import { assistantId, editorId, TestChat, workflowId } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

export function describeCatalog({ open }: StoreUnderTest): void {
  describe('apps', () => {
    it('[STO-23] a fresh database has two published assistants that use the default model', async () => {
      const { store } = open();
      const { assistants, nextCursor } = await store.assistants({ limit: 10 });
      expect(assistants.map(({ id }) => id)).toEqual([assistantId, editorId]);
      expect(nextCursor).toBeNull();
      for (const assistant of assistants) {
        expect(Assistant.parse(assistant)).toEqual(assistant);
        expect(assistant).toMatchObject({ model: null, published: true, guideWord: expect.any(String) as string });
        expect(assistant.guideQuestions.length).toBeGreaterThan(0);
        expect(await store.assistant(assistant.id)).toEqual(assistant);
      }
    });

    it('[STO-23] a fresh database has one published workflow with a valid definition', async () => {
      const { store } = open();
      const { workflows } = await store.workflows({ limit: 10 });
      expect(workflows).toEqual([expect.objectContaining({ id: workflowId, published: true, version: 1 })]);
      const workflow = await store.workflow(workflowId);
      const definition = WorkflowDefinition.parse(workflow?.definition);
      expect(definition.nodes.map(({ type }) => type)).toEqual(['start', 'llm', 'output', 'end']);
      expect(workflow).toEqual({ ...workflows[0], definition: workflow?.definition });
    });

    it('[STO-23] lists come in pages and leave out what is not published, which is still found by its id', async () => {
      const { store, db } = open();
      const first = await store.assistants({ limit: 1 });
      expect(first.assistants.map(({ id }) => id)).toEqual([assistantId]);
      const second = await store.assistants({ limit: 1, cursor: first.nextCursor ?? undefined });
      expect(second).toMatchObject({ assistants: [{ id: editorId }], nextCursor: null });
      await db.execute(sql`update switchboard.assistants set published = false where id = ${editorId}`);
      try {
        expect((await store.assistants({ limit: 9 })).assistants.map(({ id }) => id)).toEqual([assistantId]);
        expect(await store.assistant(editorId)).toMatchObject({ published: false });
      } finally {
        await db.execute(sql`update switchboard.assistants set published = true where id = ${editorId}`);
      }
    });

    it('[STO-32] a run that starts names the state of its assistant, in which it is read once and after a change anew', async () => {
      const { store, db } = open();
      const started = async () => {
        const { run, appVersion } = await (await TestChat.create(store)).start('Hi');
        return { id: run.app.id, version: appVersion };
      };
      const { id, version } = await started();
      const before = await store.assistant(id, version);
      expect(await store.assistant(id, version)).toBe(before);
      expect(await started()).toEqual({ id, version });
      await db.execute(sql`update switchboard.assistants set prompt = 'Be another.' where id = ${id}`);
      try {
        const changed = await started();
        expect(changed.version).not.toBe(version);
        expect(await store.assistant(id, changed.version)).toEqual({ ...before, prompt: 'Be another.' });
        expect(await store.assistant(id)).toEqual({ ...before, prompt: 'Be another.' });
      } finally {
        await db.execute(sql`update switchboard.assistants set prompt = ${before?.prompt} where id = ${id}`);
      }
    });

    it('[STO-23] an unknown app is null', async () => {
      const { store } = open();
      expect(await store.assistant(newId<AppId>())).toBeNull();
      expect(await store.workflow(newId<AppId>())).toBeNull();
    });
  });
}
