/** The server's procedures as a type, for tRPC clients of your own: `createTRPCClient<AppRouter>(…)`. */
export type { AppRouter } from './routers/app-router.ts';
