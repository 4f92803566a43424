import { z } from 'zod';
import { ModelId } from '../shared/assistant.ts';
import { limits } from '../shared/limits.ts';
import { isLoopback } from './door.ts';

/** An empty variable counts as absent: that is what `VAR= npm start` and compose files mean by it. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const number = (min: number, max: number, fallback: number) => {
  const error = `expected a number from ${min} to ${max}`;
  const isRight = (value: unknown): boolean => {
    const number = Number(value);
    return Number.isInteger(number) && number >= min && number <= max;
  };
  return optional(z.string().refine(isRight, error)).transform((text) =>
    text === undefined ? fallback : Number(text),
  );
};

/** What cannot be sent in a header is no key: mostly a quotation mark or a line break that came along when it was copied. */
const key = z
  .string()
  .regex(/^[\x21\x23-\x26\x28-\x7e]+$/, 'expected a key without spaces, quotation marks and line breaks');

const baseUrl = z
  .url({ protocol: /^https?$/, error: 'expected a URL such as http://127.0.0.1:11434/v1' })
  .refine(hasNoPassword, 'expected a URL without user and password; the key goes into OPENAI_API_KEY');

const jwksUrl = z
  .url({ protocol: /^https?$/, error: 'expected a URL such as https://login.example.com/.well-known/jwks.json' })
  .refine(hasNoPassword, 'expected a URL without user and password');

/** Bytes; a shorter one can be guessed from a single token. */
const shortestSecret = 32;

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

const origins = z
  .string()
  .transform((list) => list.split(',').map((origin) => origin.trim()))
  .pipe(z.array(z.string().refine(isOrigin, 'expected origins such as https://chat.example.com, separated by commas')));

const hosts = z
  .string()
  .transform((list) => list.split(',').map((host) => host.trim().toLowerCase()))
  .pipe(
    z.array(
      z.string().regex(/^[^\s/@]+$/, 'expected hosts such as api.internal or 10.0.0.5:8080, separated by commas'),
    ),
  );

const contextTokens = z
  .string()
  .refine(
    (list) => list.split(',').every((entry) => contextOf(entry) !== null),
    `expected tokens from ${limits.leastContextTokens}, such as 32768, or by model, such as openai:llama3=8192,32768`,
  )
  .transform((list) => Object.fromEntries(list.split(',').flatMap((entry) => [contextOf(entry) ?? []])));
const modelIds = z
  .string()
  .transform((list) => list.split(',').map((id) => id.trim()))
  .pipe(z.array(ModelId));

/** What holds where nothing is said. */
export const defaults = {
  port: 3000,
  host: '127.0.0.1',
  dataDir: '.data',
  allowedOrigins: [],
  toolAllowedHosts: [],
  drainSeconds: 10,
  publicShares: true,
  titles: true,
  logLevel: 'info',
} as const satisfies Config;

