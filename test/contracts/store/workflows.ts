import { describe, expect, it } from 'vitest';
import { sqlNodeLogStore } from '../../../db/sql-node-log-store.ts';
import { sqlWorkflowStore } from '../../../db/sql-workflow-store.ts';
import type { AppId, MessageId, RunId, UserId } from '../../../shared/ids.ts';
import { limits } from '../../../shared/limits.ts';
import { newId } from '../../../shared/new-id.ts';
import { WorkflowDetails } from '../../../shared/workflow.ts';
import { WorkflowVersion } from '../../../shared/workflow-settings.ts';
import type { WorkflowSettings } from '../../../shared/workflow-settings.ts';
import type { NodeLogEntry } from '../../../shared/workflow-trial.ts';
import { brokenWorkflow, echoWorkflow } from '../../helpers/echo-workflow.ts';
import { completed, newUser, startedOf, TestChat, workflowId } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

const settings: WorkflowSettings = { name: 'Echo', description: 'Says it again.', definition: echoWorkflow };

export function describeWorkflows({ open }: StoreUnderTest): void {
  describe('workflows of people', () => {
    const workflows = () => sqlWorkflowStore(open().db, open().clock.read);

    async function make(userId: UserId, published = false): Promise<AppId> {
      const { id } = await workflows().createWorkflow(userId, newId(), settings);
      if (published) await workflows().publishWorkflow(userId, id, 1);
      return id;
    }

    async function change(userId: UserId, id: AppId, changes: Partial<WorkflowSettings>) {
      const own = await workflows().ownWorkflow(userId, id);
      const { name, description, definition } = own;
      return workflows().updateWorkflow(userId, own, { name, description, definition, ...changes });
    }

    it('[WFM-1] an owner sees all of a workflow, others its outline while it is published', async () => {
      const [ann, bob] = [newUser(), newUser()];
      const store = workflows();
      const made = await store.createWorkflow(ann, newId(), settings);
      expect(made).toMatchObject({ ...settings, published: false, version: 1, owned: true });
      expect(made).toMatchObject({ guideWord: 'Say something', guideQuestions: ['Who is there?'] });
      expect(WorkflowDetails.parse(made)).toEqual(made);
      expect(await store.workflow(ann, made.id)).toEqual(made);
      const missing = newId<AppId>();
      for (const id of [made.id, missing]) {
        const refused = { code: 'NOT_FOUND', message: `There is no workflow ${id}.` };
        await expect(store.workflow(bob, id)).rejects.toMatchObject(refused);
      }
      await store.publishWorkflow(ann, made.id, 1);
      const { definition: _, ...shown } = made;
      const seen = await store.workflow(bob, made.id);
      expect(seen).toEqual({ ...shown, published: true, owned: false });
      expect(seen.outline.nodes).toEqual(echoWorkflow.nodes.map(({ id, title, type }) => ({ id, title, type })));
      await expect(store.workflow(bob, made.id, 2)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      // Past what a column for it holds, too.
      for (const version of [2, 2 ** 31, Number.MAX_SAFE_INTEGER])
        await expect(store.workflow(ann, made.id, version)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await store.deleteWorkflow(ann, made.id);
      for (const user of [ann, bob])
        await expect(store.workflow(user, made.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('[WFM-1] lists have the published ones and one’s own, in pages, oldest first', async () => {
      const [ann, bob] = [newUser(), newUser()];
      const [draft, open] = [await make(ann), await make(ann, true)];
      const other = await make(bob, true);
      const list = async (userId: UserId, mine?: boolean) =>
        (await workflows().workflows(userId, { limit: 100, mine })).workflows.map(({ id }) => id);
      const seen = await list(ann);
      expect(seen).toEqual(seen.toSorted());
      expect(seen).toEqual(expect.arrayContaining([workflowId, draft, open, other]));
      expect(await list(bob)).not.toContain(draft);
      expect(await list(ann, true)).toEqual([draft, open]);
      const first = await workflows().workflows(ann, { limit: 1, mine: true });
      const second = await workflows().workflows(ann, { limit: 1, mine: true, cursor: first.nextCursor ?? '' });
      expect([first, second].map(({ workflows: [one] }) => one?.id)).toEqual([draft, open]);
      expect(second.nextCursor).toBeNull();
      await workflows().deleteWorkflow(ann, open);
      await workflows().deleteWorkflow(bob, other);
      expect([await list(ann, true), await list(bob)]).toEqual([[draft], expect.not.arrayContaining([open])]);
    });

    it('[WFM-2] what is another’s, came with the server, is deleted or missing cannot be changed', async () => {
      const [ann, bob] = [newUser(), newUser()];
      const store = workflows();
      const [draft, published, deleted] = [await make(ann), await make(ann, true), await make(bob)];
      await store.deleteWorkflow(bob, deleted);
      const attempts = (id: AppId) => [
        () => store.ownWorkflow(bob, id),
        () => store.updateWorkflow(bob, { id, version: 1, published: false }, { ...settings, name: 'Mine' }),
        () => store.publishWorkflow(bob, id, 1),
        () => store.unpublishWorkflow(bob, id),
        () => store.deleteWorkflow(bob, id),
        () => store.workflowVersions(bob, id, { limit: 1 }),
      ];
      for (const id of [draft, published, deleted, workflowId, newId<AppId>()]) {
        const message = expect.stringContaining(`You have no workflow ${id};`) as string;
        for (const attempt of attempts(id))
          await expect(attempt()).rejects.toMatchObject({ code: 'NOT_FOUND', message });
      }
      expect(await store.workflow(bob, published)).toMatchObject({ name: 'Echo', published: true, version: 1 });
      const owns = (userId: UserId, id: AppId) => open().store.ownsWorkflow(userId, id);
      expect(
        await Promise.all([owns(ann, draft), owns(bob, draft), owns(bob, deleted), owns(bob, workflowId)]),
      ).toEqual([true, false, false, false]);
      await store.deleteWorkflow(ann, published);
    });

    it('[WFM-3] each change makes the next version, and all of them are kept whole', async () => {
      const ann = newUser();
      const id = await make(ann);
      const made = await workflows().workflow(ann, id);
      const second = await change(ann, id, { definition: { ...echoWorkflow, nodes: echoWorkflow.nodes.slice(1) } });
      expect(second).toMatchObject({ version: 2, guideQuestions: [], createdAt: made.createdAt });
      expect(second).not.toHaveProperty('guideWord');
      expect(await change(ann, id, { definition: brokenWorkflow, name: 'Third' })).toMatchObject({ version: 3 });
      const { versions, nextCursor } = await workflows().workflowVersions(ann, id, { limit: 2 });
      const older = await workflows().workflowVersions(ann, id, { limit: 2, cursor: nextCursor ?? '' });
      const all = [...versions, ...older.versions];
      expect(all.map(({ version, name }) => [version, name])).toEqual([
        [3, 'Third'],
        [2, 'Echo'],
        [1, 'Echo'],
      ]);
      expect(older.nextCursor).toBeNull();
      for (const version of all) expect(WorkflowVersion.parse(version)).toEqual(version);
      expect(await workflows().workflow(ann, id, 1)).toEqual(made);
      await expect(workflows().workflow(ann, id, 4)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      const found = await Promise.all([1, 3, null].map((version) => open().store.workflow(id, version)));
      expect(found).toEqual([
        { id, name: 'Echo', version: 1, definition: echoWorkflow, ownerId: ann, status: 'draft' },
        { id, name: 'Third', version: 3, definition: brokenWorkflow, ownerId: ann, status: 'draft' },
        { id, name: 'Third', version: 3, definition: brokenWorkflow, ownerId: ann, status: 'draft' },
      ]);
      await workflows().deleteWorkflow(ann, id);
      expect(await open().store.workflow(id, 1)).toMatchObject({ version: 1, ownerId: ann, status: 'deleted' });
      expect(await open().store.workflow(id, 4)).toBeNull();
    });

    it('[WFM-4] a version is made once, of the newest only, and as published as it was', async () => {
      const ann = newUser();
      const id = await make(ann);
      const own = await workflows().ownWorkflow(ann, id);
      const names = Array.from({ length: 8 }, (_, index) => `Name ${index}`);
      const made = await Promise.all(names.map((name) => workflows().updateWorkflow(ann, own, { ...settings, name })));
      expect(made.filter((one) => one !== null)).toEqual([expect.objectContaining({ version: 2 })]);
      expect((await workflows().workflowVersions(ann, id, { limit: 9 })).versions).toHaveLength(2);
      expect(await workflows().publishWorkflow(ann, id, 1)).toBeNull();
      const draft = await workflows().ownWorkflow(ann, id);
      expect(await workflows().publishWorkflow(ann, id, 2)).toMatchObject({ published: true });
      expect(await workflows().updateWorkflow(ann, draft, settings)).toBeNull();
      expect(await workflows().unpublishWorkflow(ann, id)).toMatchObject({ published: false, version: 2 });
    });

    it('[WFM-5] a run names the version that was there when it started, and one that may not be used starts none', async () => {
      const { store } = open();
      const [ann, bob] = [newUser(), newUser()];
      const id = await make(ann);
      const chatWith = (userId: UserId) => TestChat.create(store, { userId, app: { kind: 'workflow', id } });
      await expect(chatWith(bob)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      const own = await chatWith(ann);
      const first = await own.start('one');
      await change(ann, id, { name: 'Second' });
      expect(first.run).toMatchObject({ appVersion: 1, app: { kind: 'workflow', id } });
      await workflows().publishWorkflow(ann, id, 2);
      const chat = await chatWith(bob);
      expect((await chat.start('one')).run.appVersion).toBe(2);
      await workflows().unpublishWorkflow(ann, id);
      const other = await TestChat.create(store, { userId: bob });
      expect(other.id).not.toBe(chat.id);
      await expect(chatWith(bob)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await workflows().deleteWorkflow(ann, id);
      await expect(chatWith(ann)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('[WFM-8] what its owner says about a run goes with the run, to each answer, and a repeat is compared with it', async () => {
      const { store } = open();
      const ann = newUser();
      const app = { kind: 'workflow', id: await make(ann) } as const;
      const { id: chatId } = await TestChat.create(store, { userId: ann, app });
      const instructions = { parameters: { tone: 'stern', list: [1, { a: null }] } };
      const messageId = newId<MessageId>();
      const request = { chatId, messageId, text: 'x', onBusy: 'queue', mayStart: true } as const;
      const sent = await store.send(ann, { ...request, instructions });
      expect(startedOf(sent).instructions).toEqual(instructions);
      expect(await store.send(ann, { ...request, instructions })).toMatchObject({ disposition: 'duplicate' });
      await expect(store.send(ann, request)).rejects.toMatchObject({ code: 'CONFLICT_DUPLICATE' });
      await store.finish(completed(startedOf(sent), 'y'));
      const { text: _, ...again } = request;
      const other = await store.regenerate(ann, { ...again, newMessageId: newId() });
      expect(startedOf(other).instructions).toEqual(instructions);
    });

    it('[WFM-10] the log of a run keeps as much as it may, in its order, and of a run that is gone nothing', async () => {
      const { db, store } = open();
      const logs = sqlNodeLogStore(db);
      const ann = newUser();
      const app = { kind: 'workflow', id: await make(ann) } as const;
      const { run } = await (await TestChat.create(store, { userId: ann, app })).start('x');
      const entry = (nodeId: string): NodeLogEntry => ({
        nodeId,
        title: 'A “node”',
        startedAt: '2026-01-01T00:00:00.000Z',
        durationMs: 1.5,
        outputs: { text: "it's {} \\ \n", list: [null, 1] },
      });
      await logs.addToLog(run.id, [entry('a')]);
      await logs.addToLog(run.id, [entry('b'), entry('c')]);
      expect((await logs.nodeLog(ann, run.id, { limit: 9 })).entries).toEqual(['a', 'b', 'c'].map(entry));
      await logs.addToLog(
        run.id,
        Array.from({ length: limits.nodeLog }, (_, place) => entry(`n${place}`)),
      );
      expect(await open().count('node_log', run.id)).toBe(limits.nodeLog);
      const gone = newId<RunId>();
      await logs.addToLog(gone, [entry('a')]);
      await expect(logs.nodeLog(ann, gone, { limit: 9 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(logs.nodeLog(newUser(), run.id, { limit: 9 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });
}
