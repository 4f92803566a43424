import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { sqlAssistantStore } from '../../../db/sql-assistant-store.ts';
import { sqlWorkflowStore } from '../../../db/sql-workflow-store.ts';
import { validateWorkflow } from '../../../server/handlers/workflow/validation/validate-workflow.ts';
import { Assistant } from '../../../shared/assistant.ts';
import { AssistantVersion } from '../../../shared/assistant-settings.ts';
import { type AppId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';
import { guideOf } from '../../../shared/workflow-outline.ts';
import { assistantId, editorId, newUser, TestChat } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

export function describeCatalog({ open }: StoreUnderTest): void {
  describe('apps', () => {
    it('[STO-23] a fresh database has two published assistants that use the default model', async () => {
      const { store, db } = open();
      const { assistants, nextCursor } = await sqlAssistantStore(db).assistants(newUser(), { limit: 10 });
      expect(assistants.map(({ id }) => id)).toEqual([assistantId, editorId]);
      expect(nextCursor).toBeNull();
      for (const assistant of assistants) {
        expect(Assistant.parse(assistant)).toEqual(assistant);
        expect(assistant).toMatchObject({ model: null, published: true, owned: false, version: 1 });
        expect(assistant.guideWord).toEqual(expect.any(String));
        expect(assistant.guideQuestions.length).toBeGreaterThan(0);
        const version = await store.assistant(assistant.id, null);
        expect(AssistantVersion.parse(version)).toEqual(version);
        expect(version).toMatchObject({ assistantId: assistant.id, name: assistant.name, version: 1 });
      }
    });

    it('[STO-23] a fresh database has four published workflows that can run', async () => {
      const { store, db } = open();
      const user = newUser();
      const { workflows } = await sqlWorkflowStore(db).workflows(user, { limit: 100 });
      const seeded = workflows.filter(({ id }) => id.startsWith('01930000-'));
      expect(seeded.map(({ name }) => name)).toEqual([
        'Summarise',
        'Trip planner',
        'Letter with approval',
        'One by one',
      ]);
      for (const workflow of seeded) {
        expect(workflow).toMatchObject({ published: true, version: 1, owned: false });
        const stored = await store.workflow(workflow.id, null);
        expect(stored).toMatchObject({ id: workflow.id, name: workflow.name, version: 1 });
        expect(validateWorkflow(stored?.definition)).toEqual([]);
        const { definition, guideWord, guideQuestions } = await sqlWorkflowStore(db).workflow(user, workflow.id);
        expect(definition).toEqual(stored?.definition);
        expect(guideOf(definition)).toEqual({ guideWord: guideWord ?? null, guideQuestions });
      }
    });

    it('[STO-23] lists come in pages and leave out what is not published, which runs still find by its id', async () => {
      const { store, db } = open();
      const list = (limit: number, cursor?: string) => sqlAssistantStore(db).assistants(newUser(), { limit, cursor });
      const first = await list(1);
      expect(first.assistants.map(({ id }) => id)).toEqual([assistantId]);
      const second = await list(1, first.nextCursor ?? undefined);
      expect(second).toMatchObject({ assistants: [{ id: editorId }], nextCursor: null });
      await db.execute(sql`update switchboard.assistants set published = false where id = ${editorId}`);
      try {
        expect((await list(9)).assistants.map(({ id }) => id)).toEqual([assistantId]);
        expect(await store.assistant(editorId, 1)).toMatchObject({ assistantId: editorId });
      } finally {
        await db.execute(sql`update switchboard.assistants set published = true where id = ${editorId}`);
      }
    });

    it('[STO-35] a run that starts names the version of its assistant, and a version is read once', async () => {
      const { store, db } = open();
      const assistants = sqlAssistantStore(db);
      const { run } = await (await TestChat.create(store)).start('Hi');
      expect(run.appVersion).toBe((await assistants.assistant(newUser(), run.app.id))?.version);
      const first = await store.assistant(run.app.id, run.appVersion ?? null);
      expect(first).toMatchObject({ assistantId: run.app.id, version: run.appVersion });
      expect(await store.assistant(run.app.id, run.appVersion ?? null)).toBe(first);
      expect(await store.assistant(run.app.id, null)).toEqual(first);
    });

    it('[STO-23] an unknown app is null', async () => {
      const { store } = open();
      expect(await store.assistant(newId<AppId>(), null)).toBeNull();
      expect(await store.workflow(newId<AppId>(), null)).toBeNull();
    });
  });
}
