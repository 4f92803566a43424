CREATE TABLE "switchboard"."answer_feedback" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"chat_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"app_id" uuid NOT NULL,
	"app_version" integer,
	"rating" text,
	"comment" text,
	"copied" integer NOT NULL,
	"commented_at" timestamp (3) with time zone,
	CONSTRAINT "feedback_by_answer" UNIQUE("chat_id","message_id")
);
--> statement-breakpoint
ALTER TABLE "switchboard"."answer_feedback" ADD CONSTRAINT "answer_feedback_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "switchboard"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "feedback_by_version" ON "switchboard"."answer_feedback" USING btree ("app_id","app_version");--> statement-breakpoint
CREATE INDEX "feedback_comments" ON "switchboard"."answer_feedback" USING btree ("app_id","commented_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE comment is not null;
--> statement-breakpoint
INSERT INTO "switchboard"."answer_feedback" ("chat_id", "message_id", "app_id", "app_version", "rating", "comment", "copied", "commented_at")
SELECT message.chat_id, message.id, chat.app_id, run.app_version, message.feedback ->> 'rating', message.feedback ->> 'comment',
	coalesce((message.feedback ->> 'copied')::integer, 0),
	CASE WHEN message.feedback ->> 'comment' IS NULL THEN NULL ELSE message.created_at END
FROM "switchboard"."messages" AS message
	JOIN "switchboard"."chats" AS chat ON chat.id = message.chat_id
	LEFT JOIN "switchboard"."runs" AS run ON run.id = message.run_id
WHERE message.feedback IS NOT NULL AND message.feedback <> 'null'::jsonb;
