import { z } from 'zod';
import { ModelId } from '../shared/assistant.ts';
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

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

const origins = z
  .string()
  .transform((list) => list.split(',').map((origin) => origin.trim()))
  .pipe(z.array(z.string().refine(isOrigin, 'expected origins such as https://chat.example.com, separated by commas')));

/** What holds where nothing is said. */
export const defaults = {
  port: 3000,
  host: '127.0.0.1',
  dataDir: '.data',
  allowedOrigins: [],
  drainSeconds: 10,
  logLevel: 'info',
} as const satisfies Config;

const Environment = z.object({
  PORT: number(0, 65_535, defaults.port),
  HOST: optional(z.string()),
  DATABASE_URL: optional(
    z.string().regex(/^postgres(ql)?:\/\//, 'expected a URL such as postgres://user:password@host:5432/database'),
  ),
  DATA_DIR: optional(z.string()),
  OPENAI_API_KEY: optional(key),
  OPENAI_BASE_URL: optional(baseUrl),
  ANTHROPIC_API_KEY: optional(key),
  DEFAULT_MODEL: optional(ModelId),
  AUTH_SECRET: optional(z.string()),
  AUTH_JWKS_URL: optional(z.string()),
  AUTH_ISSUER: optional(z.string()),
  AUTH_AUDIENCE: optional(z.string()),
  ALLOWED_ORIGINS: optional(origins),
  DRAIN_SECONDS: number(0, 3_600, defaults.drainSeconds),
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
  readonly openaiApiKey?: string | undefined;
  readonly openaiBaseUrl?: string | undefined;
  readonly anthropicApiKey?: string | undefined;
  readonly defaultModel?: string | undefined;
  readonly allowedOrigins: readonly string[];
  readonly drainSeconds: number;
  readonly logLevel: string;
}

/** The server can't start like this; the message says which variable, what was expected and what came. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Secrets, and what may hold one, are not repeated in messages, not even wrong ones. */
const secrets = new Set(['DATABASE_URL', 'OPENAI_API_KEY', 'OPENAI_BASE_URL', 'ANTHROPIC_API_KEY', 'AUTH_SECRET']);

/** Reads the environment; anything that is not right is a `ConfigError`. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => explain(issue, env)).join('\n'));
  const variables = parsed.data;
  refuseTokens(variables);
  return {
    port: variables.PORT,
    host: variables.HOST ?? defaults.host,
    databaseUrl: variables.DATABASE_URL,
    dataDir: variables.DATA_DIR ?? defaults.dataDir,
    openaiApiKey: variables.OPENAI_API_KEY,
    openaiBaseUrl: variables.OPENAI_BASE_URL,
    anthropicApiKey: variables.ANTHROPIC_API_KEY,
    defaultModel: variables.DEFAULT_MODEL,
    allowedOrigins: variables.ALLOWED_ORIGINS ?? defaults.allowedOrigins,
    drainSeconds: variables.DRAIN_SECONDS,
    logLevel: variables.LOG_LEVEL ?? defaults.logLevel,
  };
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

/** Taking a token that nobody checks would be worse than taking none. */
function refuseTokens(variables: z.infer<typeof Environment>): void {
  const names = ['AUTH_SECRET', 'AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'] as const;
  const set = names.filter((name) => variables[name] !== undefined);
  if (set.length === 0) return;
  throw new ConfigError(
    `${set.join(', ')}: this version cannot check tokens yet and does not start as if it could; ` +
      'unset it and let only this machine connect, or hand in `authenticate` to createServer',
  );
}

/** For a server that takes everybody who connects: only this machine may. */
export function refuseOpenDoor(host: string): void {
  if (isLoopback(host)) return;
  throw new ConfigError(
    `HOST: expected 127.0.0.1, ::1 or localhost, because without tokens whoever connects may do everything; got ${JSON.stringify(host)}`,
  );
}

function hasNoPassword(text: string): boolean {
  const url = URL.parse(text);
  return !url || (url.username === '' && url.password === '');
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
