import type { BaseChatModel, BaseChatModelCallOptions } from '@langchain/core/language_models/chat_models';
import { SwitchboardError } from '../../../shared/errors.ts';
import type { ResolvedModel } from '../models.ts';
import { toolInput } from './tool-input.ts';
import type { ToolInput } from './tool-input.ts';
import { modelNameOf } from './tool-name.ts';
import type { Tool } from './tool.ts';

/** A tool as an assistant has it. */
export interface OfferedTool extends ToolInput {
  readonly tool: Tool;
  /** Whether a person is asked before each call. */
  readonly approval: boolean;
}

/** The tools of one assistant, made ready once: how models are told of them, and how their calls are checked. */
export class Toolset {
  readonly #byModelName: ReadonlyMap<string, OfferedTool>;
  readonly #byName: ReadonlyMap<string, OfferedTool>;
  readonly #options = new WeakMap<BaseChatModel, BaseChatModelCallOptions>();

  constructor(tools: readonly { readonly tool: Tool; readonly approval: boolean }[]) {
    const offered = tools.map(({ tool, approval }) => ({ tool, approval, ...toolInput(tool) }));
    this.#byName = new Map(offered.map((one) => [one.tool.name, one]));
    this.#byModelName = new Map(offered.map((one) => [modelNameOf(one.tool.name), one]));
  }

  get size(): number {
    return this.#byName.size;
  }

  /** By the name that a model calls it, or by its own. */
  find(name: string): OfferedTool | undefined {
    return this.#byModelName.get(name) ?? this.#byName.get(name);
  }

  /** What a request of this model needs to offer them. Errors: `MODEL_BAD_REQUEST` when the model takes no tools. */
  optionsFor({ id, model }: ResolvedModel): BaseChatModelCallOptions {
    const known = this.#options.get(model);
    if (known) return known;
    const options = this.#bind(id, model);
    this.#options.set(model, options);
    return options;
  }

  #bind(id: string, model: BaseChatModel): BaseChatModelCallOptions {
    const definitions = [...this.#byModelName].map(([name, { tool, parameters }]) => ({
      type: 'function' as const,
      function: { name, description: tool.description, parameters: { ...parameters } },
    }));
    const bound = model.bindTools?.(definitions) as { readonly config?: BaseChatModelCallOptions } | undefined;
    if (bound?.config) return bound.config;
    const fix = 'choose another model for this assistant, or take its tools away';
    throw new SwitchboardError('MODEL_BAD_REQUEST', `${id} cannot call tools, and the assistant has some; ${fix}`);
  }
}
