import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import type { AssistantFeedback, FeedbackCounts } from '../../shared/assistant-feedback.ts';
import type { AppId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { feedbackCursor, parseFeedbackCursor } from '../cursors.ts';
import { answerFeedback } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Page } from '../store.ts';
import { pageOf } from './page.ts';

/** For its owner, whom the caller has found it with in the same transaction. */
export async function readFeedback(tx: Sql, id: AppId, page: Page): Promise<AssistantFeedback> {
  const versions = await countsByVersion(tx, id);
  return {
    total: sumOf(versions),
    versions: versions.slice(0, limits.pageEntries),
    ...(await readComments(tx, id, page)),
  };
}

const countOf = (condition: ReturnType<typeof sql>) => sql`count(*) filter (where ${condition})`.mapWith(Number);

/** Newest first; those of which the version is not known at the end. */
function countsByVersion(tx: Sql, id: AppId): Promise<AssistantFeedback['versions']> {
  const { appVersion, comment, copied, rating } = answerFeedback;
  return tx
    .select({
      version: appVersion,
      likes: countOf(sql`${rating} = 'like'`),
      dislikes: countOf(sql`${rating} = 'dislike'`),
      comments: countOf(sql`${comment} is not null`),
      copied: sql`sum(${copied})`.mapWith(Number),
    })
    .from(answerFeedback)
    .where(eq(answerFeedback.appId, id))
    .groupBy(appVersion)
    .orderBy(sql`${appVersion} desc nulls last`);
}

async function readComments(tx: Sql, id: AppId, { cursor, limit }: Page) {
  const { appVersion, comment, commentedAt, rating } = answerFeedback;
  const rows = await tx
    .select({ id: answerFeedback.id, comment, rating, version: appVersion, commentedAt })
    .from(answerFeedback)
    .where(and(eq(answerFeedback.appId, id), isNotNull(comment), cursor === undefined ? undefined : olderThan(cursor)))
    .orderBy(desc(commentedAt), desc(answerFeedback.id))
    .limit(limit + 1);
  const page = pageOf(rows, limit, (last) => feedbackCursor(last.commentedAt ?? '', last.id));
  const comments = page.rows.map(({ comment, rating, version, commentedAt }) => ({
    comment: comment ?? '',
    rating,
    version,
    commentedAt: commentedAt ?? '',
  }));
  return { comments, nextCursor: page.nextCursor };
}

function olderThan(cursor: string) {
  const { at, id } = parseFeedbackCursor(cursor);
  return sql`(${answerFeedback.commentedAt}, ${answerFeedback.id}) < (${at}::timestamptz, ${id}::uuid)`;
}

function sumOf(all: readonly FeedbackCounts[]): FeedbackCounts {
  const sum = (name: keyof FeedbackCounts) => all.reduce((total, counts) => total + counts[name], 0);
  return { likes: sum('likes'), dislikes: sum('dislikes'), comments: sum('comments'), copied: sum('copied') };
}
