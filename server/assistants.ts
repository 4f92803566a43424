import { isDeepStrictEqual } from 'node:util';
import type { AssistantStore } from '../db/assistant-store.ts';
import type { Assistant, ModelParameters } from '../shared/assistant.ts';
import type { AssistantSettings, AssistantVersion } from '../shared/assistant-settings.ts';
import { SwitchboardError } from '../shared/errors.ts';
import type { AppId, UserId } from '../shared/ids.ts';
import type {
  AssistantVersions,
  CreateAssistant,
  ListAssistants,
  ReadFeedback,
  UpdateAssistant,
} from '../shared/inputs.ts';
import { newId } from '../shared/new-id.ts';

export interface AssistantsOptions {
  readonly store: AssistantStore;
  /** Rejects with `INVALID_INPUT` for a model that cannot be, and parameters that it does not take. */
  readonly models: { check(model: string | null, parameters: ModelParameters): Promise<void> };
  /** Whether there is a tool of that name; absent where nobody knows the tools. */
  readonly knowsTool?: (name: string) => boolean;
}

/** What people do with assistants. Whose one is, the store decides; what a model takes, is checked here. */
export class Assistants {
  readonly #options: AssistantsOptions;

  constructor(options: AssistantsOptions) {
    this.#options = options;
  }

  get(userId: UserId, id: AppId): Promise<Assistant> {
    return this.#options.store.assistant(userId, id);
  }

  list(userId: UserId, query: ListAssistants): ReturnType<AssistantStore['assistants']> {
    return this.#options.store.assistants(userId, query);
  }

  versions(userId: UserId, { assistantId, ...page }: AssistantVersions): ReturnType<AssistantStore['versions']> {
    return this.#options.store.versions(userId, assistantId, page);
  }

  feedback(userId: UserId, { assistantId, ...page }: ReadFeedback): ReturnType<AssistantStore['feedback']> {
    return this.#options.store.feedback(userId, assistantId, page);
  }

  async create(userId: UserId, settings: CreateAssistant): Promise<Assistant> {
    await this.#check(settings);
    return this.#options.store.createAssistant(userId, newId(), settings);
  }

  /**
   * Makes the next version, unless nothing becomes different. Of changes that come at once each is made of the other's
   * result, so that what was checked together is stored together.
   */
  async update(userId: UserId, { assistantId, ifVersion, ...changes }: UpdateAssistant): Promise<Assistant> {
    const { store } = this.#options;
    for (;;) {
      const before = await store.newestVersion(userId, assistantId);
      if (ifVersion !== undefined && ifVersion !== before.version) throw outdated(ifVersion, before);
      const next: AssistantVersion = { ...before, ...withoutAbsent(changes) };
      await this.#check(next);
      if (isDeepStrictEqual(next, before)) return store.assistant(userId, assistantId);
      const updated = await store.updateAssistant(userId, next);
      if (updated) return updated;
    }
  }

  publish(userId: UserId, id: AppId, published: boolean): Promise<Assistant> {
    return this.#options.store.publishAssistant(userId, id, published);
  }

  async delete(userId: UserId, assistantId: AppId): Promise<{ assistantId: AppId }> {
    await this.#options.store.deleteAssistant(userId, assistantId);
    return { assistantId };
  }

  async #check({ model, parameters, tools }: AssistantSettings): Promise<void> {
    const { models, knowsTool = () => true } = this.#options;
    const unknown = tools.find(({ name }) => !knowsTool(name));
    if (unknown) {
      const message = `tools: expected names of tools that this server has, got ${JSON.stringify(unknown.name)}`;
      throw new SwitchboardError('INVALID_INPUT', message);
    }
    await models.check(model, parameters);
  }
}

function withoutAbsent(changes: Omit<UpdateAssistant, 'assistantId' | 'ifVersion'>): Partial<AssistantSettings> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

function outdated(ifVersion: number, { version }: AssistantVersion): SwitchboardError {
  const message = `ifVersion: expected ${version}, the newest version, got ${ifVersion}; read the assistant again, and update it from there`;
  return new SwitchboardError('INVALID_INPUT', message, { details: { version } });
}