const Environment = z.object({
  PORT: number(0, 65_535, defaults.port),
  HOST: optional(z.string()),
  DATABASE_URL: optional(
    z.string().regex(/^postgres(ql)?:\/\//, 'expected a URL such as postgres://user:password@host:5432/database'),
  ),
  DATA_DIR: optional(z.string()),
  FILES_DIR: optional(z.string()),
  OPENAI_API_KEY: optional(key),
  OPENAI_BASE_URL: optional(baseUrl),
  ANTHROPIC_API_KEY: optional(key),
  DEFAULT_MODEL: optional(ModelId),
  CONTEXT_TOKENS: optional(contextTokens),
  IMAGE_MODELS: optional(modelIds),
  AUTH_SECRET: optional(z.string()),
  AUTH_JWKS_URL: optional(jwksUrl),
  AUTH_ISSUER: optional(z.string()),
  AUTH_AUDIENCE: optional(z.string()),
  ALLOWED_ORIGINS: optional(origins),
  DRAIN_SECONDS: number(0, 3_600, defaults.drainSeconds),
  DAILY_TOKENS: optional(
    z.string().regex(/^[1-9]\d{0,14}$/, 'expected a number of tokens from 1, without separators, or nothing'),
  ),
  PUBLIC_SHARES: optional(z.enum(['on', 'off'], 'expected on or off')),
  TITLES: optional(z.enum(['on', 'off'], 'expected on or off')),
  TOOL_ALLOWED_HOSTS: optional(hosts),
  MCP_CONFIG: optional(z.string()),
  LOG_LEVEL: optional(z.enum(logLevels, `expected one of ${logLevels.join(', ')}`)),
});

/** What can be set from outside; the same names as the environment's, in the server's words. */
export interface Config {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** Absent: the embedded database in `dataDir`. */
  readonly databaseUrl?: string | undefined;
  /** Null: the embedded database lives in memory and goes with the server. */
  readonly dataDir: string | null;
  /** Where the bytes of files are kept. Absent: in the database. */
  readonly filesDir?: string | undefined;
  readonly openaiApiKey?: string | undefined;
  readonly openaiBaseUrl?: string | undefined;
  readonly anthropicApiKey?: string | undefined;
  readonly defaultModel?: string | undefined;
  /**
   * Tokens that models take in one request, the answer included: by `provider:model`, and `other` for models that nobody
   * here knows. Absent: what their libraries say, else `limits.contextTokens`.
   */
  readonly contextTokens?: Readonly<Record<string, number>> | undefined;
  /** `provider:model` of compatible servers that take images, which nobody can ask them. */
  readonly imageModels?: readonly string[] | undefined;
  /** Tokens are JSON Web Tokens signed with it (HS256). */
  readonly authSecret?: string | undefined;
  /** Tokens are JSON Web Tokens signed with one of the keys that are published there. */
  readonly authJwksUrl?: string | undefined;
  /** What their `iss` has to be. */
  readonly authIssuer?: string | undefined;
  /** What their `aud` has to be or to hold. */
  readonly authAudience?: string | undefined;
  readonly allowedOrigins: readonly string[];
  readonly drainSeconds: number;
  /** Tokens that each user's model calls may use in a day (UTC). Absent: no budget. */
  readonly dailyTokens?: number | undefined;
  /** Whether whoever has the id of a shared chat reads it without a token, where one is asked for. */
  readonly publicShares: boolean;
  /** Whether chats without a title get one by the model after their first answer. */
  readonly titles: boolean;
  /** `host` or `host:port` that tools may ask though their addresses are not public. */
  readonly toolAllowedHosts: readonly string[];
  /** A file with `{ "mcpServers": { … } }`: servers of tools that assistants may use. */
  readonly mcpConfig?: string | undefined;
  readonly logLevel: string;
}

/** The server can't start like this; the message says which variable, what was expected and what came. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Secrets, and what may hold one, are not repeated in messages, not even wrong ones. */
const secrets = new Set([
  'DATABASE_URL',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'ANTHROPIC_API_KEY',
  'AUTH_SECRET',
  'AUTH_JWKS_URL',
]);

/** Reads the environment; anything that is not right is a `ConfigError`. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => explain(issue, env)).join('\n'));
  const variables = parsed.data;
  const config: Config = {
    port: variables.PORT,
    host: variables.HOST ?? defaults.host,
    databaseUrl: variables.DATABASE_URL,
    dataDir: variables.DATA_DIR ?? defaults.dataDir,
    filesDir: variables.FILES_DIR,
    openaiApiKey: variables.OPENAI_API_KEY,
    openaiBaseUrl: variables.OPENAI_BASE_URL,
    anthropicApiKey: variables.ANTHROPIC_API_KEY,
    defaultModel: variables.DEFAULT_MODEL,
    contextTokens: variables.CONTEXT_TOKENS,
    imageModels: variables.IMAGE_MODELS,
    authSecret: variables.AUTH_SECRET,
    authJwksUrl: variables.AUTH_JWKS_URL,
    authIssuer: variables.AUTH_ISSUER,
    authAudience: variables.AUTH_AUDIENCE,
    allowedOrigins: variables.ALLOWED_ORIGINS ?? defaults.allowedOrigins,
    drainSeconds: variables.DRAIN_SECONDS,
    dailyTokens: variables.DAILY_TOKENS === undefined ? undefined : Number(variables.DAILY_TOKENS),
    publicShares: variables.PUBLIC_SHARES !== 'off',
    titles: variables.TITLES !== 'off',
    toolAllowedHosts: variables.TOOL_ALLOWED_HOSTS ?? defaults.toolAllowedHosts,
    mcpConfig: variables.MCP_CONFIG,
    logLevel: variables.LOG_LEVEL ?? defaults.logLevel,
  };
  refuseUnclearTokens(config);
  return config;
}

function explain(issue: z.core.$ZodIssue, env: Readonly<Record<string, string | undefined>>): string {
  const name = String(issue.path[0]);
  const value = env[name] ?? '';
  return `${name}: ${issue.message}; got ${secrets.has(name) ? outlineOf(value) : JSON.stringify(value)}`;
}

/** What can be told of something that may hold a password. */
function outlineOf(value: string): string {
  const scheme = /^[a-z][a-z\d+.-]{0,15}:\/\//i.exec(value)?.[0];
  if (scheme) return `one that begins with ${scheme}`;
  const marks = /\s/.test(value) ? ' with spaces or line breaks in it' : '';
  return `${value.length} characters${/["']/.test(value) ? ' with quotation marks in it' : marks}, not shown here`;
}

/** Two ways to check the same tokens, a weak secret, or rules for tokens that nobody checks are less than they look. */
export function refuseUnclearTokens(config: Config): void {
  const { authSecret: secret, authJwksUrl: jwksUrl, authIssuer: issuer, authAudience: audience } = config;
  if (secret !== undefined && jwksUrl !== undefined) {
    throw new ConfigError('AUTH_SECRET, AUTH_JWKS_URL: both say how tokens are checked; unset one of them');
  }
  if (secret !== undefined && Buffer.byteLength(secret) < shortestSecret) {
    throw new ConfigError(
      `AUTH_SECRET: expected at least ${shortestSecret} characters, such as openssl rand -base64 48 prints; got ${outlineOf(secret)}`,
    );
  }
  if (secret !== undefined || jwksUrl !== undefined) return;
  const rules = [issuer !== undefined && 'AUTH_ISSUER', audience !== undefined && 'AUTH_AUDIENCE'].filter(Boolean);
  if (rules.length === 0) return;
  throw new ConfigError(
    `${rules.join(', ')}: nothing says how tokens are checked; set AUTH_SECRET or AUTH_JWKS_URL too, or unset this`,
  );
}

/** For a server that takes everybody who connects: only this machine may. */
export function refuseOpenDoor({ host, authSecret: secret, authJwksUrl: jwksUrl }: Config): void {
  if (isLoopback(host) || secret !== undefined || jwksUrl !== undefined) return;
  throw new ConfigError(
    'HOST: expected 127.0.0.1, ::1 or localhost, or AUTH_SECRET or AUTH_JWKS_URL as well, because without tokens ' +
      `whoever connects may do everything; got ${JSON.stringify(host)}`,
  );
}

/** `provider:model=TOKENS`, the last `=` counting, or tokens alone, which are for `other` models; null for anything else. */
function contextOf(entry: string): [string, number] | null {
  const [, id = 'other', digits = ''] = /^(?:(.+)=)?(\d{1,9})$/.exec(entry.trim()) ?? [];
  const isName = id === 'other' || ModelId.safeParse(id).success;
  return isName && Number(digits) >= limits.leastContextTokens ? [id, Number(digits)] : null;
}

function hasNoPassword(text: string): boolean {
  const url = URL.parse(text);
  return !url || (url.username === '' && url.password === '');
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
