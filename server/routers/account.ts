import { CreateApiKey, RefreshToken, RevokeApiKey, UsageRange } from '../../shared/inputs.ts';
import { readAccountUsage } from '../account-usage.ts';
import { procedure, router } from '../trpc.ts';

export const accountRouter = router({
  me: procedure.query(({ ctx }) => ctx.accounts.me(ctx.user.id, ctx.connection)),

  refresh: procedure
    .input(RefreshToken)
    .mutation(({ ctx, input }) => ctx.accounts.refresh(ctx.user.id, ctx.connection, input)),

  usage: procedure.input(UsageRange).query(({ ctx, input }) => readAccountUsage(ctx, ctx.user.id, input)),

  apiKeys: router({
    create: procedure.input(CreateApiKey).mutation(({ ctx, input }) => ctx.accounts.createKey(ctx.user.id, input.name)),

    list: procedure.query(({ ctx }) => ctx.accounts.listKeys(ctx.user.id)),

    revoke: procedure
      .input(RevokeApiKey)
      .mutation(({ ctx, input }) => ctx.accounts.revokeKey(ctx.user.id, input.keyId)),
  }),
});
