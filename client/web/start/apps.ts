import type { Catalog } from '../../react.tsx';
import type { App } from '../../../shared/chat.ts';

/** An assistant or a workflow, as it is chosen. */
export interface AppOption {
  readonly app: App;
  readonly name: string;
  readonly description: string;
  /** An emoji, or the address of a picture. */
  readonly avatar: string | null;
  /** Which model answers, as `provider:model`. */
  readonly model: string | null;
  readonly guideWord: string | null;
  readonly guideQuestions: readonly string[];
}

/** Assistants first, each kind in the server's order. */
export function optionsOf({ assistants, workflows, models }: Catalog): AppOption[] {
  const defaultModel = models[0]?.id ?? null;
  return [
    ...assistants.map(({ id, name, description, avatar, model, guideWord, guideQuestions }) => ({
      app: { kind: 'assistant' as const, id },
      name,
      description,
      avatar,
      model: model ?? defaultModel,
      guideWord: guideWord ?? null,
      guideQuestions,
    })),
    ...workflows.map(({ id, name, description, guideWord, guideQuestions }) => ({
      app: { kind: 'workflow' as const, id },
      name,
      description,
      avatar: null,
      // Each of its steps may have another one.
      model: null,
      guideWord: guideWord ?? null,
      guideQuestions,
    })),
  ];
}

export function nameOfApp(catalog: Catalog | null, app: App | null): string {
  if (catalog === null || app === null) return '';
  return optionsOf(catalog).find((option) => option.app.id === app.id)?.name ?? '';
}
