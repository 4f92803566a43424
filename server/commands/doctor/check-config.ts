import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, readConfig, refuseOpenDoor } from '../../config.ts';
import type { Config } from '../../config.ts';
import { withoutSecrets } from '../../handlers/model-endpoint.ts';
import { ok, problem, problemOf, warning } from './finding.ts';
import type { Finding } from './finding.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What may be shown of the value; of an address what is no user, password or query. */
const variables: Readonly<Record<string, 'shown' | 'address' | 'secret'>> = {
  PORT: 'shown',
  HOST: 'shown',
  DATABASE_URL: 'secret',
  DATA_DIR: 'shown',
  FILES_DIR: 'shown',
  OPENAI_API_KEY: 'secret',
  OPENAI_BASE_URL: 'address',
  ANTHROPIC_API_KEY: 'secret',
  DEFAULT_MODEL: 'shown',
  CONTEXT_TOKENS: 'shown',
  IMAGE_MODELS: 'shown',
  ALLOWED_ORIGINS: 'shown',
  DRAIN_SECONDS: 'shown',
  MCP_CONFIG: 'shown',
  TOOL_ALLOWED_HOSTS: 'shown',
  LOG_LEVEL: 'shown',
  AUTH_SECRET: 'secret',
  AUTH_JWKS_URL: 'address',
  AUTH_ISSUER: 'shown',
  AUTH_AUDIENCE: 'shown',
};

/** Names that other programs use for the same, and that nobody reads here. */
const mistaken: Readonly<Record<string, string>> = {
  OPENAI_API_BASE: 'OPENAI_BASE_URL',
  OPENAI_BASE: 'OPENAI_BASE_URL',
  OPENAI_KEY: 'OPENAI_API_KEY',
  OPENAI_MODEL: 'DEFAULT_MODEL',
  ANTHROPIC_KEY: 'ANTHROPIC_API_KEY',
  CLAUDE_API_KEY: 'ANTHROPIC_API_KEY',
  POSTGRES_URL: 'DATABASE_URL',
  CORS_ORIGIN: 'ALLOWED_ORIGINS',
  ALLOWED_ORIGIN: 'ALLOWED_ORIGINS',
};

/** A finding for each variable that is set, and the configuration without those that are wrong. */
export function checkConfig(env: Env, folder: string): { readonly findings: Finding[]; readonly config: Config } {
  const { problems, right } = withoutProblems(env);
  const set = Object.keys(variables).filter((name) => right[name]);
  const findings = [
    ...set.map((name) => ok(name, shown(name, right[name] ?? ''))),
    ...problems,
    ...empty(env),
    ...strayed(env, folder),
  ];
  const config = readConfig(right);
  return { findings: findings.length > 0 ? findings : [ok('configuration', 'nothing is set')], config };
}

/** The problems, and the variables without those that have one. Some are seen only when others are right. */
function withoutProblems(env: Env): { readonly problems: Finding[]; readonly right: Env } {
  const problems = problemsOf(env);
  const wrong = new Set(problems.flatMap(({ check }) => check.split(', ')));
  const right = Object.fromEntries(Object.entries(env).filter(([name]) => !wrong.has(name)));
  if (Object.keys(right).length === Object.keys(env).length) return { problems, right };
  const others = withoutProblems(right);
  return { problems: [...problems, ...others.problems], right: others.right };
}

function problemsOf(env: Env): Finding[] {
  try {
    refuseOpenDoor(readConfig(env));
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').map(problemOfLine);
  }
}

/** `NAME: expected this; got that`, where what to do stands before what came, or `NAME, NAME: what is wrong; what to do`. */
function problemOfLine(line: string): Finding {
  const [, names = 'configuration', rest = line] = /^([A-Z_, ]+): ([^]*)$/.exec(line) ?? [];
  const [, expected, came] = /^(expected [^]*); (got [^]*)$/.exec(rest) ?? [];
  if (expected === undefined || came === undefined) return problemOf(names, rest);
  return problem(names, `${expected}, ${came}`, `set ${names} to that, or unset it`);
}

/** Most often a variable of the shell that was empty itself. */
function empty(env: Env): Finding[] {
  const names = Object.keys(variables).filter((name) => env[name] === '');
  return names.map((name) =>
    warning(name, 'is set to nothing, which counts as not set', 'give it a value, or unset it'),
  );
}

function strayed(env: Env, folder: string): Finding[] {
  const names = Object.entries(mistaken).filter(([name, meant]) => env[name] && !env[meant]);
  const found = names.map(([name, meant]) => warning(name, 'is set, but not read', `set ${meant} instead`));
  if (!existsSync(join(folder, '.env'))) return found;
  return [...found, warning('.env', 'is here, but not read', 'export its variables first: set -a; . ./.env; set +a')];
}

function shown(name: string, value: string): string {
  if (variables[name] === 'address') return withoutSecrets(value);
  return variables[name] === 'secret' ? 'set, not shown' : value;
}
