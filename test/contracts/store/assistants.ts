import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { sqlAssistantStore } from '../../../db/sql-assistant-store.ts';
import { Assistant } from '../../../shared/assistant.ts';
import { AssistantVersion, NewAssistantSettings } from '../../../shared/assistant-settings.ts';
import type { AppId, UserId } from '../../../shared/ids.ts';
import { limits } from '../../../shared/limits.ts';
import { newId } from '../../../shared/new-id.ts';
import { assistantId, completed, editorId, newUser, startedOf, TestChat, typesOf } from '../../helpers/store-chat.ts';
import type { StoreUnderTest } from '../store.ts';

const settings = NewAssistantSettings.parse({
  name: 'Pirate',
  prompt: 'Talk like a pirate.',
  avatar: '🦜',
  parameters: { temperature: 0.5 },
  tools: [{ name: 'search', approval: true }],
  limits: { steps: 3 },
  guideWord: 'Ahoy',
  guideQuestions: ['Where is the treasure?'],
  followUps: true,
});

export function describeAssistants({ open }: StoreUnderTest): void {
  describe('assistants of people', () => {
    const assistants = () => sqlAssistantStore(open().db, open().clock.read);

    async function make(userId: UserId, published = false): Promise<AppId> {
      const { id } = await assistants().createAssistant(userId, newId(), settings);
      if (published) await assistants().publishAssistant(userId, id, true);
      return id;
    }

    /** What is different in the next version. */
    async function change(userId: UserId, id: AppId, changes: Partial<AssistantVersion>) {
      const newest = await assistants().newestVersion(userId, id);
      return assistants().updateAssistant(userId, { ...newest, ...changes });
    }

    const chatWith = (id: AppId, userId: UserId, options: { debug?: boolean } = {}) =>
      TestChat.create(open().store, { userId, app: { kind: 'assistant', id }, ...options });

    it('[APP-1] an owner sees all of an assistant, others what they need while it is published', async () => {
      const [ann, bob] = [newUser(), newUser()];
      const store = assistants();
      const made = await store.createAssistant(ann, newId(), settings);
      const { guideWord, ...rest } = settings;
      const own = { ...rest, guideWord, published: false, version: 1, owned: true };
      expect(made).toMatchObject(own);
      expect(Assistant.parse(made)).toEqual(made);
      expect(await store.assistant(ann, made.id)).toEqual(made);
      const missing = newId<AppId>();
      const words = (id: AppId) => `There is no assistant ${id}.`;
      await expect(store.assistant(bob, made.id)).rejects.toMatchObject({ code: 'NOT_FOUND', message: words(made.id) });
      await expect(store.assistant(bob, missing)).rejects.toMatchObject({ code: 'NOT_FOUND', message: words(missing) });
      await store.publishAssistant(ann, made.id, true);
      const { prompt: _, parameters: __, tools: ___, limits: ____, ...shown } = made;
      expect(await store.assistant(bob, made.id)).toEqual({ ...shown, published: true, owned: false });
      await store.deleteAssistant(ann, made.id);
      await expect(store.assistant(bob, made.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(store.assistant(ann, made.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('[APP-1] lists have the published ones and one’s own, in pages, oldest first', async () => {
      const [ann, bob] = [newUser(), newUser()];
      const [draft, open] = [await make(ann), await make(ann, true)];
      const other = await make(bob, true);
      const list = async (userId: UserId, mine?: boolean) =>
        (await assistants().assistants(userId, { limit: 100, mine })).assistants.map(({ id }) => id);
      const seen = await list(ann);
      expect(seen).toEqual(seen.toSorted());
      expect(seen).toEqual(expect.arrayContaining([assistantId, draft, open, other]));
      expect(await list(bob)).not.toContain(draft);
      expect(await list(ann, true)).toEqual([draft, open]);
      const first = await assistants().assistants(ann, { limit: 1, mine: true });
      const second = await assistants().assistants(ann, { limit: 1, mine: true, cursor: first.nextCursor ?? '' });
      expect([first, second].map(({ assistants: [one] }) => one?.id)).toEqual([draft, open]);
      expect(second.nextCursor).toBeNull();
      await assistants().deleteAssistant(ann, open);
      await assistants().deleteAssistant(bob, other);
      expect(await list(ann, true)).toEqual([draft]);
      expect(await list(bob)).not.toContain(open);
    });

    it('[APP-2] what is another’s, came with the server, is deleted or missing cannot be changed', async () => {
      const [ann, bob] = [newUser(), newUser()];
      const store = assistants();
      const [draft, published, deleted] = [await make(ann), await make(ann, true), await make(bob)];
      await store.deleteAssistant(bob, deleted);
      const next = await store.newestVersion(ann, draft);
      const attempts = (id: AppId) => [
        () => store.newestVersion(bob, id),
        () => store.updateAssistant(bob, { ...next, assistantId: id, name: 'Mine' }),
        () => store.publishAssistant(bob, id, false),
        () => store.deleteAssistant(bob, id),
        () => store.versions(bob, id, { limit: 1 }),
      ];
      for (const id of [draft, published, deleted, assistantId, newId<AppId>()]) {
        const message = expect.stringContaining(`You have no assistant ${id};`) as string;
        for (const attempt of attempts(id))
          await expect(attempt()).rejects.toMatchObject({ code: 'NOT_FOUND', message });
      }
      expect(await store.assistant(bob, published)).toMatchObject({ name: 'Pirate', published: true, version: 1 });
      expect(await store.assistant(bob, assistantId)).toMatchObject({ name: 'Assistant', published: true });
      await store.deleteAssistant(ann, published);
    });

    it('[APP-3] each change makes the next version, and all of them are kept whole', async () => {
      const ann = newUser();
      const id = await make(ann);
      const made = await assistants().assistant(ann, id);
      expect(await change(ann, id, { prompt: 'Second.' })).toMatchObject({ version: 2, prompt: 'Second.' });
      const third = await change(ann, id, { parameters: { temperature: null, topP: 0.1, maxOutputTokens: 7 } });
      expect(third).toMatchObject({ version: 3, prompt: 'Second.', createdAt: made.createdAt });
      const { versions, nextCursor } = await assistants().versions(ann, id, { limit: 2 });
      const older = await assistants().versions(ann, id, { limit: 2, cursor: nextCursor ?? '' });
      const all = [...versions, ...older.versions];
      expect(all.map(({ version, prompt, parameters }) => [version, prompt, parameters.temperature])).toEqual([
        [3, 'Second.', null],
        [2, 'Second.', 0.5],
        [1, settings.prompt, 0.5],
      ]);
      expect(older.nextCursor).toBeNull();
      for (const version of all) expect(AssistantVersion.parse(version)).toEqual(version);
      expect(all[2]).toEqual({ assistantId: id, version: 1, createdAt: made.createdAt, ...settings });
      const found = await Promise.all([1, 2, 3, null].map((version) => open().store.assistant(id, version)));
      expect(found).toEqual([all[2], all[1], all[0], all[0]]);
      expect(await open().store.assistant(id, 4)).toBeNull();
    });

    it('[APP-4] a version is made once, of the newest only', async () => {
      const ann = newUser();
      const id = await make(ann);
      const newest = await assistants().newestVersion(ann, id);
      const names = Array.from({ length: 8 }, (_, index) => `Name ${index}`);
      const made = await Promise.all(names.map((name) => assistants().updateAssistant(ann, { ...newest, name })));
      expect(made.filter((one) => one !== null)).toEqual([expect.objectContaining({ version: 2 })]);
      expect((await assistants().versions(ann, id, { limit: 9 })).versions).toHaveLength(2);
    });

    it('[APP-5] a run is told the version that was there when it started', async () => {
      const { store } = open();
      const ann = newUser();
      const id = await make(ann);
      const chat = await chatWith(id, ann);
      const first = await chat.start('one');
      const queued = await chat.send('two');
      await change(ann, id, { name: 'Second' });
      expect(first.run.appVersion).toBe(1);
      expect((await chat.state()).queue[0]).not.toHaveProperty('appVersion');
      await store.finish(completed(first, 'ahoy'));
      const next = await store.startNext(chat.id);
      expect(next?.started?.run).toMatchObject({ id: queued.runId, appVersion: 2 });
      const told = (await chat.log()).flatMap(({ event }) => ('run' in event ? [event] : []));
      expect(told.map(({ type, run }) => [type, run.appVersion])).toEqual([
        ['run.queued', undefined],
        ['run.started', 1],
        ['run.queued', undefined],
        ['run.started', 2],
      ]);
      const other = await TestChat.create(store);
      expect((await other.start('x')).run.appVersion).toBe(1);
    });

    it('[APP-6] an assistant that is not published answers its owner alone', async () => {
      const { store } = open();
      const [ann, bob] = [newUser(), newUser()];
      const id = await make(ann);
      await expect(chatWith(id, bob)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      const own = await chatWith(id, ann);
      await own.turn('hello', 'ahoy');
      await assistants().publishAssistant(ann, id, true);
      const chat = await chatWith(id, bob);
      const started = await chat.start('one');
      const [second, third] = [await chat.send('two'), await chat.send('three', { onBusy: 'interrupt' })];
      await assistants().publishAssistant(ann, id, false);
      await expect(chat.send('four')).rejects.toMatchObject({ code: 'APP_UNPUBLISHED' });
      await store.finish(completed(started, 'ahoy'));
      const before = await chat.view();
      const failed = await store.startNext(chat.id);
      const error = { code: 'APP_UNPUBLISHED', message: expect.any(String) as string };
      const ended = [third, second].map(({ runId }) => ({ type: 'run.ended', runId, status: 'failed', error }));
      expect(failed?.entries.map(({ event }) => event)).toEqual(ended);
      expect(await chat.log(failed?.entries[0] ? failed.entries[0].seq - 1 : 0)).toEqual(failed?.entries);
      expect(await chat.view()).toEqual({ ...before, queue: [] });
      expect(await store.startNext(chat.id)).toBeNull();
      await expect(chat.send('four')).rejects.toMatchObject({ code: 'APP_UNPUBLISHED' });
      expect(typesOf(await own.send('again'))).toContain('run.started');
      expect((await chat.view()).messages).toHaveLength(2);
    });

    it('[APP-6] a deleted assistant answers nobody, and what it has answered stays', async () => {
      const { store } = open();
      const ann = newUser();
      const id = await make(ann, true);
      const chat = await chatWith(id, ann);
      const started = await chat.start('one');
      await assistants().deleteAssistant(ann, id);
      expect(await store.assistant(id, started.run.appVersion ?? 0)).toMatchObject({ name: 'Pirate' });
      await store.finish(completed(started, 'ahoy'));
      await expect(chat.send('two')).rejects.toMatchObject({ code: 'APP_UNPUBLISHED' });
      await expect(chatWith(id, ann)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect((await chat.view()).messages).toHaveLength(2);
    });

    it('[APP-11] one assistant too many is TOO_LARGE', async () => {
      const { db } = open();
      const ann = newUser();
      const id = await make(ann);
      await db.execute(sql`
        insert into switchboard.assistants (id, name, description, prompt, guide_questions, published, owner_id)
        select gen_random_uuid(), 'x', '', '', '[]', false, ${ann} from generate_series(2, ${limits.assistantsPerUser})`);
      const details = { limit: limits.assistantsPerUser };
      await expect(make(ann)).rejects.toMatchObject({ code: 'TOO_LARGE', details });
      await assistants().deleteAssistant(ann, id);
      await expect(make(ann)).resolves.toEqual(expect.any(String));
      await db.execute(sql`delete from switchboard.assistants where owner_id = ${ann}`);
    });

    it('[APP-9] debug chats that were not used for the time go, all others stay', async () => {
      const { clock, store } = open();
      // What other tests have left.
      await store.deleteDebugChats(-1_000, 1_000);
      const ann = newUser();
      const debug = () => chatWith(editorId, ann, { debug: true });
      const [unused, ended, active, waiting] = [await debug(), await debug(), await debug(), await debug()];
      const ordinary = await chatWith(editorId, ann);
      await ordinary.turn('hello', 'hi');
      const late = await ended.start('hello');
      await active.start('hello');
      await waiting.send('hello', { mayStart: false });
      const unusedSince = Date.parse(clock.iso());
      await store.finish(completed(late, 'hi'));
      const recent = await debug();
      const sweep = () => store.deleteDebugChats(Date.parse(clock.iso()) - unusedSince, 100);
      const gone = await sweep();
      expect(gone).toEqual([
        { chatId: unused.id, entries: [{ seq: 1, event: { type: 'chat.deleted', chatId: unused.id } }] },
      ]);
      expect(await sweep()).toEqual([]);
      await expect(unused.state()).rejects.toMatchObject({ code: 'NOT_FOUND' });
      for (const chat of [ended, active, waiting, ordinary, recent]) expect((await chat.state()).chat.id).toBe(chat.id);
      // At most so many at once.
      expect(await store.deleteDebugChats(-1_000, 1)).toHaveLength(1);
      const rest = await store.deleteDebugChats(-1_000, 100);
      expect(rest.length).toBeGreaterThan(0);
      for (const chat of [active, waiting, ordinary]) expect((await chat.state()).chat.id).toBe(chat.id);
      await expect(ended.state()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('[APP-9] a debug chat that is used at that moment is not deleted', async () => {
      const { store } = open();
      for (let round = 0; round < 10; round += 1) {
        const chat = await chatWith(editorId, newUser(), { debug: true });
        const [sent, gone] = await Promise.allSettled([chat.send('hello'), store.deleteDebugChats(-1_000, 100)]);
        const isGone = gone.status === 'fulfilled' && gone.value.some(({ chatId }) => chatId === chat.id);
        expect([isGone, sent.status]).toEqual([isGone, isGone ? 'rejected' : 'fulfilled']);
        if (sent.status === 'fulfilled') await store.finish(completed(startedOf(sent.value), 'hi'));
      }
    });
  });
}
